//! Microdata (`itemscope`, `itemtype`, `itemprop`).

use scraper::{ElementRef, Html};

use super::{Stated, is_product, term};
use crate::html::text_of;

/// A property with the scopes between it and the product: `["offers"]` for a price of its offer.
struct Property<'a> {
    path: Vec<String>,
    name: &'a str,
    element: ElementRef<'a>,
}

/// What the page's product states: the scope that bears the page's own heading, else the first.
pub(crate) fn product(document: &Html, heading: Option<&str>) -> Option<Stated> {
    let root = document.root_element();
    let scopes: Vec<ElementRef<'_>> =
        root.descendent_elements().filter(|element| scope_is(*element, &is_product)).collect();
    let stated: Vec<Stated> = scopes.into_iter().map(stated).collect();
    let own = stated.iter().position(|one| heading.is_some() && one.name.as_deref() == heading);
    stated.into_iter().nth(own.unwrap_or(0))
}

/// Names of the breadcrumb, outermost first.
pub(crate) fn breadcrumb(document: &Html) -> Vec<String> {
    let root = document.root_element();
    let list =
        root.descendent_elements().find(|element| scope_is(*element, &|kind| term(kind) == "BreadcrumbList"));
    let named = |element: &ElementRef<'_>| element.attr("itemprop") == Some("name");
    list.map(|list| list.descendent_elements().filter(named).map(text_of).collect()).unwrap_or_default()
}

fn scope_is(element: ElementRef<'_>, test: &dyn Fn(&str) -> bool) -> bool {
    element.attr("itemscope").is_some()
        && element.attr("itemtype").is_some_and(|kinds| kinds.split_whitespace().any(test))
}

fn stated(scope: ElementRef<'_>) -> Stated {
    let properties = properties(scope);
    let find =
        |path: &[&str], names: &[&str]| names.iter().find_map(|name| value_at(&properties, path, name));
    let own = |names: &[&str]| find(&[], names);
    let offer = |names: &[&str]| {
        own(names).or_else(|| find(&["offers"], names)).or_else(|| anywhere_in_offer(&properties, names))
    };
    let product_id = own(&["productID"]);
    let id = |mark: &str| product_id.as_deref().and_then(|id| id.strip_prefix(mark)).map(str::to_owned);
    Stated {
        name: own(&["name"]),
        description: own(&["description"]),
        sku: own(&["sku"]).or_else(|| find(&["offers"], &["sku"])).or_else(|| id("sku:")),
        gtin: own(&["gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean"]).or_else(|| id("ean:")),
        mpn: own(&["mpn"]).or_else(|| id("mpn:")),
        model: own(&["model"]),
        brand: own(&["brand", "manufacturer"])
            .or_else(|| find(&["brand"], &["name"]))
            .or_else(|| find(&["manufacturer"], &["name"])),
        category: own(&["category"]),
        price: offer(&["price", "lowPrice"]),
        currency: offer(&["priceCurrency", "currency"]),
        vat_included: None,
        availability: offer(&["availability"]).map(|url| term(&url)),
        attributes: attributes(&properties),
    }
}

fn value_at(properties: &[Property<'_>], path: &[&str], name: &str) -> Option<String> {
    let mut matching = properties.iter().filter(|property| property.name == name && property.path == path);
    matching.find_map(|property| value(property.element, name))
}

/// Old vocabularies and nested price specifications put prices into scopes of other names.
fn anywhere_in_offer(properties: &[Property<'_>], names: &[&str]) -> Option<String> {
    const IN_OFFER: &[&str] =
        &["offers", "offer", "offerDetails", "priceSpecification", "Offer", "AggregateOffer"];
    let inside =
        |property: &&Property<'_>| property.path.iter().any(|scope| IN_OFFER.contains(&scope.as_str()));
    let named = |name: &str| {
        let mut matching = properties.iter().filter(inside).filter(|property| property.name == name);
        matching.find_map(|property| value(property.element, name))
    };
    names.iter().find_map(|name| named(name))
}

/// Properties of a scope and of the scopes inside it, other products left out.
fn properties(scope: ElementRef<'_>) -> Vec<Property<'_>> {
    let mut found = Vec::new();
    for element in scope.descendent_elements().skip(1) {
        let Some(names) = element.attr("itemprop") else { continue };
        let Some(path) = path_to(scope, element) else { continue };
        found.extend(names.split_whitespace().map(|name| Property { path: path.clone(), name, element }));
    }
    found
}

/// The scopes between the product and an element, outermost first; `None` when one of them is another product.
fn path_to(scope: ElementRef<'_>, element: ElementRef<'_>) -> Option<Vec<String>> {
    let mut path = Vec::new();
    for ancestor in element.ancestors().filter_map(ElementRef::wrap) {
        if ancestor.id() == scope.id() {
            path.reverse();
            return Some(path);
        }
        if ancestor.attr("itemscope").is_some() {
            if scope_is(ancestor, &is_product) {
                return None;
            }
            let kind = ancestor.attr("itemtype").map(term).unwrap_or_default();
            path.push(ancestor.attr("itemprop").map_or(kind, str::to_owned));
        }
    }
    None
}

/// The value of a property: `content`, else the address of terms and links without words, else the text.
fn value(element: ElementRef<'_>, name: &str) -> Option<String> {
    let content = element.attr("content").map(auskunft_text::normal::collapse_spaces);
    let address = || element.attr("href").or_else(|| element.attr("value")).map(str::to_owned);
    let is_scope = element.attr("itemscope").is_some();
    let words = || Some(text_of(element)).filter(|text| !text.is_empty() && !is_scope);
    let found = match name {
        "availability" => content.or_else(address).or_else(words),
        _ => {
            content.filter(|text| !text.is_empty()).or_else(words).or_else(|| address().filter(|_| !is_scope))
        }
    };
    found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `additionalProperty` scopes: names and values in their order.
fn attributes(properties: &[Property<'_>]) -> Vec<(String, String)> {
    let inside = |name: &str| -> Vec<String> {
        let here = properties
            .iter()
            .filter(|property| property.name == name && property.path == ["additionalProperty"]);
        here.filter_map(|property| value(property.element, name)).collect()
    };
    let (names, values) = (inside("name"), inside("value"));
    if names.len() == values.len() { names.into_iter().zip(values).collect() } else { Vec::new() }
}
