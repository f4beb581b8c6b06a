//! Names of files that a PDF carries: those of the whole document, and those pinned to a page.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{MAX_ATTACHMENTS, names, one_line, text};

pub(super) fn read(document: &Document, pages: &BTreeMap<u32, ObjectId>) -> Vec<String> {
    let of_document = names::tree(document, b"EmbeddedFiles").into_iter().filter_map(|(key, object)| {
        let file = document.dereference(object).ok()?.1.as_dict().ok()?;
        name(document, file).or_else(|| one_line(&String::from_utf8_lossy(key)))
    });
    let of_pages = pages.values().flat_map(|&page| pinned(document, page));
    let mut found: Vec<String> = Vec::new();
    for name in of_document.chain(of_pages) {
        if found.len() >= MAX_ATTACHMENTS {
            break;
        }
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// File names of a page's pins.
fn pinned(document: &Document, page: ObjectId) -> Vec<String> {
    let annotations = super::fields::annotations(document, page).into_iter();
    let pins = annotations.filter(|annotation| {
        annotation.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"FileAttachment")
    });
    let files = pins.filter_map(|pin| pin.get_deref(b"FS", document).ok()?.as_dict().ok());
    files.filter_map(|file| name(document, file)).collect()
}

fn name(document: &Document, file: &Dictionary) -> Option<String> {
    text(document, file, b"UF").or_else(|| text(document, file, b"F"))
}
