//! A small language for wordings, so that tables of them can be read by people.
//!
//! A pattern is terms between blanks, all of which must fit, in any order:
//!
//! | term | fits |
//! |---|---|
//! | `word` | that word |
//! | `word*` | words that begin so |
//! | `*` | any word |
//! | `how+much+is` | those words, one behind the other |
//! | `a\|b*\|c+d` | one of these |
//! | `!term` | when the term does not |
//! | `#order` | what the question names besides words; see [`Sign`] |
//!
//! Words are folded; `ae`, `oe`, `ue` meet `a`, `o`, `u`, because many people leave the dots out.

use strsim::osa_distance;

use crate::concepts::loosen;

/// Shortest word of a pattern that a misspelt word may be meant to be.
const MISSPELT_FROM: usize = 6;
/// From this length on, two slips are forgiven.
const TWO_SLIPS_FROM: usize = 12;

/// What a question names besides words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `#order`: the number of an order or parcel.
    Order,
    /// `#serial`: a serial number.
    Serial,
    /// `#product`: a product, or several that fit alike.
    Product,
    /// `#products`: several products.
    Products,
    /// `#code`: a fault code, `E04`.
    Code,
    /// `#number`: digits.
    Number,
}

/// One word of a pattern.
#[derive(Debug, Clone)]
struct Atom {
    text: String,
    is_beginning: bool,
}

#[derive(Debug, Clone)]
enum Choice {
    Words(Vec<Atom>),
    Sign(Sign),
}

#[derive(Debug, Clone)]
struct Term {
    is_negated: bool,
    choices: Vec<Choice>,
}

/// A wording; see the module's table.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    terms: Vec<Term>,
}

/// A question's words with the signs in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Wording {
    /// Folded words without the dots of umlauts.
    words: Vec<String>,
    /// Which of them nobody knows: they may be misspelt.
    is_odd: Vec<bool>,
    /// With what they begin.
    initials: Initials,
    signs: Vec<Sign>,
}

/// The first bytes of words, as bits: most wordings of the tables begin like none of a question's words, and are passed over by them.
#[derive(Debug, Clone, Copy, Default)]
struct Initials(u64);

impl Initials {
    fn of<'a>(words: impl IntoIterator<Item = &'a String>) -> Self {
        Self(words.into_iter().fold(0, |bits, word| bits | Self::bit(word)))
    }

    /// The same bit for some bytes: a letter that is not there may seem to be.
    fn bit(word: &str) -> u64 {
        word.bytes().next().map_or(0, |first| 1 << (first % 64))
    }

    fn may_have(self, atom: &Atom) -> bool {
        atom.text.is_empty() || self.0 & Self::bit(&atom.text) != 0
    }
}

impl Wording {
    /// Folded words, with the signs among them. `is_odd` tells a word that nobody knows.
    pub(super) fn new(words: &[String], signs: Vec<Sign>, is_odd: impl Fn(&str) -> bool) -> Self {
        let is_odd = words.iter().map(|word| is_odd(word)).collect();
        let words: Vec<String> = words.iter().map(|word| loosen(word)).collect();
        Self { initials: Initials::of(&words), words, is_odd, signs }
    }

    /// How many words there are.
    pub(super) fn length(&self) -> usize {
        self.words.len()
    }

    /// Whether the first word is one of these.
    pub(super) fn begins_with(&self, words: &[&str]) -> bool {
        self.words.first().is_some_and(|first| words.iter().any(|word| loosen(word) == *first))
    }

    /// Whether the words at two places stand on both sides of an "und": "leiser und leichter".
    pub(super) fn joins(&self, one: usize, other: usize) -> bool {
        const JOINTS: &[&str] = &["und", "and", "sowie", "oder", "or"];
        let (first, last) = (one.min(other), one.max(other));
        last == first + 2 && self.words.get(first + 1).is_some_and(|word| JOINTS.contains(&word.as_str()))
    }

    fn place_of(&self, atoms: &[Atom], forgiving: bool) -> Option<usize> {
        if !atoms.iter().all(|atom| self.initials.may_have(atom)) {
            return None;
        }
        let fits_at = |start: usize| {
            atoms.iter().enumerate().all(|(offset, atom)| {
                let place = start + offset;
                self.words.get(place).is_some_and(|word| {
                    atom.fits(word) || forgiving && self.is_odd[place] && atom.is_meant_by(word)
                })
            })
        };
        (0..self.words.len()).find(|start| fits_at(*start))
    }
}

impl Atom {
    fn parse(text: &str) -> Self {
        let stem = text.strip_suffix('*');
        Self { text: loosen(stem.unwrap_or(text)), is_beginning: stem.is_some() }
    }

    fn fits(&self, word: &str) -> bool {
        if self.is_beginning { word.starts_with(&self.text) } else { word == self.text }
    }

    /// Whether a word is this one but for a slip.
    fn is_meant_by(&self, word: &str) -> bool {
        let length = self.text.len();
        let begins_alike = word.as_bytes().first() == self.text.as_bytes().first();
        if length < MISSPELT_FROM || !begins_alike || !word.is_ascii() || !self.text.is_ascii() {
            return false;
        }
        let forgiven = if length < TWO_SLIPS_FROM { 1 } else { 2 };
        if !self.is_beginning {
            return !is_other_form(word, &self.text)
                && word.len().abs_diff(length) <= forgiven
                && osa_distance(word, &self.text) <= forgiven;
        }
        let ends = length.saturating_sub(forgiven)..=(length + forgiven).min(word.len());
        ends.filter_map(|end| word.get(..end))
            .any(|beginning| osa_distance(beginning, &self.text) <= forgiven)
    }
}

/// Another ending is another form, not a slip: "leise" is not "leiser", "kosten" not "kostet".
fn is_other_form(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    let alike = one.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    alike + 1 >= shorter
}

impl Choice {
    fn parse(text: &str) -> Self {
        match text {
            "#order" => Self::Sign(Sign::Order),
            "#serial" => Self::Sign(Sign::Serial),
            "#product" => Self::Sign(Sign::Product),
            "#products" => Self::Sign(Sign::Products),
            "#code" => Self::Sign(Sign::Code),
            "#number" => Self::Sign(Sign::Number),
            words => Self::Words(words.split('+').map(Atom::parse).collect()),
        }
    }

    /// The place of the first word that fits; signs have none and count as the beginning.
    fn place_in(&self, wording: &Wording, forgiving: bool) -> Option<usize> {
        match self {
            Self::Sign(sign) => wording.signs.contains(sign).then_some(0),
            Self::Words(atoms) => wording.place_of(atoms, forgiving),
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    pub(super) fn parse(text: &str) -> Self {
        let term = |text: &str| {
            let inner = text.strip_prefix('!');
            let choices = inner.unwrap_or(text).split('|').map(Choice::parse).collect();
            Term { is_negated: inner.is_some(), choices }
        };
        Self { terms: text.split_whitespace().map(term).collect() }
    }

    /// Reads many.
    pub(super) fn all(texts: &[&str]) -> Vec<Self> {
        texts.iter().map(|text| Self::parse(text)).collect()
    }

    /// The place of the first term's word, when the pattern fits.
    pub(super) fn place_in(&self, wording: &Wording, forgiving: bool) -> Option<usize> {
        let mut first = None;
        for term in &self.terms {
            // What must not be there is not there but for a slip either.
            let places = term.choices.iter().filter_map(|choice| choice.place_in(wording, forgiving));
            let place = places.min();
            match (term.is_negated, place) {
                (true, None) => {}
                (false, Some(place)) => first = first.or(Some(place)),
                _ => return None,
            }
        }
        first
    }
}

/// The first place at which one of the patterns fits; slips are forgiven when none fits as written.
pub(super) fn place_of(patterns: &[Pattern], wording: &Wording) -> Option<usize> {
    let exact = patterns.iter().filter_map(|pattern| pattern.place_in(wording, false)).min();
    if exact.is_some() || !wording.is_odd.contains(&true) {
        return exact;
    }
    patterns.iter().filter_map(|pattern| pattern.place_in(wording, true)).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    fn fits(pattern: &str, text: &str) -> bool {
        let wording = Wording::new(&words(text), vec![Sign::Order], |word| word.len() > 4);
        place_of(&[Pattern::parse(pattern)], &wording).is_some()
    }

    #[test]
    fn all_terms_must_fit_in_any_order() {
        assert!(fits("kommt wo|wann", "Wann kommt es?"));
        assert!(!fits("kommt wo|wann", "Kommt es?"));
        assert!(fits("how+much+is", "and how much is it") && !fits("how+much+is", "how is it much"));
        assert!(fits("zurueck*", "zurückgeben") && fits("zurueck*", "zuruckgeben"));
        assert!(fits("#order status", "Status?") && !fits("#serial status", "Status?"));
        assert!(fits("preis !hoch", "Preis?") && !fits("preis !hoch", "hoher Preis, hoch"));
    }

    #[test]
    fn a_slip_is_forgiven_in_words_that_nobody_knows() {
        assert!(fits("kostet", "was ksotet das") && fits("garantie*", "Garnatiezeit"));
        assert!(!fits("preis", "Prei") && !fits("kostet", "kosten der"));
    }
}
