//! What an answer costs in operations of databases: no more than agreed. An operation that is added changes these numbers; a command that
//! is not counted is found in what Redis was told.

use std::time::Duration;

use auskunft_store::audit;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::people::{EU, token_of};
use crate::redis;
use crate::shop::Service;

const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const ORDER: &str = "Wo bleibt mein Paket zur Bestellung O-500003?";

/// Who asks in which session (with which `Idempotency-Key`) for which customer what, and the operations in the order of the response: redis,
/// postgres, pgvector, mongodb.
type Case = (
    Option<&'static str>,
    (&'static str, Option<&'static str>),
    Option<&'static str>,
    &'static str,
    [u64; 4],
);

/// In this order: the second of two equal questions is answered from the cache, an agent's row is believed for a while, and texts that
/// were read are kept. A session that Redis does not know is looked for in its chat: one operation more; a key costs two.
const CASES: [Case; 8] = [
    (None, ("s", None), None, QUESTION, [4, 2, 1, 3]),
    (None, ("s", None), None, QUESTION, [4, 0, 0, 1]),
    (Some(EU), ("s", None), None, QUESTION, [5, 3, 1, 2]),
    (Some(EU), ("s", None), None, QUESTION, [5, 0, 0, 1]),
    (Some(EU), ("s", None), Some("C-1"), ORDER, [5, 1, 0, 2]),
    (Some(EU), ("t", None), None, "Wie wechsle ich den Staubbeutel des ST-7?", [5, 2, 1, 3]),
    (Some(EU), ("t", Some("k-1")), None, "Wo leere ich den Wassertank der KM-100?", [5, 2, 1, 3]),
    (Some(EU), ("s", Some("k-2")), Some("C-1"), ORDER, [5, 1, 0, 3]),
];

async fn ask(service: &Service, case: &Case) -> Value {
    let (agent, (session, key), customer, question, _) = case;
    let body = json!({ "session_id": session, "customer_id": customer, "question": question });
    let mut request = Request::post("/support/rag-answer").header("content-type", "application/json");
    if let Some(agent) = agent {
        request = request.header("authorization", format!("Bearer {}", token_of(agent)));
    }
    if let Some(key) = key {
        request = request.header("idempotency-key", *key);
    }
    let reply = service.send(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["operations"].clone()
}

#[tokio::test]
async fn no_operation_is_added_unnoticed() {
    let mut service = Service::open().await;
    // However slow the machine, the agent's row is read once.
    service.state.access = service.state.access.clone().believing_for(Duration::from_secs(3_600));
    for case in &CASES {
        let told = ask(&service, case).await;
        let counts = ["redis", "postgres", "pgvector", "mongodb"].map(|store| told[store].as_u64().unwrap());
        assert_eq!(counts, case.4, "{case:?}");
        assert_eq!(told["total"], counts.iter().sum::<u64>() + told["timescale"].as_u64().unwrap());
        let is_uncached = counts[2] > 0;
        assert!(!is_uncached || (8..=14).contains(&told["total"].as_u64().unwrap()), "{told}");
    }
}

#[tokio::test]
async fn warming_up_reads_what_is_asked_for_and_leaves_nothing_behind() {
    let variables = [("AUSKUNFT_WARM_UP", "true"), ("AUSKUNFT_RATE_PER_MINUTE", "0")];
    let service = Service::open_with(&variables).await;
    let database = &service.state.stores.database;
    let events = audit::events(database, &audit::Wanted::after(0, 100)).await.unwrap();
    assert!(events.is_empty(), "{events:?}");
    let told = ask(&service, &CASES[0]).await;
    assert_eq!(told["mongodb"], 2, "its texts were read before: {told}");
}

/// What Redis is told by anybody, line by line.
async fn monitor(url: &str) -> BufReader<TcpStream> {
    let host = url.split_once("://").unwrap().1.split('/').next().unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(b"MONITOR\r\n").await.unwrap();
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).await.unwrap();
    assert_eq!(first, "+OK\r\n");
    lines
}

#[tokio::test]
async fn every_command_is_counted_and_none_is_added_unnoticed() {
    let Some(url) = redis::url() else { return };
    let prefix = redis::unique_prefix();
    let service = redis::open(&url, &prefix, &[]).await;
    let mut lines = monitor(&url).await;
    for case in &CASES {
        let told = ask(&service, case).await;
        assert_eq!(told["redis"], case.4[0], "{case:?}");
        // A command of the test's own ends what this request has sent.
        let end = format!("{prefix}end");
        assert_eq!(service.state.volatile.errors(&end).await.unwrap(), 0);
        let mut commands = Vec::new();
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).await.unwrap();
            if line.contains(&end) {
                break;
            }
            // What a script does in turn is part of it.
            if line.contains(&prefix) && !line.contains(" lua] ") {
                commands.push(line);
            }
        }
        assert_eq!(commands.len() as u64, case.4[0], "{case:?}: {commands:?}");
    }
}
