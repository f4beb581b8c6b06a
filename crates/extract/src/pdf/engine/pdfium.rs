//! Reading with libpdfium.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use auskunft_model::{Failure, Reason};
use pdfium_render::prelude::*;

use super::segment::{Glyph, Segmenter};
use super::{Input, Sink, encrypted, unreadable};
use crate::pdf::facts;
use crate::pdf::page::{Page, PageMessage, PdfFacts};

/// Characters read of one page; more is a bomb, not a page.
const MAX_CHARACTERS: usize = 400_000;
/// Objects looked at for images.
const MAX_OBJECTS: usize = 20_000;
/// As many drawn paths on a page without text look like outlined letters.
const OUTLINE_PATHS: usize = 100;

pub(super) fn read(input: Input<'_>, library: &Path, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let pdfium = load(library)?;
    let document = match input {
        Input::File(file) => pdfium.load_pdf_from_reader(file, None),
        Input::Bytes(bytes) => pdfium.load_pdf_from_byte_slice(bytes, None),
    };
    let document = document.map_err(|error| refused(&error))?;
    let pages = document.pages();
    let page_count = u32::try_from(pages.len()).unwrap_or(0);
    if sink(PageMessage::Start { page_count }).is_break() {
        return Ok(());
    }
    for index in 0..pages.len() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let message = match pages.get(index).and_then(|page| read_page(&page, number)) {
            Ok(page) => PageMessage::Page(page),
            Err(_) => PageMessage::BadPage { number },
        };
        if sink(message).is_break() {
            return Ok(());
        }
    }
    let _: ControlFlow<()> = sink(PageMessage::Facts(document_facts(input, &document, page_count)));
    Ok(())
}

/// The library, loaded once in a process: the first path that works holds.
fn load(library: &Path) -> Result<&'static Pdfium, Failure> {
    static LOADED: Mutex<Option<&'static Pdfium>> = Mutex::new(None);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pdfium) = *loaded {
        return Ok(pdfium);
    }
    let bindings = Pdfium::bind_to_library(library).map_err(|error| {
        Failure::new(Reason::Unreadable, format!("cannot load {}: {error}", library.display()))
    })?;
    // A library is never unloaded, so that its handle may as well live for ever.
    let pdfium: &'static Pdfium = Box::leak(Box::new(Pdfium::new(bindings)));
    *loaded = Some(pdfium);
    Ok(pdfium)
}

fn refused(error: &PdfiumError) -> Failure {
    match error {
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::PasswordError) => encrypted(),
        PdfiumError::IoError(error) => unreadable(error),
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::SecurityError) => {
            Failure::new(Reason::Encrypted, "the file has a protection that is not supported; remove it")
        }
        _ => Failure::new(Reason::Damaged, "pdfium cannot open the file: its structure is broken"),
    }
}

/// Facts by lopdf; what pdfium itself knows when the file is too large or too odd for that.
fn document_facts(input: Input<'_>, document: &PdfDocument<'_>, page_count: u32) -> PdfFacts {
    let bytes = input.whole().ok().flatten();
    if let Some(facts) = bytes.and_then(|bytes| facts::read(&bytes)) {
        return PdfFacts { page_count, ..facts };
    }
    let title = document.metadata().get(PdfDocumentMetadataTagType::Title);
    let title = title.map(|tag| tag.value().trim().to_owned()).filter(|title| !title.is_empty());
    PdfFacts { page_count, title, ..PdfFacts::default() }
}

fn read_page(page: &PdfPage<'_>, number: u32) -> Result<Page, PdfiumError> {
    let text = page.text()?;
    let characters = text.chars();
    let frame = Frame::of(page, &characters);
    let mut segmenter = Segmenter::default();
    let mut style = Style::default();
    for character in characters.iter().take(MAX_CHARACTERS) {
        take(&character, &frame, &mut style, &mut segmenter);
    }
    let (spans, raw_letters) = segmenter.finish();
    let image_cover = cover(page, spans.is_empty());
    Ok(Page { number, width: frame.width, height: frame.height, spans, raw_letters, image_cover })
}

fn take(character: &PdfPageTextChar<'_>, frame: &Frame, style: &mut Style, segmenter: &mut Segmenter) {
    // Code units that are no scalar value are halves of a character that pdfium could not decode.
    let sign = character.unicode_char().unwrap_or('\u{fffd}');
    match sign {
        '\r' | '\n' => return segmenter.line_break(),
        '\0' => return,
        _ if sign.is_whitespace() => return segmenter.space(),
        _ => {}
    }
    let Ok(bounds) = character.loose_bounds() else { return };
    let (left, top, right, bottom) = frame.place(&bounds);
    let size = effective_size(character, bottom - top);
    let bold = style.is_bold(character, size);
    let turned = frame.quarter != quarter(character);
    segmenter.glyph(Glyph { character: sign, left, top, right, bottom, size, bold, turned });
}

/// The size as drawn; the box's height where the file's numbers make no sense.
fn effective_size(character: &PdfPageTextChar<'_>, height: f32) -> f32 {
    let size = character.scaled_font_size().value.abs();
    let plausible = size.is_finite() && size >= 1.0 && size <= 4.0 * height.max(1.0);
    if plausible { size } else { height.clamp(1.0, 400.0) }
}

/// Remembers the last font's answer: a font's name is asked for only when size or weight change.
#[derive(Debug, Default)]
struct Style {
    seen: Option<(u32, i64, bool)>,
}

impl Style {
    fn is_bold(&mut self, character: &PdfPageTextChar<'_>, size: f32) -> bool {
        let weight = weight(character);
        let rounded = (size * 20.0) as i64;
        match self.seen {
            Some((seen_weight, seen_size, bold)) if (seen_weight, seen_size) == (weight, rounded) => bold,
            _ => {
                let bold = weight >= 600 || names_bold(&character.font_name());
                self.seen = Some((weight, rounded, bold));
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

/// Direction of the text in the file's own axes: 0 = to the right, 1 = up, 2 = to the left, 3 = down. The library counts
/// angles clockwise.
fn quarter(character: &PdfPageTextChar<'_>) -> u8 {
    let degrees = -character.angle_degrees().unwrap_or(0.0);
    ((degrees / 90.0).round() as i64).rem_euclid(4) as u8
}

/// Turns the file's axes (origin below left, upwards) so that most of the page's text reads from left to right.
#[derive(Debug, Clone, Copy)]
struct Frame {
    quarter: u8,
    left: f32,
    bottom: f32,
    right: f32,
    top: f32,
    width: f32,
    height: f32,
}

impl Frame {
    fn of(page: &PdfPage<'_>, characters: &PdfPageTextChars<'_>) -> Self {
        let bounds = page.boundaries().bounding().map(|boundary| boundary.bounds);
        let bounds = bounds.unwrap_or_else(|_| page.page_size());
        let quarter = main_direction(characters);
        let (across, up) = (bounds.width().value.abs(), bounds.height().value.abs());
        let (width, height) = if quarter.is_multiple_of(2) { (across, up) } else { (up, across) };
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
    fn place(&self, bounds: &PdfRect) -> (f32, f32, f32, f32) {
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

/// The direction of most of the page's characters, by a sample.
fn main_direction(characters: &PdfPageTextChars<'_>) -> u8 {
    let step = (characters.len() / 300).max(1);
    let mut counts = [0_usize; 4];
    for index in (0..characters.len()).step_by(step) {
        let Ok(character) = characters.get(index) else { continue };
        if character.unicode_char().is_some_and(char::is_alphanumeric) {
            counts[usize::from(quarter(&character))] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    if counts[0] == most { 0 } else { counts.iter().position(|&count| count == most).unwrap_or(0) as u8 }
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
