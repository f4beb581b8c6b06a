//! One description out of several: per field the most trusted statement, and where others contradict it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use auskunft_model::{Conflict, Language, Value};
use auskunft_text::identifier::normal_form;
use auskunft_text::normal::fold;
use auskunft_text::value::read_money;

use super::{availability, facts, keys};
use crate::html::structured::{Said, Stated};

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
    /// Where fields are from.
    origins: BTreeMap<&'static str, &'static str>,
    /// Attributes by their folded keys: their places among those taken, and where they are from.
    places: HashMap<String, (usize, &'static str)>,
    language: Language,
}

impl Merge {
    /// Nothing yet; `language` decides how numbers of attributes are compared.
    pub(super) fn new(language: Language) -> Self {
        let (stated, conflicts) = (Stated::default(), Vec::new());
        Self { stated, conflicts, origins: BTreeMap::new(), places: HashMap::new(), language }
    }

    /// Takes what is missing from a description that is trusted less than those before, and notes what it says otherwise.
    pub(super) fn add(&mut self, from: &'static str, mut other: Stated) {
        for (field, slot, same) in FIELDS {
            let said = slot(&mut other).take();
            self.field(field, *slot, *same, from, said);
        }
        std::mem::take(&mut other.attributes).into_iter().for_each(|said| self.attribute(from, said));
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

    fn field(
        &mut self,
        field: &'static str,
        slot: Slot,
        same: Same,
        from: &'static str,
        said: Option<String>,
    ) {
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
                self.origins.insert(field, from);
            }
        }
    }

    fn attribute(&mut self, from: &'static str, mut said: Said) {
        said.key = keys::of_field(&said.key, &self.language);
        match self.places.entry(keys::bare(&said.key)) {
            Entry::Occupied(known) => {
                let (place, origin) = *known.get();
                let taken = &self.stated.attributes[place];
                if !is_same_value(taken, &said, &self.language) {
                    let conflict = conflict(&taken.key, (&taken.value, origin), (&said.value, from));
                    self.conflicts.push(conflict);
                }
            }
            Entry::Vacant(free) => {
                free.insert((self.stated.attributes.len(), from));
                self.stated.attributes.push(said);
            }
        }
    }
}

/// Whether two values of one key are the same words, or mean the same.
fn is_same_value(taken: &Said, other: &Said, language: &Language) -> bool {
    let typed = |said: &Said| facts::value(&taken.key, said, language);
    let means_same = || typed(taken) != Value::Text && typed(taken) == typed(other);
    is_same_name(&taken.value, &other.value) || means_same()
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
    let term = |text: &str| availability::term(&fold(text)).map_or_else(|| text.to_owned(), str::to_owned);
    term(one) == term(other)
}
