//! The worker's side: limits on itself, then one file from standard input to standard output.

use std::fs::File;
use std::io::{BufRead, Write};
use std::ops::ControlFlow;

use anyhow::Context;
use auskunft_extract::pdf::{self, Engine, Input, PageMessage, Picture};
use auskunft_model::{Failure, Reason};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Answer, Job, Limits, PagePicture, Task};
use crate::memory::peak_memory;

/// Pages that count for the CPU limit; a file may claim any number of them.
const MAX_COUNTED_PAGES: u64 = 20_000;

/// Reads one job from standard input, the file that it names, and writes the answers to standard output.
///
/// Entry point of the hidden subcommand; the process ends with the job.
///
/// # Errors
/// When the job is malformed, a limit cannot be set, or the parent no longer listens. A file that cannot be read is no
/// error but an answer.
pub fn run_worker() -> anyhow::Result<()> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the job")?;
    let job: Job = serde_json::from_str(&line).context("the job is malformed")?;
    die_with_parent();
    set_limits(&job.limits).context("cannot set the limits")?;
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let failure = work(&job, &mut output).err();
    write(&mut output, &Answer::Memory(peak_memory())).context("the parent no longer listens")?;
    write(&mut output, &Answer::End(failure)).context("the parent no longer listens")
}

fn work(job: &Job, output: &mut impl Write) -> Result<(), Failure> {
    let file = File::open(&job.path)
        .map_err(|error| Failure::new(Reason::Unreadable, format!("cannot open the file: {error}")))?;
    match (job.task, &job.engine) {
        (Task::Read, _) => read(job, &file, output),
        (Task::Draw { first, last, width }, Engine::Pdfium(library)) => {
            pdf::draw(Input::File(&file), library, first..=last, width, &mut |picture| {
                let Picture { page, width, height, png } = picture;
                let png = BASE64.encode(png);
                flow(write(output, &Answer::Picture(PagePicture { page, width, height, png })))
            })
        }
        (Task::Draw { .. }, Engine::Docling) => {
            Err(Failure::new(Reason::Unsupported, "the built-in engine draws no pages"))
        }
    }
}

fn read(job: &Job, file: &File, output: &mut impl Write) -> Result<(), Failure> {
    let mut refusal = None;
    pdf::read(Input::File(file), &job.engine, &mut |message| {
        if let PageMessage::Start { page_count } = &message {
            if *page_count > job.limits.max_pages {
                refusal = Some(too_many(*page_count, job.limits.max_pages));
                return ControlFlow::Break(());
            }
            extend_cpu(&job.limits, u64::from(*page_count));
        }
        flow(write(output, &Answer::Read(message)))
    })?;
    refusal.map_or(Ok(()), Err)
}

fn too_many(page_count: u32, limit: u32) -> Failure {
    let detail = format!(
        "the file has {page_count} pages, the limit is {limit}; split it or raise AUSKUNFT_PDF_MAX_PAGES"
    );
    Failure::new(Reason::TooLarge, detail)
}

/// Whoever no longer listens ends the work.
fn flow(written: std::io::Result<()>) -> ControlFlow<()> {
    if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// Each answer leaves at once: what stays in a buffer is lost with the process.
fn write(output: &mut impl Write, answer: &Answer) -> std::io::Result<()> {
    serde_json::to_writer(&mut *output, answer)?;
    output.write_all(b"\n")?;
    output.flush()
}

/// A parent that is killed takes its workers along.
fn die_with_parent() {
    #[cfg(target_os = "linux")]
    // A kernel that refuses leaves a worker that ends by its own limits.
    let _ignored = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

fn set_limits(limits: &Limits) -> std::io::Result<()> {
    set(Resource::Core, 0, 0)?;
    set(Resource::As, limits.memory_bytes, limits.memory_bytes)?;
    let most = limits.cpu_seconds + limits.cpu_milliseconds_per_page * MAX_COUNTED_PAGES / 1_000;
    set(Resource::Cpu, limits.cpu_seconds.max(1), most.max(1))
}

/// A long file may take longer; the file's own claim of its length is bounded by the hard limit.
fn extend_cpu(limits: &Limits, page_count: u64) {
    let more = limits.cpu_milliseconds_per_page * page_count.min(MAX_COUNTED_PAGES) / 1_000;
    let soft = (limits.cpu_seconds + more).max(1);
    // The old limit stays when this is refused: stricter, never looser.
    let _ignored = set(Resource::Cpu, soft, soft.saturating_add(1));
}

/// Sets a limit; never above the hard limit that this process was given.
fn set(resource: Resource, soft: u64, hard: u64) -> std::io::Result<()> {
    let given = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let new = Rlimit { current: Some(soft.min(given)), maximum: Some(hard.min(given)) };
    setrlimit(resource, new)?;
    Ok(())
}
