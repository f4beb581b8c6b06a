//! Pages in reading order to headings and blocks, each with its place.

use auskunft_model::Block;

use super::headings::{Heading, Headings};
use super::paragraphs;
use super::place::{Bounds, Placed, Role};
use super::{Element, PageFlow, words};

/// A heading or a block.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Heading(Heading),
    Block(Block),
}

/// A heading or a block, where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) page: u32,
    pub(super) bounds: Bounds,
    pub(super) role: Role,
    pub(super) content: Content,
}

impl Part {
    /// As a person sees it.
    pub(super) fn placed(&self) -> Placed {
        let text = match &self.content {
            Content::Heading(heading) => heading.text.clone(),
            Content::Block(block) => block.text(),
        };
        self.bounds.placed(self.page, self.role, text)
    }
}

/// The parts of all pages, in reading order.
pub(super) fn of(flows: &[PageFlow], headings: &Headings) -> Vec<Part> {
    let mut parts = Vec::new();
    for (flow_index, flow) in flows.iter().enumerate() {
        let (mut begin, mut index) = (0, 0);
        while index < flow.elements.len() {
            let Some((heading, count)) = headings.at(flow_index, index) else {
                index += 1;
                continue;
            };
            push_blocks(flow, &flow.elements[begin..index], &mut parts);
            parts.push(heading_part(flow, &flow.elements[index..index + count], heading));
            index += count;
            begin = index;
        }
        push_blocks(flow, &flow.elements[begin..], &mut parts);
    }
    parts
}

fn push_blocks(flow: &PageFlow, elements: &[Element], parts: &mut Vec<Part>) {
    for (block, bounds) in paragraphs::blocks(elements) {
        let role = match &block {
            _ if flow.is_plain => Role::Plain,
            Block::Paragraph { .. } => Role::Paragraph,
            Block::Item { .. } => Role::Item,
            Block::Table { .. } => Role::Table,
        };
        parts.push(Part { page: flow.number, bounds, role, content: Content::Block(block) });
    }
}

fn heading_part(flow: &PageFlow, elements: &[Element], heading: &Heading) -> Part {
    let lines = elements.iter().filter_map(|element| match element {
        Element::Line(line) => Some(Bounds::from(line)),
        _ => None,
    });
    let bounds = Bounds::around(lines);
    Part { page: flow.number, bounds, role: Role::Heading, content: Content::Heading(heading.clone()) }
}

/// Furniture of a page as a person sees it.
pub(super) fn furniture(flow: &PageFlow) -> impl Iterator<Item = Placed> {
    flow.furniture.iter().map(|span| {
        Bounds::from(span).placed(flow.number, Role::Furniture, words::finish(&words::clean(&span.text)))
    })
}
