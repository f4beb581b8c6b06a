//! Names of people, where the words before or around them say that they are.

use super::cue::{self, Cue, Trust};
use super::cursor::Cursor;
use super::words::{ORGANISATIONS, TITLED_BRANDS};
use super::{Kind, Place, reference};
use crate::normal::fold;
use read::{MOST_WORDS, Name, read, read_unlisted, skip_titles};

mod read;

/// The name behind a cue; `before` is what stands before the cue.
pub(super) fn stated(text: &str, cue: Cue, cue_start: usize, start: usize, before: &str) -> Option<Place> {
    match cue {
        Cue::Title => titled(text, cue_start, start),
        Cue::Greeting => greeted(text, cue_start, start, before),
        Cue::Closing { is_weak } => signed(text, cue_start, start, is_weak),
        Cue::Answer => answered(text, start),
        Cue::Introduction(trust) => introduced(text, start, trust).filter(|_| !stands_behind(before)),
        Cue::Label => labelled(text, start),
        _ => None,
    }
}

fn place(start: usize, name: &Name) -> Place {
    Place::new(Kind::Name, start..name.end)
}

/// `Herr Dr. Müller`, `mr riley`; no `Dr. Oetker`.
fn titled(text: &str, cue_start: usize, start: usize) -> Option<Place> {
    let title = fold(&text[cue_start..start]);
    let is_capital = text[cue_start..].starts_with(char::is_uppercase);
    let is_english = matches!(title.trim_end_matches('.'), "mr" | "mrs" | "ms" | "miss" | "mister");
    (is_capital || is_english).then_some(())?;
    // `Fr` alone is a Friday.
    (title != "fr").then_some(())?;
    let mut cursor = Cursor::new(text, start);
    cursor.blanks().then_some(())?;
    skip_titles(&mut cursor);
    let first = fold(cursor.clone().word().unwrap_or(""));
    (!TITLED_BRANDS.contains(&first.as_str())).then_some(())?;
    let name = read(cursor, !is_capital, false)?;
    Some(place(cursor.at, &name))
}

/// `Hallo Sabine,`, `good morning jesse`, `Hallo, Petra Muster hier`.
fn greeted(text: &str, cue_start: usize, start: usize, before: &str) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let is_parted = cursor.skip(2, |sign| matches!(sign, ',' | '!' | '.')) > 0;
    cursor.blanks().then_some(())?;
    let name = read(cursor, true, true)?;
    let behind = Cursor::new(text, name.end);
    let is_addressed = behind.is_line_end() || matches!(behind.peek(), Some(',' | '!' | '.' | ';'));
    let greets = !matches!(fold(&text[cue_start..start]).as_str(), "liebe" | "lieber" | "dear")
        || begins_sentence(before);
    let is_told = name.is_capital && is_addressed && greets && !is_parted;
    (is_told || name.is_certain || (name.is_listed && is_addressed)).then(|| place(cursor.at, &name))
}

/// The name under a letter. `LG` is a maker, too, and thanks are given without a name.
fn signed(text: &str, cue_start: usize, start: usize, is_weak: bool) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let is_comma = cursor.skip(2, |sign| matches!(sign, ',' | '.' | '!' | ';')) > 0;
    let gap = cursor.at;
    (cursor.skip(8, char::is_whitespace) > 0).then_some(())?;
    let is_parted = is_comma || text[gap..cursor.at].contains('\n');
    for _ in 0..3 {
        let mut ahead = cursor;
        let word = ahead.folded_word().unwrap_or_default();
        let is_own = matches!(
            word.as_str(),
            "ihr" | "ihre" | "dein" | "deine" | "euer" | "eure" | "your" | "i" | "a" | "auftrag"
        );
        ahead.eat('.');
        if !is_own || ahead.skip(3, char::is_whitespace) == 0 {
            break;
        }
        cursor = ahead;
    }
    let name = read(cursor, true, true)?;
    (!is_organisation(text, cursor.at, name.end)).then_some(())?;
    let behind = Cursor::new(text, name.end);
    let is_end = if is_weak {
        behind.is_line_end()
    } else {
        behind.is_clause_end() || behind.rest().starts_with(" (")
    };
    let is_told = name.is_capital && is_end && (!is_weak || is_parted);
    let cue = fold(&text[cue_start..start]);
    let takes_name = !is_weak || cue.contains("dank") || cue.contains("thank");
    (is_told || (name.is_listed && behind.is_clause_end()) || (name.is_certain && takes_name))
        .then(|| place(cursor.at, &name))
}

/// `sure alex`, `Ja, Sabine.`: a known first name that ends the clause.
fn answered(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    cursor.skip(1, |sign| sign == ',');
    cursor.blanks().then_some(())?;
    let name = read(cursor, true, false).filter(|name| name.is_certain && name.words == 1)?;
    Cursor::new(text, name.end).is_clause_end().then(|| place(cursor.at, &name))
}

/// Whether the name stands before the words that introduce it: `Olaf Beispiel is my name`.
fn stands_behind(before: &str) -> bool {
    [" is ", " ist "].iter().any(|verb| before.ends_with(verb))
}

/// Whether these words or the next ones name a company.
fn is_organisation(text: &str, start: usize, end: usize) -> bool {
    let mut cursor = Cursor::new(text, start);
    for _ in 0..MOST_WORDS + 2 {
        match cursor.folded_word() {
            Some(word) if ORGANISATIONS.contains(&word.as_str()) => return true,
            Some(_) => {}
            None => return false,
        }
        let is_inside = cursor.at < end;
        if cursor.skip(2, |sign| matches!(sign, ' ' | '-' | '.' | '&')) == 0 && !is_inside {
            return false;
        }
    }
    false
}

/// `mein Name ist Olaf Beispiel`, `i am alex fridman`.
fn introduced(text: &str, start: usize, trust: Trust) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    cursor.skip(2, |sign| matches!(sign, ':' | ',' | '=' | '"'));
    cursor.blanks().then_some(())?;
    skip_titles(&mut cursor);
    let name = read(cursor, true, true).or_else(|| read_unlisted(cursor).filter(|_| trust == Trust::Sure))?;
    let behind = Cursor::new(text, name.end);
    let goes_on =
        [" und ", " and ", " aus ", " von ", " from "].iter().any(|word| behind.rest().starts_with(word));
    let is_likely = name.is_capital && name.words >= 2 && (behind.is_clause_end() || goes_on);
    let fits = match trust {
        Trust::Sure => true,
        Trust::Likely => name.is_listed || is_likely,
        Trust::Unsure => {
            name.is_certain
                || (name.is_listed && behind.is_clause_end())
                || (name.is_capital && name.words >= 2 && owns_number(text, behind))
        }
    };
    fits.then(|| place(cursor.at, &name))
}

/// Whether a customer number is named right behind a name: nothing but a person has one (`This is Viktorin Muster, customer number …`).
fn owns_number(text: &str, mut behind: Cursor<'_>) -> bool {
    behind.blanks();
    behind.skip(1, |sign| matches!(sign, ',' | '(' | ';' | '–' | '-'));
    behind.blanks();
    let mut after_own = behind;
    if after_own
        .folded_word()
        .is_some_and(|word| matches!(word.as_str(), "my" | "meine" | "mit" | "with" | "und" | "and"))
    {
        after_own.blanks();
        behind = after_own;
    }
    let Some(word) = behind.folded_word() else { return false };
    matches!(cue::at(text, &word, behind.at), Some((Cue::Reference { kind: Kind::Customer, .. }, _)))
}

/// `Name: Olaf Beispiel`, `name aahil`.
fn labelled(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    cursor.blanks();
    let is_field = cursor.eat(':') | cursor.eat('=');
    cursor.blanks();
    (cursor.at > start).then_some(())?;
    skip_titles(&mut cursor);
    let name = read(cursor, true, true).or_else(|| read_unlisted(cursor).filter(|_| is_field))?;
    ((is_field && !is_organisation(text, cursor.at, name.end)) || name.is_certain)
        .then(|| place(cursor.at, &name))
}

/// What stands behind whoever says that he is there, and behind nothing else.
const HERE: &[&str] = &[" here (", " here,", " here.", " hier ("];
/// The same where a greeting stands before: `Guten Tag, Viktorin Muster hier, mein Paket fehlt`. By itself it may end any sentence of
/// two nouns.
const HERE_AFTER_GREETING: &[&str] =
    &[" hier,", " hier.", " hier!", " hier:", " hier und ", " here!", " here:", " here and "];
/// Last words of greetings, folded.
const GREETINGS: &[&str] = &[
    "tag",
    "hallo",
    "hi",
    "hey",
    "morgen",
    "abend",
    "moin",
    "servus",
    "gott",
    "hello",
    "morning",
    "afternoon",
    "evening",
];

/// Whether a text ends with a greeting.
fn ends_with_greeting(before: &str) -> bool {
    let trimmed = before.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    let last = trimmed.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or("");
    GREETINGS.contains(&fold(last).as_str())
}

/// A known first name that stands where somebody says who he is: `Petra Muster hier`, `Jan Probe, Musterweg 4`, `petra muster
/// from leeds`, a line of nothing but a name, or of a name with a person's number.
pub(super) fn free(text: &str, start: usize, before: &str) -> Option<Place> {
    begins_sentence(before).then_some(())?;
    let name = read(Cursor::new(text, start), true, true)?;
    let behind = Cursor::new(text, name.end);
    // A first name that no list holds, where nothing but a name can stand: `Good morning, Viktorin Muster here (`.
    let says = |words: &[&str]| words.iter().any(|word| behind.rest().starts_with(word));
    let is_announced = says(HERE) || says(HERE_AFTER_GREETING) && ends_with_greeting(before);
    if !name.is_certain && is_announced && name.is_capital && name.words >= 2 {
        return (!is_organisation(text, start, name.end)).then(|| place(start, &name));
    }
    name.is_certain.then_some(())?;
    let goes_on = |words: &[&str]| {
        words.iter().any(|word| {
            behind.rest().strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    };
    let begins_line = before.is_empty() || before.ends_with('\n');
    let is_line = begins_line && (behind.is_line_end() || is_numbered(behind));
    let is_here = goes_on(&[" hier", " here", " speaking", " is my name", " ist mein Name"]);
    let is_from = begins_line && goes_on(&[" of", " from", " aus"]) && name.words >= 2;
    let is_whole = name.words >= 2 && name.is_capital && behind.is_clause_end();
    let is_told = is_here && (name.is_capital || name.words >= 2);
    (is_line || is_told || is_from || is_whole).then(|| place(start, &name))
}

/// Whether nothing but a person's number stands behind a name.
fn is_numbered(mut behind: Cursor<'_>) -> bool {
    behind.skip(1, |sign| sign == ',');
    behind.blanks() && reference::is_bare(behind.rest())
}

/// Words (folded) before which nothing of a sentence stands: `yeah petra muster is my name`.
const OPENINGS: &[&str] =
    &["yeah", "yes", "yep", "ok", "okay", "sure", "oh", "well", "ja", "nein", "no", "hi", "also"];

/// Whether a text ends where a sentence or clause may begin.
fn begins_sentence(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '\u{a0}', '\t']);
    let last = trimmed.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or("");
    let is_opening = trimmed.len() < before.len()
        && last.len() == trimmed.len()
        && OPENINGS.contains(&fold(last).as_str());
    is_opening
        || trimmed.is_empty()
        || trimmed.ends_with(['.', '!', '?', ',', ';', ':', '\n', '(', '-', '–', '|'])
}
