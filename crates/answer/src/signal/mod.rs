//! What a device shows: lights with colour and rhythm, and codes. A troubleshooting row answers for its own signal alone, so both
//! are compared as what they are, not as words: "blinkt gelb" is not "leuchtet dauerhaft gelb", `E04` is not `E40`.

mod codes;
mod lights;

use codes::codes;
use lights::{Colour, Rhythm, colour, is_light, rhythm, rhythms_agree};

/// Beginnings of words for what shows a code.
const SHOWS: &[&str] = &[
    "anzeige", "display", "zeigt", "steht", "meldet", "meldung", "fehler", "code", "error", "shows", "says",
    "screen",
];
/// What a question tells of a device, or a row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signals {
    colours: Vec<Colour>,
    rhythm: Option<Rhythm>,
    /// Letters and digits without leading zeros.
    codes: Vec<String>,
}

impl Signals {
    /// What folded words show. Those of `naming` name the product: `VT-1170` is no code.
    pub(crate) fn of_words(words: &[String], naming: &[String]) -> Self {
        let codes = codes(words, naming);
        // A "Pulsar 48" pulses as little as a "Redline" is red.
        let words: Vec<&str> =
            words.iter().filter(|word| !naming.contains(word)).map(String::as_str).collect();
        let colours: Vec<Colour> = words.iter().filter_map(|word| colour(word)).collect();
        // Rhythms tell lights of one colour apart.
        if colours.is_empty() {
            return Self { codes, ..Self::default() };
        }
        let rhythm = rhythm(&words);
        let has_light = words.iter().any(|word| is_light(word));
        // "In Rot" is a wish, "schnell" a manner: a light makes them a signal.
        let is_manner = rhythm.is_none_or(|rhythm| matches!(rhythm, Rhythm::Fast | Rhythm::Slow));
        if is_manner && !has_light {
            return Self { codes, ..Self::default() };
        }
        Self { colours, rhythm, codes }
    }

    /// Whether nothing is shown by which one row could be told from another.
    pub(crate) fn is_empty(&self) -> bool {
        self.colours.is_empty() && self.codes.is_empty()
    }

    /// Whether a device is told to show them: a light with its colour, or a code on a display ("die Anzeige sagt E04").
    pub(crate) fn are_shown(&self, words: &[String]) -> bool {
        let is_display = words.iter().any(|word| SHOWS.iter().any(|shows| word.starts_with(shows)));
        !self.colours.is_empty() || (!self.codes.is_empty() && is_display)
    }

    /// How much what a row states fits what is asked, 0–1; `None` when the row states nothing to compare with.
    pub(crate) fn fit(&self, stated: &Self) -> Option<f64> {
        if !self.codes.is_empty() && !stated.codes.is_empty() {
            return Some(if self.codes.iter().any(|code| stated.codes.contains(code)) { 1.0 } else { 0.0 });
        }
        if self.colours.is_empty() || stated.colours.is_empty() {
            return (!stated.is_empty()).then_some(0.0);
        }
        let has_colour = self.colours.iter().any(|colour| stated.colours.contains(colour));
        Some(if has_colour { rhythms_agree(self.rhythm, stated.rhythm) } else { 0.0 })
    }
}

#[cfg(test)]
mod tests;
