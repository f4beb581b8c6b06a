//! How PDFs are read, and what one may cost.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use auskunft_boot::Settings;
use auskunft_extract::pdf::Engine;

use super::{Job, Limits, Task, WORKER_COMMAND};

/// How PDFs are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfSettings {
    /// Worker processes at once.
    pub workers: usize,
    /// The library libpdfium; `None` or a path that does not exist: the built-in engine reads alone.
    pub pdfium: Option<PathBuf>,
    /// Address space of a worker, in bytes.
    pub memory_bytes: u64,
    /// CPU time for a file …
    pub cpu: Duration,
    /// … and for each of its pages beyond that.
    pub cpu_per_page: Duration,
    /// The wall clock may show this many times the CPU limit.
    pub wall_factor: u32,
    /// Larger files are refused.
    pub max_file_bytes: u64,
    /// Files with more pages are refused.
    pub max_pages: u32,
    /// Bytes that a worker may send for a file.
    pub max_output_bytes: u64,
    /// Program and first arguments of a worker; `None`: this program with [`WORKER_COMMAND`].
    pub program: Option<(PathBuf, Vec<String>)>,
}

impl Default for PdfSettings {
    /// Limits measured on 1,384 files: none needed more than 0.6 GB or 3.6 CPU seconds in any engine. A dense page is about
    /// 40 KB of output.
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            pdfium: None,
            memory_bytes: 1_536 << 20,
            cpu: Duration::from_secs(20),
            cpu_per_page: Duration::from_millis(100),
            wall_factor: 3,
            max_file_bytes: 512 << 20,
            max_pages: 5_000,
            max_output_bytes: 256 << 20,
            program: None,
        }
    }
}

impl PdfSettings {
    /// As the settings say, with so many workers.
    pub fn of(settings: &Settings, workers: usize) -> Self {
        Self {
            workers,
            pdfium: settings.pdfium.clone(),
            memory_bytes: settings.pdf.memory_bytes,
            cpu: Duration::from_secs(settings.pdf.cpu_seconds),
            max_file_bytes: settings.pdf.max_bytes,
            max_pages: settings.pdf.max_pages,
            ..Self::default()
        }
    }

    /// The time that the wall clock may show for a file of so many pages.
    pub(super) fn wall(&self, page_count: u32) -> Duration {
        (self.cpu + self.cpu_per_page * page_count.min(20_000)) * self.wall_factor
    }

    /// A worker, not yet started.
    pub(super) fn command(&self) -> std::io::Result<Command> {
        match &self.program {
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments);
                Ok(command)
            }
            None => {
                let mut command = Command::new(std::env::current_exe()?);
                command.arg(WORKER_COMMAND);
                Ok(command)
            }
        }
    }

    pub(super) fn job(&self, path: &Path, engine: Engine, task: Task) -> Job {
        let limits = Limits {
            memory_bytes: self.memory_bytes,
            cpu_seconds: self.cpu.as_secs(),
            cpu_milliseconds_per_page: u64::try_from(self.cpu_per_page.as_millis()).unwrap_or(u64::MAX),
            max_pages: self.max_pages,
        };
        Job { path: path.to_owned(), engine, limits, task }
    }
}
