//! What other tools and a person found in the samples: see `catalog-fixtures/samples/pdf-reference/README.md`.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use auskunft_model::{Document, Section};
use auskunft_text::normal::fold;

/// Text PDFs of which a reference stands in the repository.
pub(crate) const FILES: [&str; 14] = [
    "virtualchoir--Kurzanleitung",
    "cocktailshaker-app--Anleitung",
    "cocktailshaker-app--Beschreibung",
    "picocosmo--Anleitung",
    "picocosmo--README_de",
    "gesetze--bgbl1_2020_j0859_0010",
    "gesetze--bgbl1_2008_j2026_0010",
    "covid-qa--Handbook_-_Labelling_Tool",
    "qpdf--deterministic-id-in",
    "format-corpus--195981",
    "format-corpus--392154",
    "lopdf--encrypted",
    "pdf.js--issue16063",
    "pdfplumber--nics-background-checks-2015-11",
];

/// Lines of a page, from its top and its bottom, among which running heads and page numbers stand.
const EDGE_LINES: usize = 6;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures/samples/pdf-reference")
}

pub(crate) fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Rows of a table of tab-separated values that concern this file, without the file's name.
pub(crate) fn rows(table: &str, file: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let rows = read(table).lines().map(cells).collect::<Vec<_>>();
    rows.into_iter().filter(|row| row[0] == file).map(|row| row[1..].to_vec()).collect()
}

/// The words of the reference, without running heads and page numbers, repeated headers once.
pub(crate) fn words_of_reference(file: &str) -> Vec<String> {
    let patterns: HashMap<String, String> =
        rows("running-heads.tsv", file).into_iter().map(|row| (row[1].clone(), row[0].clone())).collect();
    let (mut seen, mut text) = (HashSet::new(), String::new());
    for page in read(&format!("{file}.txt")).split('\u{c}') {
        let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        for (index, line) in lines.iter().enumerate() {
            let is_edge = index < EDGE_LINES || index + EDGE_LINES >= lines.len();
            let is_dropped = match patterns.get(&without_digits(line)).map(String::as_str) {
                Some("once") => !seen.insert((*line).to_owned()),
                Some(_) => is_edge,
                None => false,
            };
            if !is_dropped {
                append_line(&mut text, line);
            }
        }
    }
    words(&text)
}

/// A line's end that divides a word: the next line goes on with it.
fn append_line(text: &mut String, line: &str) {
    let divides = text.ends_with(['-', '\u{ad}']) && line.starts_with(char::is_lowercase);
    if divides {
        text.pop();
    } else if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// Runs of digits as `#`, and so a line that is a Roman numeral.
fn without_digits(line: &str) -> String {
    if line.chars().all(|sign| "ivxlc".contains(sign)) {
        return "#".to_owned();
    }
    let mut pattern = String::new();
    for sign in line.chars() {
        match sign {
            '0'..='9' if pattern.ends_with('#') => {}
            '0'..='9' => pattern.push('#'),
            _ => pattern.push(sign),
        }
    }
    pattern
}

/// Letters and digits in their normal form; hyphens within a word do not divide it, and each sign of a script that is
/// written without blanks is a word.
pub(crate) fn words(text: &str) -> Vec<String> {
    let (mut words, mut open) = (Vec::new(), String::new());
    let folded = fold(text);
    let mut signs = folded.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_ideogram = matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
        let is_inner =
            sign == '-' && !open.is_empty() && signs.peek().is_some_and(|next| next.is_alphanumeric());
        if sign.is_alphanumeric() && !is_ideogram {
            open.push(sign);
        } else if !is_inner {
            words.extend((!open.is_empty()).then(|| std::mem::take(&mut open)));
            words.extend(is_ideogram.then(|| sign.to_string()));
        }
    }
    words.extend((!open.is_empty()).then_some(open));
    words
}

/// The words of a document in order: its title where it stands nowhere else, its headings, each once, and its sections.
pub(crate) fn words_of_document(document: &Document) -> Vec<String> {
    let (mut text, mut path) = (String::new(), Vec::new());
    let holds_title = |section: &Section| {
        section.heading_path.contains(&document.title) || section.text().contains(&document.title)
    };
    if !document.sections.iter().any(holds_title) {
        text = format!("{}\n", document.title);
    }
    for section in &document.sections {
        let same = path.iter().zip(&section.heading_path).take_while(|(one, other)| one == other).count();
        let new = &section.heading_path[same..];
        for heading in new {
            text.push_str(heading);
            text.push('\n');
        }
        path.clone_from(&section.heading_path);
        for block in &section.blocks {
            text.push_str(&block.text());
            text.push('\n');
        }
    }
    words(&text)
}

/// Share of the reference's words that are found.
pub(crate) fn recall(found: &[String], reference: &[String]) -> f64 {
    common(found, reference) as f64 / reference.len().max(1) as f64
}

/// F1 of pairs of successive words.
pub(crate) fn bigram_f1(found: &[String], reference: &[String]) -> f64 {
    let pairs = |words: &[String]| -> Vec<String> {
        words.windows(2).map(|pair| format!("{} {}", pair[0], pair[1])).collect()
    };
    let (found, reference) = (pairs(found), pairs(reference));
    2.0 * common(&found, &reference) as f64 / (found.len() + reference.len()).max(1) as f64
}

/// How many of the texts stand in both, each as often as in the list that has it less often.
fn common(found: &[String], reference: &[String]) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for text in reference {
        *counts.entry(text).or_default() += 1;
    }
    let mut shared = 0;
    for text in found {
        if let Some(count) = counts.get_mut(text.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    shared
}
