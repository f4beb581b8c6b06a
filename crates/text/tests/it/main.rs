//! Properties that hold for any text.

#[cfg(test)]
mod redact;

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

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in shop_text()) {
        let _ = read_value(&text);
        let _ = auskunft_text::value::read_money(&text, Some("EUR"));
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
