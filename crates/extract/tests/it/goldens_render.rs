//! A file as it was read, as text that people can compare with the original.

use std::fmt::Write as _;

use auskunft_extract::pdf::{self, Engine};
use auskunft_extract::{Record, extract};
use auskunft_model::{
    Attribute, Block, Document, Failure, PageState, Reason, Section, Source, SourceKind, Value,
};

use crate::drive::defaults;
use crate::goldens::failure;
use crate::pdf::read_bytes;
use crate::samples::bytes;

/// A longer block is shortened in its middle.
const LONG_TEXT: usize = 240;
/// A table of more rows is shortened in its middle.
const LONG_TABLE: usize = 70;
/// Characters of a document after which sections are shown by their hash only.
const SHOWN_CHARACTERS: usize = 8_000;
/// Records of a list that are shown; of the others only the hash.
const SHOWN_RECORDS: usize = 8;

/// What a sample became.
pub(crate) struct Read {
    /// Below the samples.
    pub(crate) path: String,
    pub(crate) kind: SourceKind,
    /// Of a PDF.
    pub(crate) engine: Option<&'static str>,
    /// Its documents, and what is missing of them.
    pub(crate) result: Result<Documents, Failure>,
    /// Of a PDF: pages that need character recognition.
    pub(crate) pages_without_text: usize,
    /// Words of the file itself, before anything is left out.
    pub(crate) raw_text: String,
}

pub(crate) struct Documents {
    pub(crate) documents: Vec<Document>,
    pub(crate) failures: Vec<Failure>,
    pub(crate) warnings: Vec<String>,
}

impl Documents {
    /// Left alone altogether, read in part, or whole.
    pub(crate) fn outcome(&self) -> &'static str {
        let is_left_alone = self.failures.iter().all(|failure| failure.reason == Reason::Unresolved);
        match (self.failures.is_empty(), self.documents.is_empty() && is_left_alone) {
            (true, _) => "ok",
            (false, true) => "skipped",
            (false, false) => "partial",
        }
    }
}

/// Reads a sample; a PDF by this engine.
pub(crate) fn read(path: &str, kind: SourceKind, engine: &Engine) -> Read {
    let content = bytes(path);
    if kind == SourceKind::Manual {
        return read_pdf(path, &content, engine);
    }
    let source = Source { path: path.to_owned(), kind };
    let result = extract(&source, &content, &defaults()).map(|extracted| {
        let (mut documents, mut failures) = (Vec::new(), Vec::new());
        for outcome in extracted.records {
            match outcome.result {
                Ok(Record::Document(document)) => documents.push(document),
                Ok(Record::Ticket(_)) => {}
                Err(failure) => failures.push(failure),
            }
        }
        Documents { documents, failures, warnings: extracted.warnings }
    });
    let raw_text = crate::goldens_overview::visible_text(path, &content);
    Read { path: path.to_owned(), kind, engine: None, result, pages_without_text: 0, raw_text }
}

fn read_pdf(path: &str, content: &[u8], engine: &Engine) -> Read {
    let source = Source { path: path.to_owned(), kind: SourceKind::Manual };
    let reading = read_bytes(content, engine);
    let (mut pages_without_text, mut raw_text) = (0, String::new());
    if let Ok(reading) = &reading {
        let states = reading.pages.iter().map(|page| pdf::quality::of(page).state());
        pages_without_text = states.filter(|state| *state == PageState::NeedsOcr).count();
        let spans = reading.pages.iter().flat_map(|page| &page.spans);
        raw_text = spans.map(|span| span.text.as_str()).collect::<Vec<_>>().join(" ");
    }
    let result = reading.and_then(|reading| pdf::document(&source, &reading, &defaults()));
    let result = result.map(|(document, missing)| Documents {
        documents: vec![document],
        failures: missing.into_iter().collect(),
        warnings: Vec::new(),
    });
    let engine = Some(engine.name());
    Read { path: path.to_owned(), kind: SourceKind::Manual, engine, result, pages_without_text, raw_text }
}

/// Name of the golden: the file's own, and the engine's where there are two.
pub(crate) fn file_name(read: &Read) -> String {
    let name = read.path.rsplit('/').next().unwrap_or(&read.path);
    match read.engine {
        Some(engine) => format!("{name}.{engine}.txt"),
        None => format!("{name}.txt"),
    }
}

/// The whole golden. Only the first choice of the PDF engines is shown with its texts.
pub(crate) fn render(read: &Read) -> String {
    let mut text = format!("file: {}\nkind: {}\n", read.path, read.kind.as_str());
    let documents = match &read.result {
        Ok(documents) => documents,
        Err(found) => {
            let _ = writeln!(text, "outcome: failed\nreason: {}", failure(found));
            let _ = writeln!(text, "pages that need character recognition: {}", read.pages_without_text);
            return text;
        }
    };
    let _ = writeln!(text, "outcome: {}", documents.outcome());
    documents.failures.iter().for_each(|found| line(&mut text, "missing", &failure(found)));
    documents.warnings.iter().for_each(|warning| line(&mut text, "warning", warning));
    let is_list = documents.documents.len() > 1;
    if is_list {
        line(&mut text, "documents", &documents.documents.len().to_string());
    }
    for (index, document) in documents.documents.iter().enumerate() {
        if is_list && index >= SHOWN_RECORDS {
            let whole = serde_json::to_string(document).unwrap();
            let anchor = document.anchor.as_deref().unwrap_or("");
            let _ = writeln!(text, "\n#{anchor} {} [{}]", document.title, hash(&whole));
            continue;
        }
        render_document(&mut text, document, read.engine != Some("docling"));
    }
    text
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key}: {value}");
}

fn render_document(text: &mut String, document: &Document, with_texts: bool) {
    text.push('\n');
    fields(text, document);
    for identifier in &document.identifiers {
        let _ = writeln!(text, "identifier: {} {}", identifier.kind.as_str(), identifier.text);
    }
    for attribute in &document.attributes {
        let _ = writeln!(text, "attribute: {}", render_attribute(attribute));
    }
    if !document.pages.is_empty() {
        let _ = writeln!(text, "pages: {}", render_pages(document));
    }
    let start = text.len();
    for section in &document.sections {
        let is_shown = with_texts && text.len() < start + SHOWN_CHARACTERS;
        render_section(text, section, is_shown);
    }
}

/// Every field that has something in it, whatever fields there are.
fn fields(text: &mut String, document: &Document) {
    let value = serde_json::to_value(document).unwrap();
    let shown_below = ["id", "source", "sections", "pages", "identifiers", "attributes"];
    for (key, value) in value.as_object().unwrap() {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if shown_below.contains(&key.as_str()) || is_empty {
            continue;
        }
        match value {
            serde_json::Value::Array(list) => list.iter().for_each(|one| line(text, key, &plain(one))),
            other => line(text, key, &plain(other)),
        }
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn render_attribute(attribute: &Attribute) -> String {
    let value = match &attribute.value {
        Value::Text => String::new(),
        value => format!(" = {}", serde_json::to_string(value).unwrap()),
    };
    format!("{}: {}{value}", attribute.key, short(&attribute.text))
}

/// `1–6 ok, 7 needs_ocr`.
fn render_pages(document: &Document) -> String {
    let mut runs: Vec<(u32, u32, &str)> = Vec::new();
    for page in &document.pages {
        let state = match page.outcome {
            PageState::Ok => "ok",
            PageState::NeedsOcr => "needs_ocr",
            PageState::Failed => "failed",
        };
        match runs.last_mut().filter(|run| run.2 == state && run.1 + 1 == page.page) {
            Some(run) => run.1 = page.page,
            None => runs.push((page.page, page.page, state)),
        }
    }
    let runs: Vec<String> =
        runs.iter().map(|(first, last, state)| format!("{first}–{last} {state}")).collect();
    runs.join(", ")
}

fn render_section(text: &mut String, section: &Section, with_texts: bool) {
    let path = section.heading_path.join(" › ");
    let page = section.page.map_or_else(String::new, |page| format!(" [page {page}]"));
    let kind = section.kind.map_or_else(String::new, |kind| format!(" [{kind}]"));
    let language = section.language.as_ref().map_or_else(String::new, |language| format!(" [{language}]"));
    let head = format!("## {path}{page}{kind}{language}");
    let _ = writeln!(text, "\n{}", head.trim_end());
    if with_texts {
        section.blocks.iter().for_each(|block| render_block(text, block));
    } else {
        let whole = section.text();
        let tables = section.blocks.iter().filter(|block| matches!(block, Block::Table { .. })).count();
        let tables = if tables > 0 { format!(", {tables} table(s)") } else { String::new() };
        let words = whole.split_whitespace().count();
        let _ = writeln!(text, "{words} words{tables} [{}]", hash(&whole));
    }
}

fn render_block(text: &mut String, block: &Block) {
    match block {
        Block::Paragraph { text: paragraph } => {
            let _ = writeln!(text, "{}", short(paragraph));
        }
        Block::Item { text: item } => {
            let _ = writeln!(text, "- {}", short(item));
        }
        Block::Contents { text: contents } => {
            let _ = writeln!(text, "contents: {}", short(contents));
        }
        Block::Table { header, rows } => render_table(text, header, rows),
    }
}

fn render_table(text: &mut String, header: &[String], rows: &[Vec<String>]) {
    let cells = |row: &[String]| format!("| {} |", row.join(" | "));
    let head = if header.is_empty() { "no header".to_owned() } else { format!("header {}", cells(header)) };
    let _ = writeln!(text, "table, {} rows; {head}", rows.len());
    let left_out = rows.len().saturating_sub(LONG_TABLE);
    for (index, row) in rows.iter().enumerate() {
        if left_out > 0 && index == LONG_TABLE - 10 {
            let whole: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
            let _ =
                writeln!(text, "… {left_out} rows left out here; hash of all {}", hash(&whole.join("\n")));
        }
        if left_out == 0 || index < LONG_TABLE - 10 || index >= LONG_TABLE - 10 + left_out {
            let _ = writeln!(text, "{}", cells(row));
        }
    }
}

/// A text as one line; a long one without its middle but with the hash of all of it.
fn short(text: &str) -> String {
    let text = text.replace('\n', " ⏎ ");
    let length = text.chars().count();
    if length <= LONG_TEXT {
        return text;
    }
    let head: String = text.chars().take(LONG_TEXT * 6 / 10).collect();
    let tail: String = text.chars().skip(length - LONG_TEXT * 3 / 10).collect();
    format!("{head} […{length} characters, {}…] {tail}", hash(&text))
}

/// FNV-1a, 32 bits (RFC 9923): tells that something changed.
fn hash(text: &str) -> String {
    let sum =
        text.bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{sum:08x}")
}
