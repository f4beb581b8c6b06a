//! Tokens, guests, and what belongs to whom.

use std::sync::Arc;
use std::time::Duration;

use auskunft_store::VolatileStore;
use auskunft_store::audit::{self, EventKind};
use auskunft_store::volatile::InProcess;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use serve::access::Key;
use serve::access::token::{self, DEVELOPMENT_KEY};

use crate::down::Down;
use crate::people::{EU, GONE, LEAD, TECHNICIAN, US, claims, token_of};
use crate::shop::{Reply, Service};

const ANSWER: &str = "/support/rag-answer";
const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const FOLLOW_UP: &str = "Wie oft muss ich es entkalken?";

fn question(session: &str, customer: Option<&str>, text: &str) -> Value {
    json!({ "session_id": session, "customer_id": customer, "question": text })
}

async fn ask(service: &Service, token: Option<&str>, session: &str, text: &str) -> Reply {
    service.call("POST", ANSWER, token, Some(&question(session, None, text))).await
}

fn assert_refused(reply: &Reply, code: &str, words: &str) {
    let body = reply.json();
    assert_eq!((reply.status.as_u16(), body["code"].as_str()), (401, Some(code)), "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert!(
        reply.header("www-authenticate").starts_with("Bearer realm="),
        "{}",
        reply.header("www-authenticate")
    );
    assert!(body["detail"].as_str().unwrap().contains(words), "{}", reply.text);
}

#[tokio::test]
async fn in_development_on_this_machine_guests_are_answered_and_bad_tokens_are_not() {
    let service = Service::open().await;
    assert_eq!(ask(&service, None, "s", QUESTION).await.status, 200);
    assert_eq!(ask(&service, Some(&token_of(EU)), "s", QUESTION).await.status, 200);

    let refused = async |token: &str, words: &str| {
        assert_refused(&ask(&service, Some(token), "s", QUESTION).await, "invalid_token", words);
    };
    refused("", "malformed").await;
    refused("a.b.c", "malformed").await;
    // {"alg":"none"} . {"sub":"A-01","jti":"t-1","exp":9999999999}
    refused("eyJhbGciOiJub25lIn0.eyJzdWIiOiJBLTAxIiwianRpIjoidC0xIiwiZXhwIjo5OTk5OTk5OTk5fQ.", "malformed")
        .await;
    let (agent, now) = (auskunft_model::AgentId::parse(EU).unwrap(), Utc::now());
    let hour = TimeDelta::hours(1);
    let forged = Key::new("another-key-that-is-long-enough-too").unwrap();
    refused(&token::mint(&forged, &agent, now, now + hour), "signature").await;
    let key = Key::new(DEVELOPMENT_KEY).unwrap();
    refused(&token::mint(&key, &agent, now - hour, now), "expired").await;
    refused(&token_of("A-99"), "unknown or not active").await;
    refused(&token_of(GONE), "unknown or not active").await;
    for (method, path) in [("POST", "/support/search"), ("GET", "/documents/d0"), ("GET", "/products/KM-100")]
    {
        let body = json!({ "question": "x" });
        assert_refused(
            &service.call(method, path, Some("x"), Some(&body)).await,
            "invalid_token",
            "malformed",
        );
    }
}

#[tokio::test]
async fn the_header_is_one_bearer_token() {
    let service = Service::open().await;
    let good = token_of(EU);
    let send = async |values: &[&str]| {
        let mut request = axum::http::Request::get("/products/KM-100");
        for value in values {
            request = request.header("authorization", *value);
        }
        service.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(send(&[&format!("bearer {good}")]).await.status, 200, "schemes have no case");
    assert_refused(&send(&[&good]).await, "invalid_token", "authorization: Bearer");
    assert_refused(&send(&["Basic dXNlcjpwYXNz"]).await, "invalid_token", "authorization: Bearer");
    let twice = format!("Bearer {good}");
    assert_refused(&send(&[&twice, &twice]).await, "invalid_token", "authorization: Bearer");
}

#[tokio::test]
async fn in_production_nobody_is_a_guest_and_operators_need_no_token() {
    const KEY: &str = "a-key-of-this-test-that-is-long-enough";
    let service = Service::open_with(&[("AUSKUNFT_ENV", "production"), ("AUSKUNFT_JWT_KEY", KEY)]).await;
    let refused = ask(&service, None, "s", QUESTION).await;
    assert_refused(&refused, "missing_token", "authorization: Bearer");
    assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"auskunft\"");
    for (method, path) in [("POST", "/support/search"), ("GET", "/documents/d0"), ("GET", "/products/KM-100")]
    {
        let reply = service.call(method, path, None, Some(&json!({ "question": "x" }))).await;
        assert_refused(&reply, "missing_token", "authorization: Bearer");
    }
    assert_refused(&ask(&service, Some(&token_of(EU)), "s", QUESTION).await, "invalid_token", "signature");
    let (agent, now) = (auskunft_model::AgentId::parse(EU).unwrap(), Utc::now());
    let good = token::mint(&Key::new(KEY).unwrap(), &agent, now, now + TimeDelta::hours(1));
    assert_eq!(ask(&service, Some(&good), "s", QUESTION).await.status, 200);
    for path in ["/health", "/health/ready", "/metrics", "/openapi.json", "/docs"] {
        assert_eq!(service.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_conversation_belongs_to_its_agent_and_customer() {
    let service = Service::open().await;
    let [eu, lead] = [EU, LEAD].map(token_of);
    let product = async |token: Option<&str>, customer: Option<&str>, text: &str| {
        let body = question("shared", customer, text);
        let reply = service.call("POST", ANSWER, token, Some(&body)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["product"].clone()
    };
    product(Some(&eu), Some("C-1"), QUESTION).await;
    assert_eq!(product(Some(&eu), Some("C-1"), FOLLOW_UP).await, "KM-100");
    for (token, customer) in
        [(Some(&lead), Some("C-1")), (Some(&eu), Some("C-2")), (Some(&eu), None), (None, None)]
    {
        let token = token.map(String::as_str);
        assert_ne!(product(token, customer, FOLLOW_UP).await, "KM-100", "{customer:?}");
        product(token, customer, "Wie wechsle ich den Staubbeutel des ST-7?").await;
    }
    assert_eq!(product(Some(&eu), Some("C-1"), FOLLOW_UP).await, "KM-100", "the others did not end it");
}

#[tokio::test]
async fn cached_answers_and_the_limit_are_an_agents_own() {
    let service = Service::open_with(&[("AUSKUNFT_RATE_PER_MINUTE", "1000")]).await;
    let [eu, us] = [EU, US].map(token_of);
    let cached = async |token: Option<&str>| {
        let reply = ask(&service, token, "s", QUESTION).await;
        (reply.json()["cached"].clone(), reply.header("ratelimit-remaining").to_owned())
    };
    assert_eq!(cached(None).await.0, false);
    assert_eq!(cached(None).await.0, true);
    assert_eq!(cached(Some(&eu)).await.0, false);
    assert_eq!(cached(Some(&eu)).await.0, true);
    let (is_cached, remaining) = cached(Some(&us)).await;
    assert_eq!(is_cached, false);
    assert_eq!(remaining, "999", "each agent is counted alone");
}

#[tokio::test]
async fn a_request_with_a_token_stays_within_its_operations() {
    let service = Service::open().await;
    let token = token_of(EU);
    let first = ask(&service, Some(&token), "s", QUESTION).await.json();
    let again = ask(&service, Some(&token), "t", QUESTION).await.json();
    let count = |body: &Value, store: &str| body["operations"][store].as_u64().unwrap();
    assert_eq!((count(&first, "redis"), count(&again, "redis")), (5, 5));
    assert_eq!(count(&first, "postgres"), count(&again, "postgres") + 1, "the agent is read once in a while");
    assert!((8..=14).contains(&count(&first, "total")), "{first}");
}

const REVOKE: &str = "/support/tokens/revoke";

#[tokio::test]
async fn a_revoked_token_ends_at_once_and_stays_so() {
    let mut service = Service::open().await;
    let (own, other, lead) = (token_of(EU), token_of(EU), token_of(LEAD));
    let revoked = service.call("POST", REVOKE, Some(&own), Some(&json!({}))).await;
    assert_eq!((revoked.status.as_u16(), &revoked.json()["token_id"]), (200, &json!(claims(&own).token_id)));
    assert_refused(&ask(&service, Some(&own), "s", QUESTION).await, "invalid_token", "revoked");
    assert_eq!(
        ask(&service, Some(&other), "s", QUESTION).await.status,
        200,
        "the agent's other token is good"
    );

    let of_other = json!({ "token_id": claims(&other).token_id });
    let us = token_of(US);
    let refused = service.call("POST", REVOKE, Some(&us), Some(&of_other)).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("forbidden")));
    assert_eq!(service.call("POST", REVOKE, Some(&lead), Some(&of_other)).await.status, 200);
    assert_refused(&ask(&service, Some(&other), "s", QUESTION).await, "invalid_token", "revoked");
    assert_refused(&service.call("POST", REVOKE, None, Some(&json!({}))).await, "missing_token", "token");
    let malformed = service.call("POST", REVOKE, Some(&lead), Some(&json!({ "token_id": "a b" }))).await;
    assert_eq!(malformed.status, 400);

    let events = audit::events(&service.state.stores.database, &audit::Wanted::after(0, 100)).await.unwrap();
    let told: Vec<(EventKind, Option<&str>, &Value)> = events
        .iter()
        .map(|event| (event.kind, event.agent_id.as_deref(), &event.detail["token_id"]))
        .collect();
    let [own_id, other_id] = [&own, &other].map(|token| json!(claims(token).token_id));
    assert_eq!(
        told,
        [(EventKind::TokenRevoked, Some(EU), &own_id), (EventKind::TokenRevoked, Some(LEAD), &other_id)]
    );
    // Volatile state that begins empty, as after a restart, or is down, changes nothing.
    service.state.volatile = Arc::new(Down);
    assert_refused(&ask(&service, Some(&own), "s", QUESTION).await, "invalid_token", "revoked");
    assert_eq!(ask(&service, Some(&us), "s", QUESTION).await.status, 200);
    // Nor does a list that had to give one away.
    let full = InProcess::new(1);
    for token in [&own, &other] {
        full.revoke(&format!("revoked:{}", claims(token).token_id), Duration::from_secs(3_600))
            .await
            .unwrap();
    }
    service.state.volatile = Arc::new(full);
    for token in [&own, &other] {
        assert_refused(&ask(&service, Some(token), "s", QUESTION).await, "invalid_token", "revoked");
    }
    assert_eq!(ask(&service, Some(&us), "s", QUESTION).await.status, 200);
    let service = service.reopened().await;
    assert_refused(&ask(&service, Some(&other), "s", QUESTION).await, "invalid_token", "revoked");
    assert_eq!(ask(&service, Some(&us), "s", QUESTION).await.status, 200);
}

#[tokio::test]
async fn a_customers_orders_are_told_to_the_agents_of_the_region_and_to_nobody_else() {
    let service = Service::open().await;
    let [eu, us, technician] = [EU, US, TECHNICIAN].map(token_of);
    let ask = async |token: Option<&str>, customer: Option<&str>, text: &str| {
        let reply = service.call("POST", ANSWER, token, Some(&question("s", customer, text))).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    };
    let kinds = |body: &Value| -> Vec<String> {
        let facts = body["facts"].as_array().unwrap();
        facts.iter().map(|fact| fact["kind"].as_str().unwrap().to_owned()).collect()
    };
    let text = "Wo bleibt mein Paket zur Bestellung O-500003?";
    let told = ask(Some(&eu), Some("C-1"), text).await;
    assert_eq!(kinds(&told), ["order", "payment"], "{told}");
    let again = ask(Some(&eu), Some("C-1"), text).await;
    assert_eq!(
        (kinds(&again), &again["cached"]),
        (kinds(&told), &json!(false)),
        "a customer's data is not kept"
    );
    assert_eq!(
        kinds(&ask(Some(&technician), Some("C-1"), text).await),
        ["order"],
        "the role sees no payments"
    );

    let refused = ask(Some(&us), Some("C-1"), text).await;
    let absent = ask(Some(&us), Some("C-9"), text).await;
    for field in ["state", "answer", "facts", "citations", "suggestions"] {
        assert_eq!(refused[field], absent[field], "{field}");
    }
    assert!(kinds(&refused).is_empty(), "{refused}");
    for (token, customer) in [(None, Some("C-1")), (None, None), (Some(eu.as_str()), None)] {
        assert!(kinds(&ask(token, customer, text).await).is_empty(), "{customer:?}");
    }
}
