//! Questions, answers and what a conversation remembers.

use std::sync::Arc;

use serde_json::json;

use crate::down::Down;
use crate::shop::{Service, document_id};

#[tokio::test]
async fn an_answer_quotes_its_source_and_says_what_it_cost() {
    let service = Service::open().await;
    let reply = service.ask("s-1", "Wie oft muss ich die KM-100 entkalken?").await;
    let body = reply.json();
    assert_eq!((reply.status.as_u16(), &body["state"]), (200, &json!("answered")), "{body}");
    assert_eq!(
        (&body["product"], &body["language"], &body["cached"]),
        (&json!("KM-100"), &json!("de"), &json!(false))
    );
    let citation = &body["citations"][0];
    assert_eq!(citation["document_id"], document_id("faqs/geraete.jsonl", Some("entkalken")));
    let quote = citation["quote"].as_str().unwrap();
    assert!(quote.contains("alle drei Monate"), "{quote}");
    assert!(body["answer"].as_str().unwrap().contains("[1]"));

    let operations = &body["operations"];
    let total: u64 = ["redis", "postgres", "pgvector", "mongodb", "timescale"]
        .iter()
        .map(|store| operations[store].as_u64().unwrap())
        .sum();
    assert_eq!(operations["total"], total);
    assert_eq!(operations["redis"], 4);
    assert!((8..=14).contains(&total), "{operations}");
    assert!(body["timings_ms"]["total"].as_f64().unwrap() > 0.0);
    for stage in ["open;dur=", "ann;dur=", "close;dur=", "total;dur="] {
        assert!(reply.header("server-timing").contains(stage), "{}", reply.header("server-timing"));
    }
    assert_eq!(body["request_id"], reply.header("x-request-id"));
}

#[tokio::test]
async fn a_question_without_evidence_is_handed_over() {
    let service = Service::open().await;
    let body = service.ask("s", "Wer gewinnt die Fußballweltmeisterschaft?").await.json();
    assert_eq!((&body["state"], &body["citations"]), (&json!("handoff"), &json!([])), "{body}");
}

#[tokio::test]
async fn an_equal_question_of_the_same_session_is_answered_from_the_cache() {
    let service = Service::open().await;
    let first = service.ask("s", "Wie oft muss ich die KM-100 entkalken?").await.json();
    let again = service.ask("s", "wie oft muss ich die KM-100  entkalken").await.json();
    assert_eq!(again["cached"], true);
    for field in ["state", "answer", "citations", "product", "revision"] {
        assert_eq!(first[field], again[field], "{field}");
    }
    assert_ne!(first["request_id"], again["request_id"]);
    assert_eq!((&again["operations"]["pgvector"], &again["operations"]["total"]), (&json!(0), &json!(6)));
    let elsewhere = service.ask("other", "Wie oft muss ich die KM-100 entkalken?").await.json();
    assert_eq!(elsewhere["cached"], false);
    let in_english =
        json!({ "session_id": "s", "question": "Wie oft muss ich die KM-100 entkalken?", "language": "en" });
    assert_eq!(service.post("/support/rag-answer", &in_english).await.json()["cached"], false);
}

#[tokio::test]
async fn a_session_remembers_its_product_and_only_its_own() {
    let service = Service::open().await;
    let follow_up = "Wie oft muss ich es entkalken?";
    service.ask("s", "Wie viel fasst der Wassertank der KM-100?").await;
    assert_eq!(service.ask("s", follow_up).await.json()["product"], "KM-100");
    assert_eq!(service.ask("s", follow_up).await.json()["cached"], false, "it rests on the conversation");
    service.ask("s", "Wie wechsle ich den Staubbeutel des ST-7?").await;
    let later = service.ask("s", follow_up).await.json();
    assert_eq!(later["cached"], false);
    assert_ne!(later["product"], "KM-100", "{later}");
}

#[tokio::test]
async fn a_stated_product_binds_the_question() {
    let service = Service::open().await;
    let question = json!({ "session_id": "s", "customer_id": "c-1", "question": "Wie viel fasst der Wassertank?", "product_id": "KM-100" });
    let body = service.post("/support/rag-answer", &question).await.json();
    assert_eq!((&body["product"], &body["state"]), (&json!("KM-100"), &json!("answered")), "{body}");
}

#[tokio::test]
async fn without_volatile_state_questions_are_answered_and_the_loss_is_named() {
    let mut service = Service::open().await;
    service.state.volatile = Arc::new(Down);
    let body = service.ask("s", "Wie oft muss ich die KM-100 entkalken?").await.json();
    assert_eq!((&body["state"], &body["degraded"]), (&json!("answered"), &json!(["sessions"])), "{body}");
    let ready = service.get("/health/ready").await;
    assert_eq!((ready.status.as_u16(), &ready.json()["status"]), (200, &json!("ready")), "{}", ready.text);
    assert_eq!(ready.json()["dependencies"]["redis"]["ok"], false, "it is told all the same");
}
