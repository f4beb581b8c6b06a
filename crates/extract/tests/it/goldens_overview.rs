//! The table of `docs/extraction.md`: what was found in each sample, and how much of its words was kept.

use std::collections::HashMap;
use std::fmt::Write as _;

use auskunft_model::{Block, Document};
use scraper::{Html, Node};

use crate::goldens_render::{Documents, Read};
use crate::pdf::reference;

/// Elements whose text is not shown.
const HIDDEN: [&str; 6] = ["script", "style", "noscript", "template", "head", "iframe"];

/// Around the table, so that the text before and after it is written by people.
const MARKS: (&str, &str) = ("<!-- samples: begin -->\n", "<!-- samples: end -->");

/// The page with the table made anew.
pub(crate) fn replace_table(page: &str, reads: &[Read]) -> String {
    let (before, rest) =
        page.split_once(MARKS.0).expect("docs/extraction.md has the mark of the table's begin");
    let (_, after) = rest.split_once(MARKS.1).expect("docs/extraction.md has the mark of the table's end");
    format!("{before}{}{}{}{after}", MARKS.0, table(reads), MARKS.1)
}

fn table(reads: &[Read]) -> String {
    let mut text = "| file | kind | outcome (reason) | headings | tables | words kept |\n".to_owned();
    text.push_str("|---|---|---|--:|--:|--:|\n");
    for read in reads {
        let name =
            read.path.trim_start_matches("product-").trim_start_matches("pages/").trim_start_matches("pdf/");
        let _ = writeln!(text, "| {name} | {} | {} |", read.kind.as_str(), found(read));
    }
    text
}

/// The cells from the outcome on.
fn found(read: &Read) -> String {
    let documents = match &read.result {
        Ok(documents) => documents,
        Err(failure) if read.pages_without_text > 0 => {
            return format!(
                "failed ({}), {} page(s) `needs_ocr` | – | – | –",
                failure.reason.as_str(),
                read.pages_without_text
            );
        }
        Err(failure) => return format!("failed ({}) | – | – | –", failure.reason.as_str()),
    };
    let outcome = match documents.failures.first() {
        Some(failure) => format!("{} ({})", documents.outcome(), failure.reason.as_str()),
        None => documents.outcome().to_owned(),
    };
    if documents.documents.is_empty() {
        return format!("{outcome} | – | – | –");
    }
    let headings: usize = documents.documents.iter().map(|document| headings(document).len()).sum();
    let blocks = documents
        .documents
        .iter()
        .flat_map(|document| &document.sections)
        .flat_map(|section| &section.blocks);
    let tables = blocks.filter(|block| matches!(block, Block::Table { .. })).count();
    let share = share_kept(read, documents);
    format!("{outcome} | {headings} | {tables} | {:.1} %", share * 100.0)
}

/// Each place in the tree of headings once, in order.
fn headings(document: &Document) -> Vec<&[String]> {
    let mut found: Vec<&[String]> = Vec::new();
    for section in &document.sections {
        for depth in 1..=section.heading_path.len() {
            if !found.contains(&&section.heading_path[..depth]) {
                found.push(&section.heading_path[..depth]);
            }
        }
    }
    found
}

/// All words of a document once: title, headings, sections.
fn text_of(document: &Document) -> String {
    let mut text = document.title.clone();
    for heading in headings(document).iter().filter_map(|path| path.last()) {
        let _ = write!(text, "\n{heading}");
    }
    for section in &document.sections {
        let _ = write!(text, "\n{}", section.text());
    }
    text
}

/// Share of the file's words that were kept, each occurrence counting: of those that another tool finds in a PDF, where its
/// reading stands in the repository, else of those of the file itself.
fn share_kept(read: &Read, documents: &Documents) -> f64 {
    let file = read.path.trim_start_matches("pdf/").trim_end_matches(".pdf");
    if let (true, [document]) = (reference::FILES.contains(&file), documents.documents.as_slice()) {
        return reference::recall(
            &reference::words_of_document(document),
            &reference::words_of_reference(file),
        );
    }
    let kept: Vec<String> = documents.documents.iter().map(text_of).collect();
    share(&words(&read.raw_text), &words(&kept.join("\n")))
}

fn share(raw: &[String], kept: &[String]) -> f64 {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for word in kept {
        *left.entry(word).or_default() += 1;
    }
    let found = raw.iter().filter(|word| left.get_mut(word.as_str()).is_some_and(take_one)).count();
    found as f64 / raw.len().max(1) as f64
}

fn take_one(count: &mut usize) -> bool {
    let is_left = *count > 0;
    *count = count.saturating_sub(1);
    is_left
}

/// Runs of letters and digits in lower case; a word that a line broke is one.
fn words(text: &str) -> Vec<String> {
    let joined = text.replace("\u{2} ", "").replace(['\u{2}', '\u{ad}'], "");
    let split = joined.split(|sign: char| !sign.is_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// What a reader of the file sees: of a page its shown text, of a list its questions and answers, else all of it.
pub(crate) fn visible_text(path: &str, bytes: &[u8]) -> String {
    let text = decoded(bytes);
    match path.rsplit('.').next() {
        Some("html") => shown(&text),
        Some("jsonl") => answers(&text),
        _ => text,
    }
}

/// UTF-8, else the encoding of the western pages among the samples.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

fn shown(page: &str) -> String {
    let page = Html::parse_document(page);
    let is_hidden = |node: &ego_tree::NodeRef<'_, Node>| {
        node.ancestors()
            .any(|above| above.value().as_element().is_some_and(|element| HIDDEN.contains(&element.name())))
    };
    let texts = page.tree.root().descendants().filter(|node| node.value().is_text() && !is_hidden(node));
    let texts: Vec<&str> = texts.filter_map(|node| node.value().as_text().map(|text| &*text.text)).collect();
    texts.join(" ")
}

fn answers(lines: &str) -> String {
    let mut text = String::new();
    for line in lines.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        for field in ["question", "answer"] {
            let _ = writeln!(text, "{}", line[field].as_str().unwrap_or(""));
        }
    }
    text
}
