//! Values of form fields, which the library's text of a page leaves out.

use pdfium_render::prelude::*;

use super::super::fields;
use super::frame::Frame;
use crate::pdf::page::Span;

/// Annotations looked at on one page.
const MAX_ANNOTATIONS: usize = 5_000;

/// The filled fields of a page that hold text or a choice, at their places.
pub(super) fn values(page: &PdfPage<'_>, frame: &Frame) -> Vec<Span> {
    let annotations = page.annotations().iter().take(MAX_ANNOTATIONS);
    annotations.filter_map(|annotation| spans(&annotation, frame)).flatten().collect()
}

fn spans(annotation: &PdfPageAnnotation<'_>, frame: &Frame) -> Option<Vec<Span>> {
    let value = match annotation.as_form_field()? {
        PdfFormField::Text(field) if !field.is_password() => field.value(),
        PdfFormField::ComboBox(field) => field.value(),
        PdfFormField::ListBox(field) => field.value(),
        _ => None,
    };
    let value = value.filter(|value| !value.trim().is_empty())?;
    if annotation.is_hidden() || annotation.is_printable_but_not_viewable() {
        return None;
    }
    Some(fields::spans(&value, frame.place(&annotation.bounds().ok()?)))
}
