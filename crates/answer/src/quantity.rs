//! Quantities: which a text states (`1,8 l` a volume) and which a question asks for ("Wie viele Minuten …?", "Wie hoch …?").
//!
//! A text that states a quantity of the asked kind answers; one that only speaks of the thing may not. Kinds are named by the
//! sign of their base unit behind `#`, so that no word of a text is taken for one.

use std::collections::HashSet;

use auskunft_text::unit;

/// Any number at all.
const NUMBER: &str = "#";
/// Words that ask how much of something.
const HOW_MUCH: &[&str] = &["viel", "viele", "vielen", "wieviel", "wieviele", "wievielen", "many", "much"];
/// Words that ask how something is.
const HOW: &[&str] = &["wie", "how", "zu"];
/// A unit behind these is the one that the answer shall be in.
const BEFORE_UNIT: &[&str] = &["in", "welche", "welcher", "welchem", "which", "what"];

/// Numbers that texts write as words; "ein" and "a" are articles more often.
const NUMBER_WORDS: &[&str] = &[
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "zwanzig",
    "dreißig",
    "sechzig",
    "eineinhalb",
    "anderthalb",
    "zweieinhalb",
    "dreieinhalb",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "sixty",
];

/// How something is, behind "wie" or "how", and the kinds that say it, the likeliest first.
const DIMENSIONS: &[(&[&str], &[&str])] = &[
    (&["lange", "long"], &["#h", "#s", "#day", "#month"]),
    (&["lang"], &["#mm", "#h", "#s", "#day", "#month"]),
    (&["oft", "often"], &["#month", "#day", "#h"]),
    (&["hoch", "breit", "tief", "weit", "high", "tall", "wide", "deep", "far"], &["#mm"]),
    (&["gross", "big", "large"], &["#mm", "#ml"]),
    (&["schwer", "leicht", "heavy"], &["#g"]),
    (&["laut", "leise", "loud", "quiet"], &["#dB"]),
    (&["heiss", "warm", "kalt", "hot", "warm", "cold"], &["#°C"]),
    (&["schnell", "fast"], &["#h", "#s", "#km/h", "#Mbit/s"]),
];

/// Verbs and nouns that ask for a quantity by themselves.
const WORDS: &[(&[&str], &[&str])] = &[
    (&["wiegt", "wiegen", "waage", "gewicht", "weigh", "weighs", "weight"], &["#g"]),
    (&["hoehe", "breite", "tiefe", "laenge", "abmessungen", "reichweite", "dimensions", "range"], &["#mm"]),
    (&["lautstaerke", "dezibel"], &["#dB"]),
    (&["fassungsvermoegen", "volumen", "capacity", "volume"], &["#ml"]),
    (&["leistung", "leistungsaufnahme", "stromverbrauch", "power"], &["#W"]),
    (&["spannung", "voltage"], &["#V"]),
    (&["temperatur", "temperature"], &["#°C"]),
    (&["dauer", "duration"], &["#h", "#s", "#day", "#month"]),
    (&["mah"], &["#mAh"]),
    (&["kostet", "kosten", "preis", "teuer", "price", "cost", "costs", "expensive"], &["#money"]),
];

/// The kinds of quantity that a text states.
pub(crate) fn stated(text: &str) -> HashSet<String> {
    let tokens: Vec<&str> = text.split(|sign: char| sign.is_whitespace() || sign == '-').collect();
    let mut found = HashSet::new();
    for (place, token) in tokens.iter().enumerate() {
        let (number, glued) = split_number(token);
        // `3.` numbers a step.
        let is_ordinal =
            glued.is_empty() && number.ends_with('.') && !number.trim_end_matches('.').contains(['.', ',']);
        if number.is_empty() || is_ordinal {
            continue;
        }
        found.insert(NUMBER.to_owned());
        let next = if glued.is_empty() { tokens.get(place + 1).copied().unwrap_or("") } else { glued };
        found.extend(kind(next));
    }
    found
}

/// The number that a token begins with, and what is glued to it.
fn split_number(token: &str) -> (&str, &str) {
    let token = token.trim_start_matches(['(', '»', '"', '~', '±', '≤', '<']);
    if NUMBER_WORDS.contains(&token.to_lowercase().as_str()) {
        return (token, "");
    }
    if !token.starts_with(|sign: char| sign.is_ascii_digit()) {
        return ("", "");
    }
    let is_part = |sign: char| sign.is_ascii_digit() || ".,–/½¼¾".contains(sign);
    let end = token.find(|sign: char| !is_part(sign)).unwrap_or(token.len());
    token.split_at(end)
}

/// The kind of a unit as written, marks of the sentence around it left out.
fn kind(unit: &str) -> Option<String> {
    let trimmed = unit.trim_end_matches([',', '.', ';', ':', '!', '?', '«', '"']);
    let trimmed = if trimmed.contains('(') { trimmed } else { trimmed.trim_end_matches(')') };
    if matches!(trimmed, "€" | "EUR" | "Euro" | "$" | "USD" | "Dollar") {
        return Some("#money".to_owned());
    }
    unit::find(unit).or_else(|| unit::find(trimmed)).map(|unit| format!("#{}", unit.base))
}

/// The kinds of quantity of which a question asks for one, the likeliest first; empty when it asks for none. `words` are
/// its folded words.
pub(crate) fn asked(words: &[String]) -> Vec<String> {
    let word = |place: usize| words.get(place).map(String::as_str);
    for (place, text) in words.iter().enumerate() {
        let before = place.checked_sub(1).and_then(word).unwrap_or("");
        let further = place.checked_sub(2).and_then(word).unwrap_or("");
        let counts =
            HOW_MUCH.contains(&before) || HOW_MUCH.contains(&further) || BEFORE_UNIT.contains(&before);
        if let Some(kind) = kind(text).filter(|_| counts && text.chars().count() > 1) {
            return vec![kind];
        }
        let by_dimension = if HOW.contains(&before) { in_table(DIMENSIONS, text) } else { None };
        if let Some(kinds) = by_dimension.or_else(|| in_table(WORDS, text)) {
            return kinds.iter().map(|kind| (*kind).to_owned()).collect();
        }
    }
    let counts = words.iter().any(|word| HOW_MUCH.contains(&word.as_str()));
    if counts { vec![NUMBER.to_owned()] } else { Vec::new() }
}

/// Whether a word of a question is the unit that it asks for, and no thing of its own: "wie viel Watt".
pub(crate) fn is_unit_of(word: &str, asked: &[String]) -> bool {
    let named = kind(word).or_else(|| (word == "mah").then(|| "#mAh".to_owned()));
    named.is_some_and(|kind| asked.first() == Some(&kind))
}

fn in_table(
    table: &'static [(&'static [&'static str], &'static [&'static str])],
    word: &str,
) -> Option<&'static [&'static str]> {
    table.iter().find(|(words, _)| words.contains(&word)).map(|(_, kinds)| *kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    #[test]
    fn a_text_states_quantities_by_their_units() {
        let states = |text: &str, kind: &str| stated(text).contains(kind);
        assert!(states("Wassertank: 1,8 l", "#ml"));
        assert!(states("Lautstärke: 62 dB(A)", "#dB"));
        assert!(states("Abmessungen (B × H × T): 22 × 34 × 43 cm", "#mm"));
        assert!(states("Netzspannung 220–240 V, 50 Hz", "#V") && states("220–240 V, 50 Hz", "#Hz"));
        assert!(states("Es funkt im 2,4-GHz-Netz.", "#Hz"));
        assert!(states("bei etwa 65 °C, wenn", "#°C"));
        assert!(states("Er gilt drei Jahre.", "#month") && states("dreieinhalb Stunden laden", "#h"));
        assert!(stated("3. Einschalten.").is_empty(), "a step's number counts nothing");
        assert!(stated("Brunnwald KM-2400 M und S") == HashSet::from([NUMBER.to_owned()]));
        assert!(stated("Der Tank").is_empty());
    }

    #[test]
    fn a_question_asks_for_a_kind_of_quantity() {
        let first = |text: &str| asked(&words(text)).first().cloned().unwrap_or_default();
        assert_eq!(first("Nach wie vielen Minuten geht er aus?"), "#h");
        assert_eq!(first("Bei wieviel Grad waschen?"), "#°C");
        assert_eq!(first("Wie hoch ist der?"), "#mm");
        assert_eq!(first("How much does the case weigh?"), "#g");
        assert_eq!(first("bluetooth range in metres"), "#mm");
        assert_eq!(first("Wie viele Bohnen passen rein?"), "#");
        assert_eq!(first("wieviel mah hat der akku"), "#mAh");
        assert_eq!(first("Wie entkalke ich?"), "");
        assert_eq!(first("Er ist nach 14 Tagen kaputt"), "");
    }
}
