//! Postal addresses: street with number, postal code with place, post boxes; the German forms.

use std::sync::LazyLock;

use super::cursor::Cursor;
use super::words::UNITS;
use super::{Kind, Place, english};
use crate::normal::fold;

/// Ends of words that name nothing but streets.
const STREETS: &[&str] = &["strasse", "str", "allee", "gasse", "chaussee", "promenade"];
/// Ends of words that name streets and other things.
const WAYS: &[&str] =
    &["weg", "platz", "ring", "damm", "ufer", "steig", "pfad", "stieg", "twiete", "graben", "wall", "markt"];
/// Beginnings with which these are other things (`Speicherplatz 64`, `Dichtring 12`).
static NO_STREETS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "speicher arbeits steck stell lade sitz lager park einbau dicht dichtungs kolben filter adapter spann \
     gummi feder hub fahr liefer zahlungs rueck hin um aus ab schalt signal brems silikon sprengs \
     sprengring schluessel fisch bewegungs verstell bedien programm transport versand kuehl o luft wasser \
     kabel haupt sonder super wasch fertigungs milch einzug daten anschluss slot montage monitor ausbau"
        .split_whitespace()
        .collect()
});
/// Streets of several words end in one of these.
const STREET_WORDS: &[&str] = &[
    "strasse",
    "str",
    "allee",
    "gasse",
    "weg",
    "platz",
    "ring",
    "damm",
    "ufer",
    "chaussee",
    "promenade",
    "markt",
    "graben",
    "wall",
];
/// Small words inside a street's or a place's name.
const SMALL: &[&str] = &[
    "der", "den", "dem", "des", "die", "im", "am", "an", "zum", "zur", "unter", "in", "auf", "ob", "vor",
    "bei", "a", "d", "m",
];
/// Most words of a street's or place's name.
const MOST_WORDS: usize = 4;

/// Whether a word names a street by its ending.
pub(super) fn is_street(word: &str) -> bool {
    let folded = fold(word);
    ends_in(&folded, STREETS) || (ends_in(&folded, WAYS) && !names_thing(&folded))
}

fn ends_in(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.len() > ending.len() + 1 && word.ends_with(ending))
}

fn names_thing(word: &str) -> bool {
    let stem = WAYS.iter().chain(STREETS).find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    let last = stem.trim_end_matches('-').rsplit('-').next().unwrap_or(stem);
    NO_STREETS.iter().any(|thing| last == *thing || (thing.len() > 4 && last.ends_with(thing)))
}

/// A street with number that begins with this word, with the place behind it where there is one.
pub(super) fn street(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let name = street_name(&mut cursor)?;
    cursor.eat('.');
    cursor.skip(2, |sign| sign.is_whitespace() || sign == '.');
    read_house_number(&mut cursor).then_some(())?;
    let end = cursor.at;
    let with_place = place_behind(cursor);
    let is_address = with_place.is_some() || (name != StreetName::Unsure && !is_amount(cursor));
    is_address.then(|| Place::new(Kind::Address, start..with_place.unwrap_or(end)))
}

#[derive(PartialEq, Eq)]
enum StreetName {
    Sure,
    /// Needs a postal code behind: `Am Markt 3, 12345 Musterstadt`.
    Unsure,
}

/// `Musterstraße`, `Karl-Marx-Allee`, `musterstr`, `Berliner Straße`, `Straße des 17. Juni`.
fn street_name(cursor: &mut Cursor<'_>) -> Option<StreetName> {
    let first = hyphenated(cursor)?;
    let is_capital = first.starts_with(char::is_uppercase);
    let folded = fold(first);
    if ends_in(&folded, STREETS) && !names_thing(&folded) && (is_capital || first.chars().count() > 6) {
        return Some(StreetName::Sure);
    }
    if is_capital && ends_in(&folded, WAYS) && !names_thing(&folded) {
        return Some(StreetName::Sure);
    }
    is_capital.then_some(())?;
    several_words(cursor, SMALL.contains(&folded.as_str()))
}

/// `Berliner Straße`; with small words inside when it begins with one: `Am Alten Markt`, `An der Mühle`.
fn several_words(cursor: &mut Cursor<'_>, has_small: bool) -> Option<StreetName> {
    for _ in 1..MOST_WORDS {
        let mut ahead = *cursor;
        ahead.eat('.');
        let Some(word) = ahead.blanks().then(|| hyphenated(&mut ahead)).flatten() else { break };
        let folded = fold(word);
        let is_capital = word.starts_with(char::is_uppercase);
        let is_inside = is_capital || (has_small && SMALL.contains(&folded.as_str()));
        if !is_inside {
            break;
        }
        *cursor = ahead;
        if is_capital && (STREET_WORDS.contains(&folded.as_str()) || is_street(word)) {
            return Some(StreetName::Sure);
        }
    }
    Some(StreetName::Unsure)
}

fn hyphenated<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    cursor.joined_words(MOST_WORDS, |sign| sign == '-')
}

/// `12`, `12a`, `12 b`, `12-14`, `12/3`.
fn read_house_number(cursor: &mut Cursor<'_>) -> bool {
    if !matches!(cursor.digits(5).len(), 1..=4) {
        return false;
    }
    read_house_letter(cursor);
    let mut ahead = *cursor;
    if ahead.skip(1, |sign| matches!(sign, '-' | '/' | '–')) > 0 && matches!(ahead.digits(4).len(), 1..=3) {
        read_house_letter(&mut ahead);
        *cursor = ahead;
    }
    let is_decimal = cursor.rest().starts_with([',', '.'])
        && cursor.rest()[1..].starts_with(|sign: char| sign.is_ascii_digit());
    cursor.is_word_end() && !is_decimal
}

fn read_house_letter(cursor: &mut Cursor<'_>) {
    let mut ahead = *cursor;
    ahead.skip(1, |sign| sign == ' ');
    if ahead.skip(1, |sign| ('a'..='h').contains(&sign.to_ascii_lowercase())) > 0 && ahead.is_word_end() {
        *cursor = ahead;
    }
}

/// Whether a unit follows: `Dichtring 12 mm`.
pub(super) fn is_amount(mut cursor: Cursor<'_>) -> bool {
    cursor.blanks();
    let is_sign = matches!(cursor.peek(), Some('%' | '€' | '$' | '°' | '"' | '×' | '″'));
    is_sign || cursor.folded_word().is_some_and(|word| UNITS.contains(word.as_str()))
}

/// `, 12345 Musterstadt` behind a street; where it ends.
fn place_behind(mut cursor: Cursor<'_>) -> Option<usize> {
    let is_joint = |sign: char| sign.is_whitespace() || matches!(sign, ',' | ';' | '|' | '/' | '·');
    (cursor.skip(4, is_joint) > 0).then_some(())?;
    if cursor.rest().starts_with("in ") {
        cursor.at += "in ".len();
    }
    for country in ["D-", "A-", "CH-", "DE-", "AT-"] {
        if cursor.rest().starts_with(country) {
            cursor.at += country.len();
            break;
        }
    }
    let digits = cursor.digits(6).len();
    (matches!(digits, 4 | 5) && cursor.is_word_end() && cursor.blanks()).then_some(())?;
    let word = cursor.clone().word()?;
    let is_name = digits == 5 || word.starts_with(char::is_uppercase);
    (is_name && !UNITS.contains(fold(word).as_str())).then_some(())?;
    place_name(&mut cursor).then_some(cursor.at)
}

/// `Musterstadt`, `Bad Homburg`, `Frankfurt am Main`.
fn place_name(cursor: &mut Cursor<'_>) -> bool {
    let Some(first) = hyphenated(cursor).filter(|word| word.chars().count() > 1) else { return false };
    let takes_next =
        matches!(fold(first).as_str(), "bad" | "sankt" | "st" | "neu" | "alt" | "gross" | "klein" | "markt");
    let is_capital = first.starts_with(char::is_uppercase);
    let mut ahead = *cursor;
    ahead.eat('.');
    let mut small = 0;
    while small < 2 && ahead.blanks() && skip_small(&mut ahead) {
        small += 1;
    }
    if small == 2 {
        ahead.blanks();
    }
    let goes_on = (small > 0 || takes_next) && ahead.peek().is_some_and(char::is_uppercase);
    if goes_on && is_capital && hyphenated(&mut ahead).is_some() {
        *cursor = ahead;
    }
    true
}

fn skip_small(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let is_small = ahead.word().is_some_and(|word| SMALL.contains(&word));
    ahead.eat('.');
    if is_small {
        *cursor = ahead;
    }
    is_small
}

/// A postal code with its place standing alone: behind `in`, `aus`, `D-`, at a clause's beginning before its end.
pub(super) fn place(text: &str, start: usize, before: &str) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let is_stated = ["in ", "aus ", "nach ", "D-", "A-", "CH-", "from ", "Wohnort ", "Ort: "]
        .iter()
        .any(|word| before.ends_with(word));
    let trimmed = before.trim_end_matches(' ');
    let begins = trimmed.is_empty() || trimmed.ends_with([',', '\n', ':', ';', ']', '(', '|']);
    (is_stated || begins).then_some(())?;
    (cursor.digits(6).len() == 5 && cursor.is_word_end() && cursor.blanks()).then_some(())?;
    cursor.peek().filter(|sign| sign.is_uppercase())?;
    let folded = fold(cursor.clone().word()?);
    (!UNITS.contains(folded.as_str()) && place_name(&mut cursor)).then_some(())?;
    (is_stated || cursor.is_clause_end()).then(|| Place::new(Kind::Address, start..cursor.at))
}

/// What stands behind `PLZ` or `zip code`: digits, or a British code; with a place behind German ones.
pub(super) fn stated_code(text: &str, start: usize) -> Option<Place> {
    let begin = super::reference::behind_fillers(text, start).at;
    let mut cursor = Cursor::new(text, begin);
    let word = cursor.word()?;
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == word.len() && (4..=10).contains(&digits) {
        let mut ahead = cursor;
        let with_place =
            ahead.blanks() && ahead.peek().is_some_and(char::is_uppercase) && place_name(&mut ahead);
        return Some(Place::new(
            Kind::Address,
            begin..if with_place { ahead.at } else { english::zip_end(cursor) },
        ));
    }
    let mut ahead = cursor;
    let second = ahead.blanks().then(|| ahead.word()).flatten()?;
    english::is_british(&word.to_ascii_uppercase(), &second.to_ascii_uppercase())
        .then(|| Place::new(Kind::Address, begin..ahead.at))
}

/// The number behind `Packstation`, `Postfach`, `P.O. Box`.
pub(super) fn stated_box(text: &str, start: usize) -> Option<Place> {
    let begin = super::reference::behind_fillers(text, start).at;
    let mut cursor = Cursor::new(text, begin);
    let mut end = begin;
    for _ in 0..4 {
        if cursor.digits(11).is_empty() || !cursor.is_word_end() {
            break;
        }
        end = cursor.at;
        if !cursor.eat(' ') {
            break;
        }
    }
    (end - begin >= 2)
        .then(|| Place::new(Kind::Address, begin..place_behind(Cursor::new(text, end)).unwrap_or(end)))
}
