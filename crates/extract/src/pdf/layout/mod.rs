//! Placed text to reading order: lines, tables, columns, headings, paragraphs.
//!
//! One pass per page, in this order: running heads and feet are dropped (by their repetition over the pages), spans
//! become fragments and rows (`lines`), columns of prose are separated (`columns`), tables are found in what is left
//! of each column (`tables`). Then, over the whole document, headings are found (`headings`) and lines become
//! paragraphs and list items (`paragraphs`). A layout that loses text is a mistake of the layout: such a page falls
//! back to its plain text.
//!
//! Sorting is always by exact coordinates; closeness is decided when grouping, never while comparing.

use auskunft_model::Section;

use super::page::{OutlineEntry, Page};

mod columns;
mod furniture;
mod headings;
mod lines;
mod paragraphs;
mod sections;
mod tables;
mod words;

#[cfg(test)]
mod tests;

pub use headings::Heading;

/// A page whose layout keeps less than this share of its letters is given as plain text.
const MIN_KEPT: f32 = 0.97;

/// A line of running text.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    text: String,
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    size: f32,
    bold: bool,
    /// Right edge of the column that it stands in.
    column_right: f32,
}

/// What a page consists of, in reading order.
#[derive(Debug, Clone, PartialEq)]
enum Element {
    Line(Line),
    Table {
        header: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    /// Whatever follows stands in another column or direction: no paragraph runs on.
    Break,
}

/// A page in reading order.
#[derive(Debug, Clone, PartialEq)]
struct PageFlow {
    number: u32,
    elements: Vec<Element>,
}

/// What a layout gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// In reading order; a new one begins at each heading and at each page.
    pub sections: Vec<Section>,
    /// The largest text of the first page, where something stands out.
    pub title: Option<String>,
    /// The headings, with the size they are printed in.
    pub headings: Vec<Heading>,
    /// Pages whose layout lost text and which are given as plain text.
    pub plain_pages: Vec<u32>,
}

/// Lays out the pages of one document. An outline of eight entries or more decides about the headings.
pub fn lay_out(pages: &[&Page], outline: &[OutlineEntry]) -> Layout {
    let furniture = furniture::find(pages);
    let mut plain_pages = Vec::new();
    let mut flows = Vec::with_capacity(pages.len());
    for page in pages {
        let (elements, is_plain) = page_elements(page, &furniture);
        if is_plain {
            plain_pages.push(page.number);
        }
        flows.push(PageFlow { number: page.number, elements });
    }
    let headings = headings::find(&flows, outline);
    let sections = sections::assemble(&flows, &headings);
    let title = headings::title(&flows);
    Layout { sections, title, headings: headings.into_list(), plain_pages }
}

/// A page's elements, and whether they are plain text because the layout lost some.
fn page_elements(page: &Page, furniture: &furniture::Furniture) -> (Vec<Element>, bool) {
    let (body, dropped) = furniture.split(page);
    let upright: Vec<_> = body.iter().copied().filter(|span| !span.turned).collect();
    let mut elements = Vec::new();
    for region in columns::order(lines::fragments(&upright)) {
        tables::elements(region, &mut elements);
        elements.push(Element::Break);
    }
    for span in body.iter().filter(|span| span.turned) {
        elements.push(Element::Line(lines::turned(span)));
        elements.push(Element::Break);
    }
    let expected =
        page.raw_letters.saturating_sub(words::letters(dropped.iter().map(|span| span.text.as_str())));
    let kept = words::letters(texts(&elements));
    if (kept as f32) < MIN_KEPT * expected as f32 {
        return (lines::plain(&body), true);
    }
    (elements, false)
}

fn texts(elements: &[Element]) -> impl Iterator<Item = &str> {
    elements.iter().flat_map(|element| match element {
        Element::Line(line) => vec![line.text.as_str()],
        Element::Table { header, rows } => {
            header.iter().chain(rows.iter().flatten()).map(String::as_str).collect()
        }
        Element::Break => Vec::new(),
    })
}
