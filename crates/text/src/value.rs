//! What a printed value means: money, a quantity in a base unit, dimensions, a class, a size, a number, or just text.

use auskunft_model::{Language, Value};

use crate::number::{self, Style};

pub use money::{count_currencies, currencies, read_money, vat_note};
pub use several::{Part, read_parts};

mod class;
mod dimensions;
mod key;
mod money;
mod quantity;
mod several;
mod size;

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

/// Longer texts, in bytes, are running text, whatever they begin with.
const MAX_LENGTH: usize = 1_000;

/// Signs before a value with the same role.
const LEADING_SIGNS: &[char] = &['~', '≈', '<', '>', '≤', '≥', 'Ø', '='];

/// Reads a printed value: `ca. 2,3 kg` is 2300 g, `24 Monate` is 24 months, `1.299,00 €` is 129900 cents,
/// `30 x 20 x 10 cm` are three lengths in mm. What is not surely one value (several quantities, unknown units) is
/// [`Value::Text`].
pub fn read_value(text: &str) -> Value {
    read_styled(text, Style::German)
}

/// Reads the value of a key in a text of that language: as [`read_value`], with `1,299` after the language's manner, a
/// unit taken from the key (`Gewicht (kg)`), and with classes and sizes, which only the key tells from words and numbers.
pub fn read_attribute(key: &str, text: &str, language: &Language) -> Value {
    read_keyed(key, text, Style::of(language))
}

/// Reads the value of a key in data for machines (JSON-LD, `content`): as [`read_attribute`], but a point always parts
/// decimals (schema.org, `Number`), so that `1.250 kg` is 1250 g on a German page, too. Units that are counted in whole
/// numbers keep their thousands.
pub fn read_data(key: &str, text: &str, language: &Language) -> Value {
    read_keyed(key, text, Style::of(language).of_data())
}

fn read_keyed(key: &str, text: &str, style: Style) -> Value {
    let meaning = key::Meaning::of(key);
    if meaning.is_energy
        && let Some(value) = class::energy(text)
    {
        return value;
    }
    if meaning.is_size
        && let Some(value) = size::read(text)
    {
        return value;
    }
    match read_styled(text, style) {
        Value::Number { .. } | Value::Text => meaning
            .unit
            .and_then(|unit| with_unit(text, unit, style))
            .unwrap_or_else(|| read_styled(text, style)),
        typed => typed,
    }
}

fn read_styled(text: &str, style: Style) -> Value {
    if text.len() > MAX_LENGTH {
        return Value::Text;
    }
    let text = strip_leading(text.trim());
    let typed = money::strict(text).or_else(|| class::protection(text));
    let typed = typed.or_else(|| dimensions::read(text, style)).or_else(|| quantity::read(text, style));
    typed.or_else(|| plain_number(text, style)).unwrap_or(Value::Text)
}

/// A bare number, range or product of lengths whose unit stands in the key.
fn with_unit(text: &str, unit: &str, style: Style) -> Option<Value> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let bare = strip_leading(text.trim());
    let ends_in_digit = bare.ends_with(|last: char| last.is_ascii_digit() || "½¼¾".contains(last));
    let text = format!("{bare} {unit}");
    let typed = || dimensions::read(&text, style).or_else(|| quantity::read(&text, style));
    ends_in_digit.then(typed).flatten()
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

/// A number alone. Numbers with leading zeros and very long ones are identifiers, not amounts.
fn plain_number(text: &str, style: Style) -> Option<Value> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_code =
        digits > 12 || (text.starts_with('0') && text[1..].starts_with(|next: char| next.is_ascii_digit()));
    if is_code || text.contains('/') {
        return None;
    }
    number::parse_whole(text).map(|number| Value::Number { amount: number.read(style) })
}

#[cfg(test)]
mod tests;
