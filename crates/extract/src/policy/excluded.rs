//! What a policy leaves out of a right or a warranty: the items of a list that is introduced so, and what a sentence such as
//! `Das Widerrufsrecht besteht nicht bei …` names. A list of conditions states none: a wrong fact is worse than a missing one.

use auskunft_model::{Block, Document, Section};
use auskunft_text::normal::fold;
use auskunft_text::sentence::sentences;

use super::subject::{RETURNS, WARRANTY, holds, is_on_rights, is_other};
use crate::markdown;

/// Words (folded) with which a heading or label of exclusions begins: elsewhere (`Verträge mit Ausnahme von …`) they limit
/// what else is said.
const OPENINGS: &[&str] = &["ausnahme", "ausschluss", "exception", "exclusion"];

/// Phrases (folded) that say of things that they are left out.
const PHRASES: &[&str] = &[
    "ausgeschlossen",
    "ausgenommen",
    "nicht zurueck",
    "kein widerrufsrecht",
    "kein rueckgaberecht",
    "kein umtausch",
    "excluded",
    "not eligible",
    "non-returnable",
    "cannot be returned",
    "can not be returned",
    "not covered",
    "not returnable",
    "no right of withdrawal",
];

/// Phrases (folded) that say the contrary with the same words.
const DENIED: &[&str] =
    &["nicht ausgeschlossen", "nicht ausgenommen", "not excluded", "keine ausnahme", "no exception"];

/// Words (folded) that begin a condition.
const CONDITIONS: &[&str] = &["wenn", "soweit", "sofern", "falls", "if", "when", "unless", "provided"];

/// Words (folded) that begin one at the beginning or end of a clause.
const JOINTS: &[&str] = &["dass", "weil", "that", "where", "because"];

/// Everything that a policy says is left out, in its own words, each once.
pub(super) fn excluded(document: &Document) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for section in &document.sections {
        for item in of_section(section, is_on_rights(section, &document.title)) {
            if !item.is_empty() && !found.contains(&item) {
                found.push(item);
            }
        }
    }
    found
}

/// `is_on_rights`: whether the headings above speak of giving back or of a warranty.
fn of_section(section: &Section, is_on_rights: bool) -> Vec<String> {
    let mut found = Vec::new();
    let is_named = section.heading_path.last().is_some_and(|heading| is_statement(heading));
    let mut is_open = is_named && is_on_rights;
    for block in &section.blocks {
        match block {
            Block::Item { text } if is_open => found.push(bare(text)),
            Block::Item { .. } | Block::Contents { .. } => {}
            Block::Table { .. } => is_open = false,
            Block::Paragraph { text } => {
                is_open = introduces(text, is_on_rights);
                found.extend(sentences(text).into_iter().filter_map(|range| named(&text[range])));
            }
        }
    }
    found
}

/// Whether a heading or line says that something is left out.
fn is_statement(text: &str) -> bool {
    let folded = fold(text);
    let words = folded.trim_start_matches(|sign: char| !sign.is_alphabetic());
    let begins = OPENINGS.iter().any(|word| words.starts_with(word));
    (begins || holds(&folded, PHRASES)) && !holds(&folded, DENIED)
}

/// Whether a list behind this line holds what is left out: its last sentence says so, is open, and begins no conditions.
fn introduces(paragraph: &str, is_on_rights: bool) -> bool {
    let Some(range) = sentences(paragraph).pop() else { return false };
    let line = paragraph[range].trim_end();
    let names_right = holds(line, RETURNS) || holds(line, WARRANTY);
    let is_stated = is_statement(line) || denial(line).is_some();
    let is_own = (names_right || is_on_rights) && !is_other(line);
    is_stated && is_own && !line.ends_with(['.', '!', '?']) && !ends_in_condition(line)
}

/// Whether what follows is a condition: `…, wenn die Ware:`.
fn ends_in_condition(line: &str) -> bool {
    let folded = fold(line);
    let clause = folded.rsplit([',', ';']).next().unwrap_or(&folded);
    let words: Vec<&str> =
        clause.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_joint = |word: Option<&&str>| word.is_some_and(|word| JOINTS.contains(word));
    words.iter().any(|word| CONDITIONS.contains(word)) || is_joint(words.first()) || is_joint(words.last())
}

/// What a sentence names that a right is not given for, without its final point.
fn named(sentence: &str) -> Option<String> {
    let rest = denial(sentence)?;
    let is_list = holds(rest, &["folgende", "following"])
        || !sentence.trim_end().ends_with('.')
        || rest.contains("nachfolgend");
    (!is_list).then(|| bare(rest))
}

/// What stands behind `Das Widerrufsrecht besteht nicht bei` or `The right of withdrawal does not apply to`.
fn denial(sentence: &str) -> Option<&str> {
    let starts: Vec<usize> = word_starts(sentence);
    let word = |index: usize| {
        starts.get(index).map(|start| fold(first_word(&sentence[*start..]))).unwrap_or_default()
    };
    let place = (1..starts.len()).find(|index| {
        let pair = (word(*index), word(index + 1));
        matches!(
            (pair.0.as_str(), pair.1.as_str()),
            ("nicht", "bei" | "fuer") | ("apply" | "exist", "to" | "for")
        )
    })?;
    let before = fold(&sentence[..starts[place]]);
    let is_right = before.contains("recht ") || before.contains("right ") || before.contains("garantie ");
    let is_given = ["besteht", "gilt", "not", "doesn't"]
        .iter()
        .any(|verb| before.split([' ', ',']).any(|word| word == *verb));
    let rest = starts.get(place + 2).map(|start| &sentence[*start..])?;
    (is_right && is_given && (holds(&before, RETURNS) || holds(&before, WARRANTY)) && !is_other(&before))
        .then_some(rest)
}

fn word_starts(text: &str) -> Vec<usize> {
    let mut is_joint = true;
    let mut found = Vec::new();
    for (place, sign) in text.char_indices() {
        if is_joint && !sign.is_whitespace() {
            found.push(place);
        }
        is_joint = sign.is_whitespace();
    }
    found
}

fn first_word(text: &str) -> &str {
    text.split(char::is_whitespace).next().unwrap_or("").trim_matches([',', ';', ':', '.'])
}

/// An item without its mark and without what joins it to the next.
fn bare(item: &str) -> String {
    let text = markdown::list_mark(item).map_or(item, |(_, rest)| rest).trim();
    let text = [", und", ", oder", ", and", ", or", " und", " oder"]
        .iter()
        .find_map(|joint| text.strip_suffix(joint))
        .unwrap_or(text);
    text.trim_end_matches([',', ';', '.', ' ']).to_owned()
}
