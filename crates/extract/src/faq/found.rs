//! A question with its answer before it is a document, and how several readings of a page become one list.

use std::collections::{HashMap, HashSet};

use auskunft_model::Section;
use auskunft_text::normal;

use crate::outline::text_of;

/// A question with its answer.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) question: String,
    /// The heading of the group it stands in.
    pub(super) topic: Option<String>,
    pub(super) sections: Vec<Section>,
}

impl Found {
    /// The words of the answer, to compare answers by.
    pub(super) fn answer_key(&self) -> String {
        normal::question_key(&text_of(&self.sections))
    }
}

/// Questions by the trust in how they were read, each once.
#[derive(Default)]
pub(super) struct Questions {
    all: Vec<Found>,
    /// Where each question stands, by its words: it may be asked of several things, each time with another answer.
    places: HashMap<String, Vec<usize>>,
}

impl Questions {
    /// Adds a reading that is trusted less than those before: it brings questions that are new, the group of known ones,
    /// and the whole of an answer that was cut off. What one reading holds twice, under different headings or with
    /// different answers, is two questions.
    pub(super) fn add(&mut self, more: Vec<Found>) {
        let before = self.all.len();
        let (mut repeated, mut met) = (HashSet::new(), HashSet::new());
        for found in more.into_iter().filter(says_something) {
            let key = normal::question_key(&found.question);
            let answer = found.answer_key();
            if !repeated.insert((key.clone(), found.topic.clone(), answer.clone())) {
                continue;
            }
            let places = self.places.entry(key).or_default();
            let known = places.iter().copied().filter(|place| *place < before && !met.contains(place));
            match known.min_by_key(|place| self.all[*place].answer_key() != answer) {
                Some(place) => {
                    met.insert(place);
                    complete(&mut self.all[place], found);
                }
                None => {
                    places.push(self.all.len());
                    self.all.push(found);
                }
            }
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The questions in the order in which they were added.
    pub(super) fn into_vec(self) -> Vec<Found> {
        self.all
    }
}

/// Adds to a question what a reading of less trust knows besides.
fn complete(known: &mut Found, found: Found) {
    if is_cut(&known.sections) {
        known.sections = found.sections;
    }
    known.topic = known.topic.take().or(found.topic);
}

/// Whether there are words on both sides: a row of question marks asks nothing.
fn says_something(found: &Found) -> bool {
    !normal::question_key(&found.question).is_empty() && !text_of(&found.sections).trim().is_empty()
}

/// Whether an answer ends in dots: search engines are given the beginning only.
fn is_cut(sections: &[Section]) -> bool {
    text_of(sections).trim_end().ends_with(['…']) || text_of(sections).trim_end().ends_with("...")
}

/// A question without what lists and buttons put around it: `1. `, `Frage: `, `+`.
pub(super) fn clean(question: &str) -> String {
    let text = normal::collapse_spaces(question);
    let text = text.trim_start_matches(|sign: char| "+-–▸▶▼►▾»›•·✓?#".contains(sign) || sign.is_whitespace());
    let text = text.trim_end_matches(|sign: char| "+-–▸▶▼►▾»›•·✕×".contains(sign) || sign.is_whitespace());
    without_label(without_number(text)).to_owned()
}

/// `3. Wie …` and `3) Wie …` as `Wie …`; a number that belongs to the question stays.
fn without_number(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let is_mark = (1..=3).contains(&digits) && rest.starts_with(['.', ')']);
    let behind = rest.get(1..).filter(|_| is_mark).and_then(|rest| rest.strip_prefix(' '));
    behind.map_or(text, str::trim_start)
}

/// Words before a question and before an answer.
const QUESTION_LABELS: &[&str] = &["frage", "question", "q", "f"];
const ANSWER_LABELS: &[&str] = &["antwort", "answer", "a"];

fn without_label(text: &str) -> &str {
    behind_label(text, QUESTION_LABELS).unwrap_or(text)
}

/// The question behind `Frage:`, `Frage 3:`, `Q:`.
pub(super) fn stated_question(text: &str) -> Option<&str> {
    behind_label(text, QUESTION_LABELS)
}

/// The answer behind `Antwort:`, `A:`.
pub(super) fn stated_answer(text: &str) -> Option<&str> {
    behind_label(text, ANSWER_LABELS)
}

/// Splits `Frage … Antwort: …` within one line.
pub(super) fn split_inline(text: &str) -> Option<(&str, &str)> {
    let marks = [" Antwort:", " Answer:", " A:"].into_iter();
    let (place, mark) = marks.filter_map(|mark| Some((text.find(mark)?, mark))).min()?;
    Some((text[..place].trim_end(), text[place + mark.len()..].trim_start()))
}

fn behind_label<'a>(text: &'a str, labels: &[&str]) -> Option<&'a str> {
    let (label, rest) = text.split_once(':')?;
    let word = label.trim().trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '.').trim();
    let is_label = labels.contains(&word.to_lowercase().as_str());
    (is_label && label.len() <= 12 && !rest.trim().is_empty()).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_freed_of_numbers_labels_and_signs() {
        for (raw, expected) in [
            ("1. Wie lange dauert es?", "Wie lange dauert es?"),
            ("Frage 2: Was kostet es?", "Was kostet es?"),
            ("+ Kann ich umtauschen? ▾", "Kann ich umtauschen?"),
            ("30 Tage Rückgabe: gilt das?", "30 Tage Rückgabe: gilt das?"),
            ("2.5 Liter oder mehr?", "2.5 Liter oder mehr?"),
        ] {
            assert_eq!(clean(raw), expected);
        }
    }
}
