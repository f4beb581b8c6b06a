//! Tables: successive rows whose cells stand in common columns.

use super::lines::{self, Fragment, Row};
use super::words;
use super::{Element, Line};

/// Edges of cells agree within this, in font sizes.
const ALIGNED: f32 = 0.5;
/// This share of a column's cells must agree on an edge.
const MIN_ALIGNED: f32 = 0.6;
/// A line this close below its row, in heights of the line, may continue a cell.
const CONTINUES: f32 = 0.9;
/// A column is sparse when at most one row in so many uses it.
const SPARSE: usize = 6;
/// A blank this high, in heights of the line, ends a table.
const ENDS: f32 = 4.0;

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

/// A column of a table while it is found.
#[derive(Debug, Clone)]
struct Column {
    left: f32,
    right: f32,
    cells: Vec<(f32, f32, f32)>,
}

impl Column {
    fn overlaps(&self, fragment: &Fragment) -> bool {
        fragment.left < self.right && fragment.right > self.left
    }

    fn width(&self) -> f32 {
        self.right - self.left
    }

    fn take(&mut self, fragment: &Fragment) {
        self.left = self.left.min(fragment.left);
        self.right = self.right.max(fragment.right);
        self.cells.push((fragment.left, fragment.right, fragment.size));
    }

    /// Whether most cells share their left edge, their right edge or their middle.
    fn is_aligned(&self) -> bool {
        let share = |edge: fn(&(f32, f32, f32)) -> f32| {
            let most = self.cells.iter().map(|cell| {
                self.cells.iter().filter(|other| (edge(other) - edge(cell)).abs() <= ALIGNED * cell.2).count()
            });
            most.max().unwrap_or(0) as f32 / self.cells.len().max(1) as f32
        };
        [share(|cell| cell.0), share(|cell| cell.1), share(|cell| f32::midpoint(cell.0, cell.1))]
            .into_iter()
            .any(|share| share >= MIN_ALIGNED)
    }
}

/// A cell of a table while it is found.
#[derive(Debug, Clone)]
struct Cell {
    column: usize,
    text: String,
    bold: bool,
}

/// A table while it is found; keeps its rows as they were in case it is none.
#[derive(Debug)]
struct Builder {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    source: Vec<Row>,
    bottom: f32,
}

impl Builder {
    fn new(first: &Row) -> Self {
        let mut builder = Self { columns: Vec::new(), rows: Vec::new(), source: Vec::new(), bottom: 0.0 };
        builder.push(first);
        builder
    }

    /// Takes a row in if it fits; `next` is the one after it.
    fn take(&mut self, row: &Row, next: Option<&Row>) -> bool {
        let height = row.iter().map(|cell| cell.bottom - cell.top).fold(1.0, f32::max);
        let gap = row.iter().map(|cell| cell.top).fold(f32::INFINITY, f32::min) - self.bottom;
        if gap > ENDS * height || !row.iter().all(|cell| self.places(cell).len() <= 1) {
            return false;
        }
        if row.len() >= 2 {
            self.push(row);
            return true;
        }
        let Some(cell) = row.first() else { return false };
        let Some(&column) = self.places(cell).first() else { return false };
        if gap <= CONTINUES * height && (column > 0 || self.wraps_first(cell)) {
            self.continue_row(cell, column);
            self.note(row);
            return true;
        }
        let goes_on = next.is_some_and(|next| next.len() >= 2 && next.iter().all(|cell| self.places(cell).len() == 1));
        if goes_on && self.rows.len() >= 2 && column == 0 {
            self.push(row);
            return true;
        }
        false
    }

    /// Columns that a fragment overlaps.
    fn places(&self, fragment: &Fragment) -> Vec<usize> {
        let overlapping = self.columns.iter().enumerate().filter(|(_, column)| column.overlaps(fragment));
        overlapping.map(|(index, _)| index).collect()
    }

    /// A narrow line under the first cell, begun like a word in mid-sentence, continues that cell.
    fn wraps_first(&self, cell: &Fragment) -> bool {
        let begins_lower = cell.text.chars().next().is_some_and(|sign| sign.is_lowercase() || sign == '(');
        begins_lower && self.columns.first().is_some_and(|column| cell.right <= column.right + cell.size)
    }

    fn continue_row(&mut self, cell: &Fragment, column: usize) {
        let Some(row) = self.rows.last_mut() else { return };
        match row.iter_mut().find(|known| known.column == column) {
            Some(known) => words::join(&mut known.text, &cell.text),
            None => row.push(Cell { column, text: cell.text.clone(), bold: cell.bold }),
        }
    }

    fn push(&mut self, row: &Row) {
        let mut cells: Vec<Cell> = Vec::with_capacity(row.len());
        for fragment in row {
            let column = match self.places(fragment).first() {
                Some(&column) => column,
                None => {
                    self.columns.push(Column { left: fragment.left, right: fragment.right, cells: Vec::new() });
                    self.columns.len() - 1
                }
            };
            self.columns[column].take(fragment);
            match cells.iter_mut().find(|cell| cell.column == column) {
                Some(cell) => words::join(&mut cell.text, &fragment.text),
                None => cells.push(Cell { column, text: fragment.text.clone(), bold: fragment.bold }),
            }
        }
        self.rows.push(cells);
        self.note(row);
    }

    fn note(&mut self, row: &Row) {
        self.bottom = row.iter().map(|cell| cell.bottom).fold(self.bottom, f32::max);
        self.source.push(row.clone());
    }

    /// Two rows with two cells at least, and two columns with a common edge.
    fn is_table(&self) -> bool {
        let full = self.rows.iter().filter(|row| row.len() >= 2).count();
        let aligned = self.columns.iter().filter(|column| column.cells.len() >= 2 && column.is_aligned()).count();
        full >= 2 && aligned >= 2
    }

    /// A column that a few rows alone use (a centred name above its cells) is part of its nearest neighbour, where no row
    /// uses both.
    fn merge_sparse(&mut self) {
        let uses = |rows: &[Vec<Cell>], column: usize| -> Vec<usize> {
            let used = rows.iter().enumerate().filter(|(_, row)| row.iter().any(|cell| cell.column == column));
            used.map(|(index, _)| index).collect()
        };
        for sparse in 0..self.columns.len() {
            let rows = uses(&self.rows, sparse);
            if rows.is_empty() || rows.len() * SPARSE > self.rows.len() {
                continue;
            }
            let free = |&other: &usize| other != sparse && uses(&self.rows, other).iter().all(|row| !rows.contains(row));
            let distance = |other: usize| {
                let (one, other) = (&self.columns[sparse], &self.columns[other]);
                (other.left - one.right).max(one.left - other.right)
            };
            let candidates = (0..self.columns.len()).filter(|other| !uses(&self.rows, *other).is_empty()).filter(free);
            let nearest = candidates.min_by(|&one, &other| distance(one).total_cmp(&distance(other)));
            if let Some(nearest) = nearest.filter(|&nearest| distance(nearest) <= self.columns[nearest].width()) {
                let cells = self.rows.iter_mut().flatten().filter(|cell| cell.column == sparse);
                cells.for_each(|cell| cell.column = nearest);
            }
        }
    }

    fn finish(mut self) -> Element {
        self.merge_sparse();
        let is_used = |column: &usize| self.rows.iter().flatten().any(|cell| cell.column == *column);
        let mut order: Vec<usize> = (0..self.columns.len()).filter(is_used).collect();
        order.sort_by(|&one, &other| self.columns[one].left.total_cmp(&self.columns[other].left));
        let has_header = has_header(&self.rows);
        let text_of = |row: &Vec<Cell>, column: usize| {
            let cell = row.iter().find(|cell| cell.column == column);
            cell.map_or_else(String::new, |cell| words::finish(&cell.text))
        };
        let whole = |row: &Vec<Cell>| {
            let mut cells: Vec<String> = order.iter().map(|&column| text_of(row, column)).collect();
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            cells
        };
        let mut rows: Vec<Vec<String>> = self.rows.iter().map(whole).collect();
        let header = if has_header { rows.remove(0) } else { Vec::new() };
        Element::Table { header, rows }
    }
}

/// The first row names the columns when it alone is bold, or when it has words where the next one has numbers, or when
/// its words are known column names.
fn has_header(rows: &[Vec<Cell>]) -> bool {
    let [first, rest @ ..] = rows else { return false };
    if rest.is_empty() || first.len() < 2 || first.iter().any(|cell| has_digit(&cell.text)) {
        return false;
    }
    let names: Vec<&str> = first.iter().map(|cell| cell.text.as_str()).collect();
    if crate::pdf::troubleshooting::is_header(&names) {
        return true;
    }
    let all_bold = |row: &Vec<Cell>| row.iter().all(|cell| cell.bold);
    if all_bold(first) && !rest.iter().all(all_bold) && !rest.iter().all(|row| row.first().is_some_and(|cell| cell.bold)) {
        return true;
    }
    let is_column_of_numbers = |cell: &Cell| {
        cell.column > 0
            && rest.iter().filter_map(|row| row.iter().find(|known| known.column == cell.column)).all(|known| has_digit(&known.text))
    };
    first.len() >= 3 && first.iter().filter(|cell| is_column_of_numbers(cell)).count() * 2 >= first.len()
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|sign| sign.is_ascii_digit())
}
