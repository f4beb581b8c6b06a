//! Reading with libpdfium.

use std::ops::ControlFlow;
use std::path::Path;

use auskunft_model::Failure;
use pdfium_render::prelude::*;

use self::frame::{Frame, quarter};
use self::open::Opened;
use super::segment::{Glyph, Segmenter};
use super::{FEW_LETTERS, Input, Sink, fields};
use crate::pdf::page::{Page, PageMessage};

mod draw;
mod facts;
mod forms;
mod frame;
mod open;

pub(super) use draw::draw;

/// Characters read of one page; more is a bomb, not a page.
const MAX_CHARACTERS: usize = 400_000;
/// Objects looked at for images.
const MAX_OBJECTS: usize = 20_000;
/// As many drawn paths on a page without text look like outlined letters.
const OUTLINE_PATHS: usize = 100;

pub(super) fn read(input: Input<'_>, library: &Path, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let mut opened = Opened::new(input, library)?;
    let page_count = u32::try_from(opened.document.pages().len()).unwrap_or(0);
    if sink(PageMessage::Start { page_count }).is_break() {
        return Ok(());
    }
    for number in 1..=page_count {
        let message = match page_of(&opened.document, number) {
            Ok(page) => PageMessage::Page(page),
            Err(_) => PageMessage::BadPage { number },
        };
        if sink(message).is_break() {
            return Ok(());
        }
        opened = opened.refreshed(input, library)?;
    }
    let _: ControlFlow<()> = sink(PageMessage::Facts(facts::read(input, &opened.document, page_count)));
    Ok(())
}

fn page_of(document: &PdfDocument<'_>, number: u32) -> Result<Page, PdfiumError> {
    let index = PdfPageIndex::try_from(number - 1).map_err(|_| PdfiumError::PageIndexOutOfBounds)?;
    read_page(&document.pages().get(index)?, number, document.form().is_some())
}

fn read_page(page: &PdfPage<'_>, number: u32, has_form: bool) -> Result<Page, PdfiumError> {
    let text = page.text()?;
    let characters = text.chars();
    let frame = Frame::of(page, &characters);
    let mut segmenter = Segmenter::default();
    let mut style = Style::default();
    for character in characters.iter().take(MAX_CHARACTERS) {
        take(&character, &frame, &mut style, &mut segmenter);
    }
    let (mut spans, mut raw_letters) = segmenter.finish();
    let image_cover = if raw_letters < FEW_LETTERS { cover(page, spans.is_empty()) } else { 0.0 };
    if has_form {
        let values = forms::values(page, &frame);
        raw_letters = raw_letters.saturating_add(fields::letters(&values));
        spans.extend(values);
    }
    Ok(Page { number, width: frame.width, height: frame.height, spans, raw_letters, image_cover })
}

fn take(character: &PdfPageTextChar<'_>, frame: &Frame, style: &mut Style, segmenter: &mut Segmenter) {
    // Code units that are no scalar value are halves of a character that pdfium could not decode.
    let sign = character.unicode_char().unwrap_or('\u{fffd}');
    if sign.is_whitespace() {
        style.run = None;
        let is_end = matches!(sign, '\r' | '\n');
        return if is_end { segmenter.line_break() } else { segmenter.space() };
    }
    if sign == '\0' {
        return;
    }
    let Ok(bounds) = character.loose_bounds() else { return };
    let (left, top, right, bottom) = frame.place(&bounds);
    let Run { size, bold, turned, .. } = style.run(character, frame, (top, bottom));
    segmenter.glyph(Glyph { character: sign, left, top, right, bottom, size, bold, turned });
}

/// The size as drawn; the box's height where the file's numbers make no sense.
fn effective_size(character: &PdfPageTextChar<'_>, height: f32) -> f32 {
    let size = character.scaled_font_size().value.abs();
    let plausible = size.is_finite() && size >= 1.0 && size <= 4.0 * height.max(1.0);
    if plausible { size } else { height.clamp(1.0, 400.0) }
}

/// What the characters of a word have in common.
#[derive(Debug, Clone, Copy)]
struct Run {
    edges: (f32, f32),
    size: f32,
    bold: bool,
    turned: bool,
}

/// Remembers the last answers, because each question to the library costs: within a word, boxes with the very same upper
/// and lower edges belong to one font in one size on one line; a font's name is asked for only when size or weight change.
#[derive(Debug, Default)]
struct Style {
    run: Option<Run>,
    font: Option<(u32, i64, bool)>,
}

impl Style {
    fn run(&mut self, character: &PdfPageTextChar<'_>, frame: &Frame, edges: (f32, f32)) -> Run {
        match self.run {
            Some(run) if run.edges == edges => run,
            _ => {
                let size = effective_size(character, edges.1 - edges.0);
                let bold = self.is_bold(character, size);
                let turned = frame.quarter != quarter(character);
                *self.run.insert(Run { edges, size, bold, turned })
            }
        }
    }

    fn is_bold(&mut self, character: &PdfPageTextChar<'_>, size: f32) -> bool {
        let weight = weight(character);
        let rounded = (size * 20.0) as i64;
        match self.font {
            Some((seen_weight, seen_size, bold)) if (seen_weight, seen_size) == (weight, rounded) => bold,
            _ => {
                let bold = weight >= 600 || names_bold(&character.font_name());
                self.font = Some((weight, rounded, bold));
                bold
            }
        }
    }
}

fn weight(character: &PdfPageTextChar<'_>) -> u32 {
    match character.font_weight() {
        Some(PdfFontWeight::Weight600) => 600,
        Some(PdfFontWeight::Weight700Bold) => 700,
        Some(PdfFontWeight::Weight800) => 800,
        Some(PdfFontWeight::Weight900) => 900,
        Some(PdfFontWeight::Custom(value)) if value <= 1_000 => value,
        _ => 400,
    }
}

fn names_bold(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["bold", "black", "heavy", "fett"].iter().any(|word| name.contains(word))
}

/// Share of the page under images; under drawn paths as well when a page without text has many of them.
fn cover(page: &PdfPage<'_>, is_textless: bool) -> f32 {
    let size = page.page_size();
    let page_area = (size.width().value * size.height().value).abs().max(1.0);
    let (mut images, mut paths, mut path_area) = (0.0_f32, 0_usize, 0.0_f32);
    for object in page.objects().iter().take(MAX_OBJECTS) {
        let kind = object.object_type();
        let is_path = kind == PdfPageObjectType::Path;
        if kind != PdfPageObjectType::Image && kind != PdfPageObjectType::XObjectForm && !is_path {
            continue;
        }
        if is_path && !is_textless {
            continue;
        }
        let area = object.bounds().map_or(0.0, |bounds| (bounds.width().value * bounds.height().value).abs());
        if is_path {
            paths += 1;
            path_area += area;
        } else {
            images += area;
        }
    }
    let outlines = if paths >= OUTLINE_PATHS { path_area.max(0.6 * page_area) } else { 0.0 };
    ((images + outlines) / page_area).min(1.0)
}
