//! How much of a page its images cover, for the engine that does not tell.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

/// Content of a page looked at, unpacked, in bytes.
const MAX_CONTENT: usize = 8 << 20;
/// As many path operators on a page look like outlined letters.
const OUTLINE_PATHS: usize = 1_000;

/// The images of a document's pages.
pub(super) struct Images<'a> {
    document: &'a Document,
    pages: BTreeMap<u32, ObjectId>,
}

/// The part of a transformation that scales and turns.
type Matrix = [f32; 4];

impl<'a> Images<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        Self { document, pages: document.get_pages() }
    }

    /// Share (0–1) of the page, which has this area in square points, under images or outlined letters.
    pub(super) fn cover(&self, number: u32, page_area: f32) -> f32 {
        let Some(&page) = self.pages.get(&number) else { return 0.0 };
        let Ok(bytes) = self.document.get_page_content_with_limit(page, MAX_CONTENT) else { return 0.0 };
        let Ok(content) = Content::decode(&bytes) else { return 0.0 };
        let (mut matrix, mut saved): (Matrix, Vec<Matrix>) = ([1.0, 0.0, 0.0, 1.0], Vec::new());
        let (mut area, mut paths) = (0.0_f32, 0_usize);
        for operation in &content.operations {
            match operation.operator.as_str() {
                "q" if saved.len() < 64 => saved.push(matrix),
                "Q" => matrix = saved.pop().unwrap_or(matrix),
                "cm" => matrix = product(&numbers(&operation.operands), &matrix),
                "Do" if self.is_picture(page, operation.operands.first()) => area += determinant(&matrix),
                "BI" => area += determinant(&matrix),
                "l" | "c" | "v" | "y" => paths += 1,
                _ => {}
            }
        }
        let outlines = if paths >= OUTLINE_PATHS { 0.6 } else { 0.0 };
        (area / page_area.max(1.0) + outlines).min(1.0)
    }

    fn is_picture(&self, page: ObjectId, name: Option<&Object>) -> bool {
        let Some(name) = name.and_then(|name| name.as_name().ok()) else { return false };
        let Ok((own, inherited)) = self.document.get_page_resources(page) else { return false };
        let inherited = inherited.into_iter().filter_map(|id| self.document.get_dictionary(id).ok());
        own.into_iter().chain(inherited).any(|resources| self.names_image(resources, name))
    }

    fn names_image(&self, resources: &Dictionary, name: &[u8]) -> bool {
        let objects = resources.get_deref(b"XObject", self.document).and_then(Object::as_dict);
        let object = objects.and_then(|objects| objects.get_deref(name, self.document));
        let subtype = object.and_then(Object::as_stream).and_then(|stream| stream.dict.get(b"Subtype"));
        subtype.and_then(Object::as_name).is_ok_and(|subtype| subtype == b"Image")
    }
}

fn numbers(operands: &[Object]) -> Matrix {
    let at = |index: usize| operands.get(index).and_then(|value| value.as_float().ok()).unwrap_or(0.0);
    [at(0), at(1), at(2), at(3)]
}

fn product(first: &Matrix, then: &Matrix) -> Matrix {
    [
        first[0] * then[0] + first[1] * then[2],
        first[0] * then[1] + first[1] * then[3],
        first[2] * then[0] + first[3] * then[2],
        first[2] * then[1] + first[3] * then[3],
    ]
}

/// Area of the unit square, in which images are drawn.
fn determinant(matrix: &Matrix) -> f32 {
    let area = (matrix[0] * matrix[3] - matrix[1] * matrix[2]).abs();
    if area.is_finite() { area } else { 0.0 }
}
