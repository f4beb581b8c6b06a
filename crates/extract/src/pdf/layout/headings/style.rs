//! Headings that stand out by their size or weight.

use std::collections::HashMap;

use super::{MAX_LENGTH, Placed, lines_of, placed};
use crate::pdf::layout::place::Bounds;
use crate::pdf::layout::{Element, Line, PageFlow, words};

/// Larger than body text by this factor: a heading.
const LARGER: f32 = 1.15;
/// Bold and not smaller than this share of the body text: a heading.
const AS_LARGE: f32 = 0.98;
/// Characters of one line of it.
const MAX_LINE: usize = 80;
/// Lines of a heading; more of them in the same style are a paragraph.
const MAX_LINES: usize = 3;
/// On a page of fewer lines (a cover) a heading may stand anywhere.
const FEW_LINES: usize = 6;
/// Bold words of so many characters, with text right below, begin that text.
const LONG_HEADING: usize = 60;
/// Where more of the text than this is bold, weight tells nothing.
const MAX_BOLD: f32 = 0.3;
/// Levels told apart by size.
const MAX_LEVEL: u32 = 4;

/// What most of the text is printed in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    size: f32,
    bold_tells: bool,
}

impl Body {
    pub(super) fn of(flows: &[PageFlow]) -> Self {
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
pub(in crate::pdf::layout) fn body_size(flows: &[PageFlow]) -> f32 {
    Body::of(flows).size
}

/// How a heading stands out: by its size, or by its weight alone (then 0).
pub(super) type Style = u32;

pub(super) fn style(line: &Line, body: Body) -> Option<Style> {
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

pub(super) fn by_style(flows: &[PageFlow], body: Body) -> Vec<Placed> {
    let mut found: Vec<(Style, Placed)> = Vec::new();
    for (index, flow) in flows.iter().enumerate() {
        let mut element = 0;
        while element < flow.elements.len() {
            let (style, lines) = run(flow, element, body);
            if let Some(style) = style
                && lines.len() <= MAX_LINES
                && !(style == 0 && (runs_on(flow, element, &lines) || continues(flow, element)))
                && is_in_line(flow, element, &lines)
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

/// Whether a heading begins where other text of its page begins, or left of it, or is centred over it. Labels in pictures do neither.
fn is_in_line(flow: &PageFlow, from: usize, lines: &[&Line]) -> bool {
    let others: Vec<Bounds> = flow
        .elements
        .iter()
        .enumerate()
        .filter(|(index, _)| !(from..from + lines.len()).contains(index))
        .filter_map(|(_, element)| bounds(element))
        .collect();
    let own = Bounds::around(lines.iter().map(|line| Bounds::from(*line)));
    let size = lines.first().map_or(0.0, |line| line.size);
    let page = Bounds::around(others.iter().copied());
    let is_below = others.iter().any(|other| (other.left - own.left).abs() <= 0.5 * size);
    let is_centred = (page.middle() - own.middle()).abs() <= 2.0 * size;
    let is_leftmost = own.left <= page.left + size;
    others.len() < FEW_LINES || is_below || is_leftmost || is_centred
}

fn bounds(element: &Element) -> Option<Bounds> {
    match element {
        Element::Line(line) => Some(line.into()),
        Element::Table { bounds, .. } => Some(*bounds),
        _ => None,
    }
}

/// Whether bold words only begin a paragraph: the text goes on closely below, in mid-sentence or because they fill the
/// line.
fn runs_on(flow: &PageFlow, from: usize, lines: &[&Line]) -> bool {
    let (Some(last), Some(Element::Line(next))) = (lines.last(), flow.elements.get(from + lines.len()))
    else {
        return false;
    };
    let is_full = last.column_right - last.right < 0.1 * (last.column_right - last.left);
    let is_amid = next.text.chars().next().is_some_and(char::is_lowercase);
    let is_same =
        (next.left - last.left).abs() <= last.size && (next.size - last.size).abs() < 0.05 * last.size;
    let is_long = last.text.chars().count() >= LONG_HEADING;
    (is_full || ((is_amid || is_long) && is_same))
        && next.top > last.top
        && next.top - last.bottom < 0.6 * last.size
}

/// Whether bold words only end a sentence: the line above goes on with them.
fn continues(flow: &PageFlow, from: usize) -> bool {
    let above = from.checked_sub(1).and_then(|above| flow.elements.get(above));
    let (Some(Element::Line(above)), Some(Element::Line(line))) = (above, flow.elements.get(from)) else {
        return false;
    };
    let is_close = line.top > above.top && line.top - above.bottom < 0.6 * line.size;
    let is_same = (line.size - above.size).abs() < 0.05 * line.size;
    let is_open = !above.text.ends_with(['.', '!', '?', ':', ';']);
    let is_amid = line.text.chars().next().is_some_and(char::is_lowercase);
    is_close && is_same && is_open && (is_amid || !above.bold)
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
