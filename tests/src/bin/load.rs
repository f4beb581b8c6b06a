//! Asks a running `serve` many questions at once and prints one JSON line: requests, errors, p50, p95, p99 and maximum in
//! milliseconds. Usage: `load CATALOG QUESTIONS [REQUESTS] [CONCURRENT]`; it ingests and serves the catalog itself.
#![allow(clippy::print_stdout, reason = "printing is what a measuring program does")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use e2e::Server;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [catalog, questions, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: load CATALOG QUESTIONS [REQUESTS] [CONCURRENT]");
    };
    let number = |place: usize, default: usize| rest.get(place).map_or(Ok(default), |text| text.parse());
    let (requests, concurrent) = (number(0, 200)?, number(1, 20)?);
    let questions = read_questions(Path::new(questions))?;
    let home = tempfile::tempdir()?;
    e2e::ingest_catalog(home.path(), Path::new(catalog), &["--quiet"])?;
    let mut server = Server::start(home.path(), &[("AUSKUNFT_RATE_PER_MINUTE", "0")]).await?;
    println!("{}", measure(&server, &questions, requests, concurrent).await?);
    server.stop()
}

fn read_questions(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read `{}`", path.display()))?;
    let question = |line: &str| {
        let line: Value = serde_json::from_str(line)?;
        Ok(line["question"].as_str().context("a line without question")?.to_owned())
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(question).collect()
}

async fn measure(
    server: &Server,
    questions: &[String],
    requests: usize,
    concurrent: usize,
) -> anyhow::Result<Value> {
    let places = Arc::new(Semaphore::new(concurrent));
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (place, question) in questions.iter().cycle().take(requests).enumerate() {
        let body = json!({ "session_id": format!("load-{place}"), "question": question });
        let request = server.client.post(format!("{}/support/rag-answer", server.address)).json(&body);
        let places = Arc::clone(&places);
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            let asked = Instant::now();
            let answered = async { request.send().await?.error_for_status()?.bytes().await }.await;
            (asked.elapsed().as_secs_f64() * 1000.0, answered.is_ok())
        });
    }
    let mut milliseconds = Vec::new();
    let mut errors = 0;
    while let Some(ended) = tasks.join_next().await {
        let (took, is_ok) = ended?;
        milliseconds.push(took);
        errors += usize::from(!is_ok);
    }
    let seconds = began.elapsed().as_secs_f64();
    milliseconds.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place =
            ((milliseconds.len() as f64 * share).ceil() as usize).clamp(1, milliseconds.len().max(1)) - 1;
        milliseconds.get(place).copied().unwrap_or_default()
    };
    Ok(json!({
        "requests": requests, "concurrent": concurrent, "errors": errors, "per_second": requests as f64 / seconds,
        "p50_ms": at(0.50), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": at(1.0),
        "serve_peak_memory_kb": peak_memory(server.process_id()),
    }))
}

/// Peak resident memory of a process in kB, where the system tells.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
