//! Which lines of a table name its columns, and how the columns are called.

use super::grid::{Cell, Grid, GridLine};
use crate::pdf::layout::words;
use crate::pdf::troubleshooting;

/// Lines that names of columns may take.
const MAX_LINES: usize = 3;
/// Characters of a column's name in one line.
const MAX_NAME: usize = 60;
/// This share of the cells below is in numbers where words above them are names.
const MIN_NUMBERS: f32 = 0.8;

/// One name in so many may hold a digit (`CO2`).
const NAMES_A_NUMBER: usize = 5;
/// Rows below names of which only one column is in numbers.
const MIN_BODY: usize = 3;

/// Names of the columns of a table of keys and values.
const KEY_NAMES: [&str; 9] = [
    "merkmal",
    "eigenschaft",
    "bezeichnung",
    "parameter",
    "kenngröße",
    "feature",
    "property",
    "item",
    "specification",
];
const VALUE_NAMES: [&str; 6] = ["wert", "angabe", "daten", "beschreibung", "value", "description"];

/// The names of the columns, empty when there are none, and the lines below them.
pub(super) fn split(grid: &Grid) -> (Vec<String>, &[GridLine]) {
    let count = line_count(grid);
    let (head, body) = grid.lines.split_at(count);
    let names = names(grid, head);
    if names.iter().all(String::is_empty) { (Vec::new(), body) } else { (names, body) }
}

/// How many lines name columns: those with known names; those that alone are bold; or the wordy ones above numbers.
fn line_count(grid: &Grid) -> usize {
    let most = MAX_LINES.min(grid.lines.len().saturating_sub(1));
    let is_candidate = |line: &&GridLine| {
        let numbers = line.cells.iter().filter(|cell| has_digit(cell)).count();
        numbers * NAMES_A_NUMBER <= line.cells.len()
            && line.cells.iter().all(|cell| cell.fragment.text.chars().count() <= MAX_NAME)
    };
    let candidates = grid.lines.iter().take(most).take_while(is_candidate).count();
    let known = (1..=candidates).find(|&count| are_known(&names(grid, &grid.lines[..count])));
    let most = |is_head: fn(&Grid, usize) -> bool| (1..=candidates).rev().find(|&count| is_head(grid, count));
    known.unwrap_or_else(|| most(are_bold).max(most(are_above_numbers)).unwrap_or(0))
}

fn are_known(names: &[String]) -> bool {
    let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let is_one_of = |name: &str, known: &[&str]| known.contains(&name.to_lowercase().as_str());
    let names_keys = matches!(names.as_slice(), [key, value] if is_one_of(key, &KEY_NAMES) && is_one_of(value, &VALUE_NAMES));
    names_keys || troubleshooting::is_header(&names)
}

/// Whether the first lines alone are bold and name two columns at least.
fn are_bold(grid: &Grid, count: usize) -> bool {
    let (head, body) = grid.lines.split_at(count);
    let has_bold_key = |line: &GridLine| line.cells.first().is_some_and(|cell| cell.fragment.bold);
    head.iter().all(|line| line.cells.iter().all(|cell| cell.fragment.bold))
        && named(head) >= 2
        && !body.iter().all(has_bold_key)
}

/// Whether names stand above numbers: half of them, one where every column has a name, of three columns at least; or all
/// of them, since of two the first may be a key.
fn are_above_numbers(grid: &Grid, count: usize) -> bool {
    let (head, body) = grid.lines.split_at(count);
    let is_numeric = |column: usize| {
        let below: Vec<&Cell> = body.iter().filter_map(|line| line.cell(column)).collect();
        let numbers = below.iter().filter(|cell| has_digit(cell)).count();
        !below.is_empty() && numbers as f32 >= MIN_NUMBERS * below.len() as f32
    };
    let columns = grid.columns.len();
    let numeric = (0..columns).filter(|&column| is_numeric(column)).count();
    let values = numeric - usize::from(is_numeric(0));
    let is_whole = named(head) == columns && values >= 1 && body.len() >= MIN_BODY;
    let is_wide = named(head) >= 3 && named(head) * 2 > columns && (values * 2 >= columns || is_whole);
    is_wide || (named(head) == columns && numeric == columns)
}

/// Columns that have a name of their own.
fn named(head: &[GridLine]) -> usize {
    let own = head.iter().flat_map(|line| &line.cells).filter(|cell| cell.from == cell.to);
    own.map(|cell| cell.from).collect::<std::collections::BTreeSet<_>>().len()
}

/// The name of each column: what stands above it, from top to bottom.
fn names(grid: &Grid, head: &[GridLine]) -> Vec<String> {
    let mut names = vec![String::new(); grid.columns.len()];
    for (index, line) in head.iter().enumerate() {
        let below = &head[index + 1..];
        for (cell, columns) in line.cells.iter().zip(reach(grid, line, below)) {
            for name in &mut names[columns.0..=columns.1] {
                if !name.is_empty() {
                    words::join(name, &cell.fragment.text);
                } else {
                    name.push_str(&cell.fragment.text);
                }
            }
        }
    }
    names.iter().map(|name| words::finish(name)).collect()
}

/// The columns that each cell of a line names: those that it lies across, and, where the names below repeat (the same
/// three under each heading), as many on both sides as it is centred over.
fn reach(grid: &Grid, line: &GridLine, below: &[GridLine]) -> Vec<(usize, usize)> {
    let mut reach: Vec<(usize, usize)> = line.cells.iter().map(|cell| (cell.from, cell.to)).collect();
    let repeats = |column: usize| {
        let names = |column: usize| {
            below
                .iter()
                .filter_map(|line| line.cell(column))
                .map(|cell| cell.fragment.text.as_str())
                .collect::<String>()
        };
        let own = names(column);
        !own.is_empty() && (0..grid.columns.len()).any(|other| other != column && names(other) == own)
    };
    for index in 0..reach.len() {
        let (from, to) = reach[index];
        let is_taken = |column: usize| reach.iter().any(|&(from, to)| (from..=to).contains(&column));
        if from == 0 || to + 1 >= grid.columns.len() || is_taken(from - 1) || is_taken(to + 1) {
            continue;
        }
        let wider = f32::midpoint(grid.columns[from - 1].left, grid.columns[to + 1].right);
        let cell = &line.cells[index].fragment;
        let is_centred = (wider - f32::midpoint(cell.left, cell.right)).abs() <= 2.0 * cell.size;
        if is_centred && repeats(from - 1) && repeats(to + 1) && repeats(from) {
            reach[index] = (from - 1, to + 1);
        }
    }
    reach
}

fn has_digit(cell: &Cell) -> bool {
    cell.fragment.text.chars().any(|sign| sign.is_ascii_digit())
}
