use std::sync::Barrier;
use std::thread;

use super::*;

/// Answers each text with its length; holds every computation until `gate` parties have met, fails or panics on request.
struct Counting {
    space: SpaceId,
    gate: Option<Barrier>,
    calls: AtomicU64,
    /// Texts of each call.
    sizes: Mutex<Vec<usize>>,
}

impl Counting {
    fn new(space: &str) -> Self {
        Self { space: SpaceId::new(space), gate: None, calls: AtomicU64::new(0), sizes: Mutex::default() }
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
        self.sizes.lock().unwrap().push(texts.len());
        if let Some(gate) = &self.gate {
            gate.wait();
        }
        if texts.contains(&"fails always") {
            return Err(EmbedError::NotFinite { index: 0 });
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

/// Asks for a first one and, while that is computed, for the others; each step lets one computation end. Whether each other one has its
/// vector.
fn ask_together(cache: &QueryCache, embedder: &Counting, others: &[&str], steps: usize) -> Vec<bool> {
    thread::scope(|scope| {
        let gate = embedder.gate.as_ref().unwrap();
        let first = scope.spawn(|| cache.embed(embedder, "first").is_ok());
        while cache.lock().computing == 0 {
            thread::yield_now();
        }
        let others: Vec<_> =
            others.iter().map(|text| scope.spawn(|| cache.embed(embedder, text).is_ok())).collect();
        while cache.lock().waiting.len() < others.len() {
            thread::yield_now();
        }
        (0..steps).for_each(|_| {
            gate.wait();
        });
        assert!(first.join().unwrap());
        others.into_iter().map(|asker| asker.join().unwrap()).collect()
    })
}

#[test]
fn questions_that_come_while_all_cores_are_busy_are_computed_together() {
    let cache = QueryCache { lanes: 1, ..QueryCache::new(100) };
    let embedder = Counting { gate: Some(Barrier::new(2)), ..Counting::new("a") };
    assert_eq!(ask_together(&cache, &embedder, &["b", "c", "d"], 2), [true; 3]);
    assert_eq!(*embedder.sizes.lock().unwrap(), [1, 3]);
    assert_eq!(counts(&cache), (0, 4, 4));
    assert_eq!(cache.get(&embedder.space, "c").unwrap()[0], 1.0);
}

#[test]
fn a_question_that_fails_costs_those_beside_it_no_answer() {
    let cache = QueryCache { lanes: 1, ..QueryCache::new(100) };
    // The three are tried together and fail; then each is computed alone or with what is left, in an order that nobody knows.
    let embedder = Counting { gate: None, ..Counting::new("a") };
    let answered = thread::scope(|scope| {
        let hold = Claim { cache: &cache, keys: Vec::new() };
        cache.lock().computing = 1;
        let others =
            ["b", "fails always", "d"].map(|text| scope.spawn(|| cache.embed(&embedder, text).is_ok()));
        while cache.lock().waiting.len() < 3 {
            thread::yield_now();
        }
        drop(hold);
        others.map(|asker| asker.join().unwrap())
    });
    assert_eq!(answered, [true, false, true]);
    assert_eq!(embedder.sizes.lock().unwrap()[0], 3);
    assert_eq!(cache.lock().computing, 0);
}

#[test]
fn without_capacity_nothing_is_computed_for_others() {
    let cache = QueryCache { lanes: 1, ..QueryCache::new(0) };
    let embedder = Counting { gate: Some(Barrier::new(2)), ..Counting::new("a") };
    assert_eq!(ask_together(&cache, &embedder, &["b", "c"], 3), [true; 2]);
    assert_eq!(*embedder.sizes.lock().unwrap(), [1, 1, 1]);
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
