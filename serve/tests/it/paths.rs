//! What each path gives, and that the description tells the truth about it.

use serde_json::{Value, json};

use crate::schema::misfits;
use crate::shop::{Reply, Service, document_id};

/// Asserts that a reply has the shape that the description states for it.
fn assert_described(description: &Value, reply: &Reply, path: &str, method: &str, media: &str) {
    let responses = &description["paths"][path][method]["responses"];
    let status = reply.status.as_str();
    let class = format!("{}XX", &status[..1]);
    let response = [status, &class].into_iter().map(|key| &responses[key]).find(|found| !found.is_null());
    let response = response.unwrap_or_else(|| panic!("{method} {path}: {status} is not described"));
    let schema = &response["content"][media]["schema"];
    assert!(!schema.is_null(), "{method} {path}: {media} is not described for {status}");
    let misfits = misfits(description, schema, &reply.json());
    assert!(misfits.is_empty(), "{method} {path}: {misfits:?}");
}

#[tokio::test]
async fn every_reply_has_the_shape_that_is_described() {
    let service = Service::open().await;
    let description = service.get("/openapi.json").await.json();
    let json = "application/json";
    let problem = "application/problem+json";

    let answer = service.ask("s", "Wie entkalke ich die KM-100?").await;
    assert_described(&description, &answer, "/support/rag-answer", "post", json);
    let refused = service.ask("s", "").await;
    assert_described(&description, &refused, "/support/rag-answer", "post", problem);
    let search = service.post("/support/search", &json!({ "question": "Rückgabe", "limit": 3 })).await;
    assert_described(&description, &search, "/support/search", "post", json);
    let document = service.get(&format!("/documents/{}", document_id("policies/rueckgabe.md", None))).await;
    assert_described(&description, &document, "/documents/{id}", "get", json);
    let missing = service.get("/documents/d0").await;
    assert_described(&description, &missing, "/documents/{id}", "get", problem);
    let product = service.get("/products/KM-100").await;
    assert_described(&description, &product, "/products/{id}", "get", json);
    assert_described(&description, &service.get("/products/x").await, "/products/{id}", "get", problem);
    assert_described(&description, &service.get("/health").await, "/health", "get", json);
    assert_described(&description, &service.get("/health/ready").await, "/health/ready", "get", json);
}

#[tokio::test]
async fn the_catalog_can_be_read_by_id() {
    let service = Service::open().await;
    let document =
        service.get(&format!("/documents/{}", document_id("faqs/geraete.jsonl", Some("entkalken")))).await;
    let body = document.json();
    assert_eq!(document.status, 200, "{body}");
    assert_eq!(
        (&body["anchor"], &body["kind"], &body["product_id"]),
        (&json!("entkalken"), &json!("faq"), &json!("KM-100"))
    );
    assert!(body["sections"][0]["text"].as_str().unwrap().contains("alle drei Monate"));

    let body = service.get("/products/KM-100").await.json();
    assert_eq!(body["name"], "Kaffeemaschine Aroma KM-100");
    assert_eq!(body["identifiers"], json!([{ "kind": "model", "text": "KM-100" }]));
    let price = json!({ "key": "Preis", "value": 12900, "unit": "EUR", "text": "129,00 €", "source": "products/km-100.html" });
    assert_eq!(body["attributes"], json!([price]));
    assert_eq!(body["documents"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_search_is_narrowed_and_bounded() {
    let service = Service::open().await;
    let search = async |body: Value| {
        let reply = service.post("/support/search", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert!(reply.header("server-timing").contains("total;dur="));
        reply.json()["hits"].as_array().unwrap().clone()
    };
    let all = search(json!({ "question": "Staubbeutel wechseln" })).await;
    assert_eq!(all[0]["anchor"], "beutel");
    let scores: Vec<f64> = all.iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
    assert!(scores[0] > 0.5 && scores.iter().all(|score| (0.0..=1.0).contains(score)), "{scores:?}");
    assert!(scores.len() > 2 && scores.is_sorted_by(|left, right| left >= right), "{scores:?}");
    assert!(scores[0] > 1.5 * scores[1], "one text alone speaks of bags: {scores:?}");
    assert_eq!(search(json!({ "question": "Staubbeutel wechseln", "limit": 1 })).await.len(), 1);
    let policies = search(json!({ "question": "Staubbeutel zurückgeben", "kinds": ["policy"] })).await;
    assert!(!policies.is_empty() && policies.iter().all(|hit| hit["kind"] == "policy"));
    let machine = search(json!({ "question": "Wassertank", "product_id": "KM-100" })).await;
    assert!(!machine.is_empty() && machine.iter().all(|hit| hit["product_id"] == "KM-100"));
    assert!(search(json!({ "question": "Wassertank", "language": "en" })).await.is_empty());
}

#[tokio::test]
async fn operators_see_health_and_counters() {
    let service = Service::open().await;
    assert_eq!(service.get("/health").await.json()["status"], "ok");
    let ready = service.get("/health/ready").await.json();
    assert_eq!(ready["status"], "ready");
    for role in ["postgres", "mongodb", "redis", "index"] {
        assert_eq!(ready["dependencies"][role]["ok"], true, "{ready}");
    }
    service.ask("s", "Wie entkalke ich die KM-100?").await;
    service.get("/nowhere").await;
    let metrics = service.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        r#"auskunft_requests_total{route="/support/rag-answer",method="POST",status="200"} 1"#,
        r#"auskunft_requests_total{route="other",method="GET",status="404"} 1"#,
        r#"auskunft_problems_total{code="unknown_path"} 1"#,
        r#"auskunft_operations_total{store="pgvector"}"#,
        "auskunft_live_generation 1",
        "auskunft_index_chunks 8",
    ] {
        assert!(metrics.text.contains(line), "{line} is missing in {}", metrics.text);
    }
    service.trigger.request();
    let stopping = service.get("/health/ready").await;
    assert_eq!((stopping.status.as_u16(), &stopping.json()["status"]), (503, &json!("stopping")));
}

#[tokio::test]
async fn the_page_of_the_api_needs_nothing_else() {
    let service = Service::open().await;
    let page = service.get("/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.text.contains("/support/rag-answer") && page.text.ends_with("</html>\n"));
}
