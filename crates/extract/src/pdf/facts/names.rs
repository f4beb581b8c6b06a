//! Name trees: maps from names to objects that are spread over many nodes.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Entries read of one tree.
const MAX_ENTRIES: usize = 50_000;

/// The entries of the tree of this name below the catalog's `Names`, in the tree's order. Each node is read once, so
/// that a loop ends.
pub(super) fn tree<'a>(document: &'a Document, name: &[u8]) -> Vec<(&'a [u8], &'a Object)> {
    let names = super::of_catalog(document, b"Names");
    let root = names.and_then(|names| names.get_deref(name, document).ok()?.as_dict().ok());
    let mut waiting: Vec<&Dictionary> = root.into_iter().collect();
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut entries = Vec::new();
    while let Some(node) = waiting.pop() {
        if entries.len() >= MAX_ENTRIES {
            break;
        }
        if let Some(pairs) = list(document, node, b"Names") {
            let pairs = pairs.chunks_exact(2).filter_map(|pair| Some((pair[0].as_str().ok()?, &pair[1])));
            entries.extend(pairs.take(MAX_ENTRIES));
        }
        let kids = list(document, node, b"Kids").into_iter().flatten().rev();
        let new = kids.filter_map(|kid| kid.as_reference().ok()).filter(|&id| seen.insert(id));
        waiting.extend(new.filter_map(|id| document.get_dictionary(id).ok()));
    }
    entries
}

fn list<'a>(document: &'a Document, node: &'a Dictionary, key: &[u8]) -> Option<&'a Vec<Object>> {
    node.get_deref(key, document).ok()?.as_array().ok()
}
