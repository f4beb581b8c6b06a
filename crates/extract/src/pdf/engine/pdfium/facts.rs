//! Facts about a file: by its object tree where that can be held, else what the library tells.

use pdfium_render::prelude::*;

use super::super::Input;
use crate::pdf::facts::{self as tree, MAX_ATTACHMENTS, MAX_DEPTH, MAX_OUTLINE, one_line};
use crate::pdf::page::{OutlineEntry, PdfFacts};

pub(super) fn read(input: Input<'_>, document: &PdfDocument<'_>, page_count: u32) -> PdfFacts {
    let bytes = input.whole().ok().flatten();
    if let Some(facts) = bytes.and_then(|bytes| tree::read(&bytes)) {
        return PdfFacts { page_count, ..facts };
    }
    let title = document.metadata().get(PdfDocumentMetadataTagType::Title);
    PdfFacts {
        version: input.head().ok().and_then(|head| tree::version_of_head(&head)).unwrap_or_default(),
        encrypted: is_encrypted(document),
        page_count,
        title: title.and_then(|tag| one_line(tag.value())),
        outline: outline(document),
        attachments: attachments(document),
    }
}

/// An error stands for a protection newer than the library's list.
fn is_encrypted(document: &PdfDocument<'_>) -> bool {
    let handler = document.permissions().security_handler_revision();
    !matches!(handler, Ok(PdfSecurityHandlerRevision::Unprotected))
}

fn attachments(document: &PdfDocument<'_>) -> Vec<String> {
    let names = document.attachments().iter().take(MAX_ATTACHMENTS);
    names.filter_map(|attachment| one_line(&attachment.name())).collect()
}

fn outline(document: &PdfDocument<'_>) -> Vec<OutlineEntry> {
    let mut entries = Vec::new();
    siblings(document.bookmarks().root(), 1, &mut entries);
    entries
}

/// Ends by its bounds where the bookmarks are a loop.
fn siblings(first: Option<PdfBookmark<'_>>, level: u32, entries: &mut Vec<OutlineEntry>) {
    let mut next = first;
    let mut steps = 0;
    while let Some(bookmark) = next {
        steps += 1;
        if entries.len() >= MAX_OUTLINE || level > MAX_DEPTH || steps > MAX_OUTLINE {
            return;
        }
        if let Some(title) = bookmark.title().and_then(|title| one_line(&title)) {
            entries.push(OutlineEntry { title, level, page: page_of(&bookmark) });
        }
        siblings(bookmark.first_child(), level + 1, entries);
        next = bookmark.next_sibling();
    }
}

fn page_of(bookmark: &PdfBookmark<'_>) -> Option<u32> {
    let index = bookmark.destination().and_then(|destination| destination.page_index().ok());
    u32::try_from(index?).ok()?.checked_add(1)
}
