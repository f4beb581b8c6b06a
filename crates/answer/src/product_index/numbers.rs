//! Products by what is unmistakable of them: SKU, EAN, model number, and a name's line with its number (`Nova 26 Pro`).

use std::collections::{BTreeMap, BTreeSet};

use auskunft_text::identifier::normal_form;

use crate::analysis::words;

/// Words that a number may be spread over: `SG 310 Silent US`.
const NUMBER_WORDS: usize = 5;
/// Shortest beginning of a number that stands for its variants: `KM-2400` for `KM-2400-S`.
const SHORTEST_BEGINNING: usize = 4;
/// Longest rest of a variant's number.
const LONGEST_REST: usize = 10;
/// Shortest number in normal form.
const SHORTEST: usize = 3;

/// A number in normal form: whose it is, and where its printed form has a joint.
#[derive(Debug, Default)]
struct Number {
    /// Products that are called so.
    own: BTreeSet<usize>,
    /// Products whose pages state it, among others.
    stated: BTreeSet<usize>,
    breaks: BTreeSet<usize>,
}

impl Number {
    fn places(&self) -> &BTreeSet<usize> {
        if self.own.is_empty() { &self.stated } else { &self.own }
    }
}

/// A run of words that names products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Place of the first word.
    pub(super) start: usize,
    /// Behind the last one.
    pub(super) end: usize,
    /// The products.
    pub(super) places: BTreeSet<usize>,
}

/// All numbers.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    known: BTreeMap<String, Number>,
}

impl Numbers {
    /// Takes in a number as printed. `is_own`: the product is called so; else its page only states it.
    pub(super) fn add(&mut self, text: &str, place: usize, is_own: bool) {
        let form = normal_form(text);
        if form.chars().count() < SHORTEST {
            return;
        }
        let number = self.known.entry(form).or_default();
        if is_own {
            number.own.insert(place)
        } else {
            number.stated.insert(place)
        };
        number.breaks.extend(breaks(text));
    }

    /// Whether a normal form is a number, or the beginning of one.
    pub(super) fn knows(&self, form: &str) -> bool {
        self.known.contains_key(form) || !self.beginning_with(form).is_empty()
    }

    /// The runs of folded words that are numbers, the longest first at each place.
    pub(super) fn spans(&self, words: &[String]) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        let mut start = 0;
        while start < words.len() {
            let (length, places) = self.at(&words[start..]);
            match places {
                Some(places) => found.push(Span { start, end: start + length, places }),
                None => found.extend(found.last().and_then(|last| self.variant(last, start, words))),
            }
            start += length;
        }
        found
    }

    /// The products whose number begins at the first word, and how many words it takes (1 when there is none). Whole
    /// numbers before beginnings of numbers.
    fn at(&self, rest: &[String]) -> (usize, Option<BTreeSet<usize>>) {
        let longest = NUMBER_WORDS.min(rest.len());
        for length in (1..=longest).rev() {
            let form = rest[..length].concat();
            let is_shaped = form.contains(|sign: char| sign.is_ascii_digit()) || form.len() >= 6;
            if let Some(number) = self.known.get(&form).filter(|_| is_shaped) {
                return (length, Some(number.places().clone()));
            }
        }
        for length in (1..=longest).rev() {
            let places = self.beginning_with(&rest[..length].concat());
            if !places.is_empty() {
                return (length, Some(places));
            }
        }
        (1, None)
    }

    /// "KM-2400 S oder M": the last word of a span may be replaced, or one put behind it.
    fn variant(&self, last: &Span, start: usize, words: &[String]) -> Option<Span> {
        let joins = start == last.end + 1 && super::BETWEEN.contains(&words[last.end].as_str());
        if !joins {
            return None;
        }
        let beginnings = [&words[last.start..last.end], &words[last.start..last.end - 1]];
        let forms = beginnings.iter().map(|beginning| format!("{}{}", beginning.concat(), words[start]));
        let number = forms.filter_map(|form| self.known.get(&form)).find(|number| !number.own.is_empty())?;
        Some(Span { start, end: start + 1, places: number.own.clone() })
    }

    /// Products with a number of which this is the beginning up to a variant's sign.
    fn beginning_with(&self, form: &str) -> BTreeSet<usize> {
        let mixes = form.contains(|sign: char| sign.is_ascii_digit())
            && form.contains(|sign: char| sign.is_ascii_alphabetic());
        if form.len() < SHORTEST_BEGINNING || !mixes {
            return BTreeSet::new();
        }
        let from = self.known.range(form.to_owned()..).take_while(|(number, _)| number.starts_with(form));
        let fits = |number: &str, known: &Number| {
            number.len() <= form.len() + LONGEST_REST
                && (number == form || known.breaks.contains(&form.len()))
        };
        let fitting = from.filter(|(number, known)| fits(number, known));
        fitting.flat_map(|(_, known)| known.places().iter().copied()).collect()
    }
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
