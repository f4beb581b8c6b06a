//! What a policy says of itself in its text, where its fields do not: validity, region, deadlines, exclusions.

use auskunft_model::{Attribute, Block, Document, Region, Section, Value};
use auskunft_text::normal::fold;
use auskunft_text::sentence::sentences;

use super::dates::{self, Validity};

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
    "bestellungen",
    "orders",
    "kaeufe",
    "purchases",
];

/// Words of titles and headings on giving back, and on liability for defects.
const RETURNS: &[&str] =
    &["rueckgabe", "widerruf", "retoure", "umtausch", "ruecksend", "return", "withdrawal", "cancellation"];
const WARRANTY: &[&str] = &["garantie", "gewaehrleistung", "warranty", "guarantee"];

/// Words of headings and lines above a list of what is left out.
const EXCLUDES: &[&str] = &[
    "ausgeschlossen",
    "ausgenommen",
    "ausschluss",
    "ausnahme",
    "nicht zurueck",
    "kein widerrufsrecht",
    "kein umtausch",
    "excluded",
    "exclusion",
    "exception",
    "not eligible",
    "non-returnable",
    "cannot be returned",
    "can not be returned",
    "not covered",
    "not returnable",
];

/// Adds to a document what its fields left open.
pub(super) fn complete(document: &mut Document, source_stem: &str) {
    set_validity(document);
    if document.region.is_none() {
        document.region = region(&document.title, source_stem);
    }
    let has =
        |document: &Document, key: &str| document.attributes.iter().any(|attribute| attribute.key == key);
    if !has(document, "return_days") && speaks_of(document, RETURNS) {
        let days = agreed(document, RETURNS, &[("tag", 1), ("day", 1), ("woche", 7), ("week", 7)]);
        document.attributes.extend(days.map(|(amount, text)| quantity("return_days", amount, "day", &text)));
    }
    if !has(document, "warranty_months") && speaks_of(document, WARRANTY) {
        let months = agreed(document, WARRANTY, &[("monat", 1), ("month", 1), ("jahr", 12), ("year", 12)]);
        document
            .attributes
            .extend(months.map(|(amount, text)| quantity("warranty_months", amount, "month", &text)));
    }
    if !has(document, "excludes") {
        document
            .attributes
            .extend(excluded(&document.sections).iter().map(|item| Attribute::text("excludes", item)));
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
        let one = dates::validity(&line);
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

/// A region that title or file name state in brackets or as their last word: `Rückgabe (EU)`, `returns-us.md`.
fn region(title: &str, stem: &str) -> Option<Region> {
    let in_brackets =
        title.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let last = stem.rsplit(['-', '_']).find(|part| !part.bytes().all(|sign| sign.is_ascii_digit()));
    let named = [in_brackets, last.filter(|last| *last != stem)];
    let known = named.into_iter().flatten().find_map(|name| match fold(name).as_str() {
        "eu" | "europa" | "europe" | "europaeische union" | "european union" => Some("EU"),
        "us" | "usa" | "united states" => Some("US"),
        "uk" | "gb" | "united kingdom" => Some("UK"),
        "ch" | "schweiz" | "switzerland" => Some("CH"),
        _ => None,
    });
    known.and_then(Region::parse)
}

fn speaks_of(document: &Document, words: &[&str]) -> bool {
    holds(&document.title, words)
        || document
            .sections
            .iter()
            .flat_map(|section| &section.heading_path)
            .any(|heading| holds(heading, words))
}

fn holds(text: &str, words: &[&str]) -> bool {
    let text = fold(text);
    words.iter().any(|word| text.contains(word))
}

/// The one span of time that all sentences on a subject agree on, in the smallest unit, with the words of it. Laws and
/// goodwill beside each other state two: then none is taken.
fn agreed(document: &Document, subject: &[&str], units: &[(&str, u32)]) -> Option<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    for section in &document.sections {
        let is_under = section.heading_path.iter().any(|heading| holds(heading, subject))
            || holds(&document.title, subject);
        let text = section.text();
        for range in sentences(&text) {
            let sentence = &text[range];
            if is_under && (holds(sentence, subject) || holds(sentence, &["frist", "betraegt", "period"])) {
                found.extend(span(sentence, units));
            }
        }
    }
    let first = found.first().cloned()?;
    found.iter().all(|(amount, _)| *amount == first.0).then_some(first)
}

/// `14 Tage`, `zwei Jahre`, `30-day`, `zweijährige`.
fn span(sentence: &str, units: &[(&str, u32)]) -> Option<(u32, String)> {
    let folded = fold(sentence);
    let words: Vec<&str> =
        folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).find_map(|pair| {
        let amount = number(pair[0])?;
        let (_, factor) = units.iter().find(|(unit, _)| pair[1].starts_with(unit))?;
        Some((amount.checked_mul(*factor)?, format!("{} {}", pair[0], pair[1])))
    })
}

fn number(word: &str) -> Option<u32> {
    const WORDS: &[(&str, u32)] = &[
        ("ein", 1),
        ("eine", 1),
        ("einem", 1),
        ("einen", 1),
        ("one", 1),
        ("zwei", 2),
        ("two", 2),
        ("drei", 3),
        ("three", 3),
        ("vier", 4),
        ("four", 4),
        ("fuenf", 5),
        ("five", 5),
        ("sechs", 6),
        ("six", 6),
        ("zehn", 10),
        ("ten", 10),
        ("vierzehn", 14),
        ("fourteen", 14),
        ("dreissig", 30),
        ("thirty", 30),
    ];
    let named = || WORDS.iter().find(|(name, _)| *name == word).map(|(_, amount)| *amount);
    word.parse().ok().filter(|amount| (1..=400).contains(amount)).or_else(named)
}

/// List items under a heading or behind a line that speaks of what is left out.
fn excluded(sections: &[Section]) -> Vec<String> {
    let mut found = Vec::new();
    for section in sections {
        let mut is_open = section.heading_path.last().is_some_and(|heading| holds(heading, EXCLUDES));
        for block in &section.blocks {
            match block {
                Block::Item { text } if is_open => found.push(without_mark(text)),
                Block::Paragraph { text } => {
                    is_open =
                        holds(text, EXCLUDES) && text.trim_end().ends_with(':') || is_open && found.is_empty()
                }
                _ => {}
            }
        }
    }
    found.retain(|item| !item.is_empty());
    found
}

fn without_mark(item: &str) -> String {
    let text = item.split_once(' ').map_or(item, |(_, rest)| rest);
    text.trim().trim_end_matches([',', ';', '.']).to_owned()
}
