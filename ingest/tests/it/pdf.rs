//! The PDF pool with the real worker: this program's own hidden subcommand.

use std::path::{Path, PathBuf};
use std::time::Duration;

use auskunft_model::{Failure, Reason};
use ingest::pdf::{PdfPool, PdfReading, PdfSettings, WORKER_COMMAND};

use crate::support::pdfium;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog-fixtures/samples/pdf").join(name)
}

/// The built-in engine alone, in workers of the program under test.
pub(crate) fn settings() -> PdfSettings {
    let program = (PathBuf::from(env!("CARGO_BIN_EXE_ingest")), vec![WORKER_COMMAND.to_owned()]);
    PdfSettings { workers: 2, program: Some(program), ..PdfSettings::default() }
}

fn read(settings: PdfSettings, name: &str) -> Result<PdfReading, Failure> {
    PdfPool::new(settings).read(&sample(name))
}

#[test]
fn a_worker_hands_over_pages_and_facts() {
    let read = read(settings(), "picocosmo--README_de.pdf").unwrap();
    assert_eq!(read.engine, "docling");
    assert_eq!(read.reading.pages.len(), 7);
    assert_eq!(read.reading.facts.page_count, 7);
    assert!(!read.reading.facts.version.is_empty());
    assert_eq!(read.reading.cut, None);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_its_reason() {
    let reasons = [
        ("test-pdf-files--encrypted.pdf", Reason::Encrypted),
        ("test-pdf-files--corrupted.pdf", Reason::Damaged),
        ("no-such-file.pdf", Reason::Unreadable),
    ];
    for (name, reason) in reasons {
        assert_eq!(read(settings(), name).unwrap_err().reason, reason, "{name}");
    }
}

#[test]
fn too_little_memory_costs_the_file_and_not_the_run() {
    let tight = PdfSettings { memory_bytes: 24 << 20, ..settings() };
    let failure = read(tight, "format-corpus--195981.pdf").unwrap_err();
    assert!(matches!(failure.reason, Reason::LimitExceeded | Reason::Crashed), "{failure}");
    assert!(failure.reason.is_transient());
    assert!(read(settings(), "format-corpus--195981.pdf").is_ok());
}

#[test]
fn too_little_time_costs_the_file_and_not_the_run() {
    let tight = PdfSettings { cpu: Duration::ZERO, cpu_per_page: Duration::ZERO, ..settings() };
    assert_eq!(read(tight, "format-corpus--195981.pdf").unwrap_err().reason, Reason::LimitExceeded);
}

#[test]
fn a_broken_page_tree_is_made_good_by_pdfium() {
    let Some(pdfium) = pdfium() else { return };
    let both = PdfSettings { pdfium: Some(pdfium), ..settings() };
    let read = read(both, "format-corpus--392154.pdf").unwrap();
    assert_eq!((read.engine, read.reading.pages.len()), ("pdfium", 90));
}

#[test]
fn a_library_that_cannot_be_loaded_leaves_the_built_in_engine() {
    let no_library = sample("manifest.jsonl");
    let broken = PdfSettings { pdfium: Some(no_library), ..settings() };
    let read = read(broken, "picocosmo--README_de.pdf").unwrap();
    assert_eq!((read.engine, read.reading.pages.len()), ("docling", 7));
}
