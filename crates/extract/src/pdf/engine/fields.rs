//! A form field's value to spans at the field's place.

use crate::pdf::page::Span;

/// Size of a value's font where the field's height does not ask for a smaller one, in points.
const USUAL_SIZE: f32 = 10.0;
/// Width of a sign in font sizes, on average.
const SIGN_WIDTH: f32 = 0.5;
/// Lines of one value.
const MAX_LINES: usize = 200;
/// Characters of one value.
const MAX_CHARACTERS: usize = 20_000;

/// A span a line, from the field's upper edge down. `place` is left, top, right, bottom on the page as it is read.
pub(super) fn spans(value: &str, place: (f32, f32, f32, f32)) -> Vec<Span> {
    let (left, top, right, bottom) = place;
    if ![left, top, right, bottom].iter().all(|number| number.is_finite()) {
        return Vec::new();
    }
    let value: String = value.chars().take(MAX_CHARACTERS).collect();
    let lines: Vec<&str> = value.split(['\r', '\n']).map(str::trim).collect();
    let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).take(MAX_LINES).collect();
    let height = ((bottom - top) / lines.len().max(1) as f32).clamp(1.0, 1.4 * USUAL_SIZE);
    // A single line stands in the middle of its field.
    let begin = if lines.len() == 1 { (top + bottom - height) / 2.0 } else { top };
    let line = |(index, text): (usize, &&str)| {
        let top = begin + height * index as f32;
        let size = (height / 1.4).max(1.0);
        let width = SIGN_WIDTH * size * text.chars().count() as f32;
        Span {
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            left,
            top,
            right: (left + width).min(right.max(left + 1.0)),
            bottom: top + height,
            size,
            bold: false,
            turned: false,
        }
    };
    lines.iter().enumerate().map(line).collect()
}

/// Letters and digits of these spans.
pub(super) fn letters(spans: &[Span]) -> u32 {
    let signs = spans.iter().flat_map(|span| span.text.chars());
    u32::try_from(signs.filter(|sign| sign.is_alphanumeric()).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_in_its_field_line_below_line() {
        let spans = spans("Kaffee\rmaschine\r\n\r\n", (100.0, 50.0, 200.0, 90.0));
        let texts: Vec<&str> = spans.iter().map(|span| span.text.as_str()).collect();
        assert_eq!(texts, ["Kaffee", "maschine"]);
        assert!(spans[0].bottom <= spans[1].top && spans.iter().all(|span| span.left == 100.0));
        assert!(spans.iter().all(|span| span.top >= 50.0 && span.bottom <= 90.0 && span.right <= 200.0));
        assert_eq!(letters(&spans), 14);
    }

    #[test]
    fn a_field_without_a_value_gives_nothing() {
        assert!(spans(" \n ", (0.0, 0.0, 10.0, 10.0)).is_empty());
    }
}
