//! Conversations that agents look at again, and what they think of answers.

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::audit::{self, EventKind};
use auskunft_store::chats::{ChatId, ChatMessage, Speaker};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::people::{EU, LEAD, US, token_of};
use crate::schema::misfits;
use crate::shop::{Reply, Service};

const SESSIONS: &str = "/support/sessions";

/// Says so many sentences in a conversation.
async fn said(service: &Service, session: &str, agent: &str, customer: Option<&str>, sentences: u32) {
    let customer = customer.map(|customer| CustomerId::parse(customer).unwrap());
    let chat = ChatId::of_agent(session, AgentId::parse(agent).unwrap(), customer).unwrap();
    let begin = Utc::now();
    let message = |number: u32| {
        let from = if number.is_multiple_of(2) { Speaker::Customer } else { Speaker::Agent };
        let at = begin + TimeDelta::milliseconds(i64::from(number));
        let mut message = ChatMessage::new(format!("m-{number}"), from, at, format!("Satz {number} von Ute"));
        // As the service leaves it for an agent with these rights.
        let beside = json!({ "request_id": "r", "permissions": permissions_of(agent), "conversation": {} });
        message.context = (from == Speaker::Agent).then_some(beside);
        message
    };
    let messages: Vec<ChatMessage> = (0..sentences).map(message).collect();
    service.state.stores.documents.append(&chat, &messages).await.unwrap();
}

fn permissions_of(agent: &str) -> &'static str {
    match agent {
        EU => "agent:EU",
        US => "agent:US",
        _ => "lead:EU,US",
    }
}

async fn get(service: &Service, path: &str, agent: &str) -> Reply {
    service.call("GET", path, Some(&token_of(agent)), None).await
}

fn names(reply: &Reply) -> Vec<String> {
    let body = reply.json();
    let sessions = body["sessions"].as_array().unwrap_or_else(|| panic!("{}", reply.text));
    sessions.iter().map(|session| session["session_id"].as_str().unwrap().to_owned()).collect()
}

fn texts(page: &Value) -> Vec<&str> {
    page["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn an_agent_lists_its_own_conversations_with_customers_that_it_may_see() {
    let service = Service::open().await;
    for (session, agent, customer) in [
        ("s-1", EU, Some("C-1")),
        ("s-2", EU, None),
        // Of the US: the agent had the region once.
        ("s-3", EU, Some("C-2")),
        ("s-4", LEAD, Some("C-1")),
        ("s-5", EU, Some("C-1")),
    ] {
        said(&service, session, agent, customer, 2).await;
    }
    let all = get(&service, SESSIONS, EU).await;
    assert_eq!(names(&all), ["s-5", "s-2", "s-1"]);
    assert_eq!(all.json()["sessions"][0]["customer_id"], "C-1");
    let (mut paged, mut path) = (Vec::new(), format!("{SESSIONS}?limit=1"));
    loop {
        let page = get(&service, &path, EU).await;
        paged.extend(names(&page));
        let body = page.json();
        let Some(next) = body["next"].as_str() else { break };
        path = format!("{SESSIONS}?limit=1&after={next}");
    }
    assert_eq!(paged, ["s-5", "s-2", "s-1"]);
    assert!(names(&get(&service, SESSIONS, US).await).is_empty());
    for query in ["?limit=0", "?limit=101", "?after=x", "?after=1:s", "?after=-300000000000000:s:", "?page=2"]
    {
        assert_eq!(get(&service, &format!("{SESSIONS}{query}"), EU).await.status, 400, "{query}");
    }
    assert_eq!(service.get(SESSIONS).await.status, 401, "guests have none");
}

#[tokio::test]
async fn a_conversation_is_read_page_by_page() {
    let service = Service::open().await;
    said(&service, "s-1", EU, Some("C-1"), 70).await;
    let path = format!("{SESSIONS}/s-1?customer_id=C-1&limit=30");
    let last = get(&service, &path, EU).await.json();
    assert_eq!(texts(&last).first(), Some(&"Satz 40 von Ute"));
    assert_eq!(last["messages"][29]["from"], "agent");
    let middle = format!("{path}&before={}", last["previous"].as_str().unwrap());
    let middle = get(&service, &middle, EU).await.json();
    let first = format!("{path}&before={}", middle["previous"].as_str().unwrap());
    let first = get(&service, &first, EU).await.json();
    assert_eq!((texts(&first).len(), &first["previous"]), (10, &Value::Null));
    assert_eq!(texts(&middle).last(), Some(&"Satz 39 von Ute"));
    assert_eq!(code(&get(&service, &format!("{path}&before=x"), EU).await).0, 400);
    let behind = get(&service, &format!("{path}&before=0"), EU).await.json();
    assert_eq!(texts(&behind), Vec::<&str>::new(), "the conversation is there, and has nothing older");
}

#[tokio::test]
async fn anothers_conversation_looks_like_one_that_is_not_there() {
    let service = Service::open().await;
    said(&service, "s-1", EU, Some("C-1"), 2).await;
    // The agent had the region once.
    said(&service, "s-2", US, Some("C-1"), 2).await;
    let unknown = (404, "unknown_session".to_owned());
    for (path, agent) in [
        ("s-1?customer_id=C-1", LEAD),
        ("s-1?customer_id=C-2", EU),
        ("s-1?customer_id=C-2", LEAD),
        ("s-1", EU),
        ("s-2?customer_id=C-1", US),
        ("s-2?customer_id=C-9", US),
        ("s-9?customer_id=C-1", EU),
    ] {
        let reply = get(&service, &format!("{SESSIONS}/{path}"), agent).await;
        assert_eq!(code(&reply), unknown, "{path} by {agent}");
        assert!(!reply.text.contains("Ute"));
    }
    assert_eq!(code(&get(&service, &format!("{SESSIONS}/a:b"), EU).await).0, 400);
}

#[tokio::test]
async fn every_look_at_a_customers_conversation_stands_in_the_audit() {
    let service = Service::open().await;
    said(&service, "s-1", EU, Some("C-1"), 2).await;
    said(&service, "s-2", EU, None, 2).await;
    let seen = get(&service, &format!("{SESSIONS}/s-1?customer_id=C-1"), EU).await;
    get(&service, &format!("{SESSIONS}/s-1?customer_id=C-1"), US).await;
    get(&service, &format!("{SESSIONS}/s-2"), EU).await;
    get(&service, SESSIONS, EU).await;
    let database = &service.state.stores.database;
    let events = audit::events(database, &audit::Wanted::after(0, 1_000)).await.unwrap();
    let told: Vec<(EventKind, &str, Option<&str>)> = events
        .iter()
        .filter(|event| event.detail["subjects"] == json!(["chats"]))
        .map(|event| (event.kind, event.agent_id.as_deref().unwrap(), event.customer_id.as_deref()))
        .collect();
    use EventKind::{CustomerDataShown, PermissionDenied};
    let customer = Some("C-1");
    assert_eq!(
        told,
        [
            (CustomerDataShown, EU, customer),
            (PermissionDenied, US, customer),
            (CustomerDataShown, EU, customer)
        ]
    );
    let first = events.iter().find(|event| event.detail["session_ids"] == json!(["s-1"])).unwrap();
    assert_eq!(first.request_id.as_deref(), Some(seen.header("x-request-id")));
    assert!(events.iter().all(|event| !event.detail.to_string().contains("Satz")));
}

#[tokio::test]
async fn an_opinion_is_kept_once_for_each_answer_of_ones_own() {
    let service = Service::open().await;
    said(&service, "s-1", EU, Some("C-1"), 2).await;
    let opinion = json!({ "session_id": "s-1", "customer_id": "C-1", "message_id": "m-1", "helpful": false,
        "comment": "Falsches Gerät" });
    let give = async |agent: &str, body: &Value| {
        service.call("POST", "/support/feedback", Some(&token_of(agent)), Some(body)).await
    };
    for _ in 0..2 {
        assert_eq!(give(EU, &opinion).await.status, 204);
    }
    let mut changed = opinion.clone();
    changed["helpful"] = json!(true);
    assert_eq!(give(EU, &changed).await.status, 204);
    let database = &service.state.stores.database;
    let is_one = "do $$ begin assert (select count(*) = 1 and bool_and(helpful and about = 'm-1') from documents.feedback); end $$";
    database.run_as_shop(is_one).await.unwrap();
    assert_eq!(code(&give(LEAD, &opinion).await), (404, "unknown_session".to_owned()));
    let mut of_nothing = opinion.clone();
    of_nothing["message_id"] = json!("m-9");
    assert_eq!(code(&give(EU, &of_nothing).await), (404, "unknown_answer".to_owned()));
    for (field, value) in [
        ("request_id", json!("r-1")),
        ("comment", json!("x".repeat(2_001))),
        ("comment", json!("a\u{0}b")),
        ("message_id", json!("a b")),
        ("stars", json!(5)),
    ] {
        let mut wrong = opinion.clone();
        wrong[field] = value;
        assert_eq!(give(EU, &wrong).await.status, 400, "{field}");
    }
}

#[tokio::test]
async fn replies_have_the_shape_that_is_described() {
    let service = Service::open().await;
    said(&service, "s-1", EU, Some("C-1"), 30).await;
    said(&service, "s-2", EU, None, 2).await;
    let description = service.get("/openapi.json").await.json();
    for (path, described) in [
        (format!("{SESSIONS}?limit=1"), SESSIONS),
        (format!("{SESSIONS}/s-1?customer_id=C-1"), "/support/sessions/{id}"),
    ] {
        let schema =
            &description["paths"][described]["get"]["responses"]["200"]["content"]["application/json"];
        let reply = get(&service, &path, EU).await.json();
        let misfits = misfits(&description, &schema["schema"], &reply);
        assert!(schema["schema"].is_object() && misfits.is_empty(), "{described}: {misfits:?}");
    }
}
