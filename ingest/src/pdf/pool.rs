//! The parent's side: as many workers at once as allowed, and which engine's answer counts.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use auskunft_extract::pdf::{Engine, Reading};
use auskunft_model::{Failure, Reason};

use super::attempt::{self, Attempt};
use super::watch::{self, Shared};
use super::{Job, Limits, WORKER_COMMAND};

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
    /// Bytes that a worker may send for a file.
    pub max_output_bytes: u64,
    /// Program and first arguments of a worker; `None`: this program with [`WORKER_COMMAND`].
    pub program: Option<(PathBuf, Vec<String>)>,
}

impl Default for PdfSettings {
    /// Limits measured on 1,384 files: none needed more than 0.6 GB or 3.6 CPU seconds in any engine.
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            pdfium: None,
            memory_bytes: 1_536 << 20,
            cpu: Duration::from_secs(20),
            cpu_per_page: Duration::from_millis(100),
            wall_factor: 3,
            max_file_bytes: 512 << 20,
            max_output_bytes: 512 << 20,
            program: None,
        }
    }
}

impl PdfSettings {
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

    fn job(&self, path: &Path, engine: Engine) -> Job {
        let limits = Limits {
            memory_bytes: self.memory_bytes,
            cpu_seconds: self.cpu.as_secs(),
            cpu_milliseconds_per_page: u64::try_from(self.cpu_per_page.as_millis()).unwrap_or(u64::MAX),
        };
        Job { path: path.to_owned(), engine, limits }
    }
}

/// A file as read, and by which engine.
#[derive(Debug, Clone, PartialEq)]
pub struct PdfReading {
    /// Pages and facts, for [`auskunft_extract::pdf::document()`].
    pub reading: Reading,
    /// `pdfium` or `docling`.
    pub engine: &'static str,
}

/// Reads PDFs in worker processes; share it between threads by reference.
#[derive(Debug)]
pub struct PdfPool {
    settings: PdfSettings,
    pdfium: Option<PathBuf>,
    running: Mutex<Vec<(u64, Shared)>>,
    free: Mutex<usize>,
    freed: Condvar,
    next: AtomicU64,
    cancelled: AtomicBool,
}

impl PdfPool {
    /// A pool; no process is started before the first file.
    pub fn new(settings: PdfSettings) -> Self {
        let pdfium = settings.pdfium.clone().filter(|path| path.is_file());
        let free = Mutex::new(settings.workers.max(1));
        Self {
            settings,
            pdfium,
            running: Mutex::default(),
            free,
            freed: Condvar::new(),
            next: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
        }
    }

    /// One line about what is missing, when libpdfium is.
    pub fn engine_note(&self) -> Option<String> {
        if self.pdfium.is_some() {
            return None;
        }
        let place =
            self.settings.pdfium.as_ref().map_or_else(String::new, |path| format!(" at {}", path.display()));
        Some(format!(
            "libpdfium is missing{place}: PDFs are read by the built-in engine, which knows no bold type and repairs less; \
             run scripts/fetch-assets.py or set AUSKUNFT_PDFIUM"
        ))
    }

    /// Reads one file; waits while all workers are busy. Blocks the thread for as long as the file takes.
    ///
    /// # Errors
    /// When no page can be had: `unreadable`, `too_large`, `encrypted`, `damaged`, `limit_exceeded`, `crashed`. A file
    /// that failed after some pages is no error: its [`Reading::cut`] says why it ends early.
    pub fn read(&self, path: &Path) -> Result<PdfReading, Failure> {
        self.check_size(path)?;
        let _slot = self.slot();
        let Some(library) = &self.pdfium else {
            return finished(self.attempt(path, Engine::Docling), "docling");
        };
        let first = self.attempt(path, Engine::Pdfium(library.clone()));
        if is_final(&first) || self.is_cancelled() {
            return finished(first, "pdfium");
        }
        let second = self.attempt(path, Engine::Docling);
        if is_better(&second, &first) { finished(second, "docling") } else { finished(first, "pdfium") }
    }

    /// Ends all running workers; their reads, and all later ones, fail as stopped.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        for (_, child) in locked(&self.running).iter() {
            watch::kill(child);
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    pub(super) fn settings(&self) -> &PdfSettings {
        &self.settings
    }

    fn attempt(&self, path: &Path, engine: Engine) -> Attempt {
        attempt::run(self, &self.settings.job(path, engine))
    }

    fn check_size(&self, path: &Path) -> Result<(), Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::new(Reason::Unreadable, format!("cannot read the file: {error}"))
        };
        let length = std::fs::metadata(path).map_err(unreadable)?.len();
        if length > self.settings.max_file_bytes {
            let detail =
                format!("{length} bytes, the limit is {}; split the file", self.settings.max_file_bytes);
            return Err(Failure::new(Reason::TooLarge, detail));
        }
        Ok(())
    }

    /// Waits for a free worker.
    fn slot(&self) -> Slot<'_> {
        let mut free = locked(&self.free);
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Slot { pool: self }
    }

    /// Makes a child known to [`Self::cancel`] for as long as the guard lives.
    pub(super) fn register(&self, child: Child) -> Registered<'_> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let child = Arc::new(Mutex::new(child));
        locked(&self.running).push((id, Arc::clone(&child)));
        // A cancellation between the start and this line would have missed it.
        if self.is_cancelled() {
            watch::kill(&child);
        }
        Registered { pool: self, id, child }
    }
}

impl Drop for PdfPool {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to run one worker.
struct Slot<'a> {
    pool: &'a PdfPool,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *locked(&self.pool.free) += 1;
        self.pool.freed.notify_one();
    }
}

/// A running worker; killed and reaped when this goes, however that comes.
pub(super) struct Registered<'a> {
    pool: &'a PdfPool,
    id: u64,
    child: Shared,
}

impl Registered<'_> {
    pub(super) fn child(&self) -> &Shared {
        &self.child
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        let mut child = locked(&self.child);
        if !matches!(child.try_wait(), Ok(Some(_))) {
            let _ignored = child.kill();
            let _ignored = child.wait();
        }
        drop(child);
        locked(&self.pool.running).retain(|(id, _)| *id != self.id);
    }
}

/// Whether another engine could not do better: all is read, or a password is needed.
fn is_final(attempt: &Attempt) -> bool {
    match &attempt.failure {
        None => attempt.letters() > 0,
        Some(failure) => attempt.was_refused() && failure.reason == Reason::Encrypted,
    }
}

/// Whether the second engine's answer is worth more than the first one's.
fn is_better(second: &Attempt, first: &Attempt) -> bool {
    if first.failure.is_none() || second.letters() == 0 {
        return second.letters() > first.letters();
    }
    second.pages.len() > first.pages.len()
        || (second.failure.is_none() && second.letters() >= first.letters())
}

/// Pages make a reading, with the failure as its cut; no pages make a failure.
fn finished(attempt: Attempt, engine: &'static str) -> Result<PdfReading, Failure> {
    let is_whole = attempt.has_all_pages();
    match attempt.failure {
        Some(failure) if attempt.pages.is_empty() => Err(failure),
        failure => {
            let mut facts = attempt.facts.unwrap_or_default();
            facts.page_count = facts.page_count.max(attempt.page_count);
            // A worker that died over the facts after the last page has lost no page.
            let cut = failure.filter(|_| !is_whole);
            Ok(PdfReading { reading: Reading { facts, pages: attempt.pages, cut }, engine })
        }
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
