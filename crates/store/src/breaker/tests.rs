//! When it opens, who is let through, when it closes.

use std::future::{pending, ready};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

use futures::FutureExt;
use futures::future::join_all;
use tokio::time::timeout;

use super::*;

const LIMIT: Duration = Duration::from_millis(20);
/// How long a test waits for what shall happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a server does, and how often it was asked for a sign of life.
#[derive(Default)]
struct Server {
    lives: AtomicBool,
    probes: AtomicU32,
}

fn breaker(most: usize) -> (Breaker, Arc<Server>) {
    let server = Arc::new(Server::default());
    let probed = Arc::clone(&server);
    let probe = move || {
        probed.probes.fetch_add(1, Ordering::SeqCst);
        let lives = probed.lives.load(Ordering::SeqCst);
        ready(if lives { Ok(()) } else { Err("no sign of life".to_owned()) }).boxed()
    };
    (Breaker::new("a server".to_owned(), most, probe), server)
}

/// One whose server has just given a sign of life.
async fn half_open() -> (Breaker, Arc<Server>) {
    let (breaker, server) = breaker(10);
    server.lives.store(true, Ordering::SeqCst);
    breaker.open("it was not there");
    until(|| breaker.0.state().phase == Phase::HalfOpen).await;
    (breaker, server)
}

async fn until(is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
}

async fn is_answered(breaker: &Breaker) -> bool {
    breaker.run(PATIENCE, ready(Ok::<_, String>(())), |_| Verdict::Answers).await.is_ok()
}

/// Why a call that nobody answers brings no result.
async fn hang(breaker: &Breaker) -> String {
    let call = pending::<Result<(), String>>();
    breaker.run(LIMIT, call, |_| Verdict::Answers).await.unwrap_err().to_string()
}

/// Whether a call was made that fails with an error of its own.
async fn fails(breaker: &Breaker, verdict: Verdict) -> bool {
    let call = ready(Err::<(), _>("broken".to_owned()));
    matches!(breaker.run(PATIENCE, call, |_| verdict).await, Err(Failed::Own(_)))
}

fn gone() -> Verdict {
    Verdict::Gone("it is gone".to_owned())
}

#[tokio::test]
async fn three_late_answers_in_a_row_open_it_and_nobody_waits_then() {
    let (breaker, _server) = breaker(10);
    for _ in 0..2 {
        assert_eq!(hang(&breaker).await, "no answer within 20 ms");
    }
    assert!(is_answered(&breaker).await, "a hiccup");
    for _ in 0..3 {
        assert!(!breaker.is_open());
        hang(&breaker).await;
    }
    assert!(breaker.is_open());
    let begin = Instant::now();
    for _ in 0..1_000 {
        assert!(hang(&breaker).await.starts_with("it is away, "));
    }
    assert!(begin.elapsed() < LIMIT * 50, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn what_is_wrong_with_a_call_says_nothing_about_the_server() {
    let (breaker, _server) = breaker(10);
    for _ in 0..10 {
        assert!(fails(&breaker, Verdict::Answers).await);
    }
    assert!(!breaker.is_open());
    assert!(fails(&breaker, gone()).await && breaker.is_open());
    assert!(!fails(&breaker, Verdict::Answers).await, "nothing is asked of one that is gone");
}

#[tokio::test]
async fn it_is_asked_for_a_sign_of_life_until_there_is_one() {
    let (breaker, server) = breaker(10);
    breaker.open("it was not there");
    until(|| server.probes.load(Ordering::SeqCst) > 3).await;
    assert!(!is_answered(&breaker).await);
    server.lives.store(true, Ordering::SeqCst);
    until(|| breaker.0.state().phase == Phase::HalfOpen).await;
    assert!(is_answered(&breaker).await && !breaker.is_open());
}

#[tokio::test]
async fn a_sign_of_life_lets_one_call_through_and_its_answer_all() {
    let (breaker, server) = half_open().await;
    // One call is under way; a second one does not wait for what comes of it.
    let (first, second) = tokio::join!(hang(&breaker), hang(&breaker));
    assert_eq!(first, "no answer within 20 ms");
    assert!(second.starts_with("it is away, "), "{second}");
    assert!(!is_answered(&breaker).await, "a sign of life is not enough");
    until(|| breaker.0.state().phase == Phase::HalfOpen).await;
    let probes = server.probes.load(Ordering::SeqCst);
    assert!(is_answered(&breaker).await && !breaker.is_open());
    let all = join_all((0..5).map(|_| is_answered(&breaker))).await;
    assert_eq!(all, [true; 5]);
    assert_eq!(server.probes.load(Ordering::SeqCst), probes, "nobody looks any more");
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_the_trial_to_the_next() {
    let (breaker, _server) = half_open().await;
    let call = breaker.run(PATIENCE, pending::<Result<(), String>>(), |_| Verdict::Answers);
    assert!(timeout(LIMIT, call).await.is_err());
    assert!(is_answered(&breaker).await && !breaker.is_open());
}

#[tokio::test]
async fn a_call_that_did_not_come_to_ask_changes_nothing() {
    let (closed, _server) = breaker(10);
    for _ in 0..2 {
        hang(&closed).await;
    }
    assert!(fails(&closed, Verdict::Nothing).await && !closed.is_open());
    hang(&closed).await;
    assert!(closed.is_open(), "three in a row");
    let (breaker, _server) = half_open().await;
    assert!(fails(&breaker, Verdict::Nothing).await && breaker.is_open());
    assert!(is_answered(&breaker).await && !breaker.is_open());
}

#[tokio::test]
async fn late_news_of_calls_of_before_do_not_count() {
    let (breaker, server) = breaker(10);
    server.lives.store(true, Ordering::SeqCst);
    let old = join_all((0..5).map(|_| breaker.run(LIMIT * 10, pending::<Result<(), String>>(), |_| gone())));
    let meanwhile = async {
        assert!(fails(&breaker, gone()).await);
        until(|| breaker.0.state().phase == Phase::HalfOpen).await;
        assert!(is_answered(&breaker).await);
    };
    let (old, ()) = tokio::join!(old, meanwhile);
    assert!(old.iter().all(Result::is_err) && !breaker.is_open());
}

#[tokio::test]
async fn no_more_calls_are_under_way_than_have_a_place() {
    let (breaker, _server) = breaker(2);
    let all = join_all((0..4).map(|_| hang(&breaker))).await;
    let refused = all.iter().filter(|why| why.as_str() == "2 calls wait for it already").count();
    assert_eq!(refused, 2, "{all:?}");
}

#[tokio::test]
async fn nobody_looks_for_life_when_nobody_uses_it() {
    let (breaker, server) = breaker(1);
    breaker.open("it was not there");
    until(|| server.probes.load(Ordering::SeqCst) > 0).await;
    let shared = Arc::downgrade(&breaker.0);
    drop(breaker);
    until(|| shared.upgrade().is_none() && Arc::strong_count(&server) == 1).await;
}
