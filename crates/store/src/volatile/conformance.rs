//! What every implementation of the port does, in the process, on Redis and on a Redis Cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures::future::join_all;
use serde_json::{Value, json};

use super::*;

/// Long enough for a machine that does much else, too.
const PATIENCE: Duration = Duration::from_secs(10);

/// A prefix of keys that no other test has.
pub(super) fn unique_prefix() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    format!("test-{}-{}:", std::process::id(), since.as_nanos())
}

/// Settings of the running Redis with that prefix, where one runs.
pub(super) fn redis_settings(prefix: &str) -> Option<RedisSettings> {
    Some(settings(test_servers::servers()?.redis_url, prefix))
}

fn settings(url: String, prefix: &str) -> RedisSettings {
    RedisSettings { url, prefix: prefix.to_owned(), limit: PATIENCE }
}

/// Every implementation, empty.
async fn stores_with(lifetimes: Lifetimes) -> Vec<Arc<dyn VolatileStore>> {
    let mut stores: Vec<Arc<dyn VolatileStore>> =
        vec![Arc::new(InProcess::new(1_000).with_lifetimes(lifetimes))];
    let servers = test_servers::servers();
    for url in servers.into_iter().flat_map(|servers| [servers.redis_url, servers.redis_cluster_url]) {
        let redis = RedisVolatile::open(&settings(url, &unique_prefix())).await.unwrap();
        stores.push(Arc::new(redis.with_lifetimes(lifetimes)));
    }
    stores
}

async fn stores() -> Vec<Arc<dyn VolatileStore>> {
    // Short, so that nothing of a test stays for long.
    let minute = Duration::from_secs(60);
    stores_with(Lifetimes { session: minute, answer: minute, rate: minute, errors: minute }).await
}

fn opening(name: &str) -> Opening {
    Opening {
        rate_key: format!("ratelimit:{name}"),
        session_key: format!("session:{{{name}}}"),
        answer_key: format!("ragcache:{{{name}}}:1"),
    }
}

fn update(fields: &[(&str, &str)], messages: &[&str]) -> SessionUpdate {
    SessionUpdate {
        fields: fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        messages: messages.iter().map(|message| (*message).to_owned()).collect(),
        rebuilt: None,
    }
}

fn closing(name: &str, update: SessionUpdate, answer: Option<Value>) -> Closing {
    let keys = opening(name);
    Closing { session_key: keys.session_key, update, answer: answer.map(|answer| (keys.answer_key, answer)) }
}

#[tokio::test]
async fn requests_at_the_same_time_are_each_counted_once() {
    for store in stores().await {
        let (one, other) = (opening("a"), opening("b"));
        let counted = join_all((0..100).map(|_| store.open_request(&one))).await;
        let counts: BTreeSet<u64> = counted.into_iter().map(|opened| opened.unwrap().requests).collect();
        assert_eq!(counts, (1..=100).collect(), "{store:?}");
        assert_eq!(store.open_request(&other).await.unwrap().requests, 1);
    }
}

#[tokio::test]
async fn a_session_is_its_own_and_keeps_what_an_update_does_not_name() {
    for store in stores().await {
        let empty = store.open_request(&opening("a")).await.unwrap();
        assert_eq!((empty.session, empty.answer), (None, None));
        let first = update(&[("product", "KM-1"), ("language", "de")], &["Frage 1", "Antwort 1"]);
        store
            .close_request(&closing("a", first, Some(json!({ "n": 1.5, "list": [], "none": null }))))
            .await
            .unwrap();
        let second = update(&[("language", "en")], &["Frage 2"]);
        store.close_request(&closing("a", second, None)).await.unwrap();
        let opened = store.open_request(&opening("a")).await.unwrap();
        let expected = [("language", "en"), ("product", "KM-1")];
        let session = opened.session.unwrap();
        assert_eq!(session.fields, expected.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
        assert_eq!(session.messages, ["Frage 1", "Antwort 1", "Frage 2"]);
        assert_eq!(opened.answer, Some(json!({ "n": 1.5, "list": [], "none": null })));
        let other = store.open_request(&opening("b")).await.unwrap();
        assert_eq!((other.session, other.answer), (None, None), "{store:?}");
    }
}

#[tokio::test]
async fn updates_at_the_same_time_lose_nothing() {
    for store in stores().await {
        let name = |number: usize| format!("field-{number}");
        let closings = (0..50).map(|number| {
            let mut change = update(&[(&name(number), "set")], &[&format!("message {number}")]);
            if number == 7 {
                change.fields.insert("product".to_owned(), "KM-1".to_owned());
            }
            closing("a", change, None)
        });
        let closings: Vec<Closing> = closings.collect();
        for closed in join_all(closings.iter().map(|closing| store.close_request(closing))).await {
            closed.unwrap();
        }
        let session = store.open_request(&opening("a")).await.unwrap().session.unwrap();
        let names: BTreeSet<String> = session.fields.keys().cloned().collect();
        let expected: BTreeSet<String> = (0..50).map(name).chain(["product".to_owned()]).collect();
        assert_eq!(names, expected, "{store:?}");
        let messages: BTreeSet<&String> = session.messages.iter().collect();
        assert_eq!((messages.len(), session.messages.len()), (MOST_MESSAGES, MOST_MESSAGES));
    }
}

#[tokio::test]
async fn the_last_messages_stay_in_their_order() {
    for store in stores().await {
        for number in 0..13 {
            let (question, answer) = (format!("Frage {number}"), format!("Antwort {number}"));
            let change = update(&[], &[&question, &answer]);
            store.close_request(&closing("a", change, None)).await.unwrap();
        }
        let session = store.open_request(&opening("a")).await.unwrap().session.unwrap();
        let expected: Vec<String> =
            (8..13).flat_map(|number| [format!("Frage {number}"), format!("Antwort {number}")]).collect();
        assert_eq!(session.messages, expected, "{store:?}");
        assert!(session.fields.is_empty());
    }
}

#[tokio::test]
async fn what_was_rebuilt_counts_where_there_is_no_session_alone() {
    for store in stores().await {
        let rebuilt = |product: &str| {
            let before = Session {
                fields: BTreeMap::from([("product".to_owned(), product.to_owned())]),
                messages: vec!["before".to_owned()],
            };
            SessionUpdate { rebuilt: Some(before), ..update(&[("language", "de")], &["now"]) }
        };
        for product in ["KM-1", "KM-2"] {
            store.close_request(&closing("a", rebuilt(product), None)).await.unwrap();
        }
        let session = store.open_request(&opening("a")).await.unwrap().session.unwrap();
        assert_eq!((session.fields["product"].as_str(), session.fields["language"].as_str()), ("KM-1", "de"));
        assert_eq!(session.messages, ["before", "now", "now"], "{store:?}");
    }
}

#[tokio::test]
async fn any_characters_come_back_as_they_went() {
    let odd = "\u{0}\n\t\"'\\/{}[]:]]--%\u{7f}\u{2028}Ä 🧦 \u{10ffff}";
    for store in stores().await {
        let name = format!("odd {odd}");
        let change = update(&[(odd, odd), ("empty", "")], &[odd, "", "{}", "[]"]);
        let answer = json!({ odd: [odd, {}, [], null, 1e300, 9_007_199_254_740_993_u64] });
        store.close_request(&closing(&name, change.clone(), Some(answer.clone()))).await.unwrap();
        let again = update(&[("more", "1")], &[]);
        store.close_request(&closing(&name, again, None)).await.unwrap();
        let opened = store.open_request(&opening(&name)).await.unwrap();
        let session = opened.session.unwrap();
        let mut fields: BTreeMap<String, String> = change.fields;
        fields.insert("more".to_owned(), "1".to_owned());
        assert_eq!((session.fields, session.messages), (fields, change.messages), "{store:?}");
        assert_eq!(opened.answer, Some(answer));
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_kept() {
    for store in stores().await {
        let large = Value::from("x".repeat(LARGEST_ANSWER));
        store.close_request(&closing("a", update(&[("k", "1")], &[]), Some(large))).await.unwrap();
        let refused = update(&[("k", "2")], &[&"x".repeat(LARGEST_UPDATE)]);
        let error = store.close_request(&closing("a", refused, None)).await.unwrap_err().to_string();
        assert!(error.contains("session:{a}") && error.contains("at most 131072"), "{error}");
        let opened = store.open_request(&opening("a")).await.unwrap();
        assert_eq!(opened.answer, None, "{store:?}");
        assert_eq!(opened.session.unwrap().fields["k"], "1");
    }
}

#[tokio::test]
async fn a_list_of_revoked_tokens_vouches_once_it_is_whole() {
    let hour = Duration::from_secs(3_600);
    let mut stores = stores().await;
    // Of a Cluster one node may lose its memory alone: it never vouches.
    if stores.len() > 2 {
        let cluster = stores.pop().unwrap();
        cluster
            .list_revoked(&[("revoked:t-1".to_owned(), hour), ("revoked:t-2".to_owned(), hour)])
            .await
            .unwrap();
        let known = async |key: &str| cluster.is_revoked(key).await.unwrap();
        assert_eq!((known("revoked:t-1").await, known("revoked:t-2").await), (Some(true), Some(true)));
        assert_eq!(known("revoked:t-9999").await, None);
        assert!(!cluster.wants_revoked().await.unwrap(), "it would be written again and again");
    }
    for store in stores {
        assert!(store.wants_revoked().await.unwrap(), "{store:?}");
        store.revoke("revoked:t-1", hour).await.unwrap();
        let known = async |key: &str| store.is_revoked(key).await.unwrap();
        assert_eq!((known("revoked:t-1").await, known("revoked:t-2").await), (Some(true), None));
        let all: Vec<(String, Duration)> = (2..1_203).map(|n| (format!("revoked:t-{n}"), hour)).collect();
        store.list_revoked(&all[..700]).await.unwrap();
        assert!(!store.wants_revoked().await.unwrap());
        assert_eq!(known("revoked:t-2").await, Some(true));
        assert_eq!((known("revoked:t-1").await, known("revoked:t-9999").await), (Some(true), Some(false)));
        store.revoke("revoked:t-9999", hour).await.unwrap();
        assert_eq!(known("revoked:t-9999").await, Some(true));
    }
}

#[tokio::test]
async fn errors_are_counted_by_provider_and_minute() {
    for store in stores().await {
        let minute = |minute: u32| DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::minutes(minute.into());
        let key = errors_key("api.example", minute(1));
        assert_eq!(key, "llmerr:api.example:1970-01-01T00:01");
        assert_eq!(store.errors(&key).await.unwrap(), 0);
        assert_eq!(store.count_error(&key).await.unwrap(), 1);
        assert_eq!(store.count_error(&key).await.unwrap(), 2);
        let [other, later] = [errors_key("other", minute(1)), errors_key("api.example", minute(2))];
        assert_eq!(store.errors(&key).await.unwrap(), 2, "{store:?}");
        assert_eq!((store.errors(&other).await.unwrap(), store.errors(&later).await.unwrap()), (0, 0));
    }
}

#[tokio::test]
async fn everything_ends() {
    let short = Duration::from_millis(30);
    let lifetimes = Lifetimes { session: short, answer: short, rate: short, errors: short };
    for (place, store) in stores_with(lifetimes).await.into_iter().enumerate() {
        // The Cluster, which stands last, never vouches for what it does not hold.
        let unknown = if place < 2 { Some(false) } else { None };
        store.list_revoked(&[("revoked:t".to_owned(), short)]).await.unwrap();
        store.count_error("llmerr:p:1").await.unwrap();
        store.close_request(&closing("a", update(&[("k", "1")], &[]), Some(json!(1)))).await.unwrap();
        let begin = Instant::now();
        loop {
            let opened = store.open_request(&opening("a")).await.unwrap();
            let is_over = opened == Opened { requests: 1, session: None, answer: None };
            let is_revoked = store.is_revoked("revoked:t").await.unwrap();
            if is_over && is_revoked == unknown && store.errors("llmerr:p:1").await.unwrap() == 0 {
                break;
            }
            assert!(begin.elapsed() < PATIENCE, "{store:?}: {opened:?} {is_revoked:?}");
            tokio::task::yield_now().await;
        }
    }
}
