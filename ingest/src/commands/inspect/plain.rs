//! The form for people at a terminal.

use serde_json::Value;

use super::view::{
    AttributeView, ChunkView, Content, DocumentView, FailureView, PdfView, SectionView, TicketView, View,
};
use crate::args::InspectArgs;

/// Columns of a line.
const WIDTH: usize = 100;
/// Columns of the labels on the left.
const LABEL: usize = 13;
/// Lines of a text that are shown unless all are wanted.
const FEW_LINES: usize = 4;

/// The whole text.
pub(super) fn text(view: &View, args: &InspectArgs) -> String {
    let mut page = Page { lines: Vec::new(), skip: args.skip, limit: args.limit, full: args.full };
    page.head(view);
    // With a page for the browser the rest is there, in a better form.
    if args.html.is_none() {
        match &view.content {
            Content::One(document) => page.document(document),
            Content::Many { warnings, documents, tickets, failures, .. } => {
                page.warnings(warnings);
                page.records(documents, tickets, failures);
            }
        }
    }
    page.lines.join("\n")
}

struct Page {
    lines: Vec<String>,
    skip: usize,
    limit: usize,
    full: bool,
}

impl Page {
    fn head(&mut self, view: &View) {
        self.lines.push(view.source.clone());
        let reason = view.reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        self.labelled("outcome", &format!("{}{reason}", view.outcome.as_str()));
        if let Some(detail) = &view.detail {
            self.labelled("", detail);
        }
        match &view.content {
            Content::One(document) => self.about(document),
            Content::Many { kind, documents, tickets, failures, .. } => {
                self.labelled("kind", kind);
                let counts = format!(
                    "{} documents, {} tickets, {} failed or left alone",
                    documents.len(),
                    tickets.len(),
                    failures.len()
                );
                self.labelled("records", &counts);
            }
        }
        if let Some(pdf) = &view.pdf {
            self.pdf(pdf);
        }
        self.labelled("read", &cost(view));
        for note in &view.notes {
            self.labelled("note", note);
        }
    }

    /// Title and the like of one document.
    fn about(&mut self, document: &DocumentView) {
        self.labelled("kind", document.kind);
        if let Some(title) = &document.title {
            self.labelled("title", title);
        }
        if let Some(language) = &document.language {
            self.labelled("language", language.as_str());
        }
        for (name, value) in &document.details {
            self.labelled(&name.replace('_', " "), &plain(value));
        }
        if !document.identifiers.is_empty() {
            let numbers: Vec<String> = document
                .identifiers
                .iter()
                .map(|number| format!("{} {}", number.kind.as_str(), number.text))
                .collect();
            self.labelled("identifiers", &numbers.join(", "));
        }
        if !document.pages.is_empty() {
            self.labelled("pages", &super::view::page_summary(&document.pages));
        }
    }

    fn pdf(&mut self, pdf: &PdfView) {
        let encrypted = if pdf.encrypted { ", encrypted (opens without a password)" } else { "" };
        let facts =
            format!("version {}, {} pages{encrypted}, read by {}", pdf.version, pdf.page_count, pdf.engine);
        self.labelled("pdf", &facts);
        if !pdf.outline.is_empty() {
            let placed = pdf.outline.iter().filter(|entry| entry.page.is_some()).count();
            self.labelled("outline", &format!("{} bookmarks, {placed} with their page", pdf.outline.len()));
        }
        if !pdf.attachments.is_empty() {
            self.labelled("attachments", &format!("{} (not read)", pdf.attachments.join(", ")));
        }
    }

    fn document(&mut self, document: &DocumentView) {
        self.warnings(&document.warnings);
        self.list("Attributes", &document.attributes, Self::attribute);
        self.list("Sections", &document.sections, Self::section);
        self.list("Chunks", &document.chunks, Self::chunk);
    }

    fn warnings(&mut self, warnings: &[String]) {
        self.list("Warnings", warnings, |page, warning| page.wrapped(warning, 2, usize::MAX));
    }

    fn records(&mut self, documents: &[DocumentView], tickets: &[TicketView], failures: &[FailureView]) {
        self.list("Failed or left alone", failures, |page, record| {
            let name = record.anchor.as_deref().unwrap_or("(without an id of its own)");
            page.lines.push(format!("  {name}  {} ({})", record.outcome.as_str(), record.reason));
            page.wrapped(&record.detail, 6, usize::MAX);
        });
        self.list("Tickets", tickets, |page, ticket| {
            let product = ticket.product.as_ref().map_or_else(String::new, |product| format!("  {product}"));
            page.lines.push(format!("  {}  {}{product}", ticket.id, ticket.status));
        });
        self.list("Documents", documents, |page, document| {
            let anchor = document.anchor.as_deref().unwrap_or("-");
            let language = document.language.as_ref().map_or("-", |language| language.as_str());
            page.lines.push(format!("  {anchor}  [{language}] {}", document.title.as_deref().unwrap_or("")));
            for (name, value) in &document.details {
                page.lines.push(format!("      {}: {}", name.replace('_', " "), plain(value)));
            }
            for chunk in &document.chunks {
                page.wrapped(&chunk.text, 6, FEW_LINES);
            }
        });
    }

    fn attribute(&mut self, fact: &AttributeView) {
        let typed = match (&fact.value, &fact.unit) {
            (Value::String(_), None) => String::new(),
            (value, Some(unit)) if fact.more.get("type").is_some_and(|name| name == "money") => {
                format!("= {} minor units of {unit}", plain(value))
            }
            (value, Some(unit)) => format!("= {} {unit}", amount(value, fact.more.get("upper"))),
            (value, None) => format!("= {}", amount(value, fact.more.get("upper"))),
        };
        let source = fact.source.as_ref().map_or_else(String::new, |source| format!("  ({source})"));
        let line = format!("  {:<30}  {:<34} {typed}{source}", fact.key, fact.text);
        self.lines.push(line.trim_end().to_owned());
    }

    fn section(&mut self, section: &SectionView) {
        let kind = section.kind.map_or_else(String::new, |kind| format!("  [{kind}]"));
        let language =
            section.language.as_ref().map_or_else(String::new, |language| format!("  [{language}]"));
        self.place(section.page, &section.heading_path, &format!("{kind}{language}"));
        self.wrapped(&section.text, 6, FEW_LINES);
    }

    fn chunk(&mut self, chunk: &ChunkView) {
        let about = format!("  {} tokens, {}", chunk.tokens, chunk.chunk_id);
        self.place(chunk.page, &chunk.section, &about);
        self.wrapped(&chunk.text, 6, FEW_LINES / 2);
    }

    fn place(&mut self, page: Option<u32>, headings: &[String], about: &str) {
        let page = page.map_or_else(String::new, |page| format!("p. {page}  "));
        let headings = if headings.is_empty() { "(no heading)".to_owned() } else { headings.join(" › ") };
        self.lines.push(format!("  {page}{headings}{about}"));
    }

    /// A list's part that was asked for, under its title and with its size.
    fn list<T>(&mut self, title: &str, entries: &[T], mut show: impl FnMut(&mut Self, &T)) {
        if entries.is_empty() {
            return;
        }
        let limit = if self.limit == 0 { usize::MAX } else { self.limit };
        let shown = entries.iter().skip(self.skip).take(limit);
        let (first, last) = (self.skip + 1, self.skip + shown.len());
        let part =
            if shown.len() < entries.len() { format!(", {first}–{last} shown") } else { String::new() };
        self.lines.push(String::new());
        self.lines.push(format!("{title} ({}{part})", entries.len()));
        shown.for_each(|entry| show(self, entry));
        if last < entries.len() {
            let rest = entries.len() - last;
            self.lines.push(format!("  … and {rest} more: --skip {last}, or --limit 0 for all"));
        }
    }

    fn labelled(&mut self, label: &str, value: &str) {
        let mut label = label;
        for line in value.lines().flat_map(|line| wrap(line, WIDTH - LABEL - 3)) {
            self.lines.push(format!("  {label:<LABEL$} {line}"));
            label = "";
        }
    }

    fn wrapped(&mut self, text: &str, indent: usize, few: usize) {
        let lines: Vec<String> = text.lines().flat_map(|line| wrap(line, WIDTH - indent)).collect();
        let shown = if self.full { lines.len() } else { few.min(lines.len()) };
        self.lines.extend(lines.iter().take(shown).map(|line| format!("{:indent$}{line}", "")));
        if shown < lines.len() {
            self.lines.push(format!("{:indent$}… ({} more lines)", "", lines.len() - shown));
        }
    }
}

fn amount(value: &Value, upper: Option<&Value>) -> String {
    upper.map_or_else(|| plain(value), |upper| format!("{}–{}", plain(value), plain(upper)))
}

/// A value without quotes and brackets, a whole number without decimals.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        other => other.to_string(),
    }
}

/// Seconds and memory.
pub(super) fn cost(view: &View) -> String {
    let megabytes = |bytes: u64| bytes.div_ceil(1 << 20);
    let worker = view.pdf.as_ref().map(|pdf| pdf.worker_peak_bytes).filter(|&bytes| bytes > 0);
    let worker = worker.map_or_else(String::new, |bytes| format!(", reader process {} MB", megabytes(bytes)));
    let own = megabytes(view.peak_bytes);
    format!("{} bytes in {:.2} s, {own} MB of memory{worker}", view.bytes, view.seconds)
}

/// Lines of at most so many characters, broken between words where there are any.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                lines.push(word.to_owned());
                room = width.saturating_sub(length);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("Tank füllen und einschalten", 12), ["Tank füllen", "und", "einschalten"]);
        assert_eq!(wrap("Donaudampfschifffahrt ja", 5), ["Donaudampfschifffahrt", "ja"]);
        assert!(wrap("  ", 10).is_empty());
    }

    #[test]
    fn a_list_shows_the_part_that_was_asked_for_and_says_so() {
        let mut page = Page { lines: Vec::new(), skip: 2, limit: 2, full: false };
        page.list("Zahlen", &[1, 2, 3, 4, 5], |page, number| page.lines.push(number.to_string()));
        let expected =
            ["", "Zahlen (5, 3–4 shown)", "3", "4", "  … and 1 more: --skip 4, or --limit 0 for all"];
        assert_eq!(page.lines, expected);
    }
}
