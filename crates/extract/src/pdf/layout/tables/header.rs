//! Whether a table's first row names its columns.

use super::builder::{Cell, TableRow};
use crate::pdf::troubleshooting;

/// Names of the columns of a table of keys and values.
const KEY_NAMES: [&str; 9] = [
    "merkmal",
    "eigenschaft",
    "bezeichnung",
    "parameter",
    "kenngröße",
    "feature",
    "property",
    "item",
    "specification",
];
const VALUE_NAMES: [&str; 6] = ["wert", "angabe", "daten", "beschreibung", "value", "description"];

/// The first row names the columns when it alone is bold, or when it has words where the next one has numbers, or when
/// its words are known column names.
pub(super) fn is_first_row(rows: &[TableRow]) -> bool {
    let [first, rest @ ..] = rows else { return false };
    if rest.is_empty() || first.cells.len() < 2 || first.cells.iter().any(|cell| has_digit(&cell.text)) {
        return false;
    }
    let names: Vec<&str> = first.cells.iter().map(|cell| cell.text.as_str()).collect();
    if troubleshooting::is_header(&names) || names_keys(&names) {
        return true;
    }
    let is_bold = |row: &TableRow| row.cells.iter().all(|cell| cell.bold);
    let has_bold_key = |row: &TableRow| row.cells.first().is_some_and(|cell| cell.bold);
    if is_bold(first) && !rest.iter().all(has_bold_key) {
        return true;
    }
    let is_number = |cell: &Cell| {
        cell.column > 0
            && rest.iter().filter_map(|row| row.cell(cell.column)).all(|below| has_digit(&below.text))
    };
    first.cells.len() >= 3
        && first.cells.iter().filter(|cell| is_number(cell)).count() * 2 >= first.cells.len()
}

/// `Merkmal | Wert`, the usual names over keys and values.
fn names_keys(names: &[&str]) -> bool {
    let is_one_of = |name: &str, known: &[&str]| known.contains(&name.to_lowercase().as_str());
    matches!(names, [key, value] if is_one_of(key, &KEY_NAMES) && is_one_of(value, &VALUE_NAMES))
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|sign| sign.is_ascii_digit())
}
