//! Reading a person's name where one may stand.

use super::super::address;
use super::super::cursor::Cursor;
use super::super::words::{AMBIGUOUS_NAMES, FIRST_NAMES, NO_NAMES, PARTICLES, TITLES};
use crate::normal::fold;

/// Most words of a name, and most parts of a word (`Müller-Lüdenscheidt`).
pub(super) const MOST_WORDS: usize = 3;
const MOST_PARTS: usize = 3;

/// A name as it was read.
pub(super) struct Name {
    /// Behind its last word.
    pub(super) end: usize,
    /// Whether it begins with a known first name.
    pub(super) is_listed: bool,
    /// Whether that first name is no other word.
    pub(super) is_certain: bool,
    /// Whether it is written with a capital.
    pub(super) is_capital: bool,
    /// How many words it has.
    pub(super) words: usize,
}

/// Titles and particles before the name itself: `Prof. Dr.`, `von`.
pub(super) fn skip_titles(cursor: &mut Cursor<'_>) {
    for _ in 0..3 {
        let mut ahead = *cursor;
        let word = ahead.word().unwrap_or("");
        let is_skipped = TITLES.contains(&fold(word).as_str()) || PARTICLES.contains(&word);
        ahead.eat('.');
        if !is_skipped || !ahead.blanks() {
            return;
        }
        *cursor = ahead;
    }
}

/// A name in capitals, or (with `may_be_small`) a known first name in small letters with what follows it.
pub(super) fn read(cursor: Cursor<'_>, may_be_small: bool, takes_more: bool) -> Option<Name> {
    let mut ahead = cursor;
    skip_initials(&mut ahead);
    let first = name_word(&mut ahead)?;
    let folded = fold(first);
    let known = fold(first.split('-').next().unwrap_or(first));
    let is_certain = FIRST_NAMES.contains(known.as_str()) && !AMBIGUOUS_NAMES.contains(&known.as_str());
    let is_listed = is_certain || AMBIGUOUS_NAMES.contains(&known.as_str());
    let is_capital = first.starts_with(char::is_uppercase);
    let is_initial = first.chars().count() == 1;
    let is_name = !is_initial && (is_certain || !NO_NAMES.contains(folded.as_str()));
    (is_name && (is_capital || (may_be_small && (is_listed || !takes_more)))).then_some(())?;
    let mut name = Name { end: ahead.at, is_listed, is_certain, is_capital, words: 1 };
    if takes_more || is_listed {
        read_more(&mut name, ahead);
    }
    Some(name)
}

/// `H.`, `J. R.` before a family's name.
fn skip_initials(cursor: &mut Cursor<'_>) {
    for _ in 0..2 {
        let mut ahead = *cursor;
        let is_initial = ahead.skip(1, char::is_uppercase) == 1 && ahead.eat('.') && ahead.blanks();
        if !is_initial || !ahead.peek().is_some_and(char::is_uppercase) {
            return;
        }
        *cursor = ahead;
    }
}

/// A single word in small letters behind `my name is`, whatever it is.
pub(super) fn read_unlisted(cursor: Cursor<'_>) -> Option<Name> {
    let mut ahead = cursor;
    let word = name_word(&mut ahead)?;
    let fits = word.chars().count() >= 3 && !NO_NAMES.contains(fold(word).as_str());
    fits.then_some(())?;
    let mut name = Name { end: ahead.at, is_listed: false, is_certain: false, is_capital: false, words: 1 };
    read_more(&mut name, ahead);
    Some(name)
}

/// Further words of a name: with a capital like the first, behind `von`, an initial, or, all in small letters, one that
/// ends the clause.
fn read_more(name: &mut Name, from: Cursor<'_>) {
    let mut cursor = from;
    while name.words < MOST_WORDS && cursor.blanks() {
        let mut particles = 0;
        while particles < 2 && skip_particle(&mut cursor) {
            particles += 1;
        }
        let Some(word) = name_word(&mut cursor) else { return };
        let is_capital = word.starts_with(char::is_uppercase);
        let is_initial = is_capital && word.chars().count() == 1;
        if is_initial {
            cursor.eat('.');
        }
        let is_name = is_initial || !NO_NAMES.contains(fold(word).as_str());
        let ends = name.words == 1 && word.chars().count() >= 3 && is_end_of_small(cursor);
        if !is_name || address::is_street(word) || !(is_capital || (!name.is_capital && ends)) {
            return;
        }
        name.words += 1;
        name.end = cursor.at;
    }
}

fn is_end_of_small(cursor: Cursor<'_>) -> bool {
    let goes_on = [" and ", " und ", " from ", " of ", " here", " is ", " my ", " i ", " is my name"];
    cursor.is_clause_end() || goes_on.iter().any(|word| cursor.rest().starts_with(word))
}

fn skip_particle(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let is_particle = ahead.word().is_some_and(|word| PARTICLES.contains(&word));
    let skips = is_particle && ahead.blanks();
    if skips {
        *cursor = ahead;
    }
    skips
}

/// Letters, with hyphens and apostrophes between them.
fn name_word<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    cursor.joined_words(MOST_PARTS, |sign| matches!(sign, '-' | '\'' | '’'))
}
