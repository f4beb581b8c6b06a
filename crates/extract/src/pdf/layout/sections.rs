//! Sections: a new one at each heading and at each page, so that a citation's page is right.

use auskunft_model::{Block, Section};

use super::headings::{self, Heading};
use super::parts::{Content, Part};
use super::place::Role;

/// Puts the parts under their headings; the document's title is no heading of a section.
pub(super) fn assemble(parts: Vec<Part>, title: Option<&str>) -> Vec<Section> {
    let mut builder = Builder { title, ..Builder::default() };
    for part in parts.into_iter().filter(|part| part.role != Role::Furniture) {
        match part.content {
            Content::Heading(heading) => builder.heading(heading),
            Content::Block(block) => builder.block(block, part.page),
        }
    }
    builder.keep_pending();
    builder.sections
}

#[derive(Debug, Default)]
struct Builder<'a> {
    title: Option<&'a str>,
    sections: Vec<Section>,
    /// Levels and texts of the headings above.
    path: Vec<(u32, String)>,
    /// A heading under which nothing stands yet.
    pending: Option<Heading>,
    /// Whether the next block belongs to the last section, if it stands on its page.
    is_open: bool,
}

impl Builder<'_> {
    fn block(&mut self, block: Block, page: u32) {
        self.pending = None;
        match self.sections.last_mut() {
            Some(section) if self.is_open && section.page == Some(page) => section.blocks.push(block),
            _ => self.push(page, block),
        }
        self.is_open = true;
    }

    fn heading(&mut self, heading: Heading) {
        let is_above = |pending: &Heading| {
            heading.level <= pending.level
                || (pending.level == 0 && self.title != Some(pending.text.as_str()))
        };
        if self.pending.as_ref().is_some_and(is_above) {
            self.keep_pending();
        }
        self.is_open = false;
        // Nothing stands below a table of contents but the table.
        self.path
            .retain(|(level, text)| *level < heading.level && *level > 0 && !headings::is_contents(text));
        self.path.push((heading.level, heading.text.clone()));
        self.pending = Some(heading);
    }

    /// A heading with nothing below it is text of what stands above: it must not get lost.
    fn keep_pending(&mut self) {
        if let Some(heading) = self.pending.take() {
            self.path.pop();
            self.push(heading.page, Block::Paragraph { text: heading.text });
        }
    }

    fn push(&mut self, page: u32, block: Block) {
        let heading_path = self.path.iter().map(|(_, text)| text.clone()).collect();
        let blocks = vec![block];
        self.sections.push(Section { heading_path, page: Some(page), blocks, kind: None, language: None });
    }
}
