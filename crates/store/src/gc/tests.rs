use auskunft_model::{AgentId, CustomerId, DocumentId, Ticket};

use super::*;
use crate::documents::ticket_key;
use crate::testing::{Opened, on_servers_too};
use crate::tickets::{self, NewTicket, Seer};
use crate::verify::{self, ProblemKind};

/// Keeps the words of a ticket that an agent opened so many minutes ago.
async fn written(opened: &Opened, id: &str, minutes: i64) -> (DocumentId, String) {
    let ticket = Ticket {
        id: id.to_owned(),
        customer_id: "C-1".to_owned(),
        order_id: None,
        product: None,
        status: "open".to_owned(),
        subject: "Tropft".to_owned(),
        body: "Sie tropft.".to_owned(),
        created: Utc::now() - TimeDelta::minutes(minutes),
        resolution: None,
    };
    let document = DocumentId::derive("support/tickets", Some(id));
    let key = ticket_key(&document, None);
    opened.stores.documents.put_tickets(&[(key.clone(), &ticket)]).await.unwrap();
    (document, key)
}

#[tokio::test]
async fn words_of_a_ticket_without_a_row_go_when_nobody_is_about_to_write_it() {
    let opened = Opened::new().await;
    opened
        .sql(
            "insert into shop.agents values ('A-1', 'Ida', 'lead', true);
             insert into shop.agent_permissions values ('A-1', 'EU');
             insert into shop.customers (id, name, region) values ('C-1', 'Ute', 'EU')",
        )
        .await;
    let (document, with_row) = written(&opened, "T-1", 120).await;
    let (_, left_behind) = written(&opened, "T-2", 61).await;
    let (_, just_written) = written(&opened, "T-3", 59).await;
    let (agent, customer) = (AgentId::parse("A-1").unwrap(), CustomerId::parse("C-1").unwrap());
    let seer = Seer { agent: &agent, request_id: "r-1" };
    let ticket = NewTicket {
        id: "T-1",
        customer: &customer,
        order: None,
        product: None,
        created: Utc::now(),
        document: &document,
    };
    tickets::open(&opened.stores.database, seer, &ticket).await.unwrap().unwrap();
    let removed =
        run(&opened.stores, Retention { audit_days: 1_095, chat_days: 365, generations: 2 }).await.unwrap();
    assert_eq!(removed.tickets, 1);
    let asked = [with_row.as_str(), left_behind.as_str(), just_written.as_str()];
    let left = opened.stores.documents.tickets(&asked).await.unwrap();
    assert_eq!(asked.map(|key| left.contains_key(key)), [true, false, true]);

    // A row whose words are lost is told.
    let missing = async || {
        let found = verify::problems(&opened.stores, &opened.info).await.unwrap();
        let tickets = found.into_iter().filter(|problem| problem.kind == ProblemKind::MissingTicket);
        tickets.map(|problem| problem.id).collect::<Vec<_>>()
    };
    assert!(missing().await.is_empty());
    opened.stores.documents.remove(Collection::Tickets, &[with_row]).await.unwrap();
    assert_eq!(missing().await, ["T-1"]);
    opened.close().await;
}

on_servers_too!(words_of_a_ticket_without_a_row_go_when_nobody_is_about_to_write_it,);
