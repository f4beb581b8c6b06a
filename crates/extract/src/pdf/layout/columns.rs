//! Columns of prose: where they are, and in which order they are read.
//!
//! A gutter that many rows leave free separates columns only when both sides look like prose; otherwise it is the gap
//! between the cells of a table and the rows stay whole.

use super::lines::{Fragment, Row, rows};

/// A gutter is at least this share of the rows' common width …
const MIN_GUTTER: f32 = 0.012;
/// … and separates at least so many lines on each side.
const MIN_LINES: usize = 4;
/// Columns within columns are followed so deep.
const MAX_DEPTH: u32 = 4;
/// In prose, this share of a column's lines reach near its right edge.
const MIN_FULL_LINES: f32 = 0.5;
/// Pieces of a line of prose, on average.
const MAX_FRAGMENTS: f32 = 1.5;
/// Characters of a line of prose, in the median.
const MIN_LINE_LENGTH: usize = 18;

/// Rows of a page to regions in reading order; each region is one column.
pub(super) fn order(page: Vec<Row>) -> Vec<Vec<Row>> {
    let mut regions = Vec::new();
    cut(page, 0, &mut regions);
    regions
}

fn cut(page: Vec<Row>, depth: u32, regions: &mut Vec<Vec<Row>>) {
    let gutter = if depth < MAX_DEPTH { gutter(&page) } else { None };
    let Some(gutter) = gutter else {
        if !page.is_empty() {
            regions.push(page);
        }
        return;
    };
    let mut pending: Vec<Row> = Vec::new();
    for (is_free, band) in bands(page, gutter) {
        if is_free && is_columns(&band, gutter) {
            regions.extend((!pending.is_empty()).then(|| std::mem::take(&mut pending)));
            let (left, right): (Vec<Fragment>, Vec<Fragment>) =
                band.into_iter().flatten().partition(|fragment| fragment.right <= gutter);
            cut(rows(left), depth + 1, regions);
            cut(rows(right), depth + 1, regions);
        } else {
            pending.extend(band);
        }
    }
    regions.extend((!pending.is_empty()).then_some(pending));
}

/// The x that most rows leave free between two of their fragments.
fn gutter(page: &[Row]) -> Option<f32> {
    let left = page.iter().flatten().map(|fragment| fragment.left).fold(f32::INFINITY, f32::min);
    let right = page.iter().flatten().map(|fragment| fragment.right).fold(0.0, f32::max);
    let mut candidates: Vec<f32> = Vec::new();
    for row in page {
        for pair in row.windows(2) {
            if let [one, other] = pair
                && other.left - one.right >= MIN_GUTTER * (right - left)
            {
                candidates.push(f32::midpoint(one.right, other.left));
            }
        }
    }
    candidates.extend(single_sided(page, left, right));
    candidates.sort_by(f32::total_cmp);
    candidates.dedup_by(|one, other| (*one - *other).abs() < 2.0);
    let scored = candidates.into_iter().map(|x| (score(page, x), x));
    let best = scored.max_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
    best.filter(|(score, _)| *score >= MIN_LINES).map(|(_, x)| x)
}

/// Columns whose baselines differ have no row with two fragments: the middle is a candidate then.
fn single_sided(page: &[Row], left: f32, right: f32) -> Option<f32> {
    let middle = f32::midpoint(left, right);
    let ends =
        page.iter().flatten().filter(|fragment| fragment.right <= middle).map(|fragment| fragment.right);
    let starts =
        page.iter().flatten().filter(|fragment| fragment.left >= middle).map(|fragment| fragment.left);
    let (end, start) = (ends.fold(left, f32::max), starts.fold(right, f32::min));
    (start - end >= MIN_GUTTER * (right - left)).then(|| f32::midpoint(end, start))
}

/// Lines on the poorer side of `x`, of all rows that leave it free.
fn score(page: &[Row], x: f32) -> usize {
    let free = page.iter().filter(|row| is_free(row, x));
    let (mut left, mut right) = (0, 0);
    for row in free {
        left += usize::from(row.iter().any(|fragment| fragment.right <= x));
        right += usize::from(row.iter().any(|fragment| fragment.left >= x));
    }
    left.min(right)
}

fn is_free(row: &Row, x: f32) -> bool {
    row.iter().all(|fragment| fragment.right <= x || fragment.left >= x)
}

/// Runs of rows that leave `x` free, and of rows that do not.
fn bands(page: Vec<Row>, x: f32) -> Vec<(bool, Vec<Row>)> {
    let mut bands: Vec<(bool, Vec<Row>)> = Vec::new();
    for row in page {
        let free = is_free(&row, x);
        match bands.last_mut() {
            Some((kind, band)) if *kind == free => band.push(row),
            _ => bands.push((free, vec![row])),
        }
    }
    bands
}

/// One side's part of a row.
#[derive(Debug, Clone, Copy)]
struct SideLine {
    left: f32,
    right: f32,
    length: usize,
    fragments: usize,
}

/// The lines on one side of `x`.
fn side(band: &[Row], is_side: impl Fn(&Fragment) -> bool) -> Vec<SideLine> {
    let line = |row: &Row| {
        let parts: Vec<&Fragment> = row.iter().filter(|fragment| is_side(fragment)).collect();
        let (first, last) = (parts.first()?, parts.last()?);
        let length = parts.iter().map(|part| part.text.chars().count() + 1).sum::<usize>() - 1;
        Some(SideLine { left: first.left, right: last.right, length, fragments: parts.len() })
    };
    band.iter().filter_map(line).collect()
}

/// Whether a band is two columns of prose rather than rows of a table.
fn is_columns(band: &[Row], x: f32) -> bool {
    let left = side(band, |fragment| fragment.right <= x);
    let right = side(band, |fragment| fragment.left >= x);
    if left.len() < MIN_LINES || right.len() < MIN_LINES {
        return false;
    }
    let rows = band.iter().filter(|row| row.first().is_some_and(|first| first.right <= x));
    let shared = rows.filter(|row| row.iter().any(|fragment| fragment.left >= x)).count();
    let is_shared = shared as f32 >= 0.4 * left.len().min(right.len()) as f32;
    let are_long =
        [&left, &right].into_iter().all(|side| median_length(side) >= MIN_LINE_LENGTH && is_whole(side));
    are_long && (!is_shared || (is_full(&left) && is_full(&right)))
}

/// Whether most lines are one piece: several cells in a row are a table, however long they are together.
fn is_whole(side: &[SideLine]) -> bool {
    let fragments: usize = side.iter().map(|line| line.fragments).sum();
    fragments as f32 <= MAX_FRAGMENTS * side.len() as f32
}

/// Whether many lines reach near the column's right edge.
fn is_full(side: &[SideLine]) -> bool {
    let left = side.iter().map(|line| line.left).fold(f32::INFINITY, f32::min);
    let right = side.iter().map(|line| line.right).fold(0.0, f32::max);
    let near = left + 0.85 * (right - left);
    let full = side.iter().filter(|line| line.right >= near).count();
    full as f32 >= MIN_FULL_LINES * side.len() as f32
}

fn median_length(side: &[SideLine]) -> usize {
    let mut lengths: Vec<usize> = side.iter().map(|line| line.length).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}
