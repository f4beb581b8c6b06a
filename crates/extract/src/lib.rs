//! Bytes to documents, sections and chunks; no IO, no async.
//!
//! [`classify()`] names what a file holds, [`extract()`] reads it into [`Record`]s, [`chunks()`] cuts a document into pieces
//! for the embedder. PDFs have their own module, [`pdf`], because they are read in a process of their own. Data flows one
//! way: bytes, text ([`sniff`], `encoding`), structure (`html`, `markdown`, `records`), document (`product`, `faq`,
//! `policy`, `dialog`, `ticket`), chunks ([`chunk`]).

pub mod chunk;
mod classify;
mod dialog;
mod encoding;
mod faq;
mod fields;
mod front;
mod html;
mod language;
mod markdown;
mod outline;
pub mod pdf;
mod policy;
mod product;
mod records;
pub mod sniff;
mod ticket;

use auskunft_model::{Document, Failure, Language, Reason, Source, SourceKind, Ticket};

pub use chunk::{CHUNKER_VERSION, chunks};
pub use classify::classify;
pub use product::{AVAILABILITY_KEY, PRICE_KEY};

/// Raised whenever the same bytes would give another document, so that stored documents are made anew.
pub const EXTRACTOR_VERSION: &str = "7";

/// Above this many bytes a page or text file (HTML, Markdown, text) is refused as too large.
pub const MAX_PAGE_BYTES: usize = 5 * 1024 * 1024;

/// Above this many bytes a file of records (JSON, JSONL, CSV) is refused as too large.
pub const MAX_RECORDS_BYTES: usize = 256 * 1024 * 1024;

/// What holds where a source says nothing itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// The shop's language.
    pub language: Language,
}

/// What one record of a source became.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every record is the larger one, and each is moved once"
)]
pub enum Record {
    /// Knowledge: to be chunked, embedded and retrieved.
    Document(Document),
    /// Customer data: stored, never chunked.
    Ticket(Ticket),
}

/// How one record of a source went. A file that is one document has one, without anchor and line.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordOutcome {
    /// The record's id in a file of many; `None` when the file is one document, or when the record failed without an id
    /// that is its own (unreadable, or a second claim to an id).
    pub anchor: Option<String>,
    /// The line it begins on (counted from 1), in JSONL and CSV.
    pub line: Option<u32>,
    /// The record, or why there is none.
    pub result: Result<Record, Failure>,
}

/// What one source held.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    /// Its records, in the source's order.
    pub records: Vec<RecordOutcome>,
    /// What was odd about the file as a whole, for the report.
    pub warnings: Vec<String>,
}

impl Extracted {
    /// A source that is one document.
    fn one(document: Document, warnings: Vec<String>) -> Self {
        let record = RecordOutcome { anchor: None, line: None, result: Ok(Record::Document(document)) };
        Self { records: vec![record], warnings }
    }
}

/// Reads a source of any kind and format but PDF.
///
/// The error is about the file as a whole (empty, binary, too large, not readable as what it should hold); records that
/// fail alone are outcomes of their own beside those that were read.
pub fn extract(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    check_bytes(source, bytes)?;
    let mut extracted = read(source, bytes, defaults)?;
    let documents = extracted.records.iter_mut().filter_map(|record| match &mut record.result {
        Ok(Record::Document(document)) => Some(document),
        _ => None,
    });
    documents.for_each(fields::check_tags);
    Ok(extracted)
}

fn read(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    match source.kind {
        SourceKind::Product => product::extract(source, bytes, defaults),
        SourceKind::Faq => faq::extract(source, bytes, defaults),
        SourceKind::Policy => policy::extract(source, bytes, defaults),
        SourceKind::Dialog => dialog::extract(source, bytes, defaults),
        SourceKind::Ticket => ticket::extract(source, bytes),
        SourceKind::Manual => Err(unsupported(source, "a manual must be a PDF")),
    }
}

/// Refuses what cannot be text of any format, before a parser makes something of it.
fn check_bytes(source: &Source, bytes: &[u8]) -> Result<(), Failure> {
    let path = &source.path;
    if bytes.is_empty() {
        return Err(Failure::new(Reason::NoText, format!("{path} is empty (0 bytes)")));
    }
    if sniff::is_pdf(bytes) || source.extension() == "pdf" {
        return Err(unsupported(source, "PDF is read by the PDF reader only"));
    }
    if sniff::is_binary(bytes) {
        let detail = format!("{path} holds binary data, not text; deliver the file that its name promises");
        return Err(Failure::new(Reason::Damaged, detail));
    }
    let limit = if is_records_format(source) { MAX_RECORDS_BYTES } else { MAX_PAGE_BYTES };
    if bytes.len() > limit {
        let detail = format!("{path} has {} bytes, the limit is {limit}; split it", bytes.len());
        return Err(Failure::new(Reason::TooLarge, detail));
    }
    let is_page = matches!(source.extension().as_str(), "html" | "htm" | "xhtml");
    if is_page && html::depth::is_too_deep(&String::from_utf8_lossy(bytes)) {
        let limit = html::depth::MAX_DEPTH;
        let detail = format!("{path} nests elements more than {limit} deep; no page for people does");
        return Err(Failure::new(Reason::TooLarge, detail));
    }
    Ok(())
}

fn is_records_format(source: &Source) -> bool {
    matches!(source.extension().as_str(), "json" | "jsonl" | "ndjson" | "csv")
}

fn unsupported(source: &Source, why: &str) -> Failure {
    Failure::new(Reason::Unsupported, format!("{}: {why}", source.path))
}
