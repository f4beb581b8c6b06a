//! Rows of the tickets that a catalog delivers: brought in line with the ledger, as products are.

use auskunft_model::{DocumentId, Generation};
use chrono::{DateTime, Utc};

use super::TicketStatus;
use crate::Database;
use crate::documents::ticket_key;
use crate::error::{Result, corrupt, database};

const OPERATION: &str = "settle tickets";

/// A ticket of the ledger whose row is missing or of another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The ticket's id.
    pub id: String,
    /// Where its body is.
    pub document: DocumentId,
    /// Its version in the ledger.
    pub version: String,
}

impl Unsettled {
    /// Under which key the document store has its body.
    pub fn body(&self) -> String {
        ticket_key(&self.document, Some(&self.version))
    }
}

/// A ticket as the catalog gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The ticket's id, of the form of identifiers.
    pub id: String,
    /// Whose it is, of the form of identifiers.
    pub customer: String,
    /// The order that it is about; one that is not the customer's is left out.
    pub order: Option<String>,
    /// The product that it is about, of the form of identifiers.
    pub product: Option<String>,
    /// How it stands.
    pub status: TicketStatus,
    /// When it was opened.
    pub created: DateTime<Utc>,
    /// Where its body is.
    pub document: DocumentId,
    /// Its version in the ledger.
    pub version: String,
}

/// Tickets whose rows must be written. Of a number that several sources hold, the first by path counts; one that an agent
/// has opened is the agent's.
pub async fn unsettled(database_: &Database, generation: Generation) -> Result<Vec<Unsettled>> {
    let query = sqlx::query_as::<_, (String, String, String)>(
        "select d.anchor, d.document_id, d.version
         from (select distinct on (anchor) anchor, document_id, version from knowledge.documents
               where generation = $1 and kind = 'ticket' and anchor is not null order by anchor, source) d
         left join shop.tickets t on t.id = d.anchor
         where t.id is null
             or (t.source_version is not null and (t.source_version, t.document_id) <> (d.version, d.document_id))
         order by d.anchor",
    );
    let rows = query.bind(generation.0).fetch_all(database_.pool()).await.map_err(database(OPERATION))?;
    let read = |(id, document, version): (String, String, String)| {
        let document = DocumentId::parse(&document).map_err(|error| corrupt(OPERATION, error))?;
        Ok(Unsettled { id, document, version })
    };
    rows.into_iter().map(read).collect()
}

/// Takes back rows of tickets (ids with the customers that the catalog names for them now) that belong to another customer, with
/// their history: what was done for one customer is nothing for the eyes that see another. Returns how many.
pub async fn withdraw(database_: &Database, tickets: &[(String, String)]) -> Result<u64> {
    let (ids, customers): (Vec<&str>, Vec<&str>) =
        tickets.iter().map(|(id, customer)| (id.as_str(), customer.as_str())).unzip();
    let query = sqlx::query(
        "delete from shop.tickets t using unnest($1::text[], $2::text[]) as given (id, customer_id)
         where t.id = given.id and t.source_version is not null and t.customer_id <> given.customer_id",
    );
    database_.write(OPERATION, query.bind(ids).bind(customers)).await
}

/// Writes the rows of those whose customers the shop knows; returns the ids of the others. What a catalog says anew about a
/// ticket is written over what agents made of it, and stands in its history. A row of another customer is withdrawn first.
pub async fn settle(database_: &Database, given: &[Given]) -> Result<Vec<String>> {
    let owners: Vec<(String, String)> =
        given.iter().map(|one| (one.id.clone(), one.customer.clone())).collect();
    withdraw(database_, &owners).await?;
    let texts =
        |of: fn(&Given) -> &str| -> Vec<String> { given.iter().map(|one| of(one).to_owned()).collect() };
    let orders: Vec<Option<&str>> = given.iter().map(|one| one.order.as_deref()).collect();
    let products: Vec<Option<&str>> = given.iter().map(|one| one.product.as_deref()).collect();
    let created: Vec<DateTime<Utc>> = given.iter().map(|one| one.created).collect();
    let query = sqlx::query_scalar(SETTLE)
        .bind(texts(|one| &one.id))
        .bind(texts(|one| &one.customer))
        .bind(orders)
        .bind(products)
        .bind(texts(|one| one.status.as_str()))
        .bind(created)
        .bind(texts(|one| one.document.as_str()))
        .bind(texts(|one| &one.version));
    database_.write_all(OPERATION, query).await
}

const SETTLE: &str = "with given as materialized (
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
            $8::text[]) as given (id, customer_id, order_id, product_id, status, created_at, document_id, version)
    ), known as materialized (
        select given.*, o.order_id as own_order, there.status as old_status, there.id is not null as is_there
        from given
        join shop.customers c on c.id = given.customer_id
        left join shop.orders o on o.order_id = given.order_id and o.customer_id = given.customer_id
        left join shop.tickets there on there.id = given.id
    ), written as (
        insert into shop.tickets as there
            (id, customer_id, order_id, product_id, status, created_at, updated_at, document_id, source_version)
        select id, customer_id, own_order, product_id, status, created_at, greatest(created_at, now()), document_id, version
        from known
        on conflict (id) do update set
            customer_id = excluded.customer_id, order_id = excluded.order_id, product_id = excluded.product_id,
            status = excluded.status, created_at = excluded.created_at, updated_at = excluded.updated_at,
            document_id = excluded.document_id, source_version = excluded.source_version, version = there.version + 1
        returning id
    ), noted as (
        insert into shop.ticket_events (ticket_id, at, change, old, new)
        select id, case when is_there then now() else created_at end, case when is_there then 'status' else 'opened' end,
            old_status, status
        from known where old_status is distinct from status order by id
    )
    select given.id from given where not exists (select from known where known.id = given.id) order by given.id";

/// Removes the rows of tickets that the catalog had delivered and does not hold any more, with their history; returns how many.
pub async fn remove_gone(database_: &Database, generation: Generation) -> Result<u64> {
    let query = sqlx::query(
        "delete from shop.tickets t where t.source_version is not null and not exists (
             select from knowledge.documents d
             where d.generation = $1 and d.kind = 'ticket' and d.anchor = t.id)",
    );
    database_.write(OPERATION, query.bind(generation.0)).await
}
