//! Products by the words of their names.
//!
//! A name reads *maker, line, number, variant, kind*: "Sonoriva Q35 Pro Bluetooth-Kopfhörer". Maker and line (and numbers
//! that begin with a letter) can name a product; the other words only choose between the products that those name.
//! "Bluetooth" alone names nothing.

use std::collections::{BTreeSet, HashMap};

use auskunft_store::products::ProductRow;
use auskunft_text::unit;

use super::spelling::Spelling;
use crate::analysis::{Word, known, words};
use crate::concepts::loosen;

/// Shortest name that may be misspelt without a number behind it.
pub(super) const MISSPELT_FROM: usize = 5;
/// Shortest word that says what kind of product is meant.
pub(super) const SHORTEST_KIND: usize = 4;
/// Share of grams from which on a word of a name says what kind of product it is.
const KIND: f64 = 0.6;

/// A product's name, its words by what they are good for.
#[derive(Debug, Clone, Default)]
pub(super) struct Name {
    /// All words.
    all: BTreeSet<String>,
    /// Maker, line and numbers that begin with a letter.
    anchors: BTreeSet<String>,
    /// What must be said to mean this product and no variant of it, in order.
    core: Vec<String>,
    /// Words of its maker's name.
    makers: BTreeSet<String>,
}

/// The names of all products, by place.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    /// The products, in order, by the words of their names.
    places: HashMap<String, Vec<usize>>,
    /// The same by the words that can name them.
    anchors: HashMap<String, Vec<usize>>,
    makers: BTreeSet<String>,
    kinds: Vec<Word>,
    spelling: Spelling,
    /// Names as written without the dots of umlauts (`rugen` for `ruegen`).
    bare: HashMap<String, String>,
}

/// What the words of a question name.
#[derive(Debug, Default)]
pub(super) struct ByName {
    /// Places of the products that fit best.
    pub(super) places: BTreeSet<usize>,
    /// The words that name them.
    pub(super) words: Vec<String>,
    /// A number right behind a name that no such product has.
    pub(super) unknown: Option<String>,
}

fn has_digit(word: &str) -> bool {
    word.contains(|sign: char| sign.is_ascii_digit())
}

/// `q35`, `a5`: a letter, then digits. `2l` and `128` may be quantities.
fn is_lettered_number(word: &str) -> bool {
    word.starts_with(|sign: char| sign.is_ascii_alphabetic()) && has_digit(word)
}

impl Name {
    /// The words of a product's name.
    pub(super) fn of(product: &ProductRow) -> Self {
        let makers: BTreeSet<String> = product.maker.iter().flat_map(|maker| words(maker)).collect();
        let kinds = kinds_of(std::slice::from_ref(product));
        let sku: BTreeSet<String> = words(product.id.as_str()).into_iter().collect();
        let name = words(&product.name);
        let mut found = Self { anchors: makers.clone(), makers: makers.clone(), ..Self::default() };
        let mut in_line = true;
        for word in &name {
            let is_maker = makers.contains(word);
            in_line = in_line && !names_kind(word, &kinds);
            if !is_maker && (in_line || sku.contains(word)) {
                found.core.push(word.clone());
            }
            if in_line && !has_digit(word) && word.chars().count() > 2 || is_lettered_number(word) && in_line
            {
                found.anchors.insert(word.clone());
            }
            // Behind the number stands the variant or the kind: not a name by itself.
            in_line = in_line && !has_digit(word);
        }
        found.all = name.into_iter().chain(makers).collect();
        found
    }
}

impl Name {
    /// Line, number and variant in one, without the maker: `nova 26 pro`; `None` when it has no number.
    pub(super) fn called(&self) -> Option<String> {
        self.core.iter().any(|word| has_digit(word)).then(|| self.core.join(" "))
    }

    /// Whether a word names the product, as opposed to saying what it is.
    fn names_it(&self, word: &str) -> bool {
        self.anchors.contains(word) || self.core.iter().any(|core| core == word)
    }
}

/// The words that say what kinds of things products are: their categories and families.
pub(super) fn kinds_of(products: &[ProductRow]) -> Vec<Word> {
    let texts = products.iter().flat_map(|product| [&product.category, &product.product_family]).flatten();
    let distinct: BTreeSet<&String> = texts.collect();
    let words: BTreeSet<String> = distinct.into_iter().flat_map(|text| words(text)).collect();
    words.into_iter().filter(|word| word.len() >= SHORTEST_KIND).map(|word| Word::new(&word)).collect()
}

fn names_kind(word: &str, kinds: &[Word]) -> bool {
    let word = known(word);
    kinds.iter().any(|kind| shares_grams(&word, kind))
}

/// Whether a word, by its grams, is nearly a word that says what kind of thing products are, a part of it, or put together with it.
pub(super) fn shares_grams(word: &Word, kind: &Word) -> bool {
    word.shared_with(kind) >= KIND || kind.shared_with(word) >= KIND
}

impl Names {
    pub(super) fn new(names: Vec<Name>, kinds: Vec<Word>) -> Self {
        let mut found = Self { kinds, ..Self::default() };
        for (place, name) in names.iter().enumerate() {
            for word in &name.all {
                found.places.entry(word.clone()).or_default().push(place);
            }
            for word in &name.anchors {
                found.anchors.entry(word.clone()).or_default().push(place);
            }
            found.makers.extend(name.makers.iter().cloned());
        }
        let anchors: BTreeSet<&String> = found.anchors.keys().collect();
        let undotted = anchors.iter().map(|word| (loosen(word), (*word).clone()));
        found.bare = undotted.filter(|(bare, word)| bare != word).collect();
        found.spelling = Spelling::new(anchors.into_iter());
        found.names = names;
        found
    }

    /// Whether a folded word says what kind of thing a product is.
    pub(super) fn is_kind(&self, word: &str) -> bool {
        word.len() >= SHORTEST_KIND
            && (names_kind(word, &self.kinds) || self.kinds.iter().any(|kind| word.ends_with(&kind.text)))
    }

    /// Whether a word is of a maker's name.
    pub(super) fn is_maker(&self, word: &str) -> bool {
        self.makers.contains(word)
    }

    /// Whether a word is of the name of a product's maker.
    pub(super) fn is_made_by(&self, place: usize, word: &str) -> bool {
        self.names.get(place).is_some_and(|name| name.makers.contains(word))
    }

    /// The maker or line that an unknown word was meant to be.
    pub(super) fn nearest(&self, word: &str) -> Option<String> {
        if self.places.contains_key(word) {
            return None;
        }
        let undotted = self.bare.get(word).map(String::as_str);
        undotted.or_else(|| self.spelling.nearest(word)).map(str::to_owned)
    }

    /// The products that the words fit best.
    pub(super) fn find(&self, question: &[&String]) -> ByName {
        let said: Vec<String> = question.iter().map(|word| (*word).clone()).collect();
        let scores = self.scores(&said);
        if scores.is_empty() {
            return ByName::default();
        }
        let best = scores.iter().map(|(_, score)| *score).fold(0.0, f64::max);
        let mut places: BTreeSet<usize> =
            scores.iter().filter(|(_, score)| *score > best - 1e-9).map(|(place, _)| *place).collect();
        let complete = |place: &&usize| self.names[**place].core.iter().all(|word| said.contains(word));
        let completes: Vec<usize> = places.iter().filter(complete).copied().collect();
        if let [only] = completes.as_slice() {
            places = BTreeSet::from([*only]);
        }
        let unknown = self.unknown_number(&said, &places);
        let names_one = |word: &&String| places.iter().any(|place| self.names[*place].names_it(word));
        let words = said.iter().filter(names_one).cloned().collect();
        ByName { places, words, unknown }
    }

    /// Rarity of the words that a product's name shares with the question, for each product that one of them names; in order.
    fn scores(&self, said: &[String]) -> Vec<(usize, f64)> {
        let distinct: BTreeSet<&String> = said.iter().collect();
        let named: BTreeSet<usize> =
            distinct.iter().filter_map(|word| self.anchors.get(*word)).flatten().copied().collect();
        let mut scores: Vec<(usize, f64)> = named.into_iter().map(|place| (place, 0.0)).collect();
        for places in distinct.into_iter().filter_map(|word| self.places.get(word)) {
            let rarity = (1.0 + self.names.len() as f64 / places.len() as f64).ln();
            for (place, score) in &mut scores {
                if places.binary_search(place).is_ok() {
                    *score += rarity;
                }
            }
        }
        scores
    }

    /// "Brise 17": a number right behind a named line that none of the candidates has.
    fn unknown_number(&self, said: &[String], places: &BTreeSet<usize>) -> Option<String> {
        let is_named = |word: &String| places.iter().any(|place| self.names[*place].anchors.contains(word));
        let is_had = |word: &String| places.iter().any(|place| self.names[*place].all.contains(word));
        // "Hält die Brise 24 Stunden?" states a quantity.
        let is_quantity = |place: usize| said.get(place + 1).is_some_and(|next| unit::find(next).is_some());
        let place = (1..said.len()).find(|place| {
            is_named(&said[place - 1])
                && has_digit(&said[*place])
                && !is_had(&said[*place])
                && !is_quantity(*place)
        })?;
        Some(format!("{} {}", said[place - 1], said[place]))
    }
}
