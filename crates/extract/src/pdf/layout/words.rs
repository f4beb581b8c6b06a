//! Signs and words: hyphens at line ends, ligatures, leaders, list marks.

/// The sign with which pdfium marks a hyphen at a line's end.
const LINE_HYPHEN: char = '\u{2}';

/// Words before which a hyphen at a line's end stays: `Ein-` / `und Ausschalten`.
const AFTER_OPEN_HYPHEN: [&str; 10] = ["und", "oder", "bzw", "sowie", "bis", "als", "and", "or", "to", "nor"];

/// Letters and digits of some texts.
pub(super) fn letters<'a>(texts: impl IntoIterator<Item = &'a str>) -> u32 {
    let count = texts.into_iter().flat_map(str::chars).filter(|sign| sign.is_alphanumeric()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// One line as printed: ligatures resolved, spaces single, leaders shortened, invisible signs dropped. A hyphen at its
/// end stays marked as U+0002 or U+00AD until [`join`] sees the next line.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let count = text.chars().count();
    // Leaders run on over the blanks between them: `. . . . . 3`.
    let mut run = (' ', 0_u32);
    for (index, sign) in text.chars().enumerate() {
        if !sign.is_whitespace() {
            run = if sign == run.0 { (sign, run.1 + 1) } else { (sign, 1) };
        }
        let is_last = index + 1 == count;
        match sign {
            '\u{fffe}' | LINE_HYPHEN if is_last => cleaned.push(LINE_HYPHEN),
            '\u{fffe}' | LINE_HYPHEN => cleaned.push('-'),
            '\u{ad}' if is_last => cleaned.push('\u{ad}'),
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            '.' | '_' | '·' | '…' if run.1 > 3 => {}
            _ if sign.is_whitespace() => {
                if !cleaned.is_empty() && !cleaned.ends_with(' ') {
                    cleaned.push(' ');
                }
            }
            _ if sign.is_control() => {}
            _ => push_plain(sign, &mut cleaned),
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Signs at the end of a line that may change when more follows: leaders, which are shortened, and hyphens.
const UNSETTLED: [char; 9] = ['.', '_', '·', '…', ' ', '-', LINE_HYPHEN, '\u{fffe}', '\u{ad}'];
/// So many of them at most: what was cleaned has no longer leaders.
const UNSETTLED_LENGTH: usize = 8;

/// Appends a cleaned text to another one: the same as to clean both together, without reading the first again.
pub(super) fn append(text: &mut String, between: &str, next: &str) {
    let unsettled =
        text.chars().rev().take(UNSETTLED_LENGTH).take_while(|sign| UNSETTLED.contains(sign)).count();
    if unsettled == 0 {
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(next);
        return;
    }
    // From the sign before them on; a blank in front would be dropped.
    let before = text.char_indices().rev().skip(unsettled).find(|(_, sign)| *sign != ' ');
    let from = before.map_or(0, |(from, _)| from);
    let joint = clean(&format!("{}{between}{next}", &text[from..]));
    text.truncate(from);
    text.push_str(&joint);
}

fn push_plain(sign: char, cleaned: &mut String) {
    match sign {
        '\u{fb00}' => cleaned.push_str("ff"),
        '\u{fb01}' => cleaned.push_str("fi"),
        '\u{fb02}' => cleaned.push_str("fl"),
        '\u{fb03}' => cleaned.push_str("ffi"),
        '\u{fb04}' => cleaned.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => cleaned.push_str("st"),
        // Bullets of the usual symbol fonts, which stand at private code points.
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' | '\u{f076}' | '\u{f0fc}' | '\u{f02d}' => cleaned.push('•'),
        _ => cleaned.push(sign),
    }
}

/// Appends the next line of the same paragraph, joining a word that was divided at the line's end.
///
/// A hyphen between a letter and a lower-case word is dropped (`Kaffee-` / `maschine`), unless an `und` or `oder`
/// follows (`Ein-` / `und Ausschalten`); before a capital or a digit it is the word's own (`USB-` / `Kabel`).
pub(super) fn join(text: &mut String, next: &str) {
    let Some(last) = text.chars().next_back() else {
        text.push_str(next);
        return;
    };
    if !matches!(last, LINE_HYPHEN | '\u{ad}' | '-' | '\u{2010}') {
        let is_unspaced = is_ideogram(last) && next.chars().next().is_some_and(is_ideogram);
        text.push_str(if is_unspaced { "" } else { " " });
        text.push_str(next);
        return;
    }
    text.pop();
    let follows_letter = text.chars().next_back().is_some_and(char::is_alphabetic);
    let word: String = next.chars().take_while(|sign| sign.is_alphabetic()).collect();
    let is_lower = next.chars().next().is_some_and(char::is_lowercase);
    match last {
        '\u{ad}' => {}
        _ if !follows_letter => text.push_str(if last == '-' { "- " } else { "-" }),
        _ if is_lower && AFTER_OPEN_HYPHEN.contains(&word.as_str()) => text.push_str("- "),
        _ if is_lower => {}
        _ => text.push('-'),
    }
    text.push_str(next);
}

/// Signs of scripts that are written without blanks: Han, Kana, full-width forms and their punctuation.
fn is_ideogram(sign: char) -> bool {
    matches!(sign, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// Whether a text ends within a word.
pub(super) fn is_divided(text: &str) -> bool {
    let mut signs = text.chars().rev();
    let is_hyphen =
        signs.next().is_some_and(|sign| matches!(sign, LINE_HYPHEN | '\u{ad}' | '-' | '\u{2010}'));
    is_hyphen && signs.next().is_some_and(char::is_alphabetic)
}

/// A text that nothing follows: a hyphen still marked at its end becomes a plain one.
pub(super) fn finish(text: &str) -> String {
    match text.strip_suffix(LINE_HYPHEN) {
        Some(rest) => format!("{rest}-"),
        None => text.trim_end_matches('\u{ad}').to_owned(),
    }
}

/// Whether a line begins with a bullet or a number such as `1.`, `2)`, `a)`.
pub(super) fn begins_item(text: &str) -> bool {
    let mut words = text.split(' ');
    let Some(mark) = words.next() else { return false };
    words.next().is_some_and(|word| !word.is_empty()) && (is_bullet(mark) || is_counter(mark))
}

/// Bytes of a mark at most.
const MAX_MARK: usize = 16;

/// Whether a text is nothing but a mark that belongs to what follows: a bullet, `1.`, `2)`, `3.1`, `3.1.2`.
pub(super) fn is_mark(text: &str) -> bool {
    text.len() <= MAX_MARK && (is_bullet(text) || is_counter(text) || is_section_number(text))
}

/// Whether a text is the mark of a list's entry, without a number.
pub(super) fn is_bullet(mark: &str) -> bool {
    matches!(
        mark,
        "•" | "◦"
            | "▪"
            | "■"
            | "□"
            | "●"
            | "○"
            | "‣"
            | "–"
            | "—"
            | "-"
            | "*"
            | "►"
            | "▶"
            | "→"
            | "✓"
            | "·"
    )
}

fn is_counter(mark: &str) -> bool {
    let Some(body) = mark.strip_suffix(['.', ')', ':']) else { return false };
    let body = body.strip_prefix('(').unwrap_or(body);
    let is_number = (1..=2).contains(&body.len()) && body.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        || (body.len() == 1
            && !mark.ends_with(['.', ':'])
            && body.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether a text is a small Roman numeral, as pages of a preface have them.
pub(super) fn is_roman(text: &str) -> bool {
    (1..=7).contains(&text.len()) && text.bytes().all(|byte| b"ivxlc".contains(&byte))
}

/// Whether a text is dots that lead from a title to its page, perhaps with the page's number: `. . . 8`.
pub(super) fn is_leader(text: &str) -> bool {
    let rest = text.trim_start_matches(['.', '·', '…', '_', ' ']);
    text.starts_with(['.', '·', '…', '_'])
        && rest.len() <= 4
        && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// `3.1`, `3.1.2`, `3.1.`: how many parts, where it is one.
pub(super) fn section_depth(text: &str) -> Option<usize> {
    let body = text.strip_suffix('.').unwrap_or(text);
    let parts: Vec<&str> = body.split('.').collect();
    let is_part =
        |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() <= 5 && parts.iter().all(is_part)).then_some(parts.len())
}

/// Words before the number or letter of a part.
const PARTS: [&str; 9] =
    ["anhang", "anlage", "kapitel", "abschnitt", "teil", "appendix", "annex", "chapter", "part"];

/// `Appendix B`, `Kapitel 3`: the label of a part, without its title.
pub(super) fn is_part_label(text: &str) -> bool {
    let Some((word, number)) = text.trim_end_matches([':', '.']).split_once(' ') else { return false };
    let is_short = (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let is_sign = number.len() == 1 || is_roman(&number.to_lowercase());
    is_short && (is_number || is_sign) && PARTS.contains(&word.to_lowercase().as_str())
}

fn is_section_number(text: &str) -> bool {
    section_depth(text).is_some_and(|depth| depth >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appending_is_cleaning_together() {
        let parts = [
            "Entkalken",
            ". . .",
            "....",
            " ... 12",
            "Mar\u{2}",
            "kierung",
            "Kaf\u{ad}",
            "\u{fb01}lter",
            "·",
            "_",
            "…",
            "a b",
            "-",
        ];
        for first in parts {
            for second in parts {
                for third in parts {
                    for between in ["", " "] {
                        let mut appended = clean(first);
                        append(&mut appended, between, &clean(second));
                        append(&mut appended, between, &clean(third));
                        let mut whole = clean(first);
                        for next in [second, third] {
                            whole = clean(&format!("{whole}{between}{}", clean(next)));
                        }
                        assert_eq!(appended, whole, "{first:?} {second:?} {third:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn labels_of_parts_are_told_from_titles() {
        for label in ["APPENDIX B", "Kapitel 3", "Teil II", "Anhang C:"] {
            assert!(is_part_label(label), "{label}");
        }
        for other in
            ["Teil des Lieferumfangs", "Appendix", "Anhang zum Vertrag", "Part list", "Kapitel 3: Pflege"]
        {
            assert!(!is_part_label(other), "{other}");
        }
    }

    fn joined(first: &str, next: &str) -> String {
        let mut text = first.to_owned();
        join(&mut text, next);
        text
    }

    #[test]
    fn divided_words_are_joined() {
        assert_eq!(joined("die Kaffee\u{2}", "maschine"), "die Kaffeemaschine");
        assert_eq!(joined("die Kaffee-", "maschine"), "die Kaffeemaschine");
        assert_eq!(joined("Ent\u{ad}", "kalken"), "Entkalken");
        assert_eq!(joined("das USB\u{2}", "Kabel"), "das USB-Kabel");
        assert_eq!(joined("Typ KM\u{2}", "2400"), "Typ KM-2400");
        assert_eq!(joined("Zum Ein-", "und Ausschalten"), "Zum Ein- und Ausschalten");
        assert_eq!(joined("von 3 –", "5 Minuten"), "von 3 – 5 Minuten");
        assert_eq!(joined("das Gerät", "ausschalten"), "das Gerät ausschalten");
        assert_eq!(joined("行うことがで", "きる"), "行うことができる");
        assert_eq!(joined("電線 A", "きる"), "電線 A きる");
    }

    #[test]
    fn a_line_is_cleaned_without_changing_its_words() {
        assert_eq!(clean("ﬂüssig  und\u{a0}ﬁx"), "flüssig und fix");
        assert_eq!(clean("Inhalt ............... 3"), "Inhalt ... 3");
        assert_eq!(clean("Inhalt · · · · · · · · 3"), "Inhalt · · · 3");
        assert_eq!(clean("m² und ½ l"), "m² und ½ l");
        assert_eq!(clean("Wasser\u{2}tank"), "Wasser-tank");
        assert_eq!(finish(&clean("Wasser\u{2}")), "Wasser-");
    }

    #[test]
    fn list_marks_are_told_from_words_and_numbers() {
        assert!(begins_item("1. Tank füllen"));
        assert!(begins_item("• Netzkabel"));
        assert!(begins_item("a) Filter"));
        assert!(!begins_item("1.299,00 € inkl. MwSt."));
        assert!(!begins_item("Gerät ausschalten"));
        assert!(!begins_item("-"));
        assert!(is_leader(". . . 8") && !is_leader("3.5"));
        assert!(is_mark("3.1.2") && !is_mark("230"));
    }
}
