//! Choices in the product's form that are variants.

use auskunft_model::{Identifier, IdentifierKind, Variant};
use auskunft_text::identifier;
use scraper::{ElementRef, Html};

use crate::html::boilerplate::stands_in_furniture;
use crate::html::{Landmarks, elements, text_of};

/// Choices in the product's form that state a number of their own (`<option data-sku="…">`).
pub(super) fn variants(tree: &Html, landmarks: &Landmarks<'_>) -> Vec<Variant> {
    let lists = elements(tree.root_element(), "select").filter(|list| {
        let above = list.parent().and_then(ElementRef::wrap);
        above.is_some_and(|above| !stands_in_furniture(above, &landmarks.protected))
    });
    let variants: Vec<Variant> =
        lists.flat_map(|list| elements(list, "option").filter_map(variant).collect::<Vec<_>>()).collect();
    if variants.len() > 1 { variants } else { Vec::new() }
}

fn variant(option: ElementRef<'_>) -> Option<Variant> {
    let get = |names: &[&str]| {
        let found = names.iter().find_map(|name| option.attr(name));
        found.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let sku = get(&["data-sku", "data-product-sku", "data-artnr", "data-article-number"]);
    let ean = get(&["data-ean", "data-gtin"]).filter(|text| identifier::is_gtin(text));
    let as_identifier =
        |kind: IdentifierKind, text: Option<String>| text.map(|text| Identifier { kind, text });
    let numbers = [as_identifier(IdentifierKind::Sku, sku), as_identifier(IdentifierKind::Ean, ean)];
    let identifiers: Vec<Identifier> = numbers.into_iter().flatten().collect();
    let name = Some(text_of(option)).filter(|text| !text.is_empty());
    (!identifiers.is_empty()).then(|| Variant { name, identifiers, attributes: Vec::new() })
}
