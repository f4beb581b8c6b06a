//! In what the variants of a series differ.

use super::kinds::{Kind, Value};
use crate::random::Random;

/// What names of variants promise: the attribute that differs, and whether this variant has the most or the least of it.
const PROMISES: &[(&str, &str, bool)] = &[
    ("Silent", "noise", false),
    ("Light", "weight", false),
    ("WP", "waterproof", true),
    ("Sport", "runtime", true),
    ("Max", "runtime", true),
];

/// The attribute in which the variants differ, and the value of each.
pub(super) fn varied(kind: &Kind, suffixes: &[String], random: &mut Random) -> (usize, Vec<Value>) {
    let numbers: Option<Vec<i64>> = suffixes.iter().map(|suffix| suffix.parse().ok()).collect();
    for name in &kind.numbered {
        let Some(place) = kind.attribute(name) else { continue };
        let accepted = numbers.as_ref().and_then(|numbers| {
            numbers
                .iter()
                .map(|number| kind.attributes[place].accepts(*number))
                .collect::<Option<Vec<Value>>>()
        });
        if let Some(values) = accepted {
            return (place, values);
        }
    }
    let promise = PROMISES.iter().find_map(|(suffix, attribute, is_most)| {
        let variant = suffixes.iter().position(|own| own == suffix)?;
        Some((variant, kind.attribute(attribute)?, *is_most))
    });
    let place = promise
        .map(|(_, place, _)| place)
        .or_else(|| kind.attribute(random.pick::<String>(&kind.variant_by)));
    let place = place.unwrap_or(0);
    let mut values = distinct_values(kind, place, suffixes.len(), random);
    if let Some((variant, _, is_most)) = promise {
        let best = (0..values.len())
            .max_by_key(|at| if is_most { (values[*at], 0) } else { (inverse(values[*at]), 0) });
        values.swap(variant, best.unwrap_or(variant));
    }
    (place, values)
}

/// A value that sorts the other way round.
fn inverse(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(-number),
        Value::Choice(place) => Value::Choice(usize::MAX - place),
    }
}

fn distinct_values(kind: &Kind, place: usize, count: usize, random: &mut Random) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for _ in 0..400 {
        let value = kind.attributes[place].draw(random);
        if values.len() < count && !values.contains(&value) {
            values.push(value);
        }
    }
    // An attribute with fewer values than variants: some are alike.
    while values.len() < count {
        values.push(kind.attributes[place].draw(random));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::kinds::kinds;

    fn of(kind: &str, suffixes: &[&str]) -> (String, Vec<Value>) {
        let kinds = kinds().unwrap();
        let kind = kinds.iter().find(|own| own.id == kind).unwrap();
        let suffixes: Vec<String> = suffixes.iter().map(|suffix| (*suffix).to_owned()).collect();
        let (place, values) = varied(kind, &suffixes, &mut Random::new(1, "test", 0));
        (kind.attributes[place].id.clone(), values)
    }

    #[test]
    fn a_number_in_the_name_is_the_figure() {
        let figures = vec![Value::Number(128), Value::Number(256)];
        assert_eq!(of("smartphone", &["128", "256"]), ("storage".to_owned(), figures));
    }

    #[test]
    fn the_silent_one_is_the_quietest() {
        let (attribute, values) = of("bodenstaubsauger", &["", "Silent"]);
        assert_eq!(attribute, "noise");
        assert!(values[1] < values[0], "{values:?}");
    }

    #[test]
    fn variants_differ() {
        let (_, values) = of("kaffeevollautomat", &["S", "M", "L"]);
        assert!(values[0] != values[1] && values[1] != values[2] && values[0] != values[2], "{values:?}");
    }
}
