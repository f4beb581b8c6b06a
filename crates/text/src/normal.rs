//! Normal forms, so that the same name in two spellings meets.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Folds a name for matching: compatibility forms unified (NFKC), lower case, `ä ö ü ß` as `ae oe ue ss`, other accents
/// dropped, typographic dashes and quotes as plain ones, soft hyphens and zero-width signs dropped, white space
/// collapsed. `fold(fold(x)) == fold(x)`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let composed = text.nfkc().flat_map(char::to_lowercase).nfkc();
    for character in composed {
        push_folded(&mut folded, character);
    }
    collapse_spaces(&folded)
}

fn push_folded(folded: &mut String, character: char) {
    match character {
        'ä' => folded.push_str("ae"),
        'ö' => folded.push_str("oe"),
        'ü' => folded.push_str("ue"),
        'ß' => folded.push_str("ss"),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
        '\u{2018}'..='\u{201b}' | '´' | '`' => folded.push('\''),
        '\u{201c}'..='\u{201f}' | '«' | '»' => folded.push('"'),
        _ => folded.extend(character.nfd().filter(|part| !is_combining_mark(*part))),
    }
}

/// The composed form (NFC) of a text, as every text is stored: `u` with a combining diaeresis, as some systems write file
/// names and PDFs, becomes `ü`. A text that is composed already is given back as it is.
pub fn compose(text: &str) -> Cow<'_, str> {
    let is_composed = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if is_composed { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// White space of any kind as single blanks, none at the ends.
pub fn collapse_spaces(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

/// The form under which equal questions meet (caches, duplicates): folded, punctuation dropped except inside numbers
/// and model names.
pub fn question_key(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(' ').map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_meet_their_two_letter_forms_however_they_are_encoded() {
        assert_eq!(fold("Größe"), "groesse");
        assert_eq!(fold("Gro\u{308}ße"), "groesse");
        assert_eq!(fold("GROESSE"), "groesse");
        assert_eq!(fold("ÜBER"), fold("ueber"));
    }

    #[test]
    fn parted_letters_are_composed_and_composed_texts_are_left_alone() {
        assert_eq!(compose("Gro\u{308}ße"), "Größe");
        assert!(matches!(compose("Größe ½ ﬁ"), Cow::Borrowed(_)));
    }

    #[test]
    fn spaces_dashes_and_invisible_signs_do_not_part_equal_names() {
        assert_eq!(fold("  Kaffee\u{ad}maschine\u{a0}KM\u{2013}2400 "), "kaffeemaschine km-2400");
        assert_eq!(fold("Café"), "cafe");
        assert_eq!(fold("5 ㎏"), "5 kg");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Größe ½ „Zitat“", "İstanbul ﬁx ẞ", "a\u{308}\u{308}", "Ⅷ ™ ﬀ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn a_question_is_keyed_by_its_words() {
        assert_eq!(question_key("Wie groß ist der WH-1000XM4?!"), "wie gross ist der wh-1000xm4");
        assert_eq!(question_key("wie gross ist der  wh-1000xm4"), "wie gross ist der wh-1000xm4");
    }
}
