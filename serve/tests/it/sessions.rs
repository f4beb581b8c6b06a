//! Conversations: made, kept to their owners, and whole whatever happens at the same time; in the process and on Redis.

use std::collections::BTreeSet;

use auskunft_store::volatile::Opening;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::people::{EU, LEAD, US, token_of};
use crate::redis;
use crate::shop::Service;

const ANSWER: &str = "/support/rag-answer";
const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const FOLLOW_UP: &str = "Wie oft muss ich es entkalken?";

/// The service on every form of volatile state.
async fn services() -> Vec<Service> {
    let mut services = vec![Service::open().await];
    if let Some(url) = redis::url() {
        services.push(redis::open(&url, &redis::unique_prefix(), &[]).await);
    }
    services
}

async fn ask(service: &Service, agent: &str, body: Value) -> Value {
    let reply = service.call("POST", ANSWER, Some(&token_of(agent)), Some(&body)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

#[tokio::test]
async fn a_question_without_a_session_begins_one_that_is_its_agents_alone() {
    for service in services().await {
        let first = ask(&service, EU, json!({ "question": QUESTION })).await;
        let session = first["session_id"].as_str().unwrap();
        let other = ask(&service, EU, json!({ "question": QUESTION })).await;
        assert_ne!(other["session_id"], session);
        assert_eq!(other["cached"], false, "another conversation");
        let follow = |session: &str| json!({ "session_id": session, "question": FOLLOW_UP });
        let told = ask(&service, EU, follow(session)).await;
        assert_eq!((&told["product"], &told["session_id"]), (&json!("KM-100"), &json!(session)));
        for agent in [US, LEAD] {
            assert_ne!(ask(&service, agent, follow(session)).await["product"], "KM-100", "{agent}");
        }
        let stated = ask(&service, EU, json!({ "session_id": "s", "question": QUESTION })).await;
        assert_eq!(stated["session_id"], "s");
    }
}

#[tokio::test]
async fn fifty_questions_at_the_same_time_lose_nothing_of_their_session() {
    for service in services().await {
        let asked = (0..50).map(|number| {
            // One names the product, one an order; the others are talk.
            let text = match number {
                17 => QUESTION.to_owned(),
                31 => "Wo bleibt mein Paket zur Bestellung O-500003?".to_owned(),
                _ => format!("Danke für Antwort {number}!"),
            };
            ask(&service, EU, json!({ "session_id": "s", "customer_id": "C-1", "question": text }))
        });
        join_all(asked).await;
        let keys = Opening {
            rate_key: "ratelimit:test".to_owned(),
            session_key: format!("session:{{s}}:{EU}:C-1"),
            answer_key: "ragcache:{s}:test".to_owned(),
        };
        let session = service.state.volatile.open_request(&keys).await.unwrap().session.unwrap();
        let field = |name: &str| serde_json::from_str::<Value>(&session.fields[name]).unwrap();
        assert_eq!((field("product_id"), field("orders")), (json!("KM-100"), json!(["O-500003"])));
        assert_eq!((field("customer"), field("language")), (json!("C-1"), json!("de")));
        assert_eq!(field("category"), "Kaffeemaschinen", "of the product");
        let messages: BTreeSet<&String> = session.messages.iter().collect();
        assert_eq!((messages.len() >= 5, session.messages.len()), (true, 10), "{messages:?}");
        let follow = json!({ "session_id": "s", "customer_id": "C-1", "question": FOLLOW_UP });
        assert_eq!(ask(&service, EU, follow).await["product"], "KM-100");
    }
}

#[tokio::test]
async fn identical_questions_at_the_same_time_are_answered_once_and_never_across_owners() {
    for service in services().await {
        let question = |session: &str| json!({ "session_id": session, "question": QUESTION });
        let same = join_all((0..20).map(|_| ask(&service, EU, question("s")))).await;
        let computed = same.iter().filter(|told| told["cached"] == json!(false)).count();
        assert_eq!(computed, 1, "one searches, the others wait for it");
        assert!(same.iter().all(|told| told["answer"] == same[0]["answer"]));
        let others = [(EU, "t"), (US, "s"), (LEAD, "s")];
        let told = join_all(others.map(|(agent, session)| ask(&service, agent, question(session)))).await;
        assert!(told.iter().all(|told| told["cached"] == json!(false)), "{told:?}");
        let order = json!({ "session_id": "s", "customer_id": "C-1", "question": "Wo bleibt mein Paket zur Bestellung O-500003?" });
        let told = join_all((0..5).map(|_| ask(&service, EU, order.clone()))).await;
        let each = |told: &Value| told["cached"] == json!(false) && told["facts"] != json!([]);
        assert!(told.iter().all(each), "each look at a customer's data is its own");
    }
}

#[tokio::test]
async fn a_permission_that_is_revoked_between_two_identical_questions_shows_no_customer_data_at_once() {
    for service in services().await {
        let order = json!({ "session_id": "s", "customer_id": "C-1", "question": "Wo bleibt mein Paket zur Bestellung O-500003?" });
        let before = ask(&service, EU, order.clone()).await;
        assert_ne!(before["facts"], json!([]), "{before}");
        let revoke = "delete from shop.agent_permissions where agent_id = 'A-01'";
        service.state.stores.database.run_as_shop(revoke).await.unwrap();
        let after = ask(&service, EU, order).await;
        assert_eq!((&after["facts"], &after["cached"]), (&json!([]), &json!(false)), "{after}");
        let others = json!({ "session_id": "s", "customer_id": "C-0", "question": "Wo bleibt mein Paket zur Bestellung O-500003?" });
        assert_eq!(
            after["answer"],
            ask(&service, EU, others).await["answer"],
            "as of a customer that is not there"
        );
    }
}
