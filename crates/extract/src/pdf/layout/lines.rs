//! Spans to fragments and rows.
//!
//! A *fragment* is what stands together on one baseline: a line of a column, or a cell of a table. A *row* is all
//! fragments on one baseline.

use super::words;
use super::{Element, Line};
use crate::pdf::page::Span;

/// Spans closer than this, in font sizes, belong to one fragment.
const FRAGMENT_GAP: f32 = 0.95;
/// A gap this wide, in font sizes, within a fragment may be the one between two cells of a table: narrow gutters are no wider than
/// spaces of justified text. What stands in the other rows decides.
const NARROW_GUTTER: f32 = 0.7;
/// A list mark belongs to the text behind it up to this distance, in font sizes.
const MARK_GAP: f32 = 6.0;
/// Spans closer than this, in font sizes, are parts of one word.
const JOINED_GAP: f32 = 0.12;

/// What stands together on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fragment {
    pub(super) text: String,
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Letters and digits of the text.
    letters: u32,
    /// What a gap like a narrow gutter keeps apart, from left to right; empty where there is no such gap.
    pub(super) parts: Vec<Fragment>,
}

impl Fragment {
    fn of(span: &Span) -> Self {
        let Span { left, top, right, bottom, size, bold, .. } = *span;
        let text = words::clean(&span.text);
        let letters = words::letters([text.as_str()]);
        Self { text, left, top, right, bottom, size, bold, letters, parts: Vec::new() }
    }

    pub(super) fn height(&self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    /// Takes the next span of the same baseline in.
    fn extend(&mut self, next: &Self) {
        self.extend_parts(next);
        let is_joined = next.left - self.right < JOINED_GAP * self.size.max(next.size);
        words::append(&mut self.text, if is_joined { "" } else { " " }, &next.text);
        self.letters += next.letters;
        // The style of the longer part is the style of the whole.
        if next.letters * 2 > self.letters {
            (self.size, self.bold) = (next.size, next.bold);
        }
        self.right = self.right.max(next.right);
        self.top = self.top.min(next.top);
        self.bottom = self.bottom.max(next.bottom);
    }

    fn extend_parts(&mut self, next: &Self) {
        let is_apart = next.left - self.right >= NARROW_GUTTER * self.size.max(next.size);
        if is_apart && self.parts.is_empty() {
            self.parts.push(self.clone());
        }
        match self.parts.last_mut() {
            _ if is_apart => self.parts.push(next.clone()),
            Some(last) => last.extend(next),
            None => {}
        }
    }

    /// The fragment in two where a part begins that is the beginning of a cell; as it is where none is.
    pub(super) fn split(self, begins_cell: impl Fn(&Self) -> bool) -> Vec<Self> {
        let Some(place) = self.parts.iter().skip(1).position(begins_cell) else { return vec![self] };
        let (left, right) = self.parts.split_at(place + 1);
        [left, right].into_iter().filter_map(Self::whole).collect()
    }

    fn whole(parts: &[Self]) -> Option<Self> {
        let (first, rest) = parts.split_first()?;
        let mut whole = first.clone();
        rest.iter().for_each(|part| whole.extend(part));
        Some(whole)
    }
}

/// All fragments on one baseline, from left to right.
pub(super) type Row = Vec<Fragment>;

/// Groups spans into fragments, rows from top to bottom.
pub(super) fn fragments(spans: &[&Span]) -> Vec<Row> {
    let parts = spans.iter().map(|span| Fragment::of(span)).filter(|part| !part.text.is_empty()).collect();
    rows(parts).into_iter().map(merge).collect()
}

/// Groups fragments into rows. Each is compared with the row's first one, so that a row cannot creep down the page.
pub(super) fn rows(mut parts: Vec<Fragment>) -> Vec<Row> {
    parts.sort_by(|one, other| one.bottom.total_cmp(&other.bottom).then(one.left.total_cmp(&other.left)));
    let mut rows: Vec<Row> = Vec::new();
    for part in parts {
        // An exponent or a larger initial may end a little above or below: look at the last few rows.
        let home = rows
            .iter_mut()
            .rev()
            .take(3)
            .find(|row| row.first().is_some_and(|first| shares_line(first, &part)));
        match home {
            Some(row) => row.push(part),
            None => rows.push(vec![part]),
        }
    }
    for row in &mut rows {
        row.sort_by(|one, other| one.left.total_cmp(&other.left));
    }
    rows
}

fn shares_line(one: &Fragment, other: &Fragment) -> bool {
    let overlap = one.bottom.min(other.bottom) - one.top.max(other.top);
    overlap > 0.6 * one.height().min(other.height()) && overlap > 0.2 * one.height().max(other.height())
}

/// Joins the parts of a row that stand close, and list marks with their text.
fn merge(row: Row) -> Row {
    let mut merged: Row = Vec::with_capacity(row.len());
    for part in row {
        let is_first = merged.len() == 1;
        match merged.last_mut() {
            Some(last) if belongs(last, &part) || (is_first && is_counted_item(last, &part)) => {
                last.extend(&part);
            }
            _ => merged.push(part),
        }
    }
    merged
}

/// `• 1 × cable`: a bullet at the beginning of a row with an item that begins with its number.
fn is_counted_item(last: &Fragment, part: &Fragment) -> bool {
    let is_bullet = words::is_mark(&last.text) && !last.text.contains(char::is_alphanumeric);
    let is_item =
        part.text.starts_with(|sign: char| sign.is_ascii_digit()) && part.text.contains(char::is_alphabetic);
    is_bullet && is_item && part.left - last.right <= MARK_GAP * last.size.max(part.size)
}

fn belongs(last: &Fragment, part: &Fragment) -> bool {
    let gap = part.left - last.right;
    let size = last.size.max(part.size);
    let begins_word = part.text.chars().next().is_some_and(char::is_alphabetic);
    let is_leader = words::is_leader(&part.text) || words::is_leader(&last.text);
    gap <= FRAGMENT_GAP * size
        || (gap <= MARK_GAP * size && is_leader)
        || (gap <= MARK_GAP * size && begins_word && words::is_mark(&last.text))
}

/// A fragment as a line of a column that ends at `column_right`.
pub(super) fn line(fragment: Fragment, column_right: f32) -> Line {
    let Fragment { text, left, top, right, bottom, size, bold, .. } = fragment;
    Line { text, left, top, right, bottom, size, bold, column_right }
}

/// A whole row as one line of a column that ends at `column_right`.
pub(super) fn whole(row: &Row, column_right: f32) -> Option<Line> {
    let mut fragments = row.iter();
    let mut whole = fragments.next()?.clone();
    for fragment in fragments {
        // A hyphen at the end of a fragment is none at the end of the line.
        whole.text = format!("{} {}", words::finish(&whole.text), fragment.text);
        whole.right = whole.right.max(fragment.right);
        whole.top = whole.top.min(fragment.top);
        whole.bottom = whole.bottom.max(fragment.bottom);
        whole.bold &= fragment.bold;
    }
    Some(line(whole, column_right))
}

/// A run in another direction, as a line of its own.
pub(super) fn turned(span: &Span) -> Line {
    let fragment = Fragment::of(span);
    let right = fragment.right;
    line(Fragment { bold: false, ..fragment }, right)
}

/// The plain text of a page, in the order of the engine.
pub(super) fn plain(spans: &[&Span]) -> Vec<Element> {
    let mut lines: Vec<Fragment> = Vec::new();
    for span in spans {
        let part = Fragment { bold: false, ..Fragment::of(span) };
        match lines.last_mut() {
            Some(last) if shares_line(last, &part) && part.left >= last.left => last.extend(&part),
            _ => lines.push(part),
        }
    }
    let right = lines.iter().map(|line| line.right).fold(0.0, f32::max);
    lines.into_iter().map(|fragment| Element::Line(line(fragment, right))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_within_a_row_is_no_broken_word() {
        let span = |text: &str, left: f32| {
            let text = text.to_owned();
            Span {
                text,
                left,
                top: 0.0,
                right: left + 50.0,
                bottom: 10.0,
                size: 10.0,
                bold: false,
                turned: false,
            }
        };
        let row: Row = [
            span("Singenden-Datei\u{2}", 0.0),
            span("Zusammenstellen\u{ad}", 90.0),
            span("Ende\u{2}", 180.0),
        ]
        .iter()
        .map(Fragment::of)
        .collect();
        let whole = whole(&row, 300.0).unwrap();
        assert_eq!(whole.text, "Singenden-Datei- Zusammenstellen Ende\u{2}");
    }
}
