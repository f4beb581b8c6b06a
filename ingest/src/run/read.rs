//! Reads one source: bytes to documents with their chunks. Runs on worker threads, keeps nothing.

use auskunft_embed::Embedder;
use auskunft_extract::pdf::Reading;
use auskunft_extract::{Record, RecordOutcome};
use auskunft_model::{
    Chunk, Digest, Document, DocumentId, Failure, Outcome, PageOutcome, PageState, Reason, Ticket,
};
use auskunft_store::ledger::{Pages, RecordFailure, SourceRow};
use serde::{Deserialize, Serialize};

use super::inputs::Inputs;
use crate::catalog::attributes::Additions;
use crate::catalog::walk::{self, Found};
use crate::pdf::PdfReading;

/// U+0000 as JSON writes it.
const NUL: &str = r"\u0000";

/// The most tokens of a chunk with its heading prefix.
pub const CHUNK_TOKENS: usize = 250;

/// A document as read, with its chunks.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadDocument {
    /// The document.
    pub document: Document,
    /// SHA-256 of its content.
    pub version: String,
    /// Of a product page: facts with their sources, and what the tables add.
    pub additions: Option<Additions>,
    /// Its chunks.
    pub chunks: Vec<Chunk>,
}

/// A ticket as read.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadTicket {
    /// Its document id.
    pub document_id: DocumentId,
    /// SHA-256 of its content.
    pub version: String,
    /// The ticket.
    pub ticket: Ticket,
}

/// A source as read.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadSource {
    /// Its ledger row.
    pub row: SourceRow,
    /// Its documents.
    pub documents: Vec<ReadDocument>,
    /// Its tickets.
    pub tickets: Vec<ReadTicket>,
    /// Records that failed or were left alone.
    pub failures: Vec<RecordFailure>,
    /// What was odd but not fatal.
    pub warnings: Vec<String>,
    /// The worker's share, where one read it.
    pub by_worker: Option<ByWorker>,
}

/// What a worker did for a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByWorker {
    /// Vectors that it computed, into the cache.
    pub vectors: u64,
}

/// What a reader made of a file.
struct Content {
    records: Vec<RecordOutcome>,
    /// What is missing of a file that was read in part.
    cut: Option<Failure>,
    warnings: Vec<String>,
}

/// What reading needs.
pub struct Reader<'a> {
    /// The catalog's tables and the PDF readers.
    pub inputs: Inputs<'a>,
    /// Counts tokens as the embedder does.
    pub embedder: &'a dyn Embedder,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Reader")
    }
}

impl Reader<'_> {
    /// Reads a source. Never fails and never panics: what went wrong is its outcome.
    pub fn read(&self, found: &Found) -> ReadSource {
        self.read_with_pages(found).0
    }

    /// As [`Self::read`], with the pages of a PDF of which any could be read.
    pub fn read_with_pages(&self, found: &Found) -> (ReadSource, Option<PdfReading>) {
        let reading = guarded(found, || self.read_unguarded(found));
        let (source, pages) = reading.unwrap_or_else(|failure| (failed(self.inputs, found, failure), None));
        (source.storable(), pages)
    }

    fn read_unguarded(&self, found: &Found) -> (ReadSource, Option<PdfReading>) {
        if !found.is_pdf() {
            return (self.finished(found, self.read_text(found)), None);
        }
        let read = self.inputs.pdfs.read(&found.absolute);
        // Bytes that could not even be opened need no second look.
        let is_refused = read.as_ref().is_err_and(|failure| failure.reason == Reason::Unreadable);
        let is_unchanged = if is_refused { Ok(()) } else { check_unchanged(found) };
        match is_unchanged.and(read) {
            Err(failure) => (failed(self.inputs, found, failure), None),
            Ok(reading) => {
                let mut source = self.finished(found, self.read_pdf(found, &reading.reading));
                source.row.pages = count_pages(&auskunft_extract::pdf::page_outcomes(&reading.reading));
                (source, Some(reading))
            }
        }
    }

    fn finished(&self, found: &Found, read: Result<Content, Failure>) -> ReadSource {
        match read {
            Ok(content) => self.sort_records(found, content),
            Err(failure) => failed(self.inputs, found, failure),
        }
    }

    fn read_pdf(&self, found: &Found, reading: &Reading) -> Result<Content, Failure> {
        let defaults = self.inputs.defaults(&found.source.path);
        let (document, cut) = auskunft_extract::pdf::document(&found.source, reading, &defaults)?;
        let record = RecordOutcome { anchor: None, line: None, result: Ok(Record::Document(document)) };
        Ok(Content { records: vec![record], cut, warnings: Vec::new() })
    }

    fn read_text(&self, found: &Found) -> Result<Content, Failure> {
        let path = &found.source.path;
        let bytes = std::fs::read(&found.absolute).map_err(|error| {
            let detail = format!("`{path}` can't be read: {error}; check its permissions");
            Failure::new(Reason::Unreadable, detail)
        })?;
        if Digest::of(&bytes) != found.digest {
            return Err(changed(path));
        }
        let defaults = self.inputs.defaults(path);
        let extracted = auskunft_extract::extract(&found.source, &bytes, &defaults)?;
        Ok(Content { records: extracted.records, cut: None, warnings: extracted.warnings })
    }

    fn sort_records(&self, found: &Found, content: Content) -> ReadSource {
        let mut source = ReadSource {
            row: row(found, Outcome::Ok, None),
            documents: Vec::new(),
            tickets: Vec::new(),
            failures: Vec::new(),
            warnings: content.warnings,
            by_worker: None,
        };
        for record in content.records {
            match record.result {
                Ok(Record::Document(document)) => {
                    source.warnings.extend(warnings(&document));
                    source.documents.push(self.finish(storable(document)));
                }
                Ok(Record::Ticket(ticket)) => source.tickets.push(finish_ticket(found, storable(ticket))),
                Err(failure) => {
                    let skipped = failure.reason == Reason::Unresolved;
                    source.failures.push(RecordFailure { anchor: record.anchor, failure, skipped });
                }
            }
        }
        let skus = |documents: &[ReadDocument]| -> Vec<String> {
            documents
                .iter()
                .filter_map(|read| read.document.stated_product())
                .map(|id| id.to_string())
                .collect()
        };
        let (outcome, failure) = judge(&source, content.cut);
        let reason = failure.as_ref().map(|failure| failure.reason);
        source.row.input_digest = self.inputs.digest(found, &skus(&source.documents), reason).to_string();
        source.row.outcome = outcome;
        source.row.failure = failure;
        source
    }

    /// Completes a document from the catalog's tables and cuts it.
    fn finish(&self, mut document: Document) -> ReadDocument {
        if document.kind == auskunft_model::Kind::Manual {
            document.version = document.version.take().or_else(|| super::bind::version::of(&document));
        }
        let is_product = document.kind == auskunft_model::Kind::Product;
        let additions = is_product.then(|| self.inputs.catalog.attributes.complete(&mut document));
        let of_tables = additions.as_ref().map(|more| (&more.attributes, more.obsolete, &more.successor));
        let version = version(&(&document, of_tables));
        let count = |text: &str| self.embedder.count_tokens(text);
        let budget = CHUNK_TOKENS.min(self.embedder.max_tokens());
        let chunks = auskunft_extract::chunks(&document, budget, &count);
        ReadDocument { document, version, additions, chunks }
    }
}

/// A document's warnings, with the record that they are about.
fn warnings(document: &Document) -> impl Iterator<Item = String> + '_ {
    let place = document.anchor.as_deref().map(|anchor| format!("#{anchor}: ")).unwrap_or_default();
    let conflicts = document.conflicts.iter().map(ToString::to_string);
    document.warnings.iter().cloned().chain(conflicts).map(move |warning| format!("{place}{warning}"))
}

fn count_pages(pages: &[PageOutcome]) -> Pages {
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let of = |state| count(pages.iter().filter(|page| page.outcome == state).count());
    Pages { all: count(pages.len()), needs_ocr: of(PageState::NeedsOcr), failed: of(PageState::Failed) }
}

/// A PDF is read by another process, so its bytes are compared afterwards.
fn check_unchanged(found: &Found) -> Result<(), Failure> {
    match walk::hash(&found.absolute) {
        Ok((_, digest)) if digest == found.digest => Ok(()),
        Ok(_) | Err(_) => Err(changed(&found.source.path)),
    }
}

fn changed(path: &str) -> Failure {
    let detail = format!("`{path}` changed while it was read; the next run takes it");
    Failure::new(Reason::Unreadable, detail)
}

/// The value without U+0000, which no database takes in a text.
fn storable<T: serde::Serialize + serde::de::DeserializeOwned>(value: T) -> T {
    let Ok(json) = serde_json::to_string(&value) else { return value };
    if !json.contains(NUL) {
        return value;
    }
    // An escaped backslash before `u0000` is text; only the others are the sign itself.
    let pieces: Vec<&str> = json.split(r"\\").collect();
    let cleaned: Vec<String> = pieces.iter().map(|piece| piece.replace(NUL, "")).collect();
    serde_json::from_str(&cleaned.join(r"\\")).unwrap_or(value)
}

impl ReadSource {
    /// With all that is said about it in words that a database takes; documents and tickets are storable already.
    fn storable(mut self) -> Self {
        self.warnings = storable(self.warnings);
        self.row.failure = storable(self.row.failure);
        for record in &mut self.failures {
            record.anchor = storable(record.anchor.take());
            record.failure = storable(record.failure.clone());
        }
        self
    }
}

/// Runs a reader over a source: one that panics costs its file, not the run.
pub fn guarded<T>(found: &Found, reading: impl FnOnce() -> T) -> Result<T, Failure> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(reading)).map_err(|_| {
        let path = &found.source.path;
        let detail = format!("reading `{path}` ended in a defect of the reader; please report it");
        Failure::new(Reason::Crashed, detail)
    })
}

fn finish_ticket(found: &Found, ticket: Ticket) -> ReadTicket {
    let document_id = DocumentId::derive(&found.source.path, Some(&ticket.id));
    ReadTicket { document_id, version: version(&ticket), ticket }
}

/// The digest of a value's JSON form, which is the same for the same value.
fn version(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_vec(value).unwrap_or_default();
    Digest::of(&json).to_string()
}

/// A source's outcome from those of its records.
fn judge(source: &ReadSource, cut: Option<Failure>) -> (Outcome, Option<Failure>) {
    if cut.is_some() {
        return (Outcome::Partial, cut);
    }
    let failed = source.failures.iter().filter(|failure| !failure.skipped).count();
    let read = source.documents.len() + source.tickets.len();
    let Some(first) = source.failures.iter().find(|failure| !failure.skipped) else {
        return (Outcome::Ok, None);
    };
    let outcome = if read == 0 { Outcome::Failed } else { Outcome::Partial };
    let detail = format!("{failed} of {} records: {}", failed + read, first.failure.detail);
    (outcome, Some(Failure::new(first.failure.reason, detail)))
}

/// A source of which nothing could be read.
pub fn failed(inputs: Inputs<'_>, found: &Found, failure: Failure) -> ReadSource {
    let digest = inputs.digest(found, &[], Some(failure.reason));
    let mut row = row(found, Outcome::Failed, Some(failure));
    row.input_digest = digest.to_string();
    ReadSource {
        row,
        documents: Vec::new(),
        tickets: Vec::new(),
        failures: Vec::new(),
        warnings: Vec::new(),
        by_worker: None,
    }
}

/// A source that no reader takes.
pub fn skipped(inputs: Inputs<'_>, found: &Found, failure: Failure) -> ReadSource {
    let mut source = failed(inputs, found, failure);
    source.row.outcome = Outcome::Skipped;
    source
}

fn row(found: &Found, outcome: Outcome, failure: Option<Failure>) -> SourceRow {
    SourceRow {
        path: found.source.path.clone(),
        kind: found.source.kind.as_str().to_owned(),
        bytes: i64::try_from(found.bytes).unwrap_or(i64::MAX),
        bytes_digest: found.digest.to_string(),
        input_digest: String::new(),
        outcome,
        failure,
        pages: Pages::default(),
    }
}

#[cfg(test)]
mod tests {
    use auskunft_model::{Digest, Reason, Source, SourceKind};

    use super::{guarded, storable};
    use crate::catalog::walk::Found;

    #[test]
    fn a_reader_that_panics_costs_its_file() {
        let source = Source { path: "faqs/a.md".to_owned(), kind: SourceKind::Faq };
        let found = Found { source, absolute: "/a.md".into(), bytes: 1, digest: Digest::of(b"a") };
        let failure = guarded(&found, || -> u8 { panic!("a defect") }).unwrap_err();
        assert_eq!(failure.reason, Reason::Crashed);
        assert!(failure.detail.contains("faqs/a.md"), "{failure}");
        assert_eq!(guarded(&found, || 1), Ok(1));
    }

    #[test]
    fn a_nul_goes_and_text_that_looks_like_one_stays() {
        assert_eq!(storable("Ger\0ät".to_owned()), "Gerät");
        assert_eq!(storable(r"C:\u0000".to_owned()), r"C:\u0000");
        assert_eq!(storable(vec!["a\\\0b".to_owned()]), ["a\\b"]);
    }
}
