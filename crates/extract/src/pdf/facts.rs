//! Facts about a PDF from its object tree: version, encryption, title, bookmarks, attachments, form fields.
//!
//! They are taken after the text, although layout waits for them: a tree that brings the reader down must not cost the
//! pages. What decides whether a file can be read at all (a password, no pages) the engines say before the first page.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::page::PdfFacts;

mod attachments;
pub(super) mod fields;
mod names;
mod outline;

/// Bookmarks read at most; a loop of them must end.
pub(super) const MAX_OUTLINE: usize = 5_000;
/// Depth of bookmarks followed.
pub(super) const MAX_DEPTH: u32 = 12;
/// Names of attached files kept.
pub(super) const MAX_ATTACHMENTS: usize = 200;
/// The format's version stands within this many bytes.
const HEAD_BYTES: usize = 1_024;

/// What the object tree says; `None` when it cannot be read (the file may still have readable pages).
pub fn read(bytes: &[u8]) -> Option<PdfFacts> {
    let slim = Document::load_mem_with_options(bytes, LoadOptions::with_filter(without_content)).ok();
    // Loaded with a filter, a broken tree is not repaired.
    match slim.filter(|document| !document.get_pages().is_empty()) {
        Some(document) => Some(of(&document)),
        None => Document::load_mem(bytes).ok().map(|document| of(&document)),
    }
}

/// Pictures and page contents are most of a file, and no facts. The library keeps what the filter leaves in place and
/// asks of the answer only whether there is one.
fn without_content(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && !stream.dict.has_type(b"ObjStm")
        && !stream.dict.has_type(b"XRef")
    {
        *object = Object::Dictionary(std::mem::take(&mut stream.dict));
    }
    Some((id, Object::Null))
}

/// The facts of a loaded document.
pub(super) fn of(document: &Document) -> PdfFacts {
    let pages = document.get_pages();
    let numbers: HashMap<ObjectId, u32> = pages.iter().map(|(&number, &id)| (id, number)).collect();
    PdfFacts {
        version: document.version.clone(),
        encrypted: document.is_encrypted() || document.was_encrypted(),
        page_count: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        title: title(document),
        outline: outline::read(document, &numbers),
        attachments: attachments::read(document, &pages),
    }
}

/// The version that a file's first bytes state, e.g. `1.7`.
pub(super) fn version_of_head(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(HEAD_BYTES))?;
    let start = head.windows(5).position(|window| window == b"%PDF-")? + 5;
    let digits = head.get(start..)?.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.');
    let version: String = digits.take(4).map(|&byte| char::from(byte)).collect();
    (!version.is_empty()).then_some(version)
}

fn title(document: &Document) -> Option<String> {
    let info = document.trailer.get_deref(b"Info", document).ok()?.as_dict().ok()?;
    text(document, info, b"Title")
}

/// A text of a dictionary, in one line.
fn text(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    one_line(&decoded(dictionary.get_deref(key, document).ok()?)?)
}

/// A text string's characters. Some programs write UTF-8 without the mark that the format asks for; text in the old
/// encoding (PDF 32000-1, annex D) hardly ever happens to be valid UTF-8 with characters beyond ASCII.
fn decoded(object: &Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_ascii() => Some(text.trim_start_matches('\u{feff}').to_owned()),
        _ => lopdf::decode_text_string(object).ok(),
    }
}

/// White space and control characters become single spaces; `None` when nothing is left.
pub(super) fn one_line(text: &str) -> Option<String> {
    let words = text.split(|sign: char| sign.is_whitespace() || sign.is_control());
    let text = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The catalog's dictionary of this name.
fn of_catalog<'a>(document: &'a Document, key: &[u8]) -> Option<&'a Dictionary> {
    document.catalog().ok()?.get_deref(key, document).ok()?.as_dict().ok()
}

#[cfg(test)]
mod tests;
