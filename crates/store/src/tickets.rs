//! Tickets: to whom they belong, how they stand, and what was done about them.
//!
//! Every statement that reads or changes a ticket for an agent holds the permission (active, and permitted for the customer's
//! region) and writes the audit. A ticket that an agent may not see and one that does not exist look the same and take the same
//! steps. What customers wrote is not here: the row names what holds it, in the version that the row is of.

use auskunft_model::{AgentId, CustomerId, DocumentId, ProductId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};

use crate::documents::ticket_key;
use crate::ledger::parse_word;

mod looking;
mod settle;
mod status;
#[cfg(test)]
mod tests;
mod writing;

pub use looking::{list, read};
pub use settle::{Given, Unsettled, remove_gone, settle, unsettled, withdraw};
pub use status::{TicketStatus, WORDS};
pub use writing::{change, may_open, open};

/// Who wants to see or change tickets, for permission and audit.
#[derive(Debug, Clone, Copy)]
pub struct Seer<'a> {
    /// The agent.
    pub agent: &'a AgentId,
    /// Names the request in the audit.
    pub request_id: &'a str,
}

/// A ticket without what the customer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub customer_id: String,
    /// The order that it is about.
    pub order_id: Option<String>,
    /// The product that it is about.
    pub product_id: Option<String>,
    /// Who works on it.
    pub agent_id: Option<String>,
    /// How it stands.
    pub status: TicketStatus,
    /// When it was opened.
    pub created: DateTime<Utc>,
    /// When it was changed last.
    pub updated: DateTime<Utc>,
    /// Raised by each change, from 1.
    pub version: i64,
    /// Under which key the document store has its body, in the version that this row is of.
    pub body: String,
}

/// Something that was done about a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; `None` = it came with the catalog.
    pub agent_id: Option<String>,
    /// `opened`, `status`, `agent` or `note`.
    pub change: String,
    /// What it was before.
    pub old: Option<String>,
    /// What it became.
    pub new: Option<String>,
    /// Words of the agent.
    pub note: Option<String>,
}

/// Which tickets to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct TicketQuery {
    /// Of this customer alone.
    pub customer: Option<CustomerId>,
    /// Of this status alone.
    pub status: Option<TicketStatus>,
    /// Those that come after this one: when it was opened, and its id.
    pub after: Option<(DateTime<Utc>, String)>,
    /// At most so many.
    pub limit: i64,
}

/// A change to a ticket.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The version that was seen.
    pub version: i64,
    /// How it stands from now on.
    pub status: Option<TicketStatus>,
    /// Who works on it from now on; `Some(None)` = nobody.
    pub agent: Option<Option<AgentId>>,
    /// Words about it.
    pub note: Option<String>,
}

/// What became of a [`Change`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Done; the ticket as it is now.
    Done(Ticket),
    /// Somebody else changed it: it has this version now.
    Conflict(i64),
    /// The agent that should work on it is none that may see the customer.
    NoSuchAgent,
}

/// A ticket to open.
#[derive(Debug, Clone)]
pub struct NewTicket<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whose it is.
    pub customer: &'a CustomerId,
    /// The order that it is about.
    pub order: Option<&'a str>,
    /// The product that it is about.
    pub product: Option<&'a ProductId>,
    /// When it is opened.
    pub created: DateTime<Utc>,
    /// Where the document store has its body.
    pub document: &'a DocumentId,
}

impl FromRow<'_, PgRow> for Ticket {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let decode = |error: Box<dyn std::error::Error + Send + Sync>| sqlx::Error::Decode(error);
        let status: String = row.try_get("status")?;
        let document: String = row.try_get("document_id")?;
        let document = DocumentId::parse(&document).map_err(|error| decode(Box::new(error)))?;
        let delivered: Option<String> = row.try_get("source_version")?;
        Ok(Self {
            id: row.try_get("id")?,
            customer_id: row.try_get("customer_id")?,
            order_id: row.try_get("order_id")?,
            product_id: row.try_get("product_id")?,
            agent_id: row.try_get("agent_id")?,
            status: parse_word("read tickets", &status).map_err(|error| decode(Box::new(error)))?,
            created: row.try_get("created_at")?,
            updated: row.try_get("updated_at")?,
            version: row.try_get("version")?,
            body: ticket_key(&document, delivered.as_deref()),
        })
    }
}

/// What a [`Ticket`] is read from, of a row by that name.
macro_rules! columns {
    ($row:literal) => {
        concat!(
            $row,
            ".id::text, ",
            $row,
            ".customer_id::text, ",
            $row,
            ".order_id::text, ",
            $row,
            ".product_id::text, ",
            $row,
            ".agent_id::text, ",
            $row,
            ".status, ",
            $row,
            ".created_at, ",
            $row,
            ".updated_at, ",
            $row,
            ".version, ",
            $row,
            ".document_id, ",
            $row,
            ".source_version"
        )
    };
}

/// The agent, `$1`, with its regions: where permission begins, as in the facts of customers. `offset 0` keeps the look-ups after it
/// in the order that they are written in.
macro_rules! asker {
    () => {
        "with asker as materialized (
             select array(select region::text from shop.agent_permissions where agent_id = agent.agent_id) as regions
             from shop.agents agent where agent.agent_id = $1 and agent.active
         )"
    };
}

/// Whether the agent may see the customer `$2`: `permitted` has its row, or none.
macro_rules! permitted_customer {
    () => {
        concat!(
            $crate::tickets::asker!(),
            ", permitted as materialized (
                 select customer.id
                 from asker
                 cross join lateral (
                     select id from shop.customers where id = $2 and region = any(asker.regions) offset 0
                 ) customer
             )"
        )
    };
}

/// Whose the ticket `$2` is (`named`), and whether the agent may see that customer (`permitted`, no row or one). Where there is no
/// such ticket, a customer is looked for all the same: both cases take the same steps.
macro_rules! owner {
    () => {
        concat!(
            $crate::tickets::asker!(),
            ", named as materialized (
                 select (select customer_id::text from shop.tickets where id = $2) as customer_id
             ), permitted as materialized (
                 select customer.*
                 from asker
                 cross join named
                 cross join lateral (
                     select id, region from shop.customers
                     where id = coalesce(named.customer_id, '') and region = any(asker.regions) offset 0
                 ) customer
             )"
        )
    };
}

/// The row of the audit for the look of agent `$1` at ticket `$2` in request `$3`: shown when `seen` has a row, else refused.
macro_rules! look {
    () => {
        "audited as (
            insert into audit.events (agent_id, customer_id, kind, request_id, detail)
            select $1, named.customer_id,
                case when exists (select from seen) then 'customer_data_shown' else 'permission_denied' end, $3,
                jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_build_array($2::text))
            from named
        )"
    };
}
pub(crate) use {asker, permitted_customer};
use {columns, look, owner};
