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
mod settings;
mod watch;
mod worker;
mod workers;

pub use pool::{Drawing, PdfPool, PdfReading};
pub use settings::PdfSettings;
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
    /// What to do with it.
    task: Task,
}

/// What a worker is to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Task {
    /// Hand over its pages.
    Read,
    /// Draw some of its pages; only libpdfium can.
    Draw {
        /// The first page, counted from 1.
        first: u32,
        /// The last page.
        last: u32,
        /// Width of a picture in pixels.
        width: u32,
    },
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
    /// A file with more pages is refused.
    max_pages: u32,
}

/// A page as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagePicture {
    /// Counted from 1.
    pub page: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A PNG file in Base64 (RFC 4648).
    pub png: String,
}

/// What a worker answers, as one JSON line each on its standard output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// From the engine.
    Read(PageMessage),
    /// A page drawn.
    Picture(PagePicture),
    /// The most memory that the worker held so far, in bytes.
    Memory(u64),
    /// The last line: the file is done, or why not.
    End(Option<Failure>),
}
