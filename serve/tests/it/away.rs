//! The service while PostgreSQL or MongoDB is away or hangs: what goes on, what is told, and back without a restart.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::gate::{Gate, Mode};
use crate::own_database::OwnDatabase;
use crate::people::{EU, token_of};
use crate::shop::{Reply, Service};

const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const OTHER_QUESTION: &str = "Wie wechsle ich den Staubbeutel des ST-7?";
const ORDER: &str = "Wo bleibt mein Paket zur Bestellung O-500003?";
/// How long a test waits for what shall happen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long an answer may take whose server is known to be away, on a machine that does much else.
const AT_ONCE: Duration = Duration::from_secs(1);

async fn ask(service: &Service, session: &str, customer: Option<&str>, question: &str) -> Reply {
    let body = json!({ "session_id": session, "customer_id": customer, "question": question });
    service.call("POST", "/support/rag-answer", Some(&token_of(EU)), Some(&body)).await
}

/// The gauge of a store's breaker.
async fn is_left_alone(service: &Service, store: &str) -> bool {
    let line = format!("auskunft_store_breaker_open{{store=\"{store}\"}} 1");
    service.get("/metrics").await.text.lines().any(|told| told == line)
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begin = Instant::now();
    while !is_so().await {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        tokio::task::yield_now().await;
    }
}

/// A database of MongoDB of its own: its address, and what removes it.
pub(crate) struct OwnDocuments {
    pub(crate) url: String,
    client: mongodb::Client,
    name: String,
}

impl OwnDocuments {
    pub(crate) async fn new() -> Option<Self> {
        let server = test_servers::servers()?.mongodb_url;
        let name = format!("serve_{}", mongodb::bson::oid::ObjectId::new());
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let client = mongodb::Client::with_uri_str(&url).await.unwrap();
        Some(Self { url, client, name })
    }

    pub(crate) async fn remove(self) {
        self.client.database(&self.name).drop().await.unwrap();
    }
}

/// The service over documents in MongoDB, which it reaches by a gate.
async fn on_mongodb(documents: &OwnDocuments, gate: &Gate) -> Service {
    let (direct, through) = (documents.url.as_str(), gate.url(&documents.url));
    let opened = [
        ("MONGODB_URL", through.as_str()),
        ("AUSKUNFT_MONGODB_TIMEOUT_MS", "2000"),
        ("AUSKUNFT_RATE_PER_MINUTE", "0"),
    ];
    Service::filled_and_opened_with(&[("MONGODB_URL", direct)], &opened).await
}

async fn readiness(service: &Service) -> (u16, Value) {
    let ready = service.get("/health/ready").await;
    (ready.status.as_u16(), ready.json()["dependencies"].clone())
}

#[tokio::test]
async fn without_mongodb_facts_go_on_and_texts_that_were_read_before() {
    facts_and_known_texts_go_on(Mode::Shut).await;
}

#[tokio::test]
async fn a_mongodb_that_hangs_is_as_one_that_is_away() {
    facts_and_known_texts_go_on(Mode::Held).await;
}

async fn facts_and_known_texts_go_on(mode: Mode) {
    let Some(documents) = OwnDocuments::new().await else { return };
    let gate = Gate::before(&documents.url, Mode::Open).await;
    let service = on_mongodb(&documents, &gate).await;
    let whole = ask(&service, "s-1", None, QUESTION).await.json();
    assert_eq!((&whole["state"], &whole["degraded"]), (&json!("answered"), &json!([])), "{whole}");
    gate.set(mode);
    let again = ask(&service, "s-2", None, QUESTION).await.json();
    assert_eq!(again["answer"], whole["answer"], "{again}");
    let order = ask(&service, "s-3", Some("C-1"), ORDER).await.json();
    assert_eq!(order["state"], "answered", "{order}");
    until("it is left alone", async || {
        let _ = ask(&service, "s-4", None, OTHER_QUESTION).await;
        is_left_alone(&service, "mongodb").await
    })
    .await;
    let begin = Instant::now();
    let missing = ask(&service, "s-5", None, OTHER_QUESTION).await.json();
    assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());
    assert_eq!((&missing["state"], &missing["citations"]), (&json!("handoff"), &json!([])), "{missing}");
    assert!(missing["degraded"].as_array().unwrap().contains(&json!("texts")), "{missing}");
    assert!(missing["answer"].as_str().unwrap().contains("nicht erreichbar"), "{missing}");
    let (status, dependencies) = readiness(&service).await;
    assert_eq!((status, &dependencies["mongodb"]["ok"]), (200, &json!(false)), "{dependencies}");
    gate.set(Mode::Open);
    until("it is used again", async || {
        let told = ask(&service, "s-6", None, OTHER_QUESTION).await.json();
        told["state"] == "answered" && told["degraded"] == json!([])
    })
    .await;
    assert!(!is_left_alone(&service, "mongodb").await);
    documents.remove().await;
}

/// Calls that nobody waits for any more keep their places in the queue of the driver's connections.
#[tokio::test]
async fn a_mongodb_for_which_many_waited_in_vain_is_used_again_soon() {
    let Some(documents) = OwnDocuments::new().await else { return };
    let gate = Gate::before(&documents.url, Mode::Open).await;
    let service = on_mongodb(&documents, &gate).await;
    gate.set(Mode::Held);
    let sessions: Vec<String> = (0..60).map(|number| format!("s-{number}")).collect();
    let all = sessions.iter().map(|session| ask(&service, session, None, QUESTION));
    for told in futures::future::join_all(all).await {
        assert_eq!(told.status, 200, "{}", told.text);
    }
    assert!(is_left_alone(&service, "mongodb").await);
    gate.set(Mode::Open);
    until("it is used again", async || {
        let told = ask(&service, "s-after", None, OTHER_QUESTION).await.json();
        told["state"] == "answered" && told["degraded"] == json!([])
    })
    .await;
    documents.remove().await;
}

#[tokio::test]
async fn mongodb_may_come_later() {
    let Some(documents) = OwnDocuments::new().await else { return };
    let gate = Gate::before(&documents.url, Mode::Shut).await;
    let service = on_mongodb(&documents, &gate).await;
    assert!(is_left_alone(&service, "mongodb").await);
    assert_eq!(readiness(&service).await.0, 200);
    let order = ask(&service, "s-1", Some("C-1"), ORDER).await.json();
    assert_eq!(order["state"], "answered", "{order}");
    assert_eq!(service.state.desk.standing().chunks, 0, "there are no texts to build the index of");
    gate.set(Mode::Open);
    until("the index is built", async || {
        service.state.desk.refresh().await.is_ok_and(|_| service.state.desk.standing().chunks > 0)
    })
    .await;
    let whole = ask(&service, "s-2", None, QUESTION).await.json();
    assert_eq!((&whole["state"], &whole["degraded"]), (&json!("answered"), &json!([])), "{whole}");
    documents.remove().await;
}

#[tokio::test]
async fn without_postgres_requests_are_refused_at_once_until_it_is_back() {
    let Some(servers) = test_servers::servers() else { return };
    let database = OwnDatabase::new(&servers).await;
    let gate = Gate::before(&database.url, Mode::Open).await;
    let (direct, through) = (database.url.as_str(), gate.url(&database.url));
    let opened = [
        ("DATABASE_URL", through.as_str()),
        ("AUSKUNFT_DATABASE_TIMEOUT_MS", "2000"),
        ("AUSKUNFT_RATE_PER_MINUTE", "0"),
    ];
    let service = Service::filled_and_opened_with(&[("DATABASE_URL", direct)], &opened).await;
    let whole = ask(&service, "s-1", None, QUESTION).await;
    assert_eq!(whole.status, 200, "{}", whole.text);
    for mode in [Mode::Held, Mode::Shut] {
        gate.set(mode);
        let begin = Instant::now();
        let sessions: Vec<String> = (0..40).map(|number| format!("s-{mode:?}-{number}")).collect();
        let all = sessions.iter().map(|session| ask(&service, session, None, OTHER_QUESTION));
        for refused in futures::future::join_all(all).await {
            assert_eq!(refused.status, 503, "{}", refused.text);
            assert!(!refused.header("retry-after").is_empty());
        }
        assert!(begin.elapsed() < PATIENCE / 5, "all wait at the same time: {:?}", begin.elapsed());
        until("it is left alone", async || {
            let _ = ask(&service, "s-2", None, OTHER_QUESTION).await;
            is_left_alone(&service, "postgres").await
        })
        .await;
        let begin = Instant::now();
        let refused = ask(&service, "s-3", None, OTHER_QUESTION).await;
        assert!(begin.elapsed() < AT_ONCE && refused.status == 503, "{:?}", begin.elapsed());
        let (status, dependencies) = readiness(&service).await;
        assert_eq!((status, &dependencies["postgres"]["ok"]), (503, &json!(false)), "{dependencies}");
        gate.set(Mode::Open);
        until("it is used again", async || ask(&service, "s-4", None, OTHER_QUESTION).await.status == 200)
            .await;
    }
    let stores = service.state.stores.clone();
    drop(service);
    stores.close().await;
    database.remove().await;
}

/// As on a host that is paused, moved or starved: what the servers answered meanwhile is there, and every limit has run out.
#[tokio::test]
async fn a_service_that_stood_still_blames_no_server() {
    let (Some(servers), Some(documents)) = (test_servers::servers(), OwnDocuments::new().await) else {
        return;
    };
    let database = OwnDatabase::new(&servers).await;
    let prefix = crate::redis::unique_prefix();
    let stores = [("DATABASE_URL", database.url.as_str()), ("MONGODB_URL", documents.url.as_str())];
    let opened = [
        stores[0],
        stores[1],
        ("REDIS_URL", servers.redis_url.as_str()),
        ("AUSKUNFT_REDIS_PREFIX", &prefix),
        ("AUSKUNFT_RATE_PER_MINUTE", "0"),
        ("AUSKUNFT_DATABASE_TIMEOUT_MS", "1000"),
        ("AUSKUNFT_MONGODB_TIMEOUT_MS", "1000"),
        ("AUSKUNFT_REDIS_TIMEOUT_MS", "200"),
    ];
    let service = Service::filled_and_opened_with(&stores, &opened).await;
    let whole = ask(&service, "s-first", None, QUESTION).await;
    assert_eq!(whole.status, 200, "{}", whole.text);
    // Within the requests, wherever each of them is by then.
    for standing_still in (1..=5).map(|step| Duration::from_millis(2 * step)) {
        let sessions: Vec<String> = (0..8).map(|number| format!("s-{standing_still:?}-{number}")).collect();
        let all = sessions.iter().map(|session| ask(&service, session, Some("C-1"), ORDER));
        let pause = async {
            tokio::time::sleep(standing_still).await;
            std::thread::sleep(Duration::from_millis(2_500));
        };
        let (told, ()) = tokio::join!(futures::future::join_all(all), pause);
        for told in told {
            assert_eq!(told.status, 200, "{}", told.text);
            assert_eq!(told.json()["degraded"], json!([]), "{}", told.text);
        }
    }
    for store in ["postgres", "mongodb", "redis"] {
        assert!(!is_left_alone(&service, store).await, "{store}");
    }
    let stores = service.state.stores.clone();
    drop(service);
    stores.close().await;
    database.remove().await;
    documents.remove().await;
}
