//! What is shown: the form that `--json` prints, from which text and page are made too.

mod fill;

use std::time::Duration;

use auskunft_extract::pdf::OutlineEntry;
use auskunft_model::{Identifier, Kind, Language, Outcome, PageOutcome, PageState, Reason};
use serde::Serialize;
use serde_json::{Map, Value};

use super::target::Target;
use crate::memory::peak_memory;
use crate::pdf::PdfReading;
use crate::run::read::ReadSource;

/// What was understood of a file.
#[derive(Debug, Serialize)]
pub(super) struct View {
    /// Path relative to the catalog.
    pub(super) source: String,
    /// Size.
    pub(super) bytes: u64,
    /// How it went.
    pub(super) outcome: Outcome,
    /// Why it is not `ok`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Reason>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    /// The document, or the documents of a file of records.
    #[serde(flatten)]
    pub(super) content: Content,
    /// Facts about a PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pdf: Option<PdfView>,
    /// What a person should know beside that.
    pub(super) notes: Vec<String>,
    /// How long it took.
    pub(super) seconds: f64,
    /// The most memory that this process held, in bytes.
    pub(super) peak_bytes: u64,
}

/// One document has its fields at the top; a file of records has lists.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Content {
    /// The file is one document, or nothing.
    One(Box<DocumentView>),
    /// The file holds records.
    Many {
        /// What the file holds.
        kind: &'static str,
        /// What was odd but not fatal, of the file and of its records.
        warnings: Vec<String>,
        /// Records that are knowledge.
        documents: Vec<DocumentView>,
        /// Records that are customer data: never chunked.
        tickets: Vec<TicketView>,
        /// Records that failed or were left alone.
        failures: Vec<FailureView>,
    },
}

/// A document with its chunks.
#[derive(Debug, Default, Serialize)]
pub(super) struct DocumentView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) document_id: Option<String>,
    /// The record's id in a file of records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) anchor: Option<String>,
    pub(super) kind: &'static str,
    pub(super) language: Option<Language>,
    pub(super) title: Option<String>,
    /// Every other field of the document that holds something.
    #[serde(flatten)]
    pub(super) details: Map<String, Value>,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) attributes: Vec<AttributeView>,
    pub(super) sections: Vec<SectionView>,
    pub(super) chunks: Vec<ChunkView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) pages: Vec<PageOutcome>,
    pub(super) warnings: Vec<String>,
}

/// A fact; `value` is a number in `unit` (money: in minor units of the currency), else the text.
#[derive(Debug, Serialize)]
pub(super) struct AttributeView {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) unit: Option<String>,
    pub(super) text: String,
    /// What else is known of the value: its type, the upper end of a range, whether VAT is included.
    #[serde(flatten)]
    pub(super) more: Map<String, Value>,
    /// The file that states it, where tables of the catalog were used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
}

/// A section as text.
#[derive(Debug, Serialize)]
pub(super) struct SectionView {
    pub(super) heading_path: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<u32>,
    /// Where it differs from the document's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<Kind>,
    /// Where it differs from the document's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<Language>,
    pub(super) text: String,
}

/// A chunk as it would be stored.
#[derive(Debug, Serialize)]
pub(super) struct ChunkView {
    pub(super) chunk_id: String,
    pub(super) section: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<u32>,
    /// Of the text with its headings, as the embedder counts.
    pub(super) tokens: u32,
    pub(super) kind: Kind,
    pub(super) language: Language,
    pub(super) text: String,
}

/// A ticket, without the customer's words.
#[derive(Debug, Serialize)]
pub(super) struct TicketView {
    pub(super) id: String,
    pub(super) status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) product: Option<String>,
}

/// A record that gave no document.
#[derive(Debug, Serialize)]
pub(super) struct FailureView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) anchor: Option<String>,
    pub(super) outcome: Outcome,
    pub(super) reason: Reason,
    pub(super) detail: String,
}

/// Facts about a PDF.
#[derive(Debug, Serialize)]
pub(super) struct PdfView {
    pub(super) engine: &'static str,
    pub(super) version: String,
    pub(super) encrypted: bool,
    pub(super) page_count: u32,
    /// In the file's metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stated_title: Option<String>,
    pub(super) outline: Vec<OutlineEntry>,
    pub(super) attachments: Vec<String>,
    /// The most memory that the worker held, in bytes; 0 when it did not live to tell.
    pub(super) worker_peak_bytes: u64,
}

impl View {
    /// The view of what was read.
    pub(super) fn of(target: &Target, read: &ReadSource, reading: Option<&PdfReading>) -> Self {
        let found = target.found();
        let failure = read.row.failure.as_ref();
        Self {
            source: found.source.path.clone(),
            bytes: found.bytes,
            outcome: read.row.outcome,
            reason: failure.map(|failure| failure.reason),
            detail: failure.map(|failure| failure.detail.clone()),
            content: fill::content(target, read, reading),
            pdf: reading.map(fill::pdf),
            notes: Vec::new(),
            seconds: 0.0,
            peak_bytes: 0,
        }
    }

    /// Takes the time and memory, last.
    pub(super) fn finish(&mut self, elapsed: Duration) {
        self.seconds = (elapsed.as_secs_f64() * 1_000.0).round() / 1_000.0;
        self.peak_bytes = peak_memory();
    }

    /// Its documents.
    pub(super) fn documents(&self) -> &[DocumentView] {
        match &self.content {
            Content::One(document) => std::slice::from_ref(document),
            Content::Many { documents, .. } => documents,
        }
    }
}

/// How many pages went how, in words; pages that are not `ok` by number.
pub(super) fn page_summary(pages: &[PageOutcome]) -> String {
    let of = |state: PageState| -> Vec<u32> {
        pages.iter().filter(|page| page.outcome == state).map(|page| page.page).collect()
    };
    let mut parts = vec![format!("{} of {} ok", of(PageState::Ok).len(), pages.len())];
    for (state, words) in
        [(PageState::NeedsOcr, "need character recognition"), (PageState::Failed, "can't be read")]
    {
        let numbers: Vec<String> = of(state).iter().map(u32::to_string).collect();
        let listed = numbers.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        let more = if numbers.len() > 12 { ", …" } else { "" };
        if !numbers.is_empty() {
            parts.push(format!("{} {words} ({listed}{more})", numbers.len()));
        }
    }
    parts.join("; ")
}
