//! One pass over a text: at every word, does something begin here that must be replaced?

use super::cue::{self, Cue};
use super::cursor::{Cursor, mark_length};
use super::words::{FIRST_NAMES, NAMED_MAKERS, NO_NAMES, UNITS};
use super::{Counts, Found, Kind, Names, Place, address, bank, email, english, name, phone, reference};
use crate::normal::fold;

/// Longer words are none, so they are not folded and looked up.
const LONGEST_WORD: usize = 64;

/// A text that is being read.
pub(super) struct Scan<'a> {
    text: &'a str,
    names: &'a Names,
    at: usize,
    out: String,
    /// Whether a word, number or mark ends where we are: nothing begins there.
    is_inside: bool,
    found: Counts,
    learnt: Vec<String>,
}

/// What a pass made.
pub(super) struct Scanned {
    pub(super) text: String,
    pub(super) found: Counts,
    /// Names that words around them introduce, as written.
    pub(super) names: Vec<String>,
}

/// Whether a name's word is worth looking for elsewhere: no initial, no particle, no maker, no common word.
pub(super) fn is_telling(folded: &str) -> bool {
    let is_common = NO_NAMES.contains(folded) || UNITS.contains(folded) || NAMED_MAKERS.contains(&folded);
    folded.chars().count() >= 3 && (FIRST_NAMES.contains(folded) || !is_common)
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, names: &'a Names) -> Self {
        let out = String::with_capacity(text.len());
        Self { text, names, at: 0, out, is_inside: false, found: Counts::default(), learnt: Vec::new() }
    }

    pub(super) fn run(mut self) -> Scanned {
        while let Some(sign) = self.text[self.at..].chars().next() {
            if let Some(length) = mark_length(&self.text[self.at..]) {
                self.copy_to(self.at + length);
                self.is_inside = true;
                continue;
            }
            let begins = (sign.is_alphanumeric() || matches!(sign, '+' | '(')) && !self.is_inside;
            match begins.then(|| self.find(sign)).flatten() {
                Some(Found::Personal(place)) => self.replace(place),
                Some(Found::Thing { end }) => {
                    self.copy_to(end);
                    self.is_inside = true;
                }
                None => {
                    self.copy_to(self.at + sign.len_utf8());
                    self.is_inside = sign.is_alphanumeric();
                }
            }
        }
        Scanned { text: self.out, found: self.found, names: self.learnt }
    }

    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.text[self.at..end]);
        self.at = end;
    }

    fn replace(&mut self, place: Place) {
        self.copy_to(place.range.start);
        if place.kind == Kind::Name {
            self.learnt.push(self.text[place.range.clone()].to_owned());
        }
        self.out.push_str(place.kind.mark());
        self.found.count(place.kind);
        self.at = place.range.end;
        self.is_inside = true;
    }

    fn find(&self, sign: char) -> Option<Found> {
        if sign.is_alphabetic() {
            return self.at_letter();
        }
        if sign.is_ascii_digit() {
            return self.at_digit().map(Found::Personal);
        }
        phone::at(self.text, self.at).map(Found::Personal)
    }

    fn at_letter(&self) -> Option<Found> {
        let (text, at) = (self.text, self.at);
        if let Some(place) = email::at(text, at) {
            return Some(Found::Personal(place));
        }
        let mut cursor = Cursor::new(text, at);
        let word = cursor.word().filter(|word| word.len() <= LONGEST_WORD);
        if let Some(word) = word {
            let folded = fold(word);
            if let Some(place) = self.learnt_name() {
                return Some(Found::Personal(place));
            }
            if let Some(found) =
                cue::at(text, &folded, cursor.at).and_then(|(cue, behind)| self.behind_cue(cue, behind))
            {
                return Some(found);
            }
        }
        let place = bank::iban(text, at)
            .or_else(|| reference::at(text, at))
            .or_else(|| name::free(text, at, &self.out))
            .or_else(|| address::street(text, at))
            .or_else(|| english::city(text, at))?;
        Some(Found::Personal(place))
    }

    fn at_digit(&self) -> Option<Place> {
        let (text, at) = (self.text, self.at);
        let is_free = !self.continues_number();
        let number =
            || bank::card(text, at).or_else(|| phone::at(text, at)).or_else(|| reference::grouped(text, at));
        email::at(text, at)
            .or_else(|| reference::at(text, at))
            .or_else(|| number().filter(|_| is_free))
            .or_else(|| reference::alone(text, at, &self.out))
            .or_else(|| address::place(text, at, &self.out).filter(|_| is_free))
            .or_else(|| english::street(text, at).filter(|_| is_free))
    }

    /// Whether the number here is the next part of a date, version or amount.
    fn continues_number(&self) -> bool {
        let mut signs = self.out.chars().rev();
        let joins = signs.next().is_some_and(|sign| matches!(sign, '.' | ',' | ':' | '/' | '-' | '_'));
        joins && signs.next().is_some_and(|sign| sign.is_ascii_digit())
    }

    fn behind_cue(&self, cue: Cue, behind: usize) -> Option<Found> {
        let text = self.text;
        match cue {
            Cue::Reference { kind, is_weak } => return reference::stated(text, behind, kind, is_weak),
            Cue::Thing { is_weak } => return reference::thing(text, behind, is_weak),
            _ => {}
        }
        let place = match cue {
            Cue::Phone => phone::stated(text, reference::behind_fillers(text, behind).at),
            Cue::Iban => bank::stated_iban(text, reference::behind_fillers(text, behind).at),
            Cue::Card => bank::stated_card(text, reference::behind_fillers(text, behind).at),
            Cue::PostalCode => address::stated_code(text, behind),
            Cue::Box => address::stated_box(text, behind),
            _ => name::stated(text, cue, self.at, behind, &self.out),
        };
        place.filter(|place| place.range.start > self.at).map(Found::Personal)
    }

    /// A name that was introduced elsewhere, with the other words of it that follow.
    fn learnt_name(&self) -> Option<Place> {
        let mut cursor = Cursor::new(self.text, self.at);
        let mut end = None;
        while cursor.word().is_some_and(|word| self.is_learnt(word)) {
            end = Some(cursor.at);
            if cursor.skip(1, |sign| matches!(sign, ' ' | '-')) == 0 {
                break;
            }
        }
        end.map(|end| Place::new(Kind::Name, self.at..end))
    }

    fn is_learnt(&self, word: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let folded = fold(word);
        let known = self.names.get(&folded).or_else(|| self.names.get(folded.strip_suffix('s')?));
        let is_capital = word.starts_with(char::is_uppercase);
        known.is_some_and(|is_small| is_capital || *is_small || FIRST_NAMES.contains(folded.as_str()))
    }
}
