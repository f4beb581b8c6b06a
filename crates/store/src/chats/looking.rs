//! Who may look at chats about customers, and what agents think of answers: in Postgres, whatever holds the chats.
//!
//! As with tickets the statement that judges writes the audit, and what is not permitted and what does not exist take the same steps.

use std::collections::HashSet;

use auskunft_model::CustomerId;
use chrono::{DateTime, Utc};

use super::ChatId;
use crate::Database;
use crate::error::{Result, database};
use crate::tickets::{Seer, asker, permitted_customer};

/// `$1` agent, `$2` customers, `$3` request.
pub(crate) const LIST: &str = concat!(
    asker!(),
    ", permitted as materialized (
         select customer.id
         from asker
         cross join lateral (
             select id::text from shop.customers where id = any($2::text[]) and region = any(asker.regions) offset 0
         ) customer
     ), audited as (
         insert into audit.events (agent_id, customer_id, kind, request_id, detail)
         select $1, id, 'customer_data_shown', $3, jsonb_build_object('subjects', jsonb_build_array('chats'))
         from permitted
     )
     select id from permitted"
);

/// `$1` agent, `$2` customer, `$3` request, `$4` session, `$5` whether there is such a chat.
pub(crate) const LOOK: &str = concat!(
    permitted_customer!(),
    ", shown as materialized (select id from permitted where $5),
     audited as (
         insert into audit.events (agent_id, customer_id, kind, request_id, detail)
         select $1, $2,
             case when exists (select from shown) then 'customer_data_shown' else 'permission_denied' end, $3,
             jsonb_build_object('subjects', jsonb_build_array('chats'), 'session_ids', jsonb_build_array($4::text))
     )
     select exists (select from shown)"
);

/// Those of these customers whose chats the agent may see in a list now; leaves a row of the audit for each.
pub async fn listed(
    database_: &Database,
    seer: Seer<'_>,
    customers: &[&CustomerId],
) -> Result<HashSet<String>> {
    if customers.is_empty() {
        return Ok(HashSet::new());
    }
    let customers: Vec<&str> = customers.iter().map(|customer| customer.as_str()).collect();
    let query = sqlx::query_scalar(LIST).bind(seer.agent.as_str()).bind(customers).bind(seer.request_id);
    let found = query.fetch_all(database_.pool()).await.map_err(database("list chats"))?;
    Ok(found.into_iter().collect())
}

/// Whether the agent may see a chat with that customer now; leaves a row of the audit, also of a refusal. `exists`: whether there is
/// such a chat.
pub async fn may_look(
    database_: &Database,
    seer: Seer<'_>,
    session: &str,
    customer: &CustomerId,
    exists: bool,
) -> Result<bool> {
    let query = sqlx::query_scalar(LOOK).bind(seer.agent.as_str()).bind(customer.as_str());
    let query = query.bind(seer.request_id).bind(session).bind(exists);
    query.fetch_one(database_.pool()).await.map_err(database("look at a chat"))
}

/// What an agent thinks of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Feedback<'a> {
    /// The request or the message.
    pub about: &'a str,
    /// Whether it helped.
    pub helpful: bool,
    /// Words about it, at most 2,000 characters.
    pub comment: Option<&'a str>,
}

/// Keeps what the agent of a chat thinks of an answer; of the same answer the latest opinion alone. Guests have none.
pub async fn keep_feedback(database_: &Database, chat: &ChatId, feedback: Feedback<'_>) -> Result<()> {
    let Some(agent) = chat.agent() else { return Ok(()) };
    let query = sqlx::query(
        "insert into documents.feedback (agent_id, session_id, about, customer_id, helpful, comment)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (agent_id, session_id, about)
             do update set helpful = excluded.helpful, comment = excluded.comment, at = now()",
    );
    let query = query.bind(agent.as_str()).bind(chat.session()).bind(feedback.about);
    let query = query.bind(chat.customer().map(CustomerId::as_str));
    let query = query.bind(feedback.helpful).bind(feedback.comment);
    query.execute(database_.pool()).await.map_err(database("keep feedback"))?;
    Ok(())
}

/// Removes opinions of before that time, at most `limit`; returns how many.
pub(super) async fn remove_feedback(database_: &Database, before: DateTime<Utc>, limit: i64) -> Result<u64> {
    let query = sqlx::query(
        "delete from documents.feedback where at < $1 and (agent_id, session_id, about) in
             (select agent_id, session_id, about from documents.feedback where at < $1 order by at limit $2)",
    );
    let done = query.bind(before).bind(limit).execute(database_.pool()).await;
    Ok(done.map_err(database("remove feedback"))?.rows_affected())
}
