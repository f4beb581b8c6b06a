//! One file, one engine, one worker process: what arrived until it ended.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStderr, ChildStdout, ExitStatus, Stdio};
use std::sync::PoisonError;
use std::thread::{self, JoinHandle};

use auskunft_extract::pdf::{Page, PageMessage, PdfFacts};
use auskunft_model::{Failure, Reason};

use super::settings::PdfSettings;
use super::watch::{Shared, Watch};
use super::workers::Workers;
use super::{Answer, Job, PagePicture};

/// Bytes kept of what a worker says before it dies.
const MAX_COMPLAINT: u64 = 4_096;
/// Signal that ends a process above its CPU limit, on Linux.
const SIGXCPU: i32 = 24;
/// Signal that nothing can catch.
const SIGKILL: i32 = 9;

/// What a worker sent.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) page_count: u32,
    pub(super) pages: Vec<Page>,
    bad_pages: u32,
    pub(super) pictures: Vec<PagePicture>,
    /// The most memory that the worker said it held, in bytes.
    pub(super) peak_bytes: u64,
    pub(super) facts: Option<PdfFacts>,
    /// Why it did not finish: the engine refused the file, or the worker died.
    pub(super) failure: Option<Failure>,
    /// Whether the worker itself said that it was done (with or without a failure).
    ended: bool,
}

impl Attempt {
    /// Letters and digits on all pages.
    pub(super) fn letters(&self) -> u64 {
        self.pages.iter().map(|page| u64::from(page.raw_letters)).sum()
    }

    /// Whether the file itself was refused by the engine; else the worker died or nothing is wrong.
    pub(super) fn was_refused(&self) -> bool {
        self.ended && self.failure.is_some()
    }

    /// Whether every page of the file was sent, readable or not.
    pub(super) fn has_all_pages(&self) -> bool {
        let sent = u32::try_from(self.pages.len()).unwrap_or(u32::MAX).saturating_add(self.bad_pages);
        self.page_count > 0 && sent >= self.page_count
    }

    fn take(&mut self, message: PageMessage) {
        match message {
            PageMessage::Start { page_count } => self.page_count = page_count,
            PageMessage::Page(page) => self.pages.push(page),
            PageMessage::BadPage { .. } => self.bad_pages += 1,
            PageMessage::Facts(facts) => self.facts = Some(facts),
        }
    }
}

/// Runs one job; the system's refusal to start a process at all is a failure of the attempt too.
pub(super) fn run(workers: &Workers, settings: &PdfSettings, job: &Job) -> Attempt {
    run_child(workers, settings, job).unwrap_or_else(|error| Attempt {
        failure: Some(Failure::new(Reason::Crashed, format!("cannot run the pdf worker: {error}"))),
        ..Attempt::default()
    })
}

fn run_child(workers: &Workers, settings: &PdfSettings, job: &Job) -> std::io::Result<Attempt> {
    let mut child =
        settings.command()?.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (input, output, complaint) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let guard = workers.register(child);
    let child = guard.child();
    let watch = Watch::begin(Shared::clone(child), settings.wall(0))?;
    let complaint = complaint.map(listen).transpose()?;
    if let Some(mut input) = input {
        // A worker that died at once tells by its exit.
        let _ignored = input.write_all(format!("{}\n", serde_json::to_string(job)?).as_bytes());
    }
    let mut attempt = Attempt::default();
    let is_within = output.is_none_or(|output| receive(output, settings, &watch, &mut attempt));
    if !is_within || attempt.ended {
        super::watch::kill(child);
    }
    let status = child.lock().unwrap_or_else(PoisonError::into_inner).wait()?;
    if !attempt.ended {
        let complaint = complaint.and_then(|thread| thread.join().ok()).unwrap_or_default();
        let cause = if workers.is_cancelled() {
            Failure::new(Reason::Crashed, "stopped before the end; run again")
        } else if !is_within {
            let what = format!("what was read of the file exceeds {} bytes", settings.max_output_bytes);
            limit(&what, None)
        } else {
            death(status, watch.has_expired(), &complaint)
        };
        attempt.failure = Some(cause);
    }
    Ok(attempt)
}

/// Takes answers until the end; false when there were more bytes than allowed.
fn receive(output: ChildStdout, settings: &PdfSettings, watch: &Watch, attempt: &mut Attempt) -> bool {
    let mut output = BufReader::new(output).take(settings.max_output_bytes);
    let mut line = Vec::new();
    loop {
        line.clear();
        let is_read = output.read_until(b'\n', &mut line).is_ok_and(|count| count > 0);
        if !is_read {
            return output.limit() > 0;
        }
        match serde_json::from_slice(&line) {
            Ok(Answer::Read(message)) => {
                if let PageMessage::Start { page_count } = &message {
                    watch.extend(settings.wall(*page_count).saturating_sub(settings.wall(0)));
                }
                attempt.take(message);
            }
            Ok(Answer::Picture(picture)) => attempt.pictures.push(picture),
            Ok(Answer::Memory(bytes)) => attempt.peak_bytes = bytes,
            Ok(Answer::End(failure)) => {
                attempt.ended = true;
                attempt.failure = failure;
                return true;
            }
            // Half a line of a worker that died, or a library's own chatter.
            Err(_) => {}
        }
    }
}

/// Keeps the first words of a worker's complaint, and takes the rest so that it never waits for a reader.
fn listen(mut complaint: ChildStderr) -> std::io::Result<JoinHandle<String>> {
    thread::Builder::new().name("pdf-complaint".to_owned()).spawn(move || {
        let mut kept = Vec::new();
        let _ignored = complaint.by_ref().take(MAX_COMPLAINT).read_to_end(&mut kept);
        let _ignored = std::io::copy(&mut complaint, &mut std::io::sink());
        String::from_utf8_lossy(&kept).into_owned()
    })
}

fn limit(what: &str, setting: Option<&str>) -> Failure {
    let raise = setting.map_or_else(String::new, |name| format!(" or raise {name}"));
    Failure::new(Reason::LimitExceeded, format!("{what}; split the file{raise}"))
}

/// Why a worker ended without saying so.
fn death(status: ExitStatus, has_expired: bool, complaint: &str) -> Failure {
    let time = Some("AUSKUNFT_PDF_CPU_SECONDS");
    if has_expired {
        return limit("reading took too long", time);
    }
    if status.signal() == Some(SIGXCPU) {
        return limit("reading took too much CPU time", time);
    }
    let is_memory = complaint.contains("memory allocation") || complaint.contains("out of memory");
    if is_memory || status.signal() == Some(SIGKILL) {
        return limit("reading took too much memory", Some("AUSKUNFT_PDF_MEMORY_BYTES"));
    }
    let words: Vec<&str> = complaint.lines().filter(|line| !line.trim().is_empty()).take(2).collect();
    let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(" ")) };
    // A library's last words may be any bytes.
    let words: String = words.chars().filter(|character| !character.is_control()).collect();
    Failure::new(Reason::Crashed, format!("the pdf worker ended with {status}{words}"))
}
