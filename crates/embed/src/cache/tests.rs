use std::sync::Barrier;
use std::thread;

use super::*;

/// Answers each text with its length; holds every computation until `gate` parties have met, fails or panics on request.
struct Counting {
    space: SpaceId,
    gate: Option<Barrier>,
    calls: AtomicU64,
}

impl Counting {
    fn new(space: &str) -> Self {
        Self { space: SpaceId::new(space), gate: None, calls: AtomicU64::new(0) }
    }
}

impl Embedder for Counting {
    fn space(&self) -> &SpaceId {
        &self.space
    }
    fn dimensions(&self) -> usize {
        1
    }
    fn max_tokens(&self) -> usize {
        1
    }
    fn count_tokens(&self, _: &str) -> usize {
        1
    }
    fn is_lexical(&self) -> bool {
        true
    }
    fn embed(&self, _: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if let Some(gate) = &self.gate {
            gate.wait();
        }
        match texts[0] {
            "fails once" if call == 0 => Err(EmbedError::NotFinite { index: 0 }),
            "panics once" if call == 0 => panic!("asked to"),
            _ => Ok(texts.iter().map(|text| vec![text.len() as f32]).collect()),
        }
    }
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

fn counts(cache: &QueryCache) -> (u64, u64, usize) {
    let counts = cache.counts();
    (counts.hits, counts.misses, counts.entries)
}

#[test]
fn a_question_is_computed_once_whatever_its_outer_form() {
    let (cache, embedder) = (QueryCache::new(10), Counting::new("a"));
    let first = cache.embed(&embedder, "Größe?").unwrap();
    assert_eq!(cache.embed(&embedder, "  Gro\u{308}ße?\n").unwrap(), first);
    assert_eq!(cache.get(&embedder.space, "Größe?"), Some(first));
    assert_eq!(counts(&cache), (2, 1, 1));
}

#[test]
fn spaces_do_not_share_vectors() {
    let (cache, one, other) = (QueryCache::new(10), Counting::new("a"), Counting::new("b"));
    cache.embed(&one, "x").unwrap();
    assert_eq!(cache.get(&other.space, "x"), None);
    cache.embed(&other, "x").unwrap();
    assert_eq!(counts(&cache), (0, 2, 2));
}

#[test]
fn many_who_ask_the_same_at_once_share_one_computation() {
    let cache = QueryCache::new(10);
    let embedder = Counting { gate: Some(Barrier::new(2)), ..Counting::new("a") };
    thread::scope(|scope| {
        let askers: Vec<_> =
            (0..8).map(|_| scope.spawn(|| cache.embed(&embedder, "same").unwrap())).collect();
        // The one computation cannot end before this line, a second one could never end.
        embedder.gate.as_ref().unwrap().wait();
        for asker in askers {
            assert_eq!(asker.join().unwrap()[0], 4.0);
        }
    });
    assert_eq!(embedder.calls.load(Ordering::Relaxed), 1);
    assert_eq!(counts(&cache), (7, 1, 1));
}

#[test]
fn it_never_holds_more_than_its_capacity_and_keeps_what_is_used() {
    let (cache, embedder) = (QueryCache::new(8), Counting::new("a"));
    cache.embed(&embedder, "often").unwrap();
    for number in 0..100 {
        cache.embed(&embedder, &number.to_string()).unwrap();
        assert!(cache.get(&embedder.space, "often").is_some(), "lost after {number}");
        assert!(cache.counts().entries <= 8);
    }
    assert_eq!(cache.get(&embedder.space, "0"), None);
}

#[test]
fn without_capacity_it_computes_every_time() {
    let (cache, embedder) = (QueryCache::new(0), Counting::new("a"));
    for _ in 0..3 {
        cache.embed(&embedder, "x").unwrap();
    }
    assert_eq!(counts(&cache), (0, 3, 0));
}

#[test]
fn an_error_is_not_kept() {
    let (cache, embedder) = (QueryCache::new(8), Counting::new("a"));
    assert!(cache.embed(&embedder, "fails once").is_err());
    assert!(cache.embed(&embedder, "fails once").is_ok());
}

#[test]
fn a_panic_of_the_embedder_leaves_nobody_waiting() {
    let (cache, embedder) = (QueryCache::new(8), Counting::new("a"));
    thread::scope(|scope| {
        assert!(scope.spawn(|| cache.embed(&embedder, "panics once")).join().is_err());
    });
    assert!(cache.embed(&embedder, "panics once").is_ok());
}
