//! One run, in a process of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

use anyhow::Context;
use auskunft_boot::shutdown::Shutdown;
use chrono::Utc;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::args::{ScheduleArgs, SettingArgs};
use crate::hook::Told;

/// More of a report is not read: it has bounds of its own, far below.
const MOST_REPORT: u64 = 64 << 20;
/// How much of what it says on stderr is kept, from the end.
const KEPT_WORDS: usize = 4_000;

/// What is started each time.
#[derive(Debug)]
pub(super) struct Order {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Order {
    /// The same program with the same settings.
    pub(super) fn of(args: &ScheduleArgs, given: &SettingArgs) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("can't find this program's own file")?;
        let mut arguments: Vec<OsString> = vec!["--json".into(), "--quiet".into(), "--untold".into()];
        let mut add = |name: &str, value: Option<OsString>| {
            if let Some(value) = value {
                arguments.extend([OsString::from(name), value]);
            }
        };
        add("--data-dir", given.data_dir.clone().map(Into::into));
        add("--embedder", given.embedder.clone().map(Into::into));
        add("--model-dir", given.model_dir.clone().map(Into::into));
        add("--jobs", args.jobs.map(|jobs| jobs.to_string().into()));
        if args.allow_deletes {
            arguments.push("--allow-deletes".into());
        }
        arguments.push("--".into());
        arguments.push(args.dir.clone().into());
        Ok(Self { program, arguments })
    }
}

/// Runs once. The wish to stop is handed on: the run finishes what is in hand, and at a second wish is killed.
pub(super) async fn run(order: &Order, shutdown: &Shutdown) -> Told {
    let (began_at, began) = (Utc::now(), Instant::now());
    let ended = Box::pin(started(order, shutdown)).await;
    let (ended_at, seconds) = (Utc::now(), began.elapsed().as_secs_f64());
    match ended {
        Ok((code, report, words)) => Told { began_at, ended_at, seconds, code, report, words },
        Err(error) => Told {
            began_at,
            ended_at,
            seconds,
            code: Some(1),
            report: None,
            words: Some(format!("{error:#}")),
        },
    }
}

type Ended = (Option<i32>, Option<Value>, Option<String>);

async fn started(order: &Order, shutdown: &Shutdown) -> anyhow::Result<Ended> {
    let mut child = Command::new(&order.program)
        .args(&order.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A signal of the terminal reaches this process alone, which hands it on once.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("can't start `{}`", order.program.display()))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let reading = async {
        let (mut report, mut words) = (Vec::new(), Vec::new());
        let report_read = async {
            match stdout {
                Some(stdout) => stdout.take(MOST_REPORT).read_to_end(&mut report).await.map(drop),
                None => Ok(()),
            }
        };
        let words_read = async {
            match stderr {
                Some(stderr) => stderr.take(MOST_REPORT).read_to_end(&mut words).await.map(drop),
                None => Ok(()),
            }
        };
        let read = tokio::join!(report_read, words_read);
        read.0.and(read.1).map(|()| (report, words))
    };
    let (ended, read) = tokio::join!(wait(&mut child, shutdown), reading);
    let (report, words) = read.context("can't read what the run told")?;
    let words = String::from_utf8_lossy(&words).trim().to_owned();
    Ok((ended?, serde_json::from_slice(&report).ok(), (!words.is_empty()).then(|| last_of(&words))))
}

fn last_of(words: &str) -> String {
    let mut from = words.len().saturating_sub(KEPT_WORDS);
    while !words.is_char_boundary(from) {
        from += 1;
    }
    words[from..].to_owned()
}

async fn wait(child: &mut Child, shutdown: &Shutdown) -> anyhow::Result<Option<i32>> {
    tokio::select! {
        ended = child.wait() => return Ok(ended.context("can't wait for the run")?.code()),
        () = shutdown.requested() => {}
    }
    if let Some(id) = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
        && let Err(error) = kill_process(id, Signal::TERM)
    {
        tracing::warn!(%error, "the run can't be told to end");
    }
    tokio::select! {
        ended = child.wait() => Ok(ended.context("can't wait for the run")?.code()),
        () = shutdown.insisted() => {
            child.kill().await.context("can't end the run")?;
            Ok(None)
        }
    }
}
