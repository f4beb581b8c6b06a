//! What a conversation leaves behind: its chat, which a lost session is made of again, and replies for requests that are sent again.

use std::sync::Arc;

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::audit::{self, EventKind};
use auskunft_store::chats::{ChatId, ChatPage, Speaker};
use auskunft_store::volatile::{InProcess, Opening};
use axum::body::Body;
use axum::http::Request;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::down::Down;
use crate::people::{EU, LEAD, token_of};
use crate::shop::{Reply, Service};

const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const FOLLOW_UP: &str = "Wie oft muss ich es entkalken?";
const ORDER: &str = "Wo bleibt mein Paket zur Bestellung O-500003?";

async fn ask(service: &Service, agent: &str, key: Option<&str>, body: &Value) -> Reply {
    let mut request = Request::post("/support/rag-answer").header("content-type", "application/json");
    request = request.header("authorization", format!("Bearer {}", token_of(agent)));
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    service.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn chat(service: &Service, session: &str, customer: Option<&str>) -> ChatPage {
    let customer = customer.map(|customer| CustomerId::parse(customer).unwrap());
    let id = ChatId::of_agent(session, AgentId::parse(EU).unwrap(), customer).unwrap();
    service.state.stores.documents.messages(&id, None, 1_000).await.unwrap()
}

fn said(page: &ChatPage) -> Vec<(Speaker, &str)> {
    page.messages.iter().map(|placed| (placed.message.from, placed.message.text.as_str())).collect()
}

#[tokio::test]
async fn question_and_answer_stand_in_the_chat_also_where_the_answer_was_cached() {
    let mut service = Service::open().await;
    let body = json!({ "session_id": "s", "question": QUESTION });
    let first = ask(&service, EU, None, &body).await.json();
    let second = ask(&service, EU, None, &body).await.json();
    assert_eq!((&first["cached"], &second["cached"]), (&json!(false), &json!(true)));
    let answer = first["answer"].as_str().unwrap();
    let turn = [(Speaker::Customer, QUESTION), (Speaker::Agent, answer)];
    let page = chat(&service, "s", None).await;
    assert_eq!(said(&page), [turn, turn].concat());
    let shown = service.call("GET", "/support/sessions/s", Some(&token_of(EU)), None).await.json();
    assert_eq!(shown["messages"][1]["text"], answer);
    assert_eq!(shown["messages"][1].get("context"), None);
    let more = "update shop.agents set role = 'lead' where agent_id = 'A-01'";
    service.state.access = service.state.access.clone().believing_for(std::time::Duration::ZERO);
    service.state.stores.database.run_as_shop(more).await.unwrap();
    let later = service.call("GET", "/support/sessions/s", Some(&token_of(EU)), None).await.json();
    assert_eq!(
        (&later["messages"][0]["text"], &later["messages"][1]["text"]),
        (&json!(QUESTION), &json!(""))
    );
    assert_eq!(later["messages"][1]["withheld"], true);
    let opinion = json!({ "session_id": "s", "request_id": first["request_id"], "helpful": true });
    let given = service.call("POST", "/support/feedback", Some(&token_of(EU)), Some(&opinion)).await;
    assert_eq!(given.status, 204, "{}", given.text);
}

#[tokio::test]
async fn a_lost_session_goes_on_from_its_chat_and_only_for_whom_it_belongs_to() {
    let mut service = Service::open().await;
    ask(&service, EU, None, &json!({ "session_id": "s", "question": QUESTION })).await;
    let follow = json!({ "session_id": "s", "question": FOLLOW_UP });
    service.state.volatile = Arc::new(InProcess::new(100));
    assert_ne!(ask(&service, LEAD, None, &follow).await.json()["product"], "KM-100", "another's session");
    let told = ask(&service, EU, None, &follow).await.json();
    assert_eq!((&told["product"], &told["degraded"]), (&json!("KM-100"), &json!([])));
    let page = chat(&service, "s", None).await;
    let about = page.messages.iter().filter_map(|placed| placed.message.context.as_ref());
    let categories: Vec<&Value> = about.map(|context| &context["conversation"]["category"]).collect();
    assert_eq!(categories, ["Kaffeemaschinen"; 2], "the chat knows the category, too");
    assert_eq!(told["operations"]["mongodb"], json!(2), "it is read from the chat: {told}");
    let again = ask(&service, EU, None, &follow).await.json();
    assert_eq!(again["product"], "KM-100");
    assert_eq!(again["operations"]["mongodb"], json!(1), "the session is whole again: {again}");
    // While nothing volatile is there at all, the chat is what remembers.
    service.state.volatile = Arc::new(Down);
    let told = ask(&service, EU, None, &follow).await.json();
    assert_eq!((&told["product"], &told["degraded"]), (&json!("KM-100"), &json!(["sessions"])));
}

#[tokio::test]
async fn questions_at_the_same_time_all_stand_in_the_chat_once() {
    let service = Service::open().await;
    let texts: Vec<String> = (0..30).map(|number| format!("Danke für Antwort {number}!")).collect();
    let asked = texts.iter().map(async |text| {
        let body = json!({ "session_id": "s", "question": text });
        assert_eq!(ask(&service, EU, None, &body).await.status, 200);
    });
    join_all(asked).await;
    let page = chat(&service, "s", None).await;
    let mut questions: Vec<&str> = said(&page)
        .into_iter()
        .filter(|(from, _)| *from == Speaker::Customer)
        .map(|(_, text)| text)
        .collect();
    questions.sort_unstable();
    let mut expected: Vec<&str> = texts.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!((questions, page.messages.len()), (expected, 60));
}

#[tokio::test]
async fn a_request_that_is_sent_again_with_its_key_gets_its_reply_and_is_told_once() {
    let service = Service::open().await;
    let body = json!({ "session_id": "s", "question": QUESTION });
    let first = ask(&service, EU, Some("k-1"), &body).await;
    assert_eq!((first.status.as_u16(), first.header("idempotent-replayed")), (200, ""));
    let again = ask(&service, EU, Some("k-1"), &body).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    let without_times = |reply: &Reply| {
        let mut body = reply.json();
        body.as_object_mut().unwrap().remove("timings_ms");
        body
    };
    assert_eq!(without_times(&again), without_times(&first));
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    assert_eq!(chat(&service, "s", None).await.messages.len(), 2);
    // Bound to what was asked, and to whose conversation it is.
    let other = json!({ "session_id": "s", "question": FOLLOW_UP });
    let refused = ask(&service, EU, Some("k-1"), &other).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (422, &json!("key_reused")));
    assert_eq!(ask(&service, LEAD, Some("k-1"), &other).await.status, 200);
    assert_eq!(ask(&service, EU, Some("k 1"), &body).await.status, 400);
}

#[tokio::test]
async fn equal_requests_at_the_same_time_with_one_key_get_one_reply() {
    let service = Service::open().await;
    let body = json!({ "session_id": "s", "question": "Danke!" });
    let replies = join_all((0..10).map(|_| ask(&service, EU, Some("k-1"), &body))).await;
    let ids: std::collections::BTreeSet<String> =
        replies.iter().map(|reply| reply.json()["request_id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(chat(&service, "s", None).await.messages.len(), 2);
    let keys = Opening {
        rate_key: "ratelimit:test".to_owned(),
        session_key: format!("session:{{s}}:{EU}:"),
        answer_key: "ragcache:{s}:test".to_owned(),
    };
    let session = service.state.volatile.open_request(&keys).await.unwrap().session.unwrap();
    assert_eq!(session.messages.len(), 2, "the session was told once, too: {session:?}");
}

#[tokio::test]
async fn a_conversation_that_a_request_with_a_key_begins_is_the_same_when_it_is_sent_again() {
    let service = Service::open().await;
    let body = json!({ "question": QUESTION });
    let first = ask(&service, EU, Some("k-1"), &body).await;
    let again = ask(&service, EU, Some("k-1"), &body).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    let session = first.json()["session_id"].as_str().unwrap().to_owned();
    assert_eq!(again.json()["session_id"], session);
    assert_eq!(chat(&service, &session, None).await.messages.len(), 2);
    for (agent, key) in [(EU, "k-2"), (LEAD, "k-1")] {
        assert_ne!(ask(&service, agent, Some(key), &body).await.json()["session_id"], session);
    }
}

#[tokio::test]
async fn a_reply_with_customer_data_is_given_again_only_to_who_may_see_them_now() {
    let mut service = Service::open().await;
    service.state.access = service.state.access.clone().believing_for(std::time::Duration::ZERO);
    let body = json!({ "session_id": "s", "customer_id": "C-1", "question": ORDER });
    let first = ask(&service, EU, Some("k-1"), &body).await.json();
    assert!(!first["facts"].as_array().unwrap().is_empty(), "{first}");
    let again = ask(&service, EU, Some("k-1"), &body).await;
    assert_eq!(again.json()["facts"], first["facts"]);
    let database = &service.state.stores.database;
    let events = audit::events(database, &audit::Wanted::after(0, 1_000)).await.unwrap();
    let look = events.iter().find(|event| event.request_id.as_deref() == Some(again.header("x-request-id")));
    assert_eq!(look.map(|event| event.kind), Some(EventKind::CustomerDataShown), "the second look, too");
    database.run_as_shop("delete from shop.agent_permissions where agent_id = 'A-01'").await.unwrap();
    let late = ask(&service, EU, Some("k-1"), &body).await;
    assert!(!late.text.contains("129") && late.header("idempotent-replayed").is_empty(), "{}", late.text);
}
