//! Phrases: `{one|another}` is a choice, `[slot]` a word, `[den:thing]` a noun behind a word in its right form.

use std::collections::BTreeMap;

use super::grammar::{Noun, capitalised};
use crate::random::Random;

/// What the slots of a phrase stand for. A slot without a value stays as it stands, which the tests look for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    words: BTreeMap<String, String>,
    nouns: BTreeMap<String, Noun>,
}

impl Slots {
    /// With one more word.
    pub(crate) fn word(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// With one more noun, whose nominative is a word, too.
    pub(crate) fn noun(mut self, name: &str, noun: Noun) -> Self {
        self.words.insert(name.to_owned(), noun.nominative().to_owned());
        self.nouns.insert(name.to_owned(), noun);
        self
    }

    /// Adds a word.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.words.insert(name.to_owned(), value.into());
    }

    fn value(&self, slot: &str) -> Option<String> {
        if let Some((word, noun)) = slot.split_once(':') {
            return self.nouns.get(noun)?.with(word);
        }
        self.words.get(slot).cloned()
    }
}

/// A phrase with its choices drawn and its slots filled; white space is single.
pub(crate) fn fill(phrase: &str, slots: &Slots, random: &mut Random) -> String {
    let chosen = choose(phrase, random);
    let mut text = String::with_capacity(chosen.len() + 32);
    let mut rest = chosen.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let Some((slot, behind)) = after.split_once(']') else { break };
        match slots.value(slot) {
            Some(value) => text.push_str(&value),
            None => text.extend(["[", slot, "]"]),
        }
        rest = behind;
    }
    text.push_str(rest);
    tidy(&text)
}

/// One of the phrases, filled.
pub(crate) fn one_of(phrases: &[String], slots: &Slots, random: &mut Random) -> String {
    if phrases.is_empty() {
        return String::new();
    }
    let phrase = random.pick(phrases).clone();
    fill(&phrase, slots, random)
}

/// A filled phrase as a sentence of its own: with a capital letter.
pub(crate) fn sentence(phrases: &[String], slots: &Slots, random: &mut Random) -> String {
    capitalised(&one_of(phrases, slots, random))
}

/// Draws the choices, innermost last: `{a|b {c|d}}`.
fn choose(phrase: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(phrase.len());
    let mut rest = phrase;
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        let Some(length) = closing(&rest[start..]) else { break };
        let options = parts(&rest[start + 1..start + length]);
        let option = *random.pick(&options);
        text.push_str(&choose(option, random));
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    text
}

/// Where the bracket that opens the text closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, sign)| {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// The options of a choice, parted by strokes outside inner choices.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Single blanks, none before signs that close a sentence.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let is_sign = word.len() == 1 && ".,;:?!".contains(word) || word.starts_with(", ");
        if !tidy.is_empty() && !is_sign && !word.starts_with([',', '?']) {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_nest_and_slots_are_filled() {
        let slots =
            Slots::default().word("amount", "100").noun("machine", Noun::parse("Maschine f").unwrap());
        let seen: std::collections::BTreeSet<String> = (0..60)
            .map(|index| {
                fill(
                    "{Nimm {jetzt|gleich}|Gib} [amount] ml {in [den:machine]|} .",
                    &slots,
                    &mut Random::new(1, "t", index),
                )
            })
            .collect();
        assert_eq!(seen.len(), 6);
        assert!(seen.contains("Nimm gleich 100 ml in die Maschine."));
        assert!(seen.contains("Gib 100 ml."));
    }

    #[test]
    fn a_slot_without_a_value_stays_to_be_seen() {
        assert_eq!(fill("[what]", &Slots::default(), &mut Random::new(1, "t", 0)), "[what]");
    }
}
