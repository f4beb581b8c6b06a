//! What a printed value means: money, a quantity in a base unit, a number, or just text.

use auskunft_model::Value;

use crate::number::{self, Number};
use crate::unit::{self, Unit};

pub use money::read_money;

mod money;

/// Words before a value that do not change what it is compared by; the printed text is kept beside the value.
const LEADING: &[&str] = &[
    "ca.",
    "ca",
    "circa",
    "etwa",
    "ungefähr",
    "rund",
    "approx.",
    "approx",
    "approximately",
    "about",
    "around",
    "max.",
    "max",
    "maximal",
    "min.",
    "mindestens",
    "minimum",
    "maximum",
    "bis",
    "zu",
    "up",
    "to",
    "ab",
    "from",
    "nur",
    "je",
    "ø",
];

/// Signs before a value with the same role.
const LEADING_SIGNS: &[char] = &['~', '≈', '<', '>', '≤', '≥', 'Ø', '='];

/// More words than these after a unit make a sentence, not a value.
const MAX_WORDS_AFTER_UNIT: usize = 4;

/// Reads a printed value: `ca. 2,3 kg` is 2300 g, `24 Monate` is 24 months, `1.299,00 €` is 129900 cents. What is not
/// surely one value (several quantities, sizes such as `30 x 20 cm`, unknown units) is [`Value::Text`].
pub fn read_value(text: &str) -> Value {
    let text = strip_leading(text.trim());
    money::strict(text).or_else(|| quantity(text)).or_else(|| plain_number(text)).unwrap_or(Value::Text)
}

/// Drops words and signs of approximation at the start.
fn strip_leading(text: &str) -> &str {
    let mut rest = text;
    loop {
        let signless = rest.trim_start_matches(LEADING_SIGNS).trim_start();
        let word = signless.split_whitespace().next().unwrap_or("");
        let is_leading = word.len() < signless.len() && LEADING.contains(&word.to_lowercase().as_str());
        rest = if is_leading { signless[word.len()..].trim_start() } else { signless };
        if !is_leading {
            return rest;
        }
    }
}

fn quantity(text: &str) -> Option<Value> {
    let (lower, length) = number::at_start(text)?;
    let rest = text[length..].trim_start();
    if let Some(value) = range(lower, rest) {
        return Some(value);
    }
    let (unit, after) = unit_at_start(rest)?;
    if let Some(value) = range_with_two_units(lower, unit, after) {
        return Some(value);
    }
    is_remark(after).then(|| Value::Quantity {
        amount: convert(lower, unit),
        upper: None,
        unit: unit.base.to_owned(),
    })
}

/// `– 35 °C` behind a first number.
fn range(lower: Number, rest: &str) -> Option<Value> {
    let (upper, rest) = upper_end(rest)?;
    let (unit, after) = unit_at_start(rest)?;
    is_remark(after).then_some(())?;
    ascending(convert(lower, unit), convert(upper, unit), unit)
}

/// `– 20 mm` behind `10 mm`.
fn range_with_two_units(lower: Number, lower_unit: Unit, after: &str) -> Option<Value> {
    let (upper, rest) = upper_end(after)?;
    let (unit, after) = unit_at_start(rest)?;
    (unit.base == lower_unit.base && is_remark(after)).then_some(())?;
    ascending(convert(lower, lower_unit), convert(upper, unit), unit)
}

fn ascending(lower: f64, upper: f64, unit: Unit) -> Option<Value> {
    (lower < upper).then(|| Value::Quantity { amount: lower, upper: Some(upper), unit: unit.base.to_owned() })
}

/// The upper end of a range and what follows it.
fn upper_end(text: &str) -> Option<(Number, &str)> {
    const BETWEEN: &[&str] = &["bis", "to", "…", "...", "–", "—", "-", "\u{2212}"];
    let text = text.trim_start();
    let rest = BETWEEN.iter().find_map(|sign| text.strip_prefix(sign))?.trim_start();
    let (upper, length) = number::at_start(rest)?;
    Some((upper, rest[length..].trim_start()))
}

fn convert(number: Number, unit: Unit) -> f64 {
    unit.to_base(if unit.is_whole { number.as_whole() } else { number.amount })
}

/// The unit at the start and what follows it. `m²`, `dB(A)` and `Std.` are read whole before their parts are tried.
fn unit_at_start(text: &str) -> Option<(Unit, &str)> {
    let word_end = text.find(char::is_whitespace).unwrap_or(text.len());
    let word = &text[..word_end];
    let bracket = word.find(['(', '*', '~']).unwrap_or(word.len());
    let candidates = [word.len(), bracket, word.trim_end_matches([',', ';', '.', ':']).len()];
    candidates.into_iter().find_map(|length| unit::find(&word[..length]).map(|unit| (unit, &text[length..])))
}

/// Whether what follows a value is only a remark (`(ohne Kabel)`, `Herstellergarantie`), not a second value.
fn is_remark(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with('(') && text.ends_with(')') {
        return true;
    }
    let has_more =
        text.contains(|sign: char| sign.is_ascii_digit() || "/x×±+".contains(sign) && text.starts_with(sign));
    !has_more && text.split_whitespace().count() <= MAX_WORDS_AFTER_UNIT
}

/// A number alone. Numbers with leading zeros and very long ones are identifiers, not amounts.
fn plain_number(text: &str) -> Option<Value> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_code =
        digits > 12 || (text.starts_with('0') && text[1..].starts_with(|next: char| next.is_ascii_digit()));
    if is_code {
        return None;
    }
    number::parse_whole(text).map(|number| Value::Number { amount: number.amount })
}

#[cfg(test)]
mod tests;
