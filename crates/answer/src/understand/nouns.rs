//! German nouns by their capitals: they carry what a question is about.

use std::collections::HashSet;

use crate::analysis::words;

/// How much a word counts that is no noun, where the question shows which words are.
const OTHER: f64 = 0.75;
/// The first word of a sentence has a capital anyway.
const FIRST: f64 = 0.9;

/// The nouns of a question, where its spelling shows them.
#[derive(Debug, Default)]
pub(super) struct Nouns {
    nouns: HashSet<String>,
    first: HashSet<String>,
}

/// Reads capitals. A question without any capital behind its first word shows nothing.
pub(super) fn of(question: &str) -> Nouns {
    let mut found = Nouns::default();
    let mut is_first = true;
    for token in question.split_whitespace() {
        let begins = token.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        if begins.starts_with(char::is_uppercase) {
            let place = if is_first { &mut found.first } else { &mut found.nouns };
            place.extend(words(begins));
        }
        is_first = token.ends_with(['.', '!', '?', ':']);
    }
    found
}

impl Nouns {
    /// How much a folded word counts, 0–1.
    pub(super) fn share(&self, word: &str) -> f64 {
        if self.nouns.is_empty() || self.nouns.contains(word) {
            1.0
        } else if self.first.contains(word) {
            FIRST
        } else {
            OTHER
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_behind_the_first_word_are_nouns() {
        let nouns = of("Reinigt ihr den Filter? Mein Tank läuft aus");
        assert!(
            nouns.share("filter") > nouns.share("reinigt") && nouns.share("reinigt") > nouns.share("laeuft")
        );
        assert!((of("wie reinige ich den filter").share("reinige") - 1.0).abs() < 1e-9);
    }
}
