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

use super::page::{OutlineEntry, Page, Span};

mod columns;
mod contents;
mod furniture;
mod headings;
mod lines;
mod notes;
mod paragraphs;
mod parts;
mod place;
mod sections;
mod tables;
mod words;

#[cfg(test)]
mod tests;

pub use headings::Heading;
pub use place::{Placed, Role};

use place::Bounds;

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
    /// A line of a footnote.
    Note(Line),
    /// A line of a table of contents.
    Contents(Line),
    Table {
        header: Vec<String>,
        rows: Vec<Vec<String>>,
        bounds: Bounds,
    },
    /// Whatever follows stands in another column or direction: no paragraph runs on.
    Break,
}

/// A page in reading order.
#[derive(Debug, Clone, PartialEq)]
struct PageFlow {
    number: u32,
    elements: Vec<Element>,
    /// Running heads and feet that were taken off.
    furniture: Vec<(Bounds, String)>,
    /// Whether the layout lost text, so that the elements are the plain text.
    is_plain: bool,
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
    let flows = flows(pages);
    let headings = headings::find(&flows, outline);
    let title = headings::title(&flows);
    let sections = sections::assemble(parts::of(&flows, &headings), title.as_deref());
    let plain_pages = flows.iter().filter(|flow| flow.is_plain).map(|flow| flow.number).collect();
    Layout { sections, title, headings: headings.into_list(), plain_pages }
}

/// The pieces that [`lay_out`] makes its sections of, each where it stands, and the running heads and feet. Pages in
/// order; a page's pieces in reading order, its furniture last.
pub fn place(pages: &[&Page], outline: &[OutlineEntry]) -> Vec<Placed> {
    let flows = flows(pages);
    let headings = headings::find(&flows, outline);
    let parts = parts::of(&flows, &headings);
    let body = parts.iter().map(parts::Part::placed);
    let mut placed: Vec<Placed> = body.chain(flows.iter().flat_map(parts::furniture)).collect();
    // Stable: what stands on one page keeps its order.
    placed.sort_by_key(|piece| piece.page);
    placed
}

fn flows(pages: &[&Page]) -> Vec<PageFlow> {
    let furniture = furniture::find(pages);
    let last = pages.iter().map(|page| page.number).max().unwrap_or(0);
    let mut flows: Vec<PageFlow> = pages.iter().map(|page| flow(page, &furniture, last)).collect();
    furniture::drop_repeated(&mut flows);
    let body = headings::body_size(&flows);
    for flow in &mut flows {
        notes::mark(&mut flow.elements, body);
    }
    flows
}

/// A page in reading order; its plain text when the layout loses some. `last` is the document's last page.
fn flow(page: &Page, furniture: &furniture::Furniture, last: u32) -> PageFlow {
    let (body, dropped) = furniture.split(page);
    let mut elements = elements(&body, last);
    let expected =
        page.raw_letters.saturating_sub(words::letters(dropped.iter().map(|span| span.text.as_str())));
    let kept = words::letters(texts(&elements));
    let is_plain = (kept as f32) < MIN_KEPT * expected as f32;
    if is_plain {
        elements = lines::plain(&body);
    }
    let text = |span: &Span| words::finish(&words::clean(&span.text));
    let furniture = dropped.into_iter().map(|span| (Bounds::from(span), text(span))).collect();
    PageFlow { number: page.number, elements, furniture, is_plain }
}

fn elements(body: &[&Span], last: u32) -> Vec<Element> {
    let upright: Vec<_> = body.iter().copied().filter(|span| !span.turned).collect();
    let mut elements = Vec::new();
    let rows = lines::fragments(&upright);
    let mut text: Vec<lines::Row> = Vec::new();
    for (is_contents, row) in contents::rows(&rows, last).into_iter().zip(rows) {
        if is_contents {
            regions(std::mem::take(&mut text), &mut elements);
            elements.extend(lines::whole(&row, f32::INFINITY).map(Element::Contents));
        } else {
            text.push(row);
        }
    }
    regions(text, &mut elements);
    for span in body.iter().filter(|span| span.turned) {
        elements.push(Element::Line(lines::turned(span)));
        elements.push(Element::Break);
    }
    elements
}

fn regions(rows: Vec<lines::Row>, elements: &mut Vec<Element>) {
    for region in columns::order(rows) {
        tables::elements(region, elements);
        elements.push(Element::Break);
    }
}

fn texts(elements: &[Element]) -> impl Iterator<Item = &str> {
    elements.iter().flat_map(|element| match element {
        Element::Line(line) | Element::Note(line) | Element::Contents(line) => vec![line.text.as_str()],
        Element::Table { header, rows, .. } => {
            header.iter().chain(rows.iter().flatten()).map(String::as_str).collect()
        }
        Element::Break => Vec::new(),
    })
}
