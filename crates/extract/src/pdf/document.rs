//! Pages to a document: which can be used, its title, its language, the numbers of products in it.

use std::collections::BTreeMap;

use auskunft_model::{Document, Failure, Kind, PageOutcome, PageState, Reason, Section, Source, SourceKind};
use auskunft_text::identifier;

use super::layout::{self, Layout, Placed};
use super::page::{Page, PdfFacts};
use super::quality::{self, Quality};
use super::troubleshooting;
use crate::{Defaults, language, policy};

/// Pages of which numbers of products are taken; later ones name spare parts, accessories and other models.
const IDENTIFIER_PAGES: u32 = 3;
/// Characters of a title.
const MAX_TITLE: usize = 160;

/// What was read of a file: all of it, or the pages before the reader stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Facts about the file; its page count also counts pages that were not read.
    pub facts: PdfFacts,
    /// The pages that were read, in order.
    pub pages: Vec<Page>,
    /// Why the reader stopped before the end, if it did.
    pub cut: Option<Failure>,
}

/// Makes a document of what was read. The second value says what is missing from it, when something is: the outcome is
/// `partial` then, else `ok`.
///
/// # Errors
/// `no_text` when no page has text (scans, blank pages), `garbled_text` when text is there but none of it readable,
/// `damaged` (or the reason of the cut) when not a single page was read, `unsupported` for a PDF of tickets or dialogs.
pub fn document(
    source: &Source,
    reading: &Reading,
    defaults: &Defaults,
) -> Result<(Document, Option<Failure>), Failure> {
    let kind = kind(source)?;
    if reading.pages.is_empty() {
        return Err(unread(source, reading));
    }
    let qualities: Vec<Quality> = reading.pages.iter().map(quality::of).collect();
    let readable = readable(&reading.pages, &qualities);
    if readable.is_empty() {
        return Err(textless(source, &qualities));
    }
    let mut layout = layout::lay_out(&readable, &reading.facts.outline);
    let title = title(source, &reading.facts, layout.title.as_deref());
    keep_printed_title(&mut layout, &title);
    let language = language::of_sections(&layout.sections, None, &defaults.language);
    let mut document = Document::new(&source.path, None, kind, &title, language);
    document.identifiers = identifier::find(&identifier_text(source, &title, &layout.sections));
    document.pages = outcomes(reading, &qualities);
    document.warnings = layout
        .plain_pages
        .iter()
        .map(|page| format!("page {page}: layout not understood, plain text kept"))
        .chain(attachments(&reading.facts))
        .collect();
    document.sections = troubleshooting::mark(layout.sections);
    language::mark_sections(&mut document);
    if document.kind == Kind::Policy {
        policy::complete(&mut document, source);
    }
    let missing = missing(source, reading, &document.pages);
    Ok((document, missing))
}

fn attachments(facts: &PdfFacts) -> Option<String> {
    let names = facts.attachments.join("`, `");
    (!names.is_empty())
        .then(|| format!("the attached files `{names}` are not read; deliver them beside the PDF"))
}

/// What was understood of each page that can be used, with its place; pages that need character recognition have nothing.
pub fn placed(reading: &Reading) -> Vec<Placed> {
    let qualities: Vec<Quality> = reading.pages.iter().map(quality::of).collect();
    layout::place(&readable(&reading.pages, &qualities), &reading.facts.outline)
}

fn readable<'a>(pages: &'a [Page], qualities: &[Quality]) -> Vec<&'a Page> {
    let pairs = pages.iter().zip(qualities);
    pairs.filter(|(_, quality)| **quality == Quality::Text).map(|(page, _)| page).collect()
}

/// How each page of the file went, also of one that gives no document.
pub fn page_outcomes(reading: &Reading) -> Vec<PageOutcome> {
    let qualities: Vec<Quality> = reading.pages.iter().map(quality::of).collect();
    outcomes(reading, &qualities)
}

fn kind(source: &Source) -> Result<Kind, Failure> {
    match source.kind {
        SourceKind::Manual => Ok(Kind::Manual),
        SourceKind::Policy => Ok(Kind::Policy),
        SourceKind::Faq => Ok(Kind::Faq),
        SourceKind::Product => Ok(Kind::Product),
        SourceKind::Dialog | SourceKind::Ticket => {
            let detail =
                format!("{}: {}s are not read from PDF; deliver JSONL", source.path, source.kind.as_str());
            Err(Failure::new(Reason::Unsupported, detail))
        }
    }
}

fn unread(source: &Source, reading: &Reading) -> Failure {
    let path = &source.path;
    match &reading.cut {
        Some(cut) => Failure::new(cut.reason, format!("{path}: {}", cut.detail)),
        None => Failure::new(Reason::Damaged, format!("{path}: no page can be read; the file is broken")),
    }
}

fn textless(source: &Source, qualities: &[Quality]) -> Failure {
    let path = &source.path;
    let count = qualities.len();
    if qualities.contains(&Quality::Garbled) {
        let detail = format!(
            "{path}: the text of {count} page(s) is unreadable signs; run character recognition on it"
        );
        return Failure::new(Reason::GarbledText, detail);
    }
    let detail =
        format!("{path}: none of {count} page(s) has text (a scan?); run character recognition on it");
    Failure::new(Reason::NoText, detail)
}

/// One outcome for each page of the file.
fn outcomes(reading: &Reading, qualities: &[Quality]) -> Vec<PageOutcome> {
    let mut states: BTreeMap<u32, PageState> = BTreeMap::new();
    for (page, quality) in reading.pages.iter().zip(qualities) {
        states.insert(page.number, quality.state());
    }
    // A file may claim any number of pages; what it claims without having them is no reason to list millions.
    let last = reading.facts.page_count.min(20_000);
    for number in 1..=last {
        states.entry(number).or_insert(PageState::Failed);
    }
    states.into_iter().map(|(page, outcome)| PageOutcome { page, outcome }).collect()
}

/// What is missing: the reader's own reason when it was cut off, else the pages that are not `ok`.
fn missing(source: &Source, reading: &Reading, pages: &[PageOutcome]) -> Option<Failure> {
    let of = |state: PageState| -> Vec<u32> {
        pages.iter().filter(|page| page.outcome == state).map(|page| page.page).collect()
    };
    let (scans, failed) = (of(PageState::NeedsOcr), of(PageState::Failed));
    let path = &source.path;
    if let Some(cut) = &reading.cut {
        let detail = format!("{path}: read {} of {} pages: {}", reading.pages.len(), pages.len(), cut.detail);
        return Some(Failure::new(cut.reason, detail));
    }
    let mut parts = Vec::new();
    if !scans.is_empty() {
        parts.push(format!("page(s) {} need character recognition", ranges(&scans)));
    }
    if !failed.is_empty() {
        parts.push(format!("page(s) {} cannot be read", ranges(&failed)));
    }
    (!parts.is_empty()).then(|| Failure::new(Reason::SomePages, format!("{path}: {}", parts.join("; "))))
}

/// `1, 3–5, 9`.
fn ranges(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let texts: Vec<String> = runs
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") })
        .collect();
    texts.join(", ")
}

/// The file's own title where it is one, else what stands out on the first page, else the file's name.
fn title(source: &Source, facts: &PdfFacts, printed: Option<&str>) -> String {
    let own = facts.title.as_deref().filter(|title| is_title(title));
    match own.or(printed) {
        Some(title) => title.chars().take(MAX_TITLE).collect(),
        None => source.stem().replace(['_', '-'], " ").split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// A printed title is no heading of a section; where the file names another one, it stays as text of its own.
fn keep_printed_title(layout: &mut Layout, title: &str) {
    let Some(printed) = layout.title.as_ref().filter(|printed| *printed != title) else { return };
    let holds =
        |section: &Section| section.heading_path.contains(printed) || section.text().contains(printed);
    if !layout.sections.iter().any(holds) {
        let page = layout.sections.first().and_then(|section| section.page);
        layout.sections.insert(0, Section::of_paragraphs(Vec::new(), page, vec![printed.clone()]));
    }
}

/// Metadata often holds the name of a file, of a template or of nothing.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let names = [
        ".doc",
        ".pdf",
        ".indd",
        ".qxd",
        ".fm",
        ".xls",
        ".tex",
        ".dvi",
        ".ppt",
        ".odt",
        "microsoft word",
        "untitled",
    ];
    let placeholders = ["unbenannt", "dokument1", "document1", "titel", "title", "powerpoint"];
    let is_word = |word: &str| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
    let has_word = title.split(|sign: char| sign.is_whitespace() || sign == '-').any(is_word);
    let is_placeholder =
        placeholders.iter().any(|word| lower.trim() == *word || lower.starts_with("unbenannt"));
    let is_readable = !title.chars().any(|sign| sign.is_control() || sign == '\u{fffd}');
    has_word
        && is_readable
        && title.contains(' ')
        && !is_placeholder
        && !names.iter().any(|name| lower.contains(name))
}

/// File name, title and first pages.
fn identifier_text(source: &Source, title: &str, sections: &[Section]) -> String {
    let mut text = format!("{}\n{title}\n", source.stem().replace('_', " "));
    for section in sections.iter().filter(|section| section.page.is_some_and(|page| page <= IDENTIFIER_PAGES))
    {
        text.push_str(&section.heading_path.join("\n"));
        text.push('\n');
        text.push_str(&section.text());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use auskunft_model::Language;

    use super::*;
    use crate::pdf::page::Span;

    fn source(kind: SourceKind) -> Source {
        Source { path: "manuals/km_2400.pdf".to_owned(), kind }
    }

    fn page(number: u32, text: &str) -> Page {
        let span = Span {
            text: text.to_owned(),
            left: 50.0,
            top: 100.0,
            right: 500.0,
            bottom: 110.0,
            size: 10.0,
            bold: false,
            turned: false,
        };
        let raw_letters = text.chars().filter(|sign| sign.is_alphanumeric()).count() as u32;
        let image_cover = if text.is_empty() { 0.9 } else { 0.0 };
        let spans = if text.is_empty() { Vec::new() } else { vec![span] };
        Page { number, width: 600.0, height: 800.0, spans, raw_letters, image_cover }
    }

    fn read(pages: Vec<Page>, page_count: u32) -> Result<(Document, Option<Failure>), Failure> {
        let reading = Reading { facts: PdfFacts { page_count, ..PdfFacts::default() }, pages, cut: None };
        document(&source(SourceKind::Manual), &reading, &Defaults { language: Language::german() })
    }

    const TEXT: &str =
        "Schalten Sie die Kaffeemaschine aus und ziehen Sie den Netzstecker, bevor Sie sie reinigen.";

    #[test]
    fn a_document_without_text_fails_with_its_reason() {
        assert_eq!(read(vec![page(1, "")], 1).unwrap_err().reason, Reason::NoText);
        let garbled = "\u{e001}\u{e002}\u{e003}\u{e004}\u{e005}\u{e006}";
        assert_eq!(read(vec![page(1, garbled)], 1).unwrap_err().reason, Reason::GarbledText);
        assert_eq!(read(Vec::new(), 3).unwrap_err().reason, Reason::Damaged);
    }

    #[test]
    fn pages_without_text_make_the_document_partial_and_are_named() {
        let (document, missing) = read(vec![page(1, TEXT), page(2, ""), page(3, "")], 5).unwrap();
        let missing = missing.unwrap();
        assert_eq!(missing.reason, Reason::SomePages);
        assert_eq!(
            missing.detail,
            "manuals/km_2400.pdf: page(s) 2–3 need character recognition; page(s) 4–5 cannot be read"
        );
        let states: Vec<PageState> = document.pages.iter().map(|page| page.outcome).collect();
        let expected =
            [PageState::Ok, PageState::NeedsOcr, PageState::NeedsOcr, PageState::Failed, PageState::Failed];
        assert_eq!(states, expected);
    }

    #[test]
    fn the_title_is_the_files_own_when_it_is_one() {
        let facts = |title: &str| PdfFacts { title: Some(title.to_owned()), ..PdfFacts::default() };
        let source = source(SourceKind::Manual);
        assert_eq!(
            title(&source, &facts("Bedienungsanleitung KM 2400"), None),
            "Bedienungsanleitung KM 2400"
        );
        assert_eq!(title(&source, &facts("Microsoft Word - km2400.doc"), None), "km 2400");
        assert_eq!(title(&source, &facts("bgbl114027 785..872"), Some("Verordnung")), "Verordnung");
        assert_eq!(title(&source, &facts("untitled"), Some("Kaffeemaschine")), "Kaffeemaschine");
    }

    #[test]
    fn a_pdf_of_tickets_is_refused() {
        let reading = Reading { facts: PdfFacts::default(), pages: vec![page(1, TEXT)], cut: None };
        let refused =
            document(&source(SourceKind::Ticket), &reading, &Defaults { language: Language::german() });
        assert_eq!(refused.unwrap_err().reason, Reason::Unsupported);
    }
}
