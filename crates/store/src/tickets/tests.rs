use std::sync::Arc;

use super::*;
use auskunft_model::Generation;
use sqlx::AssertSqlSafe;

use crate::Database;
use crate::documents::ticket_key;
use crate::shop_data;
use crate::testing::{Place, on_servers_too};
use crate::tokens::{self, Revocation};

const TABLES: [(&str, &[&[&str]]); 5] = [
    (
        "agents",
        &[
            &["A-1", "Britta", "agent", "true"],
            &["A-2", "Carlos", "agent", "true"],
            &["A-3", "Dagmar", "lead", "true"],
            &["A-4", "Emil", "agent", "false"],
        ],
    ),
    ("agent_permissions", &[&["A-1", "EU"], &["A-2", "US"], &["A-3", "EU"], &["A-3", "US"], &["A-4", "EU"]]),
    (
        "customers",
        &[
            &["C-1", "Ute", "", "", "", "", "", "DE", "EU", "de"],
            &["C-2", "Jane", "", "", "", "", "", "US", "US", "en"],
        ],
    ),
    ("orders", &[&["O-1", "C-1", "2026-11-10T10:12:00Z", "EU", "EUR", "1.00", "shipped"]]),
    ("order_items", &[&["O-1", "1", "KM-1", "1", "1.00"]]),
];

async fn database() -> (Arc<Database>, Place) {
    let place = Place::new().await;
    let database = Arc::new(place.database().await);
    shop_data::load(&database, &TABLES).await.unwrap().unwrap();
    (database, place)
}

fn agent(id: &str) -> AgentId {
    AgentId::parse(id).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

/// Opens a ticket as the lead.
async fn opened(
    database: &Database,
    id: &str,
    customer: &str,
    order: Option<&str>,
    seconds: i64,
) -> Option<Ticket> {
    let (lead, customer) = (agent("A-3"), CustomerId::parse(customer).unwrap());
    let document = DocumentId::derive("test", Some(id));
    let ticket = NewTicket {
        id,
        customer: &customer,
        order,
        product: None,
        created: at(seconds),
        document: &document,
    };
    open(database, Seer { agent: &lead, request_id: "r-open" }, &ticket).await.unwrap()
}

/// Kind, agent, customer of the audit's rows of a request.
async fn audit(database: &Database, request: &str) -> Vec<(String, Option<String>, Option<String>)> {
    let query = "select kind, agent_id, customer_id from audit.events where request_id = $1 order by id";
    sqlx::query_as(query).bind(request).fetch_all(database.pool()).await.unwrap()
}

fn event(kind: &str, agent: &str, customer: Option<&str>) -> (String, Option<String>, Option<String>) {
    (kind.to_owned(), Some(agent.to_owned()), customer.map(str::to_owned))
}

#[tokio::test]
async fn a_ticket_is_seen_in_its_region_alone_and_every_look_is_kept() {
    let (database, _folder) = database().await;
    opened(&database, "T-1", "C-1", Some("O-1"), 0).await.unwrap();
    let (eu, us, gone) = (agent("A-1"), agent("A-2"), agent("A-4"));
    let look = async |agent: &AgentId, id: &str, request_id: &str| {
        read(&database, Seer { agent, request_id }, id).await.unwrap()
    };
    let (ticket, history) = look(&eu, "T-1", "r-1").await.unwrap();
    assert_eq!((ticket.customer_id.as_str(), ticket.order_id.as_deref()), ("C-1", Some("O-1")));
    assert_eq!((ticket.status, ticket.version, ticket.created), (TicketStatus::Open, 1, at(0)));
    assert_eq!(
        (history.len(), history[0].change.as_str(), history[0].agent_id.as_deref()),
        (1, "opened", Some("A-3"))
    );
    assert_eq!(look(&us, "T-1", "r-2").await, None);
    assert_eq!(look(&us, "T-9", "r-3").await, None);
    assert_eq!(look(&gone, "T-1", "r-4").await, None);
    assert_eq!(audit(&database, "r-1").await, [event("customer_data_shown", "A-1", Some("C-1"))]);
    assert_eq!(audit(&database, "r-2").await, [event("permission_denied", "A-2", Some("C-1"))]);
    assert_eq!(audit(&database, "r-3").await, [event("permission_denied", "A-2", None)]);
    assert_eq!(audit(&database, "r-4").await, [event("permission_denied", "A-4", Some("C-1"))]);
}

#[tokio::test]
async fn lists_hold_what_the_agent_may_see_page_by_page() {
    let (database, _folder) = database().await;
    for (id, customer, seconds) in
        [("T-1", "C-1", 10), ("T-2", "C-2", 20), ("T-3", "C-1", 10), ("T-4", "C-1", 5)]
    {
        opened(&database, id, customer, None, seconds).await.unwrap();
    }
    let ids = async |agent_id: &str, query: &TicketQuery| -> Vec<String> {
        let agent = agent(agent_id);
        let found = list(&database, Seer { agent: &agent, request_id: "r-list" }, query).await.unwrap();
        found.into_iter().map(|ticket| ticket.id).collect()
    };
    let all = TicketQuery { limit: 10, ..TicketQuery::default() };
    assert_eq!(ids("A-3", &all).await, ["T-2", "T-3", "T-1", "T-4"]);
    assert_eq!(ids("A-1", &all).await, ["T-3", "T-1", "T-4"]);
    assert_eq!(ids("A-2", &all).await, ["T-2"]);
    assert!(ids("A-4", &all).await.is_empty());
    let page = TicketQuery { after: Some((at(10), "T-3".to_owned())), limit: 1, ..all.clone() };
    assert_eq!(ids("A-1", &page).await, ["T-1"]);
    let closed = TicketQuery { status: Some(TicketStatus::Closed), ..all.clone() };
    assert!(ids("A-3", &closed).await.is_empty());
    let closed = TicketQuery { customer: CustomerId::parse("C-2").ok(), ..closed };
    assert!(ids("A-2", &closed).await.is_empty());
    assert_eq!(
        audit(&database, "r-list").await.last(),
        Some(&event("customer_data_shown", "A-2", Some("C-2"))),
        "a look that finds nothing is one, too"
    );
    let before = audit(&database, "r-list").await.len();
    let of = |id: &str| TicketQuery { customer: CustomerId::parse(id).ok(), ..all.clone() };
    assert!(ids("A-1", &of("C-2")).await.is_empty());
    assert!(ids("A-1", &of("C-9")).await.is_empty());
    assert_eq!(ids("A-1", &of("C-1")).await.len(), 3);
    assert_eq!(
        audit(&database, "r-list").await[before..],
        [
            event("permission_denied", "A-1", Some("C-2")),
            event("permission_denied", "A-1", Some("C-9")),
            event("customer_data_shown", "A-1", Some("C-1"))
        ]
    );
}

#[tokio::test]
async fn of_two_changes_to_one_version_the_second_is_refused() {
    let (database, _folder) = database().await;
    opened(&database, "T-1", "C-1", None, 0).await.unwrap();
    let (eu, us) = (agent("A-1"), agent("A-2"));
    let seer = Seer { agent: &eu, request_id: "r-1" };
    let take = Change {
        version: 1,
        status: Some(TicketStatus::InProgress),
        agent: Some(Some(eu.clone())),
        note: Some("ruft zurück".to_owned()),
    };
    let Some(Changed::Done(ticket)) = change(&database, seer, "T-1", &take).await.unwrap() else { panic!() };
    assert_eq!(
        (ticket.version, ticket.status, ticket.agent_id.as_deref()),
        (2, TicketStatus::InProgress, Some("A-1"))
    );
    assert_eq!(change(&database, seer, "T-1", &take).await.unwrap(), Some(Changed::Conflict(2)));
    let foreign = Change { version: 2, agent: Some(Some(us.clone())), ..Change::default() };
    assert_eq!(change(&database, seer, "T-1", &foreign).await.unwrap(), Some(Changed::NoSuchAgent));
    let unseen = Seer { agent: &us, request_id: "r-2" };
    assert_eq!(change(&database, unseen, "T-1", &Change { version: 2, ..take.clone() }).await.unwrap(), None);
    assert_eq!(audit(&database, "r-2").await, [event("permission_denied", "A-2", Some("C-1"))]);
    let give_back = Change { version: 2, agent: Some(None), ..Change::default() };
    let Some(Changed::Done(ticket)) = change(&database, seer, "T-1", &give_back).await.unwrap() else {
        panic!()
    };
    assert_eq!((ticket.version, ticket.agent_id), (3, None));
    let (_, history) = read(&database, seer, "T-1").await.unwrap().unwrap();
    let steps: Vec<(&str, Option<&str>, Option<&str>)> =
        history.iter().map(|one| (one.change.as_str(), one.old.as_deref(), one.new.as_deref())).collect();
    assert_eq!(
        steps,
        [
            ("opened", None, Some("open")),
            ("status", Some("open"), Some("in_progress")),
            ("agent", None, Some("A-1")),
            ("note", None, None),
            ("agent", Some("A-1"), None)
        ]
    );
    assert_eq!(history[3].note.as_deref(), Some("ruft zurück"));
}

#[tokio::test]
async fn tickets_are_opened_for_customers_in_reach_and_their_own_orders() {
    let (database, _folder) = database().await;
    assert!(opened(&database, "T-1", "C-9", None, 0).await.is_none());
    assert!(opened(&database, "T-1", "C-2", Some("O-1"), 0).await.is_none(), "another customer's order");
    assert!(opened(&database, "T-1", "C-1", Some("O-1"), 0).await.is_some());
    assert_eq!(
        audit(&database, "r-open").await,
        [
            event("permission_denied", "A-3", Some("C-9")),
            event("permission_denied", "A-3", Some("C-2")),
            event("customer_data_shown", "A-3", Some("C-1"))
        ]
    );
    let us = agent("A-2");
    let may = async |customer: &str, order: Option<&str>| {
        let customer = CustomerId::parse(customer).unwrap();
        may_open(&database, Seer { agent: &us, request_id: "r-may" }, &customer, order).await.unwrap()
    };
    assert!(may("C-2", None).await && !may("C-2", Some("O-1")).await && !may("C-1", None).await);
    let denied = |customer| event("permission_denied", "A-2", Some(customer));
    assert_eq!(audit(&database, "r-may").await, [denied("C-2"), denied("C-1")]);
}

/// Which steps of a statement's plan were taken, by their places.
async fn steps_taken(database: &Database, statement: &str, agent: &str, id: &str) -> Vec<(usize, bool)> {
    let explain = format!("explain (analyze, costs off, timing off, summary off) {statement}");
    let mut query =
        sqlx::query_scalar::<_, String>(AssertSqlSafe(explain)).bind(agent).bind(id).bind("r-plan");
    if statement == writing::CHANGE {
        query = query.bind(1_i64).bind(Some("closed")).bind(false).bind(None::<&str>).bind(Some("Notiz"));
    }
    let lines = query.fetch_all(database.pool()).await.unwrap();
    let steps = lines.into_iter().filter(|line| line.contains("->")).enumerate();
    steps.map(|(place, line)| (place, !line.contains("never executed"))).collect()
}

#[tokio::test]
async fn a_ticket_that_may_not_be_seen_takes_the_steps_of_one_that_does_not_exist() {
    let (database, _folder) = database().await;
    opened(&database, "T-1", "C-1", None, 0).await.unwrap();
    for statement in [looking::READ, writing::CHANGE] {
        for agent in ["A-2", "A-4", "A-9"] {
            let hidden = steps_taken(&database, statement, agent, "T-1").await;
            assert_eq!(hidden, steps_taken(&database, statement, agent, "T-9").await, "{agent} {statement}");
        }
        let hidden = steps_taken(&database, statement, "A-2", "T-1").await;
        assert_ne!(hidden, steps_taken(&database, statement, "A-1", "T-1").await, "{statement}");
    }
}

fn given(id: &str, customer: &str, status: TicketStatus, version: &str) -> Given {
    Given {
        id: id.to_owned(),
        customer: customer.to_owned(),
        order: Some("O-1".to_owned()),
        product: None,
        status,
        created: at(0),
        document: DocumentId::derive("tickets.jsonl", Some(id)),
        version: version.to_owned(),
    }
}

#[tokio::test]
async fn what_a_catalog_delivers_becomes_rows_of_known_customers() {
    let (database, _folder) = database().await;
    let first = [
        given("T-1", "C-1", TicketStatus::Open, "1"),
        given("T-2", "C-2", TicketStatus::Open, "1"),
        given("T-3", "C-9", TicketStatus::Open, "1"),
    ];
    assert_eq!(settle(&database, &first).await.unwrap(), ["T-3"]);
    assert!(settle(&database, &first[2..]).await.unwrap() == ["T-3"]);
    let lead = agent("A-3");
    let seer = Seer { agent: &lead, request_id: "r-1" };
    let (ticket, _) = read(&database, seer, "T-1").await.unwrap().unwrap();
    assert_eq!((ticket.order_id.as_deref(), ticket.version), (Some("O-1"), 1));
    let (ticket, _) = read(&database, seer, "T-2").await.unwrap().unwrap();
    assert_eq!(ticket.order_id, None, "the order is another customer's");
    settle(&database, &[given("T-1", "C-1", TicketStatus::Closed, "2")]).await.unwrap();
    let (ticket, history) = read(&database, seer, "T-1").await.unwrap().unwrap();
    assert_eq!((ticket.status, ticket.version, history.len()), (TicketStatus::Closed, 2, 2));
    assert_eq!((history[1].old.as_deref(), history[1].agent_id.as_deref()), (Some("open"), None));
    assert_eq!(ticket.body, ticket_key(&DocumentId::derive("tickets.jsonl", Some("T-1")), Some("2")));
    // Nothing of the ledger names them: they are gone, what an agent opened stays.
    opened(&database, "T-8", "C-1", None, 0).await.unwrap();
    assert_eq!(remove_gone(&database, Generation(1)).await.unwrap(), 2);
    assert!(read(&database, seer, "T-8").await.unwrap().is_some());
}

#[tokio::test]
async fn a_ticket_that_is_another_customers_by_now_is_taken_from_the_first_ones_agents() {
    let (database, _folder) = database().await;
    let (eu, us) = (agent("A-1"), agent("A-2"));
    let look = async |agent: &AgentId| read(&database, Seer { agent, request_id: "r" }, "T-1").await.unwrap();
    settle(&database, &[given("T-1", "C-1", TicketStatus::Open, "1")]).await.unwrap();
    let note = Change { version: 1, note: Some("Ute ruft zurück".to_owned()), ..Change::default() };
    change(&database, Seer { agent: &eu, request_id: "r" }, "T-1", &note).await.unwrap();
    // Delivered anew, and the run was killed before it wrote rows: the row shows what belongs to it.
    let (ticket, _) = look(&eu).await.unwrap();
    assert_eq!(ticket.body, ticket_key(&DocumentId::derive("tickets.jsonl", Some("T-1")), Some("1")));
    settle(&database, &[given("T-1", "C-2", TicketStatus::Open, "2")]).await.unwrap();
    assert_eq!(look(&eu).await, None);
    let (ticket, history) = look(&us).await.unwrap();
    assert_eq!((ticket.customer_id.as_str(), ticket.version, history.len()), ("C-2", 1, 1));
    assert_eq!(history[0].change, "opened", "what was noted about C-1 is gone");
    assert_eq!(settle(&database, &[given("T-1", "C-9", TicketStatus::Open, "3")]).await.unwrap(), ["T-1"]);
    assert_eq!((look(&eu).await, look(&us).await), (None, None));
    // What agents opened is theirs, whatever a catalog calls by the same number.
    opened(&database, "T-8", "C-1", None, 0).await.unwrap();
    assert_eq!(withdraw(&database, &[("T-8".to_owned(), "C-2".to_owned())]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_revoked_token_is_kept_until_it_would_have_ended() {
    let (database, _folder) = database().await;
    let lead = agent("A-3");
    let now = Utc::now();
    for (token_id, minutes) in [("t-1", 5), ("t-2", -5)] {
        let expires = now + chrono::TimeDelta::minutes(minutes);
        let revocation = Revocation { token_id, expires, agent: &lead, request_id: "r-1" };
        tokens::revoke(&database, revocation).await.unwrap();
    }
    assert!(tokens::is_revoked(&database, "t-1").await.unwrap());
    assert!(!tokens::is_revoked(&database, "t-2").await.unwrap());
    let kept: Vec<String> = tokens::revoked(&database).await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(kept, ["t-1"]);
    assert_eq!(
        audit(&database, "r-1").await,
        [event("token_revoked", "A-3", None), event("token_revoked", "A-3", None)]
    );
}

on_servers_too!(
    a_ticket_is_seen_in_its_region_alone_and_every_look_is_kept,
    lists_hold_what_the_agent_may_see_page_by_page,
    of_two_changes_to_one_version_the_second_is_refused,
    tickets_are_opened_for_customers_in_reach_and_their_own_orders,
    a_ticket_that_may_not_be_seen_takes_the_steps_of_one_that_does_not_exist,
    what_a_catalog_delivers_becomes_rows_of_known_customers,
    a_ticket_that_is_another_customers_by_now_is_taken_from_the_first_ones_agents,
    a_revoked_token_is_kept_until_it_would_have_ended,
);
