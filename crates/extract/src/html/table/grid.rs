//! A table's cells in rows and columns, with cells that span several of them.

use scraper::ElementRef;

use super::LAYOUT_CELL;
use crate::html::{elements, text_of};

/// No table for people has more columns; a page that claims it must not fill the memory.
const MAX_COLUMNS: usize = 200;

/// What the cells of one page's tables may take, in bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// What an empty cell takes.
const CELL_BYTES: usize = 32;

/// What is left for the cells of a page's tables: spans of a few bytes stand for many cells.
pub(in crate::html) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MAX_BYTES)
    }
}

impl Room {
    /// Takes what a cell needs; `None` when no more is left.
    fn take(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.saturating_sub(CELL_BYTES + text.len());
        (self.0 > 0).then_some(())
    }
}

/// Longer texts across a table are remarks, not headings.
const MAX_HEADING: usize = 80;

/// A row of the grid.
pub(super) struct Row {
    /// Texts by column. A cell that spans rows stands in each of them; one that spans columns stands in each of them in
    /// heads, and in the first of them in rows of data.
    pub(super) cells: Vec<String>,
    /// Whether it names the columns.
    pub(super) is_header: bool,
    /// The text of the only cell, where it spans the table.
    pub(super) spanning: Option<String>,
}

/// A cell that reaches into rows below.
#[derive(Clone)]
struct Reaching {
    text: String,
    rows: usize,
}

/// All rows that hold anything; `None` when a cell holds running text or there is no room.
pub(super) fn rows(table: ElementRef<'_>, room: &mut Room) -> Option<Vec<Row>> {
    let mut reaching: Vec<Option<Reaching>> = Vec::new();
    let mut rows = Vec::new();
    for element in elements(table, "tr") {
        let row = row(element, &mut reaching, room)?;
        if row.cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
    }
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    for row in rows.iter_mut().filter(|row| row.cells.len() < columns.min(2)) {
        // A single cell without a span, in a table of several columns, names what follows just the same.
        row.spanning = row.spanning.take().or_else(|| row.cells.first().filter(|_| row.is_header).cloned());
    }
    Some(rows)
}

fn row(row: ElementRef<'_>, reaching: &mut Vec<Option<Reaching>>, room: &mut Room) -> Option<Row> {
    let cells: Vec<ElementRef<'_>> =
        row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect();
    let in_head =
        row.parent().and_then(ElementRef::wrap).is_some_and(|parent| parent.value().name() == "thead");
    let all_heads = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
    let is_header = in_head || all_heads;
    let spanning = match cells.as_slice() {
        [only] if span(*only, "colspan") > 1 && reaching.iter().flatten().next().is_none() => {
            Some(cell_text(*only)?).filter(|text| !text.is_empty() && text.chars().count() <= MAX_HEADING)
        }
        _ => None,
    };
    Some(Row { cells: placed(&cells, is_header, reaching, room)?, is_header, spanning })
}

/// The texts of a row by column, those that reach in from above included.
fn placed(
    cells: &[ElementRef<'_>],
    is_header: bool,
    reaching: &mut Vec<Option<Reaching>>,
    room: &mut Room,
) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for cell in cells {
        take_reaching(&mut texts, reaching, room)?;
        let text = cell_text(*cell)?;
        let rows = span(*cell, "rowspan");
        for column in 0..span(*cell, "colspan") {
            if texts.len() >= MAX_COLUMNS {
                break;
            }
            room.take(&text)?;
            let shown = if column == 0 || is_header { text.clone() } else { String::new() };
            reach(
                reaching,
                texts.len(),
                (rows > 1).then(|| Reaching { text: shown.clone(), rows: rows - 1 }),
            );
            texts.push(shown);
        }
    }
    take_reaching(&mut texts, reaching, room)?;
    while texts.last().is_some_and(String::is_empty) && texts.len() > 2 && !is_header {
        texts.pop();
    }
    Some(texts)
}

/// Adds the cells from above that reach into the next columns.
fn take_reaching(texts: &mut Vec<String>, reaching: &mut [Option<Reaching>], room: &mut Room) -> Option<()> {
    while let Some(slot) = reaching.get_mut(texts.len()) {
        let Some(cell) = slot.take() else { break };
        room.take(&cell.text)?;
        texts.push(cell.text.clone());
        *slot = (cell.rows > 1).then(|| Reaching { rows: cell.rows - 1, ..cell });
    }
    Some(())
}

fn reach(reaching: &mut Vec<Option<Reaching>>, column: usize, cell: Option<Reaching>) {
    if reaching.len() <= column {
        reaching.resize(column + 1, None);
    }
    if let Some(slot) = reaching.get_mut(column) {
        *slot = cell;
    }
}

fn span(cell: ElementRef<'_>, attribute: &str) -> usize {
    let stated = cell.attr(attribute).and_then(|text| text.trim().parse().ok());
    stated.unwrap_or(1).clamp(1, MAX_COLUMNS)
}

/// The words of a cell; items of a list are parted by commas. `None` for running text.
fn cell_text(cell: ElementRef<'_>) -> Option<String> {
    let items: Vec<String> = elements(cell, "li").map(text_of).filter(|text| !text.is_empty()).collect();
    let text = if items.is_empty() { text_of(cell) } else { items.join(", ") };
    (text.chars().count() <= LAYOUT_CELL).then_some(text)
}
