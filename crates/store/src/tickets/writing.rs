//! Changing and opening tickets for an agent.

use auskunft_model::{AgentId, CustomerId, ProductId};
use sqlx::{FromRow, Row};

use super::{
    Change, Changed, NewTicket, Seer, Ticket, TicketStatus, columns, look, owner, permitted_customer,
};
use crate::Database;
use crate::error::{Result, database};

/// `$1` agent, `$2` ticket, `$3` request, `$4` version, `$5` status, `$6` whether the agent changes, `$7` to whom, `$8` note. The
/// row is locked first, so that of two changes to the same version the second one sees the first.
pub(super) const CHANGE: &str = concat!(
    owner!(),
    ", seen as materialized (
        select ticket.*, permitted.region
        from permitted
        cross join lateral (
            select * from shop.tickets where tickets.id = $2 and tickets.customer_id = permitted.id
            offset 0 for update
        ) ticket
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
    ), ",
    look!(),
    " select seen.version as seen_version, changed.id is not null as is_done, assignee.fits, ",
    columns!("changed"),
    " from seen cross join assignee left join changed on changed.id = seen.id"
);

/// Whether the agent may see the customer (`permitted`, no row or one), and the order is the customer's or none (`owned`): `$1`
/// agent, `$2` customer, `$3` order.
macro_rules! owned {
    () => {
        concat!(
            permitted_customer!(),
            ", owned as materialized (
                 select permitted.id from permitted
                 where $3::text is null or exists (
                     select from shop.orders o where o.order_id = $3 and o.customer_id = permitted.id)
             )"
        )
    };
}

/// `$4` request. What is permitted leaves its trace when the ticket is opened.
const MAY_OPEN: &str = concat!(
    owned!(),
    ", refused as (
        insert into audit.events (agent_id, customer_id, kind, request_id, detail)
        select $1, $2, 'permission_denied', $4, jsonb_build_object('subjects', jsonb_build_array('tickets'))
        where not exists (select from owned)
    )
    select exists (select from owned)"
);

/// `$4` request, `$5` ticket, `$6` product, `$7` time, `$8` document.
const OPEN: &str = concat!(
    owned!(),
    ", made as (
        insert into shop.tickets (id, customer_id, order_id, product_id, status, created_at, updated_at, document_id)
        select $5, id, $3, $6, 'open', $7, $7, $8 from owned
        returning *
    ), opened as (
        insert into shop.ticket_events (ticket_id, at, agent_id, change, new)
        select id, created_at, $1, 'opened', status from made
    ), audited as (
        insert into audit.events (agent_id, customer_id, kind, request_id, detail)
        select $1, $2, case when exists (select from owned) then 'customer_data_shown' else 'permission_denied' end, $4,
            jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_build_array($5::text))
    )
    select ",
    columns!("made"),
    " from made"
);

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
        .bind(id)
        .bind(seer.request_id)
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

/// Whether the agent may open a ticket for the customer, about that order: asked before the customer's words are kept anywhere.
/// A refusal is audited. One statement.
pub async fn may_open(
    database_: &Database,
    seer: Seer<'_>,
    customer: &CustomerId,
    order: Option<&str>,
) -> Result<bool> {
    let query = sqlx::query_scalar(MAY_OPEN)
        .bind(seer.agent.as_str())
        .bind(customer.as_str())
        .bind(order)
        .bind(seer.request_id);
    query.fetch_one(database_.pool()).await.map_err(database("judge new ticket"))
}

/// Opens a ticket for a customer that the agent may see; `None` = there is no such customer, or the order is not the customer's.
/// Its body is in the document store by then. One statement.
pub async fn open(database_: &Database, seer: Seer<'_>, ticket: &NewTicket<'_>) -> Result<Option<Ticket>> {
    let query = sqlx::query_as::<_, Ticket>(OPEN)
        .bind(seer.agent.as_str())
        .bind(ticket.customer.as_str())
        .bind(ticket.order)
        .bind(seer.request_id)
        .bind(ticket.id)
        .bind(ticket.product.map(ProductId::as_str))
        .bind(ticket.created)
        .bind(ticket.document.as_str());
    query.fetch_optional(database_.pool()).await.map_err(database("open ticket"))
}
