//! Every problem that a caller can cause.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::shop::{Reply, Service};

const ANSWER: &str = "/support/rag-answer";

fn post(path: &str, content_type: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path);
    let request = match content_type {
        Some(value) => request.header("content-type", value),
        None => request,
    };
    request.body(body.into()).unwrap()
}

fn assert_problem(reply: &Reply, status: u16, code: &str) {
    let body = reply.json();
    assert_eq!((reply.status.as_u16(), body["code"].as_str()), (status, Some(code)), "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], format!("/docs#{code}"));
    assert_eq!(body["request_id"], reply.header("x-request-id"));
    assert!(body["title"].is_string() && !body["detail"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn bodies_that_are_no_request_are_refused() {
    let service = Service::open().await;
    let json_type = Some("application/json");
    let cases: [(&str, &str, u16, &str); 8] = [
        ("{", "EOF", 400, "invalid_json"),
        ("", "EOF", 400, "invalid_json"),
        ("[]", "expected", 400, "invalid_request"),
        (r#"{"session_id":"s"}"#, "missing field `question`", 400, "invalid_request"),
        (
            r#"{"session_id":"s","question":"x","qestion":"y"}"#,
            "unknown field `qestion`",
            400,
            "invalid_request",
        ),
        (r#"{"session_id":"s","question":7}"#, "expected a string", 400, "invalid_request"),
        (r#"{"session_id":"a b","question":"x"}"#, "session_id", 400, "invalid_id"),
        (r#"{"session_id":"s","customer_id":"ü","question":"x"}"#, "customer_id", 400, "invalid_id"),
    ];
    for (body, words, status, code) in cases {
        let reply = service.send(post(ANSWER, json_type, body)).await;
        assert_problem(&reply, status, code);
        assert!(reply.json()["detail"].as_str().unwrap().contains(words), "{}", reply.text);
    }
    assert_problem(&service.send(post(ANSWER, None, "{}")).await, 415, "unsupported_media_type");
    assert_problem(
        &service.send(post(ANSWER, Some("text/plain"), "{}")).await,
        415,
        "unsupported_media_type",
    );
}

#[tokio::test]
async fn questions_that_cannot_be_asked_are_refused() {
    let service = Service::open().await;
    assert_problem(&service.ask("s", " \n ").await, 400, "empty_question");
    assert_problem(&service.ask("s", "Wie\u{0} geht das?").await, 400, "control_characters");
    assert_problem(&service.ask("s", &"x".repeat(2_001)).await, 400, "question_too_long");
    assert_problem(&service.ask("s", &"x".repeat(70_000)).await, 413, "payload_too_large");
    assert_problem(&service.ask("s", &"x".repeat(1 << 20)).await, 413, "payload_too_large");
    let endless = post(ANSWER, Some("application/json"), vec![b' '; 8 << 20]);
    assert_problem(&service.send(endless).await, 413, "payload_too_large");
    let streamed = json!({ "session_id": "s", "question": " ", "stream": true });
    assert_problem(&service.post(ANSWER, &streamed).await, 400, "empty_question");
    let search = json!({ "question": "x", "limit": 51 });
    assert_problem(&service.post("/support/search", &search).await, 400, "invalid_request");
    let kinds = json!({ "question": "x", "kinds": ["ticket"] });
    assert_problem(&service.post("/support/search", &kinds).await, 400, "invalid_request");
}

#[tokio::test]
async fn what_does_not_exist_is_named() {
    let service = Service::open().await;
    let unknown = json!({ "session_id": "s", "question": "Wie geht das?", "product_id": "KM-999" });
    let reply = service.post(ANSWER, &unknown).await;
    assert_problem(&reply, 404, "unknown_product");
    assert!(reply.text.contains("KM-999"));
    let search = json!({ "question": "x", "product_id": "KM-999" });
    assert_problem(&service.post("/support/search", &search).await, 404, "unknown_product");
    assert_problem(&service.get("/products/KM-999").await, 404, "unknown_product");
    assert_problem(&service.get("/documents/d123").await, 404, "unknown_document");
    assert_problem(&service.get("/documents/a%20b").await, 400, "invalid_id");
    assert_problem(&service.get("/documents/%ff").await, 400, "invalid_id");
    assert_problem(&service.get("/documents").await, 404, "unknown_path");
    assert_problem(&service.get("/").await, 404, "unknown_path");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let service = Service::open().await;
    let get = service.get(ANSWER).await;
    assert_problem(&get, 405, "method_not_allowed");
    assert_eq!(get.header("allow"), "POST");
    let delete = Request::delete("/products/KM-100").body(Body::empty()).unwrap();
    let delete = service.send(delete).await;
    assert_problem(&delete, 405, "method_not_allowed");
    assert_eq!(delete.header("allow"), "GET,HEAD");
}
