//! What is said in dialogs without saying anything: greetings, thanks, waiting, asking for a number.

use auskunft_text::normal::fold;
use auskunft_text::redact::Kind;

use super::phrases::{
    ASKS_NAME, ASKS_PERSON, EMPTY, FAILED, GREETINGS, HOLDING, OPENING, OPENING_WORDS, REQUESTS,
};

/// A text without marks of replaced data.
fn without_marks(text: &str) -> String {
    Kind::ALL.iter().fold(text.to_owned(), |text, kind| text.replace(kind.mark(), " "))
}

/// The words of a text, folded, without marks of replaced data.
fn words(text: &str) -> Vec<String> {
    let folded = fold(&without_marks(text));
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether a phrase, or words that begin with it, stand in these words.
fn holds(words: &[String], phrases: &str) -> bool {
    let line = format!(" {} ", words.join(" "));
    phrases.split('|').any(|phrase| line.contains(&format!(" {phrase}")))
}

/// Whether a text says nothing about a problem or its solution: none of its clauses does.
pub(super) fn is_empty(text: &str) -> bool {
    let mut is_behind_opening = false;
    clauses(text).iter().all(|clause| {
        let first = clause.first().map_or("", String::as_str);
        let continues = is_behind_opening && matches!(first, "dass" | "that" | "to" | "zu");
        is_behind_opening = continues || is_opening(clause);
        is_behind_opening || is_small(clause)
    })
}

/// The clauses of a text as their words.
fn clauses(text: &str) -> Vec<Vec<String>> {
    let parted = text.replace(" - ", ",");
    let parts = parted.split([',', ';', ':', '.', '!', '?', '–', '—', '\n']);
    let clauses = parts.flat_map(|part| {
        let words = words(part);
        words.split(|word| matches!(word.as_str(), "und" | "and")).map(<[String]>::to_vec).collect::<Vec<_>>()
    });
    clauses.filter(|clause| !clause.is_empty()).collect()
}

/// Nothing but holding phrases, empty words and numbers.
fn is_small(clause: &[String]) -> bool {
    let is_number = |word: &String| word.bytes().all(|sign| sign.is_ascii_digit());
    telling(clause).into_iter().all(|index| is_number(&clause[index]))
}

/// Whether a short clause begins with words behind which nothing is said.
fn is_opening(clause: &[String]) -> bool {
    let line = format!(" {} ", clause.join(" "));
    OPENING.split('|').any(|phrase| {
        line.split_once(&format!(" {phrase} ")).is_some_and(|(before, behind)| {
            before.split_whitespace().all(|word| EMPTY.contains(word))
                && behind.split_whitespace().count() <= OPENING_WORDS
        })
    })
}

/// Which of these words are neither empty nor part of a holding phrase.
fn telling(words: &[String]) -> Vec<usize> {
    let mut is_telling: Vec<bool> = words.iter().map(|word| !EMPTY.contains(word.as_str())).collect();
    for phrase in HOLDING.split('|') {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        for start in 0..(words.len() + 1).saturating_sub(phrase.len()) {
            if words[start..start + phrase.len()] == phrase[..] {
                is_telling[start..start + phrase.len()].fill(false);
            }
        }
    }
    (0..words.len()).filter(|index| is_telling[*index]).collect()
}

/// The words of an answer as written, without empty ones and phrases that hold the line.
pub(super) fn telling_words(text: &str) -> Vec<String> {
    let text = without_marks(text);
    let written: Vec<&str> =
        text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let folded: Vec<String> = written.iter().map(|word| fold(word)).collect();
    telling(&folded).into_iter().map(|index| written[index].to_owned()).collect()
}

/// A sentence without the greeting or thanks before it: `Hallo Frau [Name], …`.
pub(super) fn without_greeting(sentence: &str) -> String {
    let greeting = sentence.char_indices().find(|(_, sign)| matches!(sign, ',' | '!'));
    let Some((end, _)) = greeting.filter(|(end, _)| {
        let before = &sentence[..*end];
        words(before).first().is_some_and(|first| GREETINGS.contains(&first.as_str())) && is_empty(before)
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
    holds(&words, ASKS_PERSON) && (text.contains('?') || holds(&words, REQUESTS) || is_empty(text))
}

/// Whether the answer to such a question would be a name.
pub(super) fn asks_name(text: &str) -> bool {
    asks_person(text) && holds(&words(text), ASKS_NAME)
}

/// Whether an answer to a question says anything, be it yes or no.
pub(super) fn is_answer(text: &str) -> bool {
    !words(text).is_empty()
}
