//! Where on its page something stands, and what it is.

use super::lines::Fragment;
use crate::pdf::page::Span;

/// What a piece of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A heading.
    Heading,
    /// Running text.
    Paragraph,
    /// An entry of a list, or a step.
    Item,
    /// A table, whole.
    Table,
    /// A footnote.
    Note,
    /// A running head or foot; not part of the document.
    Furniture,
    /// A table of contents; part of the document, never of a chunk.
    Contents,
    /// Text of a page whose layout lost words and which is given in the order of the file.
    Plain,
}

/// A piece of a page with its place: what a person sees beside the page's picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Counted from 1.
    pub page: u32,
    /// Left edge in points; the origin is the page's upper left corner, as in [`crate::pdf::Page`].
    pub left: f32,
    /// Upper edge in points.
    pub top: f32,
    /// Right edge in points.
    pub right: f32,
    /// Lower edge in points.
    pub bottom: f32,
    /// What it is.
    pub role: Role,
    /// Its text as it goes into the document; rows of a table are lines.
    pub text: String,
}

/// A box on a page, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Bounds {
    /// The box around all of these; an empty one at the origin for none.
    pub(super) fn around(boxes: impl IntoIterator<Item = Self>) -> Self {
        let union = |one: Self, other: Self| Self {
            left: one.left.min(other.left),
            top: one.top.min(other.top),
            right: one.right.max(other.right),
            bottom: one.bottom.max(other.bottom),
        };
        boxes.into_iter().reduce(union).unwrap_or(Self { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 })
    }

    /// The x in the middle.
    pub(super) fn middle(self) -> f32 {
        f32::midpoint(self.left, self.right)
    }

    pub(super) fn placed(self, page: u32, role: Role, text: String) -> Placed {
        let Self { left, top, right, bottom } = self;
        Placed { page, left, top, right, bottom, role, text }
    }
}

impl From<&Span> for Bounds {
    fn from(span: &Span) -> Self {
        Self { left: span.left, top: span.top, right: span.right, bottom: span.bottom }
    }
}

impl From<&Fragment> for Bounds {
    fn from(part: &Fragment) -> Self {
        Self { left: part.left, top: part.top, right: part.right, bottom: part.bottom }
    }
}

impl From<&super::Line> for Bounds {
    fn from(line: &super::Line) -> Self {
        Self { left: line.left, top: line.top, right: line.right, bottom: line.bottom }
    }
}
