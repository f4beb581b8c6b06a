//! The version of a manual, as its file name, title or first pages state it, and which of two versions is newer.

use std::cmp::Ordering;

use auskunft_model::Document;
use auskunft_text::normal;

/// Title page and imprint.
const FIRST_PAGES: u32 = 2;
/// A line that states the version holds little else, in characters.
const LONGEST_LINE: usize = 60;

/// Words before a version (folded).
const MARKERS: &[&str] = &[
    "version", "vers", "ver", "ausgabe", "auflage", "edition", "issue", "release", "fassung", "revision",
    "rev", "stand",
];
/// Of these a single letter may be a version: `Rev. B`.
const LETTERED: &[&str] = &["revision", "rev", "ausgabe", "issue"];
/// Only a date follows these: `Stand 05/2024`, not `Stand 2`.
const DATED: &[&str] = &["stand"];
/// Behind an ordinal: `3. Auflage`, `2nd edition`.
const COUNTED: &[&str] = &["auflage", "ausgabe", "edition"];
/// What stands before the version of something else: `Bluetooth Version 5.3`, `ab Version 2`.
const OTHERS: &[&str] = &[
    "bluetooth",
    "software",
    "firmware",
    "app",
    "android",
    "ios",
    "windows",
    "usb",
    "hdmi",
    "html",
    "ip",
    "pdf",
    "ab",
    "bis",
    "from",
    "since",
    "required",
    "protokoll",
    "protocol",
];
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// German months that begin otherwise than the English ones, folded.
const GERMAN_MONTHS: &[(&str, u32)] = &[("maer", 3), ("mrz", 3), ("mai", 5), ("okt", 10), ("dez", 12)];

/// The version that a manual states of itself: in its file name, else its title, else a short line of its first pages.
pub(crate) fn of(document: &Document) -> Option<String> {
    let name = document.source.rsplit('/').next().unwrap_or("");
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).replace('_', " ");
    let by_name = in_line(&stem).or_else(|| in_line(&stem.replace('-', " ")));
    by_name.or_else(|| in_line(&document.title)).or_else(|| first_pages(document))
}

fn first_pages(document: &Document) -> Option<String> {
    let first =
        document.sections.iter().filter(|section| section.page.is_some_and(|page| page <= FIRST_PAGES));
    let mut lines = first.flat_map(|section| {
        let text = section.text();
        let own = text.lines().map(str::to_owned).collect::<Vec<_>>();
        section.heading_path.iter().cloned().chain(own)
    });
    lines.find_map(|line| if line.chars().count() <= LONGEST_LINE { in_line(&line) } else { None })
}

/// The version in a line: a marker with what follows it (`V2.1`, `Rev. B`, `Stand 05/2024`), or an ordinal with one.
fn in_line(line: &str) -> Option<String> {
    let folded = normal::fold(line);
    let is_gap = |sign: char| sign.is_whitespace() || ",;:()[]|·•".contains(sign);
    let words: Vec<&str> = folded.split(is_gap).filter(|word| !word.is_empty()).collect();
    (0..words.len()).find_map(|place| {
        let is_others = place.checked_sub(1).is_some_and(|before| OTHERS.contains(&words[before]));
        if is_others { None } else { at(&words[place..]) }
    })
}

/// The version whose marker is the first word.
fn at(words: &[&str]) -> Option<String> {
    let first = words.first()?.trim_end_matches('.');
    if MARKERS.contains(&first) {
        let rest = words.get(1..)?;
        let rest =
            if matches!(rest.first(), Some(&("nr." | "nr" | "no." | "no"))) { &rest[1..] } else { rest };
        return behind(first, rest);
    }
    let ordinal = words.first()?.trim_end_matches(['.', 's', 't', 'n', 'r', 'd', 'h', 'e']);
    let is_counted = words.get(1).is_some_and(|next| COUNTED.contains(&next.trim_end_matches('.')));
    if is_counted && ordinal.len() < words.first()?.len() {
        return number(ordinal);
    }
    glued(first)
}

/// `v2.1`, `rev.b`, `version3`.
fn glued(word: &str) -> Option<String> {
    // A `v` alone is a volt, before its number it is a version.
    let mut markers = MARKERS.iter().filter(|marker| !DATED.contains(marker)).chain(std::iter::once(&"v"));
    let marker = markers.find(|marker| word.starts_with(**marker))?;
    let rest = word[marker.len()..].trim_start_matches(['.', '-']);
    let is_joined = rest.len() < word.len() - marker.len();
    match number(rest) {
        Some(number) => Some(number),
        None if is_joined && LETTERED.contains(marker) => letter(rest),
        None => None,
    }
}

fn behind(marker: &str, rest: &[&str]) -> Option<String> {
    let first = rest.first()?.trim_end_matches('.');
    let joined = rest.get(1).and_then(|second| date(&format!("{first}-{second}")));
    let dated = joined.or_else(|| date(first)).or_else(|| named_month(rest));
    if dated.is_some() || DATED.contains(&marker) {
        return dated;
    }
    let lettered = || if LETTERED.contains(&marker) { letter(first) } else { None };
    number(first.trim_start_matches('v')).or_else(lettered)
}

fn letter(word: &str) -> Option<String> {
    let is_letter = word.len() == 1 && word.bytes().all(|sign| sign.is_ascii_lowercase());
    is_letter.then(|| word.to_ascii_uppercase())
}

/// `2`, `2.1`, `5.1.3`, `2.1b`; a voltage is none.
fn number(word: &str) -> Option<String> {
    let digits = word.trim_end_matches(|sign: char| sign.is_ascii_lowercase());
    let is_number = !digits.is_empty()
        && word.len() - digits.len() <= 1
        && digits
            .split('.')
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|sign| sign.is_ascii_digit()));
    let major: u32 = digits.split('.').next()?.parse().ok()?;
    (is_number && (major < 100 || is_year(major))).then(|| word.to_owned())
}

fn is_year(number: u32) -> bool {
    (1990..2100).contains(&number)
}

/// `05/2024`, `2024-05`, `01.05.2024`, as `2024-05` and `2024-05-01`.
fn date(word: &str) -> Option<String> {
    let parts: Option<Vec<u32>> = word.split(['.', '/', '-']).map(|part| part.parse().ok()).collect();
    let (year, month, day) = match parts?.as_slice() {
        [year] if is_year(*year) => return Some(year.to_string()),
        [month, year] if is_year(*year) => (*year, *month, None),
        [year, month] if is_year(*year) => (*year, *month, None),
        [day, month, year] if is_year(*year) => (*year, *month, Some(*day)),
        [year, month, day] if is_year(*year) => (*year, *month, Some(*day)),
        _ => return None,
    };
    let is_date = (1..=12).contains(&month) && day.is_none_or(|day| (1..=31).contains(&day));
    let day = day.map_or_else(String::new, |day| format!("-{day:02}"));
    is_date.then(|| format!("{year}-{month:02}{day}"))
}

/// `Mai 2024`, `March 2023`.
fn named_month(words: &[&str]) -> Option<String> {
    let (name, year) = (words.first()?, words.get(1)?.trim_end_matches('.').parse().ok()?);
    let english =
        MONTHS.iter().zip(1..).find(|(month, _)| name.starts_with(**month)).map(|(_, number)| number);
    let german = GERMAN_MONTHS.iter().find(|(month, _)| name.starts_with(month)).map(|(_, number)| *number);
    let month = german.or(english)?;
    is_year(year).then(|| format!("{year}-{month:02}"))
}

/// Which of two versions, as tables and documents write them, is the newer one; `None` when they can't be compared (`Rev. B`
/// with `2.1`).
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    match (key(one)?, key(other)?) {
        (Key::Number(one), Key::Number(other)) => Some(one.cmp(&other)),
        (Key::Date(one), Key::Date(other)) => Some(one.cmp(&other)),
        (Key::Letter(one), Key::Letter(other)) => Some(one.cmp(&other)),
        _ => None,
    }
}

enum Key {
    Number(Vec<(u32, String)>),
    Date(String),
    Letter(String),
}

fn key(text: &str) -> Option<Key> {
    let folded = normal::fold(text);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let stated = in_line(text).unwrap_or_else(|| folded.clone());
    let dated = date(&stated).or_else(|| named_month(&words));
    if let Some(date) = dated {
        return Some(Key::Date(date));
    }
    let stated = stated.to_lowercase();
    if let Some(number) = number(&stated) {
        let part = |part: &str| {
            let digits = part.trim_end_matches(|sign: char| sign.is_ascii_lowercase());
            (digits.parse().unwrap_or(0), part[digits.len()..].to_owned())
        };
        let mut parts: Vec<(u32, String)> = number.split('.').map(part).collect();
        while parts.last().is_some_and(|last| *last == (0, String::new())) {
            parts.pop();
        }
        return Some(Key::Number(parts));
    }
    letter(&stated).map(Key::Letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        in_line(line).unwrap_or_default()
    }

    #[test]
    fn versions_are_read_as_manuals_state_them() {
        for (line, expected) in [
            ("V2.1", "2.1"),
            ("Version 3", "3"),
            ("Ausgabe 2.1", "2.1"),
            ("Brunnwald · Ausgabe 1.3", "1.3"),
            ("Ausgabe 2023", "2023"),
            ("Stand 05/2024", "2024-05"),
            ("Stand: 01.05.2024", "2024-05-01"),
            ("Stand: Mai 2024", "2024-05"),
            ("Revision March 2023", "2023-03"),
            ("Rev. B", "B"),
            ("Rev.C", "C"),
            ("rev2", "2"),
            ("3. Auflage", "3"),
            ("2nd edition", "2"),
            ("Version Nr. 4.0", "4.0"),
            ("QPDF Manual: For QPDF Version 5.1.3, May 24, 2015", "5.1.3"),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn versions_of_other_things_are_none() {
        for line in [
            "Bluetooth Version 5.3",
            "ab Version 2",
            "Stand by",
            "Standfuß 2",
            "Verwendung",
            "Revolution",
            "V230",
            "AC 220 V 50 Hz",
            "Ausgabe von Kaffee",
            "Version",
            "Vorwort 1",
        ] {
            assert_eq!(read(line), "", "{line}");
        }
    }

    #[test]
    fn a_file_name_counts_before_the_title() {
        let of_file = |file: &str, title: &str| {
            let language = auskunft_model::Language::german();
            of(&Document::new(file, None, auskunft_model::Kind::Manual, title, language))
        };
        assert_eq!(of_file("manuals/km-2400-s_v2.1.pdf", "Anleitung, Version 1").as_deref(), Some("2.1"));
        assert_eq!(of_file("manuals/km-2400-rev-b.pdf", "Anleitung").as_deref(), Some("B"));
        assert_eq!(of_file("manuals/km-2400-stand-2024-05.pdf", "Anleitung").as_deref(), Some("2024-05"));
        assert_eq!(of_file("manuals/km-2400-s.pdf", "Anleitung (Version 4)").as_deref(), Some("4"));
        assert_eq!(of_file("manuals/km-2400-s.pdf", "Anleitung"), None);
    }

    #[test]
    fn the_newer_of_two_versions_is_told_where_they_can_be_compared() {
        let newer = |one: &str, other: &str| compare(one, other);
        assert_eq!(newer("10.0", "9.2"), Some(Ordering::Greater));
        assert_eq!(newer("V2.1", "2.1.0"), Some(Ordering::Equal));
        assert_eq!(newer("Stand 05/2024", "2023-11"), Some(Ordering::Greater));
        assert_eq!(newer("2023", "2024-01"), Some(Ordering::Less));
        assert_eq!(newer("Rev. B", "C"), Some(Ordering::Less));
        assert_eq!(newer("Rev. B", "2.1"), None);
        assert_eq!(newer("final", "2.1"), None);
    }
}
