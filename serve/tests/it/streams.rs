//! Answers that come as events.

use std::sync::Arc;
use std::time::{Duration, Instant};

use auskunft_store::logs::LogRow;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use serde_json::{Value, json};
use serve::admission::Permit;
use tower::ServiceExt;

use crate::people::{EU, token_of};
use crate::shop::{Reply, Service};

const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
/// How long is looked for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

fn request(body: &Value) -> Request<Body> {
    let request = Request::post("/support/rag-answer").header("content-type", "application/json");
    let request = request.header("authorization", format!("Bearer {}", token_of(EU)));
    request.body(Body::from(body.to_string())).unwrap()
}

fn streamed(session: &str, question: &str) -> Value {
    json!({ "session_id": session, "question": question, "stream": true })
}

/// The events of a body: name and content.
fn events(reply: &Reply) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let line = |name: &str| {
            let found =
                block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{block}"));
            found.trim().to_owned()
        };
        (line("event:"), serde_json::from_str(&line("data:")).unwrap())
    };
    reply.text.split("\n\n").filter(|block| !block.trim().is_empty()).map(event).collect()
}

async fn rows_when(service: &Service, number: usize) -> Vec<LogRow> {
    let begin = Instant::now();
    loop {
        let until = Utc::now() + TimeDelta::days(1);
        let rows = service.state.log.logs().rows(DateTime::UNIX_EPOCH, until, 1_000).await.unwrap();
        if rows.len() >= number {
            return rows;
        }
        assert!(begin.elapsed() < PATIENCE, "{} rows of {number}", rows.len());
    }
}

/// Takes all places to work at, so that a question waits for its turn.
async fn all_places(service: &Service) -> Vec<Permit> {
    let admission = &service.state.admission;
    let most = admission.places() - admission.waiting_most();
    let mut held = Vec::new();
    while held.len() < most {
        held.push(admission.enter().await.unwrap());
    }
    held
}

#[tokio::test]
async fn the_events_together_are_the_answer() {
    let mut service = Service::open().await;
    // However slow the machine, the agent's row is read once.
    service.state.access = service.state.access.clone().believing_for(Duration::from_secs(3_600));
    let whole = json!({ "session_id": "w", "question": QUESTION });
    let whole = service.send(request(&whole)).await.json();
    let reply = service.send(request(&streamed("s", QUESTION))).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "text/event-stream"));
    assert_eq!(reply.header("cache-control"), "no-store");
    let events = events(&reply);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    let mut order = names.clone();
    order.dedup();
    assert_eq!(order, ["start", "facts", "citation", "token", "end"]);
    let of = |wanted: &'static str| {
        events.iter().filter(move |(name, _)| name == wanted).map(|(_, content)| content)
    };
    let text: String = of("token").map(|token| token["text"].as_str().unwrap()).collect();
    let citations: Vec<&Value> = of("citation").collect();
    assert_eq!(json!(text), whole["answer"]);
    assert_eq!(json!(citations), whole["citations"]);
    assert_eq!(of("facts").next().unwrap()["facts"], whole["facts"]);
    let (start, end) = (of("start").next().unwrap(), of("end").next().unwrap());
    assert_eq!(start["request_id"], json!(reply.header("x-request-id")));
    assert_eq!(
        (&end["state"], &end["session_id"], &start["session_id"]),
        (&whole["state"], &json!("s"), &json!("s"))
    );
    assert_eq!(
        end["operations"]["total"],
        whole["operations"]["total"].as_u64().unwrap() - 2,
        "the agent is known and the texts are kept by then"
    );
    assert!(end.get("answer").is_none() && end["timings_ms"]["total"].as_f64().unwrap() > 0.0);
    let row =
        rows_when(&service, 2).await.into_iter().find(|row| row.session_id.as_deref() == Some("s")).unwrap();
    assert_eq!((row.error, json!(row.intent)), (None, whole["intent"].clone()));
    assert!(row.stages.contains_key("ann"), "{:?}", row.stages);
}

#[tokio::test]
async fn what_is_wrong_before_the_first_event_is_a_plain_problem() {
    let service = Service::open_with(&[("AUSKUNFT_RATE_PER_MINUTE", "1")]).await;
    let refused = service.send(request(&streamed("s", " "))).await;
    assert_eq!((refused.status.as_u16(), refused.header("content-type")), (400, "application/problem+json"));
    // The minute may end between two questions, not between three.
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(service.send(request(&streamed("s", QUESTION))).await.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn what_goes_wrong_later_is_an_event_and_the_end() {
    let service = Service::open().await;
    let mut body = streamed("s", QUESTION);
    body["product_id"] = json!("KM-999");
    let reply = service.send(request(&body)).await;
    let events = events(&reply);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((reply.status.as_u16(), names.as_slice()), (200, ["start", "error"].as_slice()));
    let problem = &events[1].1;
    assert_eq!((&problem["code"], &problem["status"]), (&json!("unknown_product"), &json!(404)));
    assert_eq!(problem["request_id"], json!(reply.header("x-request-id")));
    assert_eq!(rows_when(&service, 1).await[0].error.as_deref(), Some("unknown_product"));
}

#[tokio::test]
async fn an_answer_that_takes_too_long_ends_with_an_error_and_gives_up_its_place() {
    let mut service = Service::open().await;
    // Who asks is known: the response begins at once, and the body waits for its turn until the time is over.
    service.state.access = service.state.access.clone().believing_for(Duration::from_secs(3_600));
    service.send(request(&streamed("s", QUESTION))).await;
    let limits = serve::state::Limits {
        request_timeout: Duration::from_millis(500),
        ..(*service.state.limits).clone()
    };
    service.state.limits = Arc::new(limits);
    let _held = all_places(&service).await;
    let reply = service.send(request(&json!({ "question": QUESTION, "stream": true }))).await;
    let events = events(&reply);
    assert_eq!((reply.status.as_u16(), events[1].0.as_str()), (200, "error"));
    assert_eq!((&events[1].1["code"], &events[1].1["status"]), (&json!("timeout"), &json!(504)));
    assert_eq!(service.state.admission.waiting(), 0);
    let rows = rows_when(&service, 2).await;
    assert!(rows.iter().any(|row| row.error.as_deref() == Some("timeout")), "{rows:?}");
    let metrics = service.get("/metrics").await.text;
    let counted = r#"auskunft_requests_total{route="/support/rag-answer",method="POST",status="504"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
}

#[tokio::test]
async fn a_stream_that_is_asked_for_again_with_its_key_is_the_same_answer() {
    let service = Service::open().await;
    let keyed = || {
        let mut request = request(&streamed("s", QUESTION));
        request.headers_mut().insert("idempotency-key", "k-1".parse().unwrap());
        request
    };
    let (first, again) = (events(&service.send(keyed()).await), events(&service.send(keyed()).await));
    let without_end = |events: &[(String, Value)]| events[1..events.len() - 1].to_vec();
    assert_eq!(without_end(&first), without_end(&again));
    assert_eq!(
        (&first.last().unwrap().1["replayed"], &again.last().unwrap().1["replayed"]),
        (&Value::Null, &json!(true))
    );
}

#[tokio::test]
async fn when_the_reader_goes_away_the_work_stops() {
    let service = Service::open().await;
    let held = all_places(&service).await;
    // Of a new conversation: nothing is read of it before the turn comes.
    let question = json!({ "question": QUESTION, "stream": true });
    let response: Response = serve::router(service.state.clone()).oneshot(request(&question)).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    let first = body.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: start"), "{first:?}");
    assert!(futures::poll!(body.next()).is_pending(), "it waits");
    assert_eq!(service.state.admission.waiting(), 1);
    drop(body);
    assert_eq!(service.state.admission.waiting(), 0, "nobody waits any more");
    drop(held);
    let row = rows_when(&service, 1).await.remove(0);
    assert_eq!(row.error.as_deref(), Some("client_gone"));
}

#[tokio::test]
async fn a_silent_stream_shows_that_it_lives() {
    let mut service = Service::open().await;
    let limits =
        serve::state::Limits { heartbeat: Duration::from_millis(20), ..(*service.state.limits).clone() };
    service.state.limits = Arc::new(limits);
    let _held = all_places(&service).await;
    let response =
        serve::router(service.state.clone()).oneshot(request(&streamed("s", QUESTION))).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    for expected in ["event: start", ": working", ": working"] {
        let bytes = body.next().await.unwrap().unwrap();
        assert!(bytes.starts_with(expected.as_bytes()), "{bytes:?}");
    }
}
