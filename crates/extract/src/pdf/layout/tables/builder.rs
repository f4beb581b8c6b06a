//! A table while it grows: columns by overlap, rows by baseline, cells of several lines.

use super::header;
use crate::pdf::layout::Element;
use crate::pdf::layout::lines::{Fragment, Row};
use crate::pdf::layout::place::Bounds;
use crate::pdf::layout::words;

/// Edges of cells agree within this, in font sizes.
const ALIGNED: f32 = 0.5;
/// This share of a column's cells must agree on an edge.
const MIN_ALIGNED: f32 = 0.6;
/// A line this close below its row, in heights of the line, may continue a cell.
const CONTINUES: f32 = 0.9;
/// A column is sparse when at most one row in so many uses it.
const SPARSE: usize = 6;
/// Blanks between lines that differ by this much, in heights of a line, tell rows from lines within a row …
const WRAPPED: f32 = 0.2;
/// … when this share of the closely set lines leaves cells empty.
const MIN_INCOMPLETE: f32 = 0.4;
/// A blank this high, in heights of the line, ends a table.
const ENDS: f32 = 4.0;

/// A column of a table while it is found.
#[derive(Debug, Clone)]
pub(super) struct Column {
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
pub(super) struct Cell {
    pub(super) column: usize,
    pub(super) text: String,
    pub(super) bold: bool,
}

/// The cells on one baseline, and with those that continue them below.
#[derive(Debug, Clone)]
pub(super) struct TableRow {
    pub(super) cells: Vec<Cell>,
    top: f32,
    bottom: f32,
}

impl TableRow {
    pub(super) fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    fn add(&mut self, cell: Cell) {
        match self.cells.iter_mut().find(|known| known.column == cell.column) {
            Some(known) => words::join(&mut known.text, &cell.text),
            None => self.cells.push(cell),
        }
    }
}

/// A table while it is found; keeps its rows as they were in case it is none.
#[derive(Debug)]
pub(super) struct Builder {
    columns: Vec<Column>,
    rows: Vec<TableRow>,
    pub(super) source: Vec<Row>,
    bottom: f32,
}

impl Builder {
    pub(super) fn new(first: &Row) -> Self {
        let mut builder = Self { columns: Vec::new(), rows: Vec::new(), source: Vec::new(), bottom: 0.0 };
        builder.push(first);
        builder
    }

    /// Takes a row in if it fits; `next` is the one after it.
    pub(super) fn take(&mut self, row: &Row, next: Option<&Row>) -> bool {
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
        let goes_on =
            next.is_some_and(|next| next.len() >= 2 && next.iter().all(|cell| self.places(cell).len() == 1));
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
        row.add(Cell { column, text: cell.text.clone(), bold: cell.bold });
        row.bottom = row.bottom.max(cell.bottom);
    }

    fn push(&mut self, row: &Row) {
        let mut cells = TableRow { cells: Vec::with_capacity(row.len()), top: f32::INFINITY, bottom: 0.0 };
        for fragment in row {
            let column = match self.places(fragment).first() {
                Some(&column) => column,
                None => {
                    self.columns.push(Column {
                        left: fragment.left,
                        right: fragment.right,
                        cells: Vec::new(),
                    });
                    self.columns.len() - 1
                }
            };
            self.columns[column].take(fragment);
            cells.add(Cell { column, text: fragment.text.clone(), bold: fragment.bold });
            cells.top = cells.top.min(fragment.top);
            cells.bottom = cells.bottom.max(fragment.bottom);
        }
        self.rows.push(cells);
        self.note(row);
    }

    fn note(&mut self, row: &Row) {
        self.bottom = row.iter().map(|cell| cell.bottom).fold(self.bottom, f32::max);
        self.source.push(row.clone());
    }

    /// Two rows with two cells at least, and two columns with a common edge.
    pub(super) fn is_table(&self) -> bool {
        let full = self.rows.iter().filter(|row| row.cells.len() >= 2).count();
        let aligned =
            self.columns.iter().filter(|column| column.cells.len() >= 2 && column.is_aligned()).count();
        full >= 2 && aligned >= 2
    }

    /// A column that a few rows alone use (a centred name above its cells) is part of its nearest neighbour, where no row
    /// uses both.
    fn merge_sparse(&mut self) {
        let uses = |rows: &[TableRow], column: usize| -> Vec<usize> {
            let used = rows.iter().enumerate().filter(|(_, row)| row.cell(column).is_some());
            used.map(|(index, _)| index).collect()
        };
        for sparse in 0..self.columns.len() {
            let rows = uses(&self.rows, sparse);
            if rows.is_empty() || rows.len() * SPARSE > self.rows.len() {
                continue;
            }
            let free = |&other: &usize| {
                other != sparse && uses(&self.rows, other).iter().all(|row| !rows.contains(row))
            };
            let distance = |other: usize| {
                let (one, other) = (&self.columns[sparse], &self.columns[other]);
                (other.left - one.right).max(one.left - other.right)
            };
            let candidates =
                (0..self.columns.len()).filter(|other| !uses(&self.rows, *other).is_empty()).filter(free);
            let nearest = candidates.min_by(|&one, &other| distance(one).total_cmp(&distance(other)));
            if let Some(nearest) =
                nearest.filter(|&nearest| distance(nearest) <= self.columns[nearest].width())
            {
                let cells = self.rows.iter_mut().flat_map(|row| &mut row.cells);
                cells.filter(|cell| cell.column == sparse).for_each(|cell| cell.column = nearest);
            }
        }
    }

    /// Lines that follow each other more closely than others are one row whose cells are several lines high. Only where
    /// many of those lines leave cells empty: rows in groups are set closely too, but they are complete.
    fn merge_wrapped(&mut self) {
        let gaps: Vec<f32> = self.rows.windows(2).map(|pair| pair[1].top - pair[0].bottom).collect();
        let smallest = gaps.iter().copied().fold(f32::INFINITY, f32::min);
        let largest = gaps.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let height = self.rows.iter().map(|row| row.bottom - row.top).fold(f32::INFINITY, f32::min);
        if gaps.is_empty() || largest - smallest < WRAPPED * height {
            return;
        }
        let limit = f32::midpoint(smallest, largest);
        let columns = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let close: Vec<&TableRow> = self
            .rows
            .iter()
            .skip(1)
            .zip(&gaps)
            .filter(|(_, gap)| **gap < limit)
            .map(|(row, _)| row)
            .collect();
        let incomplete = close.iter().filter(|row| row.cells.len() < columns).count();
        if (incomplete as f32) < MIN_INCOMPLETE * close.len() as f32 {
            return;
        }
        let mut merged: Vec<TableRow> = Vec::new();
        for (row, gap) in
            std::mem::take(&mut self.rows).into_iter().zip(std::iter::once(f32::INFINITY).chain(gaps))
        {
            match merged.last_mut() {
                Some(last) if gap < limit => row.cells.into_iter().for_each(|cell| last.add(cell)),
                _ => merged.push(row),
            }
        }
        self.rows = merged;
    }

    pub(super) fn finish(mut self) -> Element {
        let bounds = Bounds::around(self.source.iter().flatten().map(Bounds::from));
        self.merge_sparse();
        self.merge_wrapped();
        let is_used = |column: &usize| self.rows.iter().any(|row| row.cell(*column).is_some());
        let mut order: Vec<usize> = (0..self.columns.len()).filter(is_used).collect();
        order.sort_by(|&one, &other| self.columns[one].left.total_cmp(&self.columns[other].left));
        let has_header = header::is_first_row(&self.rows);
        let text_of = |row: &TableRow, column: usize| {
            row.cell(column).map_or_else(String::new, |cell| words::finish(&cell.text))
        };
        let whole = |row: &TableRow| {
            let mut cells: Vec<String> = order.iter().map(|&column| text_of(row, column)).collect();
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            cells
        };
        let mut rows: Vec<Vec<String>> = self.rows.iter().map(whole).collect();
        let header = if has_header { rows.remove(0) } else { Vec::new() };
        Element::Table { header, rows, bounds }
    }
}
