//! Products by the words of their names.
//!
//! A name reads *maker, line, number, variant, kind*: "Sonoriva Q35 Pro Bluetooth-Kopfhörer". Maker and line (and numbers
//! that begin with a letter) can name a product; the other words only choose between the products that those name.
//! "Bluetooth" alone names nothing.

use std::collections::{BTreeSet, HashMap};

use auskunft_store::products::ProductRow;

use crate::analysis::{Word, grams, words};

/// Shortest word that may be misspelt.
const MISSPELT_FROM: usize = 5;
/// Share of grams from which on a word of a name says what kind of product it is.
const KIND: f64 = 0.6;

/// A product's name, its words by what they are good for.
#[derive(Debug, Clone, Default)]
pub(super) struct Name {
    /// All words.
    all: BTreeSet<String>,
    /// Maker, line and numbers that begin with a letter.
    anchors: BTreeSet<String>,
    /// What must be said to mean this product and no variant of it.
    core: BTreeSet<String>,
}

/// The names of all products, by place.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    places: HashMap<String, Vec<usize>>,
    anchors: HashMap<String, usize>,
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
        let kinds: Vec<Word> = [&product.category, &product.product_family]
            .into_iter()
            .flatten()
            .flat_map(|text| words(text))
            .map(Word::new)
            .collect();
        let sku: BTreeSet<String> = words(product.id.as_str()).into_iter().collect();
        let name = words(&product.name);
        let mut found = Self { anchors: makers.clone(), ..Self::default() };
        let mut in_line = true;
        for word in &name {
            let is_maker = makers.contains(word);
            in_line = in_line && !names_kind(word, &kinds);
            if !is_maker && (in_line || sku.contains(word)) {
                found.core.insert(word.clone());
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
    /// Whether a word names the product, as opposed to saying what it is.
    fn names_it(&self, word: &str) -> bool {
        self.anchors.contains(word) || self.core.contains(word)
    }
}

fn names_kind(word: &str, kinds: &[Word]) -> bool {
    let own = grams(word);
    kinds.iter().any(|kind| {
        let shared = |left: &[String], right: &[String]| {
            left.iter().filter(|gram| right.contains(gram)).count() as f64 / left.len().max(1) as f64
        };
        shared(&own, &kind.grams) >= KIND || shared(&kind.grams, &own) >= KIND
    })
}

impl Names {
    pub(super) fn new(names: Vec<Name>) -> Self {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        let mut anchors: HashMap<String, usize> = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            for word in &name.all {
                places.entry(word.clone()).or_default().push(place);
            }
            for word in &name.anchors {
                *anchors.entry(word.clone()).or_default() += 1;
            }
        }
        Self { names, places, anchors }
    }

    /// The products that the words fit best.
    pub(super) fn find(&self, question: &[&String], is_common: &impl Fn(&Word) -> bool) -> ByName {
        let said: Vec<String> = question
            .iter()
            .map(|word| self.correct(word, is_common).unwrap_or_else(|| (*word).clone()))
            .collect();
        let naming: BTreeSet<&String> = said.iter().filter(|word| self.anchors.contains_key(*word)).collect();
        if naming.is_empty() {
            return ByName::default();
        }
        let scores = self.scores(&said, &naming);
        let best = scores.values().copied().fold(0.0, f64::max);
        let mut places: BTreeSet<usize> =
            scores.iter().filter(|(_, score)| **score > best - 1e-9).map(|(place, _)| *place).collect();
        let complete = |place: &&usize| self.names[**place].core.iter().all(|word| said.contains(word));
        let completes: Vec<usize> = places.iter().filter(complete).copied().collect();
        if let [only] = completes.as_slice() {
            places = BTreeSet::from([*only]);
        }
        let unknown = self.unknown_number(&said, &places);
        let words = question
            .iter()
            .zip(&said)
            .filter(|(_, word)| places.iter().any(|place| self.names[*place].names_it(word)))
            .map(|(asked, _)| (*asked).clone())
            .collect();
        ByName { places, words, unknown }
    }

    /// Rarity of the words that each product's name shares with the question; products that no anchor names are left out.
    fn scores(&self, said: &[String], naming: &BTreeSet<&String>) -> HashMap<usize, f64> {
        let mut scores: HashMap<usize, f64> = HashMap::new();
        let distinct: BTreeSet<&String> = said.iter().collect();
        for word in distinct {
            let Some(places) = self.places.get(word) else { continue };
            let rarity = (1.0 + self.names.len() as f64 / places.len() as f64).ln();
            for place in places {
                *scores.entry(*place).or_default() += rarity;
            }
        }
        scores.retain(|place, _| naming.iter().any(|word| self.names[*place].anchors.contains(*word)));
        scores
    }

    /// "Brise 17": a number right behind a named line that none of the candidates has.
    fn unknown_number(&self, said: &[String], places: &BTreeSet<usize>) -> Option<String> {
        let is_named = |word: &String| places.iter().any(|place| self.names[*place].anchors.contains(word));
        let is_had = |word: &String| places.iter().any(|place| self.names[*place].all.contains(word));
        let pair =
            said.windows(2).find(|pair| is_named(&pair[0]) && has_digit(&pair[1]) && !is_had(&pair[1]))?;
        Some(format!("{} {}", pair[0], pair[1]))
    }

    /// The anchor that a word was meant to be, when it occurs nowhere and is one letter away.
    fn correct(&self, word: &str, is_common: &impl Fn(&Word) -> bool) -> Option<String> {
        if word.chars().count() < MISSPELT_FROM || has_digit(word) || self.places.contains_key(word) {
            return None;
        }
        let near =
            self.anchors.keys().find(|anchor| !has_digit(anchor) && is_one_letter_away(word, anchor))?;
        (!is_common(&Word::new(word.to_owned()))).then(|| near.clone())
    }
}

/// One letter added, left out, changed, or two neighbours swapped.
fn is_one_letter_away(left: &str, right: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let (short, long) = if left.len() <= right.len() { (&left, &right) } else { (&right, &left) };
    let same_start = short.iter().zip(long.iter()).take_while(|(one, other)| one == other).count();
    match long.len() - short.len() {
        0 => {
            let rest = same_start + 1;
            let changed = same_start < short.len() && short[rest..] == long[rest..];
            let swapped = rest < short.len()
                && short[same_start] == long[rest]
                && short[rest] == long[same_start]
                && short[rest + 1..] == long[rest + 1..];
            changed || swapped
        }
        1 => short[same_start..] == long[same_start + 1..],
        _ => false,
    }
}
