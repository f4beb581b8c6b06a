//! Cutting a text into sentences, German and English.

use std::ops::Range;

/// Abbreviations that end in a point without ending the sentence, in lower case, without that point. Single letters
/// (`z. B.`, `d. h.`, `u. a.`) need no entry.
const ABBREVIATIONS: &[&str] = &[
    "abb", "abs", "allg", "art", "bd", "best", "bsp", "bspw", "bzgl", "bzw", "ca", "co", "corp", "dr", "dt",
    "ebd", "eig", "engl", "entspr", "etc", "evtl", "exkl", "excl", "fa", "ff", "fig", "gem", "ggf", "ggfs",
    "hr", "hrsg", "inc", "inkl", "incl", "insb", "jr", "kap", "lfd", "lt", "ltd", "max", "min", "mind",
    "mio", "mr", "mrd", "mrs", "ms", "mwst", "no", "nr", "pos", "prof", "rd", "resp", "s", "sog", "sr", "st",
    "std", "stck", "str", "tel", "tsd", "u", "ust", "usw", "vgl", "vol", "vs", "zb", "ziff", "zzgl",
    "approx", "dept", "ext", "i.e", "e.g", "z.b", "d.h", "u.a", "o.ä", "s.o", "s.u",
];

/// Words before an ordinal number: `am 1. März`, `die 2. Taste`.
const BEFORE_ORDINAL: &[&str] = &[
    "am", "ab", "bis", "das", "dem", "den", "der", "des", "die", "im", "jede", "jeden", "jeder", "jedes",
    "vom", "zum", "zur", "seit", "beim", "ihre", "ihr", "und", "oder", "-",
];

/// Beginnings of the names of months.
const MONTHS: &[&str] =
    &["jan", "feb", "mär", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez", "jän"];

/// The sentences of a text as byte ranges into it, without the white space around them: a quote taken by a range is
/// verbatim. Each line break ends a sentence. Together the ranges hold every character that is no white space.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        for range in in_line(line) {
            found.push(range.start + line_start..range.end + line_start);
        }
        line_start += line.len();
    }
    found
}

fn in_line(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (place, sign) in line.char_indices().filter(|(_, sign)| matches!(sign, '.' | '!' | '?' | '…')) {
        let after = closing_end(line, place + sign.len_utf8());
        if place >= start && ends_sentence(line, start, place, sign, after) {
            push_trimmed(&mut found, line, start..after);
            start = after;
        }
    }
    push_trimmed(&mut found, line, start..line.len());
    found
}

/// The place behind further end marks, closing quotes and brackets.
fn closing_end(line: &str, from: usize) -> usize {
    let closes = |sign: char| {
        matches!(sign, '.' | '!' | '?' | '"' | '\'' | ')' | ']' | '“' | '”' | '’' | '«' | '»' | '‹' | '›')
    };
    let rest = line[from..].trim_start_matches(closes);
    line.len() - rest.len()
}

fn ends_sentence(line: &str, start: usize, place: usize, sign: char, after: usize) -> bool {
    let rest = &line[after..];
    let next = rest.trim_start();
    if next.is_empty() {
        return true;
    }
    let is_parted = rest.len() > next.len();
    let goes_on = next.starts_with(|first: char| first.is_lowercase());
    if !is_parted || goes_on {
        return false;
    }
    sign != '.' || !is_inner_point(&line[start..place], next)
}

/// Whether a point behind `before` belongs to an abbreviation, an ordinal or a list number.
fn is_inner_point(before: &str, next: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let word =
        words.next().unwrap_or("").trim_start_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        let previous = words.next().map(str::to_lowercase);
        return is_ordinal(&word, previous.as_deref(), next);
    }
    let letters = word.chars().count();
    (letters == 1 && word.chars().all(char::is_alphabetic)) || ABBREVIATIONS.contains(&word.as_str())
}

/// `1.` at the start of a line, before a month, or behind an article. Years and amounts are none.
fn is_ordinal(digits: &str, previous: Option<&str>, next: &str) -> bool {
    let next: String = next.chars().take(3).collect::<String>().to_lowercase();
    let short = digits.len() <= 2;
    let Some(previous) = previous else { return short };
    short && (MONTHS.contains(&next.as_str()) || BEFORE_ORDINAL.contains(&previous))
}

fn push_trimmed(found: &mut Vec<Range<usize>>, line: &str, range: Range<usize>) {
    let text = &line[range.clone()];
    let leading = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    if !trimmed.is_empty() {
        found.push(range.start + leading..range.start + leading + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn end_marks_cut_and_ranges_are_verbatim() {
        assert_eq!(
            cut("Tank füllen.  Taste drücken! Fertig?"),
            ["Tank füllen.", "Taste drücken!", "Fertig?"]
        );
        assert_eq!(cut("Er sagte: „Es geht.“ Dann ging er."), ["Er sagte: „Es geht.“", "Dann ging er."]);
        assert_eq!(cut(""), Vec::<&str>::new());
    }

    #[test]
    fn abbreviations_do_not_cut() {
        let text =
            "Nutzen Sie z. B. Essig bzw. Zitronensäure, d. h. Säure, ca. 2 Liter usw. Siehe Nr. 5 auf S. 12.";
        assert_eq!(cut(text).len(), 1, "{:?}", cut(text));
        assert_eq!(cut("See fig. 3, e.g. Model A. Then go on."), ["See fig. 3, e.g. Model A. Then go on."]);
    }

    #[test]
    fn dates_ordinals_and_decimals_do_not_cut() {
        assert_eq!(
            cut("Gültig ab dem 1. März 2026. Danach gilt die alte Frist."),
            ["Gültig ab dem 1. März 2026.", "Danach gilt die alte Frist."]
        );
        assert_eq!(
            cut("Drücken Sie die 2. Taste. Es kostet 12.50 Euro."),
            ["Drücken Sie die 2. Taste.", "Es kostet 12.50 Euro."]
        );
        assert_eq!(
            cut("Die Frist endet nach 14. Danach nicht mehr."),
            ["Die Frist endet nach 14.", "Danach nicht mehr."]
        );
    }

    #[test]
    fn line_breaks_end_a_sentence_and_list_numbers_stay_with_their_text() {
        assert_eq!(
            cut("1. Tank füllen\n2. Gerät einschalten\n\nEnde"),
            ["1. Tank füllen", "2. Gerät einschalten", "Ende"]
        );
    }
}
