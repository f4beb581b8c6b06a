//! Numbers of orders, parcels and devices in a question, and words that stand for them ("die letzte Bestellung").

use super::number_forms::{self, Form};

/// What of the asker's own things a question refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References {
    /// Numbers of orders in capitals: `O-563277`; digits alone where the question says no more (`Bestellung 563277`).
    pub(crate) orders: Vec<String>,
    /// Tracking numbers as stored: `AK767806822`.
    pub(crate) tracking: Vec<String>,
    /// Serial numbers.
    pub(crate) serials: Vec<SerialMention>,
    /// Set for "die letzte Bestellung".
    pub(crate) latest: bool,
    /// Set for "mein Paket", "meine Bestellung".
    pub(crate) own: bool,
}

/// A serial number as a question gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SerialMention {
    /// As stored: `FSD-240381475203`.
    pub(crate) text: String,
    /// Not set when its check digit is wrong. Serial numbers without a check digit always pass.
    pub(crate) checks: bool,
}

impl SerialMention {
    /// A serial number in capitals.
    pub(super) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), checks: number_forms::serial_checks(text) }
    }
}

impl References {
    /// Takes in those of another part.
    pub(super) fn add(&mut self, other: &Self) {
        other.orders.iter().for_each(|order| push(&mut self.orders, order.clone()));
        other.tracking.iter().for_each(|number| push(&mut self.tracking, number.clone()));
        other.serials.iter().for_each(|serial| push(&mut self.serials, serial.clone()));
        self.latest |= other.latest;
        self.own |= other.own;
    }

    /// Whether any number is named.
    pub(crate) fn has_number(&self) -> bool {
        !self.orders.is_empty() || !self.tracking.is_empty() || !self.serials.is_empty()
    }

    /// Reads a question; `words` are its folded words.
    pub(crate) fn of(text: &str, words: &[String]) -> Self {
        let mut found = Self { latest: is_latest(words), own: is_own(words), ..Self::default() };
        for (form, number) in number_forms::all(text) {
            match form {
                Form::Order => push(&mut found.orders, number),
                Form::Parcel => push(&mut found.tracking, number),
                Form::Serial => push(&mut found.serials, SerialMention::of(&number)),
            }
        }
        found
    }
}

/// "Die letzte Bestellung", "what I ordered last", "zuletzt gekauft"; "letzte Woche" and "das neueste Modell" are none.
fn is_latest(words: &[String]) -> bool {
    const LAST: &[&str] = &["letzt", "last"];
    const NEWEST: &[&str] = &["juengst", "neuest", "latest", "newest"];
    let begins =
        |word: &String, beginnings: &[&str]| beginnings.iter().any(|beginning| word.starts_with(beginning));
    let orders = words.iter().any(|word| begins(word, ORDERED));
    words.iter().enumerate().any(|(place, word)| {
        let next = words.get(place + 1);
        let is_time = next.is_some_and(|next| begins(next, TIMES));
        let stands_alone = next.is_none_or(|next| crate::function_words::holds(next));
        let is_last = word == "zuletzt" || begins(word, LAST) && word != "letztlich";
        is_last && !is_time && (orders || stands_alone && word != "last") || begins(word, NEWEST) && orders
    })
}

/// Beginnings of folded words for what is ordered and for ordering.
const ORDERED: &[&str] = &[
    "bestell",
    "auftrag",
    "kauf",
    "gekauft",
    "einkauf",
    "paket",
    "paeckchen",
    "liefer",
    "geliefert",
    "sendung",
    "order",
    "bought",
    "purchase",
    "parcel",
    "package",
    "shipment",
    "deliver",
];
/// Beginnings of folded words for times: what was last week is not what was ordered last.
const TIMES: &[&str] = &[
    "woche",
    "monat",
    "tag",
    "jahr",
    "zeit",
    "mal",
    "nacht",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "week",
    "month",
    "year",
    "day",
    "time",
    "night",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Folded words for what belongs to the asker, or to the customer on the line.
const OWN: &[&str] = &[
    "mein",
    "meine",
    "meinem",
    "meinen",
    "meiner",
    "meins",
    "meines",
    "unser",
    "unsere",
    "unserem",
    "unseren",
    "unserer",
    "my",
    "mine",
    "our",
    "ours",
    "kunde",
    "kundin",
    "kunden",
    "customer",
    "customers",
];
/// The asker himself: something of his own is meant only where a thing that he has is spoken of, too.
const SELF: &[&str] = &["ich", "mir", "mich", "wir", "uns", "i", "me", "we", "us"];
/// Folded words by which an asker speaks of a thing that he has or waits for.
const HAVING: &[&str] = &[
    "noch", "es", "ihn", "sie", "das", "schon", "bestellt", "gekauft", "erhalten", "bekommen", "gekriegt",
    "warte", "habe", "hab", "hatte", "still", "it", "this", "that", "them", "ordered", "bought", "received",
    "got", "have", "had", "waiting", "yet", "already",
];

/// "Mein Paket"; "Kann ich es noch zurückgeben?", not "Wo finde ich die Seriennummer?".
fn is_own(words: &[String]) -> bool {
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    says(OWN) || says(SELF) && says(HAVING)
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    fn read(text: &str) -> References {
        References::of(text, &words(text))
    }

    #[test]
    fn numbers_are_read_in_the_form_in_which_they_are_stored() {
        let found = read("o-563277, Sendung ak767806822 und fsd-240381475203?");
        assert_eq!(found.orders, ["O-563277"]);
        assert_eq!(found.tracking, ["AK767806822"]);
        assert_eq!(found.serials, [SerialMention { text: "FSD-240381475203".to_owned(), checks: true }]);
    }

    #[test]
    fn a_wrong_digit_of_a_serial_number_is_seen() {
        assert!(!read("FSD-240381475204").serials[0].checks);
        assert!(!read("FSD-240831475203").serials[0].checks, "two digits swapped");
    }

    #[test]
    fn the_last_order_and_ones_own_are_told_by_words() {
        assert!(read("Wo ist meine letzte Bestellung?").latest && read("my parcel").own);
        assert!(!read("Was kostet die KM-2400?").own);
        for text in ["die letzte", "was ich zuletzt gekauft habe", "my latest order", "what I ordered last"] {
            assert!(read(text).latest, "{text}");
        }
        for text in [
            "Mein Paket sollte letzte Woche kommen",
            "Where is my order from last week?",
            "das neueste Modell",
            "Wie lange hält der letzte Filter?",
        ] {
            assert!(!read(text).latest, "{text}");
        }
    }

    #[test]
    fn whoever_asks_where_something_stands_speaks_of_nothing_of_his_own() {
        for text in
            ["Wo finde ich die Seriennummer?", "Wie entkalke ich die Maschine?", "how do I clean the filter"]
        {
            assert!(!read(text).own, "{text}");
        }
        for text in ["Kann ich es noch zurückgeben?", "can I still return it", "Ich habe eine Jacke bestellt"]
        {
            assert!(read(text).own, "{text}");
        }
    }

    #[test]
    fn model_numbers_are_no_references() {
        assert!(!read("KM-2400, HX-9620 A, 2900010240015").has_number());
    }
}
