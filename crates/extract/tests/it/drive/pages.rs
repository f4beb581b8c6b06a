//! Bytes to pages of placed text, and back: how a fuzzer writes a PDF's pages, and how seeds are made of real ones.
//!
//! A list of entries, each one byte of type and its fields (little endian): type 0 begins a page (width and height in
//! eighths of a point, letters, image cover), 1 is an entry of the outline (level, page, text), 2 a span with any bit
//! pattern as places (left, top, right, bottom, size as `f32`), every other a span in eighths of a point. A text is its
//! length in one byte and that many bytes.

use auskunft_extract::pdf::{OutlineEntry, Page, Span};

/// Eighths of a point are fine enough for seeds, and small numbers are what a fuzzer finds easily.
const STEPS: f32 = 8.0;
/// Flag of a span's type.
const BOLD: u8 = 8;
/// Flag of a span's type.
const TURNED: u8 = 16;
/// As many letters as the spans have.
const COUNTED: u8 = 255;
/// More pages add nothing new and cost time.
const MAX_PAGES: usize = 64;

/// The pages and the outline that these bytes describe; any bytes do.
pub(crate) fn decode(data: &[u8]) -> (Vec<Page>, Vec<OutlineEntry>) {
    let mut bytes = Bytes(data);
    let (mut pages, mut outline) = (Vec::new(), Vec::new());
    while let Some(kind) = bytes.byte() {
        match kind & 7 {
            0 if pages.len() < MAX_PAGES => pages.push(page(&mut bytes, pages.len())),
            1 => outline.push(entry(&mut bytes)),
            _ => {
                if pages.is_empty() {
                    pages.push(a4());
                }
                let (span, last) = (span(kind, &mut bytes), pages.len() - 1);
                pages[last].spans.push(span);
            }
        }
    }
    for page in pages.iter_mut().filter(|page| page.raw_letters == u32::from(COUNTED)) {
        page.raw_letters = letters(page);
    }
    (pages, outline)
}

/// The bytes from which [`decode`] makes (about) these pages.
pub(crate) fn encode(pages: &[Page], outline: &[OutlineEntry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in outline {
        bytes.extend([1, entry.level as u8, entry.page.unwrap_or(0) as u8]);
        put_text(&mut bytes, &entry.title);
    }
    for page in pages {
        bytes.push(0);
        [page.width, page.height].iter().for_each(|length| put_length(&mut bytes, *length));
        bytes.extend([COUNTED, (page.image_cover * 255.0) as u8]);
        page.spans.iter().for_each(|span| put_span(&mut bytes, span));
    }
    bytes
}

fn page(bytes: &mut Bytes<'_>, index: usize) -> Page {
    let (width, height) = (bytes.length(), bytes.length());
    let raw_letters = u32::from(bytes.byte().unwrap_or(COUNTED));
    let image_cover = f32::from(bytes.byte().unwrap_or(0)) / 255.0;
    Page { number: index as u32 + 1, width, height, spans: Vec::new(), raw_letters, image_cover }
}

fn a4() -> Page {
    let (width, height) = (595.0, 842.0);
    Page { number: 1, width, height, spans: Vec::new(), raw_letters: u32::from(COUNTED), image_cover: 0.0 }
}

fn entry(bytes: &mut Bytes<'_>) -> OutlineEntry {
    let level = u32::from(bytes.byte().unwrap_or(1));
    let page = bytes.byte().filter(|page| *page > 0).map(u32::from);
    OutlineEntry { title: bytes.text(), level, page }
}

fn span(kind: u8, bytes: &mut Bytes<'_>) -> Span {
    let [left, top, right, bottom, size] = if kind & 7 == 2 {
        std::array::from_fn(|_| bytes.float())
    } else {
        let (left, top, width, height, size) =
            (bytes.length(), bytes.length(), bytes.length(), bytes.length(), bytes.length());
        [left, top, left + width, top + height, size]
    };
    let (bold, turned) = (kind & BOLD != 0, kind & TURNED != 0);
    Span { text: bytes.text(), left, top, right, bottom, size, bold, turned }
}

fn letters(page: &Page) -> u32 {
    let letters = page.spans.iter().flat_map(|span| span.text.chars()).filter(|sign| sign.is_alphanumeric());
    letters.count() as u32
}

fn put_span(bytes: &mut Vec<u8>, span: &Span) {
    let flags = if span.bold { BOLD } else { 0 } | if span.turned { TURNED } else { 0 };
    bytes.push(3 | flags);
    let lengths = [span.left, span.top, span.width(), span.height(), span.size];
    lengths.iter().for_each(|length| put_length(bytes, *length));
    put_text(bytes, &span.text);
}

fn put_length(bytes: &mut Vec<u8>, points: f32) {
    bytes.extend(((points * STEPS).round() as u16).to_le_bytes());
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    let fits = text.char_indices().map(|(place, sign)| place + sign.len_utf8()).take_while(|end| *end < 256);
    let kept = &text[..fits.last().unwrap_or(0)];
    bytes.push(kept.len() as u8);
    bytes.extend(kept.as_bytes());
}

/// What is left to decode; reads past the end give zeros.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte().unwrap_or(0))
    }

    fn length(&mut self) -> f32 {
        f32::from(u16::from_le_bytes(self.array())) / STEPS
    }

    fn float(&mut self) -> f32 {
        f32::from_le_bytes(self.array())
    }

    fn text(&mut self) -> String {
        let length = usize::from(self.byte().unwrap_or(0)).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }
}
