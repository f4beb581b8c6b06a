//! What Redis holds, and what happens when it is slow, gone, back, or has lost its memory.

use std::future::Future;
use std::time::Instant;

use super::super::conformance::{redis_settings, unique_prefix};
use super::super::{SessionUpdate, errors_key};
use super::*;
use crate::gate::{Gate, Mode};
use chrono::Utc;
use redis::Client;
use serde_json::Value;

/// How long a test waits for what shall happen.
const PATIENCE: Duration = Duration::from_secs(20);

fn opening() -> Opening {
    Opening {
        rate_key: "ratelimit:A-01:1970-01-01T00:00".to_owned(),
        session_key: "session:{s}".to_owned(),
        answer_key: "ragcache:{s}:1".to_owned(),
    }
}

fn closing() -> Closing {
    let keys = opening();
    let update = SessionUpdate { messages: vec!["m".to_owned()], ..SessionUpdate::default() };
    Closing { session_key: keys.session_key, update, answer: Some((keys.answer_key, Value::from(1))) }
}

/// A connection of the test's own.
async fn raw(settings: &RedisSettings) -> redis::aio::MultiplexedConnection {
    Client::open(settings.url.as_str()).unwrap().get_multiplexed_async_connection().await.unwrap()
}

async fn keys(settings: &RedisSettings) -> Vec<String> {
    let mut connection = raw(settings).await;
    let pattern = format!("{}*", settings.prefix);
    let (mut at, mut keys) = (0_u64, Vec::new());
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(at).arg("MATCH").arg(&pattern).arg("COUNT").arg(1_000);
        let (next, some): (u64, Vec<String>) = scan.query_async(&mut connection).await.unwrap();
        keys.extend(some);
        at = next;
        if at == 0 {
            keys.sort();
            return keys;
        }
    }
}

async fn life(settings: &RedisSettings, key: &str) -> i64 {
    let mut ask = redis::cmd("PTTL");
    ask.arg(format!("{}{key}", settings.prefix));
    ask.query_async(&mut raw(settings).await).await.unwrap()
}

async fn shorten(settings: &RedisSettings, key: &str) {
    let mut shorten = redis::cmd("PEXPIRE");
    shorten.arg(format!("{}{key}", settings.prefix)).arg(50_000);
    let done: bool = shorten.query_async(&mut raw(settings).await).await.unwrap();
    assert!(done, "{key}");
}

async fn remove_all(settings: &RedisSettings) {
    for key in keys(settings).await {
        let mut remove = redis::cmd("DEL");
        remove.arg(key);
        remove.query_async::<()>(&mut raw(settings).await).await.unwrap();
    }
}

/// Asks until it is so.
async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begin = Instant::now();
    while !is_so().await {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn keys_have_their_public_form_and_everything_has_its_lifetime() {
    let Some(settings) = redis_settings(&unique_prefix()) else { return };
    let store = RedisVolatile::open(&settings).await.unwrap();
    store.open_request(&opening()).await.unwrap();
    store.close_request(&closing()).await.unwrap();
    store.list_revoked(&[]).await.unwrap();
    store.revoke("revoked:t-1", Duration::from_secs(3_000)).await.unwrap();
    let errors = errors_key("p", Utc::now());
    store.count_error(&errors).await.unwrap();
    let expected = [
        (errors.as_str(), 3_600),
        ("ragcache:{s}:1", 120),
        ("ratelimit:A-01:1970-01-01T00:00", 60),
        ("revoked-tokens-listed", 86_400),
        ("revoked:t-1", 3_000),
        ("session:{s}", 1_800),
    ];
    let names: Vec<String> = expected.map(|(name, _)| format!("{}{name}", settings.prefix)).into();
    assert_eq!(keys(&settings).await, names);
    for (name, seconds) in expected {
        let life = life(&settings, name).await;
        assert!((seconds * 1_000 - 30_000..=seconds * 1_000).contains(&life), "{name}: {life} ms");
    }
    remove_all(&settings).await;
}

#[tokio::test]
async fn a_session_slides_and_counters_and_answers_keep_their_first_lifetime() {
    let Some(settings) = redis_settings(&unique_prefix()) else { return };
    let store = RedisVolatile::open(&settings).await.unwrap();
    store.open_request(&opening()).await.unwrap();
    store.close_request(&closing()).await.unwrap();
    let keys = opening();
    for key in [&keys.rate_key, &keys.session_key, &keys.answer_key] {
        shorten(&settings, key).await;
    }
    let opened = store.open_request(&keys).await.unwrap();
    assert_eq!((opened.requests, opened.answer), (2, Some(Value::from(1))));
    store.close_request(&Closing { answer: None, ..closing() }).await.unwrap();
    assert!(life(&settings, &keys.session_key).await > 1_700_000);
    for key in [&keys.rate_key, &keys.answer_key] {
        let life = life(&settings, key).await;
        assert!((1..=50_000).contains(&life), "{key}: {life} ms");
    }
    remove_all(&settings).await;
}

#[tokio::test]
async fn a_redis_that_lost_its_memory_vouches_for_no_token_until_it_is_told_again() {
    let Some(settings) = redis_settings(&unique_prefix()) else { return };
    let store = RedisVolatile::open(&settings).await.unwrap();
    store.list_revoked(&[("revoked:t-1".to_owned(), PATIENCE)]).await.unwrap();
    assert_eq!(store.is_revoked("revoked:t-1").await.unwrap(), Some(true));
    remove_all(&settings).await;
    assert_eq!(store.is_revoked("revoked:t-1").await.unwrap(), None);
    assert_eq!(store.is_revoked("revoked:t-2").await.unwrap(), None);
    assert!(store.wants_revoked().await.unwrap());
    store.list_revoked(&[("revoked:t-1".to_owned(), PATIENCE)]).await.unwrap();
    let known = ["revoked:t-1", "revoked:t-2"].map(|key| store.is_revoked(key));
    let [first, second] = known;
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Some(true), Some(false)));
    remove_all(&settings).await;
}

#[tokio::test]
async fn what_others_left_under_a_key_is_no_session() {
    let Some(settings) = redis_settings(&unique_prefix()) else { return };
    let store = RedisVolatile::open(&settings).await.unwrap();
    for text in ["", "nonsense", "[1]", "7", r#"{"fields":3,"messages":"x"}"#] {
        let mut set = redis::cmd("SET");
        set.arg(format!("{}session:{{s}}", settings.prefix)).arg(text).arg("EX").arg(60);
        set.query_async::<()>(&mut raw(&settings).await).await.unwrap();
        assert_eq!(store.open_request(&opening()).await.unwrap().session, None, "{text}");
        store.close_request(&closing()).await.unwrap();
        assert_eq!(store.open_request(&opening()).await.unwrap().session.unwrap().messages, ["m"], "{text}");
    }
    remove_all(&settings).await;
}

#[tokio::test]
async fn a_redis_that_hangs_costs_a_few_calls_their_limit_and_is_used_again_when_it_answers() {
    let Some(mut settings) = redis_settings(&unique_prefix()) else { return };
    let gate = Gate::before(&settings.url, Mode::Open).await;
    let direct = settings.clone();
    settings.url = gate.url(&settings.url);
    settings.limit = Duration::from_millis(200);
    let store = RedisVolatile::open(&settings).await.unwrap();
    until("it answers", || async { store.ping().await.is_ok() }).await;
    gate.set(Mode::Held);
    let begin = Instant::now();
    let keys = opening();
    let waited = futures::future::join_all((0..200).map(|_| store.open_request(&keys))).await;
    assert!(waited.iter().all(Result::is_err));
    assert!(begin.elapsed() < Duration::from_secs(2), "all wait at the same time: {:?}", begin.elapsed());
    let error = waited.into_iter().next().unwrap().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(error.message.contains("no answer within 200 ms"), "{error}");
    let begin = Instant::now();
    for _ in 0..1_000 {
        let error = store.open_request(&keys).await.unwrap_err();
        assert!(error.message.contains("it is away, "), "{error}");
    }
    assert!(begin.elapsed() < Duration::from_millis(200), "nobody waits any more: {:?}", begin.elapsed());
    gate.set(Mode::Open);
    until("it answers again", || async { store.ping().await.is_ok() }).await;
    store.close_request(&closing()).await.unwrap();
    remove_all(&direct).await;
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_anew() {
    let Some(mut settings) = redis_settings(&unique_prefix()) else { return };
    let gate = Gate::before(&settings.url, Mode::Open).await;
    let direct = settings.clone();
    settings.url = gate.url(&settings.url);
    let store = RedisVolatile::open(&settings).await.unwrap();
    assert_eq!(store.open_request(&opening()).await.unwrap().requests, 1);
    for _ in 0..3 {
        gate.set(Mode::Shut);
        until("it is noticed", || async { store.ping().await.is_err() }).await;
        gate.set(Mode::Open);
        until("it is used again", || async { store.ping().await.is_ok() }).await;
    }
    assert_eq!(store.open_request(&opening()).await.unwrap().requests, 2);
    remove_all(&direct).await;
}

#[tokio::test]
async fn a_redis_that_comes_later_is_used_then() {
    let Some(mut settings) = redis_settings(&unique_prefix()) else { return };
    let gate = Gate::before(&settings.url, Mode::Shut).await;
    settings.url = gate.url(&settings.url);
    let store = RedisVolatile::open(&settings).await.unwrap();
    let error = store.ping().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(error.message.contains("REDIS_URL") && error.message.contains("127.0.0.1:"), "{error}");
    gate.set(Mode::Open);
    until("it is used", || async { store.ping().await.is_ok() }).await;
}

#[tokio::test]
async fn a_password_that_is_refused_is_an_error_that_does_not_quote_it() {
    let Some(mut settings) = redis_settings(&unique_prefix()) else { return };
    settings.url = settings.url.replace("redis://", "redis://nobody:geheim@");
    let error = RedisVolatile::open(&settings).await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("REDIS_URL") && !error.contains("geheim"), "{error}");
}
