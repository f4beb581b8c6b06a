//! The page as its text is read: turned so that most of it runs from left to right, origin in the upper left corner.

use pdfium_render::prelude::*;

use super::super::segment::side;

/// Direction of the text in the file's own axes: 0 = to the right, 1 = up, 2 = to the left, 3 = down. The library counts
/// angles clockwise.
pub(super) fn quarter(character: &PdfPageTextChar<'_>) -> u8 {
    let degrees = -character.angle_degrees().unwrap_or(0.0);
    ((degrees / 90.0).round() as i64).rem_euclid(4) as u8
}

/// Turns the file's axes (origin below left, upwards) so that most of the page's text reads from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) quarter: u8,
    left: f32,
    bottom: f32,
    right: f32,
    top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Frame {
    pub(super) fn of(page: &PdfPage<'_>, characters: &PdfPageTextChars<'_>) -> Self {
        let bounds = page.boundaries().bounding().map(|boundary| boundary.bounds);
        let bounds = bounds.unwrap_or_else(|_| page.page_size());
        let quarter = main_direction(characters).unwrap_or_else(|| rotation(page));
        let (across, up) = (bounds.width().value.abs(), bounds.height().value.abs());
        let (width, height) = if quarter.is_multiple_of(2) { (across, up) } else { (up, across) };
        let (width, height) = (side(width, 595.0), side(height, 842.0));
        Self {
            quarter,
            left: bounds.left().value,
            bottom: bounds.bottom().value,
            right: bounds.right().value,
            top: bounds.top().value,
            width,
            height,
        }
    }

    /// Left, top, right, bottom of a box of the file, as read.
    pub(super) fn place(&self, bounds: &PdfRect) -> (f32, f32, f32, f32) {
        let (left, right) = (bounds.left().value, bounds.right().value);
        let (bottom, top) = (bounds.bottom().value, bounds.top().value);
        match self.quarter {
            0 => (left - self.left, self.top - top, right - self.left, self.top - bottom),
            // The text's own "right" points up (1), left (2) or down (3) in the file's axes.
            3 => (self.top - top, self.right - right, self.top - bottom, self.right - left),
            2 => (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom),
            _ => (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left),
        }
    }
}

/// The direction of most of the page's characters, by a sample; `None` without any.
fn main_direction(characters: &PdfPageTextChars<'_>) -> Option<u8> {
    let step = (characters.len() / 300).max(1);
    let mut counts = [0_usize; 4];
    for index in (0..characters.len()).step_by(step) {
        let Ok(character) = characters.get(index) else { continue };
        if character.unicode_char().is_some_and(char::is_alphanumeric) {
            counts[usize::from(quarter(&character))] += 1;
        }
    }
    let most = counts.iter().copied().max().filter(|&most| most > 0)?;
    if counts[0] == most {
        Some(0)
    } else {
        counts.iter().position(|&count| count == most).map(|quarter| quarter as u8)
    }
}

/// Quarters by which the page itself is turned clockwise when it is shown.
pub(super) fn rotation(page: &PdfPage<'_>) -> u8 {
    match page.rotation() {
        Ok(PdfPageRenderRotation::Degrees90) => 1,
        Ok(PdfPageRenderRotation::Degrees180) => 2,
        Ok(PdfPageRenderRotation::Degrees270) => 3,
        Ok(PdfPageRenderRotation::None) | Err(_) => 0,
    }
}
