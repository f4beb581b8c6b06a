//! One description out of several: per field the most trusted statement, and where others contradict it.

use std::collections::BTreeMap;

use auskunft_model::{Conflict, Language, Value};
use auskunft_text::identifier::normal_form;
use auskunft_text::normal::fold;
use auskunft_text::value::{read_attribute, read_money};

use super::keys;
use crate::html::structured::Stated;

/// Reads a field of a description.
type Slot = fn(&mut Stated) -> &mut Option<String>;

/// Whether two statements say the same.
type Same = fn(&str, &str) -> bool;

/// Fields with their names in conflicts.
const FIELDS: &[(&str, Slot, Same)] = &[
    ("name", |stated| &mut stated.name, is_same_name),
    ("sku", |stated| &mut stated.sku, is_same_number),
    ("gtin", |stated| &mut stated.gtin, is_same_gtin),
    ("mpn", |stated| &mut stated.mpn, is_same_number),
    ("model", |stated| &mut stated.model, is_same_name),
    ("brand", |stated| &mut stated.brand, is_same_name),
    ("price", |stated| &mut stated.price, is_same_price),
    ("currency", |stated| &mut stated.currency, is_same_name),
    ("availability", |stated| &mut stated.availability, is_same_availability),
];

/// Collects descriptions, the most trusted first.
pub(super) struct Merge {
    /// What is taken so far.
    pub(super) stated: Stated,
    /// What was contradicted.
    pub(super) conflicts: Vec<Conflict>,
    origins: BTreeMap<String, &'static str>,
    language: Language,
}

impl Merge {
    /// Nothing yet; `language` decides how numbers of attributes are compared.
    pub(super) fn new(language: Language) -> Self {
        Self { stated: Stated::default(), conflicts: Vec::new(), origins: BTreeMap::new(), language }
    }

    /// Takes what is missing from a description that is trusted less than those before, and notes what it says otherwise.
    pub(super) fn add(&mut self, from: &'static str, mut other: Stated) {
        for (field, slot, same) in FIELDS {
            let said = slot(&mut other).take();
            self.field(field, *slot, *same, from, said);
        }
        let attributes = std::mem::take(&mut other.attributes).into_iter();
        let named = attributes.map(|(key, value)| (keys::of_field(&key, &self.language), value)).collect();
        self.attributes(from, named);
        if self.stated.variants.is_empty() {
            self.stated.variants = std::mem::take(&mut other.variants);
        }
        self.stated.fill(other);
    }

    /// Notes a price that the page prints otherwise than it states it.
    pub(super) fn printed_price(&mut self, text: &str) {
        let own = self.stated.price.as_deref();
        let sells_at = |price: Option<&str>| price.is_some_and(|price| is_same_price(price, text));
        let is_known = sells_at(own) || self.stated.variants.iter().any(|one| sells_at(one.price.as_deref()));
        if let Some(own) = own.filter(|_| !is_known) {
            let from = self.origins.get("price").copied().unwrap_or("page");
            self.conflicts.push(conflict("price", (own, from), (text, "text")));
        }
    }

    fn field(&mut self, field: &str, slot: Slot, same: Same, from: &'static str, said: Option<String>) {
        let Some(said) = said else { return };
        match slot(&mut self.stated) {
            Some(taken) if same(taken, &said) => {}
            Some(taken) => {
                let origin = self.origins.get(field).copied().unwrap_or("page");
                let conflict = conflict(field, (taken, origin), (&said, from));
                self.conflicts.push(conflict);
            }
            empty => {
                *empty = Some(said);
                self.origins.insert(field.to_owned(), from);
            }
        }
    }

    fn attributes(&mut self, from: &'static str, others: Vec<(String, String)>) {
        for (key, value) in others {
            let folded = keys::bare(&key);
            match self.stated.attributes.iter().find(|(known, _)| keys::bare(known) == folded) {
                Some((known, taken)) if !self.is_same_value(known, taken, &value) => {
                    let origin = self.origins.get(&attribute_field(&folded)).copied().unwrap_or("page");
                    self.conflicts.push(conflict(known, (taken, origin), (&value, from)));
                }
                Some(_) => {}
                None => {
                    self.origins.insert(attribute_field(&folded), from);
                    self.stated.attributes.push((key, value));
                }
            }
        }
    }

    fn is_same_value(&self, key: &str, one: &str, other: &str) -> bool {
        let typed = |text: &str| read_attribute(key, text, &self.language);
        is_same_name(one, other) || (typed(one) != Value::Text && typed(one) == typed(other))
    }
}

/// Attributes and fields have their origins in one map.
fn attribute_field(key: &str) -> String {
    format!("attribute {key}")
}

fn conflict(field: &str, taken: (&str, &str), other: (&str, &str)) -> Conflict {
    Conflict {
        field: field.to_owned(),
        taken: taken.0.to_owned(),
        taken_from: taken.1.to_owned(),
        other: other.0.to_owned(),
        other_from: other.1.to_owned(),
    }
}

/// A longer name around the same words (with the shop's or the maker's) is no contradiction.
fn is_same_name(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    one.contains(&other) || other.contains(&one)
}

fn is_same_number(one: &str, other: &str) -> bool {
    normal_form(one) == normal_form(other)
}

/// A UPC is an EAN without its leading zero.
fn is_same_gtin(one: &str, other: &str) -> bool {
    let digits = |text: &str| normal_form(text).trim_start_matches('0').to_owned();
    digits(one) == digits(other)
}

/// The same amount, whatever the currency.
fn is_same_price(one: &str, other: &str) -> bool {
    let amount = |text: &str| match read_money(text, Some("EUR")) {
        Some(Value::Money { minor, .. }) => Some(minor),
        _ => None,
    };
    amount(one) == amount(other)
}

fn is_same_availability(one: &str, other: &str) -> bool {
    let term = |text: &str| keys::availability(&fold(text)).map_or_else(|| text.to_owned(), str::to_owned);
    term(one) == term(other)
}
