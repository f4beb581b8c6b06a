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
    fn running_text(&mut self) -> Option<&mut String> {
        match &mut self.content {
            Content::Block(Block::Paragraph { text } | Block::Item { text }) => Some(text),
            _ => None,
        }
    }

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
            let Some((heading, count, is_repeated)) = headings.at(flow_index, index) else {
                index += 1;
                continue;
            };
            push_blocks(flow, &flow.elements[begin..index], &mut parts);
            parts.push(heading_part(flow, &flow.elements[index..index + count], heading, is_repeated));
            index += count;
            begin = index;
        }
        push_blocks(flow, &flow.elements[begin..], &mut parts);
    }
    join_over_pages(&mut parts);
    parts.into_iter().filter_map(finished).collect()
}

/// A word that a page's end divides goes to the page on which it begins.
fn join_over_pages(parts: &mut [Part]) {
    let mut last: Option<usize> = None;
    for index in 0..parts.len() {
        let (before, rest) = parts.split_at_mut(index);
        if let Some(last) = last.and_then(|last| before.get_mut(last))
            && last.page < rest[0].page
            && let Some(word) = take_rest(last, &mut rest[0])
            && let Some(text) = last.running_text()
        {
            words::join(text, &word);
        }
        if !matches!(parts[index].role, Role::Note | Role::Furniture) {
            last = Some(index);
        }
    }
}

/// The first word of a part, taken from it, when the part before ends within a word.
fn take_rest(before: &Part, part: &mut Part) -> Option<String> {
    let Content::Block(Block::Paragraph { text: above } | Block::Item { text: above }) = &before.content
    else {
        return None;
    };
    let Content::Block(Block::Paragraph { text }) = &mut part.content else { return None };
    if part.role == Role::Note || !words::is_divided(above) || !text.starts_with(char::is_alphabetic) {
        return None;
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text.as_str(), ""));
    let (word, rest) = (word.to_owned(), rest.to_owned());
    *text = rest;
    Some(word)
}

/// The part with its marked hyphens resolved; `None` when nothing is left of it.
fn finished(mut part: Part) -> Option<Part> {
    if let Some(text) = part.running_text() {
        *text = words::finish(text);
        if text.is_empty() {
            return None;
        }
    }
    Some(part)
}

fn push_blocks(flow: &PageFlow, elements: &[Element], parts: &mut Vec<Part>) {
    for (block, bounds, role) in paragraphs::blocks(elements) {
        let role = if flow.is_plain { Role::Plain } else { role };
        parts.push(Part { page: flow.number, bounds, role, content: Content::Block(block) });
    }
}

fn heading_part(flow: &PageFlow, elements: &[Element], heading: &Heading, is_repeated: bool) -> Part {
    let lines = elements.iter().filter_map(|element| match element {
        Element::Line(line) => Some(Bounds::from(line)),
        _ => None,
    });
    let bounds = Bounds::around(lines);
    let role = if is_repeated { Role::Furniture } else { Role::Heading };
    Part { page: flow.number, bounds, role, content: Content::Heading(heading.clone()) }
}

/// Furniture of a page as a person sees it.
pub(super) fn furniture(flow: &PageFlow) -> impl Iterator<Item = Placed> {
    flow.furniture.iter().map(|(bounds, text)| bounds.placed(flow.number, Role::Furniture, text.clone()))
}
