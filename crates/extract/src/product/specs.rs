//! What a page prints of its product without any markup for machines: spec tables, breadcrumbs, prices.

use auskunft_model::{Block, Section, Value};
use auskunft_text::normal::fold;
use auskunft_text::value::read_money;
use auskunft_text::{identifier, read_value};
use scraper::{ElementRef, Html};

use crate::html::boilerplate::{protected, stands_in_furniture};
use crate::html::structured::Stated;
use crate::html::{elements, name_words, text_of};

/// Longer texts are no keys and no values.
const MAX_KEY: usize = 60;
const MAX_VALUE: usize = 300;

/// Keys as shops print them, folded.
const SKU: &[&str] = &[
    "artikelnummer",
    "artikel-nr",
    "artikel-nr.",
    "artikelnr",
    "artikelnr.",
    "art.-nr",
    "art.-nr.",
    "art.nr.",
    "art. nr.",
    "bestellnummer",
    "sku",
    "item number",
    "product code",
    "item no.",
];
const EAN: &[&str] = &["ean", "ean-code", "ean code", "gtin", "upc", "barcode", "ean/gtin", "isbn", "ean13"];
const PART: &[&str] = &[
    "herstellernummer",
    "hersteller-nr.",
    "hersteller-artikelnummer",
    "herstellerartikelnummer",
    "hersteller-nr",
    "mpn",
    "teilenummer",
    "part number",
    "manufacturer part number",
];
const MODEL: &[&str] = &[
    "modell",
    "modellnummer",
    "modellbezeichnung",
    "model",
    "model number",
    "typenbezeichnung",
    "modell-nr.",
];
const MAKER: &[&str] = &["marke", "hersteller", "brand", "manufacturer", "maker"];
const FAMILY: &[&str] =
    &["produktart", "produkttyp", "geraetetyp", "artikeltyp", "typ", "product type", "type", "warengruppe"];
const CATEGORY: &[&str] = &["kategorie", "category"];
const PRICE: &[&str] = &["preis", "verkaufspreis", "unser preis", "price", "our price"];
const AVAILABILITY: &[&str] = &["verfuegbarkeit", "lieferstatus", "lagerstatus", "availability"];

/// Beginnings of printed availabilities, folded, as schema.org terms.
const AVAILABILITIES: &[(&str, &str)] = &[
    ("sofort lieferbar", "InStock"),
    ("auf lager", "InStock"),
    ("lagernd", "InStock"),
    ("verfuegbar", "InStock"),
    ("in stock", "InStock"),
    ("ausverkauft", "SoldOut"),
    ("nicht lieferbar", "OutOfStock"),
    ("nicht auf lager", "OutOfStock"),
    ("nicht verfuegbar", "OutOfStock"),
    ("out of stock", "OutOfStock"),
    ("vorbestell", "PreOrder"),
    ("auslauf", "Discontinued"),
];

/// Keys and values that the page's tables, definition lists and `key: value` items print.
pub(super) fn pairs(sections: &[Section]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for block in sections.iter().flat_map(|section| &section.blocks) {
        for (key, value) in of_block(block) {
            let is_new = !found.iter().any(|(known, _)| *known == key);
            if is_new && is_pair(&key, &value) {
                found.push((key, value));
            }
        }
    }
    found
}

fn of_block(block: &Block) -> Vec<(String, String)> {
    match block {
        Block::Table { header, rows } if header.len() <= 2 => {
            rows.iter().filter(|row| row.len() == 2).map(|row| (tidy(&row[0]), row[1].clone())).collect()
        }
        Block::Item { text } | Block::Paragraph { text } => {
            let text = text.strip_prefix("• ").unwrap_or(text);
            let pair = text.split_once(": ").map(|(key, value)| (tidy(key), value.trim().to_owned()));
            pair.filter(|(key, value)| is_sure(key, value)).into_iter().collect()
        }
        Block::Table { .. } | Block::Contents { .. } => Vec::new(),
    }
}

fn tidy(key: &str) -> String {
    key.trim().trim_end_matches(':').trim_end().to_owned()
}

fn is_pair(key: &str, value: &str) -> bool {
    let is_short = key.chars().count() <= MAX_KEY && value.chars().count() <= MAX_VALUE;
    is_short && key.chars().any(char::is_alphabetic) && !value.is_empty()
}

/// A line of running text is a pair only when its key is known or its value is typed.
fn is_sure(key: &str, value: &str) -> bool {
    let known = [SKU, EAN, PART, MODEL, MAKER, FAMILY, CATEGORY].concat();
    let is_key = key.split_whitespace().count() <= 4;
    let is_typed = || matches!(read_value(value), Value::Quantity { .. } | Value::Money { .. });
    known.contains(&fold(key).as_str()) && value.split_whitespace().count() <= 4 || is_key && is_typed()
}

/// The product's own numbers and maker among the printed pairs; all pairs are attributes.
pub(super) fn stated(pairs: &[(String, String)]) -> Stated {
    let get = |keys: &[&str]| {
        pairs.iter().find(|(key, _)| keys.contains(&fold(key).as_str())).map(|(_, value)| value.clone())
    };
    Stated {
        sku: get(SKU),
        gtin: get(EAN).filter(|text| identifier::is_gtin(text)),
        mpn: get(PART),
        model: get(MODEL),
        brand: get(MAKER),
        category: get(CATEGORY),
        price: get(PRICE).filter(|text| is_amount(text, None)),
        availability: get(AVAILABILITY).and_then(|text| availability(&text)),
        attributes: pairs.to_vec(),
        ..Stated::default()
    }
}

/// The schema.org term of a printed availability.
fn availability(text: &str) -> Option<String> {
    let text = fold(text);
    let found = AVAILABILITIES.iter().find(|(begins, _)| text.starts_with(begins));
    found.map(|(_, term)| (*term).to_owned())
}

/// Whether a key's values are numbers that name the product, never amounts.
pub(super) fn names_product(key: &str) -> bool {
    [SKU, EAN, PART, MODEL].concat().contains(&fold(key).as_str())
}

/// The kind of product among attributes.
pub(super) fn family(attributes: &[(String, String)]) -> Option<String> {
    let is_word =
        |value: &str| value.chars().count() <= MAX_KEY && !value.contains(|sign: char| sign.is_ascii_digit());
    let by_trust = FAMILY.iter().filter_map(|name| attributes.iter().find(|(key, _)| fold(key) == *name));
    by_trust.map(|(_, value)| value.clone()).find(|value| is_word(value))
}

/// The links of the innermost element that is called a breadcrumb.
pub(super) fn breadcrumb(tree: &Html) -> Vec<String> {
    let is_crumb = |element: &ElementRef<'_>| {
        let words = name_words(*element);
        words.iter().any(|word| matches!(word.as_str(), "breadcrumb" | "breadcrumbs" | "crumbs"))
    };
    let holds_crumb = |element: &ElementRef<'_>| {
        element.descendent_elements().skip(1).any(|inside| is_crumb(&inside) && has_links(inside))
    };
    let root = tree.root_element();
    let boxes =
        root.descendent_elements().filter(|element| !matches!(element.value().name(), "html" | "body"));
    let found = boxes.filter(|element| is_crumb(element) && !holds_crumb(element)).map(links);
    found.into_iter().find(|steps| !steps.is_empty()).unwrap_or_default()
}

fn has_links(element: ElementRef<'_>) -> bool {
    !links(element).is_empty()
}

/// Texts of links that lead somewhere.
fn links(element: ElementRef<'_>) -> Vec<String> {
    let leads = |link: &ElementRef<'_>| {
        !link.attr("href").is_some_and(|target| target.starts_with("javascript:") || target == "#")
    };
    let texts = elements(element, "a").filter(leads).map(text_of);
    texts.filter(|text| !text.is_empty() && text.chars().count() <= MAX_KEY).collect()
}

/// A price that is printed without any markup for machines.
pub(super) struct PrintedPrice {
    pub(super) text: String,
    /// The currency of other amounts on the page, for a price that is printed without.
    pub(super) currency: Option<&'static str>,
}

/// The first text of an element that is called a price and holds an amount, with its currency where one has it. Old
/// prices, prices of shipping and of other products are passed over.
pub(super) fn printed_price(tree: &Html) -> Option<PrintedPrice> {
    const NAMES: &[&str] = &["price", "preis", "prix", "amount"];
    const OTHER: &[&str] =
        &["old", "was", "uvp", "rrp", "strike", "alt", "shipping", "versand", "cart", "basket", "range"];
    let is_price = |element: &ElementRef<'_>| {
        let words = name_words(*element);
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        any(NAMES) && !any(OTHER)
    };
    let root = tree.root_element();
    let protected = protected(root);
    let own =
        root.descendent_elements().filter(is_price).filter(|price| !stands_in_furniture(*price, &protected));
    let texts = own.map(text_of);
    let texts: Vec<String> = texts.filter(|text| text.chars().count() <= MAX_KEY).collect();
    let first = |currency| texts.iter().find(|text| is_amount(text, currency)).cloned();
    if let Some(text) = first(None) {
        return Some(PrintedPrice { text, currency: None });
    }
    let page = text_of(root);
    let currency =
        [("€", "EUR"), ("£", "GBP"), ("$", "USD")].into_iter().find(|(sign, _)| page.contains(sign));
    let currency = currency.map(|(_, code)| code);
    first(currency).map(|text| PrintedPrice { text, currency })
}

/// Whether a text holds an amount above nothing.
fn is_amount(text: &str, currency: Option<&str>) -> bool {
    matches!(read_money(text, currency), Some(Value::Money { minor, .. }) if minor > 0)
}
