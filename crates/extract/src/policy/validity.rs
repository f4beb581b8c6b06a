//! Phrases that make a date the validity of a text, as Germans and the English write them.

use auskunft_text::normal::{collapse_spaces, fold};

use super::calendar::{Stated, at_start};

/// Phrases (folded) before the day from which a text holds.
const FROM: &[&str] = &[
    "gueltig ab",
    "gueltig seit",
    "gueltig vom",
    "gilt ab",
    "gelten ab",
    "gilt seit",
    "gelten seit",
    "gilt vom",
    "in kraft ab",
    "in kraft seit",
    "in kraft getreten am",
    "tritt am",
    "wirksam ab",
    "valid from",
    "valid as of",
    "effective date",
    "effective from",
    "effective as of",
    "effective",
    "in effect from",
    "in effect since",
    "applies from",
    "apply from",
    "valid since",
];

/// Words (folded) of a clause that says that something holds.
const HOLDS: &[&str] = &["gilt", "gelten", "gueltig", "wirksam", "in kraft"];

/// Phrases before the last day on which it holds.
const UNTIL: &[&str] = &[
    "gueltig bis",
    "gilt bis",
    "gelten bis",
    "befristet bis",
    "gueltigkeit bis",
    "valid until",
    "valid through",
    "valid to",
    "expires on",
    "expires",
    "in effect until",
    "applies until",
    "apply until",
];

/// Phrases before the day on which a text was written.
const AS_OF: &[&str] = &[
    "stand",
    "fassung vom",
    "fassung",
    "last updated on",
    "last updated",
    "last revised",
    "updated on",
    "version of",
    "as of",
    "revision",
];

/// Phrases between the first and the last day.
const TO: &[&str] = &["bis zum", "bis", "until", "through", "to", "-"];

/// Most words of a date: `1st of january 2026`.
const MOST_DATE_WORDS: usize = 4;

/// What a line says of a text's validity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Validity {
    /// From which day on.
    pub(super) from: Option<Stated>,
    /// Up to which day.
    pub(super) until: Option<Stated>,
    /// When it was written, with the words of the date.
    pub(super) as_of: Option<(Stated, String)>,
}

/// Reads a line or sentence.
pub(super) fn validity(line: &str) -> Validity {
    let text = collapse_spaces(&fold(line));
    let from = behind_any(&text, FROM).or_else(|| from_apart(&text));
    let until = behind_any(&text, UNTIL).or_else(|| directly_behind(from?.1));
    let as_of = behind_any(&text, AS_OF).map(|(date, rest)| (date, printed(line, &text, rest)));
    Validity { from: from.map(|(date, _)| date), until: until.map(|(date, _)| date), as_of }
}

/// `gilt für alle Bestellungen ab dem 1. Januar 2026`: the day stands in the clause that says that something holds.
fn from_apart(text: &str) -> Option<(Stated, &str)> {
    HOLDS.iter().find_map(|holds| {
        let clause = text[place_of(text, holds)? + holds.len()..].split([',', ';']).next()?;
        behind_any(clause, &["ab"])
    })
}

/// The date that stands with a phrase such as `bis` right behind the date that this text begins with.
fn directly_behind(text: &str) -> Option<(Stated, &str)> {
    let rest = text[date_words(text).len()..].trim_start_matches(['.', ',', ' ']);
    let phrase = TO.iter().find(|phrase| place_of(rest, phrase) == Some(0))?;
    date_behind(&rest[phrase.len()..])
}

/// The date behind the first of these phrases that has one, with what begins at that date.
fn behind_any<'a>(text: &'a str, phrases: &[&str]) -> Option<(Stated, &'a str)> {
    phrases.iter().find_map(|phrase| date_behind(&text[place_of(text, phrase)? + phrase.len()..]))
}

/// The date that a text begins with, small words aside, with what begins at it.
fn date_behind(text: &str) -> Option<(Stated, &str)> {
    let mut rest = text.trim_start_matches([' ', ':', '(', '-']);
    for filler in ["dem ", "den ", "zum ", "am ", "the ", "einschliesslich ", "vom ", "date: ", "date "] {
        rest = rest.strip_prefix(filler).unwrap_or(rest);
    }
    at_start(rest).map(|date| (date, rest))
}

/// Where a phrase stands as whole words.
fn place_of(text: &str, phrase: &str) -> Option<usize> {
    let is_joint = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric());
    let mut places = text.match_indices(phrase).map(|(place, _)| place);
    places.find(|place| {
        is_joint(text[..*place].chars().next_back()) && is_joint(text[place + phrase.len()..].chars().next())
    })
}

/// The words of the date that a folded text begins with, up to its year.
fn date_words(text: &str) -> &str {
    let mut end = 0;
    for word in text.split_inclusive(' ').take(MOST_DATE_WORDS) {
        end += word.len();
        if word.bytes().filter(u8::is_ascii_digit).count() >= 4 {
            break;
        }
    }
    text[..end].trim_end_matches([' ', ')', '.', ','])
}

/// The words of a date as the line prints them.
fn printed(line: &str, text: &str, rest: &str) -> String {
    let begin = text.len() - rest.len();
    let as_read = date_words(rest);
    let original: Vec<&str> = line.split_whitespace().collect();
    let is_same = original.len() == text.split(' ').count() && (begin == 0 || text[..begin].ends_with(' '));
    let skipped = text[..begin].matches(' ').count();
    let count = as_read.split(' ').count();
    let found = original.get(skipped..skipped + count).filter(|_| is_same).map(|words| words.join(" "));
    found.as_deref().unwrap_or(as_read).trim_end_matches([' ', ')', '.', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    fn from(line: &str) -> Option<NaiveDate> {
        validity(line).from.map(|date| date.first)
    }

    fn until(line: &str) -> Option<NaiveDate> {
        validity(line).until.map(|date| date.last)
    }

    #[test]
    fn the_first_day_is_read_in_german_and_english() {
        for line in [
            "gültig ab 1. Januar 2026",
            "Diese Fassung gilt ab dem 01.01.2026.",
            "Gültig ab: 1.1.2026",
            "in Kraft seit 2026-01-01",
            "Valid from January 1, 2026",
            "Effective date: 1 January 2026",
            "effective as of January 1st, 2026",
            "Gültig ab Januar 2026",
            "Diese Regelung gilt für alle Bestellungen ab dem 1. Januar 2026.",
        ] {
            assert_eq!(from(line), day(2026, 1, 1), "{line}");
        }
    }

    #[test]
    fn the_last_day_of_a_month_is_its_end() {
        assert_eq!(until("Gültig bis 31.12.2026"), day(2026, 12, 31));
        assert_eq!(until("Valid until February 2028"), day(2028, 2, 29));
        let both = validity("Gültig vom 01.03.2025 bis zum 28. Februar 2026");
        assert_eq!(both.from.map(|date| date.first), day(2025, 3, 1));
        let line = "Gültig vom 01.03.2025 bis 28.02.2026";
        assert_eq!((from(line), until(line)), (day(2025, 3, 1), day(2026, 2, 28)));
    }

    #[test]
    fn a_later_date_of_the_sentence_is_no_end() {
        let line =
            "Diese Fassung gilt ab 1. Dezember 2025, Weihnachtskäufe nehmen wir bis 31. Januar 2026 zurück.";
        assert_eq!((from(line), until(line)), (day(2025, 12, 1), None));
        for line in ["Valid from March 1, 2025 to February 28, 2026", "gültig ab 2025-03-01 - 2026-02-28"] {
            assert_eq!((from(line), until(line)), (day(2025, 3, 1), day(2026, 2, 28)), "{line}");
        }
    }

    #[test]
    fn the_day_of_writing_is_kept_as_printed() {
        for (line, first, words) in [
            ("Stand: 03/2025", day(2025, 3, 1), "03/2025"),
            ("(Stand März 2025)", day(2025, 3, 1), "März 2025"),
            ("Last updated: March 3, 2025", day(2025, 3, 3), "March 3, 2025"),
        ] {
            let (date, printed) = validity(line).as_of.unwrap();
            assert_eq!((Some(date.first), printed.as_str()), (first, words), "{line}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for line in [
            "ab dem Kaufdatum",
            "gültig ab 30 Euro",
            "Stand der Technik",
            "gültig bis 03/04/2025",
            "effective immediately",
            "ab dem 32. Januar 2026",
            "Bestellungen, die ab dem 20. Dezember 2025 eingehen, können bis 31. Januar 2026 zurückgegeben werden.",
            "Für Ware gilt eine Frist, die ab dem 1. Januar 2026 läuft.",
        ] {
            assert_eq!(validity(line), Validity::default(), "{line}");
        }
    }
}
