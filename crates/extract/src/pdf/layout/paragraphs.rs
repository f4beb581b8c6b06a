//! Lines to paragraphs and list items.

use auskunft_model::Block;

use super::notes;
use super::place::{Bounds, Role};
use super::words;
use super::{Element, Line};

/// A blank above a line, in font sizes, that begins a paragraph.
const PARAGRAPH_GAP: f32 = 0.75;
/// Amid a sentence a larger blank, in font sizes, does not end the paragraph.
const AMID_GAP: f32 = 1.3;
/// A list mark alone on its line belongs to a line so far below, in font sizes.
const MARK_GAP: f32 = 3.0;
/// Indentation of a first line, in font sizes.
const INDENT: f32 = 1.0;
/// A line that ends this share of its width before the column does is a paragraph's last.
const SHORT_LINE: f32 = 0.15;
/// A line that ends this close to its column's edge, in font sizes, is full.
const FULL_LINE: f32 = 4.0;
/// A line that leaves this share of the column free was ended on purpose: code, an address.
const BROKEN_OFF: f32 = 0.55;
/// Sizes that differ by more are different paragraphs.
const OTHER_SIZE: f32 = 0.15;

/// A block while nothing was joined to it yet, with its place and role. A hyphen at its end may still be marked.
pub(super) type Made = (Block, Bounds, Role);

/// The blocks of elements that stand under one heading on one page.
pub(super) fn blocks(elements: &[Element]) -> Vec<Made> {
    let mut blocks = Vec::new();
    let mut open: Option<Open<'_>> = None;
    let mut broken = false;
    for element in elements {
        match element {
            Element::Break => broken = true,
            Element::Table { header, rows, bounds } => {
                close(open.take(), &mut blocks);
                let table = Block::Table { header: header.clone(), rows: rows.clone() };
                blocks.push((table, *bounds, Role::Table));
            }
            Element::Contents(line) => {
                close(open.take(), &mut blocks);
                push_contents(line, &mut blocks);
            }
            Element::Note(line) => match &mut open {
                Some(note) if note.is_note && !notes::begins_note(line) => note.take(line),
                _ => {
                    close(open.take(), &mut blocks);
                    open = Some(Open { is_note: true, is_item: false, ..Open::new(line) });
                }
            },
            Element::Line(line) => {
                match &mut open {
                    Some(paragraph) if !paragraph.is_note && paragraph.goes_on(line, broken) => {
                        paragraph.take(line);
                    }
                    _ => {
                        close(open.take(), &mut blocks);
                        open = Some(Open::new(line));
                    }
                }
                broken = false;
            }
        }
    }
    close(open, &mut blocks);
    blocks
}

/// A paragraph or item while its lines come.
struct Open<'a> {
    text: String,
    bounds: Bounds,
    last: &'a Line,
    first_left: f32,
    is_item: bool,
    is_note: bool,
    /// Whether it has more than one line: a single one tells nothing about the column's edge.
    has_lines: bool,
}

impl<'a> Open<'a> {
    fn new(line: &'a Line) -> Self {
        Self {
            text: line.text.clone(),
            bounds: line.into(),
            last: line,
            first_left: line.left,
            is_item: words::begins_item(&line.text),
            is_note: false,
            has_lines: false,
        }
    }

    fn take(&mut self, line: &'a Line) {
        words::join(&mut self.text, &line.text);
        self.bounds = Bounds::around([self.bounds, line.into()]);
        self.last = line;
        self.has_lines = true;
        // A mark that stood alone on its line has become an item with the first words behind it.
        self.is_item |= !self.is_note && words::begins_item(&self.text);
    }

    fn goes_on(&self, line: &Line, broken: bool) -> bool {
        if words::begins_item(&line.text) && !self.is_amid_line(line) {
            return false;
        }
        let size = self.last.size.max(line.size);
        let gap = line.top - self.last.bottom;
        if words::is_mark(&self.text) && (0.0..MARK_GAP * size).contains(&gap) {
            return true;
        }
        let is_amid = !self.ends_sentence() && line.text.chars().next().is_some_and(char::is_lowercase);
        if broken || line.top < self.last.top {
            return is_amid;
        }
        let is_other = (self.last.size - line.size).abs() > OTHER_SIZE * size;
        let is_away = gap > PARAGRAPH_GAP * size && !(is_amid && gap <= AMID_GAP * size);
        if is_other || is_away {
            return false;
        }
        if self.is_item {
            return line.left > self.first_left - 0.2 * size
                && !(self.ends_short() && line.left <= self.first_left + 0.2 * size);
        }
        // The lines of a hanging paragraph are indented as well, but below a full line amid a sentence.
        let is_indented = line.left > self.last.left + INDENT * size;
        let (is_short, is_end) = (self.ends_short(), self.ends_sentence());
        let is_broken_off = !is_amid && self.leaves_free(BROKEN_OFF);
        !(is_indented && (is_short || is_end) || is_short && is_end || is_broken_off)
    }

    /// Whether a number at the line's beginning is part of a sentence (`nach Nummer II.` / `2. angegeben`): the line
    /// above is full, and this one follows it closely at the same left edge, which steps of a list do not share with the
    /// text of a step.
    fn is_amid_line(&self, line: &Line) -> bool {
        let size = self.last.size.max(line.size);
        let is_below = (0.0..=PARAGRAPH_GAP * size).contains(&(line.top - self.last.bottom).max(0.0));
        let is_same_edge = (line.left - self.last.left).abs() <= 0.3 * size;
        let is_deeper = !self.is_item || line.left > self.first_left + 0.2 * size;
        let starts_number = line.text.starts_with(|sign: char| sign.is_ascii_digit());
        let is_introduced = self.text.ends_with([':', '!', '?']);
        let reaches_edge = self.last.column_right - self.last.right <= FULL_LINE * size;
        starts_number
            && is_below
            && is_same_edge
            && is_deeper
            && !is_introduced
            && reaches_edge
            && self.has_lines
    }

    fn ends_sentence(&self) -> bool {
        self.text.ends_with(['.', '!', '?', ':', ';', '“', '"', ')'])
    }

    fn ends_short(&self) -> bool {
        self.leaves_free(SHORT_LINE)
    }

    /// Whether the last line leaves more than this share of its column free.
    fn leaves_free(&self, share: f32) -> bool {
        let width = (self.last.column_right - self.last.left).max(1.0);
        self.last.column_right - self.last.right > share * width
    }
}

/// Lines of a table of contents that follow each other are one block.
fn push_contents(line: &Line, blocks: &mut Vec<Made>) {
    let own = words::finish(&line.text);
    if let Some((Block::Contents { text }, bounds, _)) = blocks.last_mut() {
        text.push('\n');
        text.push_str(&own);
        *bounds = Bounds::around([*bounds, line.into()]);
        return;
    }
    blocks.push((Block::Contents { text: own }, line.into(), Role::Contents));
}

fn close(open: Option<Open<'_>>, blocks: &mut Vec<Made>) {
    let Some(open) = open else { return };
    let text = open.text;
    if words::finish(&text).is_empty() {
        return;
    }
    blocks.push(match (open.is_item, open.is_note) {
        (true, _) => (Block::Item { text }, open.bounds, Role::Item),
        (_, true) => (Block::Paragraph { text }, open.bounds, Role::Note),
        _ => (Block::Paragraph { text }, open.bounds, Role::Paragraph),
    });
}
