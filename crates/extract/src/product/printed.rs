//! What a page prints of its product without any markup for machines: price and breadcrumb.

use std::sync::LazyLock;

use auskunft_model::Value;
use auskunft_text::normal::fold;
use auskunft_text::value::{count_currencies, currencies, read_money, vat_note};
use scraper::{ElementRef, Html};

use super::specs::{MAX_KEY, is_amount};
use crate::html::boilerplate::stands_in_furniture;
use crate::html::{Landmarks, elements, leads_away, name_words, text_of, text_up_to};

/// Names of elements that hold a price.
const PRICE: &[&str] = &["price", "preis", "prix", "cena", "amount", "varient-price"];

/// Names of elements that hold another price than that of the product now.
static OTHER: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "old was uvp rrp msrp strike alt original before list compare savings save discount rabatt shipping \
     versand delivery cart basket warenkorb range base grundpreis unit rate finance finanzierung raten \
     monthly reduction"
        .split_whitespace()
        .collect()
});

/// Words right before an amount that say the same.
const OTHER_WORDS: &[&str] = &[
    "uvp",
    "statt",
    "list price",
    "compare at",
    "was",
    "rrp",
    "savings",
    "you save",
    "sie sparen",
    "versand",
    "versandkosten",
    "shipping",
    "delivery",
    "lieferung",
    "als geschenk",
    "ab einem",
    "free",
];

/// The surroundings of a price that may say whether VAT is included, in bytes.
const CONTEXT: usize = 160;

/// Levels above a price that are looked at.
const LEVELS: usize = 6;

/// Deeper in the tree of a price lies no card of a list.
const CARD_LEVELS: usize = 8;

/// A page with this many cards of the same form is a list of products.
const CARDS: usize = 3;

/// A price that is printed without any markup for machines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PrintedPrice {
    pub(super) text: String,
    /// The currency of other amounts on the page, for a price that is printed without.
    pub(super) currency: Option<&'static str>,
    /// What stands beside it says whether VAT is included.
    pub(super) vat_included: Option<bool>,
}

/// Prices in the order in which they may be the product's: of elements that are called a price behind the heading, then
/// of other elements that hold nothing but an amount with its currency.
pub(super) fn prices(tree: &Html, landmarks: &Landmarks<'_>) -> Vec<PrintedPrice> {
    let root = tree.root_element();
    let behind = behind_heading(root, landmarks);
    let currency = page_currency(root);
    let is_own = |element: &ElementRef<'_>| {
        !stands_in_furniture(*element, &landmarks.protected) && !is_other(*element) && !is_card(*element)
    };
    let called = behind.iter().filter(|element| is_called_price(**element));
    let called =
        called.filter(|element| is_short_amount(**element, currency) && !holds_price(**element, currency));
    let plain = behind.iter().filter(|element| is_plain_amount(**element));
    let own = called.chain(plain).filter(|element| is_own(element));
    own.map(|element| price(*element, currency)).collect()
}

/// Elements from the page's heading on; all of them, where it has none.
fn behind_heading<'a>(root: ElementRef<'a>, landmarks: &Landmarks<'_>) -> Vec<ElementRef<'a>> {
    let heading = landmarks.heading.map(|heading| heading.id());
    let all: Vec<ElementRef<'a>> = root.descendent_elements().collect();
    let start = all.iter().position(|element| Some(element.id()) == heading).unwrap_or(0);
    all[start..].to_vec()
}

fn is_called_price(element: ElementRef<'_>) -> bool {
    let words = name_words(element);
    let is_price = |word: &String| PRICE.iter().any(|name| word == name || word.ends_with(name));
    words.iter().any(is_price)
}

/// Whether an element inside is called a price, too: that one is nearer to it.
fn holds_price(element: ElementRef<'_>, currency: Option<&str>) -> bool {
    let mut inside = element.descendent_elements().skip(1);
    inside.any(|one| is_called_price(one) && is_short_amount(one, currency))
}

fn is_short_amount(element: ElementRef<'_>, currency: Option<&str>) -> bool {
    let text = text_up_to(element, CONTEXT);
    text.chars().count() <= MAX_KEY && is_amount(&text, currency)
}

/// An element whose words are an amount with its currency and nothing else.
fn is_plain_amount(element: ElementRef<'_>) -> bool {
    let is_inline =
        matches!(element.value().name(), "b" | "strong" | "span" | "em" | "p" | "div" | "td" | "big" | "ins");
    let text = || text_up_to(element, CONTEXT);
    let is_money =
        |text: String| matches!(auskunft_text::read_value(&text), Value::Money { minor, .. } if minor > 0);
    is_inline && is_money(text())
}

/// Old prices, prices of shipping: by their own or a near element's name, by being struck out, by the words before.
fn is_other(element: ElementRef<'_>) -> bool {
    let near = element.ancestors().filter_map(ElementRef::wrap).take(2);
    let named = std::iter::once(element).chain(near).any(|one| {
        let words = name_words(one);
        let is_struck = matches!(one.value().name(), "s" | "del" | "strike");
        is_struck || words.iter().any(|word| OTHER.contains(&word.as_str()))
    });
    named || says_other(&words_before(element)) || begins_other(&text_up_to(element, CONTEXT))
}

/// The words of the line before an element.
fn words_before(element: ElementRef<'_>) -> String {
    let before = element.prev_siblings().filter_map(|node| match node.value() {
        scraper::Node::Text(text) => Some(text.to_string()),
        scraper::Node::Element(_) => ElementRef::wrap(node).map(|one| text_up_to(one, CONTEXT)),
        _ => None,
    });
    before.map(|text| fold(&text)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// Whether words before an amount say that it is another price.
fn says_other(text: &str) -> bool {
    let folded = fold(text);
    let text = folded.trim_end_matches([':', ' ']);
    begins_other(text) || OTHER_WORDS.iter().any(|word| text.ends_with(word))
}

/// Whether what stands before the first digit begins so: `UVP 199,00 €`; notes behind the amount do not count.
fn begins_other(text: &str) -> bool {
    let start: String = fold(text).chars().take_while(|sign| !sign.is_ascii_digit()).collect();
    OTHER_WORDS.iter().any(|word| start.starts_with(word))
}

/// Whether an element stands in one of several cards of the same form, each with a link: another product of a list.
fn is_card(element: ElementRef<'_>) -> bool {
    let above = element.ancestors().filter_map(ElementRef::wrap).take(CARD_LEVELS);
    above.into_iter().any(|card| {
        let class = card.attr("class").unwrap_or("");
        let has_link = |one: ElementRef<'_>| elements(one, "a").any(|link| leads_away(link));
        let is_same = |one: &ElementRef<'_>| {
            one.value().name() == card.value().name()
                && one.attr("class").unwrap_or("") == class
                && has_link(*one)
        };
        let siblings =
            card.parent().into_iter().flat_map(|parent| parent.children()).filter_map(ElementRef::wrap);
        let is_cell = matches!(card.value().name(), "td" | "th" | "tr" | "tbody");
        !is_cell && has_link(card) && siblings.filter(is_same).take(CARDS).count() >= CARDS
    })
}

fn price(element: ElementRef<'_>, currency: Option<&'static str>) -> PrintedPrice {
    let text = text_of(element);
    let has_own = is_amount(&text, None);
    let vat_included = vat_note(&text).or_else(|| vat_around(element, &text));
    PrintedPrice { currency: currency.filter(|_| !has_own), vat_included, text }
}

/// The note of the largest surroundings that hold no other amount.
fn vat_around(element: ElementRef<'_>, own: &str) -> Option<bool> {
    let above = element.ancestors().filter_map(ElementRef::wrap).take(LEVELS);
    let texts =
        above.map(|one| text_up_to(one, CONTEXT)).take_while(|text| text.len() <= CONTEXT + own.len());
    let alone = texts.take_while(|text| !has_other_amount(text, own));
    alone.filter_map(|text| vat_note(&text)).last()
}

fn has_other_amount(text: &str, own: &str) -> bool {
    count_currencies(text) > count_currencies(own).max(1)
}

/// Whether the page says of all its prices that VAT is included.
pub(super) fn page_vat(tree: &Html) -> Option<bool> {
    const OPENINGS: &[&str] =
        &["alle preise", "preise verstehen sich", "genannten preise", "all prices", "prices include"];
    let text = fold(&text_of(tree.root_element()));
    let after =
        |opening: &&str| text.find(*opening).map(|at| text[at..].chars().take(CONTEXT).collect::<String>());
    OPENINGS.iter().filter_map(after).find_map(|note| vat_note(&note))
}

/// The currency whose sign a page prints most.
fn page_currency(root: ElementRef<'_>) -> Option<&'static str> {
    let page = text_of(root);
    let counted = ["€", "£", "$", "zł", "₽"].map(|sign| (page.matches(sign).count(), sign));
    let (count, sign) = counted.into_iter().rev().max_by_key(|(count, _)| *count)?;
    currencies().find(|(known, _)| *known == sign && count > 0).map(|(_, code)| code)
}

/// The links of the innermost element that is called a breadcrumb.
pub(super) fn breadcrumb(tree: &Html) -> Vec<String> {
    let is_crumb = |element: &ElementRef<'_>| {
        let words = name_words(*element);
        words
            .iter()
            .any(|word| matches!(word.as_str(), "breadcrumb" | "breadcrumbs" | "crumbs" | "pagecrumbs"))
    };
    let holds_crumb = |element: &ElementRef<'_>| {
        element.descendent_elements().skip(1).any(|inside| is_crumb(&inside) && !links(inside).is_empty())
    };
    let root = tree.root_element();
    let boxes =
        root.descendent_elements().filter(|element| !matches!(element.value().name(), "html" | "body"));
    let found = boxes.filter(|element| is_crumb(element) && !holds_crumb(element)).map(links);
    found.into_iter().find(|steps| !steps.is_empty()).unwrap_or_default()
}

/// Texts of links that lead somewhere.
fn links(element: ElementRef<'_>) -> Vec<String> {
    let leads = |link: &ElementRef<'_>| {
        !link.attr("href").is_some_and(|target| target.starts_with("javascript:") || target == "#")
    };
    let texts = elements(element, "a").filter(leads).map(text_of);
    texts.filter(|text| !text.is_empty() && text.chars().count() <= MAX_KEY).collect()
}

/// The amount of a printed price in minor units.
pub(super) fn minor(price: &PrintedPrice) -> Option<i64> {
    match read_money(&price.text, price.currency) {
        Some(Value::Money { minor, .. }) => Some(minor),
        _ => None,
    }
}
