//! Tables and definition lists.

use auskunft_model::Block;
use scraper::ElementRef;

use super::text_of;

use grid::Row;

pub(super) use grid::Room;

mod grid;

/// A cell of more characters holds running text: the table only lays out the page.
const LAYOUT_CELL: usize = 600;

/// A part of a table under a row that spans it (`Display`, `Anschlüsse`), or the whole.
pub(super) struct Part {
    pub(super) heading: Option<String>,
    pub(super) block: Block,
}

/// A data table; `None` for tables that lay out a page (nested tables, headings or very long cells inside, a single
/// column), and for those that spread their cells over more than is left of `room`.
pub(super) fn read(table: ElementRef<'_>, room: &mut Room) -> Option<Vec<Part>> {
    let is_layout = table.attr("role") == Some("presentation") || holds_layout(table);
    if is_layout {
        return None;
    }
    let rows = grid::rows(table, room)?;
    let columns = rows.iter().map(|row| row.cells.len()).max()?;
    (columns >= 2).then(|| parts(rows))
}

/// Rows under the headings between them. The first rows of heads are the header of every part.
fn parts(rows: Vec<Row>) -> Vec<Part> {
    let heads =
        rows.iter().take_while(|row| row.is_header && row.spanning.is_none() && row.cells.len() > 1).count();
    let heads = if heads < rows.len() { heads } else { 0 };
    let mut rows = rows.into_iter();
    let header = header(rows.by_ref().take(heads).collect());
    let mut parts = vec![(None, Vec::new())];
    for row in rows {
        match row.spanning {
            Some(heading) => parts.push((Some(heading), Vec::new())),
            None => parts.last_mut().map_or((), |(_, rows)| rows.push(row.cells)),
        }
    }
    let block = |rows| Block::Table { header: header.clone(), rows };
    let as_row = |(heading, rows): (Option<String>, Vec<Vec<String>>)| match heading {
        // Nothing follows: a remark below the table.
        Some(text) if rows.is_empty() => (None, vec![vec![text]]),
        heading => (heading, rows),
    };
    let filled = parts.into_iter().map(as_row).filter(|(_, rows)| !rows.is_empty());
    filled.map(|(heading, rows)| Part { heading, block: block(rows) }).collect()
}

/// Several rows of heads as one: `Maße` over `Breite` and `Höhe` is `Maße Breite`, `Maße Höhe`.
fn header(rows: Vec<Row>) -> Vec<String> {
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let column = |index: usize| {
        let mut texts: Vec<&str> =
            rows.iter().filter_map(|row| row.cells.get(index)).map(String::as_str).collect();
        texts.dedup();
        texts.retain(|text| !text.is_empty());
        texts.join(" ")
    };
    (0..columns).map(column).collect()
}

/// The terms and values of a definition list, those of lists inside it left out.
pub(crate) fn own_terms<'a>(list: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> + 'a {
    let is_list = |element: &ElementRef<'_>| element.value().name() == "dl";
    let nearest = move |element: ElementRef<'_>| {
        element.ancestors().filter_map(ElementRef::wrap).find(is_list).map(|one| one.id())
    };
    let terms = list.descendent_elements().filter(|element| matches!(element.value().name(), "dt" | "dd"));
    terms.filter(move |element| nearest(*element) == Some(list.id()))
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
    !own_terms(list).filter(|element| element.value().name() == "dd").any(|value| is_panel(&value))
}

/// A definition list as rows of keys and values.
pub(super) fn read_definitions(list: ElementRef<'_>) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut key = String::new();
    for element in own_terms(list) {
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
    rows
}

/// A table of tables, headings or forms lays out a page; so does one of lists, unless it has heads.
fn holds_layout(table: ElementRef<'_>) -> bool {
    let inside = || table.descendent_elements().skip(1).map(|element| element.value().name());
    let has = |tags: &[&str]| inside().any(|tag| tags.contains(&tag));
    has(&["table", "h1", "h2", "h3", "form"]) || has(&["ul", "ol"]) && !has(&["th"])
}
