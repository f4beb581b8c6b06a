//! Texts and products of a region are for its agents: nobody else is quoted them, finds them, or learns that they are there.

use std::time::Duration;

use serde_json::{Value, json};

use crate::people::{EU, LEAD, US, token_of};
use crate::shop::{EU_POLICY, Reply, Service, US_POLICY, US_PRODUCT, document_id, region_of};

const ANSWER: &str = "/support/rag-answer";
const SEARCH: &str = "/support/search";
const QUESTION: &str = "Nehmt ihr Altgeräte mit?";

async fn ask(service: &Service, agent: Option<&str>, customer: Option<&str>, text: &str) -> Value {
    let body = json!({ "session_id": "shared", "customer_id": customer, "question": text });
    let reply = service.call("POST", ANSWER, agent.map(token_of).as_deref(), Some(&body)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

/// The region-bound sources among citations or hits.
fn bound(list: &Value) -> Vec<&str> {
    let sources = list.as_array().unwrap().iter().map(|one| one["source"].as_str().unwrap());
    let mut bound: Vec<&str> = sources.filter(|source| region_of(source).is_some()).collect();
    bound.sort_unstable();
    bound.dedup();
    bound
}

#[tokio::test]
async fn each_agent_is_quoted_the_policies_of_the_own_regions() {
    let service = Service::open().await;
    for _ in 0..2 {
        for (agent, customer, expected) in [
            (EU, None, EU_POLICY),
            (US, None, US_POLICY),
            (EU, Some("C-1"), EU_POLICY),
            (US, Some("C-2"), US_POLICY),
            // Of a lead's regions the customer's counts.
            (LEAD, Some("C-1"), EU_POLICY),
            (LEAD, Some("C-2"), US_POLICY),
            // A customer of another region, or of none, is nobody.
            (EU, Some("C-2"), EU_POLICY),
            (US, Some("C-9"), US_POLICY),
        ] {
            let body = ask(&service, Some(agent), customer, QUESTION).await;
            assert_eq!(bound(&body["citations"]), [expected], "{agent} {customer:?}: {body}");
            assert_eq!(body["answer"].as_str().unwrap().contains("Dollar"), expected == US_POLICY, "{body}");
            let again = ask(&service, Some(agent), customer, "Kannst du das anders formulieren?").await;
            assert_eq!(bound(&again["citations"]), [expected], "{agent} {customer:?}: {again}");
        }
    }
    assert!(!bound(&ask(&service, None, None, QUESTION).await["citations"]).is_empty(), "public for guests");
}

#[tokio::test]
async fn a_region_that_is_taken_away_is_gone_at_once_from_the_database_and_in_time_from_the_cache() {
    let mut service = Service::open().await;
    assert_eq!(bound(&ask(&service, Some(EU), None, QUESTION).await["citations"]), [EU_POLICY]);
    assert_eq!(ask(&service, Some(EU), None, QUESTION).await["cached"], true);
    let revoke = "delete from shop.agent_permissions where agent_id = 'A-01'";
    service.state.stores.database.run_as_shop(revoke).await.unwrap();
    // The agent's row is still believed, but the statement that reads is the judge.
    let other = "Nehmt ihr denn Altgeräte auch mit?";
    assert!(bound(&ask(&service, Some(EU), None, other).await["citations"]).is_empty());
    let path = format!("/documents/{}", document_id(EU_POLICY, None));
    assert_eq!(service.call("GET", &path, Some(&token_of(EU)), None).await.status, 404);
    // As after the seconds for which it is believed.
    service.state.access = service.state.access.clone().believing_for(Duration::ZERO);
    let body = ask(&service, Some(EU), None, QUESTION).await;
    assert_eq!((bound(&body["citations"]), &body["cached"]), (vec![], &json!(false)), "{body}");
    let again = ask(&service, Some(EU), None, "Kannst du das anders formulieren?").await;
    assert!(bound(&again["citations"]).is_empty(), "{again}");
}

#[tokio::test]
async fn a_search_finds_what_is_permitted_and_wished() {
    let service = Service::open().await;
    let search = async |agent: Option<&str>, region: Option<&str>| {
        let body = json!({ "question": "Altgeräte und Rückgabe, Toaster", "region": region, "limit": 50 });
        let reply = service.call("POST", SEARCH, agent.map(token_of).as_deref(), Some(&body)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let hits = reply.json()["hits"].clone();
        let everywhere = hits.as_array().unwrap().iter().any(|hit| hit["source"] == "policies/rueckgabe.md");
        assert!(everywhere, "what holds everywhere is found: {hits}");
        bound(&hits).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let toaster = "products/to-110.html";
    assert_eq!(search(Some(EU), None).await, [EU_POLICY]);
    assert_eq!(search(Some(US), None).await, [US_POLICY, toaster]);
    assert_eq!(search(Some(LEAD), None).await, [EU_POLICY, US_POLICY, toaster]);
    assert_eq!(search(None, None).await, [EU_POLICY, US_POLICY, toaster]);
    assert_eq!(search(Some(LEAD), Some("EU")).await, [EU_POLICY]);
    assert_eq!(search(Some(EU), Some("EU")).await, [EU_POLICY]);
    assert!(search(Some(EU), Some("US")).await.is_empty(), "a wish is no permission");
}

/// A problem without the names of what was asked for and of the request.
fn told(reply: &Reply, id: &str) -> (u16, Value) {
    let mut body: Value = serde_json::from_str(&reply.text.replace(id, "ID")).unwrap();
    body["request_id"] = Value::Null;
    (reply.status.as_u16(), body)
}

#[tokio::test]
async fn what_is_not_permitted_looks_like_what_does_not_exist() {
    let service = Service::open().await;
    let get = async |agent: &str, kind: &str, id: &str| {
        service.call("GET", &format!("/{kind}/{id}"), Some(&token_of(agent)), None).await
    };
    let (policy, page) = (document_id(US_POLICY, None), document_id("products/to-110.html", None));
    for (kind, hidden, absent) in
        [("documents", &*policy, "d0"), ("documents", &page, "d0"), ("products", US_PRODUCT, "TO-111")]
    {
        assert_eq!(get(US, kind, hidden).await.status, 200, "{hidden}");
        let (refused, missing) = (get(EU, kind, hidden).await, get(EU, kind, absent).await);
        assert_eq!(told(&refused, hidden), told(&missing, absent), "{}", refused.text);
        assert_eq!(refused.status, 404);
    }
    for (path, session) in [(ANSWER, json!("s")), (SEARCH, Value::Null)] {
        let about = async |product: &str| {
            let mut body = json!({ "question": "Wie viele Scheiben?", "product_id": product });
            if !session.is_null() {
                body["session_id"] = session.clone();
            }
            service.call("POST", path, Some(&token_of(EU)), Some(&body)).await
        };
        let (refused, missing) = (about(US_PRODUCT).await, about("TO-111").await);
        assert_eq!(told(&refused, US_PRODUCT), told(&missing, "TO-111"), "{path}: {}", refused.text);
    }
    for text in ["Wie viele Scheiben röstet der Toaster TO-110?", "Was kostet der Knusper TO-110?"] {
        let body = ask(&service, Some(EU), None, text).await;
        assert!(!body.to_string().contains("Knusper TO") || text.contains("Knusper TO"), "{body}");
        assert!(body["product"].is_null() && body["facts"] == json!([]), "{body}");
        assert_eq!(ask(&service, Some(US), None, text).await["product"], US_PRODUCT, "{text}");
    }
}
