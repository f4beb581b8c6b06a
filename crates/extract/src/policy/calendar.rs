//! Dates in running text, as Germans and the English write them.

use chrono::{Datelike, Months, NaiveDate};

/// Names of the months (folded), German and English, in their order.
const MONTHS: [&[&str]; 12] = [
    &["januar", "jaenner", "january", "jan"],
    &["februar", "february", "feb"],
    &["maerz", "march", "mar", "mrz"],
    &["april", "apr"],
    &["mai", "may"],
    &["juni", "june", "jun"],
    &["juli", "july", "jul"],
    &["august", "aug"],
    &["september", "sept", "sep"],
    &["oktober", "october", "okt", "oct"],
    &["november", "nov"],
    &["dezember", "december", "dez", "dec"],
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
    (1..).zip(MONTHS).find(|(_, names)| names.contains(&word)).map(|(month, _)| month)
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
