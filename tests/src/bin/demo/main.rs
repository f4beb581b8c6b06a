//! The demo: ingests the small shop, serves it on a free port, asks three questions over HTTP, prints the answers with
//! their sources, and stops what it started. With `--servers` it does so on the servers of `make servers`, in databases of its own that
//! it removes, and shows what an answer cost, store by store and stage by stage.
#![allow(clippy::print_stdout, reason = "printing is what a demo does")]

mod stores;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use e2e::{Server, repository};
use serde_json::{Value, json};
use stores::OwnStores;

const QUESTIONS: [&str; 3] = [
    "Meine Brunnwald KM-2600 blinkt gelb, was soll ich tun?",
    "Wie lange kann ich eine Jacke zurückgeben?",
    "How do I pair the Sonoriva Q45 headphones with my phone?",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            let home =
                std::env::var_os("AUSKUNFT_DEMO_DIR").map_or_else(|| repository(".demo"), PathBuf::from);
            answers(&home, &[]).await.map(|_| ())
        }
        ["--servers"] => on_servers().await,
        _ => bail!("usage: demo [--servers]"),
    }
}

async fn on_servers() -> anyhow::Result<()> {
    let stores = OwnStores::make().await?;
    println!("\n== the servers: {}", stores.versions());
    let home = tempfile::tempdir()?;
    let settings = stores.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let last = answers(home.path(), &settings).await;
    stores.remove().await?;
    show_cost(&last?)
}

/// Ingests, serves and asks; the last answer.
async fn answers(home: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Value> {
    ingest(home, settings)?;
    let mut server = Server::start(home, settings).await?;
    let mut last = Value::Null;
    for question in QUESTIONS {
        println!("\n== {question}");
        last = ask(&server, question).await?;
        show(&last)?;
    }
    println!();
    server.stop()?;
    Ok(last)
}

/// Takes the model that an index was built with: where assets came or went since, the demo starts afresh.
fn ingest(home: &Path, settings: &[(&str, &str)]) -> anyhow::Result<()> {
    println!("\n== ingest catalog-fixtures/small");
    let run = || {
        e2e::ingest(home)?
            .envs(settings.iter().copied())
            .arg(repository("catalog-fixtures/small"))
            .status()
            .context("`ingest` does not start")
    };
    let mut status = run()?;
    if status.code() == Some(3) && home.join("postgres").is_dir() {
        println!("the demo's index does not fit what is installed now: building it anew");
        std::fs::remove_dir_all(home)?;
        status = run()?;
    }
    // Three manuals of the small shop can't be read on purpose: 10 says that some documents failed.
    match status.code() {
        Some(0 | 10) => Ok(()),
        other => bail!("`ingest` ended with exit code {other:?}"),
    }
}

async fn ask(server: &Server, question: &str) -> anyhow::Result<Value> {
    let body = json!({ "session_id": "demo", "question": question });
    let request = server.client.post(format!("{}/support/rag-answer", server.address)).json(&body);
    Ok(request.send().await?.error_for_status()?.json().await?)
}

fn show(answer: &Value) -> anyhow::Result<()> {
    println!("[{}] {}", answer["state"].as_str().unwrap_or("?"), answer["answer"].as_str().unwrap_or(""));
    let citations = answer["citations"].as_array().context("the answer has no citations")?;
    if citations.is_empty() {
        bail!("the demo's questions have answers in the catalog, but this one came without a source");
    }
    for citation in citations {
        let page = citation["page"].as_u64().map_or_else(String::new, |page| format!(", page {page}"));
        println!("  [{}] {}{page}", citation["n"], citation["source"].as_str().unwrap_or("?"));
    }
    println!(
        "  ({} ms, {} database operations)",
        answer["timings_ms"]["total"], answer["operations"]["total"]
    );
    Ok(())
}

/// What an answer cost: operations by store, then how long each stage took.
fn show_cost(answer: &Value) -> anyhow::Result<()> {
    println!("== what the last answer cost");
    let figures = |name: &str, unit: &str| -> anyhow::Result<String> {
        let fields = answer[name].as_object().with_context(|| format!("the answer states no `{name}`"))?;
        let (total, parts): (Vec<_>, Vec<_>) = fields.iter().partition(|(part, _)| *part == "total");
        let parts = parts.into_iter().map(|(part, figure)| format!("{part} {figure}{unit}"));
        let total = total.into_iter().map(|(_, figure)| format!("{figure}{unit} in all"));
        Ok(parts.chain(total).collect::<Vec<_>>().join(", "))
    };
    println!("  operations: {}", figures("operations", "")?);
    println!("  stages: {}", figures("timings_ms", " ms")?);
    Ok(())
}
