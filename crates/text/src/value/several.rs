//! Several quantities in one value: `230 V / 50 Hz`, `220-240 V ~ 50/60 Hz, 1500 W`.

use auskunft_model::{Language, Value};

use super::quantity::{self, convert, unit_at_start, upper_end};
use super::strip_leading;
use crate::normal::fold;
use crate::number::{self, Number, Style};
use crate::unit::{self, Unit};

/// One quantity of a value that states several.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Whose it is: the key itself where it names this quantity, else `key (quantity)`.
    pub key: String,
    /// The quantity.
    pub value: Value,
    /// Its own words.
    pub text: String,
}

/// Base units with what they measure, German and English: only these stand beside each other in one value.
const MEASURED: &[(&str, &str, &str)] = &[
    ("V", "Spannung", "voltage"),
    ("Hz", "Frequenz", "frequency"),
    ("W", "Leistung", "power"),
    ("VA", "Scheinleistung", "apparent power"),
    ("A", "Stromstärke", "current"),
    ("mAh", "Kapazität", "capacity"),
    ("Wh", "Energie", "energy"),
    ("rpm", "Drehzahl", "speed"),
    ("bar", "Druck", "pressure"),
    ("g", "Gewicht", "weight"),
];

/// Units whose two values with a slash between them are the ends of one range: `50/60 Hz`.
const ALTERNATIVES: &[&str] = &["V", "Hz"];

/// Most quantities of one value.
const MOST: usize = 4;

/// The quantities of a value that is made of two to four, each of another kind, and of nothing else. Key parts that a slash
/// or `und` parts (`Spannung / Frequenz`) name them in their order.
pub fn read_parts(key: &str, text: &str, language: &Language) -> Vec<Part> {
    let Some(found) = quantities(text, Style::of(language)) else { return Vec::new() };
    let keys = keys(key, &found, language);
    let parts = found.into_iter().zip(keys);
    parts.map(|(one, key)| Part { key, value: one.value, text: one.text }).collect()
}

struct Quantity {
    base: &'static str,
    value: Value,
    text: String,
}

fn quantities(text: &str, style: Style) -> Option<Vec<Quantity>> {
    let mut found: Vec<Quantity> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && found.len() < MOST {
        let (quantity, after) = quantity(rest, style)?;
        let is_new = MEASURED.iter().any(|(base, ..)| *base == quantity.base)
            && !found.iter().any(|known| known.base == quantity.base);
        is_new.then_some(())?;
        found.push(quantity);
        rest = without_joint(after)?;
    }
    (rest.is_empty() && found.len() > 1).then_some(found)
}

/// What stands behind a quantity, without what parts it from the next.
fn without_joint(after: &str) -> Option<&str> {
    let signless = after.trim_start_matches(|sign: char| sign.is_whitespace() || "/,;|·~∼⎓+&".contains(sign));
    let word = signless.split_whitespace().next().unwrap_or("");
    let is_word = matches!(word, "und" | "and" | "bei" | "at" | "AC" | "DC" | "AC," | "DC,");
    let rest = if is_word { signless[word.len()..].trim_start() } else { signless };
    (rest.is_empty() || rest.len() < after.len()).then_some(rest)
}

fn quantity(text: &str, style: Style) -> Option<(Quantity, &str)> {
    let start = strip_leading(text);
    let (lower, length) = number::at_start(start)?;
    let rest = start[length..].trim_start();
    let (value, unit, after) = match upper_end(rest).or_else(|| alternative(rest)) {
        Some((upper, behind)) => range(lower, upper, behind, style)?,
        None => {
            let (unit, after) = unit_before_joint(rest)?;
            let amount = convert(lower, unit, style);
            (Value::Quantity { amount, upper: None, unit: unit.base.to_owned() }, unit, after)
        }
    };
    let words = text[..text.len() - after.len()].trim_end_matches([' ', ',', ';', '~']);
    Some((Quantity { base: unit.base, value, text: words.to_owned() }, after))
}

fn range(lower: Number, upper: Number, behind: &str, style: Style) -> Option<(Value, Unit, &str)> {
    let (unit, after) = unit_before_joint(behind)?;
    let value = quantity::ascending(convert(lower, unit, style), convert(upper, unit, style), unit)?;
    Some((value, unit, after))
}

/// `/60 Hz` behind a first number.
fn alternative(text: &str) -> Option<(Number, &str)> {
    let rest = text.strip_prefix('/')?.trim_start();
    let (upper, length) = number::at_start(rest)?;
    let behind = rest[length..].trim_start();
    let (unit, _) = unit_before_joint(behind)?;
    ALTERNATIVES.contains(&unit.base).then_some((upper, behind))
}

/// A unit, also one that a slash or comma follows at once: `230V/50Hz`.
fn unit_before_joint(text: &str) -> Option<(Unit, &str)> {
    unit_at_start(text).or_else(|| {
        let end = text.find(['/', ',', ';', '|'])?;
        unit::find(&text[..end]).map(|unit| (unit, &text[end..]))
    })
}

/// A key for each quantity.
fn keys(key: &str, found: &[Quantity], language: &Language) -> Vec<String> {
    let key = key.trim_end_matches([':', ' ']);
    let named: Vec<&str> = key
        .split(['/', '|'])
        .flat_map(|part| part.split(" und "))
        .flat_map(|part| part.split(" and "))
        .collect();
    if named.len() == found.len() {
        return named.into_iter().map(|part| part.trim().to_owned()).collect();
    }
    let is_german = *language == Language::german();
    let own = fold(key);
    let key_of = |one: &Quantity| {
        let (_, german, english) = MEASURED.iter().find(|(base, ..)| *base == one.base)?;
        let names_it = own.ends_with(&fold(german)) || own.ends_with(english);
        Some(if names_it {
            key.to_owned()
        } else {
            format!("{key} ({})", if is_german { german } else { english })
        })
    };
    found.iter().map(|one| key_of(one).unwrap_or_else(|| key.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(key: &str, text: &str, language: &Language) -> Vec<(String, f64, Option<f64>, String)> {
        let parts = read_parts(key, text, language).into_iter();
        let values = parts.map(|part| match part.value {
            Value::Quantity { amount, upper, unit } => (part.key, amount, upper, unit),
            other => panic!("{other:?}"),
        });
        values.collect()
    }

    fn line(key: &str, amount: f64, upper: Option<f64>, unit: &str) -> (String, f64, Option<f64>, String) {
        (key.to_owned(), amount, upper, unit.to_owned())
    }

    #[test]
    fn quantities_of_several_kinds_are_read_each() {
        let german = Language::german();
        let mains = [line("Netz (Spannung)", 230.0, None, "V"), line("Netz (Frequenz)", 50.0, None, "Hz")];
        for text in ["230 V / 50 Hz", "230V/50Hz", "230 V, 50 Hz", "230 V~ 50 Hz", "ca. 230 V ~, 50 Hz"] {
            assert_eq!(read("Netz", text, &german), mains, "{text}");
        }
        let all = [
            line("Netz (Spannung)", 220.0, Some(240.0), "V"),
            line("Netz (Frequenz)", 50.0, Some(60.0), "Hz"),
            line("Netz (Leistung)", 1500.0, None, "W"),
        ];
        assert_eq!(read("Netz:", "220-240 V ~ 50/60 Hz, 1500 W", &german), all);
        assert_eq!(read("Netz:", "220–240V~, 50/60Hz, 1500W", &german), all);
        let battery =
            [line("Battery (voltage)", 14.4, None, "V"), line("Battery (capacity)", 2600.0, None, "mAh")];
        assert_eq!(read("Battery", "14.4 V, 2600 mAh", &Language::english()), battery);
    }

    #[test]
    fn keys_name_their_own_quantities() {
        let german = Language::german();
        let named = [line("Spannung", 230.0, None, "V"), line("Frequenz", 50.0, None, "Hz")];
        assert_eq!(read("Spannung / Frequenz", "230 V / 50 Hz", &german), named);
        assert_eq!(read("Spannung und Frequenz", "230 V / 50 Hz", &german), named);
        let power =
            [line("Nennleistung (Spannung)", 230.0, None, "V"), line("Nennleistung", 900.0, None, "W")];
        assert_eq!(read("Nennleistung", "230 V, 900 W", &german), power);
    }

    #[test]
    fn other_values_have_no_parts() {
        for text in [
            "230 V",
            "2,2 kg / 4,9 lb",
            "5 V, 2 A / 9 V, 2 A",
            "230 V / 50 Hz mit Eurostecker",
            "30 x 20 cm",
            "50/60 Hz",
            "2 x 20 W",
            "30 W/m",
            "1/2 l, 3 kg",
            "rot / 3 kg",
            "5 g / 100 ml",
            "",
        ] {
            assert_eq!(read_parts("Daten", text, &Language::german()), [], "{text}");
        }
    }
}
