use auskunft_model::{AgentId, CustomerId};
use serde_json::json;

use super::*;
use crate::testing::{Opened, on_servers_too};

async fn recorded(opened: &Opened, kind: EventKind) {
    let event = NewEvent {
        kind,
        agent: Some(&AgentId::parse("A-1").unwrap()),
        customer: Some(&CustomerId::parse("C-1").unwrap()),
        request_id: Some("r-1"),
        detail: json!({"token": "t-1"}),
    };
    record(&opened.stores.database, &event).await.unwrap();
}

async fn refused(opened: &Opened, statement: &'static str, why: &str) {
    let error = sqlx::query(statement).execute(opened.stores.database.pool()).await.unwrap_err().to_string();
    assert!(error.contains(why), "{statement}: {error}");
}

#[tokio::test]
async fn what_is_recorded_is_found_by_customer() {
    let opened = Opened::new().await;
    recorded(&opened, EventKind::TokenRevoked).await;
    recorded(&opened, EventKind::SystemError).await;
    let database = &opened.stores.database;
    let all = events(database, &Wanted::after(0, 10)).await.unwrap();
    assert_eq!(
        all.iter().map(|event| event.kind).collect::<Vec<_>>(),
        [EventKind::TokenRevoked, EventKind::SystemError]
    );
    assert_eq!((all[0].agent_id.as_deref(), &all[0].detail), (Some("A-1"), &json!({"token": "t-1"})));
    let one = CustomerId::parse("C-1").unwrap();
    let of_one = Wanted { customer: Some(one), ..Wanted::after(all[0].id, 10) };
    assert_eq!(events(database, &of_one).await.unwrap(), all[1..]);
    let later = Wanted { since: Some(all[1].ts), ..of_one.clone() };
    assert_eq!(events(database, &later).await.unwrap(), all[1..]);
    let never = Wanted { since: Some(all[1].ts + chrono::TimeDelta::seconds(1)), ..of_one };
    assert_eq!(events(database, &never).await.unwrap(), []);
    let other = CustomerId::parse("C-2").unwrap();
    let of_other = Wanted { customer: Some(other), ..Wanted::after(0, 10) };
    assert_eq!(events(database, &of_other).await.unwrap(), []);
    opened.close().await;
}

#[tokio::test]
async fn nobody_changes_or_removes_an_event() {
    let opened = Opened::new().await;
    recorded(&opened, EventKind::PermissionDenied).await;
    // The embedded engine's user is a superuser, whom no grant holds back.
    for (statement, what) in [
        ("update audit.events set agent_id = 'A-2'", "update is refused"),
        ("delete from audit.events", "delete is refused"),
        ("truncate audit.events", "truncate is refused"),
    ] {
        refused(&opened, statement, what).await;
    }
    // What a program's own role on a server may do.
    opened.sql("set role auskunft_application").await;
    recorded(&opened, EventKind::PermissionDenied).await;
    assert_eq!(events(&opened.stores.database, &Wanted::after(0, 10)).await.unwrap().len(), 2);
    for statement in [
        "update audit.events set agent_id = 'A-2'",
        "delete from audit.events",
        "truncate audit.events",
        "insert into audit.events (kind, ts) values ('system_error', '2020-01-01')",
        "insert into audit.events (kind, id) overriding system value values ('system_error', 1)",
    ] {
        refused(&opened, statement, "permission denied").await;
    }
    for statement in ["alter table audit.events disable trigger all", "drop table audit.events"] {
        refused(&opened, statement, "must be owner").await;
    }
    opened.sql("reset role").await;
    opened.close().await;
}

#[tokio::test]
async fn events_go_when_they_are_past_their_retention_and_not_before() {
    let opened = Opened::new().await;
    opened
        .sql(
            "insert into audit.events (kind, agent_id, ts) values ('permission_denied', 'old', now() - interval '101 days'),
                 ('permission_denied', 'young', now() - interval '99 days'), ('permission_denied', 'new', now())",
        )
        .await;
    let database = &opened.stores.database;
    opened.sql("set role auskunft_application").await;
    assert_eq!(purge(database, 100).await.unwrap(), 1);
    assert_eq!(purge(database, 0).await.unwrap(), 1, "the least retention holds");
    refused(&opened, "select audit.purge(29)", "at least 30 days").await;
    opened.sql("reset role").await;
    let left = events(database, &Wanted::after(0, 10)).await.unwrap();
    assert_eq!(left.iter().map(|event| event.agent_id.as_deref()).collect::<Vec<_>>(), [Some("new")]);
    // Not even who owns the events removes young ones.
    opened.sql("set role auskunft_audit").await;
    refused(&opened, "delete from audit.events", "delete is refused").await;
    opened.sql("reset role").await;
    opened.close().await;
}

#[tokio::test]
async fn a_changed_order_status_leaves_a_trace_whoever_writes_it() {
    let opened = Opened::new().await;
    opened
        .sql(
            "insert into shop.customers (id, name, region) values ('C-1', 'Ute Muster', 'EU');
             insert into shop.orders (order_id, customer_id, ordered_at, region, currency, total, status) values
                 ('O-1', 'C-1', now(), 'EU', 'EUR', 0, 'paid'), ('O-2', 'C-1', now(), 'EU', 'EUR', 0, 'shipped')",
        )
        .await;
    assert_eq!(events(&opened.stores.database, &Wanted::after(0, 10)).await.unwrap(), []);
    opened
        .sql(
            "begin; set local auskunft.agent = 'A-7'; set local auskunft.request = 'r-9';
             update shop.orders set status = 'shipped'; commit;
             update shop.orders set currency = 'CHF'; update shop.orders set status = 'delivered' where order_id = 'O-2'",
        )
        .await;
    let told: Vec<_> = events(&opened.stores.database, &Wanted::after(0, 10))
        .await
        .unwrap()
        .into_iter()
        .map(|event| (event.kind, event.agent_id, event.customer_id, event.request_id, event.detail))
        .collect();
    let changed = |order: &str, from: &str, to: &str| json!({"order_id": order, "from": from, "to": to, "writer": "postgres"});
    let customer = || Some("C-1".to_owned());
    assert_eq!(
        told,
        [
            (
                EventKind::OrderStatusChanged,
                Some("A-7".to_owned()),
                customer(),
                Some("r-9".to_owned()),
                changed("O-1", "paid", "shipped")
            ),
            (EventKind::OrderStatusChanged, None, customer(), None, changed("O-2", "shipped", "delivered")),
        ]
    );
    opened.close().await;
}

on_servers_too!(what_is_recorded_is_found_by_customer,);
