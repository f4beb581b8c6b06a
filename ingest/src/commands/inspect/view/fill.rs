//! Fills the view from what was read.

use auskunft_extract::pdf::page_outcomes;
use auskunft_model::{Attribute, Chunk, Document, Failure, Outcome, Section, Ticket};
use serde_json::{Map, Value};

use super::{AttributeView, ChunkView, Content, DocumentView, FailureView, PdfView, SectionView, TicketView};
use crate::commands::inspect::target::{Looked, Target};
use crate::pdf::PdfReading;
use crate::run::read::{ReadDocument, ReadSource};

/// The document, or the documents of a file of records.
pub(super) fn content(target: &Target, read: &ReadSource, reading: Option<&PdfReading>) -> Content {
    let kind = match &target.looked {
        Looked::Source(found) => found.source.kind.as_str(),
        Looked::Skipped(..) | Looked::Unreadable(..) => "none",
    };
    let is_list = read.documents.iter().any(|read| read.document.anchor.is_some())
        || !read.tickets.is_empty()
        || !read.failures.is_empty()
        || read.documents.len() > 1;
    if is_list {
        let failures = read
            .failures
            .iter()
            .map(|record| failure(record.anchor.as_deref(), &record.failure, record.skipped));
        return Content::Many {
            kind,
            warnings: read.warnings.clone(),
            documents: read.documents.iter().map(document).collect(),
            tickets: read.tickets.iter().map(|read| ticket(&read.ticket)).collect(),
            failures: failures.collect(),
        };
    }
    let nothing = || DocumentView { kind, ..DocumentView::default() };
    let mut view = read.documents.first().map_or_else(nothing, document);
    view.warnings.clone_from(&read.warnings);
    // Of a document that failed, its pages say why.
    view.pages = reading.map(|reading| page_outcomes(&reading.reading)).unwrap_or_default();
    Content::One(Box::new(view))
}

/// Fields that the view shows in a form of its own.
const SHOWN: [&str; 11] = [
    "id",
    "source",
    "anchor",
    "kind",
    "title",
    "language",
    "identifiers",
    "attributes",
    "sections",
    "pages",
    "warnings",
];

fn document(read: &ReadDocument) -> DocumentView {
    let document = &read.document;
    DocumentView {
        document_id: Some(document.id.to_string()),
        anchor: document.anchor.clone(),
        kind: document.kind.as_str(),
        language: Some(document.language.clone()),
        title: Some(document.title.clone()),
        details: details(document),
        identifiers: document.identifiers.clone(),
        attributes: attributes(read),
        sections: document.sections.iter().map(section).collect(),
        chunks: read.chunks.iter().map(chunk).collect(),
        pages: document.pages.clone(),
        warnings: document.warnings.clone(),
    }
}

fn details(document: &Document) -> Map<String, Value> {
    let Ok(Value::Object(fields)) = serde_json::to_value(document) else { return Map::new() };
    let holds = |value: &Value| match value {
        Value::Null => false,
        Value::Array(values) => !values.is_empty(),
        Value::Object(values) => !values.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    };
    fields.into_iter().filter(|(name, value)| !SHOWN.contains(&name.as_str()) && holds(value)).collect()
}

/// The facts of the page, completed and overruled by the catalog's tables where these were used.
fn attributes(read: &ReadDocument) -> Vec<AttributeView> {
    match &read.additions {
        Some(additions) => {
            let page = &read.document.source;
            let source = |source: &String| (source != page).then(|| source.clone());
            additions.attributes.iter().map(|(fact, from)| attribute(fact, source(from))).collect()
        }
        None => read.document.attributes.iter().map(|fact| attribute(fact, None)).collect(),
    }
}

fn attribute(fact: &Attribute, source: Option<String>) -> AttributeView {
    let mut more = match serde_json::to_value(&fact.value) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => Map::new(),
    };
    let value = ["minor", "amount", "amounts"].into_iter().find_map(|name| more.remove(name));
    let unit = more.remove("currency").or_else(|| more.remove("unit"));
    more.retain(|_, value| !value.is_null());
    AttributeView {
        key: fact.key.clone(),
        value: value.unwrap_or_else(|| Value::String(fact.text.clone())),
        unit: unit.and_then(|unit| unit.as_str().map(str::to_owned)),
        text: fact.text.clone(),
        more,
        source,
    }
}

fn section(section: &Section) -> SectionView {
    SectionView {
        heading_path: section.heading_path.clone(),
        page: section.page,
        kind: section.kind,
        language: section.language.clone(),
        text: section.text(),
    }
}

fn chunk(chunk: &Chunk) -> ChunkView {
    ChunkView {
        chunk_id: chunk.id.to_string(),
        section: chunk.heading_path.clone(),
        page: chunk.page,
        tokens: chunk.tokens,
        kind: chunk.kind,
        language: chunk.language.clone(),
        text: chunk.text.clone(),
    }
}

fn ticket(ticket: &Ticket) -> TicketView {
    TicketView { id: ticket.id.clone(), status: ticket.status.clone(), product: ticket.product.clone() }
}

fn failure(anchor: Option<&str>, failure: &Failure, skipped: bool) -> FailureView {
    FailureView {
        anchor: anchor.map(str::to_owned),
        outcome: if skipped { Outcome::Skipped } else { Outcome::Failed },
        reason: failure.reason,
        detail: failure.detail.clone(),
    }
}

pub(super) fn pdf(reading: &PdfReading) -> PdfView {
    let facts = &reading.reading.facts;
    PdfView {
        engine: reading.engine,
        version: facts.version.clone(),
        encrypted: facts.encrypted,
        page_count: facts.page_count,
        stated_title: facts.title.clone(),
        outline: facts.outline.clone(),
        attachments: facts.attachments.clone(),
        worker_peak_bytes: reading.peak_bytes,
    }
}
