//! Cells into columns.
//!
//! The rows with most cells say where columns are; a cell of another row that lies across several of them spans them,
//! unless more rows have such a cell than keep the columns apart: then the columns are one.

use crate::pdf::layout::lines::{Fragment, Row};
use crate::pdf::layout::place::Bounds;

/// Edges of cells agree within this, in font sizes.
const ALIGNED: f32 = 0.5;
/// This share of a column's cells must agree on an edge.
const MIN_ALIGNED: f32 = 0.6;
/// Cells of a column that are compared with each other.
const MAX_COMPARED: usize = 60;
/// More columns than this are no table.
const MAX_COLUMNS: usize = 64;
/// Lines of what is a table by the places of its cells alone …
const FEW_LINES: usize = 2;
/// … unless they are running text: characters of a cell, on average.
const LONG_CELL: usize = 20;
/// A column is sparse when at most one row in so many uses it.
const SPARSE: usize = 6;

/// A column: what its cells cover.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    pub(super) left: f32,
    pub(super) right: f32,
}

impl Column {
    fn overlaps(self, cell: &Fragment) -> bool {
        cell.left < self.right && cell.right > self.left
    }
}

/// A cell in its column, or across several.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// First column.
    pub(super) from: usize,
    /// Last column.
    pub(super) to: usize,
    pub(super) fragment: Fragment,
}

/// The cells on one baseline.
#[derive(Debug, Clone)]
pub(super) struct GridLine {
    pub(super) cells: Vec<Cell>,
    pub(super) bounds: Bounds,
}

impl GridLine {
    pub(super) fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.from == column)
    }

    fn uses(&self, column: usize) -> bool {
        self.cells.iter().any(|cell| cell.from == column && cell.to == column)
    }
}

/// Lines of cells over common columns, which stand from left to right.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) columns: Vec<Column>,
    pub(super) lines: Vec<GridLine>,
}

/// The grid of rows; `None` when they are no table: fewer than two rows with two cells, or fewer than two columns with a
/// common edge.
pub(super) fn of(rows: &[Row]) -> Option<Grid> {
    let mut columns = columns(rows)?;
    let mut lines = placed(rows, &columns);
    while let Some(first) = crossed(&lines, columns.len()).or_else(|| sparse(&lines, &columns)) {
        let next = columns.remove(first + 1);
        columns[first].right = columns[first].right.max(next.right);
        lines = placed(rows, &columns);
    }
    let full = lines.iter().filter(|line| line.cells.len() >= 2).count();
    let aligned = (0..columns.len()).filter(|&column| is_aligned(&lines, column)).count();
    let is_table = full >= 2 && aligned >= 2 && !is_prose(&lines);
    is_table.then_some(Grid { columns, lines })
}

/// Whether a few lines of two long cells without a number are blocks of text side by side (a letterhead).
fn is_prose(lines: &[GridLine]) -> bool {
    let cells = || lines.iter().flat_map(|line| &line.cells).map(|cell| cell.fragment.text.as_str());
    let has_digit = cells().any(|text| text.chars().any(|sign| sign.is_ascii_digit()));
    let length: usize = cells().map(|text| text.chars().count()).sum();
    lines.len() <= FEW_LINES && !has_digit && length >= LONG_CELL * cells().count()
}

/// Columns, by the rows with most cells first, the widest of them first.
fn columns(rows: &[Row]) -> Option<Vec<Column>> {
    let width = |row: &Row| row.iter().map(|cell| cell.right - cell.left).sum::<f32>();
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by(|one, other| other.len().cmp(&one.len()).then(width(other).total_cmp(&width(one))));
    let mut columns: Vec<Column> = Vec::new();
    for cell in order.into_iter().flatten() {
        let found: Vec<usize> = (0..columns.len()).filter(|&index| columns[index].overlaps(cell)).collect();
        match found.as_slice() {
            [] if columns.len() == MAX_COLUMNS => return None,
            [] => {
                let place = columns.partition_point(|column| column.left < cell.left);
                columns.insert(place, Column { left: cell.left, right: cell.right });
            }
            // A column grows with its cells, which overlap no other one.
            &[only] => {
                columns[only].left = columns[only].left.min(cell.left);
                columns[only].right = columns[only].right.max(cell.right);
            }
            _ => {}
        }
    }
    Some(columns)
}

fn placed(rows: &[Row], columns: &[Column]) -> Vec<GridLine> {
    let cell = |fragment: &Fragment| {
        let mut overlapped = (0..columns.len()).filter(|&index| columns[index].overlaps(fragment));
        let from = overlapped.next()?;
        Some(Cell { from, to: overlapped.next_back().unwrap_or(from), fragment: fragment.clone() })
    };
    let line = |row: &Row| GridLine {
        cells: row.iter().filter_map(cell).collect(),
        bounds: Bounds::around(row.iter().map(Bounds::from)),
    };
    rows.iter().map(line).collect()
}

/// The first of two neighbouring columns that more cells lie across than rows keep apart.
fn crossed(lines: &[GridLine], columns: usize) -> Option<usize> {
    let is_crossed = |&first: &usize| {
        let across =
            |line: &&GridLine| line.cells.iter().any(|cell| (cell.from, cell.to) == (first, first + 1));
        let apart = |line: &&GridLine| line.uses(first) && line.uses(first + 1);
        let across = lines.iter().filter(across).count();
        across > 0 && across >= lines.iter().filter(apart).count()
    };
    (0..columns.saturating_sub(1)).find(is_crossed)
}

/// The first of two neighbouring columns of which one is used by a few rows alone (a centred name above its cells), where
/// no row uses both and they are close.
fn sparse(lines: &[GridLine], columns: &[Column]) -> Option<usize> {
    let uses = |column: usize| lines.iter().filter(|line| line.uses(column)).count();
    let is_sparse = |column: usize| uses(column) * SPARSE <= lines.len();
    let are_free = |first: usize| !lines.iter().any(|line| line.uses(first) && line.uses(first + 1));
    let are_near = |first: usize| {
        let (one, other) = (columns[first], columns[first + 1]);
        other.left - one.right <= (one.right - one.left).max(other.right - other.left)
    };
    let joins =
        |&first: &usize| (is_sparse(first) || is_sparse(first + 1)) && are_free(first) && are_near(first);
    (0..columns.len().saturating_sub(1)).find(joins)
}

/// Whether most cells share their left edge, their right edge or their middle.
fn is_aligned(lines: &[GridLine], column: usize) -> bool {
    let cells: Vec<&Fragment> = lines
        .iter()
        .filter_map(|line| line.cell(column))
        .map(|cell| &cell.fragment)
        .take(MAX_COMPARED)
        .collect();
    let share = |edge: fn(&Fragment) -> f32| {
        let agreeing = |cell: &&Fragment| {
            cells.iter().filter(|other| (edge(other) - edge(cell)).abs() <= ALIGNED * cell.size).count()
        };
        cells.iter().map(agreeing).max().unwrap_or(0) as f32 / cells.len().max(1) as f32
    };
    let edges: [fn(&Fragment) -> f32; 3] =
        [|cell| cell.left, |cell| cell.right, |cell| f32::midpoint(cell.left, cell.right)];
    cells.len() >= 2 && edges.into_iter().any(|edge| share(edge) >= MIN_ALIGNED)
}
