//! HTML pages: their text as sections, and what they state about themselves.

pub(crate) mod boilerplate;
pub(crate) mod depth;
pub(crate) mod structured;
mod table;
mod walk;

use auskunft_model::Section;
use auskunft_text::normal::collapse_spaces;
use scraper::{ElementRef, Html};

/// What was read of a page; the parsed tree itself never leaves this module's callers.
pub(crate) struct Page {
    /// The main text, without the title in heading paths.
    pub(crate) sections: Vec<Section>,
    /// The first heading of the main text, else of the page.
    pub(crate) heading: Option<String>,
    /// The page's `title` element.
    pub(crate) title: Option<String>,
    /// The page's `lang`.
    pub(crate) language: Option<String>,
}

/// Reads a page's text and titles.
pub(crate) fn page(document: &Html) -> Page {
    let root = document.root_element();
    Page {
        sections: walk::sections(root),
        heading: first_heading(root),
        title: first(root, "title").map(text_of).filter(|text| !text.is_empty()),
        language: root.attr("lang").or_else(|| root.attr("xml:lang")).map(str::to_owned),
    }
}

/// Reads a piece of HTML, such as an answer; nothing, when it is nested beyond sense.
pub(crate) fn fragment_sections(html: &str) -> Vec<Section> {
    if depth::is_too_deep(html) {
        return Vec::new();
    }
    walk::sections(Html::parse_fragment(html).root_element())
}

/// The first heading of the highest level that has words.
fn first_heading(root: ElementRef<'_>) -> Option<String> {
    ["h1", "h2"].into_iter().find_map(|tag| elements(root, tag).map(text_of).find(|text| !text.is_empty()))
}

/// All elements of a tag below another, in document order.
pub(crate) fn elements<'a>(root: ElementRef<'a>, tag: &'a str) -> impl Iterator<Item = ElementRef<'a>> + 'a {
    root.descendent_elements().filter(move |element| element.value().name() == tag)
}

fn first<'a>(root: ElementRef<'a>, tag: &'a str) -> Option<ElementRef<'a>> {
    elements(root, tag).next()
}

/// Words of an element, scripts and styles left out.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        let hidden =
            || node.parent().and_then(ElementRef::wrap).is_some_and(|parent| is_code(parent.value().name()));
        if let Some(words) = node.value().as_text().filter(|_| !hidden()) {
            text.push_str(words);
        } else if node.value().as_element().is_some_and(|element| walk::is_block(element.name())) {
            text.push(' ');
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
