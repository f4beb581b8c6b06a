//! `ingest verify`: do the stores agree with each other?

use auskunft_boot::{Code, Settings};
use auskunft_store::Role;
use auskunft_store::verify::{self as checks, Problem};
use serde_json::json;

use crate::{opening, printer};

/// Prints what is wrong, mends it when asked to; exit 0 when nothing is wrong (any more), else 1.
pub async fn verify(fix: bool, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let role = if fix { Role::Writer } else { Role::Reader };
    let stores = opening::filled_stores(settings, role).await?;
    let checked = check(&stores, fix).await;
    let checked = opening::as_writer(&stores, checked).await;
    stores.close().await;
    let problems = checked?;
    if json {
        printer::print_json(&json!({ "ok": problems.is_empty(), "problems": problems }))?;
    } else if problems.is_empty() {
        printer::print("ok: every live chunk has its text, its vector and its document");
    } else {
        let line = |problem: &Problem| format!("{:?} {}: {}", problem.kind, problem.id, problem.detail);
        printer::print(&problems.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    Ok(if problems.is_empty() { Code::Ok } else { Code::Error })
}

async fn check(stores: &auskunft_store::Stores, fix: bool) -> anyhow::Result<Vec<Problem>> {
    let info = opening::live(stores).await?;
    let problems = checks::problems(stores, &info).await?;
    if !fix || problems.is_empty() {
        return Ok(problems);
    }
    checks::fix(stores, &info, &problems).await?;
    Ok(checks::problems(stores, &info).await?)
}
