//! Cutting an oversize section.

use auskunft_model::{Block, Section, document::row_text};
use text_splitter::TextSplitter;

use super::Count;

/// Safety margin on the estimated characters per token; the estimate is verified, this saves second cuts.
const MARGIN: f64 = 0.95;

/// How much longer than an even share a piece may be, so that cuts fall on sentence ends.
const SLACK: f64 = 1.15;

/// What a piece of text must fit into.
pub(super) struct Room<'a> {
    /// The line before the text; empty = none.
    pub(super) prefix: &'a str,
    /// Most tokens of prefix and text together.
    pub(super) budget: usize,
    /// Counts tokens.
    pub(super) count: Count<'a>,
}

impl Room<'_> {
    fn embedded(&self, text: &str) -> String {
        if self.prefix.is_empty() { text.to_owned() } else { format!("{}\n{text}", self.prefix) }
    }

    /// The text to embed and its tokens; without its prefix when a text that cannot be cut further needs the room.
    pub(super) fn embedded_within_budget(&self, text: &str) -> (String, usize) {
        let embedded = self.embedded(text);
        let tokens = (self.count)(&embedded);
        if tokens <= self.budget {
            return (embedded, tokens);
        }
        (text.to_owned(), (self.count)(text))
    }

    fn fits(&self, text: &str) -> bool {
        (self.count)(&self.embedded(text)) <= self.budget
    }
}

/// The texts of a section's chunks.
pub(super) fn section(section: &Section, room: &Room<'_>) -> Vec<String> {
    let whole = section.text();
    if whole.trim().is_empty() {
        return Vec::new();
    }
    if room.fits(&whole) {
        return vec![whole];
    }
    let mut pieces: Vec<String> = Vec::new();
    for segment in segments(&section.blocks) {
        let cut = match segment {
            Segment::Text(text) => self::text(&text, room),
            Segment::Table { header, rows } => table(header, rows, room),
        };
        append(&mut pieces, cut, room);
    }
    pieces
}

/// Adds the pieces of a segment; its first joins the last piece so far when both fit together.
fn append(pieces: &mut Vec<String>, cut: Vec<String>, room: &Room<'_>) {
    let mut cut = cut.into_iter();
    if let Some(last) = pieces.last_mut()
        && let Some(first) = cut.next()
    {
        let together = format!("{last}\n{first}");
        if room.fits(&together) {
            *last = together;
        } else {
            pieces.push(first);
        }
    }
    pieces.extend(cut);
}

enum Segment<'a> {
    Text(String),
    Table { header: &'a [String], rows: &'a [Vec<String>] },
}

/// Runs of text and tables, in order.
fn segments(blocks: &[Block]) -> Vec<Segment<'_>> {
    let mut found: Vec<Segment<'_>> = Vec::new();
    for block in blocks {
        match (block, found.last_mut()) {
            (Block::Table { header, rows }, _) => found.push(Segment::Table { header, rows }),
            (block, Some(Segment::Text(run))) => {
                run.push('\n');
                run.push_str(&block.text());
            }
            (block, _) => found.push(Segment::Text(block.text())),
        }
    }
    found
}

/// Cuts running text at the most meaningful places (line, sentence, word) into pieces that fit.
fn text(text: &str, room: &Room<'_>) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let characters = text.chars().count();
    if characters == 1 || room.fits(text) {
        return vec![text.to_owned()];
    }
    let splitter = TextSplitter::new(capacity(text, characters, room));
    let cut: Vec<&str> = splitter.chunks(text).collect();
    cut.into_iter().flat_map(|piece| self::text(piece, room)).collect()
}

/// Characters of a piece: the room in tokens times this text's own characters per token, but no more than an even share,
/// and always less than the whole, so that cutting ends.
fn capacity(text: &str, characters: usize, room: &Room<'_>) -> usize {
    let tokens = (room.count)(text).max(1) as f64;
    let prefix = if room.prefix.is_empty() { 0 } else { (room.count)(room.prefix) };
    let available = room.budget.saturating_sub(prefix).max(1) as f64 * MARGIN;
    let by_ratio = characters as f64 / tokens * available;
    let pieces = (tokens / available).ceil().max(2.0);
    let even = characters as f64 / pieces * SLACK;
    (by_ratio.min(even) as usize).clamp(1, (characters * 6 / 10).max(1))
}

/// Cuts a table between rows and repeats its header. A row that does not fit under the header stands alone, and is cut as
/// text when it does not fit alone.
fn table(header: &[String], rows: &[Vec<String>], room: &Room<'_>) -> Vec<String> {
    let head = if header.is_empty() { String::new() } else { row_text(header) };
    let mut pieces: Vec<String> = Vec::new();
    let mut open: Option<String> = None;
    let mut is_head_shown = head.is_empty();
    for row in rows.iter().map(|row| row_text(row)).filter(|row| !row.trim().is_empty()) {
        let longer = open.as_ref().map(|open| format!("{open}\n{row}")).filter(|text| room.fits(text));
        if longer.is_some() {
            open = longer;
            continue;
        }
        pieces.extend(open.take());
        let begun = if head.is_empty() { row.clone() } else { format!("{head}\n{row}") };
        if room.fits(&begun) {
            is_head_shown = true;
            open = Some(begun);
        } else {
            pieces.extend(text(&row, room));
        }
    }
    pieces.extend(open);
    if !is_head_shown {
        pieces.splice(0..0, text(&head, room));
    }
    pieces
}
