//! Words that say what follows: greetings, introductions, names of numbers.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Kind;
use super::cues::CUES;
use super::cursor::Cursor;

/// What a phrase announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// A title before a name: `Herr`, `Mrs`.
    Title,
    /// The beginning of a letter.
    Greeting,
    /// The end of a letter; the weak ones are also said without a name.
    Closing { is_weak: bool },
    /// A short answer, behind which people are addressed.
    Answer,
    /// Somebody says who he is.
    Introduction(Trust),
    /// A field of a form that holds a name.
    Label,
    /// A number that names an order, a parcel or a customer; the weak ones are words of their own.
    Reference { kind: Kind, is_weak: bool },
    /// A number that names a thing, never a person: kept. The weak ones are words of their own.
    Thing { is_weak: bool },
    /// A telephone number.
    Phone,
    /// An IBAN.
    Iban,
    /// A payment card's number.
    Card,
    /// A postal code.
    PostalCode,
    /// A box at a post office.
    Box,
}

/// How surely a phrase is followed by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Always.
    Sure,
    /// When two words with capitals follow.
    Likely,
    /// Only when a known first name follows.
    Unsure,
}

/// Phrases by their first word, longest first.
type Table = HashMap<&'static str, Vec<(Vec<&'static str>, Cue)>>;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    for (phrases, cue) in CUES {
        for phrase in phrases.split('|') {
            let mut parts = phrase.split_whitespace();
            let Some(first) = parts.next() else { continue };
            table.entry(first).or_default().push((parts.collect(), *cue));
        }
    }
    for phrases in table.values_mut() {
        phrases.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    table
});

/// Signs inside a phrase: `Kd.-Nr.`, `S/N`, `my name's`.
fn joins(sign: char) -> bool {
    sign.is_whitespace() || matches!(sign, '.' | '-' | '‑' | '/' | '\'' | '’')
}

/// The phrase that begins with this word (folded), and the place behind it and the point of an abbreviation.
pub(super) fn at(text: &str, first: &str, behind_first: usize) -> Option<(Cue, usize)> {
    let phrases = TABLE.get(first)?;
    phrases.iter().find_map(|(rest, cue)| Some((*cue, behind(text, rest, behind_first)?)))
}

fn behind(text: &str, rest: &[&str], start: usize) -> Option<usize> {
    let mut cursor = Cursor::new(text, start);
    for expected in rest {
        (cursor.skip(3, joins) > 0).then_some(())?;
        (cursor.folded_word()? == *expected).then_some(())?;
    }
    cursor.eat('.');
    Some(cursor.at)
}
