//! Codes of errors: `E04`, `F-11`, "Fehler 14".

use auskunft_text::unit;

use crate::function_words;

/// Words before the number of an error ("Fehler 14").
const CODE_WORDS: &[&str] = &["fehler", "fehlercode", "code", "stoerung", "error", "fault", "meldung"];
/// Letters that a code begins with.
const MOST_LETTERS: usize = 3;
/// Digits of a code.
const MOST_DIGITS: usize = 3;

/// A pronoun that displays show before numbers, too: `Er 19`.
const PRONOUN: &str = "er";

/// Codes in their words: `e04`, `f 11`, `er 19`, `fehler 14`.
pub(super) fn codes(words: &[String], naming: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        if naming.contains(word) {
            continue;
        }
        let digits = word.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
        let letters = &word[..word.len() - digits.len()];
        let is_number = |text: &str| {
            !text.is_empty() && text.len() <= MOST_DIGITS && text.bytes().all(|sign| sign.is_ascii_digit())
        };
        if !is_number(digits) || letters.len() > MOST_LETTERS {
            continue;
        }
        let before = place.checked_sub(1).map(|before| words[before].as_str()).unwrap_or("");
        let is_quantity = words.get(place + 1).is_some_and(|next| unit::find(next).is_some());
        let is_letters = !before.is_empty()
            && before.len() <= 2
            && before.bytes().all(|sign| sign.is_ascii_alphabetic())
            && (before == PRONOUN || !function_words::holds(before))
            && !is_quantity;
        let is_named = naming.iter().any(|name| name == before);
        if !letters.is_empty() {
            found.push(code(letters, digits));
        } else if is_letters && !is_named {
            found.push(code(before, digits));
        } else if CODE_WORDS.contains(&before) {
            found.push(code("e", digits));
        }
    }
    found
}

fn code(letters: &str, digits: &str) -> String {
    format!("{letters}{}", digits.trim_start_matches('0'))
}
