//! Which heading is the page's own: not the shop's logo, which is a first-level heading on many pages.

use std::collections::HashSet;

use auskunft_text::normal::fold;
use scraper::ElementRef;

use super::{elements, first, leads_away, name_words, text_of};

/// Longer texts are no headings.
const MAX_CHARS: usize = 250;

/// Words of a class or id that together name the product's title.
const THING: &[&str] = &["product", "produkt", "artikel", "article", "item"];
const TITLE: &[&str] = &["name", "title", "titel", "headline"];

/// The element with the page's heading: the first-level heading that shares most with the page's title; else what is
/// styled as one or called the product's name.
pub(crate) fn main_heading(root: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let title = first(root, "title").map(text_of).unwrap_or_default();
    let title: HashSet<String> = words(&title).collect();
    let headings = elements(root, "h1").filter(is_filled);
    best(headings, &title).or_else(|| root.descendent_elements().filter(is_styled).find(is_filled))
}

fn is_filled(element: &ElementRef<'_>) -> bool {
    let text = text_of(*element);
    text.chars().any(char::is_alphanumeric) && text.chars().count() <= MAX_CHARS
}

/// The first of those that share the largest part of their words with the title.
fn best<'a>(
    headings: impl Iterator<Item = ElementRef<'a>>,
    title: &HashSet<String>,
) -> Option<ElementRef<'a>> {
    let mut best: Option<(ElementRef<'a>, f64)> = None;
    for heading in headings {
        let share = share(&text_of(heading), title);
        if best.as_ref().is_none_or(|(_, known)| share > *known) {
            best = Some((heading, share));
        }
    }
    best.map(|(heading, _)| heading)
}

fn share(text: &str, title: &HashSet<String>) -> f64 {
    let words: Vec<String> = words(text).collect();
    let shared = words.iter().filter(|word| title.contains(*word)).count();
    shared as f64 / words.len().max(1) as f64
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned).collect();
    words.into_iter().filter(|word| !word.is_empty())
}

/// `<span class="h1">`, `<div class="product-name">`, `<b role="heading" aria-level="1">`.
fn is_styled(element: &ElementRef<'_>) -> bool {
    if matches!(element.value().name(), "html" | "body" | "head" | "form" | "main") {
        return false;
    }
    let is_role = element.attr("role") == Some("heading") && element.attr("aria-level") == Some("1");
    let words = name_words(*element);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    is_role || any(&["h1"]) || (words.len() <= 3 && any(THING) && any(TITLE))
}

/// The level of a heading; 1 is the highest.
pub(super) fn level(element: ElementRef<'_>) -> Option<u8> {
    match element.value().name() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    }
}

/// Whether all words of an element are one link to another page.
pub(super) fn is_link_away(element: ElementRef<'_>) -> bool {
    let text = text_of(element);
    elements(element, "a").any(|link| leads_away(link) && text_of(link) == text)
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn heading(html: &str) -> Option<String> {
        main_heading(Html::parse_document(html).root_element()).map(text_of)
    }

    #[test]
    fn a_logo_in_a_first_level_heading_is_not_the_pages_heading() {
        let html = "<title>Jacke Alva | Laden</title><h1>Mein kleiner Laden</h1><h1>Jacke Alva</h1>";
        assert_eq!(heading(html).as_deref(), Some("Jacke Alva"));
        assert_eq!(heading("<h1>Eins</h1><h1>Zwei</h1>").as_deref(), Some("Eins"));
    }

    #[test]
    fn what_is_styled_as_a_heading_is_one_where_there_is_no_other() {
        assert_eq!(heading("<p>x</p><span class='h1'>Ring</span>").as_deref(), Some("Ring"));
        assert_eq!(heading("<div class='product-name'>Ring</div>").as_deref(), Some("Ring"));
        assert_eq!(heading("<p>x</p>"), None);
    }
}
