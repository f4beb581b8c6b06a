//! Tickets: who sees them, who may change them.

use auskunft_store::audit::{self, EventKind};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::people::{EU, GONE, LEAD, US, token_of};
use crate::shop::{Reply, Service};

const TICKETS: &str = "/support/tickets";

fn new_ticket(customer: &str, subject: &str) -> Value {
    json!({ "customer_id": customer, "subject": subject, "body": "Sie tropft seit gestern. Ute Muster, Lindenweg 3" })
}

/// Opens a ticket and gives its id.
async fn opened(service: &Service, token: &str, customer: &str, subject: &str) -> String {
    let reply = service.call("POST", TICKETS, Some(token), Some(&new_ticket(customer, subject))).await;
    assert_eq!((reply.status.as_u16(), reply.header("etag")), (201, "\"1\""), "{}", reply.text);
    reply.json()["id"].as_str().unwrap().to_owned()
}

async fn listed(service: &Service, token: &str, query: &str) -> Value {
    let reply = service.call("GET", &format!("{TICKETS}{query}"), Some(token), None).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

fn subjects(page: &Value) -> Vec<&str> {
    page["tickets"].as_array().unwrap().iter().map(|ticket| ticket["subject"].as_str().unwrap()).collect()
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_ticket_is_opened_read_and_changed_by_the_agents_of_its_region() {
    let service = Service::open().await;
    let [eu, lead] = [EU, LEAD].map(token_of);
    let mut request = new_ticket("C-1", "Kaffeemaschine tropft");
    request["order_id"] = json!("O-1");
    request["product_id"] = json!("KM-100");
    let reply = service.call("POST", TICKETS, Some(&eu), Some(&request)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let path = format!("{TICKETS}/{}", reply.json()["id"].as_str().unwrap());

    let change =
        json!({ "version": 1, "status": "in_progress", "agent_id": LEAD, "note": "Rückruf um 14 Uhr" });
    let changed = service.call("PATCH", &path, Some(&eu), Some(&change)).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.text);
    assert_eq!(changed.json()["status"], "in_progress");
    assert_eq!(
        code(&service.call("PATCH", &path, Some(&lead), Some(&change)).await),
        problem(412, "version_conflict")
    );
    let nameless = json!({ "status": "closed" });
    assert_eq!(
        code(&service.call("PATCH", &path, Some(&lead), Some(&nameless)).await),
        problem(428, "version_missing")
    );
    let foreign = json!({ "version": 2, "agent_id": US });
    assert_eq!(
        code(&service.call("PATCH", &path, Some(&lead), Some(&foreign)).await),
        problem(400, "invalid_request")
    );
    let by_header = Request::patch(&path)
        .header("authorization", format!("Bearer {lead}"))
        .header("if-match", "\"2\"")
        .header("content-type", "application/json")
        .body(Body::from(nameless.to_string()));
    assert_eq!(service.send(by_header.unwrap()).await.json()["status"], "closed");

    let body = service.call("GET", &path, Some(&eu), None).await.json();
    let expected = json!({ "customer_id": "C-1", "order_id": "O-1", "product_id": "KM-100", "agent_id": LEAD,
        "subject": "Kaffeemaschine tropft", "version": 3, "status": "closed" });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&body[field], value, "{field}");
    }
    assert!(body["body"].as_str().unwrap().starts_with("Sie tropft"));
    let steps: Vec<(&str, &str)> = body["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["change"].as_str().unwrap(), one["agent_id"].as_str().unwrap()))
        .collect();
    assert_eq!(steps, [("opened", EU), ("status", EU), ("agent", EU), ("note", EU), ("status", LEAD)]);
}

#[tokio::test]
async fn what_an_agent_may_not_see_looks_like_what_is_not_there() {
    let service = Service::open().await;
    let [eu, us, gone] = [EU, US, GONE].map(token_of);
    let id = opened(&service, &eu, "C-1", "Nur für die EU").await;
    let change = json!({ "version": 1, "status": "closed" });
    let missing = "T-000000000000000000000000";
    for (method, body) in [("GET", None), ("PATCH", Some(&change))] {
        let hidden = service.call(method, &format!("{TICKETS}/{id}"), Some(&us), body).await;
        let absent = service.call(method, &format!("{TICKETS}/{missing}"), Some(&us), body).await;
        assert_eq!(code(&hidden), problem(404, "unknown_ticket"));
        assert_eq!(code(&absent), problem(404, "unknown_ticket"));
        let alike = |reply: &Reply, id: &str| reply.json()["detail"].as_str().unwrap().replace(id, "…");
        assert_eq!(alike(&hidden, &id), alike(&absent, missing));
    }
    for customer in ["C-1", "C-9"] {
        let refused = service.call("POST", TICKETS, Some(&us), Some(&new_ticket(customer, "x"))).await;
        assert_eq!(code(&refused), problem(404, "unknown_customer"));
        assert!(subjects(&listed(&service, &us, &format!("?customer_id={customer}")).await).is_empty());
    }
    let mut others_order = new_ticket("C-1", "x");
    others_order["order_id"] = json!("O-2");
    assert_eq!(
        code(&service.call("POST", TICKETS, Some(&eu), Some(&others_order)).await),
        problem(404, "unknown_customer")
    );
    for token in [None, Some(gone.as_str())] {
        let reply = service.call("GET", TICKETS, token, None).await;
        assert_eq!(reply.status, 401, "{}", reply.text);
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
    }
    assert_eq!(service.call("GET", &format!("{TICKETS}/{id}"), Some(&eu), None).await.json()["version"], 1);
}

#[tokio::test]
async fn lists_are_pages_of_what_the_agent_may_see() {
    let service = Service::open().await;
    let [eu, us, lead] = [EU, US, LEAD].map(token_of);
    for (customer, subject) in [("C-1", "eins"), ("C-2", "zwei"), ("C-1", "drei")] {
        opened(&service, &lead, customer, subject).await;
    }
    assert_eq!(subjects(&listed(&service, &lead, "").await), ["drei", "zwei", "eins"]);
    assert_eq!(subjects(&listed(&service, &eu, "").await), ["drei", "eins"]);
    assert_eq!(subjects(&listed(&service, &us, "?status=open").await), ["zwei"]);
    assert!(subjects(&listed(&service, &us, "?status=closed").await).is_empty());
    let first = listed(&service, &eu, "?limit=1").await;
    assert_eq!(subjects(&first), ["drei"]);
    let next = format!("?limit=1&after={}", first["next"].as_str().unwrap());
    let second = listed(&service, &eu, &next).await;
    assert_eq!((subjects(&second), &second["next"]), (vec!["eins"], &Value::Null));
    for query in ["?limit=0", "?limit=101", "?after=x", "?status=offen", "?customer_id=a%20b", "?page=2"] {
        let reply = service.call("GET", &format!("{TICKETS}{query}"), Some(&eu), None).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text);
        assert!(!reply.json()["detail"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn every_look_at_a_customers_ticket_stands_in_the_audit() {
    let service = Service::open().await;
    let [eu, us] = [EU, US].map(token_of);
    let id = opened(&service, &eu, "C-1", "eins").await;
    let database = &service.state.stores.database;
    let last = audit::events(database, &audit::Wanted::after(0, 1_000)).await.unwrap().last().unwrap().id;
    let path = format!("{TICKETS}/{id}");
    let seen = service.call("GET", &path, Some(&eu), None).await;
    service.call("GET", &path, Some(&us), None).await;
    listed(&service, &eu, "").await;
    listed(&service, &us, "?customer_id=C-1").await;
    let events = audit::events(database, &audit::Wanted::after(last, 1_000)).await.unwrap();
    let told: Vec<(EventKind, &str, &str)> = events
        .iter()
        .map(|event| (event.kind, event.agent_id.as_deref().unwrap(), event.customer_id.as_deref().unwrap()))
        .collect();
    use EventKind::{CustomerDataShown, PermissionDenied};
    assert_eq!(
        told,
        [
            (CustomerDataShown, EU, "C-1"),
            (PermissionDenied, US, "C-1"),
            (CustomerDataShown, EU, "C-1"),
            (PermissionDenied, US, "C-1")
        ]
    );
    assert_eq!(events[0].request_id.as_deref(), Some(seen.header("x-request-id")));
    assert!(events.iter().all(|event| !event.detail.to_string().contains("tropft")));
}

#[tokio::test]
async fn words_that_cannot_be_kept_are_refused() {
    let service = Service::open().await;
    let token = token_of(EU);
    let refused =
        async |request: Value| code(&service.call("POST", TICKETS, Some(&token), Some(&request)).await);
    assert_eq!(refused(new_ticket("C-1", " ")).await, problem(400, "invalid_request"));
    assert_eq!(refused(new_ticket("C-1", &"x".repeat(201))).await, problem(400, "invalid_request"));
    assert_eq!(refused(new_ticket("C-1", "a\u{0}b")).await, problem(400, "control_characters"));
    assert_eq!(refused(new_ticket("C 1", "x")).await, problem(400, "invalid_id"));
    let mut unknown = new_ticket("C-1", "x");
    unknown["product_id"] = json!("KM-999");
    assert_eq!(refused(unknown).await, problem(404, "unknown_product"));
}
