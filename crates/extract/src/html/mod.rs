//! HTML pages: their text as sections, and what they state about themselves.

pub(crate) mod boilerplate;
pub(crate) mod depth;
mod heading;
mod repeats;
pub(crate) mod structured;
mod table;
mod walk;

use std::collections::HashSet;

use auskunft_model::Section;
use auskunft_text::normal::collapse_spaces;
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

use heading::main_heading;
pub(crate) use table::own_terms;
use walk::{Reading, Walked};

/// What was read of a page; the parsed tree itself never leaves this module's callers.
pub(crate) struct Page {
    /// The main text, without the title in heading paths.
    pub(crate) sections: Vec<Section>,
    /// Keys and values that stand in definition lists of the main text.
    pub(crate) definitions: Vec<(String, String)>,
    /// Rows across tables that are headings of the rows below.
    pub(crate) groups: HashSet<String>,
    /// The first heading of the main text, else of the page.
    pub(crate) heading: Option<String>,
    /// The page's `title` element.
    pub(crate) title: Option<String>,
    /// The page's `lang`.
    pub(crate) language: Option<String>,
}

/// What readers of a page look for before anything else.
pub(crate) struct Landmarks<'a> {
    /// The element with the page's heading.
    pub(crate) heading: Option<ElementRef<'a>>,
    /// Elements that are never furniture, whatever their names say: those that hold the heading or the description.
    pub(crate) protected: HashSet<NodeId>,
}

impl<'a> Landmarks<'a> {
    /// Those of a page or a piece of one.
    pub(crate) fn of(root: ElementRef<'a>) -> Self {
        let heading = main_heading(root);
        Self { heading, protected: boilerplate::protected(root, heading) }
    }
}

/// Reads a page's text and titles.
pub(crate) fn page(document: &Html) -> Page {
    read(document, Reading::Text, &Landmarks::of(document.root_element()))
}

/// Reads a product page's text and titles: lines that are nothing but links lead elsewhere and are left out.
pub(crate) fn product_page(document: &Html, landmarks: &Landmarks<'_>) -> Page {
    read(document, Reading::Product, landmarks)
}

fn read(document: &Html, reading: Reading, landmarks: &Landmarks<'_>) -> Page {
    let root = document.root_element();
    let Walked { sections, definitions, groups } = walk::sections(root, reading, landmarks);
    Page {
        sections,
        definitions,
        groups,
        heading: landmarks.heading.map(text_of).or_else(|| first_heading(root)),
        title: first(root, "title").map(text_of).filter(|text| !text.is_empty()),
        language: root.attr("lang").or_else(|| root.attr("xml:lang")).map(str::to_owned),
    }
}

/// Reads a piece of HTML, such as an answer; nothing, when it is nested beyond sense.
pub(crate) fn fragment_sections(html: &str) -> Vec<Section> {
    if depth::is_too_deep(html) {
        return Vec::new();
    }
    let fragment = Html::parse_fragment(html);
    let root = fragment.root_element();
    walk::sections(root, Reading::Text, &Landmarks::of(root)).sections
}

/// Reads a piece of HTML that answers a question; nothing, when it is nested beyond sense.
pub(crate) fn answer_sections(html: &str) -> Vec<Section> {
    if depth::is_too_deep(html) {
        return Vec::new();
    }
    walk::answer(Html::parse_fragment(html).root_element())
}

/// Reads an element that answers a question, hidden or not: folds are closed when a page is delivered.
pub(crate) fn element_sections(element: ElementRef<'_>) -> Vec<Section> {
    walk::answer(element)
}

/// The first second-level heading that has words, for pages without a heading of their own.
fn first_heading(root: ElementRef<'_>) -> Option<String> {
    elements(root, "h2").map(text_of).find(|text| !text.is_empty())
}

/// All elements of a tag below another, in document order.
pub(crate) fn elements<'a>(root: ElementRef<'a>, tag: &'a str) -> impl Iterator<Item = ElementRef<'a>> + 'a {
    root.descendent_elements().filter(move |element| element.value().name() == tag)
}

/// Whether a link leads to another page: not to a place of this one, not to a script.
pub(crate) fn leads_away(link: ElementRef<'_>) -> bool {
    let target = link.attr("href").unwrap_or("").trim();
    !target.is_empty() && !target.starts_with('#') && !target.starts_with("javascript:")
}

fn first<'a>(root: ElementRef<'a>, tag: &'a str) -> Option<ElementRef<'a>> {
    elements(root, tag).next()
}

/// Words of an element, scripts and styles left out.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    text_up_to(element, usize::MAX)
}

/// The first words of an element, cut at the end of the first piece of text beyond a number of bytes. Hidden messages
/// inside are left out.
pub(crate) fn text_up_to(element: ElementRef<'_>, limit: usize) -> String {
    let (mut text, mut length) = (String::new(), 0);
    // The outermost element that is being passed over.
    let mut skipped: Option<NodeId> = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if skipped.is_none() => {
                if let Some(words) = node.value().as_text() {
                    text.push_str(words);
                    length += words.trim().len();
                } else if let Some(inside) = ElementRef::wrap(node) {
                    let is_passed = is_code(inside.value().name()) || boilerplate::is_switched_off(inside);
                    skipped = (is_passed && inside.id() != element.id()).then(|| inside.id());
                    if walk::is_block(inside.value().name()) {
                        text.push(' ');
                    }
                }
            }
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            Edge::Open(_) | Edge::Close(_) => {}
        }
        if length > limit {
            break;
        }
    }
    collapse_spaces(&text)
}

/// Elements whose text is not for people.
pub(crate) fn is_code(tag: &str) -> bool {
    matches!(tag, "script" | "style" | "noscript" | "template")
}

/// Lower-case words of an element's class, id and role: `productReviews-list` is `product`, `reviews`, `list`.
pub(crate) fn name_words(element: ElementRef<'_>) -> Vec<String> {
    let mut words = Vec::new();
    for name in ["class", "id", "role", "data-role"].iter().filter_map(|attribute| element.attr(attribute)) {
        words.extend(split_name(name));
    }
    words
}

fn split_name(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for sign in name.chars() {
        if !sign.is_alphanumeric() || (sign.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if sign.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(sign.to_lowercase());
        }
        was_small = sign.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests;
