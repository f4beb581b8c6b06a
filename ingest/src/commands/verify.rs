//! `ingest verify`: do the stores agree with each other?

use auskunft_boot::{Code, Settings};
use auskunft_model::{Outcome, Source, SourceKind};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::ledger::SourceRow;
use auskunft_store::verify::{self as checks, Problem, ProblemKind};
use auskunft_store::{Objects, Role, Stores, ledger};
use serde_json::json;

use crate::run::originals;
use crate::{opening, printer};

/// Prints what is wrong, mends it when asked to; exit 0 when nothing is wrong (any more), else 1.
pub async fn verify(fix: bool, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let role = if fix { Role::Writer } else { Role::Reader };
    let stores = opening::filled_stores(settings, role).await?;
    let checked = check(&stores, settings, fix).await;
    let checked = opening::as_writer(&stores, checked).await;
    stores.close().await;
    let problems = checked?;
    if json {
        printer::print_json(&json!({ "ok": problems.is_empty(), "problems": problems }))?;
    } else if problems.is_empty() {
        printer::print("ok: every live chunk has its text, its vector, its document and its file");
    } else {
        let line = |problem: &Problem| format!("{:?} {}: {}", problem.kind, problem.id, problem.detail);
        printer::print(&problems.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    Ok(if problems.is_empty() { Code::Ok } else { Code::Error })
}

async fn check(stores: &Stores, settings: &Settings, fix: bool) -> anyhow::Result<Vec<Problem>> {
    let info = opening::live(stores).await?;
    let mut problems = all(stores, &info, fix).await?;
    if fix && !problems.is_empty() {
        checks::fix(stores, &info, &problems).await?;
        checks::clear(stores, &problems).await?;
        problems = all(stores, &info, fix).await?;
    }
    problems.extend(missing_originals(stores, settings, &info).await?);
    Ok(problems)
}

/// What lies about is no damage: it is told only to who wants it mended.
async fn all(stores: &Stores, info: &GenerationInfo, fix: bool) -> anyhow::Result<Vec<Problem>> {
    let mut problems = checks::problems(stores, info).await?;
    if fix {
        problems.extend(checks::left_behind(stores).await?);
    }
    Ok(problems)
}

/// Sources that have documents, but whose own file a citation would not lead to.
async fn missing_originals(
    stores: &Stores,
    settings: &Settings,
    info: &GenerationInfo,
) -> anyhow::Result<Vec<Problem>> {
    let objects = Objects::of(&settings.objects)?;
    let rows = ledger::sources(&stores.database, info.generation).await?;
    let read = rows.values().filter(|row| matches!(row.outcome, Outcome::Ok | Outcome::Partial));
    let source = |row: &SourceRow| {
        Some((
            Source { path: row.path.clone(), kind: SourceKind::parse(&row.kind)? },
            row.bytes_digest.clone(),
        ))
    };
    let sources: Vec<(Source, String)> = read.filter_map(source).collect();
    let named = sources.iter().map(|(source, digest)| (source, digest.as_str()));
    let mut missing = originals::missing(&objects, named).await?;
    missing.sort_unstable();
    let detail = format!("its file is not in `{}`: the next `ingest DIR` keeps it", objects.place());
    let problem = |path: &str| Problem {
        kind: ProblemKind::MissingOriginal,
        id: path.to_owned(),
        detail: detail.clone(),
    };
    Ok(missing.into_iter().map(problem).collect())
}
