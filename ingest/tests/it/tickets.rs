//! `tickets/`: rows for agents, of the customers that the shop knows.

use std::fmt::Write as _;

use auskunft_model::{AgentId, DocumentId};
use auskunft_store::Stores;
use auskunft_store::tickets::{self, Given, Seer, Ticket, TicketQuery, TicketStatus};
use serde_json::Value;

use crate::shop_data::assert_documented;
use crate::support::Home;

const CUSTOMERS: &str = "customer_id,name,region\nC-1,Ute Muster,EU\nC-2,Ali Beispiel,EU\n";
const ORDERS: &str = "order_id,customer_id,ordered_at,region,currency,total,status\n\
    O-1,C-1,2026-11-10T10:12:00Z,EU,EUR,449.00,shipped\n";

fn line(id: &str, customer: &str, status: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"customer_id\":\"{customer}\",\"order_id\":\"O-1\",\"product\":\"KM-2400\",\"status\":\"{status}\",\
         \"subject\":\"Tropft\",\"body\":\"Sie tropft.\",\"created\":\"2026-11-12T09:15:00Z\"}}\n"
    )
}

fn shop(home: &Home) {
    home.write("shop/agents.csv", "agent_id,name,role,active\nA-1,Dagmar,lead,true\n");
    home.write("shop/agent_permissions.csv", "agent_id,region\nA-1,EU\n");
    home.write("shop/customers.csv", CUSTOMERS);
    home.write("shop/orders.csv", ORDERS);
    home.write("shop/order_items.csv", "order_id,line,sku,quantity,unit_price\nO-1,1,KM-2400,1,449.00\n");
}

/// Id, order, status and version of the tickets that the lead sees, in order of their ids.
fn seen(home: &Home) -> Vec<(String, Option<String>, TicketStatus, i64)> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stores = Stores::open_embedded(&home.path("data"), "test").await.unwrap();
        let agent = AgentId::parse("A-1").unwrap();
        let all = TicketQuery { limit: 100, ..TicketQuery::default() };
        let seer = Seer { agent: &agent, request_id: "r-1" };
        let found = tickets::list(&stores.database, seer, &all).await.unwrap();
        stores.close().await;
        let mut found: Vec<_> =
            found.into_iter().map(|one| (one.id, one.order_id, one.status, one.version)).collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found
    })
}

fn row(
    id: &str,
    order: Option<&str>,
    status: TicketStatus,
    version: i64,
) -> (String, Option<String>, TicketStatus, i64) {
    (id.to_owned(), order.map(str::to_owned), status, version)
}

fn notes(report: &Value) -> String {
    report["notes"].to_string()
}

#[test]
fn tickets_get_their_rows_when_their_customers_are_known() {
    let home = Home::new();
    shop(&home);
    let lines = [
        line("T-1", "C-1", "open"),
        line("T-2", "C-2", "pending"),
        line("T-3", "C-3", "closed"),
        line("T-4", "C-1", "verloren"),
    ];
    home.write("tickets/a.jsonl", lines.concat());
    let first = home.report("data", &[]);
    assert!(notes(&first).contains("1 tickets name a customer that the shop does not know"), "{first}");
    assert!(notes(&first).contains("(the first: T-4)"), "{first}");
    let (one, two) =
        (row("T-1", Some("O-1"), TicketStatus::Open, 1), row("T-2", None, TicketStatus::Waiting, 1));
    assert_eq!(seen(&home), [one.clone(), two.clone()]);

    home.write("shop/customers.csv", format!("{CUSTOMERS}C-3,Petra Muster,EU\n"));
    let later = home.report("data", &[]);
    assert!(!notes(&later).contains("does not know"), "{later}");
    let three = row("T-3", None, TicketStatus::Closed, 1);
    assert_eq!(seen(&home), [one, two.clone(), three.clone()]);

    let lines = [line("T-1", "C-1", "closed"), line("T-2", "C-2", "pending"), line("T-3", "C-3", "closed")];
    home.write("tickets/a.jsonl", lines.concat());
    home.report("data", &[]);
    home.report("data", &[]);
    assert_eq!(seen(&home), [row("T-1", Some("O-1"), TicketStatus::Closed, 2), two.clone(), three]);
    home.assert_verified("data");

    home.write("tickets/a.jsonl", line("T-2", "C-2", "pending"));
    home.report("data", &["--allow-deletes"]);
    assert_eq!(seen(&home), [two]);
}

#[test]
fn a_ticket_that_is_delivered_for_another_customer_leaves_the_first_ones_agents() {
    let home = Home::new();
    shop(&home);
    home.write("tickets/a.jsonl", line("T-1", "C-1", "offen"));
    home.report("data", &[]);
    assert_eq!(seen(&home), [row("T-1", Some("O-1"), TicketStatus::Open, 1)]);
    // Nobody knows the status, but whose it is not any more.
    home.write("tickets/a.jsonl", line("T-1", "C-2", "verloren"));
    home.report("data", &[]);
    assert_eq!(seen(&home), []);
    home.write("tickets/a.jsonl", line("T-1", "C-2", "in Bearbeitung"));
    home.report("data", &[]);
    assert_eq!(seen(&home), [row("T-1", None, TicketStatus::InProgress, 1)]);
    home.write("tickets/a.jsonl", line("T-1", "C-9", "offen"));
    home.report("data", &[]);
    assert_eq!(seen(&home), []);
    home.assert_verified("data");
}

#[test]
fn a_run_that_is_killed_before_it_writes_rows_shows_nobody_anothers_words() {
    let home = Home::new();
    shop(&home);
    let told = |customer: &str, words: &str| line("T-1", customer, "open").replace("Sie tropft.", words);
    home.write("tickets/a.jsonl", told("C-1", "Von Ute."));
    home.report("data", &[]);
    home.write("tickets/a.jsonl", told("C-2", "Von Ali."));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let open = || runtime.block_on(Stores::open_embedded(&home.path("data"), "test")).unwrap();
    let stores = open();
    let first = runtime.block_on(row_of(&stores));
    runtime.block_on(stores.close());
    home.report("data", &[]);
    let stores = open();
    runtime.block_on(async {
        let second = row_of(&stores).await;
        assert_eq!(words(&stores, &second).await, "Von Ali.");
        // The row as the killed run would have left it.
        let given = Given {
            id: "T-1".to_owned(),
            customer: first.customer_id.clone(),
            order: None,
            product: None,
            status: TicketStatus::Open,
            created: first.created,
            document: DocumentId::derive("tickets/a.jsonl", Some("T-1")),
            version: first.body.split(':').nth(1).unwrap().to_owned(),
        };
        tickets::settle(&stores.database, &[given]).await.unwrap();
        let left = row_of(&stores).await;
        assert_eq!((&left.body, left.customer_id.as_str()), (&first.body, "C-1"));
        assert_eq!(words(&stores, &left).await, "Von Ute.");
        stores.close().await;
    });
}

async fn row_of(stores: &Stores) -> Ticket {
    let agent = AgentId::parse("A-1").unwrap();
    let seer = Seer { agent: &agent, request_id: "r-1" };
    tickets::read(&stores.database, seer, "T-1").await.unwrap().unwrap().0
}

async fn words(stores: &Stores, row: &Ticket) -> String {
    let mut bodies = stores.documents.tickets(&[&row.body]).await.unwrap();
    bodies.remove(&row.body).unwrap().body
}

#[test]
fn the_words_for_a_status_are_documented_as_they_are() {
    let mut table = String::from("| status | words |\n|---|---|\n");
    for (status, words) in tickets::WORDS {
        writeln!(table, "| `{}` | {} |", status.as_str(), words.join(", ")).unwrap();
    }
    assert_documented("statuses", &table);
}
