//! Which product a question names: by number (SKU, EAN, model, part), or by the words of its name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use auskunft_model::{Identifier, ProductId};
use auskunft_store::products::ProductRow;
use auskunft_text::identifier::normal_form;

use crate::analysis::{Word, words};
use crate::function_words;

mod names;

use names::Name;

/// More candidates than this are none: the question names a maker or a kind of product, not a product.
const MOST_CANDIDATES: usize = 24;
/// Words that a number may be spread over: `FJ Nord 3 L`.
const NUMBER_WORDS: usize = 4;
/// Shortest beginning of a number that stands for its variants: `KM-2400` for `KM-2400-S`.
const SHORTEST_BEGINNING: usize = 4;
/// Longest rest of a variant's number.
const LONGEST_REST: usize = 8;
/// Between these words several products may be named.
const BETWEEN: &[&str] = &["oder", "or", "und", "and", "vs", "versus", "als", "than", "statt"];

/// Which products a question names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mention {
    /// None.
    Nothing,
    /// Exactly one.
    Bound(ProductId),
    /// Several, each by itself: a comparison.
    Named(Vec<ProductId>),
    /// One of several that the words fit alike.
    Ambiguous(Vec<ProductId>),
}

/// A mention with what it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Naming {
    /// The products.
    pub(crate) mention: Mention,
    /// Folded words of the question that name them.
    pub(crate) words: Vec<String>,
    /// A number behind a known name that no product has.
    pub(crate) unknown: Option<String>,
}

/// A number in normal form: whose it is, and where its printed form has a joint.
#[derive(Debug, Default)]
struct Number {
    places: BTreeSet<usize>,
    breaks: BTreeSet<usize>,
}

/// Lengths of the normal form at which the printed number has a joint, or changes between letters and digits.
fn breaks(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut length = 0;
    for word in words(text) {
        found.push(length);
        let signs: Vec<char> = word.chars().collect();
        for (place, pair) in signs.windows(2).enumerate() {
            if pair[0].is_ascii_digit() != pair[1].is_ascii_digit() {
                found.push(length + place + 1);
            }
        }
        length += signs.len();
    }
    found
}

/// Names and numbers of all products.
#[derive(Debug, Default)]
pub(crate) struct ProductIndex {
    products: Vec<ProductRow>,
    places: HashMap<ProductId, usize>,
    numbers: BTreeMap<String, Number>,
    names: names::Names,
}

impl ProductIndex {
    /// The index of these products.
    pub(crate) fn new(products: Vec<ProductRow>, numbers: Vec<(ProductId, Identifier)>) -> Self {
        let places: HashMap<ProductId, usize> =
            products.iter().enumerate().map(|(place, product)| (product.id.clone(), place)).collect();
        let mut by_number: BTreeMap<String, Number> = BTreeMap::new();
        let own = products.iter().map(|product| (product.id.clone(), product.id.as_str().to_owned()));
        for (id, text) in own.chain(numbers.into_iter().map(|(id, number)| (id, number.text))) {
            let form = normal_form(&text);
            if let Some(place) = places.get(&id).filter(|_| form.chars().count() >= 3) {
                let known = by_number.entry(form).or_default();
                known.places.insert(*place);
                known.breaks.extend(breaks(&text));
            }
        }
        let names = names::Names::new(products.iter().map(Name::of).collect());
        Self { products, places, numbers: by_number, names }
    }

    /// How many products it knows.
    pub(crate) fn len(&self) -> usize {
        self.products.len()
    }

    /// A product.
    pub(crate) fn get(&self, id: &ProductId) -> Option<&ProductRow> {
        self.places.get(id).map(|place| &self.products[*place])
    }

    /// A product's name; its SKU where it has none.
    pub(crate) fn name_of(&self, id: &ProductId) -> String {
        self.get(id).map_or_else(|| id.to_string(), |known| known.name.clone())
    }

    /// Whether a number in normal form is a product's, or the beginning of one.
    pub(crate) fn knows_number(&self, form: &str) -> bool {
        self.numbers.contains_key(form) || !self.beginning_with(form).is_empty()
    }

    /// The products that a question names. `is_common` tells whether a word occurs in the texts: only words that don't are
    /// taken for misspelt names.
    pub(crate) fn find(&self, question: &str, is_common: impl Fn(&Word) -> bool) -> Naming {
        let question_words = words(question);
        let by_number = self.by_number(&question_words);
        if !matches!(by_number.mention, Mention::Nothing) {
            return by_number;
        }
        let whole = self.by_name(&question_words, &is_common);
        let parts = question_words.split(|word| BETWEEN.contains(&word.as_str()));
        let mut named: Vec<ProductId> = Vec::new();
        for part in parts {
            if let Mention::Bound(id) = self.by_name(part, &is_common).mention
                && !named.contains(&id)
            {
                named.push(id);
            }
        }
        if named.len() > 1 { Naming { mention: Mention::Named(named), ..whole } } else { whole }
    }

    /// Numbers, the longest run of words first. Whole numbers before beginnings of numbers.
    fn by_number(&self, question: &[String]) -> Naming {
        let mut found: Vec<BTreeSet<usize>> = Vec::new();
        let mut used = Vec::new();
        let mut start = 0;
        while start < question.len() {
            let (length, places) = self.number_at(&question[start..]);
            if let Some(places) = places {
                used.extend_from_slice(&question[start..start + length]);
                if !found.contains(&places) {
                    found.push(places);
                }
            }
            start += length;
        }
        Naming { mention: self.mention(&found), words: used, unknown: None }
    }

    /// The products whose number begins at the first word, and how many words it takes (1 when there is none).
    fn number_at(&self, rest: &[String]) -> (usize, Option<BTreeSet<usize>>) {
        for length in (1..=NUMBER_WORDS.min(rest.len())).rev() {
            let form = rest[..length].concat();
            let is_shaped = form.contains(|sign: char| sign.is_ascii_digit()) || form.len() >= 6;
            if let Some(known) = self.numbers.get(&form).filter(|_| is_shaped) {
                return (length, Some(known.places.clone()));
            }
        }
        for length in (1..=NUMBER_WORDS.min(rest.len())).rev() {
            let places = self.beginning_with(&rest[..length].concat());
            if !places.is_empty() {
                return (length, Some(places));
            }
        }
        (1, None)
    }

    /// Products with a number of which this is the beginning up to a variant's sign.
    fn beginning_with(&self, form: &str) -> BTreeSet<usize> {
        let mixes = form.contains(|sign: char| sign.is_ascii_digit())
            && form.contains(|sign: char| sign.is_ascii_alphabetic());
        if form.len() < SHORTEST_BEGINNING || !mixes {
            return BTreeSet::new();
        }
        let from = self.numbers.range(form.to_owned()..).take_while(|(number, _)| number.starts_with(form));
        let fits = |number: &str, known: &Number| {
            number.len() <= form.len() + LONGEST_REST
                && (number == form || known.breaks.contains(&form.len()))
        };
        let fitting = from.filter(|(number, known)| fits(number, known));
        fitting.flat_map(|(_, known)| known.places.iter().copied()).collect()
    }

    fn mention(&self, found: &[BTreeSet<usize>]) -> Mention {
        match found {
            [] => Mention::Nothing,
            [places] => self.one_of(places),
            several => {
                let mut single: Vec<usize> = Vec::new();
                for place in several.iter().filter(|places| places.len() == 1).flatten() {
                    if !single.contains(place) {
                        single.push(*place);
                    }
                }
                match single.as_slice() {
                    [] => self.one_of(&several.iter().flatten().copied().collect()),
                    [only] => Mention::Bound(self.products[*only].id.clone()),
                    named => {
                        Mention::Named(named.iter().map(|place| self.products[*place].id.clone()).collect())
                    }
                }
            }
        }
    }

    fn one_of(&self, places: &BTreeSet<usize>) -> Mention {
        let ids: Vec<ProductId> = places.iter().map(|place| self.products[*place].id.clone()).collect();
        match ids.as_slice() {
            [] => Mention::Nothing,
            [only] => Mention::Bound(only.clone()),
            many if many.len() > MOST_CANDIDATES => Mention::Nothing,
            _ => Mention::Ambiguous(ids),
        }
    }

    fn by_name(&self, question: &[String], is_common: &impl Fn(&Word) -> bool) -> Naming {
        let content: Vec<&String> =
            question.iter().filter(|word| !function_words::holds(word) || word.len() <= 2).collect();
        let found = self.names.find(&content, is_common);
        Naming { mention: self.one_of(&found.places), words: found.words, unknown: found.unknown }
    }
}

#[cfg(test)]
mod tests;
