//! Vectors of recent questions.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

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

/// Questions that are computed at once, at most: more would let the first of them wait for too long.
const MOST_AT_ONCE: usize = 16;

/// Bounded cache of query vectors. The same question asked at the same time by many is computed once; the others wait.
///
/// As many computations go on at once as the machine has cores. Questions that come meanwhile wait for one of them to end, and are then
/// computed together, which takes less time than one after the other: an encoder reads its weights once for all of them. Nobody waits
/// while a core is idle.
///
/// Entries age in two halves: new and used ones live in the young half; when that is full it becomes the old half, and
/// what was old and unused is dropped. So look-ups and evictions cost the same however large it is.
#[derive(Debug)]
pub struct QueryCache {
    half: usize,
    /// Computations that may go on at once.
    lanes: usize,
    state: Mutex<State>,
    finished: Condvar,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    young: HashMap<Key, Arc<[f32]>>,
    old: HashMap<Key, Arc<[f32]>>,
    /// Computed now, or waiting for it.
    under_way: HashSet<Key>,
    /// Those of them that wait, the first one longest.
    waiting: VecDeque<Key>,
    /// Computations that go on.
    computing: usize,
}

impl QueryCache {
    /// A cache of at most `capacity` vectors (384 dimensions: 1.5 kB each); below 2 it keeps nothing.
    pub fn new(capacity: usize) -> Self {
        let lanes = available_parallelism().map_or(1, usize::from);
        Self {
            half: capacity / 2,
            lanes,
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
        let claim = match self.find_or_claim(&key) {
            Found::Vector(vector) => return Ok(vector),
            Found::Claim(claim) => claim,
        };
        let vectors = match claim.compute(embedder) {
            // One of the others may be at fault: each of them is computed on its own turn, this one now.
            Err(_) if claim.keys.len() > 1 => embedder.embed(TextKind::Query, &[&key.1]),
            computed => computed,
        }?;
        let mut own = None;
        let mut state = self.lock();
        for (of, vector) in claim.keys.iter().zip(vectors) {
            let vector: Arc<[f32]> = vector.into();
            own.get_or_insert_with(|| Arc::clone(&vector));
            state.insert(of.clone(), vector, self.half);
        }
        drop(state);
        own.ok_or(EmbedError::NotFinite { index: 0 })
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

    /// The vector, once it is there; or the claim to compute it, with others that wait.
    fn find_or_claim(&self, key: &Key) -> Found<'_> {
        let mut state = self.lock();
        let mut has_waited = false;
        loop {
            if let Some(vector) = state.find(key, self.half) {
                self.hits.fetch_add(u64::from(!has_waited), Ordering::Relaxed);
                return Found::Vector(vector);
            }
            if state.under_way.insert(key.clone()) {
                state.waiting.push_back(key.clone());
                self.misses.fetch_add(u64::from(!has_waited), Ordering::Relaxed);
                has_waited = true;
            }
            if state.computing < self.lanes
                && let Some(keys) = state.take_with(key, if self.half == 0 { 1 } else { MOST_AT_ONCE })
            {
                state.computing += 1;
                return Found::Claim(Claim { cache: self, keys });
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

    /// Takes a question that waits, and others of its space with it: as many as may be computed at once.
    fn take_with(&mut self, key: &Key, most: usize) -> Option<Vec<Key>> {
        let place = self.waiting.iter().position(|waiting| waiting == key)?;
        let mut taken: Vec<Key> = self.waiting.remove(place).into_iter().collect();
        self.waiting.retain(|waiting| {
            let is_taken = waiting.0 == key.0 && taken.len() < most;
            if is_taken {
                taken.push(waiting.clone());
            }
            !is_taken
        });
        Some(taken)
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

enum Found<'a> {
    Vector(Arc<[f32]>),
    Claim(Claim<'a>),
}

/// The right and duty to compute some questions, the claimant's own first; given back on every way out, a panic included, so that nobody
/// waits for ever.
struct Claim<'a> {
    cache: &'a QueryCache,
    keys: Vec<Key>,
}

impl Claim<'_> {
    fn compute(&self, embedder: &dyn Embedder) -> Result<Vec<Vec<f32>>, EmbedError> {
        let texts: Vec<&str> = self.keys.iter().map(|(_, question)| question.as_str()).collect();
        embedder.embed(TextKind::Query, &texts)
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut state = self.cache.lock();
        for key in &self.keys {
            state.under_way.remove(key);
        }
        state.computing -= 1;
        drop(state);
        self.cache.finished.notify_all();
    }
}

/// Questions that differ only in composed letters and outer spaces are one.
fn normal_form(question: &str) -> String {
    question.trim().nfc().collect()
}

#[cfg(test)]
mod tests;
