//! Who saw what of a customer, and what else must be traceable: `audit.events`, append-only.
//!
//! What is shown of customers is written by the statements that read it ([`crate::facts`]), changes of an order's status by the
//! database itself, whoever writes them. Nothing changes or removes an event but [`purge`].

use auskunft_model::{AgentId, CustomerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::Database;
use crate::error::{Result, database};
use crate::ledger::parse_word;

/// Events are kept for at least so many days; the database refuses to remove younger ones.
pub const LEAST_DAYS: u32 = 30;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Data of a customer was read for an agent; `detail` names the subjects beyond orders and parcels.
    CustomerDataShown,
    /// Returns were among it; `detail` names them.
    ReturnDetailsShown,
    /// An order's status was changed; `detail` names the order, both states and the database user that wrote it.
    OrderStatusChanged,
    /// An agent asked for a customer that it may not see, or that does not exist.
    PermissionDenied,
    /// A token was revoked.
    TokenRevoked,
    /// Something failed that people must look into.
    SystemError,
}

impl EventKind {
    /// The kind as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CustomerDataShown => "customer_data_shown",
            Self::ReturnDetailsShown => "return_details_shown",
            Self::OrderStatusChanged => "order_status_changed",
            Self::PermissionDenied => "permission_denied",
            Self::TokenRevoked => "token_revoked",
            Self::SystemError => "system_error",
        }
    }
}

/// Something to be kept. `detail` must hold no words of questions or documents.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// What happened.
    pub kind: EventKind,
    /// Who did it, where an agent did.
    pub agent: Option<&'a AgentId>,
    /// Whose data it is about.
    pub customer: Option<&'a CustomerId>,
    /// The request that it happened in.
    pub request_id: Option<&'a str>,
    /// What else must be known.
    pub detail: serde_json::Value,
}

/// An event as it was kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Rising; time and number are given by the database.
    pub id: i64,
    /// When.
    pub ts: DateTime<Utc>,
    /// What happened.
    pub kind: EventKind,
    /// Who did it, as stated by the asker.
    pub agent_id: Option<String>,
    /// Whose data it is about.
    pub customer_id: Option<String>,
    /// The request that it happened in.
    pub request_id: Option<String>,
    /// What else is known.
    pub detail: serde_json::Value,
}

/// Keeps an event. For what is written without a statement that reads: tokens, errors.
pub async fn record(database_: &Database, event: &NewEvent<'_>) -> Result<()> {
    let query = sqlx::query(
        "insert into audit.events (agent_id, customer_id, kind, request_id, detail) values ($1, $2, $3, $4, $5)",
    );
    query
        .bind(event.agent.map(AgentId::as_str))
        .bind(event.customer.map(CustomerId::as_str))
        .bind(event.kind.as_str())
        .bind(event.request_id)
        .bind(Json(&event.detail))
        .execute(database_.pool())
        .await
        .map_err(database("write audit"))?;
    Ok(())
}

/// Which events to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// About this customer alone.
    pub customer: Option<CustomerId>,
    /// From this time on.
    pub since: Option<DateTime<Utc>>,
    /// With ids above this one.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

impl Wanted {
    /// Events with ids above this one, at most so many.
    pub fn after(after: i64, limit: i64) -> Self {
        Self { after, limit, ..Self::default() }
    }
}

/// Events, oldest first: those with the lowest ids.
pub async fn events(database_: &Database, wanted: &Wanted) -> Result<Vec<Event>> {
    type Row =
        (i64, DateTime<Utc>, String, Option<String>, Option<String>, Option<String>, Json<serde_json::Value>);
    // Spelled out for each, so that the events of one customer, and those of a time, are found by their indexes.
    let whose = if wanted.customer.is_some() { "customer_id = $3" } else { "$3::text is null" };
    let since = if wanted.since.is_some() { "ts >= $4" } else { "$4::timestamptz is null" };
    let statement = format!(
        "select id, ts, kind, agent_id, customer_id, request_id, detail from audit.events
         where id > $1 and {whose} and {since} order by id limit $2"
    );
    let query = sqlx::query_as::<_, Row>(sqlx::AssertSqlSafe(statement));
    let query = query.bind(wanted.after).bind(wanted.limit);
    let query = query.bind(wanted.customer.as_ref().map(CustomerId::as_str)).bind(wanted.since);
    let rows = query.fetch_all(database_.pool()).await.map_err(database("read audit"))?;
    let read = |(id, ts, kind, agent_id, customer_id, request_id, Json(detail)): Row| {
        let kind = parse_word("read audit", &kind)?;
        Ok(Event { id, ts, kind, agent_id, customer_id, request_id, detail })
    };
    rows.into_iter().map(read).collect()
}

/// Removes the events that are older than so many days, at least [`LEAST_DAYS`]; returns how many.
pub async fn purge(database_: &Database, days: u32) -> Result<u64> {
    let days = i32::try_from(days.max(LEAST_DAYS)).unwrap_or(i32::MAX);
    let query = sqlx::query_scalar::<_, i64>("select audit.purge($1)").bind(days);
    let removed = database_.write_one("purge audit", query).await?;
    Ok(removed.unsigned_abs())
}

#[cfg(test)]
mod tests;
