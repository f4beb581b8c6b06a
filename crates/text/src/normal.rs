//! Normal forms, so that the same name in two spellings meets.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Folds a name for matching: compatibility forms unified (NFKC), lower case, `ä ö ü ß` as `ae oe ue ss`, other accents
/// dropped, typographic dashes and quotes as plain ones, soft hyphens and zero-width signs dropped, white space
/// collapsed. `fold(fold(x)) == fold(x)`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.chars().all(is_plain) {
        text.chars().flat_map(char::to_lowercase).for_each(|character| push_folded(&mut folded, character));
    } else {
        let composed = text.nfkc().flat_map(char::to_lowercase).nfkc();
        composed.for_each(|character| push_folded(&mut folded, character));
    }
    collapse_spaces(&folded)
}

/// Whether a sign is its own compatibility form, also in lower case and beside others like it: most texts have no others.
fn is_plain(character: char) -> bool {
    const OTHERS: &[char] =
        &['ä', 'ö', 'ü', 'ß', 'Ä', 'Ö', 'Ü', '–', '„', '“', '‚', '‘', '’', '°', '€', '×', '•'];
    character.is_ascii() || OTHERS.contains(&character)
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
        _ if character.is_ascii() => folded.push(character),
        _ => folded.extend(character.nfd().filter(|part| !is_combining_mark(*part))),
    }
}

/// The composed form (NFC) of a text, as every text is stored: `u` with a combining diaeresis, as some systems write file
/// names and PDFs, becomes `ü`. A text that is composed already is given back as it is.
pub fn compose(text: &str) -> Cow<'_, str> {
    let is_composed = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if is_composed { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// White space of any kind as single blanks, none at the ends. A line break between two signs of Chinese or Japanese, which
/// are written without blanks, is none.
pub fn collapse_spaces(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    let mut end = 0;
    for word in text.split_whitespace() {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        if !collapsed.is_empty() && !is_broken_between(&collapsed, &text[end..start], word) {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
        end = start + word.len();
    }
    collapsed
}

/// Whether white space with a line break stands between signs of a script without blanks (CSS Text 3, section 4.1.3).
fn is_broken_between(before: &str, space: &str, after: &str) -> bool {
    let is_last = || before.chars().next_back().is_some_and(is_unspaced);
    space.contains(['\n', '\r']) && after.chars().next().is_some_and(is_unspaced) && is_last()
}

/// Han, Kana, their punctuation and full-width forms; Korean parts words by blanks.
fn is_unspaced(sign: char) -> bool {
    matches!(sign, '\u{3000}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
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
    fn lines_of_scripts_without_blanks_are_joined_without_one() {
        assert_eq!(collapse_spaces("電源を\n  入れる。\r\n押す"), "電源を入れる。押す");
        assert_eq!(collapse_spaces("電源 ボタン\nOK\nボタン"), "電源 ボタン OK ボタン");
        assert_eq!(collapse_spaces(" eine\n Zeile "), "eine Zeile");
        assert_eq!(collapse_spaces("전원을\n켜다"), "전원을 켜다");
    }

    #[test]
    fn plain_signs_are_what_unicode_makes_of_them() {
        let plain: Vec<char> = ('\0'..=char::MAX).filter(|sign| is_plain(*sign)).collect();
        for (one, other) in plain.iter().flat_map(|one| plain.iter().map(move |other| (one, other))) {
            let text = String::from_iter([*one, *other]);
            let lower: String = text.chars().flat_map(char::to_lowercase).collect();
            assert_eq!(
                text.nfkc().flat_map(char::to_lowercase).nfkc().collect::<String>(),
                lower,
                "{text:?}"
            );
        }
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
