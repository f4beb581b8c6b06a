//! Bytes to the readers, and what must hold of whatever they make of them.
//!
//! Each function takes any bytes. The fuzz targets call them with what the fuzzer invents, the tests with findings that
//! were kept and with pieces of real files. The first byte of a file's input chooses how the rest is read; see `kinds`.

pub(crate) mod invariants;
pub(crate) mod pages;

use auskunft_extract::pdf::{self, PdfFacts, Reading};
use auskunft_extract::{Defaults, Extracted, Record, classify, extract};
use auskunft_model::{Document, Language, Source, SourceKind};
use auskunft_text::{identifier, language, number, sentence, unit, value};

/// Budgets in tokens: the product's own, and one that forces cuts.
const BUDGETS: [usize; 2] = [250, 40];

/// What `html` reads, by its first byte.
pub(crate) const PAGE_KINDS: [(SourceKind, &str); 4] = [
    (SourceKind::Product, "html"),
    (SourceKind::Faq, "html"),
    (SourceKind::Policy, "html"),
    (SourceKind::Dialog, "html"),
];

/// What `records` reads, by its first byte.
pub(crate) const RECORD_KINDS: [(SourceKind, &str); 14] = [
    (SourceKind::Faq, "jsonl"),
    (SourceKind::Faq, "json"),
    (SourceKind::Faq, "csv"),
    (SourceKind::Faq, "md"),
    (SourceKind::Faq, "txt"),
    (SourceKind::Policy, "md"),
    (SourceKind::Policy, "txt"),
    (SourceKind::Dialog, "jsonl"),
    (SourceKind::Dialog, "json"),
    (SourceKind::Dialog, "csv"),
    (SourceKind::Dialog, "md"),
    (SourceKind::Ticket, "jsonl"),
    (SourceKind::Ticket, "json"),
    (SourceKind::Ticket, "csv"),
];

/// Pages of placed text, as [`pages::decode`] finds them.
pub(crate) fn pdf_layout(data: &[u8]) {
    let (pages, outline) = pages::decode(data);
    let page_count = pages.iter().map(|page| page.number).max().unwrap_or(0);
    let facts = PdfFacts { page_count, outline, ..PdfFacts::default() };
    let source = Source { path: "manuals/km-2400_de.pdf".to_owned(), kind: SourceKind::Manual };
    let reading = Reading { facts, pages, cut: None };
    if let Ok((document, _)) = pdf::document(&source, &reading, &defaults()) {
        invariants::pages_in_range(&document, page_count);
        invariants::no_layout_signs(&document);
        check(&document);
    }
}

/// A page of the shop.
pub(crate) fn html(data: &[u8]) {
    read_as(&PAGE_KINDS, data);
}

/// Questions, rules, dialogs and tickets in every format but HTML.
pub(crate) fn records(data: &[u8]) {
    read_as(&RECORD_KINDS, data);
}

/// Small readers of texts: numbers, units, money, identifiers, sentences, normal forms, redaction, language.
pub(crate) fn numbers(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let _ = (value::read_value(text), unit::find(text), language::detect(text));
    invariants::numbers(text);
    invariants::money(text);
    invariants::sentences(text, &sentence::sentences(text));
    invariants::identifiers(text, &identifier::find(text));
    let _ = (identifier::candidates(text), identifier::normal_form(text), number::parse_whole(text));
    invariants::normal_forms(text);
    invariants::redaction(text);
}

/// Reads a file of this kind and ending, and checks what came of it.
pub(crate) fn file(kind: SourceKind, extension: &str, bytes: &[u8]) -> Vec<Document> {
    let path = format!("any/km-2400_de.{extension}");
    let _ = classify(&path, bytes);
    let Ok(extracted) = extract(&Source { path, kind }, bytes, &defaults()) else { return Vec::new() };
    invariants::outcomes(&extracted);
    let documents = documents(extracted);
    documents.iter().for_each(check);
    documents
}

fn read_as(kinds: &[(SourceKind, &str)], data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let (kind, extension) = kinds[usize::from(first) % kinds.len()];
    file(kind, extension, rest);
}

fn documents(extracted: Extracted) -> Vec<Document> {
    let records = extracted.records.into_iter().filter_map(|outcome| outcome.result.ok());
    let document = |record| match record {
        Record::Document(document) => Some(document),
        Record::Ticket(_) => None,
    };
    records.filter_map(document).collect()
}

/// What must hold of every document, and of its chunks within any budget.
pub(crate) fn check(document: &Document) {
    invariants::document(document);
    for budget in BUDGETS {
        invariants::chunks(document, budget);
    }
}

/// A German shop.
pub(crate) fn defaults() -> Defaults {
    Defaults { language: Language::german() }
}
