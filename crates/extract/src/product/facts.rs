//! Statements as typed facts: attributes and numbers.

use auskunft_model::{Attribute, Identifier, IdentifierKind, Language, Value, Variant};
use auskunft_text::identifier;
use auskunft_text::normal::fold;
use auskunft_text::value::{read_attribute, read_data, read_money, read_parts};

use super::printed::{self, PrintedPrice};
use super::{AVAILABILITY_KEY, PRICE_KEY, availability, keys, specs};
use crate::html::structured::{Said, Stated};

/// The stated price, else the printed one, with the VAT note of the statement, of what stands beside the same amount, or of
/// the page.
pub(super) fn price(stated: &Stated, prices: &[PrintedPrice], page_vat: Option<bool>) -> Option<Attribute> {
    let first = prices.first();
    let fallback = stated.currency.as_deref().or_else(|| first.and_then(|price| price.currency));
    let own = stated.price.as_deref().and_then(|text| money(text, fallback, stated.vat_included));
    let mut price = own.or_else(|| {
        let printed = first?;
        money(&printed.text, stated.currency.as_deref().or(printed.currency), printed.vat_included)
    })?;
    if let Value::Money { minor, vat_included, .. } = &mut price.value {
        let same = prices.iter().filter(|printed| printed::minor(printed) == Some(*minor));
        let beside = same.filter_map(|printed| printed.vat_included).next();
        *vat_included = vat_included.or(beside).or(page_vat);
    }
    Some(price)
}

/// A price as an attribute; without any currency it cannot be compared, and nothing is no price.
pub(super) fn money(text: &str, currency: Option<&str>, vat: Option<bool>) -> Option<Attribute> {
    let mut value = read_money(text, currency)?;
    let Value::Money { minor, vat_included, .. } = &mut value else { return None };
    *vat_included = vat_included.or(vat);
    (*minor > 0).then(|| Attribute { key: PRICE_KEY.to_owned(), value, text: text.to_owned() })
}

/// Price and availability first, then what the page states of the product.
pub(super) fn attributes(stated: &Stated, price: Option<Attribute>, language: &Language) -> Vec<Attribute> {
    let term = availability(stated);
    let discontinued = term.as_deref().filter(|term| *term == "Discontinued");
    let discontinued = discontinued.map(|_| Attribute::text("discontinued", "true"));
    let others = stated.attributes.iter().flat_map(|said| typed(said, language));
    let availability = term.as_deref().map(|term| Attribute::text(AVAILABILITY_KEY, term));
    price.into_iter().chain(availability).chain(discontinued).chain(others).collect()
}

/// The stated availability as a schema.org term: some pages state it in words (`In Stock`).
fn availability(stated: &Stated) -> Option<String> {
    let stated = stated.availability.as_deref()?;
    Some(availability::term(&fold(stated)).unwrap_or(stated).to_owned())
}

/// A statement with its value; behind it the quantities of a value that states several, each under a key of its own.
fn typed(said: &Said, language: &Language) -> Vec<Attribute> {
    let key = keys::of_field(&said.key, language);
    let (key, text) = (key.trim_end_matches(':').trim(), said.value.as_str());
    let whole = |value: Value| Attribute { key: key.to_owned(), value, text: text.to_owned() };
    if specs::names_product(key) {
        return vec![whole(Value::Text)];
    }
    let parts = read_parts(key, text, language);
    let own = parts.iter().find(|part| part.key == key).map(|part| part.value.clone());
    let first = whole(own.unwrap_or_else(|| value(key, said, language)));
    let others = parts.into_iter().filter(|part| part.key != key);
    let others = others.map(|part| Attribute { key: part.key, value: part.value, text: part.text });
    std::iter::once(first).chain(others).collect()
}

/// What a value means under a key.
pub(super) fn value(key: &str, said: &Said, language: &Language) -> Value {
    let read = if said.is_data { read_data } else { read_attribute };
    read(key, &said.value, language)
}

/// The product's numbers, those of its variants, and model numbers in its title.
pub(super) fn identifiers(stated: &Stated, variants: &[Variant], title: &str) -> Vec<Identifier> {
    let mut found = numbers(stated);
    // A number in the title that only begins one of the product's own names its series: siblings bear it too.
    let own: Vec<String> = found.iter().map(|known| identifier::normal_form(&known.text)).collect();
    let is_new =
        |number: &Identifier| !own.iter().any(|own| own.starts_with(&identifier::normal_form(&number.text)));
    found.extend(identifier::find(title).into_iter().filter(is_new));
    for number in variants.iter().flat_map(|variant| &variant.identifiers) {
        if !found.contains(number) {
            found.push(number.clone());
        }
    }
    found
}

/// What a description states of numbers; an EAN only with its correct check digit.
pub(super) fn numbers(stated: &Stated) -> Vec<Identifier> {
    let gtin = stated.gtin.as_ref().filter(|text| identifier::is_gtin(text));
    let named = [
        (IdentifierKind::Sku, stated.sku.as_ref()),
        (IdentifierKind::Ean, gtin),
        (IdentifierKind::Model, stated.model.as_ref()),
        (IdentifierKind::Part, stated.mpn.as_ref()),
    ];
    let named = named.into_iter().filter_map(|(kind, text)| Some(Identifier { kind, text: text?.clone() }));
    named.collect()
}
