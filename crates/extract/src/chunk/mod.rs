//! Documents to chunks, along their own structure.
//!
//! A section that fits the budget is one chunk. An oversize one is cut: running text by `text-splitter` within that
//! section alone, tables between rows with the header repeated. The words of a section stand in its chunks exactly once,
//! apart from repeated headers and tables of contents, which are left out, and a chunk's text is verbatim in [`Section::text`] apart from them.

mod prefix;
mod split;

use std::collections::HashMap;

use auskunft_model::{Block, Chunk, ChunkId, Document, Section};

/// Raised whenever the same document would give other chunks, so that a store knows that its chunks are old.
pub const CHUNKER_VERSION: &str = "1";

/// A neighbour of fewer characters (about 40 tokens) under the same headings on the same page is joined, not kept as a
/// chunk that says nothing alone.
const SMALL_CHARS: usize = 160;

/// Counts tokens as the embedder does, special tokens included.
pub(crate) type Count<'a> = &'a dyn Fn(&str) -> usize;

/// The chunks of a document in order. `budget` is the most tokens that `embedded_text` may have by `count`; it holds for
/// every chunk as long as a single character fits it.
pub fn chunks(document: &Document, budget: usize, count: &dyn Fn(&str) -> usize) -> Vec<Chunk> {
    let mut maker = Maker { document, budget, count, equals: HashMap::new(), made: Vec::new() };
    for section in joined(&document.sections) {
        maker.section(&section);
    }
    maker.made
}

/// Sections with their small neighbours of the same headings, page, kind and language joined.
fn joined(sections: &[Section]) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    for section in sections.iter().filter_map(without_contents) {
        match found.last_mut().filter(|last| are_joined(last, &section)) {
            Some(last) => last.blocks.extend(section.blocks),
            None => found.push(section),
        }
    }
    found
}

/// A section without its table of contents; `None` when nothing else is in it.
fn without_contents(section: &Section) -> Option<Section> {
    let is_text = |block: &&Block| !matches!(block, Block::Contents { .. });
    let blocks: Vec<Block> = section.blocks.iter().filter(is_text).cloned().collect();
    (!blocks.is_empty()).then(|| Section { blocks, ..section.clone() })
}

fn are_joined(first: &Section, second: &Section) -> bool {
    let is_same = first.heading_path == second.heading_path
        && first.page == second.page
        && first.kind == second.kind
        && first.language == second.language;
    let is_small = |section: &Section| section.text().chars().nth(SMALL_CHARS).is_none();
    is_same && (is_small(first) || is_small(second))
}

struct Maker<'a> {
    document: &'a Document,
    budget: usize,
    count: Count<'a>,
    equals: HashMap<(Option<u32>, Vec<String>, String), u32>,
    made: Vec<Chunk>,
}

impl Maker<'_> {
    fn section(&mut self, section: &Section) {
        let prefix = prefix::of(&self.document.title, &section.heading_path, self.budget, self.count);
        let room = split::Room { prefix: &prefix, budget: self.budget, count: self.count };
        for text in split::section(section, &room) {
            self.push(section, &room, text);
        }
    }

    fn push(&mut self, section: &Section, room: &split::Room<'_>, text: String) {
        let (embedded_text, tokens) = room.embedded_within_budget(&text);
        let equals =
            self.equals.entry((section.page, section.heading_path.clone(), text.clone())).or_default();
        let id = ChunkId::derive(&self.document.id, section.page, &section.heading_path, &text, *equals);
        *equals += 1;
        self.made.push(Chunk {
            id,
            document_id: self.document.id.clone(),
            ordinal: u32::try_from(self.made.len()).unwrap_or(u32::MAX),
            kind: section.kind.unwrap_or(self.document.kind),
            language: section.language.clone().unwrap_or_else(|| self.document.language.clone()),
            heading_path: section.heading_path.clone(),
            page: section.page,
            text,
            embedded_text,
            tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
        });
    }
}

#[cfg(test)]
mod tests;
