//! The parent: runs workers and waits for them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::engines::{Answer, ENGINES};

/// First argument of a worker.
pub(crate) const WORKER: &str = "--worker";
/// A worker that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(300);
/// Times that all engines have their turn with a file: what else the machine does hits them alike.
const ROUNDS: usize = 3;

/// How a file ended with an engine.
#[derive(Debug, Clone)]
pub(crate) enum Ended {
    /// Read.
    Text(Answer),
    /// Refused with an error.
    Refused,
    /// Panicked, crashed or hung.
    Died(String),
}

/// Reads one file with all engines in turn, several times; the best time of each counts.
pub(crate) fn read_in_turns(file: &Path) -> std::io::Result<Vec<Ended>> {
    let round = || ENGINES.iter().map(|(engine, _)| read(engine, file)).collect::<std::io::Result<Vec<_>>>();
    let mut best = round()?;
    for _ in 1..ROUNDS {
        for (best, next) in best.iter_mut().zip(round()?) {
            best.improve(next);
        }
    }
    Ok(best)
}

impl Ended {
    /// Takes the shorter time; who died once, died.
    fn improve(&mut self, next: Ended) {
        match (&mut *self, next) {
            (Ended::Text(best), Ended::Text(next)) => {
                best.seconds = best.seconds.min(next.seconds);
                best.peak_bytes = best.peak_bytes.max(next.peak_bytes);
            }
            (_, died @ Ended::Died(_)) => *self = died,
            _ => {}
        }
    }
}

/// Reads one file with one engine in a process of its own.
fn read(engine: &str, file: &Path) -> std::io::Result<Ended> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([WORKER, engine])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let Some(mut output) = child.stdout.take() else { return Ok(Ended::Died("no output".to_owned())) };
    let text = std::thread::spawn(move || {
        let mut text = String::new();
        let _ended = std::io::Read::read_to_string(&mut output, &mut text);
        text
    });
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > DEADLINE {
            child.kill()?;
            child.wait()?;
            return Ok(Ended::Died("took too long".to_owned()));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = text.join().unwrap_or_default();
    // Libraries print as well: the answer is the last line.
    let answer = text.lines().last().and_then(|line| serde_json::from_str::<Answer>(line).ok());
    Ok(match answer {
        Some(answer) if answer.refused.is_some() => Ended::Refused,
        Some(answer) => Ended::Text(answer),
        None => Ended::Died(status.to_string()),
    })
}
