//! What must hold of every document and chunk, whatever it was read from.

use std::collections::HashSet;
use std::ops::Range;

use auskunft_extract::{Extracted, Record};
use auskunft_model::document::row_text;
use auskunft_model::{Block, Chunk, Document, Identifier, IdentifierKind, Value};
use auskunft_text::redact::{self, Redactor};
use auskunft_text::{identifier, normal, number, value};

/// Tokens as the hashed embedder counts them.
pub(crate) fn thirds(text: &str) -> usize {
    text.chars().count().div_ceil(3)
}

/// Every record is named once; every failure says something.
pub(crate) fn outcomes(extracted: &Extracted) {
    let mut ids = HashSet::new();
    for outcome in &extracted.records {
        match &outcome.result {
            Ok(Record::Document(document)) => {
                assert!(ids.insert(document.id.as_str().to_owned()), "{} is there twice", document.id);
                assert_eq!(outcome.anchor, document.anchor);
            }
            Ok(Record::Ticket(_)) => {}
            Err(failure) => assert!(!failure.detail.trim().is_empty(), "{failure:?}"),
        }
    }
}

/// Nothing empty, nothing out of its range.
pub(crate) fn document(document: &Document) {
    assert!(!document.title.trim().is_empty(), "no title");
    assert_eq!(document.language.as_str().len(), 2, "{:?}", document.language);
    for section in &document.sections {
        assert!(!section.text().trim().is_empty(), "an empty section: {section:?}");
        assert!(section.heading_path.iter().all(|heading| !heading.trim().is_empty()), "{section:?}");
        section.blocks.iter().for_each(block);
    }
    for attribute in &document.attributes {
        assert!(!attribute.key.trim().is_empty() && !attribute.text.trim().is_empty(), "{attribute:?}");
        amounts(&attribute.value);
    }
    for identifier in &document.identifiers {
        assert!(!identifier.text.trim().is_empty(), "{identifier:?}");
    }
}

fn block(block: &Block) {
    assert!(!block.text().trim().is_empty(), "an empty block: {block:?}");
    if let Block::Table { rows, .. } = block {
        assert!(rows.iter().all(|row| !row.is_empty()), "a row without cells: {block:?}");
    }
}

fn amounts(value: &Value) {
    match value {
        Value::Money { minor, currency, .. } => {
            assert!(*minor >= 0, "{value:?}");
            let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
            assert!(is_code, "{value:?}");
        }
        Value::Quantity { amount, upper, .. } => {
            assert!(amount.is_finite() && upper.is_none_or(f64::is_finite), "{value:?}");
        }
        Value::Number { amount } => assert!(amount.is_finite(), "{value:?}"),
        Value::Dimensions { amounts, .. } => {
            assert!(
                (2..=3).contains(&amounts.len()) && amounts.iter().all(|amount| amount.is_finite()),
                "{value:?}"
            );
        }
        Value::Class { class, .. } => assert!(!class.is_empty(), "{value:?}"),
        Value::Size { label } => assert!(!label.trim().is_empty(), "{value:?}"),
        Value::Text => {}
    }
}

/// Pages are those of the file, in order, and each has its outcome once.
pub(crate) fn pages_in_range(document: &Document, page_count: u32) {
    let numbers: Vec<u32> = document.pages.iter().map(|page| page.page).collect();
    assert_eq!(numbers, (1..=page_count).collect::<Vec<_>>());
    let pages: Vec<u32> = document.sections.iter().filter_map(|section| section.page).collect();
    assert_eq!(pages.len(), document.sections.len(), "a section without its page");
    assert!(pages.is_sorted() && pages.iter().all(|page| (1..=page_count).contains(page)), "{pages:?}");
}

/// Signs that only tell how a line was broken are resolved.
pub(crate) fn no_layout_signs(document: &Document) {
    for section in &document.sections {
        let text = section.heading_path.join("\n") + &section.text();
        assert!(!text.contains(['\u{2}', '\u{ad}', '\u{fffe}']), "{text:?}");
    }
}

/// Chunks hold every sign of the sections once and in order (apart from repeated table heads, and without tables of
/// contents), within the budget, with
/// whole rows, under names of their own, the same at each call.
pub(crate) fn chunks(document: &Document, budget: usize) {
    let chunks = auskunft_extract::chunks(document, budget, &thirds);
    let mut ids = HashSet::new();
    for (ordinal, chunk) in chunks.iter().enumerate() {
        assert!(!chunk.text.trim().is_empty(), "an empty chunk: {chunk:?}");
        assert!(chunk.tokens as usize <= budget, "{} tokens: {chunk:?}", chunk.tokens);
        assert_eq!(chunk.tokens as usize, thirds(&chunk.embedded_text), "{chunk:?}");
        assert!(chunk.embedded_text.ends_with(&chunk.text), "{chunk:?}");
        assert!(ids.insert(chunk.id.as_str()), "two chunks named {}", chunk.id);
        assert_eq!(chunk.ordinal as usize, ordinal);
    }
    coverage(document, &chunks, budget);
    rows_are_whole(document, &chunks, budget);
    assert_eq!(chunks, auskunft_extract::chunks(document, budget, &thirds), "chunks differ between calls");
}

fn coverage(document: &Document, chunks: &[Chunk], budget: usize) {
    let heads = heads(document);
    // A head that is itself cut, or of several lines, cannot be told from text.
    if heads.iter().any(|head| head.contains('\n') || thirds(head) > budget / 2) {
        return;
    }
    let is_cut = |block: &&Block| !matches!(block, Block::Contents { .. });
    let blocks = document.sections.iter().flat_map(|section| &section.blocks).filter(is_cut);
    let expected = visible(blocks.map(Block::text), &heads);
    let found = visible(chunks.iter().map(|chunk| chunk.text.clone()), &heads);
    assert_eq!(found, expected, "chunks do not hold the sections' text once and in order");
    for head in heads {
        assert!(chunks.iter().any(|chunk| chunk.text.contains(&head)), "the head {head:?} is lost");
    }
}

fn heads(document: &Document) -> HashSet<String> {
    let heads = tables(document).filter(|(header, _)| !header.is_empty()).map(|(header, _)| row_text(header));
    heads.filter(|head| !head.trim().is_empty()).collect()
}

fn tables(document: &Document) -> impl Iterator<Item = (&Vec<String>, &Vec<Vec<String>>)> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    blocks.filter_map(|block| match block {
        Block::Table { header, rows } => Some((header, rows)),
        _ => None,
    })
}

/// All that is no white space, without the lines that are table heads.
fn visible(texts: impl Iterator<Item = String>, heads: &HashSet<String>) -> String {
    let mut found = String::new();
    for text in texts {
        for line in text.split('\n').filter(|line| !heads.contains(*line)) {
            found.extend(line.chars().filter(|sign| !sign.is_whitespace()));
        }
    }
    found
}

/// A row of half the budget always fits beside the line before it, so it is never cut.
fn rows_are_whole(document: &Document, chunks: &[Chunk], budget: usize) {
    for row in tables(document).flat_map(|(_, rows)| rows).map(|row| row_text(row)) {
        let is_small = thirds(&row) <= budget / 2;
        let is_whole = || chunks.iter().any(|chunk| chunk.text.contains(row.trim()));
        assert!(!is_small || is_whole(), "the row {row:?} is cut");
    }
}

/// A number takes bytes of its text, and is one.
pub(crate) fn numbers(text: &str) {
    for (place, _) in text.char_indices() {
        let Some((found, length)) = number::at_start(&text[place..]) else { continue };
        assert!(length > 0 && text.is_char_boundary(place + length), "{length} of {:?}", &text[place..]);
        assert!(!found.amount.is_nan(), "{:?}", &text[place..]);
    }
    amounts(&value::read_value(text));
}

/// Money is never negative and always in a currency.
pub(crate) fn money(text: &str) {
    for fallback in [None, Some("EUR")] {
        value::read_money(text, fallback).iter().for_each(amounts);
    }
}

/// Sentences follow each other, are not blank, and leave out white space only.
pub(crate) fn sentences(text: &str, ranges: &[Range<usize>]) {
    let mut end = 0;
    for range in ranges {
        assert!(range.start >= end && range.end > range.start, "{ranges:?}");
        assert!(text[end..range.start].trim().is_empty(), "{:?} is in no sentence", &text[end..range.start]);
        assert!(!text[range.clone()].trim().is_empty(), "a blank sentence");
        end = range.end;
    }
    assert!(text[end..].trim().is_empty(), "{:?} is in no sentence", &text[end..]);
}

/// Each once; numbers with a check digit have the right one.
pub(crate) fn identifiers(text: &str, found: &[Identifier]) {
    let mut seen = HashSet::new();
    for identifier in found {
        assert!(seen.insert(identifier), "{identifier:?} twice in {text:?}");
        let is_right = identifier.kind != IdentifierKind::Ean || identifier::is_gtin(&identifier.text);
        assert!(is_right, "{identifier:?}");
    }
}

/// Forms that are said to be final are.
pub(crate) fn normal_forms(text: &str) {
    for form in [normal::fold, normal::collapse_spaces, normal::question_key] {
        let once = form(text);
        assert_eq!(form(&once), once, "a second time changes {text:?}");
    }
}

/// What is redacted stays as it is, alone and as one turn of many.
pub(crate) fn redaction(text: &str) {
    let once = redact::redact(text);
    let twice = redact::redact(&once.text);
    assert_eq!(twice.text, once.text, "redacting twice changes {text:?}");
    let mut turns = Redactor::default();
    turns.learn(text);
    let turn = turns.redact(text).text;
    assert_eq!(turns.redact(&turn).text, turn, "redacting a turn twice changes {text:?}");
}
