//! Footnotes: small lines with a mark, below everything else on their page.

use super::{Element, Line};

/// A note is smaller than the text by this factor at least.
const SMALLER: f32 = 0.93;

/// Makes notes of the last lines of a page when they are smaller than `body` points and the first of them begins with a
/// mark.
pub(super) fn mark(elements: &mut [Element], body: f32) {
    let Some(first) = first(elements, body) else { return };
    for element in &mut elements[first..] {
        if let Element::Line(line) = element {
            *element = Element::Note(line.clone());
        }
    }
}

/// Where the notes begin: of the small lines at the end, the first one with a mark.
fn first(elements: &[Element], body: f32) -> Option<usize> {
    let is_note = |element: &Element| match element {
        Element::Line(line) => line.size <= SMALLER * body,
        Element::Break => true,
        _ => false,
    };
    let small = elements.len() - elements.iter().rev().take_while(|element| is_note(element)).count();
    let begins = |element: &Element| matches!(element, Element::Line(line) if begins_note(line));
    let first = small + elements[small..].iter().position(begins)?;
    // A page of small print has no footnotes: they stand below a text.
    let is_below = |line: &Line| elements[..first].iter().any(|element| stands_above(element, line));
    match &elements[first] {
        Element::Line(line) if is_below(line) => Some(first),
        _ => None,
    }
}

fn stands_above(element: &Element, note: &Line) -> bool {
    matches!(element, Element::Line(line) if line.size > note.size && line.bottom <= note.top)
}

/// `1 Siehe …`, `2) …`, `* …`, `† …`.
pub(super) fn begins_note(line: &Line) -> bool {
    let digits = line.text.chars().take_while(char::is_ascii_digit).count();
    let rest = line.text[digits..].trim_start_matches(')');
    let is_number = (1..=2).contains(&digits)
        && (rest.starts_with(' ') || rest.starts_with(char::is_alphabetic))
        && rest.trim_start().starts_with(char::is_alphabetic);
    is_number || line.text.starts_with(['*', '†', '‡', '¹', '²', '³'])
}
