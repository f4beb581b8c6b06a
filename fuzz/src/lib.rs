//! What the fuzz targets run: the functions that the tests run over findings that were kept.

#[expect(dead_code, reason = "some of it is for tests only")]
#[path = "../../crates/extract/tests/it/drive/mod.rs"]
mod drive;

/// Pages of placed text through the layout pass to a document.
pub fn pdf_layout(data: &[u8]) {
    drive::pdf_layout(data);
}

/// A shop's pages.
pub fn html(data: &[u8]) {
    drive::html(data);
}

/// Questions, rules, dialogs and tickets.
pub fn records(data: &[u8]) {
    drive::records(data);
}

/// Numbers, units, money, identifiers, sentences, normal forms, redaction, language.
pub fn numbers(data: &[u8]) {
    drive::numbers(data);
}
