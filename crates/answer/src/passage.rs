//! The piece of a text that answers: a few sentences, a list of steps, a table row. Always a range of the text, so that a
//! quote is verbatim by construction.

use std::borrow::Cow;
use std::ops::Range;

use auskunft_model::Kind;
use auskunft_text::sentence::sentences;

use crate::analysis::words;
use crate::confidence::{holds, share};
use crate::signal::Signals;
use crate::terms::Terms;
use crate::understand::ContentWord;

/// Longest passage of running text, in characters.
const LONGEST: usize = 420;
/// Most sentences of running text.
const MOST_SENTENCES: usize = 3;
/// Longest list, in characters.
const LONGEST_LIST: usize = 1_200;
/// Sentences shorter than this need their neighbour to say something.
const SHORT: usize = 70;
/// A sentence further down must be this much better than the first, since texts begin with what matters.
const POSITION: f64 = 0.08;

/// What a word counts that stands in a row of several cells, but not in the first.
const FURTHER_CELL: f64 = 0.6;

/// What a word counts that stands in a heading above, but not in the sentence.
const ABOVE: f64 = 0.8;

/// A sentence, step or row with what it holds of the question.
#[derive(Debug, Clone)]
struct Unit {
    range: Range<usize>,
    /// The share of the question that it holds, 0–1.
    share: f64,
    is_item: bool,
    is_row: bool,
    /// Whether it states the signal that the question tells.
    is_signal: bool,
}

/// A sentence, step or row of a text, whatever is asked.
#[derive(Debug)]
pub(crate) struct Sentence {
    range: Range<usize>,
    is_item: bool,
    is_row: bool,
    /// Whether it names the columns of the rows behind it.
    is_header: bool,
    /// Its terms.
    whole: Terms,
    /// Those of its first cell, where it has several.
    key: Option<Terms>,
    /// What its first cell says that a device shows; the others may speak of further signals.
    signals: Signals,
}

impl Sentence {
    /// Those of a text, in order.
    pub(crate) fn all(text: &str) -> Vec<Self> {
        let ranges = sentences(text);
        let cells =
            |place: usize| ranges.get(place).map_or(0, |range| text[range.clone()].matches(" | ").count());
        let sentence = |(place, range): (usize, &Range<usize>)| {
            let sentence = &text[range.clone()];
            let all = words(sentence);
            let (key, rest) = sentence.split_once(" | ").unwrap_or((sentence, ""));
            let words_of_key = if key == sentence { Cow::Borrowed(&all) } else { Cow::Owned(words(key)) };
            Self {
                range: range.clone(),
                is_item: is_item(sentence),
                is_row: is_row(sentence),
                is_header: cells(place) > 0
                    && cells(place) == cells(place + 1)
                    && (place == 0 || cells(place - 1) == 0),
                whole: Terms::of_text(sentence, &all),
                key: rest.contains(" | ").then(|| Terms::of_text(key, &words_of_key)),
                signals: Signals::of_words(&words_of_key, &[]),
            }
        };
        ranges.iter().enumerate().map(sentence).collect()
    }
}

/// What units are measured by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure<'a> {
    /// Words of the question with content.
    pub(crate) content: &'a [ContentWord],
    /// What the device shows.
    pub(crate) signals: &'a Signals,
    /// What kind of text is measured.
    pub(crate) kind: Kind,
}

/// What a signal that fits counts outside of troubleshooting tables.
const SIGNAL_ELSEWHERE: f64 = 0.6;
/// From this fit on, a unit answers what a signal means.
const SIGNAL: f64 = 0.5;
/// What is left of a row for a signal where the question tells none.
const UNASKED_SIGNAL: f64 = 0.7;
/// What is left of a row for another signal.
const OTHER_SIGNAL: f64 = 0.3;

impl Measure<'_> {
    /// How much a unit fits the signal that the question tells; `None` when there is nothing to compare.
    fn signal_fit(&self, sentence: &Sentence) -> Option<f64> {
        if self.signals.is_empty() {
            return None;
        }
        let fit = self.signals.fit(&sentence.signals)?;
        Some(if self.kind == Kind::Troubleshooting { fit } else { fit * SIGNAL_ELSEWHERE })
    }

    fn with_signal(self, sentence: &Sentence, share: f64, fit: Option<f64>) -> f64 {
        match fit {
            Some(fit) if fit > 0.0 => share.max(fit),
            Some(_) => share * OTHER_SIGNAL,
            // Who tells of no light asks for no light.
            None if self.kind == Kind::Troubleshooting
                && self.signals.is_empty()
                && !sentence.signals.is_empty() =>
            {
                share * UNASKED_SIGNAL
            }
            None => share,
        }
    }
}

/// The sentences, steps and rows of a text, each measured by one question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Units(Vec<Unit>);

impl Units {
    /// Measures a text; `in_section` says how much of each content word the headings above hold.
    pub(crate) fn of(sentences: &[Sentence], by: Measure<'_>, in_section: &[f64]) -> Self {
        let unit = |sentence: &Sentence| {
            let share = if sentence.is_header { 0.0 } else { held(sentence, by.content, in_section) };
            let fit = by.signal_fit(sentence);
            Unit {
                share: by.with_signal(sentence, share, fit),
                is_signal: fit.is_some_and(|fit| fit >= SIGNAL),
                is_item: sentence.is_item,
                is_row: sentence.is_row,
                range: sentence.range.clone(),
            }
        };
        Self(sentences.iter().map(unit).collect())
    }

    /// The share of the question (0–1) that the best sentence, step or row holds by itself.
    pub(crate) fn closest(&self) -> f64 {
        self.0.iter().map(|unit| unit.share).fold(0.0, f64::max)
    }

    /// Whether one of them states the signal that the question tells.
    pub(crate) fn state_signal(&self) -> bool {
        self.0.iter().any(|unit| unit.is_signal)
    }

    /// Whether they are steps.
    pub(crate) fn are_steps(&self) -> bool {
        self.0.iter().filter(|unit| unit.is_item).count() > 1
    }

    /// The share that the sentence, step or row at a place of the text holds.
    pub(crate) fn share_at(&self, place: usize) -> f64 {
        self.0.iter().find(|unit| unit.range.contains(&place)).map_or(0.0, |unit| unit.share)
    }

    /// The passage that answers best; `None` for an empty text.
    pub(crate) fn best(&self, kind: Kind, content: &[ContentWord], is_how_to: bool) -> Option<Range<usize>> {
        let units = &self.0;
        let best = choose(kind, units)?;
        // One step says how much, all of them say how.
        let asks_amount = content.iter().any(|word| word.is_quantity) && !is_contested(units, best);
        let wants_list = is_how_to || !(units[best].is_row || asks_amount);
        let range = if units[best].is_item && wants_list {
            list(units, best)
        } else if units[best].is_row {
            best..best + 1
        } else {
            running(units, best, kind)
        };
        let with_list = extend_into_list(units, range);
        Some(units[with_list.start].range.start..units[with_list.end - 1].range.end)
    }
}

/// How much of the question a sentence or row holds. A row of several cells is about what stands in its first one: the others
/// say what follows from that.
fn held(sentence: &Sentence, content: &[ContentWord], in_section: &[f64]) -> f64 {
    let whole = |word| holds(word, &sentence.whole);
    let held = |word| match &sentence.key {
        Some(key) => (FURTHER_CELL * whole(word)).max(holds(word, key)),
        None => whole(word),
    };
    share(content.iter().zip(in_section).map(|(word, above)| (word, held(word).max(above * ABOVE))))
}

/// `1. …`, `2) …`, `• …`, `- …`.
fn is_item(sentence: &str) -> bool {
    let rest = sentence.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let is_numbered = rest.len() < sentence.len() && rest.starts_with(['.', ')']);
    is_numbered || sentence.starts_with(['•', '-', '–', '*', '▪', '►'])
}

/// `key: value` or `a | b | c`.
fn is_row(sentence: &str) -> bool {
    let is_pair = sentence.split_once(": ").is_some_and(|(key, value)| {
        key.split_whitespace().count() <= 5 && !value.is_empty() && value.chars().count() <= 80
    });
    sentence.contains(" | ") || is_pair
}

/// The unit that holds most of the question. An answer to a question is read from its beginning ("Nein, …") when that is not
/// far from there.
fn choose(kind: Kind, units: &[Unit]) -> Option<usize> {
    let most = units.iter().map(|unit| unit.share).fold(0.0, f64::max);
    // A row does not count the less for standing further down.
    let depth = |place: usize| if units[place].is_row { 0.0 } else { place.min(6) as f64 };
    let value = |place: usize| units[place].share / most.max(f64::MIN_POSITIVE) - POSITION * depth(place);
    let best = (0..units.len())
        .max_by(|left, right| value(*left).total_cmp(&value(*right)).then(right.cmp(left)))?;
    let is_near_beginning = best < MOST_SENTENCES && units[best].range.end <= LONGEST;
    let begins = matches!(kind, Kind::Faq | Kind::Dialog) && is_near_beginning && !units[best].is_row;
    Some(if begins { 0 } else { best })
}

/// Whether another step of the same list says nearly as much: all of them are quoted then, the reader sees which is meant.
fn is_contested(units: &[Unit], best: usize) -> bool {
    /// Share of the best from which on a step says nearly as much.
    const NEARLY: f64 = 0.75;
    let rivals = |place: usize| place != best && units[place].share >= NEARLY * units[best].share;
    units[best].is_item && list(units, best).any(rivals)
}

/// All steps around one, in order.
fn list(units: &[Unit], at: usize) -> Range<usize> {
    let mut start = at;
    while start > 0 && units[start - 1].is_item {
        start -= 1;
    }
    let length = |start: usize, end: usize| units[end - 1].range.end - units[start].range.start;
    let mut end = at + 1;
    while end < units.len() && continues_list(units, end) && length(start, end + 1) <= LONGEST_LIST {
        end += 1;
    }
    if length(start, end) > LONGEST_LIST { at..at + 1 } else { start..end }
}

/// An item, or a further sentence of one (items follow).
fn continues_list(units: &[Unit], at: usize) -> bool {
    units[at].is_item || units[at..].iter().skip(1).take(2).any(|unit| unit.is_item)
}

/// The sentence and what follows, as long as it is short or goes on about the question.
fn running(units: &[Unit], at: usize, kind: Kind) -> Range<usize> {
    let is_answer = matches!(kind, Kind::Faq | Kind::Dialog);
    let mut end = at + 1;
    while end < units.len() && end - at < MOST_SENTENCES {
        let length = units[end].range.end - units[at].range.start;
        let is_short = units[end - 1].range.end - units[at].range.start < SHORT;
        let goes_on = is_answer || is_short || units[end].share > 0.0;
        if length > LONGEST || !goes_on || units[end].is_item {
            break;
        }
        end += 1;
    }
    at..end
}

/// "Gehen Sie so vor:" takes its steps along.
fn extend_into_list(units: &[Unit], range: Range<usize>) -> Range<usize> {
    let is_next_item = units.get(range.end).is_some_and(|unit| unit.is_item);
    let announces = range.end > range.start && !units[range.end - 1].is_item && is_next_item;
    if announces { range.start..list(units, range.end).end } else { range }
}

#[cfg(test)]
mod tests;
