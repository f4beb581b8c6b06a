use axum::routing::{get, post};
use serde_json::Value;
use tower::ServiceExt;

use super::*;

fn service(origins: &[&str]) -> Router {
    service_over(origins, None)
}

fn service_over(origins: &[&str], database: Option<Arc<Database>>) -> Router {
    let limits = Limits {
        rate_per_minute: 0,
        copies: 1,
        max_body_bytes: 1_000,
        request_timeout: Duration::from_millis(50),
        heartbeat: crate::state::HEARTBEAT,
        cors_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
    };
    let frame =
        Frame { limits: Arc::new(limits), metrics: Arc::new(Metrics::default()), database, log: None };
    let routes = Router::new()
        .route("/panic", get(|| async { panic_with("the secret of the house") }))
        .route("/slow", get(std::future::pending::<&'static str>))
        .route("/long", get(|| async { "lang ".repeat(500) }))
        .route("/refused", post(|| async { ApiError::new(Problem::Overloaded, "voll").retry_after(7) }));
    surround(routes, frame)
}

#[expect(clippy::panic, reason = "it stands for a defect")]
fn panic_with(text: &str) -> &'static str {
    panic!("{text}")
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> (Response, String) {
    ask_at(service(&[]), method, path, headers).await
}

async fn ask_at(service: Router, method: &str, path: &str, headers: &[(&str, &str)]) -> (Response, String) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = service.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (Response::from_parts(parts, Body::empty()), String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn a_panic_is_a_problem_without_internals() {
    let (response, body) = ask("GET", "/panic", &[]).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    assert!(!body.contains("secret"), "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["code"], "internal");
    assert_eq!(body["request_id"], response.headers()[&REQUEST_ID].to_str().unwrap());
}

#[tokio::test]
async fn a_defect_stands_in_the_audit_and_what_a_caller_did_wrong_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(Database::open_embedded(folder.path(), "test").await.unwrap());
    let service = service_over(&[], Some(Arc::clone(&database)));
    let (defect, _) = ask_at(service.clone(), "GET", "/panic", &[("x-request-id", "r-1")]).await;
    let (busy, _) = ask_at(service, "POST", "/refused", &[]).await;
    assert_eq!((defect.status().as_u16(), busy.status().as_u16()), (500, 503));
    let events = audit::events(&database, &audit::Wanted::after(0, 10)).await.unwrap();
    let told: Vec<_> =
        events.iter().map(|event| (event.kind, event.request_id.as_deref(), &event.detail)).collect();
    assert_eq!(told, [(EventKind::SystemError, Some("r-1"), &serde_json::json!({ "route": "/panic" }))]);
}

#[tokio::test]
async fn a_request_ends_at_its_time_limit() {
    let (response, body) = ask("GET", "/slow", &[]).await;
    assert_eq!(response.status(), 504);
    assert!(body.contains("longer than 50 ms"), "{body}");
}

#[tokio::test]
async fn a_problem_says_when_to_come_back() {
    let (response, body) = ask("POST", "/refused", &[("x-request-id", "abc-1")]).await;
    assert_eq!((response.status().as_u16(), &response.headers()[RETRY_AFTER]), (503, &HeaderValue::from(7)));
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["status"], &body["request_id"]), (&Value::from(503), &Value::from("abc-1")));
}

#[tokio::test]
async fn a_malformed_request_id_is_replaced() {
    let (response, _) = ask("GET", "/long", &[("x-request-id", "a b<script>")]).await;
    let id = response.headers()[&REQUEST_ID].to_str().unwrap().to_owned();
    assert!(id::check(&id).is_ok() && id.len() == 25, "{id}");
    let (other, _) = ask("GET", "/long", &[]).await;
    assert_ne!(other.headers()[&REQUEST_ID].to_str().unwrap(), id);
}

#[tokio::test]
async fn responses_are_compressed_for_those_who_take_it() {
    let (plain, _) = ask("GET", "/long", &[]).await;
    let (packed, _) = ask("GET", "/long", &[("accept-encoding", "gzip")]).await;
    assert!(!plain.headers().contains_key("content-encoding"));
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert_eq!(packed.headers()[CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn other_origins_are_allowed_only_where_configured() {
    let origin = [("origin", "https://a.example"), ("access-control-request-method", "POST")];
    let (closed, _) = ask("GET", "/long", &origin).await;
    assert!(!closed.headers().contains_key("access-control-allow-origin"));
    let (preflight, _) = ask("OPTIONS", "/refused", &origin).await;
    assert_eq!(
        (preflight.status().as_u16(), &preflight.headers()["allow"]),
        (405, &HeaderValue::from_static("POST"))
    );
    let (open, _) = ask_at(service(&["https://a.example"]), "OPTIONS", "/refused", &origin).await;
    assert_eq!(open.headers()["access-control-allow-origin"], "https://a.example");
    let (other, _) = ask_at(service(&["https://b.example"]), "GET", "/long", &origin).await;
    assert!(!other.headers().contains_key("access-control-allow-origin"));
}
