//! The parent's side: as many workers at once as allowed, and which engine's answer counts.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

use auskunft_extract::pdf::{Engine, Reading};
use auskunft_model::{Failure, Reason};

use super::attempt::{self, Attempt};
use super::settings::PdfSettings;
use super::workers::{Workers, locked};
use super::{PagePicture, Task};

/// A file as read, and by which engine.
#[derive(Debug, Clone, PartialEq)]
pub struct PdfReading {
    /// Pages and facts, for [`auskunft_extract::pdf::document()`].
    pub reading: Reading,
    /// `pdfium` or `docling`.
    pub engine: &'static str,
    /// The most memory that its worker held, in bytes; 0 when the worker did not live to tell.
    pub peak_bytes: u64,
}

/// Pages as pictures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// The pictures, in the order of the pages.
    pub pictures: Vec<PagePicture>,
    /// Why pages are missing, when some are.
    pub missing: Option<Failure>,
}

/// Reads PDFs in worker processes; share it between threads by reference.
#[derive(Debug)]
pub struct PdfPool {
    settings: PdfSettings,
    pdfium: Option<PathBuf>,
    workers: Workers,
    free: Mutex<usize>,
    freed: Condvar,
}

impl PdfPool {
    /// A pool; no process is started before the first file.
    pub fn new(settings: PdfSettings) -> Self {
        let pdfium = settings.pdfium.clone().filter(|path| path.is_file());
        let free = Mutex::new(settings.workers.max(1));
        Self { settings, pdfium, workers: Workers::default(), free, freed: Condvar::new() }
    }

    /// The engine that reads first: `pdfium` where the library is, else `docling`.
    pub fn engine(&self) -> &'static str {
        if self.pdfium.is_some() { "pdfium" } else { "docling" }
    }

    /// The limits above which a file is refused as `too_large`, as text: the same for the same limits.
    pub fn size_limits(&self) -> String {
        format!("{} bytes, {} pages", self.settings.max_file_bytes, self.settings.max_pages)
    }

    /// All limits on reading a file, as text: the same for the same limits.
    pub fn limits(&self) -> String {
        let PdfSettings { memory_bytes, cpu, cpu_per_page, wall_factor, max_output_bytes, .. } =
            &self.settings;
        format!(
            "{}, {memory_bytes} bytes of memory, {cpu:?} and {cpu_per_page:?} a page of processor time, {wall_factor} times that, \
             {max_output_bytes} bytes of output",
            self.size_limits()
        )
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
            return finished(self.attempt(path, Engine::Docling, Task::Read), "docling");
        };
        let first = self.attempt(path, Engine::Pdfium(library.clone()), Task::Read);
        if is_final(&first) || self.workers.is_cancelled() {
            return finished(first, "pdfium");
        }
        let second = self.attempt(path, Engine::Docling, Task::Read);
        if is_better(&second, &first) { finished(second, "docling") } else { finished(first, "pdfium") }
    }

    /// Draws pages (counted from 1) of a file, `width` pixels wide. Without libpdfium there are no pictures. Waits and
    /// blocks as [`Self::read`] does.
    pub fn draw(&self, path: &Path, pages: RangeInclusive<u32>, width: u32) -> Drawing {
        let Some(library) = &self.pdfium else { return Drawing::default() };
        if let Err(failure) = self.check_size(path) {
            return Drawing { pictures: Vec::new(), missing: Some(failure) };
        }
        let _slot = self.slot();
        let task = Task::Draw { first: *pages.start(), last: *pages.end(), width };
        let attempt = self.attempt(path, Engine::Pdfium(library.clone()), task);
        Drawing { pictures: attempt.pictures, missing: attempt.failure }
    }

    /// Ends all running workers; their reads, and all later ones, fail as stopped.
    pub fn cancel(&self) {
        self.workers.cancel();
    }

    fn attempt(&self, path: &Path, engine: Engine, task: Task) -> Attempt {
        attempt::run(&self.workers, &self.settings, &self.settings.job(path, engine, task))
    }

    fn check_size(&self, path: &Path) -> Result<(), Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::new(Reason::Unreadable, format!("cannot read the file: {error}"))
        };
        let length = std::fs::metadata(path).map_err(unreadable)?.len();
        if length > self.settings.max_file_bytes {
            let limit = self.settings.max_file_bytes;
            let detail = format!(
                "the file has {length} bytes, the limit is {limit}; split it or raise AUSKUNFT_PDF_MAX_BYTES"
            );
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
}

impl Drop for PdfPool {
    fn drop(&mut self) {
        self.cancel();
    }
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

/// Whether another engine could not do better: all is read, a password is needed, or there are too many pages.
fn is_final(attempt: &Attempt) -> bool {
    let is_refusal = |reason| matches!(reason, Reason::Encrypted | Reason::TooLarge);
    match &attempt.failure {
        None => attempt.letters() > 0,
        Some(failure) => attempt.was_refused() && is_refusal(failure.reason),
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
            let reading = Reading { facts, pages: attempt.pages, cut };
            Ok(PdfReading { reading, engine, peak_bytes: attempt.peak_bytes })
        }
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
