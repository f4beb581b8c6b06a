//! What of a page is furniture: menus, banners, baskets, related products, reviews.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::ElementRef;

use super::{elements, is_code, name_words, text_of};

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
const WORDS: &[&str] = &[
    "ad",
    "ads",
    "advertisement",
    "alsobought",
    "banner",
    "basket",
    "bewertung",
    "bewertungen",
    "breadcrumb",
    "breadcrumbs",
    "carousel",
    "cart",
    "comment",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "crosssell",
    "crossselling",
    "footer",
    "gdpr",
    "kommentare",
    "login",
    "menu",
    "minicart",
    "modal",
    "nav",
    "navbar",
    "navi",
    "navigation",
    "newsletter",
    "pagination",
    "pager",
    "popup",
    "rating",
    "ratings",
    "recommendation",
    "recommendations",
    "recommended",
    "related",
    "rezension",
    "rezensionen",
    "review",
    "reviews",
    "share",
    "sharing",
    "sidebar",
    "similar",
    "sitemap",
    "social",
    "teaser",
    "testimonials",
    "toolbar",
    "tooltip",
    "topbar",
    "upsell",
    "upselling",
    "warenkorb",
    "wishlist",
];

/// Known words of at least this length also count at the beginning of a longer word.
const PREFIX: usize = 6;

/// A list or box with at least this many links, and this share of its text in them, is a menu.
const MENU_LINKS: usize = 4;
const MENU_SHARE: f64 = 0.8;

/// Deeper than this, boxes are not measured for links: the measuring would be repeated on every level.
const MENU_DEPTH: usize = 40;

/// Elements that hold the page's own heading or description, whatever their names say.
pub(crate) fn protected(root: ElementRef<'_>) -> HashSet<NodeId> {
    let mut kept = HashSet::new();
    let described =
        root.descendent_elements().filter(|element| element.attr("itemprop") == Some("description"));
    let headings = elements(root, "h1").take(1);
    for element in headings.chain(described.take(4)) {
        kept.insert(element.id());
        kept.extend(element.ancestors().map(|ancestor| ancestor.id()));
    }
    kept
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
    let is_hidden = element.attr("hidden").is_some() && tag != "details";
    let role = element.attr("role").unwrap_or("");
    TAGS.contains(&tag)
        || is_hidden
        || ROLES.contains(&role)
        || name_words(element).iter().any(|word| names_furniture(word))
        || is_menu(element, depth)
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
