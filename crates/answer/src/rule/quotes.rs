//! Sentences of policies that were quoted a moment ago.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use auskunft_model::{AgentId, Generation, Hit, Revision};

use super::Rule;

/// How long a quote is held: what an agent may read can change without a new revision, and a region that is taken away is gone in this time.
const LIFE: Duration = Duration::from_secs(5);
/// The most quotes that are held; then all are forgotten.
const MOST: usize = 4_096;

/// What a quote was read by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) generation: Generation,
    pub(super) revision: Revision,
    /// Who read it.
    pub(super) agent: Option<AgentId>,
    pub(super) rule: Rule,
}

/// A sentence and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quote {
    pub(super) hit: Hit,
    pub(super) sentence: String,
}

/// Quotes of rules, and that there is none.
#[derive(Debug, Default)]
pub(crate) struct Quotes(Mutex<HashMap<Key, (Instant, Option<Quote>)>>);

impl Quotes {
    /// The outer `None` = not known, the inner one = the policy has no such sentence.
    pub(super) fn get(&self, key: &Key) -> Option<Option<Quote>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(key).filter(|(since, _)| since.elapsed() < LIFE).map(|(_, quote)| quote.clone())
    }

    pub(super) fn put(&self, key: Key, quote: Option<Quote>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(key, (Instant::now(), quote));
    }
}

#[cfg(test)]
mod tests {
    use auskunft_model::DocumentId;

    use super::*;
    use crate::rule::Says;

    #[test]
    fn what_was_read_is_held_for_that_reader_and_revision_alone() {
        let key = |agent: &str, revision| Key {
            generation: Generation(1),
            revision: Revision(revision),
            agent: AgentId::parse(agent).ok(),
            rule: Rule { document: DocumentId::derive("policies/r.md", None), says: Says::Days(14) },
        };
        let quotes = Quotes::default();
        quotes.put(key("A-1", 1), None);
        assert_eq!(quotes.get(&key("A-1", 1)), Some(None), "that there is no such sentence is known, too");
        assert_eq!(quotes.get(&key("A-2", 1)), None);
        assert_eq!(quotes.get(&key("A-1", 2)), None);
    }
}
