//! What of a page is furniture: menus, banners, baskets, related products, reviews.

use std::collections::HashSet;
use std::sync::LazyLock;

use ego_tree::NodeId;
use scraper::ElementRef;

use super::structured::term;
use super::{elements, is_code, name_words, text_of, text_up_to};

/// Elements that are never main text.
const TAGS: &[&str] = &[
    "nav", "header", "footer", "aside", "svg", "iframe", "object", "canvas", "video", "audio", "dialog",
    "button", "select", "option", "datalist", "textarea", "input", "head", "math",
];

/// Roles that are never main text.
const ROLES: &[&str] = &[
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "dialog",
    "alertdialog",
    "menu",
    "menubar",
    "complementary",
    "tooltip",
];

/// Words in class, id or role that name furniture.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "ad ads advertisement alsobought banner basket bewertung bewertungen breadcrumb breadcrumbs bestseller \
     bestsellers carousel cart comment comments consent cookie cookies crossseller crosssell crossselling \
     dialog footer gdpr kommentare kundenbewertungen kundenmeinungen lastviewed login menu minicart modal nav \
     navbar navi navigation newsletter pagination pager popup rating ratings recentlyviewed recommendation \
     recommendations recommended related rezension rezensionen review reviews share sharing sidebar similar \
     sitemap social teaser testimonials toolbar tooltip topbar upsell upselling warenkorb wishlist"
        .split_whitespace()
        .collect()
});

/// Known words of at least this length also count at the beginning of a longer word.
const PREFIX: usize = 6;

/// A list or box with at least this many links, and this share of its text in them, is a menu.
const MENU_LINKS: usize = 4;
const MENU_SHARE: f64 = 0.8;

/// Hidden elements with fewer bytes of text are messages, not tabs.
const HIDDEN_CHARS: usize = 300;

/// Class names of messages that a page keeps ready. Whole names: `error-codes` is content.
const MESSAGES: &[&str] =
    &["error", "errors", "error-message", "error-msg", "alert", "alert-danger", "alert-box"];

/// Beginnings of names of what is shown on a click: tabs, folds, long descriptions.
const WAITING: &[&str] = &[
    "tab",
    "pane",
    "panel",
    "accordion",
    "collaps",
    "content",
    "descr",
    "beschreib",
    "detail",
    "spec",
    "daten",
    "techn",
    "more",
    "mehr",
    "features",
    "eigenschaften",
];

/// Longer labels of fields say something themselves.
const LABEL_CHARS: usize = 40;

/// Deeper than this, boxes are not measured for links: the measuring would be repeated on every level.
const MENU_DEPTH: usize = 40;

/// Elements that hold the page's own heading, wherever it is repeated, or its description, whatever their names say.
pub(super) fn protected(root: ElementRef<'_>, heading: Option<ElementRef<'_>>) -> HashSet<NodeId> {
    let mut kept = HashSet::new();
    let is_description = |element: &ElementRef<'_>| {
        element.attr("itemprop") == Some("description") && element.value().name() != "meta"
    };
    let described = root.descendent_elements().filter(is_description).filter(|one| !is_reviewed(*one));
    let text = heading.map(text_of);
    let repeated = elements(root, "h1").filter(|one| Some(text_of(*one)) == text);
    for element in heading.into_iter().chain(repeated.take(4)).chain(described.take(4)) {
        kept.insert(element.id());
        kept.extend(element.ancestors().map(|ancestor| ancestor.id()));
    }
    kept
}

/// Whether an element belongs to a review, by the thing around it.
fn is_reviewed(element: ElementRef<'_>) -> bool {
    let above = element.ancestors().filter_map(ElementRef::wrap);
    above.into_iter().any(is_review)
}

/// A review or rating as a thing for machines.
fn is_review(element: ElementRef<'_>) -> bool {
    let kind = element.attr("itemtype").map(term).unwrap_or_default();
    let is_property = matches!(element.attr("itemprop"), Some("review" | "reviews" | "aggregateRating"));
    is_property || matches!(kind.as_str(), "Review" | "Review-aggregate" | "UserComments" | "AggregateRating")
}

/// Every element inside another that is not furniture by its very tag (buttons, menus).
pub(super) fn boxes(root: ElementRef<'_>) -> HashSet<NodeId> {
    let inside = root.descendent_elements().skip(1);
    inside.filter(|element| !TAGS.contains(&element.value().name())).map(|element| element.id()).collect()
}

/// Whether an element stands in furniture; boxes of links are not measured.
pub(crate) fn stands_in_furniture(element: ElementRef<'_>, protected: &HashSet<NodeId>) -> bool {
    let above = element.ancestors().filter_map(ElementRef::wrap);
    std::iter::once(element).chain(above).any(|one| is_boilerplate(one, usize::MAX, protected))
}

/// A word names furniture itself or begins with a longer word that does (`cookiehinweis`).
fn names_furniture(word: &str) -> bool {
    WORDS.iter().any(|known| *known == word || (known.len() >= PREFIX && word.starts_with(known)))
}

/// Whether an element is furniture.
pub(super) fn is_boilerplate(element: ElementRef<'_>, depth: usize, protected: &HashSet<NodeId>) -> bool {
    let tag = element.value().name();
    if is_code(tag) {
        return true;
    }
    if protected.contains(&element.id()) || matches!(tag, "html" | "body" | "main" | "article") {
        return false;
    }
    let role = element.attr("role").unwrap_or("");
    TAGS.contains(&tag)
        || is_hidden(element)
        || is_control_label(element)
        || element.value().classes().any(|class| MESSAGES.contains(&class))
        || ROLES.contains(&role)
        || is_review(element)
        || is_called_furniture(element)
        || is_menu(element, depth)
}

/// By its names; what is called a price is none, whatever stands beside it (`priceReviews`), nor is the form that puts the
/// product into the basket.
fn is_called_furniture(element: ElementRef<'_>) -> bool {
    let words = name_words(element);
    let is_called = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let is_basket = |word: &str| matches!(word, "cart" | "basket" | "warenkorb");
    let is_form = element.value().name() == "form" || is_called(&["add", "to", "form"]);
    let names_other = |word: &String| names_furniture(word) && !(is_form && is_basket(word));
    !is_called(&["price", "preis"]) && words.iter().any(names_other)
}

/// Hidden for good, or until somebody acts: messages, forms, explanations. Tabs and folded descriptions are content that
/// waits.
fn is_hidden(element: ElementRef<'_>) -> bool {
    if element.attr("hidden").is_some() && element.value().name() != "details" {
        return true;
    }
    let has_form = || elements(element, "form").next().is_some();
    let is_short = || text_up_to(element, HIDDEN_CHARS).len() <= HIDDEN_CHARS;
    let waits = || name_words(element).iter().any(|word| WAITING.iter().any(|name| word.starts_with(name)));
    is_switched_off(element) && (!waits() || has_form() || is_short())
}

/// By its own style.
pub(super) fn is_switched_off(element: ElementRef<'_>) -> bool {
    let Some(style) = element.attr("style").map(str::to_ascii_lowercase) else { return false };
    style.split(';').any(|rule| {
        rule.split_once(':')
            .is_some_and(|(name, value)| name.trim() == "display" && value.trim().starts_with("none"))
    })
}

/// The label of a field that a customer fills in: short, without a number such as a price.
fn is_control_label(element: ElementRef<'_>) -> bool {
    if element.value().name() != "label" {
        return false;
    }
    let is_control = |name: &str| matches!(name, "input" | "select" | "textarea" | "button");
    let beside = element.next_siblings().filter_map(ElementRef::wrap).next();
    let names_field = element.attr("for").is_some()
        || beside.is_some_and(|one| is_control(one.value().name()))
        || element.descendent_elements().any(|inside| is_control(inside.value().name()));
    let text = text_up_to(element, LABEL_CHARS);
    names_field && text.len() <= LABEL_CHARS && !text.contains(|sign: char| sign.is_ascii_digit())
}

fn is_menu(element: ElementRef<'_>, depth: usize) -> bool {
    let is_box = matches!(element.value().name(), "ul" | "ol" | "div" | "section");
    if !is_box || depth > MENU_DEPTH {
        return false;
    }
    let links: Vec<usize> = elements(element, "a").map(visible).filter(|length| *length > 0).collect();
    if links.len() < MENU_LINKS {
        return false;
    }
    let linked: usize = links.iter().sum();
    linked as f64 > MENU_SHARE * visible(element) as f64
}

/// Characters of an element's text without the blanks between its parts.
fn visible(element: ElementRef<'_>) -> usize {
    text_of(element).chars().filter(|sign| !sign.is_whitespace()).count()
}
