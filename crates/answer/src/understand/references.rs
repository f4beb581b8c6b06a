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

impl References {
    /// Whether any number is named.
    pub(crate) fn has_number(&self) -> bool {
        !self.orders.is_empty() || !self.tracking.is_empty() || !self.serials.is_empty()
    }

    /// Reads a question; `words` are its folded words.
    pub(crate) fn of(text: &str, words: &[String]) -> Self {
        let mut found = Self {
            latest: words.iter().any(|word| LATEST.iter().any(|latest| word.starts_with(latest))),
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
        } else if let Some(serial) = serial(token) {
            push(&mut self.serials, serial);
        }
    }
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

fn serial(token: &str) -> Option<SerialMention> {
    let (letters, digits) = token.split_once('-')?;
    let has_form = letters.len() == SERIAL_LETTERS
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && is_number(digits, SERIAL_DIGITS..=SERIAL_DIGITS);
    has_form.then(|| SerialMention { text: token.to_owned(), checks: has_check_digit(digits) })
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
