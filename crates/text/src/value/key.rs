//! What the key of an attribute tells about its value.

use crate::normal::fold;
use crate::unit;

/// What a key tells.
pub(super) struct Meaning<'a> {
    /// The unit in brackets or behind `in`: `Gewicht (kg)`, `Breite in cm`, `Waga g.`.
    pub(super) unit: Option<&'a str>,
    /// The value is a class of the energy label.
    pub(super) is_energy: bool,
    /// The value is a size of clothing or shoes.
    pub(super) is_size: bool,
}

const ENERGY: &[&str] = &[
    "energieeffizienz",
    "energieklasse",
    "energielabel",
    "eek",
    "energy efficiency",
    "energy class",
    "energy rating",
];
const SIZE: &[&str] = &[
    "groesse",
    "groessen",
    "size",
    "sizes",
    "schuhgroesse",
    "shoe size",
    "konfektionsgroesse",
    "kleidergroesse",
    "clothing size",
    "lieferbare groessen",
    "verfuegbare groessen",
    "available sizes",
    "eu-groesse",
    "taille",
    "pointure",
];

impl<'a> Meaning<'a> {
    pub(super) fn of(key: &'a str) -> Self {
        let folded = fold(key);
        let folded = folded.trim_end_matches([':', ' ']);
        Self {
            unit: unit_in(key),
            is_energy: ENERGY.iter().any(|word| folded.starts_with(word)),
            is_size: SIZE.contains(&folded),
        }
    }
}

/// The last word of a key, bracketed or behind `in`, where it is a unit.
fn unit_in(key: &str) -> Option<&str> {
    let key = key.trim_end_matches([':', ' ']);
    let bracketed = key.strip_suffix([')', ']']).and_then(|open| open.rsplit_once(['(', '[']));
    if let Some((_, inside)) = bracketed {
        let unit = inside.trim().trim_start_matches("in ").trim();
        return unit::find(unit).map(|_| unit);
    }
    let (before, last) = key.rsplit_once(' ')?;
    let is_marked = before.ends_with(" in") || last.ends_with('.');
    let unit = last.trim_end_matches('.');
    (is_marked && unit::find(unit).is_some()).then_some(unit)
}
