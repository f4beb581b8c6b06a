//! The demo: ingests the small shop, serves it on a free port, asks three questions over HTTP, prints the answers with
//! their sources, and stops what it started.
#![allow(clippy::print_stdout, reason = "printing is what a demo does")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// How long `serve` may take to be ready.
const START_LIMIT: Duration = Duration::from_secs(60);

const QUESTIONS: [&str; 3] = [
    "Meine Brunnwald KM-2600 blinkt gelb, was soll ich tun?",
    "Wie lange kann ich eine Jacke zurückgeben?",
    "How do I pair the Sonoriva Q45 headphones with my phone?",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let programs = std::env::current_exe()?.parent().context("the demo lies in no folder")?.to_owned();
    let home = std::env::var_os("AUSKUNFT_DEMO_DIR").map_or_else(|| root.join(".demo"), PathBuf::from);
    ingest(&programs, &root, &home)?;
    let (mut server, address) = serve(&programs, &home)?;
    let asked = ask_all(&mut server, &address).await;
    stop(&mut server)?;
    asked
}

/// Takes the model that an index was built with: where assets came or went since, the demo starts afresh.
fn ingest(programs: &Path, root: &Path, home: &Path) -> anyhow::Result<()> {
    println!("\n== ingest catalog-fixtures/small");
    let run = || {
        let mut command = Command::new(programs.join("ingest"));
        command.arg(root.join("catalog-fixtures/small")).env("AUSKUNFT_DATA_DIR", home);
        command.status().context("`ingest` does not start")
    };
    let mut status = run()?;
    if status.code() == Some(3) && home.join("postgres").is_dir() {
        println!("the demo's index does not fit the embedder that is installed now: building it anew");
        std::fs::remove_dir_all(home)?;
        status = run()?;
    }
    // Three manuals of the small shop can't be read on purpose: 10 says that some documents failed.
    match status.code() {
        Some(0 | 10) => Ok(()),
        other => bail!("`ingest` ended with exit code {other:?}"),
    }
}

fn serve(programs: &Path, home: &Path) -> anyhow::Result<(Child, String)> {
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let server = Command::new(programs.join("serve"))
        .env("AUSKUNFT_DATA_DIR", home)
        .env("AUSKUNFT_LISTEN", address.to_string())
        .env("AUSKUNFT_TODAY", "2026-11-21")
        .env("RUST_LOG", "warn")
        .spawn()
        .context("`serve` does not start")?;
    Ok((server, format!("http://{address}")))
}

async fn ask_all(server: &mut Child, address: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    wait_until_ready(server, &client, address).await?;
    for question in QUESTIONS {
        println!("\n== {question}");
        let body = json!({ "session_id": "demo", "question": question });
        let response = client.post(format!("{address}/support/rag-answer")).json(&body).send().await?;
        let answer: Value = response.error_for_status()?.json().await?;
        show(&answer)?;
    }
    println!();
    Ok(())
}

async fn wait_until_ready(server: &mut Child, client: &reqwest::Client, address: &str) -> anyhow::Result<()> {
    let started = Instant::now();
    loop {
        if let Some(status) = server.try_wait()? {
            bail!("`serve` ended with {status} before it was ready; its reason stands above");
        }
        let response = client.get(format!("{address}/health/ready")).send().await;
        if response.is_ok_and(|response| response.status().is_success()) {
            return Ok(());
        }
        if started.elapsed() > START_LIMIT {
            bail!("`serve` is not ready after {} s", START_LIMIT.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
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

/// Asks `serve` to end, as an operator would.
fn stop(server: &mut Child) -> anyhow::Result<()> {
    if server.try_wait()?.is_none() {
        Command::new("kill").arg(server.id().to_string()).status().context("`kill` does not start")?;
    }
    server.wait().context("`serve` did not end")?;
    Ok(())
}
