//! Typesetting: blocks of text to pages of a PDF. `flow` decides what stands where, `paint` draws it, `scan` draws it as a picture.

mod faces;
mod flow;
mod lines;
mod paint;
mod scan;

use std::collections::BTreeMap;

pub(crate) use paint::pdf;
pub(crate) use scan::scanned;

/// Something that is set.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// The title page's words: big, middle, small.
    Cover(String, String, String),
    /// The table of contents; holds what `flow` found.
    Contents(String),
    /// A chapter (1) or section (2), numbered by the writer.
    Heading(u8, String),
    Paragraph(String),
    /// A warning or a note in a box.
    Note(String),
    Bullets(Vec<String>),
    /// A numbered step.
    Step(usize, String),
    Table(Table),
    /// From here on so many columns, on a new page when that changes.
    Columns(usize),
    NewPage,
    /// Names the place of what follows.
    Mark(String),
    /// From here on hyphenated in that language.
    Language(crate::language::Tongue),
}

/// A table whose head comes again on every page.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<TableRow>,
    /// Parts of the width.
    pub(crate) widths: Vec<f32>,
}

/// A row, and the name of its place.
#[derive(Debug, Clone)]
pub(crate) struct TableRow {
    pub(crate) cells: Vec<String>,
    pub(crate) mark: Option<String>,
}

/// How a document looks.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) slab: bool,
    /// Size of the text in points.
    pub(crate) size: f32,
    /// Running head.
    pub(crate) head: String,
    /// Left and right of the foot; the right one before the page's number.
    pub(crate) foot: (String, String),
    pub(crate) title: String,
    pub(crate) language: &'static str,
}

/// A document with everything in its place.
#[derive(Debug)]
pub(crate) struct Laid {
    pub(crate) pages: Vec<Vec<Op>>,
    /// The page (from 1) of every mark.
    pub(crate) marks: BTreeMap<String, usize>,
    headings: Vec<Placed>,
}

/// A heading with its place.
#[derive(Debug, Clone)]
struct Placed {
    level: u8,
    text: String,
    /// From 0.
    page: usize,
    y: f32,
}

/// Something drawn, in points from the top left corner.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Text {
        x: f32,
        y: f32,
        size: f32,
        bold: bool,
        text: String,
    },
    /// A grey box: left, top, width, height, lightness.
    Box {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        grey: u8,
    },
}

/// Lays the blocks out; a table of contents gets its numbers in a second pass.
pub(crate) fn lay(blocks: &[Block], look: &Look) -> Laid {
    let first = flow::flow(blocks, look, &[]);
    if !blocks.iter().any(|block| matches!(block, Block::Contents(_))) {
        return first;
    }
    flow::flow(blocks, look, &first.headings)
}
