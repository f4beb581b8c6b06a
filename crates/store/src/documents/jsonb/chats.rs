//! Chats in Postgres: a row for each chat and for each message.

use async_trait::async_trait;
use auskunft_model::{AgentId, CustomerId};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{JsonbDocuments, size, to_json};
use crate::chats::{ChatId, ChatMessage, ChatPage, ChatStore, ChatSummary, Placed, StoredReply, check_sizes};
use crate::error::{Result, corrupt, database};

/// The chat's row is locked first, so that positions rise in the order of arrival.
const APPEND: &str = "
    with chat as (
        insert into documents.chats (id, session_id, agent_id, customer_id, started_at, last_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update set last_at = greatest(documents.chats.last_at, excluded.last_at)
        returning id
    )
    insert into documents.chat_messages (chat, id, at, body)
    select chat.id, message.id, message.at, message.body
    from chat, unnest($7::text[], $8::timestamptz[], $9::jsonb[]) with ordinality as message (id, at, body, ordinal)
    order by message.ordinal
    on conflict (chat, id) do nothing";

const MESSAGES: &str = "
    select position, body from documents.chat_messages
    where chat = $1 and position < $2 order by position desc limit $3";

const CHATS: &str = "
    select id, session_id, customer_id, started_at, last_at from documents.chats
    where agent_id = $1 order by last_at desc, id desc limit $2";
const CHATS_AFTER: &str = "
    select id, session_id, customer_id, started_at, last_at from documents.chats
    where agent_id = $1 and (last_at, id) < ($3, $4) order by last_at desc, id desc limit $2";

const KEEP_REPLY: &str =
    "insert into documents.replies (id, body) values ($1, $2) on conflict (id) do nothing";

const REMOVE_MESSAGES: &str = "
    delete from documents.chat_messages where (chat, id) in
        (select chat, id from documents.chat_messages where at < $1 order by at limit $2)";
const REMOVE_CHATS: &str = "
    delete from documents.chats where last_at < $1 and id in
        (select chat.id from documents.chats chat where chat.last_at < $1 and not exists
             (select from documents.chat_messages message where message.chat = chat.id)
         order by chat.last_at limit $2)";
const REMOVE_REPLIES: &str = "
    delete from documents.replies where id in
        (select id from documents.replies where at < $1 order by at limit $2)";

#[async_trait]
impl ChatStore for JsonbDocuments {
    async fn append(&self, chat: &ChatId, messages: &[ChatMessage]) -> Result<u32> {
        let times = || messages.iter().map(ChatMessage::at);
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(0) };
        check_sizes(messages)?;
        let bodies = messages.iter().map(to_json).collect::<Result<Vec<Value>>>()?;
        let bytes: usize = bodies.iter().map(size).sum();
        self.database.check_space("append to a chat", (bytes as u64).saturating_mul(2))?;
        let query = sqlx::query(APPEND)
            .bind(chat.key())
            .bind(chat.session())
            .bind(chat.agent().map(AgentId::as_str))
            .bind(chat.customer().map(CustomerId::as_str))
            .bind(first)
            .bind(last)
            .bind(messages.iter().map(|message| message.id.as_str()).collect::<Vec<_>>())
            .bind(times().collect::<Vec<_>>())
            .bind(bodies);
        query.execute(self.database.pool()).await.map_err(database("append to a chat"))?;
        Ok(1)
    }

    async fn messages(&self, chat: &ChatId, before: Option<i64>, limit: usize) -> Result<ChatPage> {
        const OPERATION: &str = "read a chat";
        // One more than wanted tells whether there are older ones.
        let rows = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let query = sqlx::query_as::<_, (i64, Value)>(MESSAGES);
        let query = query.bind(chat.key()).bind(before.unwrap_or(i64::MAX)).bind(rows);
        let mut rows = query.fetch_all(self.database.pool()).await.map_err(database(OPERATION))?;
        let has_older = rows.len() > limit;
        rows.truncate(limit);
        let read = |(position, body): (i64, Value)| {
            // The parser's words would quote the message.
            let message = serde_json::from_value(body)
                .map_err(|_| corrupt(OPERATION, format!("message {position} of a chat")))?;
            Ok(Placed { position, message })
        };
        let messages = rows.into_iter().rev().map(read).collect::<Result<_>>()?;
        Ok(ChatPage { messages, has_older, operations: 1 })
    }

    async fn chats(
        &self,
        agent: &AgentId,
        after: Option<&ChatSummary>,
        limit: usize,
    ) -> Result<Vec<ChatSummary>> {
        type Row = (String, String, Option<String>, DateTime<Utc>, DateTime<Utc>);
        const OPERATION: &str = "list chats";
        let statement = if after.is_some() { CHATS_AFTER } else { CHATS };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = sqlx::query_as::<_, Row>(statement).bind(agent.as_str()).bind(limit);
        if let Some(after) = after {
            query = query.bind(after.last).bind(after.id.key());
        }
        let rows = query.fetch_all(self.database.pool()).await.map_err(database(OPERATION))?;
        let read = |(id, session, customer, started, last): Row| {
            let customer = customer.as_deref().map(CustomerId::parse).transpose();
            let id = customer
                .and_then(|customer| ChatId::of_agent(&session, agent.clone(), customer))
                .map_err(|_| corrupt(OPERATION, format!("chat {id}")))?;
            Ok(ChatSummary { id, started, last })
        };
        rows.into_iter().map(read).collect()
    }

    async fn keep_reply(&self, chat: &ChatId, key: &str, reply: &StoredReply) -> Result<Option<StoredReply>> {
        let query = sqlx::query(KEEP_REPLY).bind(chat.reply_key(key)).bind(to_json(reply)?);
        let done = query.execute(self.database.pool()).await.map_err(database("keep a reply"))?;
        if done.rows_affected() == 1 { Ok(None) } else { self.reply(chat, key).await }
    }

    async fn reply(&self, chat: &ChatId, key: &str) -> Result<Option<StoredReply>> {
        const OPERATION: &str = "read a reply";
        let query = sqlx::query_scalar::<_, Value>("select body from documents.replies where id = $1");
        let query = query.bind(chat.reply_key(key));
        let body = query.fetch_optional(self.database.pool()).await.map_err(database(OPERATION))?;
        let read = |body| serde_json::from_value(body).map_err(|_| corrupt(OPERATION, "a reply of a chat"));
        body.map(read).transpose()
    }

    async fn remove_messages(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        Ok(self.remove_old(REMOVE_MESSAGES, before, limit).await?
            + self.remove_old(REMOVE_CHATS, before, limit).await?)
    }

    async fn remove_replies(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        self.remove_old(REMOVE_REPLIES, before, limit).await
    }
}

impl JsonbDocuments {
    async fn remove_old(&self, statement: &'static str, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        let query = sqlx::query(statement).bind(before).bind(limit);
        let done = query.execute(self.database.pool()).await.map_err(database("remove old messages"))?;
        Ok(done.rows_affected())
    }
}
