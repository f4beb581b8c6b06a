//! Dates in running text, as Germans and the English write them, and the phrases that make one a validity.

use auskunft_text::normal::{collapse_spaces, fold};
use chrono::{Datelike, Months, NaiveDate};

/// Beginnings of the names of months (folded), German and English, with the month's number.
const MONTHS: &[(&str, u32)] = &[
    ("januar", 1),
    ("jaenner", 1),
    ("january", 1),
    ("jan", 1),
    ("februar", 2),
    ("february", 2),
    ("feb", 2),
    ("maerz", 3),
    ("march", 3),
    ("mar", 3),
    ("mrz", 3),
    ("april", 4),
    ("apr", 4),
    ("mai", 5),
    ("may", 5),
    ("juni", 6),
    ("june", 6),
    ("jun", 6),
    ("juli", 7),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("oktober", 10),
    ("october", 10),
    ("okt", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("dezember", 12),
    ("december", 12),
    ("dez", 12),
    ("dec", 12),
];

/// Years that a policy of a shop can speak of.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// A day, or the whole month where no day is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stated {
    /// The first day.
    pub(super) first: NaiveDate,
    /// The last day.
    pub(super) last: NaiveDate,
}

impl Stated {
    fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day).filter(|date| YEARS.contains(&date.year()))?;
        Some(Self { first: date, last: date })
    }

    fn month(year: i32, month: u32) -> Option<Self> {
        let first = Self::day(year, month, 1)?.first;
        let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
        Some(Self { first, last })
    }
}

/// The date at the beginning of a folded text: `1. januar 2026`, `01.01.2026`, `2026-01-01`, `01/2026`, `maerz 2025`,
/// `january 1, 2026`, `1st of january 2026`. Days and months parted by slashes are left alone: they are read in two ways.
pub(super) fn at_start(text: &str) -> Option<Stated> {
    let parts: Vec<&str> = text
        .split(|sign: char| sign.is_whitespace() || sign == ',')
        .filter(|part| !part.is_empty())
        .take(5)
        .collect();
    let first = parts.first()?;
    if first.bytes().filter(u8::is_ascii_digit).count() >= 4 && first.contains(['.', '-', '/']) {
        return numeric(first);
    }
    if let Some(month) = month(first) {
        let second = parts.get(1)?;
        return match (day_of(second), parts.get(2).and_then(|part| year_of(part))) {
            (Some(day), Some(year)) => Stated::day(year, month, day),
            _ => Stated::month(year_of(second)?, month),
        };
    }
    let day = day_of(first)?;
    let rest: Vec<&&str> = parts[1..].iter().filter(|part| **part != "of").collect();
    Stated::day(year_of(rest.get(1)?)?, month(rest.first()?)?, day)
}

fn numeric(text: &str) -> Option<Stated> {
    let text = text.trim_end_matches(|sign: char| !sign.is_ascii_digit());
    let numbers: Option<Vec<u32>> = text.split(['.', '-', '/']).map(|part| part.parse().ok()).collect();
    let year = |number: u32| i32::try_from(number).ok();
    match (numbers?.as_slice(), text.contains('/')) {
        ([first, month, day], false) if *first > 1000 => Stated::day(year(*first)?, *month, *day),
        ([day, month, last], false) if *last > 1000 => Stated::day(year(*last)?, *month, *day),
        ([month, last], _) if *last > 1000 => Stated::month(year(*last)?, *month),
        _ => None,
    }
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches(['.', ',']);
    MONTHS.iter().find(|(name, _)| *name == word).map(|(_, month)| *month)
}

/// `1.`, `1st`, `31`.
fn day_of(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|sign: char| !sign.is_ascii_digit());
    let ending = &word[digits.len()..];
    let fits = matches!(ending, "" | "." | "," | "st" | "nd" | "rd" | "th");
    digits.parse().ok().filter(|day| fits && (1..=31).contains(day))
}

fn year_of(word: &str) -> Option<i32> {
    word.trim_end_matches(|sign: char| !sign.is_ascii_digit())
        .parse()
        .ok()
        .filter(|year| YEARS.contains(year))
}

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
    "ab dem",
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
    let from = behind_any(&text, FROM);
    let until = behind_any(&text, UNTIL).or_else(|| behind_any(from?.1, TO));
    let as_of = behind_any(&text, AS_OF).map(|(date, rest)| (date, printed(&text, rest)));
    Validity { from: from.map(|(date, _)| date), until: until.map(|(date, _)| date), as_of }
}

/// The date behind the first of these phrases that has one, with what begins at that date.
fn behind_any<'a>(text: &'a str, phrases: &[&str]) -> Option<(Stated, &'a str)> {
    phrases.iter().find_map(|phrase| {
        let place = place_of(text, phrase)?;
        let mut rest = text[place + phrase.len()..].trim_start_matches([' ', ':', '(', '-']);
        for filler in ["dem ", "den ", "zum ", "am ", "the ", "einschliesslich ", "vom ", "date: ", "date "] {
            rest = rest.strip_prefix(filler).unwrap_or(rest);
        }
        at_start(rest).map(|date| (date, rest))
    })
}

/// Where a phrase stands as whole words.
fn place_of(text: &str, phrase: &str) -> Option<usize> {
    let is_joint = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric());
    let mut places = text.match_indices(phrase).map(|(place, _)| place);
    places.find(|place| {
        is_joint(text[..*place].chars().next_back()) && is_joint(text[place + phrase.len()..].chars().next())
    })
}

/// The words of a date, up to its year.
fn printed(text: &str, rest: &str) -> String {
    let begin = text.len() - rest.len();
    let mut end = begin;
    for word in text[begin..].split_inclusive(' ').take(4) {
        end += word.len();
        if word.bytes().filter(u8::is_ascii_digit).count() >= 4 {
            break;
        }
    }
    text[begin..end].trim_end_matches([' ', ')', '.', ',']).to_owned()
}

#[cfg(test)]
mod tests {
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
    fn the_day_of_writing_is_kept_as_printed() {
        for (line, first, words) in [
            ("Stand: 03/2025", day(2025, 3, 1), "03/2025"),
            ("(Stand März 2025)", day(2025, 3, 1), "maerz 2025"),
            ("Last updated: March 3, 2025", day(2025, 3, 3), "march 3, 2025"),
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
        ] {
            assert_eq!(validity(line), Validity::default(), "{line}");
        }
    }
}
