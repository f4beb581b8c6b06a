//! A text's terms, and how much of a word of a question they hold.

use std::collections::HashSet;
use std::sync::Arc;

use crate::analysis::{Parts, Word, known, words};
use crate::concepts::{self, Concept};
use crate::quantity;

/// A text's terms, to measure how much of a question it holds.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    /// Each once, the shortest first.
    words: Vec<Arc<Word>>,
    /// Their forms, sorted.
    forms: Vec<u64>,
    /// Kinds of quantity that are stated.
    quantities: HashSet<String>,
    /// Of the words and phrases, sorted.
    concepts: Vec<Concept>,
    /// Loosened words between blanks, for parts of compounds.
    joined: String,
}

/// Credit of a word that stands inside another one of the text (`Kalk` in `entkalken`).
const INSIDE: f64 = 0.8;
/// Credit when the text has another word for the same concept.
const CONCEPT: f64 = 0.8;
/// Credit when the text has the last part of the asked compound (`Asche` for `Kaminasche`): what it is.
const LAST_PART: f64 = 0.4;
/// Credit when the text has its first part only (`Filter` for `Filterpatrone`).
const FIRST_PART: f64 = 0.4;
/// Share of common grams from which on a long word counts as misspelt.
const MISSPELT: f64 = 0.7;
/// Shortest word that may be misspelt, in bytes.
const LONG: usize = 7;
/// The difference in length between a word and a misspelling of it, in bytes.
const MISSPELT_BY: usize = 3;
/// Shortest part of a word that says something, in bytes.
const SHORTEST_PART: usize = 4;

impl Terms {
    /// The terms of a text.
    pub(crate) fn of(text: &str) -> Self {
        Self::of_text(text, &words(text))
    }

    /// The terms of a text whose folded words are known.
    pub(crate) fn of_text(text: &str, words: &[String]) -> Self {
        Self { quantities: quantity::stated(text), ..Self::of_words(words) }
    }

    /// The terms of folded words.
    pub(crate) fn of_words(words: &[String]) -> Self {
        let mut words: Vec<Arc<Word>> = words.iter().map(|word| known(word)).collect();
        let loose: Vec<&str> = words.iter().map(|word| word.loose.as_str()).collect();
        let joined = format!(" {} ", loose.join(" "));
        let single = words.iter().flat_map(|word| word.concepts.iter().copied());
        let mut concepts: Vec<Concept> =
            single.chain(concepts::of_phrases(&loose).map(|(_, _, concept)| concept)).collect();
        concepts.sort_unstable();
        concepts.dedup();
        words.sort_by(|one, other| (one.text.len(), &one.text).cmp(&(other.text.len(), &other.text)));
        words.dedup_by(|one, other| one.text == other.text);
        let mut forms: Vec<u64> = words.iter().flat_map(|word| word.forms).collect();
        forms.sort_unstable();
        forms.dedup();
        Self { quantities: HashSet::new(), concepts, joined, forms, words }
    }

    /// What they stand for, by themselves and together.
    pub(crate) fn into_concepts(self) -> Vec<Concept> {
        self.concepts
    }

    fn has(&self, form: u64) -> bool {
        self.forms.binary_search(&form).is_ok()
    }

    /// How much of a word the text holds: 1 for a form of it, less for another word of the same concept, parts of compounds and
    /// misspellings, else 0.
    pub(crate) fn holds(&self, word: &Word) -> f64 {
        let [_, german, english] = word.forms;
        if self.has(german) || self.has(english) || self.quantities.contains(&word.text) {
            return 1.0;
        }
        let root = root(&word.german);
        if root.len() >= SHORTEST_PART && self.joined.contains(root) {
            return INSIDE;
        }
        if word.concepts.iter().any(|concept| self.concepts.binary_search(concept).is_ok()) {
            return CONCEPT;
        }
        self.holds_part(word.parts()).max(self.holds_misspelt(word))
    }

    /// Whether a word of the text is the end or the beginning of the asked one.
    fn holds_part(&self, parts: &Parts) -> f64 {
        if parts.ends.iter().any(|end| self.has(*end)) {
            LAST_PART
        } else if parts.beginnings.iter().any(|beginning| self.has(*beginning)) {
            FIRST_PART
        } else {
            0.0
        }
    }

    fn holds_misspelt(&self, word: &Word) -> f64 {
        let length = word.text.len();
        if length < LONG {
            return 0.0;
        }
        let begin = self.words.partition_point(|own| own.text.len() + MISSPELT_BY < length);
        let like = self.words[begin..].iter().take_while(|own| own.text.len() <= length + MISSPELT_BY);
        let shares = like.map(|own| word.shared_with(own));
        shares.filter(|share| *share >= MISSPELT).fold(0.0, f64::max)
    }
}

/// The German stem without the ending of the third person (`saugt`: `saug`), which the stemmer leaves.
fn root(stem: &str) -> &str {
    stem.strip_suffix('t').filter(|root| root.len() >= SHORTEST_PART).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_holds_inflected_forms_wholly_and_parts_partly() {
        let holds = |text: &str, word: &str| Terms::of(text).holds(&Word::new(word));
        let is = |found: f64, expected: f64| (found - expected).abs() < 1e-9;
        assert!(is(holds("Die Filterkartuschen werden gewechselt.", "filterkartusche"), 1.0));
        assert!(is(holds("Das Gerät entkalken", "kalk"), INSIDE));
        assert!(is(holds("Das Netzkabel", "strippe"), CONCEPT));
        assert!(is(holds("Keine heiße Asche aufsaugen", "kaminasche"), LAST_PART));
        assert!(is(holds("Der Gummi liegt bei", "gummiring"), FIRST_PART));
        assert!(holds("der Geschirrspüler", "geschirspueler") > MISSPELT);
        assert!(is(holds("In die Schweiz versenden wir nicht", "schwer"), 0.0));
    }
}
