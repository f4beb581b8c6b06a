//! Texts of chunks, from the document store; what was read lately is kept for the times when that is away.
//!
//! The store is asked first, always: what is kept here is for emergencies, and saves no operation. A chunk's id names its text, so what is
//! kept is never wrong; whether a chunk is live and may be seen is judged in Postgres before its text is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use auskunft_model::ChunkId;

use crate::Desk;
use crate::error::Result;
use crate::trace::Trace;

/// What is missing where texts could not be read.
pub(crate) const DEGRADED: &str = "texts";
/// Bytes of texts that are kept, at most: about 20,000 texts.
const MOST_BYTES: usize = 32 << 20;
/// What a text takes besides its own bytes.
const REST: usize = 128;

/// Texts that were read lately: those of now, and those of before that were not asked for since. When those of now fill half of the
/// place, they become those of before, and what was that is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    now: HashMap<ChunkId, Arc<str>>,
    before: HashMap<ChunkId, Arc<str>>,
    bytes: usize,
}

impl Kept {
    fn put(&mut self, id: &ChunkId, text: &str, most: usize) {
        if self.now.contains_key(id) {
            return;
        }
        let text = self.before.remove(id).unwrap_or_else(|| Arc::from(text));
        let size = text.len() + REST;
        if self.bytes + size > most / 2 {
            self.before = std::mem::take(&mut self.now);
            self.bytes = 0;
        }
        self.bytes += size;
        self.now.insert(id.clone(), text);
    }

    fn get(&self, id: &ChunkId) -> Option<Arc<str>> {
        self.now.get(id).or_else(|| self.before.get(id)).cloned()
    }
}

impl Texts {
    fn keep(&self, texts: &HashMap<ChunkId, String>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, text) in texts {
            kept.put(id, text, MOST_BYTES);
        }
    }

    /// Those of these texts that are kept.
    fn of(&self, ids: &[ChunkId]) -> HashMap<ChunkId, String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().filter_map(|id| Some((id.clone(), kept.get(id)?.as_ref().to_owned()))).collect()
    }
}

/// Texts that were asked for.
#[derive(Debug, Default)]
pub(crate) struct ReadTexts {
    /// By chunk; absent ones are left out.
    pub(crate) texts: HashMap<ChunkId, String>,
    /// Whether some are left out because the store is away.
    pub(crate) is_partial: bool,
}

impl ReadTexts {
    /// Tells what is missing, once.
    pub(crate) fn note(&self, degraded: &mut Vec<String>) {
        if self.is_partial && !degraded.iter().any(|missing| missing == DEGRADED) {
            degraded.push(DEGRADED.to_owned());
        }
    }
}

impl Desk {
    /// The texts of these chunks, in one round trip; where the document store is a server of its own that fails, those that are kept.
    pub(crate) async fn texts(&self, ids: &[ChunkId], trace: &mut Trace) -> Result<ReadTexts> {
        if ids.is_empty() {
            return Ok(ReadTexts::default());
        }
        let documents = &self.stores.documents;
        trace.operations.mongodb += 1;
        match documents.texts(ids).await {
            Ok(texts) => {
                if documents.is_apart() {
                    self.texts.keep(&texts);
                }
                Ok(ReadTexts { texts, is_partial: false })
            }
            Err(error) if documents.is_apart() => {
                let texts = self.texts.of(ids);
                let missing = ids.len() - texts.len();
                tracing::debug!(%error, missing, "texts are taken from those that were read before");
                Ok(ReadTexts { is_partial: missing > 0, texts })
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> ChunkId {
        ChunkId::parse(&format!("{number:032x}")).unwrap()
    }

    #[test]
    fn what_is_asked_for_stays_and_the_place_is_never_more_than_full() {
        let (mut kept, text) = (Kept::default(), "x".repeat(1_000 - REST));
        for number in 0..10_000 {
            kept.put(&id(number), &text, 100_000);
            kept.put(&id(0), &text, 100_000);
            assert!(kept.now.len() + kept.before.len() <= 100, "{number}");
        }
        assert!(kept.get(&id(0)).is_some() && kept.get(&id(9_999)).is_some());
        assert!(kept.get(&id(1)).is_none());
    }

    #[test]
    fn what_is_missing_is_told_once() {
        let (read, mut degraded) = (ReadTexts { is_partial: true, ..ReadTexts::default() }, Vec::new());
        read.note(&mut degraded);
        read.note(&mut degraded);
        ReadTexts::default().note(&mut degraded);
        assert_eq!(degraded, ["texts"]);
    }
}
