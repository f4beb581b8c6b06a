//! Texts of chunks: those that were read lately are kept, taken apart as far as somebody has measured them; the document store is asked for
//! the others.
//!
//! A chunk's id names its text, so what is kept is never wrong; whether a chunk is live and may be seen is judged in Postgres before its text
//! is asked for, each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use auskunft_model::ChunkId;

use crate::Desk;
use crate::error::Result;
use crate::parts::Text;
use crate::trace::Trace;

/// What is missing where texts could not be read.
pub(crate) const DEGRADED: &str = "texts";
/// Bytes of texts and their parts that are kept, at most: about 10,000 texts.
const MOST_BYTES: usize = 64 << 20;
/// What a text with its parts takes: so many times its own bytes, and the rest.
const PARTS: usize = 8;
/// See [`PARTS`].
const REST: usize = 512;

/// Texts that were read lately: those of now, and those of before that were not asked for since. When those of now fill half of the
/// place, they become those of before, and what was that is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    now: HashMap<ChunkId, Arc<Text>>,
    before: HashMap<ChunkId, Arc<Text>>,
    bytes: usize,
}

impl Kept {
    /// Keeps a text, and returns the one that is kept.
    fn put(&mut self, id: &ChunkId, text: String, most: usize) -> Arc<Text> {
        if let Some(known) = self.get(id, most) {
            return known;
        }
        let text = Text::new(text);
        self.insert(id, Arc::clone(&text), most);
        text
    }

    fn get(&mut self, id: &ChunkId, most: usize) -> Option<Arc<Text>> {
        if let Some(text) = self.now.get(id) {
            return Some(Arc::clone(text));
        }
        let text = self.before.remove(id)?;
        self.insert(id, Arc::clone(&text), most);
        Some(text)
    }

    fn insert(&mut self, id: &ChunkId, text: Arc<Text>, most: usize) {
        let size = PARTS * text.as_str().len() + REST;
        if self.bytes + size > most / 2 {
            self.before = std::mem::take(&mut self.now);
            self.bytes = 0;
        }
        self.bytes += size;
        self.now.insert(id.clone(), text);
    }
}

impl Texts {
    fn keep(&self, texts: HashMap<ChunkId, String>) -> HashMap<ChunkId, Arc<Text>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keep = |(id, text): (ChunkId, String)| {
            let text = kept.put(&id, text, MOST_BYTES);
            (id, text)
        };
        texts.into_iter().map(keep).collect()
    }

    /// Those of these texts that are kept.
    fn of(&self, ids: &[ChunkId]) -> HashMap<ChunkId, Arc<Text>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().filter_map(|id| Some((id.clone(), kept.get(id, MOST_BYTES)?))).collect()
    }
}

/// Texts that were asked for.
#[derive(Debug, Default)]
pub(crate) struct ReadTexts {
    /// By chunk; absent ones are left out.
    pub(crate) texts: HashMap<ChunkId, Arc<Text>>,
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
    /// The texts of these chunks, those that are not kept in one round trip; where the document store is a server of its own that fails, those
    /// that are kept.
    pub(crate) async fn texts(&self, ids: &[ChunkId], trace: &mut Trace) -> Result<ReadTexts> {
        let mut texts = self.texts.of(ids);
        let missing: Vec<ChunkId> = ids.iter().filter(|id| !texts.contains_key(id)).cloned().collect();
        if missing.is_empty() {
            return Ok(ReadTexts { texts, is_partial: false });
        }
        let documents = &self.stores.documents;
        trace.operations.mongodb += 1;
        match documents.texts(&missing).await {
            Ok(read) => {
                texts.extend(self.texts.keep(read));
                Ok(ReadTexts { texts, is_partial: false })
            }
            Err(error) if documents.is_apart() => {
                tracing::debug!(%error, missing = missing.len(), "texts are taken from those that were read before");
                Ok(ReadTexts { texts, is_partial: true })
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
        let (mut kept, text) = (Kept::default(), "x".repeat((1_000 - REST) / PARTS));
        for number in 0..10_000 {
            kept.put(&id(number), text.clone(), 100_000);
            kept.put(&id(0), text.clone(), 100_000);
            assert!(kept.now.len() + kept.before.len() <= 100, "{number}");
        }
        assert!(kept.get(&id(0), 100_000).is_some() && kept.get(&id(9_999), 100_000).is_some());
        assert!(kept.get(&id(1), 100_000).is_none());
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
