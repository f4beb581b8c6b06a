//! Numbers of orders, parcels and devices in a question, and words that stand for them ("die letzte Bestellung").

/// What of the asker's own things a question refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References {
    /// Numbers of orders as stored: `O-563277`.
    pub(crate) orders: Vec<String>,
    /// Tracking numbers as stored: `AK767806822`.
    pub(crate) tracking: Vec<String>,
    /// Serial numbers.
    pub(crate) serials: Vec<SerialMention>,
    /// Set for "die letzte Bestellung".
    pub(crate) latest: bool,
    /// Set for "mein Paket", "meine Bestellung".
    pub(crate) own: bool,
}

/// A serial number as a question gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SerialMention {
    /// As stored: `FSD-240381475203`.
    pub(crate) text: String,
    /// Not set when its check digit is wrong. Serial numbers without a check digit always pass.
    pub(crate) checks: bool,
}

impl SerialMention {
    /// A serial number in capitals.
    pub(super) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), checks: serial_digits(text).is_none_or(has_check_digit) }
    }
}

impl References {
    /// Takes in those of another part.
    pub(super) fn add(&mut self, other: &Self) {
        other.orders.iter().for_each(|order| push(&mut self.orders, order.clone()));
        other.tracking.iter().for_each(|number| push(&mut self.tracking, number.clone()));
        other.serials.iter().for_each(|serial| push(&mut self.serials, serial.clone()));
        self.latest |= other.latest;
        self.own |= other.own;
    }

    /// Whether any number is named.
    pub(crate) fn has_number(&self) -> bool {
        !self.orders.is_empty() || !self.tracking.is_empty() || !self.serials.is_empty()
    }

    /// Reads a question; `words` are its folded words.
    pub(crate) fn of(text: &str, words: &[String]) -> Self {
        let mut found = Self {
            latest: is_latest(words),
            own: words.iter().any(|word| OWN.contains(&word.as_str())),
            ..Self::default()
        };
        for token in tokens(text) {
            found.read(&token);
        }
        found
    }

    fn read(&mut self, token: &str) {
        if let Some(digits) = token.strip_prefix("O-").filter(|digits| is_number(digits, 4..=10)) {
            push(&mut self.orders, format!("O-{digits}"));
        } else if is_tracking(token) {
            push(&mut self.tracking, token.to_owned());
        } else if serial_digits(token).is_some() || is_old_serial(token) {
            push(&mut self.serials, SerialMention::of(token));
        }
    }
}

/// "Die letzte Bestellung", "what I ordered last"; "last week" is none.
fn is_latest(words: &[String]) -> bool {
    const ORDERED: &[&str] = &["order", "bought", "purchase", "parcel", "package", "shipment", "delivery"];
    let says = |beginnings: &[&str]| {
        words.iter().any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
    };
    says(LATEST) || words.iter().any(|word| word == "last") && says(ORDERED)
}

/// Beginnings of folded words for the newest order.
const LATEST: &[&str] = &["letzt", "zuletzt", "juengst", "neuest", "latest", "newest"];
/// Folded words for what belongs to the asker.
const OWN: &[&str] = &[
    "mein", "meine", "meinem", "meinen", "meiner", "meins", "meines", "ich", "mir", "mich", "unser",
    "unsere", "my", "mine", "i", "me", "our", "kunde", "kundin", "kunden", "customer",
];

/// Letters that begin a serial number, digits behind its hyphen; the last one is a check digit.
const SERIAL_LETTERS: usize = 3;
const SERIAL_DIGITS: usize = 12;

/// Runs of letters, digits and hyphens, in capitals.
fn tokens(text: &str) -> Vec<String> {
    let raw = text.split(|sign: char| !(sign.is_alphanumeric() || sign == '-'));
    raw.map(|token| token.trim_matches('-').to_uppercase()).filter(|token| !token.is_empty()).collect()
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn is_number(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two letters of the carrier and at least eight digits.
fn is_tracking(token: &str) -> bool {
    token.is_char_boundary(2)
        && token.len() > 2
        && token[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && is_number(&token[2..], 8..=16)
}

/// The digits of a serial number with a check digit.
fn serial_digits(token: &str) -> Option<&str> {
    let (letters, digits) = token.split_once('-')?;
    let has_form = letters.len() == SERIAL_LETTERS
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && is_number(digits, SERIAL_DIGITS..=SERIAL_DIGITS);
    has_form.then_some(digits)
}

/// A serial number of the form before check digits: letters, digits and letters, a hyphen, year and number.
fn is_old_serial(token: &str) -> bool {
    let Some((front, digits)) = token.split_once('-') else { return false };
    let begins = front.bytes().take_while(u8::is_ascii_uppercase).count();
    let middle = front.bytes().skip(begins).take_while(u8::is_ascii_digit).count();
    begins >= 2 && middle > 0 && begins + middle < front.len() && is_number(digits, 6..=9)
}

/// Luhn's check (ISO/IEC 7812-1, annex B): from the right every second digit counts twice, its digits added; the sum is a
/// multiple of ten.
fn has_check_digit(digits: &str) -> bool {
    let weighted = digits.bytes().rev().enumerate().map(|(place, byte)| {
        let digit = u32::from(byte.saturating_sub(b'0'));
        if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
    });
    weighted.sum::<u32>().is_multiple_of(10)
}

/// Whether a text names a fault as displays do: `E04`, `F-25`, `Er 5`.
pub(super) fn has_fault_code(text: &str) -> bool {
    /// What displays put before the number.
    const LETTERS: &[&str] = &["E", "F", "ER", "ERR", "H", "U"];
    let tokens: Vec<String> = tokens(text).into_iter().map(|token| token.replace('-', "")).collect();
    let is_short_number = |text: &str| is_number(text, 1..=3);
    let is_glued = |token: &String| {
        LETTERS.iter().any(|letters| token.strip_prefix(letters).is_some_and(is_short_number))
    };
    // "er 5" may be a pronoun before a number; in capitals or with two digits it is none.
    let is_parted = |pair: &[String]| LETTERS.contains(&pair[0].as_str()) && is_short_number(&pair[1]);
    tokens.iter().any(is_glued) || tokens.windows(2).any(is_parted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    fn read(text: &str) -> References {
        References::of(text, &words(text))
    }

    #[test]
    fn numbers_are_read_in_the_form_in_which_they_are_stored() {
        let found = read("o-563277, Sendung ak767806822 und fsd-240381475203?");
        assert_eq!(found.orders, ["O-563277"]);
        assert_eq!(found.tracking, ["AK767806822"]);
        assert_eq!(found.serials, [SerialMention { text: "FSD-240381475203".to_owned(), checks: true }]);
    }

    #[test]
    fn a_wrong_digit_of_a_serial_number_is_seen() {
        assert!(!read("FSD-240381475204").serials[0].checks);
        assert!(!read("FSD-240831475203").serials[0].checks, "two digits swapped");
    }

    #[test]
    fn the_last_order_and_ones_own_are_told_by_words() {
        assert!(read("Wo ist meine letzte Bestellung?").latest && read("my parcel").own);
        assert!(!read("Was kostet die KM-2400?").own);
    }

    #[test]
    fn model_numbers_are_no_references() {
        assert!(!read("KM-2400, HX-9620 A, 2900010240015").has_number());
    }

    #[test]
    fn fault_codes_are_seen() {
        for text in ["zeigt E04", "Fehler Er 4", "what is f-25", "F8"] {
            assert!(has_fault_code(text), "{text}");
        }
        assert!(!has_fault_code("KM-2400 blinkt") && !has_fault_code("O-563277"));
    }
}
