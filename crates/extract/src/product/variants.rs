//! Variants of a product, or the products of a list: as data, and as a table where the page's text lacks them.

use auskunft_model::{Attribute, Block, Language, Section, Value, Variant};
use auskunft_text::normal::fold;
use auskunft_text::value::read_money;

use super::{PRICE_KEY, facts};
use crate::html::structured::Stated;

/// The stated variants, else the choices in the form.
pub(super) fn of(stated: &Stated, chosen: Vec<Variant>, language: &Language) -> Vec<Variant> {
    if stated.variants.is_empty() {
        return chosen;
    }
    stated.variants.iter().map(|one| variant(one, stated.currency.as_deref(), language)).collect()
}

/// The products of a list.
pub(super) fn listed(products: &[Stated], language: &Language) -> Vec<Variant> {
    products.iter().map(|one| variant(one, None, language)).collect()
}

fn variant(stated: &Stated, currency: Option<&str>, language: &Language) -> Variant {
    let currency = stated.currency.as_deref().or(currency);
    let price = stated.price.as_deref().and_then(|text| facts::money(text, currency, stated.vat_included));
    Variant {
        name: stated.name.clone(),
        identifiers: facts::numbers(stated),
        attributes: facts::attributes(stated, price, language),
    }
}

/// A section with the named variants that the page's text does not name; `text` is that text, folded.
pub(super) fn section(
    variants: &[Variant],
    is_list: bool,
    text: &str,
    language: &Language,
) -> Option<Section> {
    let is_german = *language == Language::german();
    let (heading, first, number, price) = match (is_german, is_list) {
        (true, true) => ("Produkte", "Produkt", "Artikelnummer", "Preis"),
        (true, false) => ("Varianten", "Variante", "Artikelnummer", "Preis"),
        (false, true) => ("Products", "Product", "Item number", "Price"),
        (false, false) => ("Variants", "Variant", "Item number", "Price"),
    };
    let is_missing =
        |variant: &&Variant| variant.name.as_deref().is_some_and(|name| !text.contains(&fold(name)));
    let rows: Vec<Vec<String>> = variants.iter().filter(is_missing).map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let header = [first, number, price].map(str::to_owned).to_vec();
    let blocks = vec![Block::Table { header, rows }];
    Some(Section { blocks, ..Section::of_paragraphs(vec![heading.to_owned()], None, Vec::new()) })
}

fn row(variant: &Variant) -> Vec<String> {
    let numbers: Vec<&str> = variant.identifiers.iter().map(|number| number.text.as_str()).collect();
    let price = variant.attributes.iter().find(|attribute| attribute.key == PRICE_KEY);
    vec![variant.name.clone().unwrap_or_default(), numbers.join(", "), price.map(printed).unwrap_or_default()]
}

/// A price as stated, with its currency where the statement has none of its own.
fn printed(price: &Attribute) -> String {
    match &price.value {
        Value::Money { currency, .. } if read_money(&price.text, None).is_none() => {
            format!("{} {currency}", price.text)
        }
        _ => price.text.clone(),
    }
}
