//! Brings the rows of tickets in line with the ledger: agents find a ticket by its row. Running it twice changes nothing; a
//! ticket whose customer the shop does not know yet gets its row when it does.

use std::collections::HashMap;

use auskunft_model::{CustomerId, Generation, ProductId, Ticket, id};
use auskunft_store::Stores;
use auskunft_store::tickets::{self, Given, TicketStatus, Unsettled};

/// Tickets whose bodies are read, and whose rows are written, at once.
const BATCH: usize = 256;

/// Settles all tickets; returns what a person should know about those that are left without a row.
pub async fn settle(stores: &Stores, generation: Generation) -> anyhow::Result<Vec<String>> {
    tickets::remove_gone(&stores.database, generation).await?;
    let mut left = Left::default();
    for batch in tickets::unsettled(&stores.database, generation).await?.chunks(BATCH) {
        let keys: Vec<String> = batch.iter().map(Unsettled::body).collect();
        let bodies = stores.documents.tickets(&keys.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        // Before anything else is judged: a ticket that is another customer's by now, known or not, is not shown any more.
        let owners: Vec<(String, String)> = batch.iter().filter_map(|one| owner(one, &bodies)).collect();
        tickets::withdraw(&stores.database, &owners).await?;
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
            Some(format!(
                "{} tickets {why}, so no agent sees what they say now (the first: {first})",
                ids.len()
            ))
        };
        let unknown = note(&self.unknown, "name a customer that the shop does not know");
        let odd = note(&self.odd, "have a status that is none of those in docs/shop-data.md");
        unknown.into_iter().chain(odd).collect()
    }
}

/// A ticket's id, and whose it is.
fn owner(one: &Unsettled, bodies: &HashMap<String, Ticket>) -> Option<(String, String)> {
    bodies.get(&one.body()).map(|ticket| (one.id.clone(), ticket.customer_id.clone()))
}

/// The row of a ticket. One whose body is missing is left alone: `verify` reports it.
fn given(one: &Unsettled, bodies: &HashMap<String, Ticket>, left: &mut Left) -> Option<Given> {
    let ticket = bodies.get(&one.body())?;
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
