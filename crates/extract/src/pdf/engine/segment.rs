//! Glyphs, in the order of the engine, to spans.

use crate::pdf::page::Span;

/// A character with its place, upright after the page was turned so that most of its text reads from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) character: char,
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) turned: bool,
}

/// Farther from the origin, in points, is no place on a page; whatever is not finite is none either, and could not be sent as JSON.
const FARTHEST: f32 = 1e9;

impl Glyph {
    fn is_placed(&self) -> bool {
        let numbers = [self.left, self.top, self.right, self.bottom, self.size];
        numbers.iter().all(|number| number.abs() < FARTHEST)
    }
}

/// A side of a page in points; that of an A4 sheet where the file's number is none.
pub(super) fn side(points: f32, usual: f32) -> f32 {
    if points > 0.0 && points < FARTHEST { points } else { usual }
}

/// A gap this wide, in font sizes, ends a span: wider than the spaces of justified text, narrower than most gutters.
const SPAN_GAP: f32 = 0.6;
/// A gap this wide, in font sizes, separates words even where the file has no space.
const WORD_GAP: f32 = 0.3;

/// Groups glyphs into spans.
#[derive(Debug, Default)]
pub(super) struct Segmenter {
    spans: Vec<Span>,
    open: Option<Span>,
    space: bool,
    letters: u32,
}

impl Segmenter {
    /// Takes a white space of the text (its place is of no use).
    pub(super) fn space(&mut self) {
        self.space = true;
    }

    /// Takes the end of a line, as the engine sees it.
    pub(super) fn line_break(&mut self) {
        self.close();
    }

    /// Takes a visible character.
    pub(super) fn glyph(&mut self, glyph: Glyph) {
        self.letters += u32::from(glyph.character.is_alphanumeric());
        if !glyph.is_placed() {
            return self.unplaced(glyph.character);
        }
        let follows = self.open.as_ref().is_some_and(|open| continues(open, &glyph, self.space));
        if !follows {
            self.close();
            self.open = Some(opened(&glyph));
            return;
        }
        if let Some(open) = &mut self.open {
            let gap = glyph.left - open.right;
            if self.space || (!glyph.turned && gap > WORD_GAP * glyph.size) {
                open.text.push(' ');
            }
            open.text.push(glyph.character);
            open.left = open.left.min(glyph.left);
            open.top = open.top.min(glyph.top);
            open.right = open.right.max(glyph.right);
            open.bottom = open.bottom.max(glyph.bottom);
        }
        self.space = false;
    }

    /// A glyph that the file puts nowhere stays with the text before it; without any it is lost.
    fn unplaced(&mut self, character: char) {
        if let Some(open) = &mut self.open {
            if std::mem::take(&mut self.space) {
                open.text.push(' ');
            }
            open.text.push(character);
        }
    }

    fn close(&mut self) {
        self.space = false;
        self.spans.extend(self.open.take());
    }

    /// The spans, and how many letters and digits went in.
    pub(super) fn finish(mut self) -> (Vec<Span>, u32) {
        self.close();
        (self.spans, self.letters)
    }
}

fn opened(glyph: &Glyph) -> Span {
    Span {
        text: glyph.character.to_string(),
        left: glyph.left,
        top: glyph.top,
        right: glyph.right,
        bottom: glyph.bottom,
        size: glyph.size,
        bold: glyph.bold,
        turned: glyph.turned,
    }
}

/// Whether the glyph stands on the span's line, close behind it, in the same style.
fn continues(open: &Span, glyph: &Glyph, space: bool) -> bool {
    if open.turned || glyph.turned {
        return open.turned == glyph.turned && !is_far(open, glyph);
    }
    let same_style = open.bold == glyph.bold || !space;
    let same_size = (open.size - glyph.size).abs() <= 0.1 * open.size.max(glyph.size) || !space;
    let gap = glyph.left - open.right;
    let near = gap <= SPAN_GAP * glyph.size.max(1.0) && gap > -0.8 * glyph.size.max(open.size);
    let overlap = open.bottom.min(glyph.bottom) - open.top.max(glyph.top);
    let on_line = overlap >= 0.3 * open.height().min(glyph.bottom - glyph.top);
    same_style && same_size && near && on_line
}

/// Whether a turned glyph is away from its run by more than two font sizes.
fn is_far(open: &Span, glyph: &Glyph) -> bool {
    let horizontal = (glyph.left - open.right).max(open.left - glyph.right);
    let vertical = (glyph.top - open.bottom).max(open.top - glyph.bottom);
    horizontal.max(vertical) > 2.0 * glyph.size.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(character: char, left: f32, top: f32) -> Glyph {
        let (right, bottom) = (left + 5.0, top + 10.0);
        Glyph { character, left, top, right, bottom, size: 10.0, bold: false, turned: false }
    }

    fn texts(segmenter: Segmenter) -> Vec<String> {
        segmenter.finish().0.into_iter().map(|span| span.text).collect()
    }

    #[test]
    fn glyphs_close_to_each_other_make_one_span_with_its_spaces() {
        let mut segmenter = Segmenter::default();
        segmenter.glyph(at('a', 0.0, 0.0));
        segmenter.space();
        segmenter.glyph(at('b', 8.0, 0.0));
        segmenter.glyph(at('c', 17.0, 0.0));
        assert_eq!(texts(segmenter), ["a b c"]);
    }

    #[test]
    fn a_wide_gap_and_another_line_begin_a_new_span() {
        let mut segmenter = Segmenter::default();
        segmenter.glyph(at('a', 0.0, 0.0));
        segmenter.glyph(at('b', 30.0, 0.0));
        segmenter.glyph(at('c', 35.0, 14.0));
        assert_eq!(texts(segmenter), ["a", "b", "c"]);
    }

    #[test]
    fn an_exponent_stays_with_its_unit() {
        let mut segmenter = Segmenter::default();
        segmenter.glyph(at('m', 0.0, 0.0));
        segmenter.glyph(Glyph { size: 6.0, top: -1.0, bottom: 5.0, right: 8.0, ..at('2', 5.0, 0.0) });
        assert_eq!(texts(segmenter), ["m2"]);
    }

    #[test]
    fn a_glyph_without_a_place_stays_with_the_text_before_it() {
        let mut segmenter = Segmenter::default();
        segmenter.glyph(at('a', f32::NAN, 0.0));
        segmenter.glyph(at('b', 0.0, 0.0));
        segmenter.glyph(at('c', f32::INFINITY, 0.0));
        segmenter.glyph(at('d', 5.0, 0.0));
        let (spans, letters) = segmenter.finish();
        assert_eq!((spans.len(), spans[0].text.as_str(), letters), (1, "bcd", 4));
        assert_eq!(spans[0].right, 10.0);
        assert_eq!((side(f32::NAN, 595.0), side(-1.0, 595.0), side(420.0, 595.0)), (595.0, 595.0, 420.0));
    }

    #[test]
    fn letters_and_digits_are_counted() {
        let mut segmenter = Segmenter::default();
        for (index, character) in "A1-".chars().enumerate() {
            segmenter.glyph(at(character, index as f32 * 5.0, 0.0));
        }
        assert_eq!(segmenter.finish().1, 2);
    }
}
