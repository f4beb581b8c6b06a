//! Facts about a PDF from its object tree: version, encryption, title, bookmarks.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::page::{OutlineEntry, PdfFacts};

/// Bookmarks read at most; a loop of them must end.
const MAX_OUTLINE: usize = 5_000;
/// Depth of bookmarks followed.
const MAX_DEPTH: u32 = 12;

/// What the object tree says; `None` when it cannot be read (the file may still have readable pages).
pub fn read(bytes: &[u8]) -> Option<PdfFacts> {
    let document = Document::load_mem(bytes).ok()?;
    Some(of(&document))
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
        outline: outline(document, &numbers),
    }
}

fn title(document: &Document) -> Option<String> {
    let info = document.trailer.get_deref(b"Info", document).ok()?.as_dict().ok()?;
    text(document, info, b"Title")
}

fn text(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    let object = dictionary.get_deref(key, document).ok()?;
    let text = lopdf::decode_text_string(object).ok()?;
    let text: Vec<&str> = text.split(|sign: char| sign.is_whitespace() || sign.is_control()).collect();
    let text = text.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn outline(document: &Document, numbers: &HashMap<ObjectId, u32>) -> Vec<OutlineEntry> {
    let mut walk = Walk { document, numbers, seen: HashSet::new(), entries: Vec::new() };
    let root = document.catalog().ok().and_then(|catalog| catalog.get_deref(b"Outlines", document).ok());
    if let Some(first) = root.and_then(|root| root.as_dict().ok()).and_then(|root| reference(root, b"First"))
    {
        walk.siblings(first, 1);
    }
    walk.entries
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> Option<ObjectId> {
    dictionary.get(key).ok()?.as_reference().ok()
}

/// Walks the bookmarks; each object once, so that a loop ends.
struct Walk<'a> {
    document: &'a Document,
    numbers: &'a HashMap<ObjectId, u32>,
    seen: HashSet<ObjectId>,
    entries: Vec<OutlineEntry>,
}

impl Walk<'_> {
    fn siblings(&mut self, first: ObjectId, level: u32) {
        let mut next = Some(first);
        while let Some(id) = next {
            if self.entries.len() >= MAX_OUTLINE || level > MAX_DEPTH || !self.seen.insert(id) {
                return;
            }
            let Ok(item) = self.document.get_dictionary(id) else { return };
            if let Some(title) = text(self.document, item, b"Title") {
                self.entries.push(OutlineEntry { title, level, page: self.page(item) });
            }
            if let Some(child) = reference(item, b"First") {
                self.siblings(child, level + 1);
            }
            next = reference(item, b"Next");
        }
    }

    /// The page of an explicit destination; named ones are left open.
    fn page(&self, item: &Dictionary) -> Option<u32> {
        let destination = item.get_deref(b"Dest", self.document).ok().or_else(|| {
            let action = item.get_deref(b"A", self.document).ok()?.as_dict().ok()?;
            action.get_deref(b"D", self.document).ok()
        })?;
        let page = destination.as_array().ok()?.first()?;
        match page {
            Object::Reference(id) => self.numbers.get(id).copied(),
            _ => None,
        }
    }
}
