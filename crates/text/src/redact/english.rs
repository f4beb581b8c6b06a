//! Addresses as the English write them: number, street, city, code.

use super::cursor::Cursor;
use super::words::UNITS;
use super::{Kind, Place};
use crate::normal::fold;

/// English words for streets.
const ROADS: &[&str] = &[
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "lane",
    "ln",
    "drive",
    "boulevard",
    "blvd",
    "court",
    "ct",
    "way",
    "place",
    "square",
    "terrace",
    "crescent",
    "parkway",
    "highway",
    "close",
    "gardens",
];
/// Those that also stand in sentences: only with a capital.
const SHORT_ROADS: &[&str] =
    &["st", "ct", "way", "place", "drive", "court", "close", "square", "gardens", "ave", "rd", "ln"];
/// Words before those that make it no address (`2 TB Flash Drive`, `3 Way`).
const NO_ROADS: &[&str] = &[
    "flash", "hard", "disk", "usb", "solid", "state", "external", "zip", "optical", "all", "any", "same",
    "other", "first", "second", "the", "a", "of", "on", "in", "down", "to", "for", "and", "with", "days",
    "hours", "one", "two", "no", "each", "per", "more", "less",
];
/// Abbreviations of the states of the USA.
const STATES: &str = " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH \
                      OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC ";

/// An English word for a street of at most so many letters ends in a point.
const ABBREVIATION: usize = 4;

/// Most words of a street's or city's name.
const MOST_WORDS: usize = 4;

/// `221B Baker Street, London NW1 6XE`, `12 Main St, Kenosha, WI 53140`.
pub(super) fn street(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    matches!(cursor.digits(6).len(), 1..=5).then_some(())?;
    cursor.skip(1, |sign| sign.is_ascii_alphabetic());
    cursor.is_word_end().then_some(())?;
    for index in 0..MOST_WORDS {
        cursor.blanks().then_some(())?;
        let word = cursor.word()?;
        let folded = fold(word);
        if index > 0 && is_road(word, &folded) {
            if folded.len() <= ABBREVIATION {
                cursor.eat('.');
            }
            let end = city_behind(cursor).unwrap_or(cursor.at);
            return Some(Place::new(Kind::Address, start..end));
        }
        let is_none = NO_ROADS.contains(&folded.as_str()) || UNITS.contains(folded.as_str());
        let is_name =
            word.chars().all(char::is_alphabetic) || word.starts_with(|sign: char| sign.is_ascii_digit());
        (is_name && !is_none).then_some(())?;
        cursor.eat('.');
    }
    None
}

fn is_road(word: &str, folded: &str) -> bool {
    ROADS.contains(&folded) && (word.starts_with(char::is_uppercase) || !SHORT_ROADS.contains(&folded))
}

/// `, Kenosha, WI 53140`, `, London NW1 6XE`; where it ends.
fn city_behind(mut cursor: Cursor<'_>) -> Option<usize> {
    (cursor.skip(3, |sign| sign.is_whitespace() || sign == ',') > 0).then_some(())?;
    for _ in 0..MOST_WORDS {
        if let Some(end) = code_end(cursor) {
            return Some(end);
        }
        cursor.word().filter(|word| word.chars().all(char::is_alphabetic))?;
        (cursor.skip(3, |sign| sign.is_whitespace() || matches!(sign, ',' | '.')) > 0).then_some(())?;
    }
    code_end(cursor)
}

/// `WI 53140-1234`, `NW1 6XE`, `53140`.
fn code_end(mut cursor: Cursor<'_>) -> Option<usize> {
    let first = cursor.word()?;
    let is_zip = |word: &str| word.len() == 5 && word.bytes().all(|sign| sign.is_ascii_digit());
    if is_zip(first) {
        return Some(zip_end(cursor));
    }
    let mut ahead = cursor;
    ahead.blanks().then_some(())?;
    let second = ahead.word()?;
    let is_state = first.len() == 2 && STATES.contains(&format!(" {first} "));
    if is_state && is_zip(second) {
        return Some(zip_end(ahead));
    }
    is_british(first, second).then_some(ahead.at)
}

pub(super) fn zip_end(mut cursor: Cursor<'_>) -> usize {
    let end = cursor.at;
    if cursor.eat('-') && cursor.digits(5).len() == 4 && cursor.is_word_end() { cursor.at } else { end }
}

/// Outward and inward code of a British postcode (BS 7666).
pub(super) fn is_british(outward: &str, inward: &str) -> bool {
    let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    let digit = outward.as_bytes().get(letters).is_some_and(u8::is_ascii_digit);
    let inward = inward.as_bytes();
    let has_inward =
        inward.len() == 3 && inward[0].is_ascii_digit() && inward[1..].iter().all(u8::is_ascii_uppercase);
    matches!(letters, 1 | 2) && digit && outward.len() <= 4 && has_inward
}

/// `Kenosha, WI 53140`.
pub(super) fn city(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    cursor
        .word()
        .filter(|word| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic))?;
    let mut ahead = cursor;
    if ahead.eat(' ')
        && ahead.word().is_some_and(|word| word.starts_with(char::is_uppercase))
        && ahead.peek() == Some(',')
    {
        cursor = ahead;
    }
    cursor.eat(',').then_some(())?;
    cursor.blanks().then_some(())?;
    let state: String = cursor.rest().chars().take(2).collect();
    STATES.contains(&format!(" {state} ")).then_some(())?;
    Some(Place::new(Kind::Address, start..code_end(cursor)?))
}
