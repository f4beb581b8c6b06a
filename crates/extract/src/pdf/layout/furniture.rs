//! Running heads and feet: what stands at the same edge of many pages, page numbers aside.

use std::collections::{HashMap, HashSet};

use super::place::Bounds;
use super::words;
use super::{Element, PageFlow};
use crate::pdf::page::{Page, Span};

/// The share of the page at its edges that is looked at.
const EDGE: f32 = 0.12;
/// Running heads repeat on this share of the pages of the same format, odd and even ones counted apart …
const MIN_SHARE: f32 = 0.4;
/// … and on as many pages at least.
const MIN_PAGES: usize = 4;
/// Heads that name the chapter change with it: a line that this share of the pages has at the same height …
const MIN_SLOT: f32 = 0.25;
/// … with a text that, on this share of them, other pages have there as well.
const MIN_SHARED: f32 = 0.5;
/// … but on fewer pages than this it may be the text that begins there.
const MIN_SLOT_PAGES: usize = 8;
/// Larger than the text by this factor, it is a heading.
const STANDS_OUT: f32 = 1.1;
/// `Page 1 of 3`, without its numbers: the page's number, also where there is one page alone.
const PAGE_OF: [&str; 2] = ["page  of", "seite  von"];
/// Heights that differ by less, in points, are the same.
const SAME_PLACE: f32 = 3.0;
/// What repeats with more than this share of a page's letters is the page's text: manuals repeat whole pages but for a
/// number, and nothing of them is lost.
const MAX_REPEATED: f32 = 0.5;
/// Characters of a line within the page that is the same on pages in a row.
const MIN_REPEATED: usize = 30;

/// The texts that repeat at the edges of a document's pages.
#[derive(Debug, Default)]
pub(super) struct Furniture {
    repeated: HashSet<(Format, Repeated)>,
    /// Heights at which heads stand whose text changes.
    slots: HashSet<(Format, Edge, i32)>,
    /// What the printed page number is ahead of the file's.
    ahead: Option<i64>,
    body_size: f32,
}

/// Wider than high, or not: pages on their side have heads of their own.
type Format = bool;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Top,
    Bottom,
    Left,
    Right,
}

/// Finds what repeats.
pub(super) fn find(pages: &[&Page]) -> Furniture {
    let (body_size, ahead) = (body_size(pages), ahead(pages));
    let mut furniture = Furniture { body_size, ahead, ..Furniture::default() };
    for is_wide in [false, true] {
        let pages: Vec<&Page> = pages.iter().copied().filter(|page| format(page) == is_wide).collect();
        if pages.len() >= MIN_PAGES {
            furniture.repeated.extend(repeated(&pages).into_iter().map(|repeated| (is_wide, repeated)));
            furniture.slots.extend(slots(&pages).into_iter().map(|(edge, height)| (is_wide, edge, height)));
        }
    }
    furniture
}

fn format(page: &Page) -> Format {
    page.width > page.height
}

/// How far printed page numbers run ahead of the pages, when many pages agree: numbers at their edges that do so are theirs
/// wherever they stand.
fn ahead(pages: &[&Page]) -> Option<i64> {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for page in pages {
        let near = page.spans.iter().filter(|span| edge(page, span).is_some());
        let differences: HashSet<i64> = near.filter_map(|span| difference(page, span)).collect();
        for difference in differences {
            *counts.entry(difference).or_default() += 1;
        }
    }
    let enough = ((MIN_SHARE * pages.len() as f32).ceil() as usize).max(MIN_PAGES);
    let most = counts.into_iter().max_by_key(|&(difference, count)| (count, std::cmp::Reverse(difference)));
    most.filter(|(_, count)| *count >= enough).map(|(difference, _)| difference)
}

/// A number alone, less the number of its page.
fn difference(page: &Page, span: &Span) -> Option<i64> {
    let text = span.text.trim();
    let is_number = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().map(|number: i64| number - i64::from(page.number))
}

/// A text without its digits, the same wherever it stands near this edge. Numbers and signs alone are so at one height
/// only: a page's number is, values of a table that reaches the edge are not.
type Repeated = (Edge, String, Option<i32>);

fn repeated(pages: &[&Page]) -> Vec<Repeated> {
    let mut counts: HashMap<Repeated, usize> = HashMap::new();
    for page in pages {
        let keys: HashSet<Repeated> = page.spans.iter().filter_map(|span| key(page, span)).collect();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    // Left and right pages often have heads of their own: half the pages is all that such a head can reach.
    let enough = (MIN_SHARE * pages.len() as f32).ceil() as usize;
    let enough = enough.max(MIN_PAGES);
    counts.into_iter().filter(|(_, count)| *count >= enough).map(|(key, _)| key).collect()
}

/// Heights at which the outermost line of many pages stands, with texts that several pages share.
fn slots(pages: &[&Page]) -> Vec<(Edge, i32)> {
    let mut texts: HashMap<(Edge, i32), Vec<String>> = HashMap::new();
    for page in pages {
        for (edge, span) in outermost(page) {
            let text = key(page, span).map(|(_, text, _)| text).unwrap_or_default();
            texts.entry((edge, height(span))).or_default().push(text);
        }
    }
    let enough = ((MIN_SLOT * pages.len() as f32).ceil() as usize).max(MIN_SLOT_PAGES);
    let is_slot =
        |texts: &[String]| texts.len() >= enough && shared(texts) as f32 >= MIN_SHARED * texts.len() as f32;
    texts.into_iter().filter(|(_, texts)| is_slot(texts)).map(|(slot, _)| slot).collect()
}

/// How many of the texts stand there more than once.
fn shared(texts: &[String]) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        *counts.entry(text).or_default() += 1;
    }
    counts.into_values().filter(|count| *count >= 2).sum()
}

/// The first span of the page's uppermost line, and of its lowest one, near the edge.
fn outermost(page: &Page) -> Vec<(Edge, &Span)> {
    let near = |wanted: Edge| page.spans.iter().filter(move |span| edge(page, span) == Some(wanted));
    let top = near(Edge::Top).min_by(|one, other| one.bottom.total_cmp(&other.bottom));
    let bottom = near(Edge::Bottom).max_by(|one, other| one.bottom.total_cmp(&other.bottom));
    let top = top.map(|span| (Edge::Top, span));
    top.into_iter().chain(bottom.map(|span| (Edge::Bottom, span))).collect()
}

/// How far from its edge a line stands: the lower edge of an upright one, the left edge of a turned one.
fn height(span: &Span) -> i32 {
    let place = if span.turned { span.left } else { span.bottom };
    (place / SAME_PLACE).round() as i32
}

/// Under what a span near an edge is the same on other pages.
fn key(page: &Page, span: &Span) -> Option<Repeated> {
    let edge = edge(page, span)?;
    let text = words::clean(&span.text).to_lowercase();
    if words::is_roman(&text) {
        return Some((edge, String::new(), Some(height(span))));
    }
    // The same head is often typed with a hyphen here and a dash there.
    let plain = |sign: char| if matches!(sign, '\u{2010}'..='\u{2015}') { '-' } else { sign };
    let text: String = text.chars().filter(|sign| !sign.is_ascii_digit()).map(plain).collect();
    let has_letters = text.contains(char::is_alphabetic);
    Some((edge, text.trim().to_owned(), (!has_letters).then(|| height(span))))
}

fn edge(page: &Page, span: &Span) -> Option<Edge> {
    if span.turned {
        let is_left = span.right <= EDGE * page.width;
        let is_right = span.left >= (1.0 - EDGE) * page.width;
        return if is_left { Some(Edge::Left) } else { is_right.then_some(Edge::Right) };
    }
    let is_top = span.bottom <= EDGE * page.height;
    let is_bottom = span.top >= (1.0 - EDGE) * page.height;
    if is_top { Some(Edge::Top) } else { is_bottom.then_some(Edge::Bottom) }
}

impl Furniture {
    /// A page's spans without the furniture, and the furniture. What is all that a page has is no furniture.
    pub(super) fn split<'a>(&self, page: &'a Page) -> (Vec<&'a Span>, Vec<&'a Span>) {
        let candidates: Vec<bool> = page.spans.iter().map(|span| self.is_furniture(page, span)).collect();
        let is_body =
            |(index, span): &(usize, &Span)| !candidates[*index] || is_mark(page, span, &candidates);
        let (body, dropped): (Vec<_>, Vec<_>) = page.spans.iter().enumerate().partition(is_body);
        let spans = |pairs: Vec<(usize, &'a Span)>| pairs.into_iter().map(|(_, span)| span).collect();
        if body.is_empty() { (spans(dropped), Vec::new()) } else { (spans(body), spans(dropped)) }
    }

    fn is_furniture(&self, page: &Page, span: &Span) -> bool {
        let Some(key) = key(page, span) else { return false };
        let slot = (format(page), key.0, height(span));
        let is_outermost =
            || outermost(page).iter().any(|&(outer, first)| outer == slot.1 && height(first) == slot.2);
        PAGE_OF.contains(&key.1.as_str())
            || (self.ahead.is_some() && self.ahead == difference(page, span))
            || self.repeated.contains(&(slot.0, key))
            || (self.slots.contains(&slot) && !self.stands_out(span) && is_outermost())
    }

    /// Whether a span is a heading of its page rather than a running head.
    fn stands_out(&self, span: &Span) -> bool {
        span.bold || span.size > STANDS_OUT * self.body_size
    }
}

/// Whether a number at an edge is the mark of the text behind it, not the page's: `4.` before a step.
fn is_mark(page: &Page, span: &Span, candidates: &[bool]) -> bool {
    let is_number = span.text.trim_end_matches(['.', ')']).bytes().all(|byte| byte.is_ascii_digit());
    let follows = |other: &Span| {
        let overlap = span.bottom.min(other.bottom) - span.top.max(other.top);
        other.left >= span.right && overlap > 0.5 * span.height()
    };
    let mut others = page.spans.iter().zip(candidates);
    is_number && others.any(|(other, is_candidate)| !is_candidate && follows(other))
}

/// The size of most characters, in points.
fn body_size(pages: &[&Page]) -> f32 {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for span in pages.iter().flat_map(|page| &page.spans) {
        *counts.entry((span.size * 2.0).round() as u32).or_default() += span.text.len();
    }
    let most = counts.into_iter().max_by_key(|&(size, count)| (count, std::cmp::Reverse(size)));
    most.map_or(10.0, |(size, _)| size as f32 / 2.0)
}

/// Takes lines off that are the same, in the same place, as on the pages before: titles and notes of a table that goes on
/// over pages. The first of them stays.
pub(super) fn drop_repeated(flows: &mut [PageFlow]) {
    let mut pages: HashMap<Place, Vec<u32>> = HashMap::new();
    for flow in flows.iter() {
        for place in flow.elements.iter().filter_map(place) {
            pages.entry(place).or_default().push(flow.number);
        }
    }
    pages.retain(|_, pages| {
        *pages = going_on(pages);
        !pages.is_empty()
    });
    for flow in flows {
        let number = flow.number;
        let is_repeated = |element: &Element| {
            let pages = place(element).and_then(|place| pages.get(&place));
            pages.is_some_and(|pages| pages.binary_search(&number).is_ok())
        };
        let repeated: Vec<bool> = flow.elements.iter().map(is_repeated).collect();
        let of_page = words::letters(super::texts(&flow.elements)) as f32;
        if repeated.contains(&true) && letters(&flow.elements, &repeated) <= MAX_REPEATED * of_page {
            take_off(flow, &repeated);
        }
    }
}

fn letters(elements: &[Element], repeated: &[bool]) -> f32 {
    let those = elements.iter().zip(repeated).filter(|(_, is_repeated)| **is_repeated);
    words::letters(those.flat_map(|(element, _)| super::texts(std::slice::from_ref(element)))) as f32
}

fn take_off(flow: &mut PageFlow, repeated: &[bool]) {
    let mut repeated = repeated.iter();
    let is_repeated = |_: &mut Element| repeated.next() == Some(&true);
    for element in flow.elements.extract_if(.., is_repeated) {
        if let Element::Line(line) = element {
            flow.furniture.push((Bounds::from(&line), line.text));
        }
    }
}

/// Those of the pages that follow another one in a row of at least four (blank or odd ones between them aside).
fn going_on(pages: &[u32]) -> Vec<u32> {
    let runs = pages.chunk_by(|one, next| next.saturating_sub(*one) <= 2);
    runs.filter(|run| run.len() >= MIN_PAGES).flat_map(|run| &run[1..]).copied().collect()
}

/// A line's text, left edge and upper edge.
type Place = (String, i32, i32);

fn place(element: &Element) -> Option<Place> {
    let Element::Line(line) = element else { return None };
    let rounded = |length: f32| (length / SAME_PLACE).round() as i32;
    let is_long = line.text.chars().nth(MIN_REPEATED - 1).is_some();
    is_long.then(|| (line.text.clone(), rounded(line.left), rounded(line.top)))
}
