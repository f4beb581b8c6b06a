//! What a policy says of itself in its text, where its fields do not: validity, region, deadlines, exclusions.

use auskunft_model::{Attribute, Block, Document, Region, Section, Value};
use auskunft_text::normal::fold;
use auskunft_text::sentence::sentences;

use super::deadline::{RETURN, WARRANTY, agreed};
use super::excluded::excluded;
use super::subject::{self, speaks_of};
use super::validity::{self, Validity};

/// Validity stands in this many blocks at the beginning and the end; between them other things have dates.
const EDGE_BLOCKS: usize = 4;
/// Longer blocks there speak of something else.
const EDGE_CHARS: usize = 240;

/// Words (folded) of a sentence that speaks of the whole text.
const SELF: &[&str] = &[
    "fassung",
    "regelung",
    "richtlinie",
    "bedingungen",
    "agb",
    "belehrung",
    "bestimmungen",
    "policy",
    "terms",
    "conditions",
    "version",
    "dokument",
    "document",
    "diese seite",
];

/// Adds to a document what its fields left open.
pub(super) fn complete(document: &mut Document, source_stem: &str) {
    set_validity(document);
    if document.region.is_none() {
        document.region = region(&document.title, source_stem);
    }
    let has =
        |document: &Document, key: &str| document.attributes.iter().any(|attribute| attribute.key == key);
    for (grant, subject) in [(&RETURN, subject::RETURNS), (&WARRANTY, subject::WARRANTY)] {
        if !has(document, grant.key) && speaks_of(document, subject) {
            let stated = agreed(document, subject, grant);
            let attribute = stated.map(|(amount, text)| quantity(grant.key, amount, grant.unit, &text));
            document.attributes.extend(attribute);
        }
    }
    if !has(document, "excludes") {
        let items = excluded(document);
        document.attributes.extend(items.iter().map(|item| Attribute::text("excludes", item)));
    }
}

/// A deadline as a typed attribute.
pub(super) fn quantity(key: &str, amount: u32, unit: &str, text: &str) -> Attribute {
    let value = Value::Quantity { amount: f64::from(amount), upper: None, unit: unit.to_owned() };
    Attribute { key: key.to_owned(), value, text: text.to_owned() }
}

/// Validity from the edges of the text. The day of writing is the version, and the first day where none is stated.
fn set_validity(document: &mut Document) {
    let mut found = Validity::default();
    for line in edges(&document.sections) {
        let one = validity::validity(&line);
        let speaks_of_itself = begins_with_cue(&line) || names_itself(&line);
        if speaks_of_itself {
            found.from = found.from.or(one.from);
            found.until = found.until.or(one.until);
        }
        found.as_of = found.as_of.take().or(one.as_of.filter(|_| begins_with_cue(&line)));
    }
    let from = found.from.or(found.as_of.as_ref().map(|(date, _)| *date)).map(|date| date.first);
    let until = found.until.map(|date| date.last).filter(|until| from.is_none_or(|from| from <= *until));
    let is_open = document.valid_from.is_none() && document.valid_to.is_none();
    if is_open {
        document.valid_from = from;
        document.valid_to = until;
    }
    if document.version.is_none() {
        document.version = found.as_of.map(|(_, words)| words);
    }
}

/// Sentences of the first and last blocks.
fn edges(sections: &[Section]) -> Vec<String> {
    let blocks: Vec<String> = sections.iter().flat_map(|section| &section.blocks).map(Block::text).collect();
    let count = blocks.len();
    let is_edge = |index: usize| index < EDGE_BLOCKS || index + EDGE_BLOCKS >= count;
    let short = blocks
        .iter()
        .enumerate()
        .filter(|(index, text)| is_edge(*index) && text.chars().count() <= EDGE_CHARS);
    let cut = short.flat_map(|(_, text)| sentences(text).into_iter().map(|range| text[range].to_owned()));
    cut.collect()
}

/// Whether the line begins with what it says of itself: `Gültig ab …`, `Stand: …`.
fn begins_with_cue(line: &str) -> bool {
    let folded = fold(line);
    let text = folded.trim_start_matches(['(', '*', '-', ' ']);
    [
        "gueltig",
        "gilt",
        "stand",
        "fassung",
        "in kraft",
        "valid",
        "effective",
        "last updated",
        "last revised",
        "updated",
        "version",
        "as of",
        "expires",
        "revision",
    ]
    .iter()
    .any(|cue| text.starts_with(cue))
}

fn names_itself(line: &str) -> bool {
    let text = fold(line);
    SELF.iter().any(|word| text.contains(word))
}

/// Words before `us` that make it a pronoun, as in `contact-us.html`.
const BEFORE_PRONOUN: &[&str] = &[
    "about", "ask", "call", "contact", "email", "find", "follow", "for", "join", "mail", "reach", "tell",
    "to", "visit", "why", "with", "write",
];

/// A region that title or file name state in brackets or as their last word: `Rückgabe (EU)`, `returns-us.md`.
fn region(title: &str, stem: &str) -> Option<Region> {
    let in_brackets =
        title.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let mut parts = stem.rsplit(['-', '_']).filter(|part| !part.bytes().all(|sign| sign.is_ascii_digit()));
    let last = parts.next();
    let is_pronoun = parts.next().is_none_or(|before| BEFORE_PRONOUN.contains(&fold(before).as_str()));
    let named = [in_brackets, last.filter(|_| !is_pronoun)];
    let known = named.into_iter().flatten().find_map(|name| match fold(name).as_str() {
        "eu" | "europa" | "europe" | "europaeische union" | "european union" => Some("EU"),
        "us" | "usa" | "united states" => Some("US"),
        "uk" | "gb" | "united kingdom" => Some("UK"),
        "ch" | "schweiz" | "switzerland" => Some("CH"),
        _ => None,
    });
    known.and_then(Region::parse)
}
