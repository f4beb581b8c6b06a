//! Headings: from the outline where the file has one, else by size and weight.

use std::collections::HashMap;

use super::words;
use super::{Element, Line, PageFlow};
use crate::pdf::page::OutlineEntry;

/// Larger than body text by this factor: a heading.
const LARGER: f32 = 1.15;
/// Bold and not smaller than this share of the body text: a heading.
const AS_LARGE: f32 = 0.98;
/// Characters of a heading at most, over all its lines.
const MAX_LENGTH: usize = 120;
/// Characters of one line of it.
const MAX_LINE: usize = 80;
/// Lines of a heading; more of them in the same style are a paragraph.
const MAX_LINES: usize = 3;
/// Characters of a line that is running text.
const RUNNING_LINE: usize = 45;
/// Where more of the text than this is bold, weight tells nothing.
const MAX_BOLD: f32 = 0.3;
/// An outline with fewer entries decides nothing.
const MIN_OUTLINE: usize = 8;
/// Levels told apart by size.
const MAX_LEVEL: u32 = 4;

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
        let matched = by_outline(flows, outline);
        if matched.len() * 2 >= outline.len() {
            return Headings::new(flows, matched);
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

/// Whether a heading names a table of contents.
pub(super) fn is_contents(text: &str) -> bool {
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

/// Lines, alone or two together, whose text is that of an outline's entry on the entry's page.
fn by_outline(flows: &[PageFlow], outline: &[OutlineEntry]) -> Vec<Placed> {
    let mut known: HashMap<String, Vec<Placed>> = HashMap::new();
    for (flow_index, flow) in flows.iter().enumerate() {
        let lines: Vec<(usize, &Line)> = lines_of(flow).collect();
        for (place, &(first, line)) in lines.iter().enumerate() {
            let alone = placed(flow_index, flow, first, 1, line.text.clone(), line.size);
            if let Some(&(second, next)) = lines.get(place + 1)
                && second == first + 1
            {
                let mut text = line.text.clone();
                words::join(&mut text, &next.text);
                let both = placed(flow_index, flow, first, 2, text, line.size);
                known.entry(key(&both.heading.text)).or_default().push(both);
            }
            known.entry(key(&alone.heading.text)).or_default().push(alone);
        }
    }
    let mut taken: HashMap<(usize, usize), Placed> = HashMap::new();
    for entry in outline {
        let candidates = known.get(&key(&entry.title)).into_iter().flatten();
        let fitting = candidates.filter(|placed| entry.page.is_none_or(|page| placed.heading.page == page));
        let largest = fitting.max_by(|one, other| one.heading.size.total_cmp(&other.heading.size));
        if let Some(found) = largest {
            let mut found = found.clone();
            found.heading.level = entry.level;
            taken.entry((found.flow, found.first)).or_insert(found);
        }
    }
    taken.into_values().collect()
}

fn placed(flow: usize, page: &PageFlow, first: usize, count: usize, text: String, size: f32) -> Placed {
    let heading = Heading { text: words::finish(&text), level: 1, page: page.number, size };
    Placed { flow, first, count, heading, is_repeated: false }
}

/// What most of the text is printed in.
#[derive(Debug, Clone, Copy)]
struct Body {
    size: f32,
    bold_tells: bool,
}

impl Body {
    fn of(flows: &[PageFlow]) -> Self {
        let mut by_size: HashMap<u32, usize> = HashMap::new();
        let (mut all, mut bold) = (0_usize, 0_usize);
        for (_, line) in flows.iter().flat_map(lines_of) {
            let count = line.text.chars().count();
            *by_size.entry((line.size * 2.0).round() as u32).or_default() += count;
            all += count;
            bold += if line.bold { count } else { 0 };
        }
        let most = by_size.into_iter().max_by_key(|&(size, count)| (count, std::cmp::Reverse(size)));
        let size = most.map_or(10.0, |(size, _)| size as f32 / 2.0);
        Self { size, bold_tells: bold as f32 <= MAX_BOLD * all as f32 }
    }
}

/// The size that most of the text is printed in, in points.
pub(super) fn body_size(flows: &[PageFlow]) -> f32 {
    Body::of(flows).size
}

/// How a heading stands out: by its size, or by its weight alone (then 0).
type Style = u32;

fn style(line: &Line, body: Body) -> Option<Style> {
    let length = line.text.chars().count();
    if length > MAX_LINE {
        return None;
    }
    let letters = line.text.chars().filter(|sign| sign.is_alphabetic()).count();
    let ends_sentence = line.text.ends_with([',', ';', '.', ':']);
    let is_listed = line.text.split(' ').next().is_some_and(words::is_bullet);
    if letters < 3 || is_listed || line.text.contains("...") || line.text.ends_with([',', ';']) {
        return None;
    }
    if line.size >= LARGER * body.size {
        return Some((line.size * 2.0).round() as u32);
    }
    let is_bold_heading = body.bold_tells && line.bold && line.size >= AS_LARGE * body.size && !ends_sentence;
    is_bold_heading.then_some(0)
}

fn by_style(flows: &[PageFlow], body: Body) -> Vec<Placed> {
    let mut found: Vec<(Style, Placed)> = Vec::new();
    for (index, flow) in flows.iter().enumerate() {
        let mut element = 0;
        while element < flow.elements.len() {
            let (style, lines) = run(flow, element, body);
            if let Some(style) = style
                && lines.len() <= MAX_LINES
                && !(style == 0 && runs_on(flow, element, &lines))
                && let Some(heading) = joined(index, flow, element, &lines)
            {
                found.push((style, heading));
            }
            element += lines.len().max(1);
        }
    }
    levels(found)
}

/// The lines from here on that are close below each other in one heading style.
fn run(flow: &PageFlow, from: usize, body: Body) -> (Option<Style>, Vec<&Line>) {
    let mut lines: Vec<&Line> = Vec::new();
    let mut found = None;
    for element in &flow.elements[from..] {
        let Element::Line(line) = element else { break };
        let style = style(line, body);
        let follows = lines.last().is_none_or(|last: &&Line| {
            let begins_new = words::begins_item(&line.text)
                || line.text.split(' ').next().is_some_and(|word| words::section_depth(word).is_some());
            line.top - last.bottom <= 0.8 * last.size && line.top > last.top && !begins_new
        });
        if style.is_none() || (found.is_some() && found != style) || !follows {
            break;
        }
        found = style;
        lines.push(line);
    }
    (found, lines)
}

/// Whether bold words only begin a paragraph: they fill the line, and the text goes on closely below.
fn runs_on(flow: &PageFlow, from: usize, lines: &[&Line]) -> bool {
    let (Some(last), Some(Element::Line(next))) = (lines.last(), flow.elements.get(from + lines.len()))
    else {
        return false;
    };
    let is_full = last.column_right - last.right < 0.1 * (last.column_right - last.left);
    is_full && next.top > last.top && next.top - last.bottom < 0.6 * last.size
}

fn joined(index: usize, flow: &PageFlow, first: usize, lines: &[&Line]) -> Option<Placed> {
    let mut text = String::new();
    for line in lines {
        words::join(&mut text, &line.text);
    }
    let size = lines.first()?.size;
    (text.chars().count() <= MAX_LENGTH).then(|| placed(index, flow, first, lines.len(), text, size))
}

/// Levels by distinct sizes, weight alone below them; a single largest one on the first page is the title.
fn levels(found: Vec<(Style, Placed)>) -> Vec<Placed> {
    let mut sizes: Vec<Style> = found.iter().map(|(style, _)| *style).filter(|style| *style > 0).collect();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    let largest = sizes.first().copied();
    let is_single = sizes.iter().filter(|size| Some(**size) == largest).count() == 1 && found.len() >= 3;
    let on_first = |placed: &Placed| placed.flow == 0;
    let has_title =
        is_single && found.iter().any(|(style, placed)| Some(*style) == largest && on_first(placed));
    sizes.dedup();
    let offset = u32::from(!has_title);
    let level_of = |style: Style| {
        let place = sizes.iter().position(|size| *size == style).unwrap_or(sizes.len());
        (u32::try_from(place).unwrap_or(MAX_LEVEL) + offset).min(MAX_LEVEL)
    };
    let with_level = |(style, mut placed): (Style, Placed)| {
        placed.heading.level = level_of(style).max(u32::from(style == 0));
        placed
    };
    found.into_iter().map(with_level).collect()
}
