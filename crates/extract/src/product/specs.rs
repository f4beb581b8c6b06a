//! Keys and values that a page prints: definition lists, spec tables, `key: value` lines.

use std::collections::HashSet;

use auskunft_model::{Block, Language, Section, Value};
use auskunft_text::identifier;
use auskunft_text::normal::fold;
use auskunft_text::value::{read_attribute, read_money};

use super::{availability, keys};
use crate::html::Page;
use crate::html::structured::{Said, Stated};

/// Longer texts are no keys and no values.
pub(super) const MAX_KEY: usize = 60;
const MAX_VALUE: usize = 300;

/// No product has more attributes; what a page prints beyond is left to its text.
const MAX_PAIRS: usize = 1_000;

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
    /// The key, folded.
    folded: String,
}

impl Pair {
    /// A pair, unless one of both is too long.
    fn new(key: String, value: &str, place: Place) -> Option<Self> {
        let fits = key.chars().count() <= MAX_KEY && value.chars().count() <= MAX_VALUE;
        fits.then(|| Self { folded: keys::bare(&key), key, value: value.to_owned(), place })
    }

    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.folded.as_str())
    }

    fn is_attribute(&self) -> bool {
        let has_both = self.key.chars().any(char::is_alphabetic) && !self.value.is_empty();
        has_both && !keys::is_condition(&self.folded)
    }
}

/// The pairs of a page's own text, each key once per place.
pub(super) fn pairs(sections: &[Section], page: &Page, language: &Language) -> Vec<Pair> {
    let definitions: HashSet<(String, &str)> =
        page.definitions.iter().map(|(key, value)| (tidy(key), value.as_str())).collect();
    let mut seen: HashSet<(String, Place)> = HashSet::new();
    let mut found = Vec::new();
    for (block, group) in blocks(sections, page) {
        for mut pair in of_block(block, group, language) {
            if definitions.contains(&(pair.key.clone(), pair.value.as_str())) {
                pair.place = Place::Definitions;
            }
            if pair.is_attribute() && seen.insert((pair.folded.clone(), pair.place)) {
                found.push(pair);
            }
        }
    }
    found.truncate(MAX_PAIRS);
    found
}

/// All blocks, with the names of the groups of rows that they are.
fn blocks<'a>(
    sections: &'a [Section],
    page: &'a Page,
) -> impl Iterator<Item = (&'a Block, Option<&'a String>)> {
    let is_group = |name: &&String| page.groups.contains(*name) && keys::is_group(name);
    sections.iter().flat_map(move |section| {
        let group = section.heading_path.last().filter(is_group);
        section.blocks.iter().map(move |block| (block, group))
    })
}

fn of_block(block: &Block, group: Option<&String>, language: &Language) -> Vec<Pair> {
    match block {
        Block::Table { header, rows } if header.len() <= 2 => {
            rows.iter().flat_map(|row| of_row(row, group, language)).collect()
        }
        Block::Item { text } | Block::Paragraph { text } => {
            of_line(text.strip_prefix("• ").unwrap_or(text), language).into_iter().collect()
        }
        Block::Table { .. } | Block::Contents { .. } => Vec::new(),
    }
}

/// Two cells; or three, of which the first names the group of the second (`Maße | Breite | 30 cm`); or cells that are
/// lines (`Item #: 14013`) in a table that only lays out the page. Rows under a heading inside the table bear its name.
fn of_row(row: &[String], group: Option<&String>, language: &Language) -> Vec<Pair> {
    let in_cells: Vec<Pair> = row.iter().filter_map(|cell| of_line(cell, language)).collect();
    let (group, key, value) = match row {
        _ if !in_cells.is_empty() => return in_cells,
        [key, value] => (group, key, value),
        [group, key, value] if !group.is_empty() && !key.is_empty() => (Some(group), key, value),
        _ => return Vec::new(),
    };
    let key = group.map_or_else(|| tidy(key), |group| format!("{} {}", tidy(group), tidy(key)));
    Pair::new(key, value, Place::Table).into_iter().collect()
}

fn of_line(text: &str, language: &Language) -> Option<Pair> {
    let (key, value) = text.split_once(':')?;
    Pair::new(tidy(key), value.trim(), Place::Line).filter(|pair| is_sure(pair, language))
}

fn tidy(key: &str) -> String {
    key.trim().trim_end_matches(':').trim_end().to_owned()
}

/// A line of running text is a pair only when its key is known or its value is typed.
fn is_sure(pair: &Pair, language: &Language) -> bool {
    let Pair { key, value, .. } = pair;
    let plain = key.split('(').next().unwrap_or("");
    let is_key = !plain.trim().is_empty() && plain.split_whitespace().count() <= 4 && !key.contains("http");
    let is_known = is_known(pair) && value.split_whitespace().count() <= 4;
    let typed = || !matches!(read_attribute(key, value, language), Value::Text | Value::Number { .. });
    is_known && !value.is_empty() || is_key && typed() && !names_money(pair)
}

fn is_known(pair: &Pair) -> bool {
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
    lists.iter().any(|list| pair.is(list))
}

/// `Versand: 4,90 €` and other sums are conditions, unless the key says that it is the price.
fn names_money(pair: &Pair) -> bool {
    read_money(&pair.value, None).is_some() && !pair.is(keys::PRICE)
}

/// The product's own numbers and maker among printed pairs; all pairs are attributes.
pub(super) fn stated(pairs: &[&Pair]) -> Stated {
    let get = |names: &[&str]| pairs.iter().find(|pair| pair.is(names)).map(|pair| pair.value.clone());
    let said = |pair: &&Pair| Said { key: pair.key.clone(), value: pair.value.clone(), is_data: false };
    Stated {
        sku: get(keys::SKU).map(|text| once(&text)).filter(|text| is_number(text)),
        gtin: get(keys::EAN).filter(|text| identifier::is_gtin(text)),
        mpn: get(keys::PART),
        model: get(keys::MODEL),
        brand: get(keys::MAKER),
        category: get(keys::CATEGORY),
        price: get(keys::PRICE).filter(|text| is_amount(text, None)),
        availability: get(keys::AVAILABILITY)
            .and_then(|text| availability::term(&fold(&text)).map(str::to_owned)),
        attributes: pairs.iter().map(said).collect(),
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
    let key = keys::bare(key);
    [keys::SKU, keys::EAN, keys::PART, keys::MODEL].iter().any(|names| names.contains(&key.as_str()))
}

/// The kind of product among attributes.
pub(super) fn family(attributes: &[Said]) -> Option<String> {
    let is_word =
        |value: &str| value.chars().count() <= MAX_KEY && !value.contains(|sign: char| sign.is_ascii_digit());
    let folded: Vec<(String, &Said)> = attributes.iter().map(|said| (keys::bare(&said.key), said)).collect();
    let by_trust = keys::FAMILY.iter().filter_map(|name| folded.iter().find(|(key, _)| key == name));
    by_trust.map(|(_, said)| said.value.clone()).find(|value| is_word(value))
}

/// Whether a text holds an amount above nothing.
pub(super) fn is_amount(text: &str, currency: Option<&str>) -> bool {
    matches!(read_money(text, currency), Some(Value::Money { minor, .. }) if minor > 0)
}
