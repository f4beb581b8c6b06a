//! Brings the rows of tickets in line with the ledger: agents find a ticket by its row. Running it twice changes nothing; a
//! ticket whose customer the shop does not know yet gets its row when it does.

use std::collections::HashMap;

use auskunft_model::{CustomerId, DocumentId, Generation, ProductId, Ticket, id};
use auskunft_store::Stores;
use auskunft_store::tickets::{self, Given, TicketStatus, Unsettled};

/// Tickets whose bodies are read, and whose rows are written, at once.
const BATCH: usize = 256;

/// Settles all tickets; returns what a person should know about those that are left without a row.
pub async fn settle(stores: &Stores, generation: Generation) -> anyhow::Result<Vec<String>> {
    tickets::remove_gone(&stores.database, generation).await?;
    let mut left = Left::default();
    for batch in tickets::unsettled(&stores.database, generation).await?.chunks(BATCH) {
        let documents: Vec<&DocumentId> = batch.iter().map(|one| &one.document).collect();
        let bodies = stores.documents.tickets(&documents).await?;
        let given: Vec<Given> = batch.iter().filter_map(|one| given(one, &bodies, &mut left)).collect();
        if !given.is_empty() {
            left.unknown.extend(tickets::settle(&stores.database, &given).await?);
        }
    }
    Ok(left.notes())
}

/// Tickets without a row.
#[derive(Default)]
struct Left {
    /// Their customers are none of the shop's.
    unknown: Vec<String>,
    /// What they call their status is nothing that is known.
    odd: Vec<String>,
}

impl Left {
    fn notes(&self) -> Vec<String> {
        let note = |ids: &[String], why: &str| {
            let first = ids.first()?;
            Some(format!("{} tickets {why}, so no agent sees them (the first: {first})", ids.len()))
        };
        let unknown = note(&self.unknown, "name a customer that the shop does not know");
        let odd = note(&self.odd, "have a status other than open, in_progress, waiting, solved or closed");
        unknown.into_iter().chain(odd).collect()
    }
}

/// The row of a ticket. One whose body is missing is left alone: `verify` reports it.
fn given(one: &Unsettled, bodies: &HashMap<DocumentId, Ticket>, left: &mut Left) -> Option<Given> {
    let ticket = bodies.get(&one.document)?;
    let Some(status) = TicketStatus::of_catalog(&ticket.status) else {
        left.odd.push(one.id.clone());
        return None;
    };
    if id::check(&one.id).is_err() || CustomerId::parse(&ticket.customer_id).is_err() {
        left.unknown.push(one.id.clone());
        return None;
    }
    let product = ticket.product.as_deref().filter(|product| ProductId::parse(product).is_ok());
    Some(Given {
        id: one.id.clone(),
        customer: ticket.customer_id.clone(),
        order: ticket.order_id.clone(),
        product: product.map(str::to_owned),
        status,
        created: ticket.created,
        document: one.document.clone(),
        version: one.version.clone(),
    })
}
