//! Chats in buckets: the one that is written to has the chat's key as `_id`, full ones lie behind it (`super::rolling`).
//!
//! An append is one conditional update of the open bucket: none of the messages is in it, it is not full, and all of them are younger
//! than everything in the full ones (`rolled_to`). Only where that does not hold is looked closer. So a message that is written
//! again, in whatever order and by whomever, finds itself or is newer than all that it could be found in.

use async_trait::async_trait;
use auskunft_model::{AgentId, CustomerId};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use mongodb::bson::{Bson as Value, DateTime as Time, Document as Bson, doc};
use mongodb::options::{CollectionOptions, SelectionCriteria};
use serde::{Deserialize, Serialize};

use super::MongoDocuments;
use super::batches::pieces;
use super::failure::is_duplicate;
use super::rolling::{Bucket, archive_key, stored};
use crate::chats::{ChatId, ChatMessage, ChatPage, ChatStore, ChatSummary, Placed, StoredReply, check_sizes};
use crate::documents::jsonb::to_json;
use crate::error::{Error, ErrorKind, Result, corrupt};
use crate::operation::Operation;

const APPEND: &str = "append to a chat";
const READ: &str = "read a chat";

/// Messages of a bucket, and of an append: an update writes the whole bucket anew.
pub(super) const BUCKET_MESSAGES: usize = 64;
/// A bucket that holds so many bytes takes no more.
pub(super) const BUCKET_BYTES: usize = 256 << 10;
/// Positions of a bucket; more than it has messages.
const POSITIONS: i64 = 1 << 16;
/// How often an append begins anew because others changed the bucket in between; each time somebody gets on.
const TRIES: u32 = 64;

#[derive(Debug, Serialize, Deserialize)]
struct Reply {
    #[serde(rename = "_id")]
    id: String,
    session_id: String,
    at: Time,
    body: String,
}

impl MongoDocuments {
    /// Read on the primary alone: what is concluded from it must be the latest.
    pub(super) fn chat_collection<T: Send + Sync>(&self, name: &str) -> mongodb::Collection<T> {
        let options = CollectionOptions::builder();
        let primary = SelectionCriteria::ReadPreference(mongodb::options::ReadPreference::Primary);
        self.database().collection_with_options(name, options.selection_criteria(primary).build())
    }

    pub(super) fn buckets(&self) -> mongodb::Collection<Bucket> {
        self.chat_collection("chats")
    }

    pub(super) async fn bucket(&self, id: &str) -> Result<Option<Bucket>> {
        let buckets = self.buckets();
        let read = || async { buckets.find_one(doc! { "_id": id }).max_time(self.limits.operation).await };
        Operation::mongodb("find", "chats").of(self.run(READ, read)).await
    }

    /// Appends messages that fit into one bucket.
    async fn append_some(&self, chat: &ChatId, messages: &[ChatMessage]) -> Result<u32> {
        let mut missing: Vec<&ChatMessage> = messages.iter().collect();
        let mut operations = 0;
        for _ in 0..TRIES {
            operations += 1;
            if self.push(chat, &missing, None).await? {
                return Ok(operations);
            }
            operations += 1;
            // Made and removed again by others.
            let Some(open) = self.bucket(&chat.key()).await? else { continue };
            missing.retain(|message| !open.has(&message.id));
            if !open.takes_more() {
                operations += self.roll(&open).await?;
            } else if missing.iter().any(|message| time(message.at()) <= open.rolled_to) {
                let number = open.bucket;
                operations += self.retain_unarchived(chat, number, &mut missing).await?;
                if !missing.is_empty() {
                    operations += 1;
                    if self.push(chat, &missing, Some(number)).await? {
                        return Ok(operations);
                    }
                }
            }
            if missing.is_empty() {
                return Ok(operations);
            }
        }
        let message =
            format!("too many write to the chat of session `{}` at once; try again", chat.session());
        Err(Error::new(ErrorKind::Unavailable, APPEND, message))
    }

    /// Whether the open bucket took the messages. `looked`: the number of the bucket behind which no full one holds any of them.
    async fn push(&self, chat: &ChatId, messages: &[&ChatMessage], looked: Option<i64>) -> Result<bool> {
        let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
        let times = || messages.iter().map(|message| time(message.at()));
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(true) };
        let mut filter = doc! {
            "_id": chat.key(),
            "session_id": chat.session(),
            "closed": false,
            "messages.id": { "$nin": ids },
            "count": { "$lt": BUCKET_MESSAGES as i64 },
            "bytes": { "$lt": BUCKET_BYTES as i64 },
        };
        match looked {
            Some(number) => filter.insert("bucket", number),
            None => filter.insert("rolled_to", doc! { "$lt": first }),
        };
        let bytes: usize = messages.iter().map(|message| message.size()).sum();
        let update = doc! {
            "$push": { "messages": { "$each": messages.iter().map(|message| stored(message)).collect::<Vec<_>>() } },
            "$inc": { "count": messages.len() as i64, "bytes": bytes as i64 },
            "$min": { "first_at": first },
            "$max": { "last_at": last },
            "$setOnInsert": on_insert(chat, first, looked),
        };
        let (buckets, may_make) = (self.buckets(), looked.is_none());
        let push = || async {
            let updating = buckets.update_one(filter.clone(), update.clone()).upsert(may_make);
            match updating.await {
                Ok(done) => Ok(done.matched_count > 0 || done.upserted_id.is_some()),
                // There is a bucket, and it does not match.
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(error),
            }
        };
        Operation::mongodb("update", "chats").of(self.run(APPEND, push)).await
    }
}

/// What the first message of a chat states; fields of the filter are there by themselves.
fn on_insert(chat: &ChatId, first: Time, looked: Option<i64>) -> Bson {
    let mut made = doc! {
        "agent_id": chat.agent().map(AgentId::as_str),
        "customer_id": chat.customer().map(CustomerId::as_str),
        "started_at": first,
    };
    if looked.is_none() {
        made.insert("bucket", 0_i64);
        made.insert("rolled_to", before_all());
    }
    made
}

/// Earlier than anything that is said: the year 1.
fn before_all() -> Time {
    Time::from_millis(-62_135_596_800_000)
}

pub(super) fn time(at: DateTime<Utc>) -> Time {
    Time::from_millis(at.timestamp_millis())
}

fn chrono(time: Time) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(time.timestamp_millis()).ok_or_else(|| corrupt(READ, "a time"))
}

#[async_trait]
impl ChatStore for MongoDocuments {
    async fn append(&self, chat: &ChatId, messages: &[ChatMessage]) -> Result<u32> {
        check_sizes(messages)?;
        let mut operations = 0;
        for group in pieces(messages, (BUCKET_MESSAGES, BUCKET_BYTES), ChatMessage::size) {
            operations += self.append_some(chat, group).await?;
        }
        Ok(operations)
    }

    async fn messages(&self, chat: &ChatId, before: Option<i64>, limit: usize) -> Result<ChatPage> {
        let mut page = ChatPage { operations: 1, ..ChatPage::default() };
        let Some(open) = self.bucket(&chat.key()).await? else { return Ok(page) };
        let before = before.unwrap_or(i64::MAX);
        let mut number = open.bucket.min(before / POSITIONS);
        let mut bucket = (number == open.bucket).then_some(open);
        // Newest first until one more than wanted is found, which tells whether there are older ones.
        while page.messages.len() <= limit && number >= 0 {
            if bucket.is_none() {
                page.operations += 1;
                bucket = self.bucket(&archive_key(chat, number)).await?;
            }
            // Full ones that are not there any more were too old, and those before them.
            let Some(found) = bucket.take() else { break };
            let placed = found.messages.into_iter().enumerate().map(|(index, message)| {
                let position = number * POSITIONS + i64::try_from(index).unwrap_or(POSITIONS);
                message.read().map(|message| Placed { position, message })
            });
            let mut placed = placed.collect::<Result<Vec<Placed>>>()?;
            placed.retain(|placed| placed.position < before);
            page.messages.extend(placed.into_iter().rev());
            number -= 1;
        }
        page.has_older = page.messages.len() > limit;
        page.messages.truncate(limit);
        page.messages.reverse();
        Ok(page)
    }

    async fn chats(
        &self,
        agent: &AgentId,
        after: Option<&ChatSummary>,
        limit: usize,
    ) -> Result<Vec<ChatSummary>> {
        const OPERATION: &str = "list chats";
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "_id")]
            id: String,
            session_id: String,
            customer_id: Option<String>,
            started_at: Time,
            last_at: Time,
        }
        let mut filter = doc! { "agent_id": agent.as_str() };
        if let Some(after) = after {
            let last = time(after.last);
            let same = doc! { "last_at": last, "_id": { "$lt": after.id.key() } };
            filter.insert("$or", [doc! { "last_at": { "$lt": last } }, same].map(Value::from).to_vec());
        }
        let collection = self.chat_collection::<Row>("chats");
        let list = || async {
            let find = collection.find(filter.clone()).sort(doc! { "last_at": -1, "_id": -1 });
            let find = find.limit(i64::try_from(limit).unwrap_or(i64::MAX)).max_time(self.limits.operation);
            find.projection(doc! { "messages": 0 }).await?.try_collect::<Vec<Row>>().await
        };
        let read = |row: Row| {
            let customer = row.customer_id.as_deref().map(CustomerId::parse).transpose();
            let id = customer.and_then(|customer| ChatId::of_agent(&row.session_id, agent.clone(), customer));
            let id = id.map_err(|_| corrupt(OPERATION, format!("chat {}", row.id)))?;
            Ok(ChatSummary { id, started: chrono(row.started_at)?, last: chrono(row.last_at)? })
        };
        let found = Operation::mongodb("find", "chats").of(self.run(OPERATION, list)).await?;
        found.into_iter().map(read).collect()
    }

    async fn keep_reply(&self, chat: &ChatId, key: &str, reply: &StoredReply) -> Result<Option<StoredReply>> {
        let row = Reply {
            id: chat.reply_key(key),
            session_id: chat.session().to_owned(),
            at: Time::now(),
            body: to_json(reply)?.to_string(),
        };
        let replies = self.chat_collection::<Reply>("replies");
        let keep = || async {
            match replies.insert_one(&row).await {
                Ok(_) => Ok(true),
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(error),
            }
        };
        let kept = Operation::mongodb("insert", "replies").of(self.run("keep a reply", keep)).await?;
        if kept { Ok(None) } else { self.reply(chat, key).await }
    }

    async fn reply(&self, chat: &ChatId, key: &str) -> Result<Option<StoredReply>> {
        const OPERATION: &str = "read a reply";
        let (replies, id) = (self.chat_collection::<Reply>("replies"), chat.reply_key(key));
        let read = || async { replies.find_one(doc! { "_id": &id }).max_time(self.limits.operation).await };
        let found = Operation::mongodb("find", "replies").of(self.run(OPERATION, read)).await?;
        let parse = |found: Reply| {
            // The parser's words would quote the reply.
            serde_json::from_str(&found.body).map_err(|_| corrupt(OPERATION, "a reply of a chat"))
        };
        found.map(parse).transpose()
    }

    async fn remove_messages(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        self.as_writer("remove old messages", self.remove_from_buckets(time(before), limit)).await
    }

    async fn remove_replies(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        #[derive(Deserialize)]
        struct Id {
            #[serde(rename = "_id")]
            id: String,
        }
        const OPERATION: &str = "remove replies";
        let replies = self.chat_collection::<Id>("replies");
        let old = doc! { "at": { "$lt": time(before) } };
        let find = || async {
            let find = replies.find(old.clone()).projection(doc! { "_id": 1 }).limit(limit);
            let find = find.max_time(self.limits.operation).await?;
            find.map_ok(|found| found.id).try_collect::<Vec<String>>().await
        };
        let ids = self.run(OPERATION, find).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        let remove = || async { replies.delete_many(doc! { "_id": { "$in": &ids } }).await };
        self.as_writer(OPERATION, self.run(OPERATION, remove)).await?;
        Ok(ids.len() as u64)
    }
}
