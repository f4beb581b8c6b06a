//! The demo: ingests the small shop, serves it on a free port, asks three questions over HTTP, prints the answers with
//! their sources, and stops what it started.
#![allow(clippy::print_stdout, reason = "printing is what a demo does")]

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use e2e::{Server, repository};
use serde_json::{Value, json};

const QUESTIONS: [&str; 3] = [
    "Meine Brunnwald KM-2600 blinkt gelb, was soll ich tun?",
    "Wie lange kann ich eine Jacke zurückgeben?",
    "How do I pair the Sonoriva Q45 headphones with my phone?",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let home = std::env::var_os("AUSKUNFT_DEMO_DIR").map_or_else(|| repository(".demo"), PathBuf::from);
    ingest(&home)?;
    let mut server = Server::start(&home, &[]).await?;
    for question in QUESTIONS {
        println!("\n== {question}");
        show(&ask(&server, question).await?)?;
    }
    println!();
    server.stop()
}

/// Takes the model that an index was built with: where assets came or went since, the demo starts afresh.
fn ingest(home: &Path) -> anyhow::Result<()> {
    println!("\n== ingest catalog-fixtures/small");
    let run = || {
        e2e::ingest(home)?
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
