//! MongoDB that can't be reached, does not answer, or whose acknowledgements are lost.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use auskunft_store::documents::{MongoDocuments, MongoLimits};
use auskunft_store::{ChatStore, ErrorKind};

use super::chats::{all, chat, message};
use super::mongodb_of_its_own;
use super::proxy::Proxy;

fn short() -> MongoLimits {
    let moment = Duration::from_millis(500);
    MongoLimits { connect: moment, selection: moment, operation: 2 * moment, pool: 4 }
}

/// A store behind a way with faults, and how to end.
async fn behind_a_proxy(limits: MongoLimits) -> Option<(MongoDocuments, Proxy, mongodb::Client, String)> {
    let (url, client, name) = mongodb_of_its_own().await?;
    let server = url.trim_start_matches("mongodb://").split('/').next().unwrap().to_owned();
    let proxy = Proxy::before(server).await;
    let url = format!("mongodb://{}/{name}?directConnection=true", proxy.address);
    let store = MongoDocuments::open(&url, "test", limits).await.unwrap();
    Some((store, proxy, client, name))
}

#[tokio::test]
async fn a_lost_acknowledgement_neither_loses_nor_doubles_a_message() {
    let Some((store, proxy, client, name)) = behind_a_proxy(MongoLimits::default()).await else { return };
    let chat = chat("s-1");
    for turn in 0..70 {
        // The first one, those around a bucket that becomes full (twice in a row), one in between.
        let lost = match turn {
            0 | 31 | 33 | 50 | 64 => 1,
            32 => 2,
            _ => 0,
        };
        proxy.faults.lost.store(lost, Ordering::SeqCst);
        store.append(&chat, &[message(2 * turn), message(2 * turn + 1)]).await.unwrap();
        assert_eq!(proxy.faults.lost.load(Ordering::SeqCst), 0, "nothing was lost on the way");
    }
    let expected: Vec<_> = (0..140).map(message).collect();
    assert_eq!(all(&store, &chat, 50).await, expected);
    client.database(&name).drop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_says_nothing_is_waited_for_no_longer_than_the_limit() {
    let Some((store, proxy, client, name)) = behind_a_proxy(short()).await else { return };
    proxy.faults.silent.store(true, Ordering::SeqCst);
    let begin = Instant::now();
    let error = store.append(&chat("s-1"), &[message(0)]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
    assert!(error.message.contains(&proxy.address.to_string()), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    // It speaks again: no restart is needed.
    proxy.faults.silent.store(false, Ordering::SeqCst);
    let begin = Instant::now();
    while store.append(&chat("s-1"), &[message(0)]).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it stays away");
    }
    assert_eq!(all(&store, &chat("s-1"), 10).await, [message(0)]);
    client.database(&name).drop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_its_password() {
    if test_servers::servers().is_none() {
        return;
    }
    // Somebody listened there, and nobody does now.
    let proxy = Proxy::before("127.0.0.1:1".to_owned()).await;
    let address = proxy.address;
    proxy.end().await;
    let url = format!("mongodb://user:geheim@{address}/shop");
    let error = MongoDocuments::open(&url, "test", short()).await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert_eq!(error.kind, ErrorKind::Unavailable, "{told}");
    assert!(told.contains(&address.to_string()) && told.contains("MONGODB_URL"), "{told}");
    assert!(!told.contains("geheim"), "{told}");
}

#[tokio::test]
async fn an_address_that_is_none_is_told_without_its_password() {
    for url in
        ["mongodb://user:geh:eim@host:99999/shop", "mongodb://user:geheim@host/?w=geheim&x", "mongodb://:x@"]
    {
        let error = MongoDocuments::open(url, "test", short()).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert_eq!(error.kind, ErrorKind::NotConfigured, "{told}");
        assert!(told.contains("MONGODB_URL") && !told.contains("geheim") && !told.contains("eim@"), "{told}");
    }
    let error = MongoDocuments::open("mongodb://host:99999", "test", short()).await.unwrap_err();
    assert!(error.message.contains("99999"), "{error}");
}
