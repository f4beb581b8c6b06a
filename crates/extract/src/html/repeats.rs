//! Which blocks of a page were read before: pages hold the same text in forms for large and for small screens.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use auskunft_text::normal::fold;

/// Shorter blocks, in bytes, may be said of several things: they repeat only under the same headings.
const LONG_BLOCK: usize = 80;

/// The blocks that were read.
#[derive(Default)]
pub(super) struct Repeats {
    seen: HashSet<u64>,
    /// The numbered list that is being read and what was read of it: the same step may stand in several procedures.
    steps: Option<u64>,
}

/// The list around one that is being read.
pub(super) struct Outer(Option<u64>);

impl Repeats {
    /// Begins a numbered list with this text; one inside another belongs to it.
    pub(super) fn enter_list(&mut self, text: impl FnOnce() -> String) -> Outer {
        let outer = self.steps;
        self.steps = outer.or_else(|| Some(hash(&fold(&text()))));
        Outer(outer)
    }

    /// Ends a numbered list.
    pub(super) fn leave_list(&mut self, outer: Outer) {
        self.steps = outer.0;
    }

    /// Whether a block stands here for the first time: on the page if it is long, else under its headings, a step at its
    /// place of its procedure.
    pub(super) fn is_new<'a>(&mut self, headings: impl Iterator<Item = &'a str>, text: &str) -> bool {
        let folded = fold(text);
        let place: Vec<&str> = if folded.len() > LONG_BLOCK { Vec::new() } else { headings.collect() };
        let key = hash(&(place, self.steps, &folded));
        self.steps = self.steps.map(|_| key);
        self.seen.insert(key)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
