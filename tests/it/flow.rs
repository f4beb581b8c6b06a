//! A catalog is ingested and served, and every answer is held to its sources.

use std::collections::HashMap;
use std::sync::Arc;

use e2e::{Server, repository};
use serde_json::{Value, json};

use crate::home::Home;

const QUESTIONS: usize = 200;
const AT_ONCE: usize = 20;

fn questions() -> Vec<String> {
    let text = std::fs::read_to_string(repository("catalog-fixtures/questions.jsonl")).unwrap();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["question"].as_str().unwrap().to_owned())
        .collect()
}

async fn ask(server: &Server, session: &str, question: &str) -> Value {
    let body = json!({ "session_id": session, "question": question });
    let response = server
        .client
        .post(format!("{}/support/rag-answer", server.address))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "{question}");
    response.json().await.unwrap()
}

async fn get(server: &Server, path: &str) -> Value {
    let response = server.client.get(format!("{}{path}", server.address)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

/// A document's text as a reader of its citation sees it.
fn text_of(document: &Value) -> String {
    let sections = document["sections"].as_array().unwrap().iter();
    sections.map(|section| section["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_questions_at_twenty_at_once_are_answered_from_their_sources() {
    answer_from_sources(&Home::embedded()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server_two_hundred_questions_are_answered_as_on_embedded_stores() {
    if let Some(home) = Home::on_server("flow").await {
        answer_from_sources(&home).await;
    }
}

fn ingest(home: &Home, arguments: &[&str]) {
    let small = repository("catalog-fixtures/small");
    home.ingested(&[&["--quiet", small.to_str().unwrap()], arguments].concat());
}

async fn answer_from_sources(home: &Home) {
    ingest(home, &[]);
    let server = Arc::new(home.serve(&[("AUSKUNFT_RATE_PER_MINUTE", "0")]).await);
    let places = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut tasks = tokio::task::JoinSet::new();
    for (place, question) in questions().into_iter().cycle().take(QUESTIONS).enumerate() {
        let (server, places) = (Arc::clone(&server), Arc::clone(&places));
        tasks.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            (ask(&server, &format!("session-{place}"), &question).await, question)
        });
    }
    let mut documents: HashMap<String, Value> = HashMap::new();
    let mut answered = 0;
    while let Some(ended) = tasks.join_next().await {
        let (answer, question) = ended.unwrap();
        let operations = answer["operations"]["total"].as_u64().unwrap();
        assert!(operations <= 14, "{operations} database operations: {question}");
        let citations = answer["citations"].as_array().unwrap();
        if answer["state"] == "answered" {
            answered += 1;
            let facts = answer["facts"].as_array().unwrap();
            let has_source = |fact: &Value| fact["source"].as_str().is_some_and(|source| !source.is_empty());
            let compared = facts.iter().filter_map(|fact| fact["values"].as_array()).flatten();
            let is_stated = facts.iter().chain(compared).any(has_source);
            assert!(!citations.is_empty() || is_stated, "answered without a source: {question}");
        }
        for citation in citations {
            let id = citation["document_id"].as_str().unwrap().to_owned();
            if !documents.contains_key(&id) {
                let document = get(&server, &format!("/documents/{id}")).await;
                documents.insert(id.clone(), document);
            }
            let (quote, text) = (citation["quote"].as_str().unwrap(), text_of(&documents[&id]));
            assert!(text.contains(quote), "not verbatim in {}: {quote:?} ({question})", citation["source"]);
            assert!(!citation["source"].as_str().unwrap().starts_with("tickets/"), "{question}");
        }
    }
    assert!(answered > QUESTIONS / 2, "{answered} of {QUESTIONS} questions were answered");
    Arc::into_inner(server).unwrap().stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tickets_and_customers_words_are_never_found() {
    never_find_tickets(&Home::embedded()).await;
    if let Some(home) = Home::on_server("tickets").await {
        never_find_tickets(&home).await;
    }
}

async fn never_find_tickets(home: &Home) {
    ingest(home, &["--embedder", "hashed"]);
    let mut server = home.serve(&[]).await;
    let tickets =
        std::fs::read_to_string(repository("catalog-fixtures/small/tickets/tickets.jsonl")).unwrap();
    for line in tickets.lines().filter(|line| !line.trim().is_empty()) {
        let ticket: Value = serde_json::from_str(line).unwrap();
        let body = ticket["body"].as_str().unwrap();
        let question: String = body.chars().take(400).collect();
        let request = json!({ "question": question, "limit": 50 });
        let url = format!("{}/support/search", server.address);
        let response = server.client.post(url).json(&request).send().await.unwrap();
        let found: Value = response.json().await.unwrap();
        for hit in found["hits"].as_array().unwrap() {
            assert!(!hit["source"].as_str().unwrap().starts_with("tickets/"));
            assert!(!hit["text"].as_str().unwrap().contains(body));
        }
    }
    server.stop().unwrap();
}
