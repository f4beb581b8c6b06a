//! Vectors of recent questions.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use auskunft_model::SpaceId;
use unicode_normalization::UnicodeNormalization;

use crate::{EmbedError, Embedder, TextKind};

type Key = (SpaceId, String);

/// How often the cache helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheCounts {
    /// Questions answered from the cache, those that waited for a computation under way included.
    pub hits: u64,
    /// Questions that were computed, or failed to be.
    pub misses: u64,
    /// Vectors held now.
    pub entries: usize,
}

/// Bounded cache of query vectors. The same question asked at the same time by many is computed once; the others wait.
///
/// Entries age in two halves: new and used ones live in the young half; when that is full it becomes the old half, and
/// what was old and unused is dropped. So look-ups and evictions cost the same however large it is.
#[derive(Debug)]
pub struct QueryCache {
    half: usize,
    state: Mutex<State>,
    finished: Condvar,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    young: HashMap<Key, Arc<[f32]>>,
    old: HashMap<Key, Arc<[f32]>>,
    under_way: HashSet<Key>,
}

impl QueryCache {
    /// A cache of at most `capacity` vectors (384 dimensions: 1.5 kB each); below 2 it keeps nothing.
    pub fn new(capacity: usize) -> Self {
        Self {
            half: capacity / 2,
            state: Mutex::default(),
            finished: Condvar::new(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The vector of a question if it is held; never blocks on a computation, so async threads may call it.
    pub fn get(&self, space: &SpaceId, question: &str) -> Option<Arc<[f32]>> {
        let found = self.lock().find(&(space.clone(), normal_form(question)), self.half);
        if found.is_some() {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        found
    }

    /// The vector of a question, computed by `embedder` unless it is held or being computed. Blocks meanwhile. An error is
    /// not kept: whoever waited tries again.
    pub fn embed(&self, embedder: &dyn Embedder, question: &str) -> Result<Arc<[f32]>, EmbedError> {
        let key = (embedder.space().clone(), normal_form(question));
        if let Some(vector) = self.find_or_claim(&key) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(vector);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let claim = Claim { cache: self, key };
        let vectors = embedder.embed(TextKind::Query, &[&claim.key.1])?;
        let vector: Arc<[f32]> = vectors.into_iter().next().ok_or(EmbedError::NotFinite { index: 0 })?.into();
        self.lock().insert(claim.key.clone(), Arc::clone(&vector), self.half);
        Ok(vector)
    }

    /// Counters since the start.
    pub fn counts(&self) -> CacheCounts {
        let state = self.lock();
        CacheCounts {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: state.young.len() + state.old.len(),
        }
    }

    /// The vector, once nobody computes it; or `None`, and the caller has to.
    fn find_or_claim(&self, key: &Key) -> Option<Arc<[f32]>> {
        let mut state = self.lock();
        loop {
            if let Some(vector) = state.find(key, self.half) {
                return Some(vector);
            }
            if state.under_way.insert(key.clone()) {
                return None;
            }
            state = self.finished.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&mut self, key: &Key, half: usize) -> Option<Arc<[f32]>> {
        if let Some(vector) = self.young.get(key) {
            return Some(Arc::clone(vector));
        }
        let (key, vector) = self.old.remove_entry(key)?;
        self.insert(key, Arc::clone(&vector), half);
        Some(vector)
    }

    fn insert(&mut self, key: Key, vector: Arc<[f32]>, half: usize) {
        if half == 0 {
            return;
        }
        if self.young.len() >= half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, vector);
    }
}

/// The right and duty to compute one key; given back on every way out, a panic included, so that nobody waits for ever.
struct Claim<'a> {
    cache: &'a QueryCache,
    key: Key,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.cache.lock().under_way.remove(&self.key);
        self.cache.finished.notify_all();
    }
}

/// Questions that differ only in composed letters and outer spaces are one.
fn normal_form(question: &str) -> String {
    question.trim().nfc().collect()
}

#[cfg(test)]
mod tests;
