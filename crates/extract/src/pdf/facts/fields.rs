//! Values of form fields from the object tree, for the engine that does not tell them.

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Annotations looked at on one page.
const MAX_ANNOTATIONS: usize = 5_000;
/// Steps from a field to the ancestors that it inherits from.
const MAX_ANCESTORS: usize = 16;
/// Bits of an annotation's flags: hidden, or not for the screen.
const NOT_SHOWN: i64 = 1 << 1 | 1 << 5;
/// Bit of a text field's flags: a password.
const PASSWORD: i64 = 1 << 13;

/// A field with its value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pdf) struct Field {
    /// The value; lines as the person who filled it in broke them.
    pub(in crate::pdf) value: String,
    /// Left, bottom, right, top in the file's own axes, in points.
    pub(in crate::pdf) place: [f32; 4],
}

/// The filled fields of a page that hold text or a choice.
pub(in crate::pdf) fn read(document: &Document, page: ObjectId) -> Vec<Field> {
    annotations(document, page).into_iter().filter_map(|widget| field(document, widget)).collect()
}

/// The dictionaries of a page's annotations.
pub(super) fn annotations(document: &Document, page: ObjectId) -> Vec<&Dictionary> {
    let page = document.get_dictionary(page).ok();
    let list = page.and_then(|page| page.get_deref(b"Annots", document).ok()?.as_array().ok());
    let entries = list.into_iter().flatten().take(MAX_ANNOTATIONS);
    entries.filter_map(|entry| document.dereference(entry).ok()?.1.as_dict().ok()).collect()
}

fn field(document: &Document, widget: &Dictionary) -> Option<Field> {
    if widget.get(b"Subtype").and_then(Object::as_name).ok()? != b"Widget" {
        return None;
    }
    let kind = inherited(document, widget, b"FT")?.as_name().ok()?;
    let flags = |dictionary: &Dictionary| dictionary.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    let field_flags = inherited(document, widget, b"Ff").and_then(|flags| flags.as_i64().ok()).unwrap_or(0);
    let is_secret = kind == b"Tx" && field_flags & PASSWORD != 0;
    if (kind != b"Tx" && kind != b"Ch") || flags(widget) & NOT_SHOWN != 0 || is_secret {
        return None;
    }
    let value = value(inherited(document, widget, b"V")?)?;
    Some(Field { value, place: place(document, widget)? })
}

/// An entry of the field or of the nearest ancestor that has it.
fn inherited<'a>(document: &'a Document, widget: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut holder = widget;
    for _ in 0..MAX_ANCESTORS {
        if let Ok(object) = holder.get_deref(key, document) {
            return Some(object);
        }
        holder = holder.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}

fn value(object: &Object) -> Option<String> {
    let text = match object {
        // Several choices of a list.
        Object::Array(choices) => choices.iter().filter_map(value).collect::<Vec<_>>().join(", "),
        other => super::decoded(other)?,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn place(document: &Document, widget: &Dictionary) -> Option<[f32; 4]> {
    rectangle(document, widget.get_deref(b"Rect", document).ok()?)
}

/// Left, bottom, right, top of the part of a page that is shown.
pub(in crate::pdf) fn page_box(document: &Document, page: ObjectId) -> Option<[f32; 4]> {
    let page = document.get_dictionary(page).ok()?;
    let of = |key: &[u8]| rectangle(document, inherited(document, page, key)?);
    let media = of(b"MediaBox")?;
    let Some(crop) = of(b"CropBox") else { return Some(media) };
    let common = [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
    Some(if common[0] < common[2] && common[1] < common[3] { common } else { media })
}

fn rectangle(document: &Document, object: &Object) -> Option<[f32; 4]> {
    let numbers = document.dereference(object).ok()?.1.as_array().ok()?;
    let mut numbers = numbers.iter().map(|number| number.as_float().ok().filter(|number| number.is_finite()));
    let (a, b, c, d) = (numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??);
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}
