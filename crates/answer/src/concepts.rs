//! Concepts: what people and catalogs call the same thing, German and English (`concepts/table.txt`).
//!
//! "Strippe", "Kabel" and "cord" are one concept. A question of one language so meets a manual of the other, and the words of
//! daily speech those of a data sheet. A concept counts less than the word itself ([`crate::terms::Terms::holds`]).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use auskunft_text::normal::fold;

use crate::analysis::is_slip_of;

/// A concept: its line in the table.
pub(crate) type Concept = u16;

/// Name of the line with words that say nothing about a thing.
const IGNORED: &str = "ignored";
/// Shortest word that is looked for within others, in letters.
const SHORTEST_INNER: usize = 4;

const TEXT: &str = include_str!("concepts/table.txt");
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(TEXT));

/// The table, by what its patterns match.
#[derive(Debug, Default)]
struct Table {
    whole: HashMap<String, Vec<Concept>>,
    beginnings: HashMap<String, Vec<Concept>>,
    inner: HashMap<String, Vec<Concept>>,
    /// By the first two letters of their first word.
    phrases: HashMap<String, Vec<(Vec<String>, Concept)>>,
    ignored: HashSet<String>,
}

/// A folded word without what writers leave out: `ae`, `oe`, `ue` become the bare vowel (`gruen` and `grun` meet).
pub(crate) fn loosen(folded: &str) -> String {
    let mut loose = String::with_capacity(folded.len());
    let mut before = ' ';
    for sign in folded.chars() {
        if !(sign == 'e' && matches!(before, 'a' | 'o' | 'u')) {
            loose.push(sign);
        }
        before = sign;
    }
    loose
}

impl Table {
    fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let mut table = Self::default();
        for (number, (name, patterns)) in (0..).zip(lines.filter_map(|line| line.split_once(':'))) {
            for pattern in patterns.split_whitespace() {
                if name == IGNORED {
                    table.ignored.insert(loosen(&fold(pattern)));
                } else {
                    table.add(pattern, number);
                }
            }
        }
        table
    }

    fn add(&mut self, pattern: &str, concept: Concept) {
        let folded = loosen(&fold(pattern));
        if let Some(whole) = folded.strip_prefix('=') {
            self.whole.entry(whole.to_owned()).or_default().push(concept);
        } else if let Some(inner) = folded.strip_prefix('~') {
            self.inner.entry(inner.to_owned()).or_default().push(concept);
        } else if folded.contains('_') {
            let words: Vec<String> = folded.split('_').map(str::to_owned).collect();
            let key = opening(&words[0]).to_owned();
            self.phrases.entry(key).or_default().push((words, concept));
        } else {
            self.beginnings.entry(folded).or_default().push(concept);
        }
    }

    fn of_word(&self, word: &str) -> Vec<Concept> {
        let mut found: Vec<Concept> = self.whole.get(word).cloned().unwrap_or_default();
        let ends = || word.char_indices().map(|(place, sign)| place + sign.len_utf8());
        for end in ends() {
            found.extend(self.beginnings.get(&word[..end]).into_iter().flatten());
        }
        for (start, _) in word.char_indices() {
            for end in ends().filter(|end| *end >= start + SHORTEST_INNER) {
                found.extend(self.inner.get(&word[start..end]).into_iter().flatten());
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The first letters of a word, by which phrases are found.
fn opening(word: &str) -> &str {
    word.char_indices().nth(2).map_or(word, |(place, _)| &word[..place])
}

/// The concepts of a loosened word.
pub(crate) fn of_word(word: &str) -> Vec<Concept> {
    TABLE.of_word(word)
}

/// Shortest beginning that a misspelt word may have been meant to have, in letters.
const SHORTEST_MEANT: usize = 5;

/// The concepts of a loosened word that was meant to be another: one letter more, less or changed, or two swapped.
pub(crate) fn of_slip(word: &str) -> Vec<Concept> {
    // Slips of the first letter are rare, and most words of five letters have a neighbour that differs in it.
    let is_long =
        |meant: &str| meant.len() >= SHORTEST_MEANT && word.as_bytes().first() == meant.as_bytes().first();
    let begins_near = |meant: &str| {
        let lengths = [meant.len() - 1, meant.len(), meant.len() + 1];
        lengths.iter().filter_map(|length| word.get(..*length)).any(|beginning| is_slip_of(beginning, meant))
    };
    let whole = TABLE.whole.iter().filter(|(meant, _)| is_long(meant) && is_slip_of(word, meant));
    let beginnings = TABLE.beginnings.iter().filter(|(meant, _)| is_long(meant) && begins_near(meant));
    let mut found: Vec<Concept> =
        whole.chain(beginnings).flat_map(|(_, concepts)| concepts.clone()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The concepts of several loosened words one behind the other, each with the place of its first word and their number.
pub(crate) fn of_phrases<'a>(words: &'a [&'a str]) -> impl Iterator<Item = (usize, usize, Concept)> + 'a {
    words.iter().enumerate().flat_map(move |(place, word)| {
        let phrases = TABLE.phrases.get(opening(word)).into_iter().flatten();
        phrases.filter_map(move |(phrase, concept)| {
            let said = words.get(place..place + phrase.len())?;
            let fits = said.iter().zip(phrase).all(|(word, part)| word.starts_with(part.as_str()));
            fits.then_some((place, phrase.len(), *concept))
        })
    })
}

/// Whether a folded word says nothing about a thing: "spinnt", "Hilfe".
pub(crate) fn is_ignored(word: &str) -> bool {
    TABLE.ignored.contains(&loosen(word))
}

/// The concept as a term of the lexical index.
pub(crate) fn term(concept: Concept) -> String {
    concept.to_string()
}

/// Changes with the table: an index that was built with another table holds other terms. (FNV-1a.)
pub(crate) fn fingerprint() -> u32 {
    let bytes = TEXT.bytes();
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(left: &str, right: &str) -> bool {
        let of = |word: &str| of_word(&loosen(&fold(word)));
        of(left).iter().any(|concept| of(right).contains(concept))
    }

    #[test]
    fn words_of_daily_speech_and_of_both_languages_meet() {
        assert!(share("Strippe", "Netzkabel") && share("Strippe", "cord"));
        assert!(share("Akkus", "battery") && share("putze", "clean"));
        assert!(!share("Strippe", "Akku"));
    }

    #[test]
    fn spellings_without_umlauts_meet_those_with_them() {
        assert!(share("Bürste", "burste") && share("buerste", "Bürste"));
        assert_eq!(loosen("gruen"), "grun");
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert!(of_slip("chager").iter().any(|concept| of_word("charger").contains(concept)));
        assert!(of_slip("partei").is_empty());
    }

    #[test]
    fn phrases_are_found_in_their_place() {
        let words = ["mit", "einer", "power", "adapter"];
        let found: Vec<(usize, usize)> =
            of_phrases(&words).map(|(place, length, _)| (place, length)).collect();
        assert_eq!(found, [(2, 2)]);
    }

    #[test]
    fn talk_says_nothing_about_a_thing() {
        assert!(is_ignored("spinnt") && !is_ignored("filter"));
    }
}
