//! Sections: a new one at each heading and at each page, so that a citation's page is right.

use auskunft_model::{Block, Section};

use super::headings::{Heading, Headings};
use super::paragraphs;
use super::{Element, PageFlow};

/// Puts the pages' elements under their headings.
pub(super) fn assemble(flows: &[PageFlow], headings: &Headings) -> Vec<Section> {
    let mut builder = Builder::default();
    for (flow_index, flow) in flows.iter().enumerate() {
        let mut begin = 0;
        let mut index = 0;
        while index < flow.elements.len() {
            let Some((heading, count)) = headings.at(flow_index, index) else {
                index += 1;
                continue;
            };
            builder.text(&flow.elements[begin..index], flow.number);
            builder.heading(heading);
            index += count;
            begin = index;
        }
        builder.text(&flow.elements[begin..], flow.number);
    }
    builder.finish()
}

#[derive(Debug, Default)]
struct Builder {
    sections: Vec<Section>,
    /// Levels and texts of the headings above.
    path: Vec<(u32, String)>,
    /// A heading under which nothing stands yet.
    pending: Option<Heading>,
}

impl Builder {
    fn text(&mut self, elements: &[Element], page: u32) {
        let blocks = paragraphs::blocks(elements);
        if blocks.is_empty() {
            return;
        }
        self.pending = None;
        self.push(page, blocks);
    }

    fn heading(&mut self, heading: &Heading) {
        if self.pending.as_ref().is_some_and(|pending| heading.level <= pending.level) {
            self.keep_pending();
        }
        self.path.retain(|(level, _)| *level < heading.level && *level > 0);
        self.path.push((heading.level, heading.text.clone()));
        self.pending = Some(heading.clone());
    }

    /// A heading with nothing below it is text as well: it must not get lost.
    fn keep_pending(&mut self) {
        if let Some(heading) = self.pending.take() {
            self.push(heading.page, vec![Block::Paragraph { text: heading.text }]);
        }
    }

    fn push(&mut self, page: u32, blocks: Vec<Block>) {
        let heading_path = self.path.iter().map(|(_, text)| text.clone()).collect();
        self.sections.push(Section { heading_path, page: Some(page), blocks, kind: None, language: None });
    }

    fn finish(mut self) -> Vec<Section> {
        self.keep_pending();
        self.sections
    }
}
