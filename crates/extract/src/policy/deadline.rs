//! The spans of time that a policy grants: for giving back, for a warranty.

use auskunft_model::Document;
use auskunft_text::normal::fold;
use auskunft_text::sentence::sentences;

use super::subject::holds;

/// A span of time that a policy may grant.
pub(super) struct Grant {
    /// The attribute's key.
    pub(super) key: &'static str,
    /// The attribute's unit.
    pub(super) unit: &'static str,
    /// Beginnings of units (folded), each with its length in the attribute's unit.
    pub(super) units: &'static [(&'static str, u32)],
    /// Words (folded) of sentences that state the length of something else.
    pub(super) others: &'static [&'static str],
}

/// Days in which a customer may give back; not those in which the shop repays, or a parcel takes.
pub(super) const RETURN: Grant = Grant {
    key: "return_days",
    unit: "day",
    units: &[("tag", 1), ("day", 1), ("woche", 7), ("week", 7)],
    others: &[
        "erstatt",
        "rueckzahl",
        "gutschrift",
        "gutgeschrieben",
        "refund",
        "reimburs",
        "credit",
        "bearbeit",
        "process",
        "pruef",
        "dauert",
        "takes",
        "werktag",
        "business day",
        "working day",
    ],
};

/// Months of a warranty; not those in which a defect is presumed, nor those for used goods.
pub(super) const WARRANTY: Grant = Grant {
    key: "warranty_months",
    unit: "month",
    units: &[("monat", 1), ("month", 1), ("jahr", 12), ("year", 12)],
    others: &[
        "vermut",
        "beweislast",
        "presum",
        "gebraucht",
        "generalueberholt",
        "refurbished",
        "used goods",
        "used item",
        "used product",
        "pre-owned",
        "b-ware",
        "verschleiss",
        "wearing part",
    ],
};

/// The one span that all sentences on a subject agree on, with the words of it. Laws and goodwill beside each other state
/// two: then none is taken.
pub(super) fn agreed(document: &Document, subject: &[&str], grant: &Grant) -> Option<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    for section in &document.sections {
        let is_under = section.heading_path.iter().any(|heading| holds(heading, subject))
            || holds(&document.title, subject);
        let text = section.text();
        for range in sentences(&text).into_iter().filter(|_| is_under) {
            let sentence = &text[range];
            let is_on = holds(sentence, subject) || holds(sentence, &["frist", "betraegt", "period"]);
            if is_on && !holds(sentence, grant.others) {
                found.extend(span(sentence, grant.units));
            }
        }
    }
    let first = found.first().cloned()?;
    found.iter().all(|(amount, _)| *amount == first.0).then_some(first)
}

/// `14 Tage`, `zwei Jahre`, `30-day`. A single day in words is no span: `an einem Tag`.
fn span(sentence: &str, units: &[(&str, u32)]) -> Option<(u32, String)> {
    let words = sentence.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<(&str, String)> = words.map(|word| (word, fold(word))).collect();
    words.windows(2).find_map(|pair| {
        let amount = number(&pair[0].1)?;
        let (unit, factor) = units.iter().find(|(unit, _)| pair[1].1.starts_with(unit))?;
        let is_article = amount == 1 && matches!(*unit, "tag" | "day");
        (!is_article).then_some((amount.checked_mul(*factor)?, format!("{} {}", pair[0].0, pair[1].0)))
    })
}

/// The largest span in its own unit.
const MOST: u32 = 400;

/// Numbers in words (folded).
const WORDS: &[(u32, &[&str])] = &[
    (1, &["ein", "eine", "einem", "einen", "one"]),
    (2, &["zwei", "two"]),
    (3, &["drei", "three"]),
    (4, &["vier", "four"]),
    (5, &["fuenf", "five"]),
    (6, &["sechs", "six"]),
    (10, &["zehn", "ten"]),
    (14, &["vierzehn", "fourteen"]),
    (30, &["dreissig", "thirty"]),
];

fn number(word: &str) -> Option<u32> {
    let named = || WORDS.iter().find(|(_, names)| names.contains(&word)).map(|(amount, _)| *amount);
    word.parse().ok().filter(|amount| (1..=MOST).contains(amount)).or_else(named)
}
