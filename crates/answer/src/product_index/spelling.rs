//! Misspelt words: which known word was meant.
//!
//! Two words that are a slip or two apart share a form once as many letters are left out of each (symmetric deletion; the
//! idea is that of SymSpell, W. Garbe, 2012). Those forms are kept in a table, so that a look-up costs as much in a shop of a
//! hundred names as of ten thousand.

use std::collections::HashMap;

use strsim::osa_distance;

/// Shortest word that may be misspelt, in letters.
const SHORTEST: usize = 4;
/// From this many letters on, two slips are forgiven; one below.
const TWO_SLIPS_FROM: usize = 8;

/// Known words by their forms with letters left out.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    known: Vec<String>,
    forms: HashMap<String, Vec<usize>>,
}

impl Spelling {
    /// The table of these words; words with digits are left out: one slip makes another number of them.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a String>) -> Self {
        let is_word = |word: &&String| length(word) >= SHORTEST && word.chars().all(char::is_alphabetic);
        let mut known: Vec<String> = words.filter(is_word).cloned().collect();
        known.sort_unstable();
        known.dedup();
        let mut forms: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, word) in known.iter().enumerate() {
            for form in shortened(word) {
                forms.entry(form).or_default().push(place);
            }
        }
        Self { known, forms }
    }

    /// The nearest known word, the first in the alphabet among equals; `None` when none is near enough.
    pub(super) fn nearest(&self, word: &str) -> Option<&str> {
        if length(word) < SHORTEST || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let places = shortened(word).into_iter().filter_map(|form| self.forms.get(&form)).flatten();
        let near = places.filter_map(|place| {
            let known = &self.known[*place];
            let slips = osa_distance(word, known);
            (slips <= forgiven(word).min(forgiven(known))).then_some((slips, *place))
        });
        near.min().map(|(_, place)| self.known[place].as_str())
    }
}

/// How many slips a word of this length is forgiven.
fn forgiven(word: &str) -> usize {
    if length(word) < TWO_SLIPS_FROM { 1 } else { 2 }
}

fn length(word: &str) -> usize {
    word.chars().count()
}

/// The word and its forms with as many letters left out as are forgiven.
fn shortened(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    let mut last = vec![word.to_owned()];
    for _ in 0..forgiven(word) {
        last = last.iter().flat_map(|form| without_one(form)).collect();
        last.sort_unstable();
        last.dedup();
        all.extend(last.iter().cloned());
    }
    all
}

fn without_one(word: &str) -> impl Iterator<Item = String> + '_ {
    let leaving_out = |left: usize| word.chars().enumerate().filter(move |(place, _)| *place != left);
    (0..length(word)).map(move |left| leaving_out(left).map(|(_, letter)| letter).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_known_word_is_found_within_what_its_length_forgives() {
        let words = ["brunnwald", "sonoriva", "nova", "kap", "q35"].map(str::to_owned);
        let spelling = Spelling::new(words.iter());
        assert_eq!(spelling.nearest("brunwald"), Some("brunnwald"));
        assert_eq!(spelling.nearest("snoorvia"), Some("sonoriva"));
        assert_eq!(spelling.nearest("nvoa"), Some("nova"));
        for far in ["nvao", "kao", "q36", "brunfeld"] {
            assert_eq!(spelling.nearest(far), None, "{far}");
        }
    }
}
