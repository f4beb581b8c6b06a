//! Numbers that name a product: EAN/GTIN with their check digit, model numbers, and the form under which spellings meet.

use auskunft_model::{Identifier, IdentifierKind};

use crate::normal::fold;
use crate::unit;

/// Letters before a number that belong to norms, laws, currencies and interfaces, never to a model.
const NOT_MODELS: &[&str] = &[
    "A", "AB", "ABS", "AM", "ART", "BGB", "BIS", "CHF", "COVID", "DDR", "DIN", "EAN", "EN", "EUR", "FAX",
    "GBP", "GTIN", "H", "HDMI", "IEC", "IEEE", "IP", "IPX", "ISBN", "ISO", "MP", "NR", "ODER", "PCI", "PLZ",
    "RAL", "RJ", "SAE", "SHA", "TEL", "UND", "USB", "USD", "UTF", "VDE", "VOR", "WLAN", "WIFI", "XL", "XXL",
];

/// Whether this is a GTIN (EAN-8, UPC-A, EAN-13, GTIN-14) with a correct check digit (GS1 General Specifications 7.9:
/// digits weighted 3 and 1 from the right, sum a multiple of ten). Blanks and hyphens between digits are allowed.
pub fn is_gtin(text: &str) -> bool {
    let digits: Option<Vec<u32>> =
        text.trim().chars().filter(|sign| !matches!(sign, ' ' | '-')).map(|sign| sign.to_digit(10)).collect();
    let Some(digits) = digits else { return false };
    let has_length = matches!(digits.len(), 8 | 12 | 13 | 14);
    has_length && digits.iter().any(|digit| *digit > 0) && weighted_sum(&digits).is_multiple_of(10)
}

fn weighted_sum(digits: &[u32]) -> u32 {
    let weighted =
        digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 0 { *digit } else { 3 * digit });
    weighted.sum()
}

/// The form under which spellings of a number meet: folded, letters and digits only. `KM 2400`, `km-2400` and `KM2400`
/// are all `km2400`.
pub fn normal_form(text: &str) -> String {
    fold(text).chars().filter(|character| character.is_alphanumeric()).collect()
}

/// EANs and model numbers in running text, each once, in order. Strict, for what sources print: EANs of 12 to 14 digits
/// with a correct check digit, and mixes of capital letters and digits that are no quantity, norm or interface.
pub fn find(text: &str) -> Vec<Identifier> {
    let tokens = tokens(text);
    let mut found: Vec<Identifier> = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let (identifier, used) = at(&tokens[index..]);
        if let Some(identifier) = identifier.filter(|identifier| !found.contains(identifier)) {
            found.push(identifier);
        }
        index += used;
    }
    found
}

/// Normal forms of all that could be a number of a product in a question, however it is written (`km 2400`): tokens with
/// a digit, alone and joined with their neighbours. For look-up among the known numbers; most are none.
pub fn candidates(text: &str) -> Vec<String> {
    let words: Vec<String> =
        text.split_whitespace().map(normal_form).filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    for length in 1..=3 {
        for window in words.windows(length) {
            let joined = window.concat();
            let has_digit = joined.contains(|sign: char| sign.is_ascii_digit());
            if has_digit && joined.chars().count() >= 3 && !found.contains(&joined) {
                found.push(joined);
            }
        }
    }
    found
}

/// Runs of letters, digits and the joints of model numbers.
fn tokens(text: &str) -> Vec<&str> {
    let is_part = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '/' | '.' | '_');
    let raw = text.split(|sign: char| !is_part(sign));
    raw.map(|token| token.trim_matches(['-', '/', '.', '_'])).filter(|token| !token.is_empty()).collect()
}

/// The identifier that begins at the first token, and how many tokens it takes.
fn at(tokens: &[&str]) -> (Option<Identifier>, usize) {
    let first = tokens[0];
    if matches!(first.len(), 12..=14) && first.bytes().all(|byte| byte.is_ascii_digit()) {
        let identifier =
            is_gtin(first).then(|| Identifier { kind: IdentifierKind::Ean, text: first.to_owned() });
        return (identifier, 1);
    }
    let second = tokens.get(1).copied().unwrap_or("");
    let (model, used) = if is_model(first) {
        (first.to_owned(), 1)
    } else if is_split_model(first, second) {
        (format!("{first} {second}"), 2)
    } else {
        return (None, 1);
    };
    match tokens.get(used) {
        Some(suffix) if is_suffix(suffix) => (Some(as_model(format!("{model} {suffix}"))), used + 1),
        _ => (Some(as_model(model)), used),
    }
}

fn as_model(text: String) -> Identifier {
    Identifier { kind: IdentifierKind::Model, text }
}

/// `WH-1000XM4`: at least two digits and a capital letter, no quantity, norm or interface.
fn is_model(token: &str) -> bool {
    let signs = || token.chars().filter(|sign| sign.is_alphanumeric());
    let digits = signs().filter(char::is_ascii_digit).count();
    let capitals = signs().filter(char::is_ascii_uppercase).count();
    let small = signs().filter(|sign| sign.is_alphabetic() && !sign.is_ascii_uppercase()).count();
    let length = signs().count();
    let begins: String = token.chars().take_while(char::is_ascii_uppercase).collect();
    let shaped = digits >= 2 && capitals >= 1 && small <= 2 && (4..=24).contains(&length);
    shaped && !token.contains(['/', '.']) && !is_quantity(token) && !NOT_MODELS.contains(&begins.as_str())
}

/// `KM` `2400`: two to five capitals, then three to five digits, perhaps with letters.
fn is_split_model(first: &str, second: &str) -> bool {
    let letters = (2..=5).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_uppercase());
    let digits = second.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &second[digits..];
    let tail = rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_uppercase());
    letters && (3..=5).contains(&digits) && tail && !NOT_MODELS.contains(&first)
}

/// A variant's letter behind the number: `KM-2400 S`.
fn is_suffix(token: &str) -> bool {
    token.len() == 1 && token.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Digits, then a unit or a count sign: `1200W`, `230V`, `4K`, `2x`.
fn is_quantity(token: &str) -> bool {
    let number = token.trim_start_matches(|sign: char| sign.is_ascii_digit() || ".,-".contains(sign));
    number.len() < token.len()
        && (unit::find(number).is_some() || matches!(number, "K" | "x" | "X" | "D" | "G"))
}

/// Luhn's check: every second digit from the right doubled, the sum of all digits a multiple of ten (ISO/IEC 7812-1, annex B).
pub fn has_check_digit(digits: &str) -> bool {
    let values = digits.chars().rev().filter_map(|digit| digit.to_digit(10));
    let weighted = values.enumerate().map(|(place, digit)| match (place % 2, digit * 2) {
        (0, _) => digit,
        (_, doubled) if doubled > 9 => doubled - 9,
        (_, doubled) => doubled,
    });
    weighted.sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        find(text).into_iter().map(|identifier| identifier.text).collect()
    }

    #[test]
    fn the_check_digit_decides() {
        for good in ["4006381333931", "96385074", "036000291452", "4-006381-333931", "00012345600012"] {
            assert!(is_gtin(good), "{good}");
        }
        for bad in ["4006381333932", "400638133393", "", "00000000", "40063813339a1", "123"] {
            assert!(!is_gtin(bad), "{bad}");
        }
    }

    #[test]
    fn spellings_of_a_model_number_meet() {
        let forms = ["KM 2400", "km-2400", "KM2400", "Km.2400", "KM\u{2013}2400"].map(normal_form);
        assert!(forms.iter().all(|form| form == "km2400"), "{forms:?}");
    }

    #[test]
    fn model_numbers_and_eans_are_found_in_sentences() {
        let text = "Der WH-1000XM4 (EAN 4006381333931) passt zur KM-2400 S, nicht zur KM 2500.";
        assert_eq!(texts(text), ["WH-1000XM4", "4006381333931", "KM-2400 S", "KM 2500"]);
    }

    #[test]
    fn quantities_norms_and_dates_are_no_model_numbers() {
        let text = "1200W, 230V, IP67, USB 3.0, EN 60335, 4K, ISO 9001, 21.11.2026, DIN A4, MP3, 5000mAh, T3.25, COVID-19, 14 Tage";
        assert_eq!(texts(text), Vec::<String>::new());
    }

    #[test]
    fn a_question_offers_every_joined_spelling() {
        let found = candidates("wie laut ist die km 2400 s?");
        assert!(found.contains(&"km2400".to_owned()) && found.contains(&"km2400s".to_owned()), "{found:?}");
        assert!(candidates("Wie entkalke ich?").is_empty());
    }
}
