//! Reading tickets for an agent.

use auskunft_model::CustomerId;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;
use sqlx::types::Json;
use sqlx::{FromRow, Postgres, Row};

use super::{Seer, Ticket, TicketEvent, TicketQuery, TicketStatus, asker, columns, look, owner};
use crate::Database;
use crate::error::{Result, database};

/// `$1` agent, `$2` ticket, `$3` request.
pub(super) const READ: &str = concat!(
    owner!(),
    ", seen as materialized (
         select ticket.*
         from permitted
         cross join lateral (
             select * from shop.tickets where tickets.id = $2 and tickets.customer_id = permitted.id offset 0
         ) ticket
     ), ",
    look!(),
    " select ",
    columns!("seen"),
    ", (select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'agent_id', e.agent_id, 'change', e.change,
            'old', e.old, 'new', e.new, 'note', e.note) order by e.id), '[]')
        from shop.ticket_events e where e.ticket_id = seen.id) as history
     from seen"
);

/// `$1` agent, `$2` request, `$3` customer, `$4` status, `$5` and `$6` the place before, `$7` limit.
const LIST_OF_CUSTOMER: &str = concat!(
    asker!(),
    ", permitted as materialized (
         select customer.id
         from asker
         cross join lateral (
             select id from shop.customers where id = $3 and region = any(asker.regions) offset 0
         ) customer
     ), seen as materialized (
         select ticket.*
         from permitted
         cross join lateral (
             select * from shop.tickets t
             where t.customer_id = permitted.id and ($4::text is null or t.status = $4)
                 and ($5::timestamptz is null or (t.created_at, t.id::text) < ($5, $6::text))
             order by t.created_at desc, t.id::text desc limit $7
         ) ticket
     ), audited as (
         insert into audit.events (agent_id, customer_id, kind, request_id, detail)
         select $1, $3, case when exists (select from permitted) then 'customer_data_shown' else 'permission_denied' end, $2,
             jsonb_build_object('subjects', jsonb_build_array('tickets'))
                 || case when exists (select from permitted)
                     then jsonb_build_object('ticket_ids', (select coalesce(jsonb_agg(id order by id), '[]') from seen))
                     else '{}' end
     )
     select ",
    columns!("seen"),
    " from seen order by created_at desc, id::text desc"
);

/// As [`LIST_OF_CUSTOMER`], of all customers that the agent may see: `$3` is null.
const LIST: &str = concat!(
    asker!(),
    ", seen as materialized (
         select ticket.*
         from asker
         cross join lateral (
             select t.* from shop.tickets t join shop.customers c on c.id = t.customer_id
             where c.region = any(asker.regions) and $3::text is null and ($4::text is null or t.status = $4)
                 and ($5::timestamptz is null or (t.created_at, t.id::text) < ($5, $6::text))
             order by t.created_at desc, t.id::text desc limit $7
         ) ticket
     ), audited as (
         insert into audit.events (agent_id, customer_id, kind, request_id, detail)
         select $1, customer_id, 'customer_data_shown', $2,
             jsonb_build_object('subjects', jsonb_build_array('tickets'), 'ticket_ids', jsonb_agg(id order by id))
         from seen group by customer_id
     )
     select ",
    columns!("seen"),
    " from seen order by created_at desc, id::text desc"
);

/// A ticket that the agent may see, with what was done about it, oldest first. One statement.
pub async fn read(
    database_: &Database,
    seer: Seer<'_>,
    id: &str,
) -> Result<Option<(Ticket, Vec<TicketEvent>)>> {
    const OPERATION: &str = "read ticket";
    let query = sqlx::query(READ).bind(seer.agent.as_str()).bind(id).bind(seer.request_id);
    let found = query.fetch_optional(database_.pool()).await.map_err(database(OPERATION))?;
    let Some(row) = found else { return Ok(None) };
    let ticket = Ticket::from_row(&row).map_err(database(OPERATION))?;
    let history: Json<Vec<TicketEvent>> = row.try_get("history").map_err(database(OPERATION))?;
    Ok(Some((ticket, history.0)))
}

/// Tickets that the agent may see, newest first. One statement; a customer that the agent may not see has none. Who asks for a
/// customer leaves a trace, be there tickets or not.
pub async fn list(database_: &Database, seer: Seer<'_>, query: &TicketQuery) -> Result<Vec<Ticket>> {
    let statement = if query.customer.is_some() { LIST_OF_CUSTOMER } else { LIST };
    let statement = bound(sqlx::query_as::<_, Ticket>(statement), seer, query);
    statement.fetch_all(database_.pool()).await.map_err(database("list tickets"))
}

fn bound<'q>(
    statement: QueryAs<'q, Postgres, Ticket, PgArguments>,
    seer: Seer<'q>,
    query: &'q TicketQuery,
) -> QueryAs<'q, Postgres, Ticket, PgArguments> {
    let (time, id) = query.after.clone().unzip();
    statement
        .bind(seer.agent.as_str())
        .bind(seer.request_id)
        .bind(query.customer.as_ref().map(CustomerId::as_str))
        .bind(query.status.map(TicketStatus::as_str))
        .bind(time)
        .bind(id)
        .bind(query.limit)
}
