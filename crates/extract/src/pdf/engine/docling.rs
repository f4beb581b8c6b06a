//! Reading with the pure-Rust text layer of docling-pdf.
//!
//! It knows places but no fonts: a span's size is the height of its box, and nothing is bold.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use auskunft_model::{Failure, Reason};
use docling_pdf::TextCell;
use docling_pdf::pdf_meta::PdfMeta;
use docling_pdf::textparse::PageTextParser;

use super::docling_images::Images;
use super::fields;
use super::segment::{Glyph, Segmenter, side};
use super::{FEW_LETTERS, Input, MAX_WHOLE_FILE, Sink, encrypted, unreadable};
use crate::pdf::facts::{self, fields as object_fields};
use crate::pdf::page::{Page, PageMessage, PdfFacts, Span};

pub(super) fn read(input: Input<'_>, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let bytes = input.whole().map_err(|error| unreadable(&error))?.ok_or_else(too_large)?;
    let meta = match PdfMeta::open_with_password(&bytes, None) {
        Err(docling_pdf::PdfError::Encrypted(_)) => return Err(encrypted()),
        meta => meta.ok().flatten(),
    };
    let damaged = || Failure::new(Reason::Damaged, "the file's structure is broken; it cannot be opened");
    let mut parser = PageTextParser::open(&bytes).ok_or_else(damaged)?;
    if parser.page_count() == 0 {
        return Err(Failure::new(Reason::Damaged, "the file has no pages that can be found"));
    }
    let page_count = u32::try_from(parser.page_count()).unwrap_or(u32::MAX);
    if sink(PageMessage::Start { page_count }).is_break() {
        return Ok(());
    }
    let document = lopdf::Document::load_mem(&bytes).ok();
    let images = document.as_ref().map(Images::of);
    let forms = document.as_ref().map(Forms::of);
    for index in 0..parser.page_count() {
        let rotation =
            meta.as_ref().and_then(|meta| meta.geometry(index)).map_or(0, |geometry| geometry.rotation);
        let mut page = read_page(&mut parser, index, rotation, images.as_ref());
        let values = forms.as_ref().map(|forms| forms.of_page(&page, rotation)).unwrap_or_default();
        page.raw_letters = page.raw_letters.saturating_add(fields::letters(&values));
        page.spans.extend(values);
        if sink(PageMessage::Page(page)).is_break() {
            return Ok(());
        }
    }
    let facts = document.as_ref().map(facts::of).unwrap_or_default();
    let _: ControlFlow<()> = sink(PageMessage::Facts(PdfFacts { page_count, ..facts }));
    Ok(())
}

fn too_large() -> Failure {
    let limit = MAX_WHOLE_FILE >> 20;
    Failure::new(Reason::TooLarge, format!("above {limit} MB libpdfium is needed; set AUSKUNFT_PDFIUM"))
}

fn read_page(parser: &mut PageTextParser, index: usize, rotation: u16, images: Option<&Images<'_>>) -> Page {
    let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let read = parser.text_page(index);
    let mut segmenter = Segmenter::default();
    for word in read.word_cells {
        take(&upright(word, rotation, read.width, read.height), &mut segmenter);
    }
    let (spans, raw_letters) = segmenter.finish();
    let image_cover = match images {
        Some(images) if raw_letters < FEW_LETTERS => images.cover(number, read.width * read.height),
        _ => 0.0,
    };
    let is_lying = rotation == 90 || rotation == 270;
    let (width, height) = if is_lying { (read.height, read.width) } else { (read.width, read.height) };
    let (width, height) = (side(width, 595.0), side(height, 842.0));
    Page { number, width, height, spans, raw_letters, image_cover }
}

/// A word's box as the page is shown: the engine gives boxes before the page's own rotation.
fn upright(word: TextCell, rotation: u16, width: f32, height: f32) -> TextCell {
    let (l, t, r, b) = turned((word.l, word.t, word.r, word.b), rotation, width, height);
    TextCell { l, t, r, b, ..word }
}

/// Left, top, right, bottom after a rotation (clockwise, in degrees) of a page of this width and height.
fn turned(place: (f32, f32, f32, f32), rotation: u16, width: f32, height: f32) -> (f32, f32, f32, f32) {
    let (l, t, r, b) = place;
    match rotation {
        90 => (height - b, l, height - t, r),
        180 => (width - r, height - b, width - l, height - t),
        270 => (t, width - r, b, width - l),
        _ => place,
    }
}

/// The form fields of a document, which the engine passes over.
struct Forms<'a> {
    document: &'a lopdf::Document,
    pages: BTreeMap<u32, lopdf::ObjectId>,
}

impl<'a> Forms<'a> {
    fn of(document: &'a lopdf::Document) -> Self {
        Self { document, pages: document.get_pages() }
    }

    /// The values of a page's fields, at their places.
    fn of_page(&self, page: &Page, rotation: u16) -> Vec<Span> {
        let Some(&id) = self.pages.get(&page.number) else { return Vec::new() };
        let Some([left, bottom, right, top]) = object_fields::page_box(self.document, id) else {
            return Vec::new();
        };
        let place = |[l, b, r, t]: [f32; 4]| {
            turned((l - left, top - t, r - left, top - b), rotation, right - left, top - bottom)
        };
        let values = object_fields::read(self.document, id).into_iter();
        values.flat_map(|field| fields::spans(&field.value, place(field.place))).collect()
    }
}

/// A word's characters share its box evenly: the engine does not tell where each one stands.
fn take(word: &TextCell, segmenter: &mut Segmenter) {
    let count = word.text.chars().count().max(1) as f32;
    let (width, height) = (word.r - word.l, word.b - word.t);
    let turned = height > 2.0 * width.max(1.0) && count >= 3.0;
    let size = if turned { width } else { height }.clamp(1.0, 400.0);
    segmenter.space();
    for (index, character) in word.text.chars().enumerate() {
        if character.is_whitespace() {
            segmenter.space();
            continue;
        }
        let (left, right) =
            (word.l + width * index as f32 / count, word.l + width * (index + 1) as f32 / count);
        let glyph = Glyph { character, left, top: word.t, right, bottom: word.b, size, bold: false, turned };
        segmenter.glyph(glyph);
    }
}
