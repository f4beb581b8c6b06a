//! Tables: successive rows whose cells stand in common columns.
//!
//! In four steps: rows that may belong to one table are collected (here), their cells are put into columns (`grid`), the
//! rows that name the columns are found (`header`), and lines are put together to rows (`wrapped`).

use super::Element;
use super::lines::{self, Fragment, Row};
use super::place::Bounds;

mod grid;
mod header;
mod wrapped;

/// A blank this high, in heights of the line, ends a table.
const ENDS: f32 = 4.0;
/// A line this close below its row, in heights of the line, may continue a cell.
const CONTINUES: f32 = 0.9;
/// A row this far below the one above, in heights of the line, belongs to its table only when it is aligned with it.
const APART: f32 = 1.2;
/// Edges of cells agree within this, in font sizes.
const ALIGNED: f32 = 0.5;
/// Left edges of one column of cells agree within this, in font sizes …
const SAME_EDGE: f32 = 0.1;
/// … in so many rows, where a narrow gutter is to be told from a wide space.
const MIN_EDGES: usize = 2;
/// A single cell this many times larger than those above is a heading below the table.
const HEADING: f32 = 1.2;
/// First cells are indented by this at most, in font sizes.
const INDENTED: f32 = 2.0;
/// A new row is compared with so many before it.
const COMPARED: usize = 8;
/// Lines of one cell that may stand between the first two rows of a table.
const MAX_BETWEEN: usize = 2;

/// Appends the elements of one column: tables where there are some, lines elsewhere.
pub(super) fn elements(region: Vec<Row>, elements: &mut Vec<Element>) {
    let region = split(region);
    let column_right = region.iter().flatten().map(|fragment| fragment.right).fold(0.0, f32::max);
    let mut index = 0;
    while index < region.len() {
        let end = if begins(&region[index..]) { end_of(&region, index) } else { index + 1 };
        match table(&region[index..end]) {
            Some(table) => elements.push(table),
            None => push_lines(&region[index..end], column_right, elements),
        }
        index = end;
    }
}

/// Takes cells apart that a narrow gutter made one fragment: where a part of it begins, cells of several rows around begin.
fn split(region: Vec<Row>) -> Vec<Row> {
    let has_parts = |row: &Row| row.iter().any(|fragment| !fragment.parts.is_empty());
    if !region.iter().any(has_parts) {
        return region;
    }
    let apart = |(index, row): (usize, &Row)| {
        let around = &region[index.saturating_sub(COMPARED)..(index + COMPARED + 1).min(region.len())];
        let begins_cell = |part: &Fragment| {
            let is_there = |cell: &Fragment| (cell.left - part.left).abs() <= SAME_EDGE * part.size;
            around.iter().filter(|other| other.iter().skip(1).any(is_there)).count() >= MIN_EDGES
        };
        row.iter().cloned().flat_map(|fragment| fragment.split(begins_cell)).collect()
    };
    region.iter().enumerate().map(apart).collect()
}

/// Whether a row of cells is followed by another one, perhaps after lines that go on with one cell.
fn begins(rows: &[Row]) -> bool {
    let [first, rest @ ..] = rows else { return false };
    if first.len() < 2 {
        // The upper line of a name of two, beside the names of one line: they stand at half its height.
        let is_beside = |next: &Row| next.len() >= 2 && gap(Some(first), next) < 0.0;
        return rest.first().is_some_and(is_beside) && begins(rest);
    }
    let between = rest.iter().take_while(|row| row.len() < 2).count();
    between <= MAX_BETWEEN
        && rest.get(between).is_some()
        && rest[..between].iter().all(|row| row.first().is_some_and(|cell| overlapped(cell, first) <= 1))
}

/// Where the table that begins with `rows[start]` ends.
fn end_of(rows: &[Row], start: usize) -> usize {
    let mut end = start + 1;
    while end < rows.len() && belongs(&rows[start..end], &rows[end], rows.get(end + 1)) {
        end += 1;
    }
    end
}

/// Whether a row belongs to the table of the rows before; `next` is the one after it.
fn belongs(table: &[Row], row: &Row, next: Option<&Row>) -> bool {
    let height = row.iter().map(Fragment::height).fold(1.0, f32::max);
    let gap = gap(table.last(), row);
    let full: Vec<&Row> = table.iter().rev().filter(|row| row.len() >= 2).take(COMPARED).collect();
    if gap > ENDS * height {
        return false;
    }
    let [cell] = row.as_slice() else {
        let is_apart = full.len() >= 2 && gap > APART * height;
        return fits(&full, row) && (!is_apart || is_aligned(&full, row));
    };
    if full.is_empty() || gap < 0.0 && full.len() == 1 {
        return gap < 0.0;
    }
    if full.iter().any(|row| overlapped(cell, row) > 1) || full.iter().all(|row| overlapped(cell, row) == 0) {
        return false;
    }
    let largest = full.iter().flat_map(|row| row.iter()).map(|cell| cell.size).fold(0.0, f32::max);
    if cell.size >= HEADING * largest {
        return false;
    }
    let firsts = first_cells(&full);
    let first_right = firsts.iter().map(|first| first.right).fold(0.0, f32::max);
    let is_first = firsts.iter().any(|first| overlaps(cell, first));
    if gap <= CONTINUES * height && (!is_first || wraps_first(cell, first_right)) {
        return true;
    }
    let goes_on = next.is_some_and(|next| next.len() >= 2 && fits(&full, next) && is_aligned(&full, next));
    let is_nearer = next.is_some_and(|next| self::gap(Some(row), next) < gap.min(CONTINUES * height));
    goes_on && if is_first { full.len() >= 2 } else { is_nearer }
}

/// The first cells of those rows that begin at the left edge of the table.
fn first_cells<'a>(rows: &[&'a Row]) -> Vec<&'a Fragment> {
    let firsts = || rows.iter().filter_map(|row| row.first());
    let left = firsts().map(|first| first.left).fold(f32::INFINITY, f32::min);
    firsts().filter(|first| first.left <= left + INDENTED * first.size).collect()
}

/// Whether more than half of a row's cells share an edge or the middle with one above.
fn is_aligned(before: &[&Row], row: &Row) -> bool {
    let agrees = |cell: &&Fragment| {
        before.iter().flat_map(|row| row.iter()).any(|other| {
            let middles = (f32::midpoint(cell.left, cell.right), f32::midpoint(other.left, other.right));
            [(cell.left, other.left), (cell.right, other.right), middles]
                .into_iter()
                .any(|(one, other)| (one - other).abs() <= ALIGNED * cell.size)
        })
    };
    row.iter().filter(agrees).count() * 2 > row.len()
}

/// Blank between two rows; negative when they overlap.
fn gap(above: Option<&Row>, row: &Row) -> f32 {
    let bottom = above.into_iter().flatten().map(|cell| cell.bottom).fold(0.0, f32::max);
    row.iter().map(|cell| cell.top).fold(f32::INFINITY, f32::min) - bottom
}

/// A narrow line under the first cell, begun like a word in mid-sentence, continues that cell.
fn wraps_first(cell: &Fragment, first_right: f32) -> bool {
    let begins_lower = cell.text.chars().next().is_some_and(|sign| sign.is_lowercase() || sign == '(');
    begins_lower && cell.right <= first_right + cell.size
}

/// Whether most cells of a row stand below one cell, not across several, of most rows before.
fn fits(before: &[&Row], row: &Row) -> bool {
    let agrees =
        |other: &&&Row| row.iter().filter(|cell| overlapped(cell, other) > 1).count() * 2 <= row.len();
    before.iter().filter(agrees).count() * 2 >= before.len()
}

/// How many cells of a row a fragment overlaps.
fn overlapped(cell: &Fragment, row: &Row) -> usize {
    row.iter().filter(|other| overlaps(cell, other)).count()
}

fn overlaps(one: &Fragment, other: &Fragment) -> bool {
    one.left < other.right && one.right > other.left
}

/// The rows as a table, when they are one.
fn table(rows: &[Row]) -> Option<Element> {
    if rows.len() < 2 {
        return None;
    }
    let grid = grid::of(rows)?;
    let (header, body) = header::split(&grid);
    let rows = wrapped::rows(body, grid.columns.len());
    let bounds = Bounds::around(grid.lines.iter().map(|line| line.bounds));
    Some(Element::Table { header, rows, bounds })
}

/// Rows that are no table: the fragments of a row are one line.
fn push_lines(rows: &[Row], column_right: f32, elements: &mut Vec<Element>) {
    for row in rows {
        elements.extend(lines::whole(row, column_right).map(Element::Line));
    }
}
