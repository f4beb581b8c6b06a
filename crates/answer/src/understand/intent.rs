//! What kind of thing is wished, by key words.

use serde::{Deserialize, Serialize};

/// The kinds of question that a support desk gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Where an order or a parcel is.
    Parcel,
    /// Sending something back, money back.
    Returns,
    /// Something does not work.
    Fault,
    /// What something costs.
    Price,
    /// Warranty, guarantee, serial numbers.
    Warranty,
    /// Which of several.
    Comparison,
    /// How something works or what it is like.
    Technical,
    /// None of these.
    Other,
}

impl Intent {
    /// Its name in responses and logs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Parcel => "parcel",
            Self::Returns => "returns",
            Self::Fault => "fault",
            Self::Price => "price",
            Self::Warranty => "warranty",
            Self::Comparison => "comparison",
            Self::Technical => "technical",
            Self::Other => "other",
        }
    }
}

/// Beginnings of folded words by intent; the first line with a match counts, `=` means the whole word.
const TABLE: &[(Intent, &[&str])] = &[
    (
        Intent::Comparison,
        &[
            "leiser",
            "lauter",
            "schwerer",
            "leichter",
            "besser",
            "unterschied",
            "vergleich",
            "guenstiger",
            "difference",
            "compare",
            "quieter",
            "lighter",
            "heavier",
            "better",
            "cheaper",
            "=versus",
            "=vs",
        ],
    ),
    (
        Intent::Parcel,
        &[
            "paket",
            "sendung",
            "lieferung",
            "zustell",
            "zugestellt",
            "geliefert",
            "tracking",
            "parcel",
            "package",
            "shipment",
            "delivered",
            "bestellstatus",
        ],
    ),
    (
        Intent::Returns,
        &[
            "retour",
            "rueckgabe",
            "ruecksend",
            "zurueckschick",
            "zurueckgeb",
            "zurueckzuschick",
            "widerruf",
            "umtausch",
            "erstatt",
            "refund",
            "return",
            "restocking",
            "exchange",
        ],
    ),
    (Intent::Warranty, &["garantie", "gewaehrleistung", "seriennummer", "warranty", "guarantee", "serial"]),
    (Intent::Price, &["preis", "kost", "teuer", "guenstig", "rabatt", "price", "cost", "discount"]),
    (
        Intent::Fault,
        &[
            "blink",
            "fehler",
            "defekt",
            "kaputt",
            "stoerung",
            "klemmt",
            "stinkt",
            "brummt",
            "error",
            "broken",
            "fault",
            "=leuchtet",
            "flash",
            "funktioniert",
            "problem",
        ],
    ),
    (
        Intent::Technical,
        &[
            "wie", "how", "kann", "can", "welche", "which", "what", "was", "wo", "where", "hat", "has",
            "does", "do", "ist", "is", "wann", "when",
        ],
    ),
];

impl Intent {
    /// The intents of a question, by its folded words.
    pub(crate) fn all(words: &[String]) -> Vec<Self> {
        vec![Self::of(words)]
    }

    fn of(words: &[String]) -> Self {
        let fits = |key: &str| match key.strip_prefix('=') {
            Some(whole) => words.iter().any(|word| word == whole),
            None => words.iter().any(|word| word.starts_with(key)),
        };
        TABLE
            .iter()
            .find(|(_, keys)| keys.iter().any(|key| fits(key)))
            .map_or(Self::Other, |(intent, _)| *intent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    #[test]
    fn key_words_tell_the_intent() {
        let intent = |text: &str| Intent::of(&words(text)).as_str();
        assert_eq!(intent("Wo ist mein Paket?"), "parcel");
        assert_eq!(intent("Wie schicke ich das zurück, Rücksendung?"), "returns");
        assert_eq!(intent("Meine Kaffeemaschine blinkt gelb"), "fault");
        assert_eq!(intent("Was kostet die KM-2600?"), "price");
        assert_eq!(intent("How long is the US warranty?"), "warranty");
        assert_eq!(intent("Welches Headset ist leiser?"), "comparison");
        assert_eq!(intent("Wie entkalke ich?"), "technical");
        assert_eq!(intent("Hallo"), "other");
    }
}
