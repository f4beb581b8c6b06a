//! Tables and definition lists.

use auskunft_model::Block;
use scraper::ElementRef;

use super::text_of;

/// A cell of more characters holds running text: the table only lays out the page.
const LAYOUT_CELL: usize = 600;

/// A data table as a block; `None` for tables that lay out a page (nested tables, headings or very long cells inside,
/// a single column).
pub(super) fn read(table: ElementRef<'_>) -> Option<Block> {
    let is_layout = table.attr("role") == Some("presentation") || holds_layout(table);
    if is_layout {
        return None;
    }
    let mut rows: Vec<Row> = own_rows(table).map(row).filter(|row| !row.is_empty()).collect();
    let columns = rows.iter().map(|row| row.cells.len()).max()?;
    let is_long = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.chars().count() > LAYOUT_CELL);
    if columns < 2 || is_long {
        return None;
    }
    let has_header = rows.len() > 1 && rows[0].is_header && rows[0].cells.len() > 1;
    let header = if has_header { rows.remove(0).cells } else { Vec::new() };
    Some(Block::Table { header, rows: rows.into_iter().map(|row| row.cells).collect() })
}

/// Whether a definition list holds short values, not panels of running text.
pub(super) fn is_pairs(list: ElementRef<'_>) -> bool {
    let is_panel = |element: &ElementRef<'_>| {
        let holds_blocks = |inside: ElementRef<'_>| {
            matches!(inside.value().name(), "table" | "ul" | "ol" | "dl" | "h2" | "h3")
        };
        element.descendent_elements().skip(1).any(holds_blocks)
            || text_of(*element).chars().count() > LAYOUT_CELL
    };
    !list.descendent_elements().filter(|element| element.value().name() == "dd").any(|value| is_panel(&value))
}

/// A definition list as a table of keys and values.
pub(super) fn read_definitions(list: ElementRef<'_>) -> Block {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut key = String::new();
    for element in list.descendent_elements() {
        match element.value().name() {
            "dt" => key = text_of(element),
            "dd" => {
                let value = text_of(element);
                if !value.is_empty() {
                    rows.push(vec![std::mem::take(&mut key), value]);
                }
            }
            _ => {}
        }
    }
    Block::Table { header: Vec::new(), rows }
}

struct Row {
    cells: Vec<String>,
    is_header: bool,
}

impl Row {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

fn holds_layout(table: ElementRef<'_>) -> bool {
    let inside = table.descendent_elements().skip(1);
    inside
        .into_iter()
        .any(|element| matches!(element.value().name(), "table" | "h1" | "h2" | "h3" | "form" | "ul" | "ol"))
}

fn own_rows(table: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    table.descendent_elements().filter(|element| element.value().name() == "tr")
}

fn row(row: ElementRef<'_>) -> Row {
    let cells: Vec<ElementRef<'_>> =
        row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect();
    let in_head =
        row.parent().and_then(ElementRef::wrap).is_some_and(|parent| parent.value().name() == "thead");
    let all_heads = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
    Row { cells: cells.into_iter().map(text_of).collect(), is_header: in_head || all_heads }
}
