//! Tells others how a run went: a command gets the report on its standard input, an address gets it by POST.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use auskunft_boot::settings::Secret;
use auskunft_boot::{Code, Settings};
use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// How long a hook may take.
const LIMIT: Duration = Duration::from_secs(30);
/// How often an address is tried, and what lies between, twice as long each time.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Who is told how a run went.
#[derive(Debug, Clone, Default, Args)]
pub struct HookArgs {
    /// After each run: a command of the shell, which gets the report as JSON on its standard input.
    #[arg(long, value_name = "COMMAND")]
    pub hook: Option<String>,
    /// After each run: an address that gets the report as JSON by POST. One that holds a secret belongs into AUSKUNFT_HOOK_URL.
    #[arg(long, value_name = "URL")]
    pub hook_url: Option<String>,
    /// Somebody else tells: the schedule that started this run.
    #[arg(long, hide = true)]
    pub untold: bool,
}

/// How a run went.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// How long it took.
    pub seconds: f64,
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Its report, where it came so far.
    pub report: Option<Value>,
    /// What it said beside: an error, warnings.
    pub words: Option<String>,
}

impl Told {
    /// How it ended, in a word.
    pub fn outcome(&self) -> &'static str {
        let of = |code: Code| i32::from(code.number());
        match self.code {
            None => "killed",
            Some(0) => "ok",
            Some(code) if code == of(Code::SomeFailed) => "some_failed",
            Some(code) if code == of(Code::GuardRefused) => "guard_refused",
            Some(code) if code == of(Code::QualityGate) => "not_good_enough",
            Some(code) if code == of(Code::Held) => "held",
            Some(code) if code == of(Code::Unreachable) => "unreachable",
            Some(code) if code == of(Code::Interrupted) => "interrupted",
            Some(_) => "failed",
        }
    }
}

/// What is sent: how it went, and the word for it.
#[derive(Serialize)]
struct Message<'a> {
    outcome: &'static str,
    #[serde(flatten)]
    told: &'a Told,
}

/// Tells whoever wants to know. That somebody can't be told is said, and changes nothing about the run.
pub async fn tell(args: &HookArgs, settings: &Settings, told: &Told) {
    if args.untold {
        return;
    }
    let message = Message { outcome: told.outcome(), told };
    let Ok(body) = serde_json::to_vec(&message) else { return };
    if let Some(command) = &args.hook
        && let Err(error) = run(command, &body).await
    {
        tracing::warn!("the hook failed: {error:#}");
    }
    let set = settings.hook_url.as_ref().map(Secret::reveal);
    if let Some(address) = args.hook_url.as_deref().or(set)
        && let Err(error) = post(address, &body).await
    {
        tracing::warn!("the hook's address could not be told: {error:#}");
    }
}

async fn run(command: &str, body: &[u8]) -> anyhow::Result<()> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        // Standard output is the report's.
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("`sh` can't be started")?;
    let stdin = child.stdin.take();
    let ending = async {
        if let Some(mut stdin) = stdin {
            // A command that does not want to read it all may end.
            let _ = stdin.write_all(body).await;
        }
        child.wait().await
    };
    let ended = tokio::time::timeout(LIMIT, ending).await;
    let status = ended.map_err(|_| anyhow!("`{command}` took longer than {LIMIT:?} and was ended"))??;
    ensure!(status.success(), "`{command}` ended with {status}");
    Ok(())
}

/// An address may hold a secret: only its host is told.
async fn post(address: &str, body: &[u8]) -> anyhow::Result<()> {
    // Whoever was first in this process has chosen the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(LIMIT).build()?;
    let address: reqwest::Url = address.parse().context("it is no address")?;
    let host = address.host_str().unwrap_or_default().to_owned();
    let mut tried = 0;
    loop {
        tried += 1;
        let request = client.post(address.clone()).header("content-type", "application/json");
        let answer = request.body(body.to_vec()).send().await.and_then(reqwest::Response::error_for_status);
        match answer {
            Ok(_) => return Ok(()),
            Err(error) if tried == TRIES => return Err(anyhow!("{host}: {}", error.without_url())),
            Err(_) => tokio::time::sleep(PAUSE * 2_u32.pow(tried - 1)).await,
        }
    }
}
