//! Tickets: to whom they belong, how they stand, and what was done about them.
//!
//! Every statement that reads or changes a ticket for an agent holds the permission (active, and permitted for the customer's
//! region) and writes the audit. A ticket that an agent may not see and one that does not exist look and cost the same.
//! What customers wrote is not here: the row names the document that holds it.

use auskunft_model::{AgentId, CustomerId, DocumentId, ProductId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{FromRow, Row};

use crate::Database;
use crate::error::{Result, database};
use crate::ledger::parse_word;

mod settle;
#[cfg(test)]
mod tests;

pub use settle::{Given, Unsettled, remove_gone, settle, unsettled};

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Nobody works on it yet.
    Open,
    /// Somebody works on it.
    InProgress,
    /// It waits for the customer or for others.
    Waiting,
    /// It is solved, the customer may still object.
    Solved,
    /// It is over.
    Closed,
}

impl TicketStatus {
    /// The status as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Waiting => "waiting",
            Self::Solved => "solved",
            Self::Closed => "closed",
        }
    }

    /// What a catalog calls so; `None` = nothing that is known.
    pub fn of_catalog(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
            "open" | "new" | "reopened" => Some(Self::Open),
            "in_progress" | "assigned" => Some(Self::InProgress),
            "waiting" | "pending" | "on_hold" => Some(Self::Waiting),
            "solved" | "resolved" => Some(Self::Solved),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

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
    /// Where the document store has its body.
    pub document_id: DocumentId,
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
            document_id: DocumentId::parse(&document).map_err(|error| decode(Box::new(error)))?,
        })
    }
}

/// A ticket that the agent may see, with what was done about it, oldest first. One statement.
pub async fn read(
    database_: &Database,
    seer: Seer<'_>,
    id: &str,
) -> Result<Option<(Ticket, Vec<TicketEvent>)>> {
    const OPERATION: &str = "read ticket";
    let query = sqlx::query(
        "with seen as materialized (
             select t.* from shop.tickets t
             join shop.customers c on c.id = t.customer_id
             join shop.agent_permissions p on p.region = c.region and p.agent_id = $1
             join shop.agents a on a.agent_id = p.agent_id and a.active
             where t.id = $2
         ), audited as (
             insert into audit.events (agent_id, customer_id, kind, request_id, detail)
             select $1, (select customer_id from shop.tickets where id = $2),
                 case when exists (select from seen) then 'customer_data_shown' else 'permission_denied' end, $3,
                 jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_build_array($2::text))
         )
         select id::text, customer_id::text, order_id::text, product_id::text, agent_id::text, status, created_at, updated_at,
             version, document_id,
             (select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'agent_id', e.agent_id, 'change', e.change,
                  'old', e.old, 'new', e.new, 'note', e.note) order by e.id), '[]')
              from shop.ticket_events e where e.ticket_id = seen.id) as history
         from seen",
    );
    let query = query.bind(seer.agent.as_str()).bind(id).bind(seer.request_id);
    let found = query.fetch_optional(database_.pool()).await.map_err(database(OPERATION))?;
    let Some(row) = found else { return Ok(None) };
    let ticket = Ticket::from_row(&row).map_err(database(OPERATION))?;
    let history: Json<Vec<TicketEvent>> = row.try_get("history").map_err(database(OPERATION))?;
    Ok(Some((ticket, history.0)))
}

/// Tickets that the agent may see, newest first. One statement; a customer that the agent may not see has none.
pub async fn list(database_: &Database, seer: Seer<'_>, query: &TicketQuery) -> Result<Vec<Ticket>> {
    let statement = sqlx::query_as::<_, Ticket>(
        "with seen as materialized (
             select t.* from shop.tickets t
             join shop.customers c on c.id = t.customer_id
             join shop.agent_permissions p on p.region = c.region and p.agent_id = $1
             join shop.agents a on a.agent_id = p.agent_id and a.active
             where ($3::text is null or t.customer_id = $3) and ($4::text is null or t.status = $4)
                 and ($5::timestamptz is null or (t.created_at, t.id::text) < ($5, $6::text))
             order by t.created_at desc, t.id::text desc limit $7
         ), shown as (
             insert into audit.events (agent_id, customer_id, kind, request_id, detail)
             select $1, customer_id, 'customer_data_shown', $2,
                 jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_agg(id order by id))
             from seen group by customer_id
         ), refused as (
             insert into audit.events (agent_id, customer_id, kind, request_id, detail)
             select $1, $3, 'permission_denied', $2, jsonb_build_object('subjects', jsonb_build_array('tickets'))
             where $3::text is not null and not exists (
                 select from shop.customers c
                 join shop.agent_permissions p on p.region = c.region and p.agent_id = $1
                 join shop.agents a on a.agent_id = p.agent_id and a.active
                 where c.id = $3)
         )
         select id::text, customer_id::text, order_id::text, product_id::text, agent_id::text, status, created_at, updated_at,
             version, document_id
         from seen order by created_at desc, id::text desc",
    );
    let (time, id) = query.after.clone().unzip();
    let statement = statement
        .bind(seer.agent.as_str())
        .bind(seer.request_id)
        .bind(query.customer.as_ref().map(CustomerId::as_str))
        .bind(query.status.map(TicketStatus::as_str))
        .bind(time)
        .bind(id)
        .bind(query.limit);
    statement.fetch_all(database_.pool()).await.map_err(database("list tickets"))
}

/// Changes a ticket that the agent may see; `None` = there is none. One statement.
pub async fn change(
    database_: &Database,
    seer: Seer<'_>,
    id: &str,
    change: &Change,
) -> Result<Option<Changed>> {
    const OPERATION: &str = "change ticket";
    let query = sqlx::query(CHANGE)
        .bind(seer.agent.as_str())
        .bind(seer.request_id)
        .bind(id)
        .bind(change.version)
        .bind(change.status.map(TicketStatus::as_str))
        .bind(change.agent.is_some())
        .bind(change.agent.as_ref().and_then(|agent| agent.as_ref().map(AgentId::as_str)))
        .bind(change.note.as_deref());
    let found = query.fetch_optional(database_.pool()).await.map_err(database(OPERATION))?;
    let Some(row) = found else { return Ok(None) };
    let seen: i64 = row.try_get("seen_version").map_err(database(OPERATION))?;
    let is_done: bool = row.try_get("is_done").map_err(database(OPERATION))?;
    let fits: bool = row.try_get("fits").map_err(database(OPERATION))?;
    Ok(Some(if is_done {
        Changed::Done(Ticket::from_row(&row).map_err(database(OPERATION))?)
    } else if !fits && seen == change.version {
        Changed::NoSuchAgent
    } else {
        Changed::Conflict(seen)
    }))
}

/// The row is locked first, so that of two changes to the same version the second one sees the first.
const CHANGE: &str = "with seen as materialized (
        select t.*, c.region from shop.tickets t
        join shop.customers c on c.id = t.customer_id
        join shop.agent_permissions p on p.region = c.region and p.agent_id = $1
        join shop.agents a on a.agent_id = p.agent_id and a.active
        where t.id = $3
        for update of t
    ), assignee as materialized (
        select not $6 or $7::text is null or exists (
            select from seen
            join shop.agent_permissions p on p.region = seen.region and p.agent_id = $7
            join shop.agents a on a.agent_id = p.agent_id and a.active) as fits
    ), changed as (
        update shop.tickets t
        set status = coalesce($5, t.status), agent_id = case when $6 then $7 else t.agent_id end,
            version = t.version + 1, updated_at = now()
        from seen, assignee where t.id = seen.id and t.version = $4 and seen.version = $4 and assignee.fits
        returning t.*
    ), noted as (
        insert into shop.ticket_events (ticket_id, agent_id, change, old, new, note)
        select changed.id, $1, what.change, what.old, what.new, what.note
        from changed join seen on seen.id = changed.id
        cross join lateral (values
            (1, 'status', seen.status, changed.status, null),
            (2, 'agent', seen.agent_id, changed.agent_id, null),
            (3, 'note', null, null, $8::text)) as what (place, change, old, new, note)
        where what.old is distinct from what.new or what.note is not null
        order by what.place
    ), audited as (
        insert into audit.events (agent_id, customer_id, kind, request_id, detail)
        select $1, (select customer_id from shop.tickets where id = $3),
            case when exists (select from seen) then 'customer_data_shown' else 'permission_denied' end, $2,
            jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_build_array($3::text))
    )
    select seen.version as seen_version, changed.id is not null as is_done, assignee.fits,
        changed.id::text, changed.customer_id::text, changed.order_id::text, changed.product_id::text,
        changed.agent_id::text, changed.status, changed.created_at, changed.updated_at, changed.version,
        changed.document_id
    from seen cross join assignee left join changed on changed.id = seen.id";

/// Opens a ticket for a customer that the agent may see; `None` = there is no such customer, or the order is not the customer's.
/// One statement.
pub async fn open(database_: &Database, seer: Seer<'_>, ticket: &NewTicket<'_>) -> Result<Option<Ticket>> {
    let query = sqlx::query_as::<_, Ticket>(
        "with permitted as materialized (
             select c.id from shop.customers c
             join shop.agent_permissions p on p.region = c.region and p.agent_id = $1
             join shop.agents a on a.agent_id = p.agent_id and a.active
             where c.id = $4 and ($5::text is null or exists (
                 select from shop.orders o where o.order_id = $5 and o.customer_id = c.id))
         ), made as (
             insert into shop.tickets (id, customer_id, order_id, product_id, status, created_at, updated_at, document_id)
             select $3, id, $5, $6, 'open', $7, $7, $8 from permitted
             returning *
         ), opened as (
             insert into shop.ticket_events (ticket_id, at, agent_id, change, new)
             select id, created_at, $1, 'opened', status from made
         ), audited as (
             insert into audit.events (agent_id, customer_id, kind, request_id, detail)
             select $1, $4, case when exists (select from permitted) then 'customer_data_shown' else 'permission_denied' end,
                 $2, jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_build_array($3::text))
         )
         select id::text, customer_id::text, order_id::text, product_id::text, agent_id::text, status, created_at, updated_at,
             version, document_id
         from made",
    );
    let query = query
        .bind(seer.agent.as_str())
        .bind(seer.request_id)
        .bind(ticket.id)
        .bind(ticket.customer.as_str())
        .bind(ticket.order)
        .bind(ticket.product.map(ProductId::as_str))
        .bind(ticket.created)
        .bind(ticket.document.as_str());
    query.fetch_optional(database_.pool()).await.map_err(database("open ticket"))
}
