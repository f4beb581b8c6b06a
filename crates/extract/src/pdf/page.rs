//! What an engine tells of a PDF: pages of placed text, and facts about the file.
//!
//! These types cross the boundary between the worker process and its parent as JSON lines, hence their short form.

use serde::{Deserialize, Serialize};

/// A run of text in one style on one baseline, without a gap wider than a few spaces.
///
/// Lengths are points (1/72 inch); the origin is the upper left corner of the page as its text is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// As the engine gives it; a hyphen at a line's end may be U+0002, which layout resolves.
    #[serde(rename = "s")]
    pub text: String,
    /// Left edge.
    #[serde(rename = "l")]
    pub left: f32,
    /// Upper edge.
    #[serde(rename = "t")]
    pub top: f32,
    /// Right edge.
    #[serde(rename = "r")]
    pub right: f32,
    /// Lower edge.
    #[serde(rename = "b")]
    pub bottom: f32,
    /// Size of the font; height of the box where the engine knows no font.
    #[serde(rename = "z")]
    pub size: f32,
    /// Whether the font is bold; false where the engine knows no font.
    #[serde(rename = "w", default, skip_serializing_if = "is_false")]
    pub bold: bool,
    /// Whether it runs in another direction than most of the page (labels along a drawing).
    #[serde(rename = "x", default, skip_serializing_if = "is_false")]
    pub turned: bool,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl Span {
    /// Width in points, never negative.
    pub fn width(&self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    /// Height in points, never negative.
    pub fn height(&self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }
}

/// One page: its text with places, in the order of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Width in points, as the text is read.
    pub width: f32,
    /// Height in points, as the text is read.
    pub height: f32,
    /// The text.
    pub spans: Vec<Span>,
    /// Letters and digits that the engine saw, counted before any grouping: what [`super::layout`] must not lose.
    pub raw_letters: u32,
    /// Share of the page (0–1) that images cover; drawn outlines count where the page has no text. 0 on a page with some
    /// 200 letters or more, where nobody asks.
    pub image_cover: f32,
}

/// What an engine sends, in this order: `Start`, any number of `Page` and `BadPage`, `Facts`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageMessage {
    /// The file is open.
    Start {
        /// Pages in the file.
        page_count: u32,
    },
    /// A page was read.
    Page(Page),
    /// A page cannot be read.
    BadPage {
        /// Counted from 1.
        number: u32,
    },
    /// Facts about the file. Last, because pages that were read must not be lost when facts cannot be.
    Facts(PdfFacts),
}

/// Facts about a PDF beside its pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PdfFacts {
    /// Of the format, e.g. `1.7`; empty when unknown.
    pub version: String,
    /// Whether the file is encrypted (and opened with the empty password).
    pub encrypted: bool,
    /// Pages in the file, also those that could not be read.
    pub page_count: u32,
    /// Title in the file's metadata.
    pub title: Option<String>,
    /// Bookmarks in reading order.
    pub outline: Vec<OutlineEntry>,
    /// Names of files that are attached; they are not read.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// A bookmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineEntry {
    /// As printed in the viewer's side bar.
    pub title: String,
    /// Depth, the outermost is 1.
    pub level: u32,
    /// The page it points to, counted from 1, where it can be told.
    pub page: Option<u32>,
}
