//! The forms of numbers that shops and carriers print, and the words that say what a number without a form is.

/// What a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An order.
    Order,
    /// A parcel.
    Parcel,
    /// A device.
    Serial,
}

/// The numbers of a text in capitals, in order.
pub(super) fn all(text: &str) -> Vec<(Form, String)> {
    let tokens = tokens(text);
    let form = |place: usize| by_form(&tokens[place].number).or_else(|| by_cue(&tokens, place));
    (0..tokens.len()).filter_map(|place| Some((form(place)?, tokens[place].number.clone()))).collect()
}

/// A run of letters, digits and hyphens.
#[derive(Debug)]
struct Token {
    /// In capitals.
    number: String,
    /// As a word, folded to small letters; empty when it holds a digit.
    word: String,
    /// As it stands.
    raw: String,
}

fn tokens(text: &str) -> Vec<Token> {
    let raw = text.split(|sign: char| !(sign.is_alphanumeric() || sign == '-'));
    let raw = raw.map(|token| token.trim_matches('-')).filter(|token| !token.is_empty());
    raw.map(|token| {
        let has_digit = token.contains(|sign: char| sign.is_ascii_digit());
        let word = if has_digit { String::new() } else { token.to_lowercase() };
        Token { number: token.to_uppercase(), word, raw: token.to_owned() }
    })
    .collect()
}

/// What a number is that shows it by itself.
fn by_form(token: &str) -> Option<Form> {
    let is_order = token.strip_prefix("O-").is_some_and(|digits| is_number(digits, 4..=10));
    if is_order {
        Some(Form::Order)
    } else if is_tracking(token) {
        Some(Form::Parcel)
    } else if serial_digits(token).is_some() || is_old_serial(token) {
        Some(Form::Serial)
    } else {
        None
    }
}

/// Beginnings of words before the number of an order.
const ORDER_CUES: &[&str] = &["bestell", "auftrag", "order", "rechnung", "invoice", "vorgang"];
/// Beginnings of words before the number of a parcel.
const PARCEL_CUES: &[&str] =
    &["sendung", "paket", "tracking", "parcel", "package", "shipment", "consignment", "frachtbrief"];
/// Beginnings of words before the number of a device.
const SERIAL_CUES: &[&str] =
    &["seriennummer", "serial", "serien-nr", "seriennr", "sn", "geraetenummer", "gerätenummer"];
/// Words that stand between a cue and its number.
const BETWEEN: &[&str] =
    &["nr", "no", "nummer", "number", "mit", "with", "der", "the", "ist", "is", "lautet", "id", "n"];
/// Most words between a cue and its number.
const MOST_BETWEEN: usize = 3;

/// What a number is by the word before it: "Bestellung 511842", "Sendungsnummer 00340434…".
fn by_cue(tokens: &[Token], place: usize) -> Option<Form> {
    let number = &tokens[place].number;
    let before = tokens[..place].iter().rev();
    let mut cues = before.skip_while(|token| BETWEEN.contains(&token.word.as_str())).zip(0..=MOST_BETWEEN);
    let (cue, _) = cues.next().filter(|(token, _)| !token.word.is_empty())?;
    let says = |cues: &[&str]| cues.iter().any(|beginning| cue.word.starts_with(beginning));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_whole = number.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-');
    if says(SERIAL_CUES) && digits >= 5 {
        Some(Form::Serial)
    } else if says(PARCEL_CUES) && digits >= 8 {
        Some(Form::Parcel)
    } else if says(ORDER_CUES) && digits >= 4 && is_whole {
        Some(Form::Order)
    } else {
        None
    }
}

/// Letters that begin a serial number, digits behind its hyphen; the last one is a check digit.
const SERIAL_LETTERS: usize = 3;
const SERIAL_DIGITS: usize = 12;

fn is_number(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two letters of the carrier and at least eight digits; the forms of UPS (`1Z` and sixteen signs) and DHL (`JJD` or `00340434`
/// before the rest).
fn is_tracking(token: &str) -> bool {
    let is_lettered = token.split_at_checked(2).is_some_and(|(letters, digits)| {
        letters.bytes().all(|byte| byte.is_ascii_uppercase()) && is_number(digits, 8..=16)
    });
    let is_ups = token.len() == 18 && token.starts_with("1Z");
    let is_dhl = token.strip_prefix("JJD").is_some_and(|digits| is_number(digits, 10..=20))
        || token.starts_with("00340434") && is_number(token, 20..=20);
    is_lettered || is_ups || is_dhl
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

/// Whether the check digit of a serial number is right; numbers without one always pass.
pub(super) fn serial_checks(text: &str) -> bool {
    serial_digits(text).is_none_or(auskunft_text::identifier::has_check_digit)
}

/// Whether a text names a fault as displays do: `E04`, `F-25`, `Fehler Er 5`.
pub(super) fn has_fault_code(text: &str) -> bool {
    /// What displays put before the number.
    const LETTERS: &[&str] = &["E", "F", "ER", "ERR", "H", "U"];
    /// Beginnings of words before a code in whatever letters.
    const CUES: &[&str] = &[
        "fehler", "code", "error", "zeigt", "anzeige", "display", "meldung", "shows", "says", "reads",
        "meldet",
    ];
    let tokens = tokens(text);
    let is_short_number = |text: &str| is_number(text, 1..=3);
    let is_glued = |token: &Token| {
        let joined = token.number.replace('-', "");
        LETTERS.iter().any(|letters| joined.strip_prefix(letters).is_some_and(is_short_number))
    };
    // "Hält er 5 Stunden?" has a pronoun before a number: parted codes stand in capitals or behind a word for them.
    let is_parted = |place: usize| {
        let (letters, number) = (&tokens[place], &tokens[place + 1]);
        let is_in_capitals = letters.raw == letters.number;
        let cue = place.checked_sub(1).map(|before| &tokens[before].word);
        let has_cue = cue.is_some_and(|word| CUES.iter().any(|cue| word.starts_with(cue)));
        LETTERS.contains(&letters.number.as_str())
            && is_short_number(&number.number)
            && (is_in_capitals || has_cue)
    };
    tokens.iter().any(is_glued) || (1..tokens.len()).any(|place| is_parted(place - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_codes_are_seen() {
        for text in ["zeigt E04", "Fehler Er 4", "what is f-25", "F8", "E 04 im Display"] {
            assert!(has_fault_code(text), "{text}");
        }
        for text in ["KM-2400 blinkt", "O-563277", "Hält er 5 Stunden durch?", "Geht er 2 Jahre?", "um 8 Uhr"]
        {
            assert!(!has_fault_code(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_told_by_its_form_or_by_the_word_before_it() {
        for (text, form, number) in [
            ("o-563277", Form::Order, "O-563277"),
            ("Bestellung 511842", Form::Order, "511842"),
            ("Wo ist meine Bestellung mit der Nummer 2024-00993?", Form::Order, "2024-00993"),
            ("order #4711", Form::Order, "4711"),
            ("Auftrags-Nr. 88123", Form::Order, "88123"),
            ("ak767806822", Form::Parcel, "AK767806822"),
            ("1Z999AA10123456784", Form::Parcel, "1Z999AA10123456784"),
            ("Sendungsnummer: 00340434161094021501", Form::Parcel, "00340434161094021501"),
            ("tracking number is 123456789012", Form::Parcel, "123456789012"),
            ("Seriennummer 4G7-8812345", Form::Serial, "4G7-8812345"),
        ] {
            assert_eq!(all(text), [(form, number.to_owned())], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for text in [
            "KM-2400",
            "HX-9620 A",
            "2900010240015",
            "Ich habe 2 bestellt",
            "Bestellung vom 3. März 2026",
            "order 2 of them",
        ] {
            assert_eq!(all(text), [], "{text}");
        }
    }
}
