//! Numbers with a word before them that says whose they are: orders, parcels, customers; and those of things, which stay.

use super::cues::{FILLERS, NUMBER_WORDS};
use super::cursor::Cursor;
use super::{Found, Kind, Place, bank, email, phone};
use crate::identifier;

/// Most words between a cue and its number.
const MOST_FILLERS: usize = 3;
/// Longest number.
const LONGEST: usize = 40;
/// Letters before the digits of orders; others are model numbers (`order KM-2400`).
const ORDER_LETTERS: &[&str] = &[
    "O", "B", "A", "R", "S", "PO", "SO", "BE", "BN", "BS", "RE", "RG", "INV", "ORD", "OR", "ON", "AU", "AB",
    "WEB", "LV", "DHL", "BST", "BEST", "RMA", "RT", "TK", "INC", "CS", "CASE", "DE", "US", "EU", "JJD",
    "GLS", "UPS", "Z",
];

/// Where a number may begin behind a cue.
pub(super) struct Behind {
    pub(super) at: usize,
    /// Whether a word between called it a number.
    pub(super) is_named: bool,
    /// Whether a clause or line ends between.
    pub(super) is_apart: bool,
}

/// Skips what may stand between a cue and its number.
pub(super) fn behind_fillers(text: &str, start: usize) -> Behind {
    let mut cursor = Cursor::new(text, start);
    let (mut is_named, mut is_apart, mut is_abbreviated) = (false, false, false);
    for _ in 0..=MOST_FILLERS {
        let gap = cursor.at;
        let between = cursor.skip(4, |sign| {
            sign.is_whitespace()
                || matches!(
                    sign,
                    ':' | '#' | '.' | '=' | '-' | '–' | '"' | '„' | '»' | '(' | '\'' | '*' | '°' | ','
                )
        });
        is_named |= text[start..cursor.at].ends_with('#');
        let parts = |sign: char| matches!(sign, '\n' | '\r' | ',') || (sign == '.' && !is_abbreviated);
        is_apart |= text[gap..cursor.at].contains(parts);
        let mut ahead = cursor;
        let word = ahead.folded_word().filter(|word| FILLERS.contains(&word.as_str()));
        let Some(word) = word.filter(|_| between > 0) else { break };
        is_abbreviated = NUMBER_WORDS.contains(&word.as_str());
        is_named |= is_abbreviated;
        cursor = ahead;
    }
    Behind { at: cursor.at, is_named, is_apart }
}

/// The number behind a cue for orders, parcels or customers.
pub(super) fn stated(text: &str, start: usize, kind: Kind, is_weak: bool) -> Option<Found> {
    let behind = behind_fillers(text, start);
    (behind.at > start).then_some(())?;
    let (number, end) = number(text, behind.at)?;
    let is_sure = behind.is_named || !is_weak;
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let signs = number.chars().filter(|sign| sign.is_alphanumeric()).count();
    let fits = if is_sure { signs >= 3 && digits >= 2 } else { is_order(number, digits) };
    fits.then(|| Found::Personal(Place::new(kind, behind.at..end)))
}

/// A number that is an order's without the word `number`: long, or with the letters that shops put before.
fn is_order(number: &str, digits: usize) -> bool {
    let letters: String = number.chars().take_while(char::is_ascii_alphabetic).collect();
    let rest = &number[letters.len()..];
    let is_plain = rest.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-' || sign == b'/');
    if letters.is_empty() {
        return is_plain && digits >= 5;
    }
    is_plain && digits >= 4 && ORDER_LETTERS.contains(&letters.to_ascii_uppercase().as_str())
}

/// Letters, digits and joints, or groups of digits parted by single blanks.
fn number(text: &str, start: usize) -> Option<(&str, usize)> {
    if let Some(end) = lettered(text, start) {
        return Some((&text[start..end], end));
    }
    let mut cursor = Cursor::new(text, start);
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '/' | '_');
    let length = cursor.skip(LONGEST, is_part);
    let number = text[start..cursor.at].trim_end_matches(['-', '/', '_']);
    let begins = number.starts_with(|sign: char| sign.is_ascii_alphanumeric()) && !is_date(number);
    let has_digit = number.bytes().any(|sign| sign.is_ascii_digit());
    (length < LONGEST && begins && has_digit && cursor.is_word_end()).then_some(())?;
    let mut end = start + number.len();
    let is_digits = number.bytes().all(|sign| sign.is_ascii_digit());
    for _ in 0..4 {
        let mut ahead = Cursor::new(text, end);
        let is_parted = is_digits && ahead.eat(' ');
        let group = ahead.digits(9);
        let is_group = group.len() >= 3 && !group.starts_with('0') && ahead.is_word_end();
        if !is_parted || !is_group {
            break;
        }
        end = ahead.at;
    }
    Some((number, end))
}

/// A single letter before digits: `C 10034`.
fn lettered(text: &str, start: usize) -> Option<usize> {
    let mut cursor = Cursor::new(text, start);
    let is_shaped = cursor.skip(1, |sign| sign.is_ascii_uppercase()) == 1 && cursor.eat(' ');
    (is_shaped && matches!(cursor.digits(13).len(), 4..=12) && cursor.is_word_end()).then_some(cursor.at)
}

/// `2026-03-01`, `01/03/2026`.
fn is_date(number: &str) -> bool {
    let lengths: Vec<usize> = number.split(['-', '/']).map(str::len).collect();
    let is_digits = number.bytes().all(|sign| sign.is_ascii_digit() || matches!(sign, b'-' | b'/'));
    is_digits && matches!(lengths.as_slice(), [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 2 | 4] | [1 | 2, 4])
}

/// The number of a thing behind its cue: kept as it stands, whatever it looks like. It stands in the same clause; behind a
/// weak cue, which ends sentences, too (`zeigt einen Fehler.`), what has the form of a telephone number is one.
pub(super) fn thing(text: &str, start: usize, is_weak: bool) -> Option<Found> {
    let behind = behind_fillers(text, start);
    let is_apart = behind.is_apart || (is_weak && text[..start].ends_with('.'));
    (behind.at > start && !is_apart && !is_personal(text, behind.at, is_weak)).then_some(())?;
    let mut cursor = Cursor::new(text, behind.at);
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '/' | '_' | '.');
    cursor.skip(LONGEST, is_part);
    let has_digit = text[behind.at..cursor.at].bytes().any(|sign| sign.is_ascii_digit());
    has_digit.then_some(())?;
    let in_groups = || grouped(text, behind.at).map(|place| place.range.end);
    let end = spaced_gtin(text, behind.at).or_else(in_groups).unwrap_or(cursor.at);
    Some(Found::Thing { end })
}

/// Whether what stands behind a thing's cue shows by its form that it is a person's.
fn is_personal(text: &str, start: usize, is_weak: bool) -> bool {
    let has_form = email::at(text, start).or_else(|| bank::iban(text, start));
    let looks_so = || phone::at(text, start).or_else(|| bank::card(text, start)).filter(|_| is_weak);
    has_form.or_else(looks_so).is_some()
}

/// The end of an EAN that is printed in groups: `4 006381 333931`.
fn spaced_gtin(text: &str, start: usize) -> Option<usize> {
    let mut cursor = Cursor::new(text, start);
    for _ in 0..5 {
        (!cursor.digits(14).is_empty()).then_some(())?;
        if identifier::is_gtin(&text[start..cursor.at]) && cursor.is_word_end() {
            return Some(cursor.at);
        }
        cursor.eat(' ').then_some(())?;
    }
    None
}

/// Digits of a number that stands alone and is somebody's.
const BARE_DIGITS: std::ops::RangeInclusive<usize> = 8..=20;
/// Digits in each group of an account's number, and how many groups it has at least.
const GROUP: usize = 4;
const GROUPS: usize = 3;

/// A text that is nothing but a long number, or that with a name before it: what people answer who are asked for the
/// number of an order or account. EANs and dates stay.
pub(super) fn alone(text: &str, start: usize, before: &str) -> Option<Place> {
    let before = before.trim_matches([' ', ',', ':', '\n']);
    (before.is_empty() || before == Kind::Name.mark()).then_some(())?;
    let end = text.trim_end().len();
    (start < end && is_bare(&text[start..end])).then(|| Place::new(Kind::Customer, start..end))
}

/// Whether a text is a long number that is no EAN and no date.
pub(super) fn is_bare(text: &str) -> bool {
    let text = text.trim_end();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '-' | '/'));
    let is_ended = text.starts_with(|sign: char| sign.is_ascii_digit())
        && text.ends_with(|sign: char| sign.is_ascii_digit());
    let is_grouped = grouped(text, 0).is_some_and(|place| place.range.end == text.len());
    let is_thing = !is_grouped && (identifier::is_gtin(&digits) || is_date(text) || is_compact_date(text));
    is_number && is_ended && BARE_DIGITS.contains(&digits.len()) && !is_thing
}

/// `20260301`, `01032026`.
fn is_compact_date(text: &str) -> bool {
    let part =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let is_day = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_year = |year: u32| (1900..2100).contains(&year);
    let is_read = (is_year(part(0, 4)) && is_day(part(4, 6), part(6, 8)))
        || (is_year(part(4, 8)) && is_day(part(2, 4), part(0, 2)));
    text.len() == 8 && is_read
}

/// Groups of four digits, as accounts and cards print them: `6785 4326 6789`. Years and round numbers are none.
pub(super) fn grouped(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let (mut groups, mut end) = (Vec::new(), start);
    loop {
        let group = cursor.digits(GROUP + 1);
        (group.len() == GROUP && cursor.is_word_end()).then_some(())?;
        groups.push(group);
        end = end.max(cursor.at);
        let mut ahead = cursor;
        let joins = ahead.skip(1, |sign| matches!(sign, ' ' | '\u{a0}' | '-')) > 0;
        if !joins || !ahead.peek().is_some_and(|sign| sign.is_ascii_digit()) {
            break;
        }
        cursor = ahead;
    }
    let is_plain = |group: &&str| group.ends_with('0') || group.starts_with("19") || group.starts_with("20");
    let is_number = groups.len() >= GROUPS && groups.len() <= GROUPS + 2 && !groups.iter().any(is_plain);
    let is_amount = super::address::is_amount(cursor);
    (is_number && !is_amount).then(|| Place::new(Kind::Customer, start..end))
}

/// Digits of an order's number behind its letter: `O-503422`.
const ORDER_DIGITS: std::ops::RangeInclusive<usize> = 4..=10;

/// An order's number as shops print it, whatever stands before: `zu O-503422`.
fn order(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let is_order = cursor.word().is_some_and(|word| word.eq_ignore_ascii_case("o")) && cursor.eat('-');
    let fits = is_order && ORDER_DIGITS.contains(&cursor.digits(11).len()) && cursor.is_word_end();
    // `O-1234-A` is a part.
    let goes_on = cursor.rest().strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    (fits && !goes_on).then(|| Place::new(Kind::Order, start..cursor.at))
}

/// Numbers of parcels and orders that show by themselves what they are: UPS, DHL, Amazon, those of the shop.
pub(super) fn at(text: &str, start: usize) -> Option<Place> {
    if let Some(order) = order(text, start) {
        return Some(order);
    }
    let mut cursor = Cursor::new(text, start);
    let word = cursor.word()?;
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_ups = word.len() == 18 && word.starts_with("1Z") && digits >= 8;
    let is_dhl =
        (word.starts_with("JJD") && digits >= 12) || (word.len() == 20 && word.starts_with("00340434"));
    if is_ups || is_dhl {
        return Some(Place::new(Kind::Shipment, start..cursor.at));
    }
    let first = word.len() == 3 && digits == 3 && cursor.eat('-');
    let is_amazon = first && cursor.digits(8).len() == 7 && cursor.eat('-') && cursor.digits(8).len() == 7;
    (is_amazon && cursor.is_word_end()).then(|| Place::new(Kind::Order, start..cursor.at))
}
