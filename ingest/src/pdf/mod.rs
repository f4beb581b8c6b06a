//! PDFs are read in processes of their own, one process a file, with limits: a crash, a hang, a bomb or a loop costs
//! that file and nothing else.
//!
//! [`PdfPool::read`] runs this program again with the hidden subcommand [`WORKER_COMMAND`], hands it a job on
//! standard input and takes pages from its standard output, one JSON object a line. Pages that arrived before a worker
//! died are kept. What the pages mean is decided by [`auskunft_extract::pdf::document()`].

use std::path::PathBuf;

use auskunft_extract::pdf::{Engine, PageMessage};
use auskunft_model::Failure;
use serde::{Deserialize, Serialize};

mod attempt;
mod pool;
mod watch;
mod worker;

pub use pool::{PdfPool, PdfReading, PdfSettings};
pub use worker::run_worker;

/// The hidden subcommand under which a worker runs.
pub const WORKER_COMMAND: &str = "pdf-worker";

/// What a worker is told, as one JSON line on its standard input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Job {
    /// The file.
    path: PathBuf,
    /// How to read it.
    engine: Engine,
    /// What it may use.
    limits: Limits,
}

/// Limits that a worker sets for itself before it touches the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Limits {
    /// Address space in bytes.
    memory_bytes: u64,
    /// CPU time for the file in seconds …
    cpu_seconds: u64,
    /// … and for each page beyond that, in milliseconds.
    cpu_milliseconds_per_page: u64,
}

/// What a worker answers, as one JSON line each on its standard output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// From the engine.
    Read(PageMessage),
    /// The last line: the file is done, or why not.
    End(Option<Failure>),
}
