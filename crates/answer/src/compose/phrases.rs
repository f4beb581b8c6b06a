//! The fixed words around quotes, German and English. Every other language gets English ones.

use auskunft_model::Language;

/// Fixed words of one language.
pub(crate) struct Phrases {
    /// No evidence.
    pub(crate) handoff: &'static str,
    /// The texts can't be read now.
    pub(crate) texts_away: &'static str,
    /// The number that nobody knows follows.
    pub(crate) unknown_product: &'static str,
    /// Needs data of a customer's order.
    pub(crate) needs_order: &'static str,
    /// Several products fit; their names follow.
    pub(crate) which_product: &'static str,
    /// No product is named, and what is asked differs from one to the other.
    pub(crate) name_product: &'static str,
    /// Between the last two of a list.
    pub(crate) or: &'static str,
}

const GERMAN: Phrases = Phrases {
    handoff: "Dazu habe ich in den Unterlagen nichts gefunden. Bitte übergeben Sie an eine Kollegin oder einen Kollegen.",
    texts_away: "Die Unterlagen sind gerade nicht erreichbar. Bitte fragen Sie gleich noch einmal, oder übergeben Sie an eine Kollegin oder einen Kollegen.",
    unknown_product: "Dieses Produkt oder diese Nummer kenne ich nicht: ",
    needs_order: "Dafür braucht es die Daten der Bestellung; in den Unterlagen steht dazu nichts.",
    which_product: "Welches Produkt ist gemeint: ",
    name_product: "Um welches Produkt geht es? Was eine Leuchte oder ein Code bedeutet, ist von Gerät zu Gerät verschieden.",
    or: "oder",
};

const ENGLISH: Phrases = Phrases {
    handoff: "The documents hold nothing about this. Please hand over to a colleague.",
    texts_away: "The documents can't be read right now. Please ask again in a moment, or hand over to a colleague.",
    unknown_product: "This product or number is unknown: ",
    needs_order: "This needs the order's data; the documents say nothing about it.",
    which_product: "Which product is meant: ",
    name_product: "Which product is it? What a light or a code means differs from device to device.",
    or: "or",
};

/// The fixed words for a language.
pub(crate) fn phrases(language: &Language) -> &'static Phrases {
    if *language == Language::german() { &GERMAN } else { &ENGLISH }
}

/// "A, B oder C".
pub(crate) fn list(names: &[String], or: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {or} {last}", first.join(", ")),
    }
}
