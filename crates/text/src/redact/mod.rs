//! Personal data in what customers and agents write is replaced by marks, before anything of it is stored.
//!
//! What is found: e-mail addresses, telephone numbers, IBANs, payment cards, postal addresses, names of people where the
//! words around say that they are (greetings, signatures, introductions, titles), numbers of orders, parcels and customers
//! behind their cue words. What names a thing stays: model, serial and part numbers, EANs, prices, dates, error codes,
//! measures. In doubt a number that could be a person's is replaced, a word that could be a name is kept.
//!
//! The marks are German words in brackets, the same in every language: the shop's own language is German, and one set of
//! marks can be searched, counted and recognised on a second pass. A text is read from left to right, once to learn names and
//! then until a pass finds nothing more, mostly twice and at most eight times; at every word the readers look ahead a
//! bounded way, so the time is linear in the length. Marks are never read as words, so a redacted text stays as it is.

mod address;
mod bank;
mod cue;
mod cues;
mod cursor;
mod email;
mod english;
mod name;
mod phone;
mod reference;
mod scan;
mod words;

use std::collections::HashMap;
use std::ops::Range;

use crate::normal;
use scan::Scan;

/// What is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone or fax number.
    Phone,
    /// An international bank account number.
    Iban,
    /// A payment card's number.
    Card,
    /// A street with number, a postal code with its place, a post box.
    Address,
    /// A person's name.
    Name,
    /// The number of an order, an invoice, a ticket.
    Order,
    /// The number of a parcel.
    Shipment,
    /// The number of a customer, a contract, an insured person.
    Customer,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Phone,
        Self::Iban,
        Self::Card,
        Self::Address,
        Self::Name,
        Self::Order,
        Self::Shipment,
        Self::Customer,
    ];

    /// What stands in its place.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Email => "[E-Mail]",
            Self::Phone => "[Telefon]",
            Self::Iban => "[IBAN]",
            Self::Card => "[Karte]",
            Self::Address => "[Adresse]",
            Self::Name => "[Name]",
            Self::Order => "[Bestellnummer]",
            Self::Shipment => "[Sendungsnummer]",
            Self::Customer => "[Kundennummer]",
        }
    }
}

/// How often each kind was replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([u32; Kind::ALL.len()]);

impl Counts {
    /// How often this kind was replaced.
    pub fn of(&self, kind: Kind) -> u32 {
        self.0[kind as usize]
    }

    /// How many places were replaced.
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    fn count(&mut self, kind: Kind) {
        self.0[kind as usize] += 1;
    }

    fn add(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }
}

/// A text without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text, in composed Unicode form (NFC), with marks.
    pub text: String,
    /// What was replaced.
    pub found: Counts,
}

/// Replaces personal data in a text that stands alone. `redact(redact(x)) == redact(x)`.
pub fn redact(text: &str) -> Redacted {
    let mut redactor = Redactor::default();
    redactor.learn(text);
    redactor.redact(text)
}

/// Redacts texts that belong together, such as the turns of a dialog: a name that one of them introduces is replaced in
/// all of them.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    names: Names,
}

/// Words of names, folded, and whether they are replaced in small letters, too.
type Names = HashMap<String, bool>;

/// Most passes; what a first pass replaces can part numbers that were read as one.
const MOST_PASSES: usize = 8;

impl Redactor {
    /// Learns the names that a text introduces by greeting, signature or words such as `my name is`.
    pub fn learn(&mut self, text: &str) {
        let text = normal::compose(text);
        let scanned = Scan::new(&text, &Names::new()).run();
        for name in scanned.names {
            self.learn_name(&name);
        }
    }

    /// Learns a name that is known from elsewhere, such as a field of the record.
    pub fn learn_name(&mut self, name: &str) {
        for word in name.split(|sign: char| !sign.is_alphabetic()) {
            let folded = normal::fold(word);
            let is_small = word.starts_with(char::is_lowercase);
            if scan::is_telling(&folded) {
                *self.names.entry(folded).or_default() |= is_small;
            }
        }
    }

    /// Replaces personal data and the names that were learnt.
    pub fn redact(&self, text: &str) -> Redacted {
        let mut redacted = Redacted { text: normal::compose(text).into_owned(), found: Counts::default() };
        for _ in 0..MOST_PASSES {
            let scanned = Scan::new(&redacted.text, &self.names).run();
            if scanned.found.total() == 0 {
                break;
            }
            redacted.found.add(scanned.found);
            redacted.text = scanned.text;
        }
        redacted
    }
}

/// A place that holds personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    kind: Kind,
    range: Range<usize>,
}

impl Place {
    fn new(kind: Kind, range: Range<usize>) -> Self {
        Self { kind, range }
    }
}

/// What a reader found ahead.
enum Found {
    /// Personal data.
    Personal(Place),
    /// A thing's number, kept up to this place whatever it looks like.
    Thing {
        /// Behind the number.
        end: usize,
    },
}

#[cfg(test)]
mod tests;
