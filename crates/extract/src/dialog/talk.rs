//! What is said in dialogs without saying anything: greetings, thanks, waiting, asking for a number.

use auskunft_text::normal::fold;
use auskunft_text::redact::Kind;

use super::phrases::{ASKS_PERSON, EMPTY, FAILED, GREETINGS, HOLDING, REQUESTS};

/// A holding sentence of more words says something besides.
const HOLDING_WORDS: usize = 14;

/// The words of a sentence, folded, without marks of replaced data.
fn words(sentence: &str) -> Vec<String> {
    let mut text = sentence.to_owned();
    for kind in Kind::ALL {
        text = text.replace(kind.mark(), " ");
    }
    let folded = fold(&text);
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether a phrase stands in these words.
fn holds(words: &[String], phrases: &str) -> bool {
    let line = format!(" {} ", words.join(" "));
    phrases.split('|').any(|phrase| line.contains(&format!(" {phrase}")))
}

/// Whether a sentence says nothing about a problem or its solution.
pub(super) fn is_empty(sentence: &str) -> bool {
    let words = words(sentence);
    let is_small = words
        .iter()
        .all(|word| EMPTY.contains(word.as_str()) || word.bytes().all(|sign| sign.is_ascii_digit()));
    is_small || (words.len() <= HOLDING_WORDS && holds(&words, HOLDING))
}

/// A sentence without the greeting before it: `Hallo Frau [Name], …`.
pub(super) fn without_greeting(sentence: &str) -> String {
    let greeting = sentence.char_indices().find(|(_, sign)| matches!(sign, ',' | '!'));
    let Some((end, _)) = greeting.filter(|(end, _)| {
        let words = words(&sentence[..*end]);
        let greets = words.first().is_some_and(|first| GREETINGS.contains(first.as_str()));
        greets && words.iter().all(|word| EMPTY.contains(word.as_str()))
    }) else {
        return sentence.to_owned();
    };
    let rest = sentence[end + 1..].trim_start();
    let mut signs = rest.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// Whether the customer says that what was tried did not help.
pub(super) fn is_failure(text: &str) -> bool {
    holds(&words(text), FAILED)
}

/// Whether an agent asks who the customer is; the answer is personal data whatever it looks like.
pub(super) fn asks_person(text: &str) -> bool {
    let words = words(text);
    holds(&words, ASKS_PERSON) && (text.contains('?') || holds(&words, REQUESTS))
}

/// Whether the answer to such a question would be a name.
pub(super) fn asks_name(text: &str) -> bool {
    asks_person(text) && holds(&words(text), "name|heissen sie")
}

/// How many words a text has, marks aside.
pub(super) fn word_count(text: &str) -> usize {
    words(text).len()
}

/// Whether an answer to a question says anything, be it yes or no.
pub(super) fn is_answer(text: &str) -> bool {
    !words(text).is_empty()
}
