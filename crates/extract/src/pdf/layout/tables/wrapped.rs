//! Lines of cells to rows: cells of several lines are put together.

use super::grid::GridLine;
use crate::pdf::layout::words;

/// Blanks between lines that differ by this much, in heights of a line, tell rows from lines within a row.
const WRAPPED: f32 = 0.2;
/// A line of one cell this close below, in heights of the line, continues that cell.
const CONTINUES: f32 = 0.9;
/// When this share of the closely set lines leaves cells empty, full lines among them go on with a row as well.
const MIN_INCOMPLETE: f32 = 0.4;

/// A row while its lines come: the cells' texts, and those of the last line.
#[derive(Debug, Clone)]
struct Open {
    cells: Vec<String>,
    last: Vec<String>,
    first_count: usize,
}

/// The rows of a table's body; cells at the end that are empty are left out.
pub(super) fn rows(lines: &[GridLine], columns: usize) -> Vec<Vec<String>> {
    let texts: Vec<Vec<String>> = lines.iter().map(|line| texts(line, columns)).collect();
    let spacing = Spacing::of(lines);
    let is_wrapping = is_wrapping(&texts, &spacing);
    let mut rows: Vec<Open> = Vec::new();
    for (index, line) in texts.into_iter().enumerate() {
        let goes_on = rows.last().is_some_and(|row| {
            (spacing.is_close(index) && row.goes_on(&line, is_wrapping))
                || (spacing.is_touching(index) && row.takes_single(&line))
        });
        match rows.last_mut() {
            Some(row) if goes_on => row.take(line),
            _ => rows.push(Open::new(line)),
        }
    }
    rows.into_iter().map(Open::finish).collect()
}

/// One text for each column; a cell across several stands in the first of them.
fn texts(line: &GridLine, columns: usize) -> Vec<String> {
    let mut texts = vec![String::new(); columns];
    for cell in &line.cells {
        let text = &mut texts[cell.from];
        if !text.is_empty() {
            // A hyphen at the end of a fragment is none at the end of the line.
            *text = words::finish(text) + " ";
        }
        text.push_str(&cell.fragment.text);
    }
    texts
}

/// Blanks above the lines of a table.
struct Spacing {
    gaps: Vec<f32>,
    /// A smaller blank is one within a row; `None` when all are alike.
    limit: Option<f32>,
    height: f32,
}

impl Spacing {
    fn of(lines: &[GridLine]) -> Self {
        let gaps: Vec<f32> =
            lines.windows(2).map(|pair| pair[1].bounds.top - pair[0].bounds.bottom).collect();
        let smallest = gaps.iter().copied().fold(f32::INFINITY, f32::min);
        let largest = gaps.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let heights = lines.iter().map(|line| line.bounds.bottom - line.bounds.top);
        let height = heights.fold(f32::INFINITY, f32::min);
        let differ = !gaps.is_empty() && largest - smallest >= WRAPPED * height;
        let limit = differ.then(|| f32::midpoint(smallest, largest));
        Self { gaps, limit, height }
    }

    /// Whether a line is closer to the one above than others are.
    fn is_close(&self, index: usize) -> bool {
        let gap = index.checked_sub(1).and_then(|above| self.gaps.get(above));
        gap.zip(self.limit).is_some_and(|(gap, limit)| *gap < limit)
    }

    fn is_touching(&self, index: usize) -> bool {
        let gap = index.checked_sub(1).and_then(|above| self.gaps.get(above));
        gap.is_some_and(|gap| *gap <= CONTINUES * self.height)
    }
}

/// Whether many of the closely set lines leave cells empty: rows in groups are set closely too, but they are complete.
fn is_wrapping(lines: &[Vec<String>], spacing: &Spacing) -> bool {
    let (mut close, mut incomplete) = (0_usize, 0_usize);
    for (index, pair) in lines.windows(2).enumerate() {
        if spacing.is_close(index + 1) {
            close += 1;
            incomplete += usize::from(Open::new(pair[0].clone()).is_continued(&pair[1]));
        }
    }
    close > 0 && incomplete as f32 >= MIN_INCOMPLETE * close as f32
}

fn count(line: &[String]) -> usize {
    line.iter().filter(|cell| !cell.is_empty()).count()
}

/// A number, a date or a code: it is never divided between two lines.
fn is_atomic(text: &str) -> bool {
    !text.contains(' ')
        && text.chars().any(|sign| sign.is_ascii_digit())
        && !text.ends_with(['-', ',', '\u{2}'])
}

impl Open {
    fn new(line: Vec<String>) -> Self {
        let first_count = count(&line);
        Self { cells: line.clone(), last: line, first_count }
    }

    /// Whether a close line leaves its first cell, or others, empty because they ended above.
    fn is_continued(&self, line: &[String]) -> bool {
        if line[0].is_empty() {
            return true;
        }
        let is_known = |(own, new): (&String, &String)| new.is_empty() || !own.is_empty();
        count(line) < self.first_count
            && self.cells.iter().zip(line).all(is_known)
            && !self.repeats_atoms(line)
    }

    /// Whether both have a number in the same column: each line is a row then.
    fn repeats_atoms(&self, line: &[String]) -> bool {
        self.last.iter().zip(line).any(|(own, new)| is_atomic(own) && is_atomic(new))
    }

    fn goes_on(&self, line: &[String], is_wrapping: bool) -> bool {
        // A key set at half the height of its cell comes after the first lines of its value.
        let is_late_key = self.cells[0].is_empty() && !line[0].is_empty();
        is_late_key
            || self.is_continued(line)
            || (is_wrapping && count(line) <= self.first_count && !self.repeats_atoms(line))
    }

    /// Whether the line is a single cell, not the first, that goes on with one of this row.
    fn takes_single(&self, line: &[String]) -> bool {
        let begins_lower = line[0].chars().next().is_some_and(|sign| sign.is_lowercase() || sign == '(');
        count(line) == 1 && (line[0].is_empty() || begins_lower) && !self.repeats_atoms(line)
    }

    fn take(&mut self, line: Vec<String>) {
        for (own, new) in self.cells.iter_mut().zip(&line).filter(|(_, new)| !new.is_empty()) {
            words::join(own, new);
        }
        self.last = line;
    }

    fn finish(self) -> Vec<String> {
        let mut cells: Vec<String> = self.cells.iter().map(|text| words::finish(text)).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        cells
    }
}
