//! What products are compared by where the question names nothing that people compare by.

use auskunft_store::facts::ProductFactsRow;

use super::comparison::attribute;
use crate::analysis::words;
use crate::understand::{Better, Part, aspect_of};

/// The properties whose names stand in the question ("höhere Bildwiederholrate"); all when none does.
pub(super) fn named_properties<'a>(
    part: &Part,
    properties: Vec<(Vec<&'a str>, Better)>,
) -> Vec<(Vec<&'a str>, Better)> {
    let asked = format!(" {} ", words(&part.text).join(" "));
    let is_said = |key: &str| {
        let key = words(key).join(" ");
        !key.is_empty() && asked.contains(&format!(" {key} "))
    };
    let is_named = |(keys, _): &(Vec<&str>, Better)| keys.iter().any(|key| is_said(key));
    let named: Vec<_> = properties.iter().filter(|property| is_named(property)).cloned().collect();
    if named.is_empty() { properties } else { named }
}

/// What names a product is no property of it.
const NAMES: &[&str] = &[
    "name",
    "maker",
    "category",
    "family",
    "ean",
    "sku",
    "discontinued",
    "successor",
    "marke",
    "hersteller",
    "modell",
    "artikelnummer",
    "artikelnr.",
    "preis",
    "brand",
    "manufacturer",
    "model",
    "price",
    "gtin",
    "mpn",
    "item number",
    "item no.",
    "artikel-nr.",
    "art.-nr.",
    "availability",
    "lieferstatus",
    "verfügbarkeit",
    "lieferbarkeit",
    "lieferzeit",
    "lagerbestand",
    "condition",
    "zustand",
    "stock",
];

/// Properties by their keys in every language, in the order of the pages: those that at least two of the products state, and those
/// that people compare by, though one alone states them: that the other does not is said.
pub(super) fn properties<'a>(rows: &[&'a ProductFactsRow]) -> Vec<(Vec<&'a str>, Better)> {
    let keys = rows.iter().flat_map(|row| row.attributes.iter().map(|stated| stated.attribute.key.as_str()));
    let mut shared: Vec<(Vec<&str>, Better)> = Vec::new();
    for key in keys {
        let aspect = aspect_of(key);
        let property =
            aspect.map_or_else(|| (vec![key], Better::None), |aspect| (aspect.keys.to_vec(), aspect.better));
        let holders = rows.iter().filter(|row| attribute(&property.0, row).is_some()).count();
        let is_known =
            shared.iter().any(|(known, _)| known[0].to_lowercase() == property.0[0].to_lowercase());
        if (holders > 1 || aspect.is_some()) && !is_known && !NAMES.contains(&key.to_lowercase().as_str()) {
            shared.push(property);
        }
    }
    shared
}
