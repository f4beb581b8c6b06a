//! Bookmarks with the pages that they point to, by explicit or by named destinations.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{MAX_DEPTH, MAX_OUTLINE, names, text};
use crate::pdf::page::OutlineEntry;

pub(super) fn read(document: &Document, numbers: &HashMap<ObjectId, u32>) -> Vec<OutlineEntry> {
    let Some(root) = super::of_catalog(document, b"Outlines") else { return Vec::new() };
    let Some(first) = reference(root, b"First") else { return Vec::new() };
    let named = destinations(document);
    let mut walk = Walk { document, numbers, named, seen: HashSet::new(), entries: Vec::new() };
    walk.siblings(first, 1);
    walk.entries
}

/// Named destinations: of the name tree, and of the dictionary that files before version 1.2 have.
fn destinations(document: &Document) -> HashMap<&[u8], &Object> {
    let old = super::of_catalog(document, b"Dests").into_iter().flat_map(Dictionary::iter);
    let old = old.map(|(name, object)| (name.as_slice(), object));
    old.chain(names::tree(document, b"Dests")).collect()
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> Option<ObjectId> {
    dictionary.get(key).ok()?.as_reference().ok()
}

/// Walks the bookmarks; each object once, so that a loop ends.
struct Walk<'a> {
    document: &'a Document,
    numbers: &'a HashMap<ObjectId, u32>,
    named: HashMap<&'a [u8], &'a Object>,
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
                self.entries.push(OutlineEntry { title, level, page: self.page_of(item) });
            }
            if let Some(child) = reference(item, b"First") {
                self.siblings(child, level + 1);
            }
            next = reference(item, b"Next");
        }
    }

    fn page_of(&self, item: &Dictionary) -> Option<u32> {
        let destination = item.get_deref(b"Dest", self.document).ok().or_else(|| {
            let action = item.get_deref(b"A", self.document).ok()?.as_dict().ok()?;
            let leads_elsewhere =
                action.get(b"S").and_then(Object::as_name).is_ok_and(|kind| kind != b"GoTo");
            if leads_elsewhere { None } else { action.get_deref(b"D", self.document).ok() }
        })?;
        let page = self.target(destination)?.first()?;
        match page {
            Object::Reference(id) => self.numbers.get(id).copied(),
            // Counted from 0; no page of this file by the format, but some programs write it.
            Object::Integer(index) => {
                let number = u32::try_from(*index).ok()?.checked_add(1)?;
                (number as usize <= self.numbers.len()).then_some(number)
            }
            _ => None,
        }
    }

    /// Page and place: stated, or stored under a name, there possibly in a dictionary.
    fn target<'b>(&'b self, destination: &'b Object) -> Option<&'b Vec<Object>> {
        let named = match destination {
            Object::Array(target) => return Some(target),
            Object::String(name, _) | Object::Name(name) => *self.named.get(name.as_slice())?,
            _ => return None,
        };
        match self.document.dereference(named).ok()?.1 {
            Object::Array(target) => Some(target),
            Object::Dictionary(holder) => holder.get_deref(b"D", self.document).ok()?.as_array().ok(),
            _ => None,
        }
    }
}
