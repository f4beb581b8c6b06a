//! Running heads and feet: what stands at the same edge of many pages, page numbers aside.

use std::collections::{HashMap, HashSet};

use super::words;
use crate::pdf::page::{Page, Span};

/// The share of the page at its top and bottom that is looked at.
const EDGE: f32 = 0.1;
/// Running heads repeat on this share of the pages, odd and even ones counted apart …
const MIN_SHARE: f32 = 0.4;
/// … and on as many pages at least.
const MIN_PAGES: usize = 4;

/// The texts that repeat at the edges of a document's pages.
#[derive(Debug, Default)]
pub(super) struct Furniture {
    repeated: HashSet<(Edge, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Top,
    Bottom,
}

/// Finds what repeats.
pub(super) fn find(pages: &[&Page]) -> Furniture {
    if pages.len() < MIN_PAGES {
        return Furniture::default();
    }
    let mut counts: HashMap<(Edge, String), usize> = HashMap::new();
    for page in pages {
        let keys: HashSet<_> = page.spans.iter().filter_map(|span| key(page, span)).collect();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    // Left and right pages often have heads of their own: half the pages is all that such a head can reach.
    let enough = (MIN_SHARE * pages.len() as f32).ceil() as usize;
    let enough = enough.max(MIN_PAGES);
    let repeated = counts.into_iter().filter(|(_, count)| *count >= enough).map(|(key, _)| key).collect();
    Furniture { repeated }
}

/// The edge and the text without digits, of a span near the top or bottom.
fn key(page: &Page, span: &Span) -> Option<(Edge, String)> {
    let edge = if span.bottom <= EDGE * page.height {
        Edge::Top
    } else if span.top >= (1.0 - EDGE) * page.height {
        Edge::Bottom
    } else {
        return None;
    };
    let text: String = words::clean(&span.text).chars().filter(|sign| !sign.is_ascii_digit()).collect();
    Some((edge, text.trim().to_lowercase()))
}

impl Furniture {
    /// A page's spans without the furniture, and the furniture.
    pub(super) fn split<'a>(&self, page: &'a Page) -> (Vec<&'a Span>, Vec<&'a Span>) {
        let is_body = |span: &&Span| key(page, span).is_none_or(|key| !self.repeated.contains(&key));
        page.spans.iter().partition(is_body)
    }
}
