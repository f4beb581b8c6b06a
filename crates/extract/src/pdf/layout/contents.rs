//! Tables of contents: lines that lead to a page's number.
//!
//! They repeat every heading of a document without saying anything about it, so that they are kept apart from the text.

use super::headings;
use super::lines::{Fragment, Row};
use super::words;

/// Lines with leaders on a page that make a table of contents.
const MIN_LEADERS: usize = 3;
/// Lines that end in growing numbers, below a heading that names them, where no leaders are.
const MIN_NUMBERED: usize = 3;
/// A line without a number between two of its kind is the first half of a long title, so many at most.
const MAX_BETWEEN: usize = 2;

/// Which of a page's rows are lines of a table of contents.
pub(super) fn rows(page: &[Row]) -> Vec<bool> {
    let texts: Vec<String> = page.iter().map(text).collect();
    let mut marked: Vec<bool> = texts.iter().map(|text| leads_to_page(text)).collect();
    if marked.iter().filter(|marked| **marked).count() < MIN_LEADERS {
        marked = numbered(page, &texts);
    }
    fill(&mut marked);
    marked
}

fn text(row: &Row) -> String {
    row.iter().map(|fragment: &Fragment| fragment.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// `Entkalken ... 12`: leaders, then a page's number.
fn leads_to_page(text: &str) -> bool {
    let Some((before, number)) = text.rsplit_once(' ') else { return false };
    let leader = before.trim_end().trim_end_matches(['.', '·', '…', '_', ' ']);
    let signs = before[leader.len()..].chars().filter(|sign| !sign.is_whitespace());
    let width: usize = signs.map(|sign| if sign == '…' { 3 } else { 1 }).sum();
    is_page(number) && width >= 3
}

fn is_page(text: &str) -> bool {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number || words::is_roman(text)
}

/// Rows below `Inhalt` or `Contents` whose last cell is a number no smaller than the one before.
fn numbered(page: &[Row], texts: &[String]) -> Vec<bool> {
    let none = vec![false; page.len()];
    let Some(heading) = texts.iter().position(|text| headings::is_contents(text)) else { return none };
    let (mut marked, mut last) = (none.clone(), 0_u32);
    for (index, row) in page.iter().enumerate().skip(heading + 1) {
        let number = row.last().filter(|_| row.len() >= 2).and_then(|cell| cell.text.parse::<u32>().ok());
        if let Some(number) = number.filter(|&number| number >= last && number < 10_000) {
            last = number;
            marked[index] = true;
        }
    }
    let count = marked.iter().filter(|marked| **marked).count();
    if count >= MIN_NUMBERED { marked } else { none }
}

/// Marks rows between two marked ones that are close: titles of several lines.
fn fill(marked: &mut [bool]) {
    let places: Vec<usize> = (0..marked.len()).filter(|&index| marked[index]).collect();
    for pair in places.windows(2) {
        if pair[1] - pair[0] <= MAX_BETWEEN + 1 {
            marked[pair[0]..pair[1]].fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_leads_to_a_page_by_its_leaders_and_number() {
        assert!(leads_to_page("5 Entkalken ... 12"));
        assert!(leads_to_page("Vorwort · · · iv"));
        assert!(leads_to_page("Anhang … 140"));
        assert!(!leads_to_page("Füllen Sie 250 ml ein. 2"));
        assert!(!leads_to_page("und so weiter ..."));
    }
}
