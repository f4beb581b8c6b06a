//! `ingest status`: what the stores hold.

use auskunft_boot::{Code, Settings};
use auskunft_store::generation::{self, Listed, Size};
use auskunft_store::{Role, ledger, runs, status as counting, work};
use serde_json::{Value, json};

use crate::run::bind;
use crate::{opening, printer};

/// Which runs are shown.
#[derive(Debug)]
pub struct Page {
    /// How many.
    pub runs: u32,
    /// Those before this one; `None` = the newest.
    pub before: Option<String>,
}

/// Prints counts, digest, generations, runs and known failures.
pub async fn status(page: &Page, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let stores = opening::filled_stores(settings, Role::Reader).await?;
    let found = collect(&stores, page).await;
    stores.close().await;
    let found = found?;
    if json {
        printer::print_json(&found)?;
    } else {
        printer::print(&plain(&found));
    }
    Ok(Code::Ok)
}

async fn collect(stores: &auskunft_store::Stores, page: &Page) -> anyhow::Result<Value> {
    let info = opening::live(stores).await?;
    let mut failures = ledger::failures(&stores.database, info.generation).await?;
    failures.extend(bind::duplicates(&ledger::documents(&stores.database, info.generation).await?));
    let last_run = runs::last(&stores.database).await?;
    let conflicts = last_run.as_ref().map(|run| run["report"]["conflicts"].clone());
    let counts = counting::counts(stores, info.generation).await?;
    let (pages, pages_needing_ocr) = ledger::pages(&stores.database, info.generation).await?;
    Ok(json!({
        "generation": info.generation,
        "revision": info.revision,
        "space": info.space,
        "documents": counts.documents,
        "pages": pages,
        "pages_needing_ocr": pages_needing_ocr,
        "chunks": counts.chunks,
        "vectors": counts.vectors,
        "texts": counts.texts,
        "orphans": counts.orphans,
        "digest": counting::digest(stores, info.generation).await?,
        "generations": generations(stores).await?,
        "workers": work::seen(&stores.database).await?,
        "last_run": last_run,
        "runs": runs::history(&stores.database, page.runs, page.before.as_deref()).await?,
        "failures": failures,
        "conflicts": conflicts.filter(Value::is_array).unwrap_or_else(|| json!([])),
    }))
}

/// All of them with where each stands, the newest first.
async fn generations(stores: &auskunft_store::Stores) -> anyhow::Result<Vec<Value>> {
    let mut listed = Vec::new();
    for one in generation::all(&stores.database).await? {
        let size = generation::size(&stores.database, one.info.generation).await?;
        listed.push(of_generation(&one, size));
    }
    Ok(listed)
}

fn of_generation(one: &Listed, size: Size) -> Value {
    json!({
        "generation": one.info.generation, "place": one.place, "space": one.info.space, "chunker": one.info.chunker,
        "revision": one.info.revision, "created_at": one.created_at, "built_at": one.built_at,
        "live_from": one.live_from, "live_to": one.live_to, "rolled_back_at": one.rolled_back_at,
        "bytes": size.bytes, "vector_index_bytes": size.vector_index_bytes,
        "vector_index": one.info.vector_index.as_str(),
    })
}

fn generation_lines(found: &Value) -> Vec<String> {
    let all = found["generations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |one: &Value| {
        let taken_back = if one["rolled_back_at"].is_null() { "" } else { ", taken back" };
        format!(
            "  {:<3} {:<8} revision {}, {}, begun {}{taken_back}; {} MB, of these {} the vector index ({} precision)",
            word(&one["generation"]),
            word(&one["place"]),
            word(&one["revision"]),
            word(&one["space"]),
            word(&one["created_at"]),
            megabytes(&one["bytes"]),
            megabytes(&one["vector_index_bytes"]),
            word(&one["vector_index"])
        )
    };
    std::iter::once("generations".to_owned()).chain(all.iter().map(line)).collect()
}

fn run_lines(found: &Value) -> Vec<String> {
    let all = found["runs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |one: &Value| {
        format!(
            "  {} {}, began {}: generation {}, {} chunks written, {} failures",
            word(&one["id"]),
            word(&one["state"]),
            word(&one["started_at"]),
            word(&one["generation"]),
            word(&one["chunks"]["written"]),
            word(&one["failures"])
        )
    };
    std::iter::once("runs".to_owned()).chain(all.iter().map(line)).collect()
}

fn worker_lines(found: &Value) -> Vec<String> {
    let all = found["workers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |one: &Value| {
        format!(
            "  process {} on {} {}; {} files read, {} vectors computed, seen {}",
            word(&one["process_id"]),
            word(&one["host"]),
            word(&one["told"]),
            word(&one["files"]),
            word(&one["vectors"]),
            word(&one["seen_at"])
        )
    };
    let head = (!all.is_empty()).then(|| "workers".to_owned());
    head.into_iter().chain(all.iter().map(line)).collect()
}

fn plain(found: &Value) -> String {
    let names =
        ["generation", "revision", "space", "documents", "chunks", "vectors", "texts", "orphans", "digest"];
    let mut lines: Vec<String> =
        names.iter().map(|name| format!("{name:<11} {}", word(&found[name]))).collect();
    let (pages, scans) = (word(&found["pages"]), word(&found["pages_needing_ocr"]));
    lines.push(format!("pages       {pages} in PDFs, {scans} of them need character recognition"));
    lines.extend(generation_lines(found));
    lines.extend(run_lines(found));
    lines.extend(worker_lines(found));
    let failures = found["failures"].as_array().map(Vec::as_slice).unwrap_or_default();
    lines.push(format!("not read    {}", failures.len()));
    for failure in failures.iter().take(20) {
        let (source, reason) = (word(&failure["source"]), word(&failure["reason"]));
        lines.push(format!("  {source} [{reason}] {}", word(&failure["detail"])));
    }
    if failures.len() > 20 {
        lines.push(format!("  … and {} more: see --json", failures.len() - 20));
    }
    let conflicts = found["conflicts"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !conflicts.is_empty() {
        lines.push(format!("contradictions {} (of the last run)", conflicts.len()));
    }
    for conflict in conflicts.iter().take(20) {
        lines.push(format!("  {} {}", word(&conflict["source"]), word(&conflict["detail"])));
    }
    lines.join("\n")
}

fn megabytes(value: &Value) -> String {
    format!("{:.1}", value.as_f64().unwrap_or_default() / 1e6)
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
