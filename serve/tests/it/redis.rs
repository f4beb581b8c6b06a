//! The service on Redis: what copies share, and what happens when Redis is away, slow, back, or has lost its memory.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use auskunft_store::volatile::{RedisSettings, RedisVolatile};
use serde_json::{Value, json};

use crate::gate::{Gate, Mode};
use crate::people::{EU, US, claims, token_of};
use crate::shop::{Reply, Service};

const ANSWER: &str = "/support/rag-answer";
const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const FOLLOW_UP: &str = "Wie oft muss ich es entkalken?";
/// How long a test waits for what shall happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// The running Redis; `None` where none runs.
pub(crate) fn url() -> Option<String> {
    test_servers::servers().map(|servers| servers.redis_url)
}

/// A prefix of keys that no other test has.
pub(crate) fn unique_prefix() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    format!("test-{}-{}:", std::process::id(), since.as_nanos())
}

/// The service on Redis, with further settings.
pub(crate) async fn open(url: &str, prefix: &str, more: &[(&str, &str)]) -> Service {
    let mut variables = vec![
        ("REDIS_URL", url),
        ("AUSKUNFT_REDIS_PREFIX", prefix),
        // A machine that does much else is no reason to fail.
        ("AUSKUNFT_REDIS_TIMEOUT_MS", "5000"),
        ("AUSKUNFT_RATE_PER_MINUTE", "0"),
    ];
    variables.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    variables.extend_from_slice(more);
    Service::open_with(&variables).await
}

async fn ask(service: &Service, agent: &str, session: &str, question: &str) -> Reply {
    let body = json!({ "session_id": session, "question": question });
    service.call("POST", ANSWER, Some(&token_of(agent)), Some(&body)).await
}

/// Asks until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begin = Instant::now();
    while !is_so().await {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn copies_share_sessions_answers_limits_and_revoked_tokens() {
    let Some(url) = url() else { return };
    let prefix = unique_prefix();
    let limit = [("AUSKUNFT_RATE_PER_MINUTE", "1000"), ("AUSKUNFT_COPIES", "2")];
    let (first, second) = (open(&url, &prefix, &limit).await, open(&url, &prefix, &limit).await);
    let told = ask(&first, EU, "s", QUESTION).await;
    assert_eq!((told.status.as_u16(), &told.json()["degraded"]), (200, &json!([])), "{}", told.text);
    assert_eq!(told.header("ratelimit-remaining"), "999");
    let again = ask(&second, EU, "s", QUESTION).await.json();
    assert_eq!((&again["cached"], &again["answer"]), (&json!(true), &told.json()["answer"]));
    let followed = ask(&second, EU, "s", FOLLOW_UP).await;
    assert_eq!(followed.json()["product"], "KM-100", "the other copy's session");
    // All in one minute, or the next has begun.
    assert!(
        ["997", "998", "999"].contains(&followed.header("ratelimit-remaining")),
        "{:?}",
        followed.headers
    );
    assert_ne!(ask(&second, US, "s", FOLLOW_UP).await.json()["product"], "KM-100");

    let token = token_of(EU);
    assert_eq!(
        first.call("POST", "/support/tokens/revoke", Some(&token), Some(&json!({}))).await.status,
        200
    );
    let body = json!({ "session_id": "s", "question": QUESTION });
    let refused = second.call("POST", ANSWER, Some(&token), Some(&body)).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (401, &json!("invalid_token")),
        "{}",
        claims(&token).token_id
    );
}

#[tokio::test]
async fn operations_are_the_same_as_in_the_process() {
    let Some(url) = url() else { return };
    let (on_redis, in_process) = (open(&url, &unique_prefix(), &[]).await, Service::open().await);
    for session in ["s", "s", "t"] {
        let [there, here] = [&on_redis, &in_process];
        let (there, here) =
            (ask(there, EU, session, QUESTION).await.json(), ask(here, EU, session, QUESTION).await.json());
        assert_eq!(
            (&there["operations"], &there["cached"]),
            (&here["operations"], &here["cached"]),
            "{there}"
        );
    }
}

#[tokio::test]
async fn without_redis_answers_go_on_each_copy_holds_its_part_of_the_limit_and_it_is_used_again() {
    let Some(url) = url() else { return };
    let gate = Gate::before(&url, Mode::Open).await;
    let settings =
        [("AUSKUNFT_RATE_PER_MINUTE", "40"), ("AUSKUNFT_COPIES", "20"), ("AUSKUNFT_REDIS_TIMEOUT_MS", "500")];
    let service = open(&gate.url(&url), &unique_prefix(), &settings).await;
    until("redis is used", async || ask(&service, EU, "s", QUESTION).await.json()["degraded"] == json!([]))
        .await;
    for mode in [Mode::Held, Mode::Shut] {
        gate.set(mode);
        until("it is noticed", async || service.state.volatile.ping().await.is_err()).await;
        // A minute may end in between; then two more pass.
        let mut refused = false;
        for _ in 0..6 {
            let begin = Instant::now();
            let reply = ask(&service, US, "s", QUESTION).await;
            assert!(begin.elapsed() < PATIENCE);
            assert_eq!(reply.header("ratelimit-limit"), "2", "{}", reply.text);
            refused |= reply.status == 429;
            let body = reply.json();
            let is_answer = body["state"] == "answered" && body["degraded"] == json!(["sessions"]);
            assert!(is_answer || reply.status == 429, "{}", reply.text);
        }
        assert!(refused, "{mode:?}");
        assert_eq!(service.get("/health/ready").await.status, 200, "{mode:?}");
        gate.set(Mode::Open);
        until("it is used again", async || service.state.volatile.ping().await.is_ok()).await;
        let back = ask(&service, EU, "s", FOLLOW_UP).await;
        assert_eq!(back.header("ratelimit-limit"), "40", "{}", back.text);
        assert_eq!((&back.json()["degraded"], &back.json()["product"]), (&json!([]), &json!("KM-100")));
    }
}

async fn is_refused(service: &Service, token: &str) -> bool {
    let body = json!({ "session_id": "s", "question": QUESTION });
    let reply: Value = service.call("POST", ANSWER, Some(token), Some(&body)).await.json();
    reply["code"] == "invalid_token"
}

#[tokio::test]
async fn a_token_stays_revoked_whatever_redis_forgets_or_did_not_hear() {
    let Some(url) = url() else { return };
    let gate = Gate::before(&url, Mode::Open).await;
    let prefix = unique_prefix();
    let mut service = open(&gate.url(&url), &prefix, &[("AUSKUNFT_REDIS_TIMEOUT_MS", "500")]).await;
    let unheard = token_of(EU);
    gate.set(Mode::Shut);
    until("it is noticed", async || service.state.volatile.ping().await.is_err()).await;
    let revoked = service.call("POST", "/support/tokens/revoke", Some(&unheard), Some(&json!({}))).await;
    assert_eq!(revoked.status, 200, "{}", revoked.text);
    assert!(is_refused(&service, &unheard).await, "by the database");
    gate.set(Mode::Open);
    // As the service does all the time.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let serving = tokio::spawn(serve::start::serve(service.state.clone(), listener, Duration::ZERO));
    let key = format!("revoked:{}", claims(&unheard).token_id);
    until("redis hears of it", async || {
        matches!(service.state.volatile.is_revoked(&key).await, Ok(Some(true)))
    })
    .await;
    assert!(is_refused(&service, &unheard).await, "by redis");
    service.trigger.request();
    serving.await.unwrap().unwrap();
    // A Redis that has lost its memory has no keys.
    let empty = RedisSettings { url, prefix: unique_prefix(), limit: PATIENCE };
    service.state.volatile = Arc::new(RedisVolatile::open(&empty).await.unwrap());
    assert_eq!(service.state.volatile.is_revoked(&key).await.unwrap(), None);
    assert!(is_refused(&service, &unheard).await, "by the database");
    assert!(!is_refused(&service, &token_of(EU)).await);
}
