//! Real product pages: what their markup states is read as stated, and without any markup name and price are still right.

use std::collections::BTreeSet;

use auskunft_extract::PRICE_KEY;
use auskunft_model::{Attribute, Document, SourceKind, Value};
use scraper::{Html, Node, Selector};
use serde::Deserialize;

use crate::samples::{bytes, documents};

/// What a person reads on a page.
#[derive(Deserialize)]
struct Truth {
    file: String,
    name: String,
    /// In minor units: the price, or each of them where the page sells packs or states net and gross.
    prices: Vec<i64>,
    currency: Option<String>,
}

fn truths() -> Vec<Truth> {
    let text = String::from_utf8(bytes("product-pages/truth.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn path(file: &str) -> String {
    format!("product-pages/{file}")
}

fn read(file: &str) -> Document {
    documents(&path(file), SourceKind::Product, &bytes(&path(file))).remove(0)
}

fn money(attributes: &[Attribute]) -> Option<(i64, String)> {
    let price = attributes.iter().find(|attribute| attribute.key == PRICE_KEY)?;
    match &price.value {
        Value::Money { minor, currency, .. } => Some((*minor, currency.clone())),
        other => panic!("{other:?}"),
    }
}

/// Prices with their currencies of a page's product and of all its variants.
fn all_money(document: &Document) -> BTreeSet<(i64, String)> {
    let variants = document.variants.iter().filter_map(|variant| money(&variant.attributes));
    money(&document.attributes).into_iter().chain(variants).collect()
}

/// The attributes and elements by which a page speaks to machines.
const MARKUP: &[&str] = &[
    "itemscope",
    "itemtype",
    "itemprop",
    "itemid",
    "itemref",
    "typeof",
    "property",
    "vocab",
    "prefix",
    "about",
    "resource",
    "datatype",
    "content",
    "rel",
    "data-sku",
    "data-ean",
    "data-gtin",
];

/// The page without JSON-LD, microdata, RDFa and `meta` elements with properties.
fn stripped(file: &str) -> String {
    let text = String::from_utf8(bytes(&path(file))).unwrap();
    let mut page = Html::parse_document(&text);
    let nodes: Vec<_> = page.tree.nodes().map(|node| node.id()).collect();
    for id in nodes {
        let mut node = page.tree.get_mut(id).unwrap();
        let Node::Element(element) = node.value() else { continue };
        let is_data = element.attr("type").is_some_and(|kind| kind.contains("ld+json"));
        let name =
            element.attr("property").or_else(|| element.attr("itemprop")).or_else(|| element.attr("name"));
        let is_meta = element.name() == "meta" && name.is_some();
        element.attrs.retain(|(name, _)| !MARKUP.contains(&name.local.as_ref()));
        if is_data || is_meta {
            node.detach();
        }
    }
    page.html()
}

/// Digits of a stated price as minor units: all sample prices have two decimals or are whole roubles.
fn minor(stated: &str) -> i64 {
    let digits: String = stated.chars().filter(char::is_ascii_digit).collect();
    let has_cents = stated.contains([',', '.']);
    digits.parse::<i64>().unwrap() * if has_cents { 1 } else { 100 }
}

/// Everything that a page's markup states under these properties, read by hand of the attributes alone.
fn stated(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let value = |element: scraper::ElementRef<'_>| {
        let text = element.attr("content").map_or_else(|| element.text().collect(), str::to_owned);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    page.select(&selector).map(value).filter(|text| !text.is_empty()).collect()
}

const PRODUCT: &str = "[itemtype$='/Product']";

#[test]
fn every_price_currency_and_number_that_a_page_states_is_read_as_stated() {
    let mut counted = (0, 0, 0);
    for truth in truths() {
        let document = read(&truth.file);
        let page = Html::parse_document(&String::from_utf8(bytes(&path(&truth.file))).unwrap());
        let read = all_money(&document);
        let prices = stated(&page, "[itemprop='price'], meta[property='og:price:amount']");
        for price in &prices {
            assert!(
                read.iter().any(|(amount, _)| *amount == minor(price)),
                "{}: {price} in {read:?}",
                truth.file
            );
        }
        let currencies = stated(
            &page,
            "[itemprop='priceCurrency'], [itemprop='pricecurrency'], meta[property='og:price:currency']",
        );
        for currency in &currencies {
            assert!(read.iter().any(|(_, known)| known == currency), "{}: {currency}", truth.file);
        }
        let numbers = stated(&page, "[itemprop='sku'], [itemprop='productID'], [itemprop^='gtin']");
        for number in &numbers {
            let bare = number.rsplit(':').next().unwrap();
            assert!(document.identifiers.iter().any(|known| known.text == bare), "{}: {number}", truth.file);
        }
        counted = (counted.0 + prices.len(), counted.1 + currencies.len(), counted.2 + numbers.len());
    }
    assert_eq!(counted, (24, 22, 16), "the statements of the sample pages");
}

#[test]
fn every_name_that_a_page_states_is_read_as_stated() {
    let mut pages = 0;
    for truth in truths() {
        let document = read(&truth.file);
        let page = Html::parse_document(&String::from_utf8(bytes(&path(&truth.file))).unwrap());
        let names = stated(&page, &format!("{PRODUCT} [itemprop='name']"));
        let variants = document.variants.iter().filter_map(|variant| variant.name.as_deref());
        let read: Vec<&str> = variants.chain([document.title.as_str()]).collect();
        for name in &names {
            assert!(read.contains(&name.as_str()), "{}: {name} in {read:?}", truth.file);
        }
        pages += usize::from(!names.is_empty());
    }
    assert_eq!(pages, 12);
}

#[test]
fn without_any_markup_name_and_price_are_still_right() {
    let mut wrong = Vec::new();
    for truth in truths() {
        let file = path(&truth.file);
        let text = stripped(&truth.file);
        let Some(document) = documents(&file, SourceKind::Product, text.as_bytes()).pop() else {
            wrong.push(format!("{}: not read", truth.file));
            continue;
        };
        let read = money(&document.attributes);
        let is_price = match &read {
            Some((minor, currency)) => {
                truth.prices.contains(minor) && truth.currency.as_ref() == Some(currency)
            }
            None => truth.prices.is_empty(),
        };
        if document.title != truth.name || !is_price {
            wrong.push(format!("{}: {} {read:?}", truth.file, document.title));
        }
    }
    assert!(wrong.len() <= 1, "{wrong:#?}");
}
