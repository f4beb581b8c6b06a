//! One amount with a unit, or a range of them.

use auskunft_model::Value;

use crate::number::{self, Number, Style};
use crate::unit::{self, Unit};

/// More words than these after a unit make a sentence, not a value.
const MAX_WORDS_AFTER_UNIT: usize = 4;

/// Signs that follow a unit without changing it: alternating and direct current.
const CURRENT_SIGNS: &[char] = &['~', '\u{223c}', '\u{2393}', '⎓'];

pub(super) fn read(text: &str, style: Style) -> Option<Value> {
    let (lower, length) = number::at_start(text)?;
    let rest = text[length..].trim_start();
    if let Some(value) = range(lower, rest, style) {
        return Some(value);
    }
    let (unit, after) = unit_at_start(rest)?;
    if let Some(value) = range_with_two_units(lower, unit, after, style) {
        return Some(value);
    }
    is_remark(after).then(|| Value::Quantity {
        amount: convert(lower, unit, style),
        upper: None,
        unit: unit.base.to_owned(),
    })
}

/// `– 35 °C` behind a first number.
fn range(lower: Number, rest: &str, style: Style) -> Option<Value> {
    let (upper, rest) = upper_end(rest)?;
    let (unit, after) = unit_at_start(rest)?;
    is_remark(after).then_some(())?;
    ascending(convert(lower, unit, style), convert(upper, unit, style), unit)
}

/// `– 20 mm` behind `10 mm`.
fn range_with_two_units(lower: Number, lower_unit: Unit, after: &str, style: Style) -> Option<Value> {
    let (upper, rest) = upper_end(after)?;
    let (unit, after) = unit_at_start(rest)?;
    (unit.base == lower_unit.base && is_remark(after)).then_some(())?;
    ascending(convert(lower, lower_unit, style), convert(upper, unit, style), unit)
}

pub(super) fn ascending(lower: f64, upper: f64, unit: Unit) -> Option<Value> {
    (lower < upper).then(|| Value::Quantity { amount: lower, upper: Some(upper), unit: unit.base.to_owned() })
}

/// The upper end of a range and what follows it.
pub(super) fn upper_end(text: &str) -> Option<(Number, &str)> {
    const BETWEEN: &[&str] = &["bis", "to", "…", "...", "–", "—", "-", "\u{2212}"];
    let text = text.trim_start();
    let rest = BETWEEN.iter().find_map(|sign| text.strip_prefix(sign))?.trim_start();
    let (upper, length) = number::at_start(rest)?;
    Some((upper, rest[length..].trim_start()))
}

pub(super) fn convert(number: Number, unit: Unit, style: Style) -> f64 {
    unit.to_base(if unit.is_whole { number.as_whole() } else { number.read(style) })
}

/// The unit at the start and what follows it. `m²`, `dB(A)` and `Std.` are read whole before their parts are tried.
pub(super) fn unit_at_start(text: &str) -> Option<(Unit, &str)> {
    let word_end = text.find(char::is_whitespace).unwrap_or(text.len());
    let word = &text[..word_end];
    let bracket = word.find(['(', '*', '~']).unwrap_or(word.len());
    let candidates = [word.len(), bracket, word.trim_end_matches([',', ';', '.', ':']).len()];
    let known = candidates
        .into_iter()
        .find_map(|length| unit::find(&word[..length]).map(|unit| (unit, &text[length..])));
    known.or_else(|| inch_at_end(text))
}

/// `in` and `in.` are inches only where nothing follows: `2 in 1` is no length.
fn inch_at_end(text: &str) -> Option<(Unit, &str)> {
    let is_inch = matches!(text.trim_end(), "in" | "in.");
    is_inch.then(|| unit::find("inch").map(|unit| (unit, ""))).flatten()
}

/// Whether what follows a value is only a remark (`(ohne Kabel)`, `Herstellergarantie`), not a second value.
pub(super) fn is_remark(text: &str) -> bool {
    let text = text.trim().trim_start_matches(CURRENT_SIGNS).trim_start();
    if text.starts_with('(') && text.ends_with(')') {
        return true;
    }
    let has_more =
        text.contains(|sign: char| sign.is_ascii_digit() || "/x×±+".contains(sign) && text.starts_with(sign));
    !has_more && text.split_whitespace().count() <= MAX_WORDS_AFTER_UNIT
}
