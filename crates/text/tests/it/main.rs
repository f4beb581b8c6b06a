//! Properties that hold for any text.

#[cfg(test)]
mod redact;

use auskunft_model::{Language, Value};
use auskunft_text::number::{self, Style};
use auskunft_text::value::{read_attribute, read_money};
use auskunft_text::{identifier, language, normal, read_value, sentence};
use proptest::prelude::*;

/// Texts of the signs that the readers look at, so that their branches are met often.
fn shop_text() -> impl Strategy<Value = String> {
    let signs = "[a-zA-ZäöüÄÖÜß0-9 .,:;!?%€$£½¼/()\\-–−'’\u{a0}\u{ad}\"“x×\n°²]{0,60}";
    prop_oneof![signs, any::<String>()]
}

fn visible(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// Digits in groups of three with a sign between them.
fn grouped(whole: u64, sign: &str) -> String {
    let digits = whole.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let (head, tail) = digits.split_at(first);
    let groups = tail.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    std::iter::once(head.to_owned()).chain(groups).collect::<Vec<_>>().join(sign)
}

proptest! {
    #[test]
    fn a_formatted_number_is_read_back(
        whole in 0_u64..1_000_000_000,
        cents in 0_u64..100,
        negative: bool,
    ) {
        let expected = (whole as f64 + cents as f64 / 100.0) * if negative { -1.0 } else { 1.0 };
        let sign = if negative { "-" } else { "" };
        for (group, decimal) in [(".", ","), ("", ","), ("", "."), (",", "."), (" ", ","), ("\u{202f}", ","), ("'", ".")] {
            let text = format!("{sign}{}{decimal}{cents:02}", grouped(whole, group));
            let read = number::parse_whole(&text);
            prop_assert_eq!(read.map(|number| number.amount), Some(expected), "{}", text);
        }
    }

    #[test]
    fn a_whole_number_is_read_back_in_its_language(whole in 0_u64..1_000_000_000) {
        let read = |text: String, style| number::parse_whole(&text).map(|number| number.read(style));
        prop_assert_eq!(read(grouped(whole, "."), Style::German), Some(whole as f64));
        prop_assert_eq!(read(grouped(whole, ","), Style::English), Some(whole as f64));
    }

    #[test]
    fn a_price_is_read_back_in_minor_units(minor in 1_i64..1_000_000_000) {
        let (whole, cents) = ((minor / 100) as u64, minor % 100);
        let german = format!("{},{cents:02} €", grouped(whole, "."));
        let english = format!("EUR {}.{cents:02}", grouped(whole, ","));
        let swiss = format!("{}.{cents:02} EUR", grouped(whole, "'"));
        let expected = Value::Money { minor, currency: "EUR".to_owned(), vat_included: None };
        for text in [german, english, swiss] {
            prop_assert_eq!(read_value(&text), expected.clone(), "{}", text);
        }
    }

    #[test]
    fn lengths_are_read_back_as_dimensions(lengths in prop::collection::vec(1_u32..10_000, 2..4)) {
        let texts: Vec<String> = lengths.iter().map(|tenths| format!("{},{}", tenths / 10, tenths % 10)).collect();
        let amounts = lengths.iter().map(|tenths| f64::from(*tenths)).collect();
        let expected = Value::Dimensions { amounts, unit: "mm".to_owned() };
        prop_assert_eq!(read_value(&format!("{} cm", texts.join(" x "))), expected);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in shop_text()) {
        let _ = read_value(&text);
        let _ = read_money(&text, Some("EUR"));
        let _ = read_attribute("Größe", &text, &Language::german());
        let _ = read_attribute("Energieeffizienzklasse", &text, &Language::english());
        let _ = read_attribute(&text, &text, &Language::german());
        let _ = number::at_start(&text);
        let _ = identifier::find(&text);
        let _ = identifier::candidates(&text);
        let _ = language::detect(&text);
    }

    #[test]
    fn folding_is_idempotent(text in shop_text()) {
        let once = normal::fold(&text);
        prop_assert_eq!(normal::fold(&once), once);
    }

    #[test]
    fn sentences_hold_every_visible_character_once(text in shop_text()) {
        let joined: String = sentence::sentences(&text).into_iter().map(|range| &text[range]).collect();
        prop_assert_eq!(visible(&joined), visible(&text));
    }
}
