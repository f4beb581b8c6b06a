//! Tables: successive rows whose cells stand in common columns.

use super::lines::{self, Row};
use super::{Element, Line};

mod builder;
mod header;

use builder::Builder;

/// Appends the elements of one column: tables where there are some, lines elsewhere.
pub(super) fn elements(region: Vec<Row>, elements: &mut Vec<Element>) {
    let column_right = region.iter().flatten().map(|fragment| fragment.right).fold(0.0, f32::max);
    let mut rows = region.into_iter().peekable();
    let mut open: Option<Builder> = None;
    let mut rest: Vec<Row> = Vec::new();
    while let Some(row) = rows.next() {
        if let Some(builder) = &mut open {
            if builder.take(&row, rows.peek()) {
                continue;
            }
            close(open.take(), column_right, elements);
        }
        if row.len() >= 2 && rows.peek().is_some_and(|next| next.len() >= 2) {
            open = Some(Builder::new(&row));
        } else {
            rest.push(row);
            push_lines(rest.drain(..), column_right, elements);
        }
    }
    close(open, column_right, elements);
}

fn close(builder: Option<Builder>, column_right: f32, elements: &mut Vec<Element>) {
    let Some(builder) = builder else { return };
    if builder.is_table() {
        elements.push(builder.finish());
    } else {
        push_lines(builder.source.into_iter(), column_right, elements);
    }
}

/// Rows that are no table: the fragments of a row are one line.
fn push_lines(rows: impl Iterator<Item = Row>, column_right: f32, elements: &mut Vec<Element>) {
    for row in rows {
        elements.extend(row_line(row, column_right).map(Element::Line));
    }
}

fn row_line(row: Row, column_right: f32) -> Option<Line> {
    let mut fragments = row.into_iter();
    let mut whole = fragments.next()?;
    for fragment in fragments {
        whole.text = format!("{} {}", whole.text, fragment.text);
        whole.right = whole.right.max(fragment.right);
        whole.top = whole.top.min(fragment.top);
        whole.bottom = whole.bottom.max(fragment.bottom);
        whole.bold &= fragment.bold;
    }
    Some(lines::line(whole, column_right))
}
