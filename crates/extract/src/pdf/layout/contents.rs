//! Tables of contents: lines that lead to a page's number.
//!
//! They repeat every heading of a document without saying anything about it, so that they are kept apart from the text.

use super::headings;
use super::lines::{Fragment, Row};
use super::words;

/// Lines with leaders on a page that make a table of contents.
const MIN_LEADERS: usize = 3;
/// Of so many lines one may lead to an earlier page than the line above it.
const FEW_BACKWARDS: usize = 5;
/// Lines that end in growing numbers, below a heading that names them, where no leaders are.
const MIN_NUMBERED: usize = 3;
/// A line without a number between two of its kind is the first half of a long title, so many at most.
const MAX_BETWEEN: usize = 2;

/// Which of a page's rows are lines of a table of contents. `last` is the document's last page.
pub(super) fn rows(page: &[Row], last: u32) -> Vec<bool> {
    let texts: Vec<String> = page.iter().map(text).collect();
    let led_to: Vec<Option<u32>> = texts.iter().map(|text| leads_to_page(text)).collect();
    let mut marked: Vec<bool> = led_to.iter().map(Option::is_some).collect();
    if marked.iter().filter(|marked| **marked).count() < MIN_LEADERS || !are_pages(&led_to, last) {
        marked = numbered(page, &texts);
    }
    fill(&mut marked);
    marked
}

fn text(row: &Row) -> String {
    row.iter().map(|fragment: &Fragment| fragment.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether numbers behind leaders are of pages: they grow, and the document has them. Data sheets lead to values.
fn are_pages(numbers: &[Option<u32>], last: u32) -> bool {
    let numbers: Vec<u32> = numbers.iter().flatten().copied().filter(|number| *number > 0).collect();
    let backwards = numbers.windows(2).filter(|pair| pair[1] < pair[0]).count();
    // Printed numbers run ahead where the cover or a part is left out of the file.
    let beyond = numbers.iter().filter(|number| **number > last + last / 5 + 30).count();
    (backwards + beyond) * FEW_BACKWARDS <= numbers.len()
}

/// `Entkalken ... 12`: leaders, then a page's number; 0 for a Roman one.
fn leads_to_page(text: &str) -> Option<u32> {
    let (before, number) = text.rsplit_once(' ')?;
    let leader = before.trim_end().trim_end_matches(['.', '·', '…', '_', ' ']);
    let signs = before[leader.len()..].chars().filter(|sign| !sign.is_whitespace());
    let width: usize = signs.map(|sign| if sign == '…' { 3 } else { 1 }).sum();
    page(number).filter(|_| width >= 3)
}

fn page(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { words::is_roman(text).then_some(0) }
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
        assert_eq!(leads_to_page("5 Entkalken ... 12"), Some(12));
        assert_eq!(leads_to_page("Vorwort · · · iv"), Some(0));
        assert_eq!(leads_to_page("Anhang … 140"), Some(140));
        assert_eq!(leads_to_page("Füllen Sie 250 ml ein. 2"), None);
        assert_eq!(leads_to_page("und so weiter ..."), None);
    }

    #[test]
    fn values_of_a_data_sheet_are_no_pages() {
        let numbers = |numbers: &[u32]| numbers.iter().copied().map(Some).collect::<Vec<_>>();
        assert!(are_pages(&numbers(&[0, 0, 1, 4, 4, 11, 9, 12, 15, 20]), 20));
        assert!(!are_pages(&numbers(&[240, 340, 310]), 400));
        assert!(!are_pages(&numbers(&[12, 240, 340]), 4));
    }
}
