//! Pictures of pages.

use std::ops::RangeInclusive;
use std::path::Path;

use auskunft_model::{Failure, Reason};
use pdfium_render::prelude::*;

use super::frame::{Frame, rotation};
use super::open::Opened;
use crate::pdf::engine::{Input, Picture, PictureSink};

/// Pixels of one picture; a page may claim any size.
const MAX_PIXELS: f32 = 2_400_000.0;

/// Draws pages of a file at this width in pixels, turned as their text is read. Pages that cannot be drawn are left out.
pub(in crate::pdf) fn draw(
    input: Input<'_>,
    library: &Path,
    pages: RangeInclusive<u32>,
    width: u32,
    sink: &mut PictureSink<'_>,
) -> Result<(), Failure> {
    let mut opened = Opened::new(input, library)?;
    let count = u32::try_from(opened.document.pages().len()).unwrap_or(0);
    for number in (*pages.start()).max(1)..=(*pages.end()).min(count) {
        let Ok(index) = PdfPageIndex::try_from(number - 1) else { break };
        let picture = match opened.document.pages().get(index) {
            Ok(page) => picture(&page, number, width)?,
            Err(_) => None,
        };
        if picture.is_some_and(|picture| sink(picture).is_break()) {
            break;
        }
        opened = opened.refreshed(input, library)?;
    }
    Ok(())
}

fn picture(page: &PdfPage<'_>, number: u32, width: u32) -> Result<Option<Picture>, Failure> {
    let Some(frame) = page.text().ok().map(|text| Frame::of(page, &text.chars())) else { return Ok(None) };
    let Some((width, height)) = pixels(frame.width, frame.height, width) else { return Ok(None) };
    let rest = (frame.quarter + 4 - rotation(page)) % 4;
    let config = PdfRenderConfig::new()
        .set_fixed_size(width, height)
        .rotate(turn(rest), false)
        .set_clear_color(PdfColor::WHITE)
        .limit_render_image_cache_size(true);
    let Ok(bitmap) = page.render_with_config(&config) else { return Ok(None) };
    let png = encoded(&bitmap.as_rgba_bytes(), width, height).map_err(|error| {
        Failure::new(Reason::LimitExceeded, format!("the picture of page {number} cannot be stored: {error}"))
    })?;
    let side = |pixels: Pixels| u32::try_from(pixels).unwrap_or(0);
    Ok(Some(Picture { page: number, width: side(width), height: side(height), png }))
}

fn turn(quarters: u8) -> PdfPageRenderRotation {
    match quarters {
        1 => PdfPageRenderRotation::Degrees90,
        2 => PdfPageRenderRotation::Degrees180,
        3 => PdfPageRenderRotation::Degrees270,
        _ => PdfPageRenderRotation::None,
    }
}

/// Width and height in pixels: the wanted width, less where the page is very long; `None` for a page without an area.
fn pixels(width: f32, height: f32, wanted: u32) -> Option<(Pixels, Pixels)> {
    let ratio = height / width;
    if !ratio.is_finite() || !(0.001..=1_000.0).contains(&ratio) {
        return None;
    }
    let across = (wanted as f32).min((MAX_PIXELS / ratio).sqrt()).max(1.0);
    Some((across as Pixels, (across * ratio).max(1.0) as Pixels))
}

/// As PNG, without transparency, and without colour where the page has none.
fn encoded(rgba: &[u8], width: Pixels, height: Pixels) -> Result<Vec<u8>, png::EncodingError> {
    let is_grey = rgba.chunks_exact(4).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let parts = if is_grey { 1 } else { 3 };
    let data: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| &pixel[..parts]).copied().collect();
    let side = |pixels: Pixels| u32::try_from(pixels).unwrap_or(0);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side(width), side(height));
    encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_wide_as_wanted_unless_the_page_is_very_long() {
        assert_eq!(pixels(600.0, 800.0, 900), Some((900, 1200)));
        let (width, height) = pixels(100.0, 10_000.0, 900).unwrap();
        assert!(width < 900 && (width * height) as f32 <= 1.01 * MAX_PIXELS);
        assert_eq!(pixels(0.0, 800.0, 900), None);
        assert_eq!(pixels(f32::NAN, 800.0, 900), None);
    }

    #[test]
    fn a_page_without_colour_is_stored_in_grey() {
        let grey = encoded(&[200, 200, 200, 255].repeat(64), 8, 8).unwrap();
        let colour = encoded(&[200, 10, 200, 255].repeat(64), 8, 8).unwrap();
        // The colour type stands at byte 25 of a PNG: 0 = grey, 2 = colour.
        assert_eq!((grey[25], colour[25]), (0, 2));
    }
}
