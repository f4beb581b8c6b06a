//! Headings: from the outline where the file has one, else by size and weight.

use std::collections::HashMap;

use super::words;
use super::{Element, Line, PageFlow};
use crate::pdf::page::OutlineEntry;

mod outline;
mod style;

pub(super) use style::body_size;
use style::{Body, by_style, style};

/// Characters of a heading at most, over all its lines.
const MAX_LENGTH: usize = 120;
/// Characters of a line that is running text.
const RUNNING_LINE: usize = 45;
/// An outline with fewer entries decides nothing.
const MIN_OUTLINE: usize = 8;

/// A heading as found.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// Its text, lines joined.
    pub text: String,
    /// 1 = outermost; 0 = the document's own title.
    pub level: u32,
    /// Page it stands on, counted from 1.
    pub page: u32,
    /// Size in points.
    pub size: f32,
}

/// A heading and the lines that it is made of.
#[derive(Debug, Clone)]
struct Placed {
    flow: usize,
    first: usize,
    count: usize,
    heading: Heading,
    /// Whether it only says again, at the top of a page, what goes on there.
    is_repeated: bool,
}

/// All headings of a document, in reading order.
#[derive(Debug, Default)]
pub(super) struct Headings {
    placed: Vec<Placed>,
    at: HashMap<(usize, usize), usize>,
}

impl Headings {
    fn new(flows: &[PageFlow], mut placed: Vec<Placed>) -> Self {
        placed.sort_by_key(|heading| (heading.flow, heading.first));
        let mut placed = with_labels(flows, placed);
        mark_repeated(flows, &mut placed);
        let at = placed
            .iter()
            .enumerate()
            .map(|(index, heading)| ((heading.flow, heading.first), index))
            .collect();
        Self { placed, at }
    }

    /// The heading that begins with this element, how many elements it has, and whether it repeats the one before.
    pub(super) fn at(&self, flow: usize, element: usize) -> Option<(&Heading, usize, bool)> {
        let placed = self.placed.get(*self.at.get(&(flow, element))?)?;
        Some((&placed.heading, placed.count, placed.is_repeated))
    }

    pub(super) fn into_list(self) -> Vec<Heading> {
        self.placed.into_iter().filter(|placed| !placed.is_repeated).map(|placed| placed.heading).collect()
    }
}

/// Joins `Appendix B` to the heading below it: the label of a part and its title are one heading.
fn with_labels(flows: &[PageFlow], placed: Vec<Placed>) -> Vec<Placed> {
    let mut joined: Vec<Placed> = Vec::with_capacity(placed.len());
    for mut heading in placed {
        if let Some(label) = joined.pop_if(|label| is_label_of(flows, label, &heading)) {
            heading.count += heading.first - label.first;
            heading.first = label.first;
            heading.heading = Heading {
                text: format!("{} {}", words::finish(&label.heading.text), heading.heading.text),
                page: label.heading.page,
                level: label.heading.level,
                size: label.heading.size.max(heading.heading.size),
            };
        }
        joined.push(heading);
    }
    joined
}

fn is_label_of(flows: &[PageFlow], label: &Placed, heading: &Placed) -> bool {
    let end = label.first + label.count;
    let between = flows.get(label.flow).and_then(|flow| flow.elements.get(end..heading.first));
    let length = label.heading.text.chars().count() + heading.heading.text.chars().count();
    label.flow == heading.flow
        && between.is_some_and(|between| between.iter().all(|element| *element == Element::Break))
        && label.heading.level == heading.heading.level
        && words::is_part_label(&label.heading.text)
        && !words::is_part_label(&heading.heading.text)
        && length < MAX_LENGTH
}

/// Marks headings that stand first on their page and say what the last heading before said, perhaps as continued.
fn mark_repeated(flows: &[PageFlow], placed: &mut [Placed]) {
    let is_first = |heading: &Placed| {
        let above = flows.get(heading.flow).and_then(|flow| flow.elements.get(..heading.first));
        above.is_some_and(|above| above.iter().all(|element| *element == Element::Break))
    };
    let mut last: Option<(String, usize)> = None;
    for heading in placed {
        let own = continued_key(&heading.heading.text);
        heading.is_repeated = is_first(heading)
            && last.as_ref().is_some_and(|(text, flow)| *text == own && *flow < heading.flow);
        last = Some((own, heading.flow));
    }
}

/// The key of a heading without `(Fortsetzung)` or `(continued)` behind it.
fn continued_key(text: &str) -> String {
    let is_mark = |mark: &str| {
        let mark = mark.to_lowercase();
        ["fortsetzung", "forts.", "continued", "cont."].iter().any(|word| mark.trim_end_matches(')') == *word)
    };
    match text.rsplit_once('(') {
        Some((title, mark)) if is_mark(mark) => key(title),
        _ => key(text),
    }
}

/// Finds the headings.
pub(super) fn find(flows: &[PageFlow], outline: &[OutlineEntry]) -> Headings {
    if outline.len() >= MIN_OUTLINE {
        let matched = outline::matched(flows, outline);
        if matched.len() * 2 >= outline.len() {
            let deeper = outline::below(&matched, by_style(flows, Body::of(flows)));
            return Headings::new(flows, matched.into_iter().chain(deeper).collect());
        }
    }
    Headings::new(flows, by_style(flows, Body::of(flows)))
}

/// The largest text that stands out on the first page: the title of the document, whatever its outline names. What comes
/// before the first line of running text counts first; labels in pictures come later and are often larger.
pub(super) fn title(flows: &[PageFlow]) -> Option<String> {
    let first = flows.first()?;
    let body = Body::of(flows);
    let mut found = by_style(std::slice::from_ref(first), body);
    found.retain(|placed| !is_contents(&placed.heading.text));
    let is_running = |line: &Line| line.text.chars().count() >= RUNNING_LINE && style(line, body).is_none();
    let body_begins =
        lines_of(first).find(|(_, line)| is_running(line)).map_or(usize::MAX, |(index, _)| index);
    let leads = found.iter().any(|placed| placed.first < body_begins);
    let candidates = found.into_iter().filter(|placed| !leads || placed.first < body_begins);
    // The first of the largest: folding keeps it, `max_by` would take the last.
    let larger = |best: Heading, next: Heading| if next.size > best.size { next } else { best };
    candidates.map(|placed| placed.heading).reduce(larger).map(|heading| heading.text)
}

/// Bytes of a heading that names a table of contents, its number and the blanks between spaced letters included.
const MAX_CONTENTS: usize = 64;

/// Whether a heading names a table of contents.
pub(super) fn is_contents(text: &str) -> bool {
    // Every line is asked, and hardly one is short enough.
    if text.len() > MAX_CONTENTS {
        return false;
    }
    let key = key(text);
    let names =
        ["inhalt", "inhaltsverzeichnis", "inhaltsübersicht", "tableofcontents", "tableofcontent", "contents"];
    names.contains(&key.as_str())
}

fn lines_of(flow: &PageFlow) -> impl Iterator<Item = (usize, &Line)> {
    flow.elements.iter().enumerate().filter_map(|(index, element)| match element {
        Element::Line(line) => Some((index, line)),
        _ => None,
    })
}

/// Under what a heading and an outline's entry meet: letters and digits, without the number in front.
fn key(text: &str) -> String {
    let text = text.trim();
    let rest = match text.split_once(' ') {
        Some((number, rest)) if words::section_depth(number).is_some() => rest,
        _ => text,
    };
    rest.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn placed(flow: usize, page: &PageFlow, first: usize, count: usize, text: String, size: f32) -> Placed {
    let heading = Heading { text: words::finish(&text), level: 1, page: page.number, size };
    Placed { flow, first, count, heading, is_repeated: false }
}
