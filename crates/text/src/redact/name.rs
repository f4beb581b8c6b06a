//! Names of people, where the words before or around them say that they are.

use super::cue::{Cue, Trust};
use super::cursor::Cursor;
use super::words::{AMBIGUOUS_NAMES, FIRST_NAMES, NO_NAMES, ORGANISATIONS, PARTICLES, TITLED_BRANDS, TITLES};
use super::{Kind, Place};
use crate::normal::fold;

/// Most words of a name, and most parts of a word (`Müller-Lüdenscheidt`).
const MOST_WORDS: usize = 3;
const MOST_PARTS: usize = 3;

/// A name as it was read.
struct Name {
    end: usize,
    /// Whether it begins with a known first name.
    is_listed: bool,
    /// Whether that first name is no other word.
    is_certain: bool,
    is_capital: bool,
    words: usize,
}

/// The name behind a cue; `before` is what stands before the cue.
pub(super) fn stated(text: &str, cue: Cue, cue_start: usize, start: usize, before: &str) -> Option<Place> {
    match cue {
        Cue::Title => titled(text, cue_start, start),
        Cue::Greeting => greeted(text, cue_start, start, before),
        Cue::Closing { is_weak } => signed(text, start, is_weak),
        Cue::Introduction(trust) => introduced(text, start, trust),
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
fn signed(text: &str, start: usize, is_weak: bool) -> Option<Place> {
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
    (is_told || (name.is_listed && behind.is_clause_end()) || (name.is_certain && !is_weak))
        .then(|| place(cursor.at, &name))
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
        Trust::Unsure => name.is_certain || (name.is_listed && behind.is_clause_end()),
    };
    fits.then(|| place(cursor.at, &name))
}

/// Titles and particles before the name itself: `Prof. Dr.`, `von`.
fn skip_titles(cursor: &mut Cursor<'_>) {
    for _ in 0..3 {
        let mut ahead = *cursor;
        let word = ahead.word().unwrap_or("");
        let is_skipped = TITLES.contains(&fold(word).as_str()) || PARTICLES.contains(&word);
        ahead.eat('.');
        if !is_skipped || !ahead.blanks() {
            return;
        }
        *cursor = ahead;
    }
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

/// A known first name that stands where somebody says who he is: `Petra Muster hier`, `Jan Probe, Musterweg 4`, a line of
/// nothing but a name.
pub(super) fn free(text: &str, start: usize, before: &str) -> Option<Place> {
    begins_sentence(before).then_some(())?;
    let name = read(Cursor::new(text, start), true, true).filter(|name| name.is_certain)?;
    let behind = Cursor::new(text, name.end);
    let is_line = behind.is_line_end() && (before.is_empty() || before.ends_with('\n'));
    let is_here = [" hier", " here", " speaking", " is my name", " ist mein Name"].iter().any(|word| {
        behind.rest().strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    let is_whole = name.words >= 2 && name.is_capital && behind.is_clause_end();
    let is_told = is_here && (name.is_capital || name.words >= 2);
    (is_line || is_told || is_whole).then(|| place(start, &name))
}

/// Whether a text ends where a sentence or clause may begin.
fn begins_sentence(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '\u{a0}', '\t']);
    trimmed.is_empty() || trimmed.ends_with(['.', '!', '?', ',', ';', ':', '\n', '(', '-', '–', '|'])
}

/// A name in capitals, or (with `may_be_small`) a known first name in small letters with what follows it.
fn read(cursor: Cursor<'_>, may_be_small: bool, takes_more: bool) -> Option<Name> {
    let mut ahead = cursor;
    skip_initials(&mut ahead);
    let first = name_word(&mut ahead)?;
    let folded = fold(first);
    let known = fold(first.split('-').next().unwrap_or(first));
    let is_certain = FIRST_NAMES.contains(known.as_str()) && !AMBIGUOUS_NAMES.contains(&known.as_str());
    let is_listed = is_certain || AMBIGUOUS_NAMES.contains(&known.as_str());
    let is_capital = first.starts_with(char::is_uppercase);
    let is_initial = first.chars().count() == 1;
    let is_name = !is_initial && (is_certain || !NO_NAMES.contains(folded.as_str()));
    (is_name && (is_capital || (may_be_small && (is_listed || !takes_more)))).then_some(())?;
    let mut name = Name { end: ahead.at, is_listed, is_certain, is_capital, words: 1 };
    if takes_more || is_listed {
        read_more(&mut name, ahead);
    }
    Some(name)
}

/// `H.`, `J. R.` before a family's name.
fn skip_initials(cursor: &mut Cursor<'_>) {
    for _ in 0..2 {
        let mut ahead = *cursor;
        let is_initial = ahead.skip(1, char::is_uppercase) == 1 && ahead.eat('.') && ahead.blanks();
        if !is_initial || !ahead.peek().is_some_and(char::is_uppercase) {
            return;
        }
        *cursor = ahead;
    }
}

/// A single word in small letters behind `my name is`, whatever it is.
fn read_unlisted(cursor: Cursor<'_>) -> Option<Name> {
    let mut ahead = cursor;
    let word = name_word(&mut ahead)?;
    let fits = word.chars().count() >= 3 && !NO_NAMES.contains(fold(word).as_str());
    fits.then_some(())?;
    let mut name = Name { end: ahead.at, is_listed: false, is_certain: false, is_capital: false, words: 1 };
    read_more(&mut name, ahead);
    Some(name)
}

/// Further words of a name: with a capital like the first, behind `von`, an initial, or, all in small letters, one that
/// ends the clause.
fn read_more(name: &mut Name, from: Cursor<'_>) {
    let mut cursor = from;
    while name.words < MOST_WORDS && cursor.blanks() {
        let mut particles = 0;
        while particles < 2 && skip_particle(&mut cursor) {
            particles += 1;
        }
        let Some(word) = name_word(&mut cursor) else { return };
        let is_capital = word.starts_with(char::is_uppercase);
        let is_initial = is_capital && word.chars().count() == 1;
        if is_initial {
            cursor.eat('.');
        }
        let is_name = is_initial || !NO_NAMES.contains(fold(word).as_str());
        let ends = name.words == 1 && word.chars().count() >= 3 && is_end_of_small(cursor);
        if !is_name || super::address::is_street(word) || !(is_capital || (!name.is_capital && ends)) {
            return;
        }
        name.words += 1;
        name.end = cursor.at;
    }
}

fn is_end_of_small(cursor: Cursor<'_>) -> bool {
    let goes_on = [" and ", " und ", " from ", " of ", " here", " is ", " my ", " i ", " is my name"];
    cursor.is_clause_end() || goes_on.iter().any(|word| cursor.rest().starts_with(word))
}

fn skip_particle(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let is_particle = ahead.word().is_some_and(|word| PARTICLES.contains(&word));
    let skips = is_particle && ahead.blanks();
    if skips {
        *cursor = ahead;
    }
    skips
}

/// Letters, with hyphens and apostrophes between them.
fn name_word<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let start = cursor.at;
    let text = cursor.rest();
    for part in 0..MOST_PARTS {
        cursor.word().filter(|word| word.chars().all(char::is_alphabetic))?;
        let mut ahead = *cursor;
        let joins = ahead.skip(1, |sign| matches!(sign, '-' | '\'' | '’')) > 0;
        if part + 1 == MOST_PARTS || !joins || !ahead.peek().is_some_and(char::is_alphabetic) {
            break;
        }
        *cursor = ahead;
    }
    Some(&text[..cursor.at - start])
}
