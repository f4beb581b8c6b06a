//! IBANs and payment cards, by their check digits.

use super::cursor::Cursor;
use super::{Kind, Place};
use crate::identifier;

/// Length of an IBAN by country (ISO 13616, SWIFT registry), for countries that a European shop's customers bank in.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AL", 28),
    ("AT", 20),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TR", 26),
    ("UA", 29),
    ("XK", 20),
];

/// Digits of a payment card at most (ISO/IEC 7812).
const CARD_DIGITS: usize = 19;

/// An IBAN that begins here and whose check digits are right.
pub(super) fn iban(text: &str, start: usize) -> Option<Place> {
    let (signs, end) = iban_signs(text, start)?;
    (remainder(&signs)? == 1).then(|| Place::new(Kind::Iban, start..end))
}

/// What stands behind the word `IBAN` and has the form of one; a mistyped number still is somebody's.
pub(super) fn stated_iban(text: &str, start: usize) -> Option<Place> {
    iban_signs(text, start).map(|(_, end)| Place::new(Kind::Iban, start..end))
}

/// Letters and digits in the country's number, alone or in groups parted by single blanks, and where they end.
fn iban_signs(text: &str, start: usize) -> Option<(String, usize)> {
    let country = text.get(start..start + 2)?.to_ascii_uppercase();
    let (_, length) = LENGTHS.iter().find(|(code, _)| *code == country)?;
    let mut signs = String::new();
    let mut cursor = Cursor::new(text, start);
    while signs.len() < *length {
        let sign = cursor.peek().filter(char::is_ascii_alphanumeric)?;
        cursor.at += 1;
        signs.push(sign.to_ascii_uppercase());
        if signs.len() < *length && cursor.rest().starts_with([' ', '\u{a0}', '-']) {
            cursor.skip(1, |_| true);
        }
    }
    let digits = signs.bytes().skip(2).filter(u8::is_ascii_digit).count();
    let has_check = signs.bytes().skip(2).take(2).all(|sign| sign.is_ascii_digit());
    (has_check && digits >= 10 && cursor.is_word_end()).then_some((signs, cursor.at))
}

/// The number modulo 97, with the first four signs at the end and letters as 10 to 35 (ISO 7064).
fn remainder(signs: &str) -> Option<u32> {
    let turned = signs.chars().skip(4).chain(signs.chars().take(4));
    turned.map(|sign| sign.to_digit(36)).try_fold(0, |rest: u32, value| {
        let value = value?;
        Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
    })
}

/// A card's number that begins here: prefix and length of an issuer, the check digit right, and no EAN.
pub(super) fn card(text: &str, start: usize) -> Option<Place> {
    let candidates = digit_groups(text, start);
    let fits = |(digits, _): &&(String, usize)| {
        is_issued(digits) && identifier::has_check_digit(digits) && !identifier::is_gtin(digits)
    };
    candidates.iter().rev().find(fits).map(|(_, end)| Place::new(Kind::Card, start..*end))
}

/// What stands behind words such as `Kartennummer`: 13 to 19 digits, right or mistyped.
pub(super) fn stated_card(text: &str, start: usize) -> Option<Place> {
    let candidates = digit_groups(text, start);
    let long = candidates.iter().rev().find(|(digits, _)| digits.len() >= 13)?;
    Some(Place::new(Kind::Card, start..long.1))
}

/// The digits read so far after each group of digits parted by single blanks or hyphens, with the group's end.
fn digit_groups(text: &str, start: usize) -> Vec<(String, usize)> {
    let mut cursor = Cursor::new(text, start);
    let (mut digits, mut found) = (String::new(), Vec::new());
    loop {
        let group = cursor.digits(CARD_DIGITS + 1);
        digits.push_str(group);
        if group.is_empty() || digits.len() > CARD_DIGITS || !cursor.is_word_end() {
            return found;
        }
        found.push((digits.clone(), cursor.at));
        if cursor.skip(1, |sign| matches!(sign, ' ' | '\u{a0}' | '-')) == 0 {
            return found;
        }
    }
}

/// Issuer prefixes with their lengths (ISO/IEC 7812, as published by the card schemes).
fn is_issued(digits: &str) -> bool {
    let prefix = |length: usize| digits.get(..length).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    match digits.len() {
        14 => matches!(prefix(2), 30 | 36 | 38 | 39),
        15 => matches!(prefix(2), 34 | 37),
        16 => {
            prefix(1) == 4
                || matches!(prefix(2), 50..=58 | 60..=69 | 35)
                || (2221..=2720).contains(&prefix(4))
        }
        18 | 19 => prefix(1) == 4 || matches!(prefix(2), 50 | 56..=58 | 62 | 63 | 67),
        _ => false,
    }
}
