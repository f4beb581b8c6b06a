//! Keys and values that a page prints: definition lists, spec tables, `key: value` lines.

use std::collections::HashSet;

use auskunft_model::{Block, Language, Section, Value};
use auskunft_text::identifier;
use auskunft_text::normal::fold;
use auskunft_text::value::{read_attribute, read_money};

use super::keys;
use crate::html::structured::Stated;

/// Longer texts are no keys and no values.
pub(super) const MAX_KEY: usize = 60;
const MAX_VALUE: usize = 300;

/// Where a page prints a pair, the most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// `dl`.
    Definitions,
    /// A table of two columns.
    Table,
    /// A line of text or an item of a list.
    Line,
}

impl Place {
    /// All places, the most trusted first.
    pub(super) const ALL: [Self; 3] = [Self::Definitions, Self::Table, Self::Line];

    /// Its name in conflicts.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Definitions => "definition list",
            Self::Table => "table",
            Self::Line => "text",
        }
    }
}

/// A key with its value and where it is printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) place: Place,
}

/// The pairs of a page's text, each key once per place.
pub(super) fn pairs(
    sections: &[Section],
    definitions: &[(String, String)],
    language: &Language,
) -> Vec<Pair> {
    let definitions: HashSet<(String, &str)> =
        definitions.iter().map(|(key, value)| (tidy(key), value.as_str())).collect();
    let mut seen: HashSet<(String, Place)> = HashSet::new();
    let mut found = Vec::new();
    for block in sections.iter().flat_map(|section| &section.blocks) {
        for mut pair in of_block(block, language) {
            if definitions.contains(&(pair.key.clone(), pair.value.as_str())) {
                pair.place = Place::Definitions;
            }
            if is_pair(&pair.key, &pair.value) && seen.insert((keys::bare(&pair.key), pair.place)) {
                found.push(pair);
            }
        }
    }
    found
}

fn of_block(block: &Block, language: &Language) -> Vec<Pair> {
    match block {
        Block::Table { header, rows } if header.len() <= 2 => {
            rows.iter().flat_map(|row| of_row(row, language)).collect()
        }
        Block::Item { text } | Block::Paragraph { text } => {
            of_line(text.strip_prefix("• ").unwrap_or(text), language).into_iter().collect()
        }
        Block::Table { .. } | Block::Contents { .. } => Vec::new(),
    }
}

/// Two cells; or three, of which the first names the group of the second (`Maße | Breite | 30 cm`); or cells that are
/// lines (`Item #: 14013`) in a table that only lays out the page.
fn of_row(row: &[String], language: &Language) -> Vec<Pair> {
    let in_cells: Vec<Pair> = row.iter().filter_map(|cell| of_line(cell, language)).collect();
    let (key, value) = match row {
        _ if !in_cells.is_empty() => return in_cells,
        [key, value] => (tidy(key), value),
        [group, key, value] if !group.is_empty() && !key.is_empty() => {
            (format!("{} {}", tidy(group), tidy(key)), value)
        }
        _ => return Vec::new(),
    };
    vec![Pair { key, value: value.clone(), place: Place::Table }]
}

fn of_line(text: &str, language: &Language) -> Option<Pair> {
    let pair = text.split_once(':').map(|(key, value)| (tidy(key), value.trim().to_owned()));
    let sure = pair.filter(|(key, value)| is_sure(key, value, language));
    sure.map(|(key, value)| Pair { key, value, place: Place::Line })
}

fn tidy(key: &str) -> String {
    key.trim().trim_end_matches(':').trim_end().to_owned()
}

fn is_pair(key: &str, value: &str) -> bool {
    let is_short = key.chars().count() <= MAX_KEY && value.chars().count() <= MAX_VALUE;
    let folded = keys::bare(key);
    let is_condition = keys::CONDITIONS.iter().any(|word| folded.starts_with(word));
    is_short && !is_condition && key.chars().any(char::is_alphabetic) && !value.is_empty()
}

/// A line of running text is a pair only when its key is known or its value is typed.
fn is_sure(key: &str, value: &str, language: &Language) -> bool {
    let plain = key.split('(').next().unwrap_or("");
    let is_key = !plain.trim().is_empty() && plain.split_whitespace().count() <= 4 && !key.contains("http");
    let is_known = is_known(key) && value.split_whitespace().count() <= 4;
    let typed = || !matches!(read_attribute(key, value, language), Value::Text | Value::Number { .. });
    is_known && !value.is_empty() || is_key && typed() && !names_money(key, value)
}

fn is_known(key: &str) -> bool {
    let key = keys::bare(key);
    let lists = [
        keys::SKU,
        keys::EAN,
        keys::PART,
        keys::MODEL,
        keys::MAKER,
        keys::FAMILY,
        keys::CATEGORY,
        keys::AVAILABILITY,
        keys::WORDS,
    ];
    lists.iter().any(|list| list.contains(&key.as_str()))
}

/// `Versand: 4,90 €` and other sums are conditions, unless the key says that it is the price.
fn names_money(key: &str, value: &str) -> bool {
    read_money(value, None).is_some() && !keys::PRICE.contains(&keys::bare(key).as_str())
}

/// The product's own numbers and maker among printed pairs; all pairs are attributes.
pub(super) fn stated(pairs: &[&Pair]) -> Stated {
    let get = |names: &[&str]| {
        pairs
            .iter()
            .find(|pair| names.contains(&keys::bare(&pair.key).as_str()))
            .map(|pair| pair.value.clone())
    };
    Stated {
        sku: get(keys::SKU).map(|text| once(&text)).filter(|text| is_number(text)),
        gtin: get(keys::EAN).filter(|text| identifier::is_gtin(text)),
        mpn: get(keys::PART),
        model: get(keys::MODEL),
        brand: get(keys::MAKER),
        category: get(keys::CATEGORY),
        price: get(keys::PRICE).filter(|text| is_amount(text, None)),
        availability: get(keys::AVAILABILITY)
            .and_then(|text| keys::availability(&fold(&text)).map(str::to_owned)),
        attributes: pairs.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect(),
        ..Stated::default()
    }
}

/// `14013 14013`, printed for two screens, as `14013`.
fn once(text: &str) -> String {
    match text.split_once(' ') {
        Some((one, other)) if one == other => one.to_owned(),
        _ => text.to_owned(),
    }
}

/// A number of the shop has a digit and is short.
fn is_number(text: &str) -> bool {
    text.contains(|sign: char| sign.is_ascii_digit()) && text.chars().count() <= MAX_KEY
}

/// Whether a key's values are numbers that name the product, never amounts.
pub(super) fn names_product(key: &str) -> bool {
    [keys::SKU, keys::EAN, keys::PART, keys::MODEL].concat().contains(&keys::bare(key).as_str())
}

/// The kind of product among attributes.
pub(super) fn family(attributes: &[(String, String)]) -> Option<String> {
    let is_word =
        |value: &str| value.chars().count() <= MAX_KEY && !value.contains(|sign: char| sign.is_ascii_digit());
    let by_trust =
        keys::FAMILY.iter().filter_map(|name| attributes.iter().find(|(key, _)| keys::bare(key) == *name));
    by_trust.map(|(_, value)| value.clone()).find(|value| is_word(value))
}

/// Whether a text holds an amount above nothing.
pub(super) fn is_amount(text: &str, currency: Option<&str>) -> bool {
    matches!(read_money(text, currency), Some(Value::Money { minor, .. }) if minor > 0)
}
