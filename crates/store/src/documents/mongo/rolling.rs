//! Full buckets: copied to an id with their number, then the open one is emptied. Each step may be repeated by anybody.
//!
//! A bucket is closed before it is copied, so that all who copy it copy the same. Readers begin at the open bucket and read the full
//! ones below its number, so a bucket that is copied and not yet emptied is not read twice.

use mongodb::bson::{Bson as Value, DateTime as Time, Document as Bson, doc};
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};

use super::MongoDocuments;
use super::chats::{BUCKET_BYTES, BUCKET_MESSAGES, time};
use super::failure::is_duplicate;
use crate::chats::{ChatId, ChatMessage, Speaker};
use crate::error::{Result, corrupt};
use crate::operation::Operation;

const ROLL: &str = "close a bucket of a chat";

/// A bucket, open or full.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Bucket {
    #[serde(rename = "_id")]
    pub(super) id: String,
    session_id: String,
    customer_id: Option<String>,
    /// Of the open one alone, so that an agent's chats are found by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_id: Option<String>,
    started_at: Time,
    /// From 0; the open one's number is how many full ones there are.
    pub(super) bucket: i64,
    /// Takes nothing more.
    closed: bool,
    /// The latest time of all messages in full buckets; of a full one: up to and with it.
    pub(super) rolled_to: Time,
    /// No message in it is older.
    first_at: Time,
    /// The latest time of all messages up to here.
    last_at: Time,
    count: i64,
    bytes: i64,
    #[serde(default)]
    pub(super) messages: Vec<StoredMessage>,
}

/// A message as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredMessage {
    id: String,
    from: String,
    ts: Time,
    text: String,
    /// As JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<String>,
}

pub(super) fn stored(message: &ChatMessage) -> Bson {
    let from = match message.from {
        Speaker::Customer => "customer",
        Speaker::Agent => "agent",
    };
    let text = message.text.replace('\0', "");
    let mut stored = doc! { "id": &message.id, "from": from, "ts": time(message.at()), "text": text };
    if let Some(context) = &message.context {
        let mut context = context.clone();
        crate::documents::jsonb::remove_nul(&mut context);
        stored.insert("context", context.to_string());
    }
    stored
}

impl StoredMessage {
    pub(super) fn read(self) -> Result<ChatMessage> {
        // Never what is said.
        let broken = || corrupt("read a chat", format!("message `{}`", self.id));
        let at = chrono::DateTime::from_timestamp_millis(self.ts.timestamp_millis()).ok_or_else(broken)?;
        let from = match self.from.as_str() {
            "customer" => Speaker::Customer,
            "agent" => Speaker::Agent,
            _ => return Err(broken()),
        };
        let context = self.context.as_deref().map(serde_json::from_str).transpose().map_err(|_| broken())?;
        let mut message = ChatMessage::new(self.id, from, at, self.text);
        message.context = context;
        Ok(message)
    }
}

/// The id of a full bucket. `#` is in no identifier.
pub(super) fn archive_key(chat: &ChatId, number: i64) -> String {
    numbered(&chat.key(), number)
}

fn numbered(key: &str, number: i64) -> String {
    format!("{key}#{number}")
}

impl Bucket {
    pub(super) fn has(&self, id: &str) -> bool {
        self.messages.iter().any(|message| message.id == id)
    }

    /// Whether an append may go into it.
    pub(super) fn takes_more(&self) -> bool {
        !self.closed && self.count < BUCKET_MESSAGES as i64 && self.bytes < BUCKET_BYTES as i64
    }

    /// Its copy behind the open one.
    fn archived(self) -> Self {
        let id = numbered(&self.id, self.bucket);
        Self { id, agent_id: None, rolled_to: self.last_at, ..self }
    }
}

impl MongoDocuments {
    /// Puts the open bucket behind and opens the next; returns how many operations it took. Somebody else may have done it, or a part.
    pub(super) async fn roll(&self, open: &Bucket) -> Result<u32> {
        let buckets = self.buckets();
        let number = doc! { "_id": &open.id, "session_id": &open.session_id, "bucket": open.bucket };
        let close = || async {
            let closing = buckets.find_one_and_update(number.clone(), doc! { "$set": { "closed": true } });
            closing.return_document(ReturnDocument::After).max_time(self.limits.operation).await
        };
        let of_bucket = |command| Operation::mongodb(command, "chats");
        let closed = of_bucket("findAndModify").of(self.run(ROLL, close)).await?;
        let Some(closed) = closed else { return Ok(1) };
        let last = closed.last_at;
        let archive = closed.archived();
        let copy = || async {
            match buckets.insert_one(&archive).await {
                Err(error) if is_duplicate(&error) => Ok(false),
                copied => copied.map(|_| true),
            }
        };
        if !of_bucket("insert").of(self.run(ROLL, copy)).await? {
            self.replace_other(&archive).await?;
        }
        let mut filter = number.clone();
        filter.insert("closed", true);
        let emptied = doc! { "$set": {
            "messages": [], "count": 0_i64, "bytes": 0_i64, "bucket": open.bucket + 1, "closed": false, "rolled_to": last,
            "first_at": last,
        } };
        let empty = || async { buckets.update_one(filter.clone(), emptied.clone()).await };
        of_bucket("update").of(self.run(ROLL, empty)).await?;
        Ok(3)
    }

    /// A copy that is there already is the same, or was left behind by a chat of this name that was removed as too old.
    async fn replace_other(&self, archive: &Bucket) -> Result<()> {
        let there = self.bucket(&archive.id).await?;
        let is_same =
            there.is_some_and(|there| archive.messages.iter().all(|message| there.has(&message.id)));
        if is_same {
            return Ok(());
        }
        let buckets = self.buckets();
        let replace =
            || async { buckets.replace_one(doc! { "_id": &archive.id }, archive).upsert(true).await };
        Operation::mongodb("update", "chats").of(self.run(ROLL, replace)).await.map(|_| ())
    }

    /// Keeps those messages that no full bucket below that number holds; returns how many operations it took.
    pub(super) async fn retain_unarchived(
        &self,
        chat: &ChatId,
        below: i64,
        missing: &mut Vec<&ChatMessage>,
    ) -> Result<u32> {
        let mut operations = 0;
        for number in (0..below).rev() {
            let Some(oldest) = missing.iter().map(|message| time(message.at())).min() else { break };
            operations += 1;
            // One that is gone was too old, and with it those before.
            let Some(archive) = self.bucket(&archive_key(chat, number)).await? else { break };
            // Neither this one nor those before it hold anything so young.
            if archive.rolled_to < oldest {
                break;
            }
            missing.retain(|message| !archive.has(&message.id));
        }
        Ok(operations)
    }

    /// Removes messages of before that time from about so many buckets; returns from how many.
    pub(super) async fn remove_from_buckets(&self, before: Time, limit: i64) -> Result<u64> {
        use futures::TryStreamExt;
        const OPERATION: &str = "remove old messages";
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "_id")]
            id: String,
            bucket: i64,
            last_at: Time,
        }
        let rows = self.chat_collection::<Row>("chats");
        let find = || async {
            let find = rows.find(doc! { "first_at": { "$lt": before } }).sort(doc! { "first_at": 1 });
            let find = find.projection(doc! { "bucket": 1, "last_at": 1 }).limit(limit);
            find.max_time(self.limits.operation).await?.try_collect::<Vec<Row>>().await
        };
        let found = self.run(OPERATION, find).await?;
        for row in found.iter().filter(|row| row.last_at < before && !row.id.contains('#')) {
            self.remove_full_of(&row.id, row.bucket, before).await?;
        }
        let ids: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        // Full and open ones with nothing younger; the open one goes after those behind it.
        self.remove_buckets(doc! { "_id": { "$in": &ids }, "last_at": { "$lt": before } }).await?;
        let pull =
            doc! { "$pull": { "messages": { "ts": { "$lt": before } } }, "$max": { "first_at": before } };
        let update = || async { rows.update_many(doc! { "_id": { "$in": &ids } }, pull.clone()).await };
        self.run(OPERATION, update).await?;
        Ok(found.len() as u64)
    }

    /// Removes the full buckets of a chat: were the open one removed first, a new chat of that name would find the numbers taken.
    async fn remove_full_of(&self, chat: &str, number: i64, before: Time) -> Result<()> {
        // `number` itself is there when somebody was stopped between copying and emptying.
        let keys: Vec<Value> = (0..=number).map(|number| numbered(chat, number).into()).collect();
        for keys in keys.chunks(super::IDS) {
            self.remove_buckets(doc! { "_id": { "$in": keys }, "last_at": { "$lt": before } }).await?;
        }
        Ok(())
    }

    async fn remove_buckets(&self, filter: Bson) -> Result<()> {
        let buckets = self.buckets();
        let remove = || async { buckets.delete_many(filter.clone()).await };
        self.run("remove old messages", remove).await.map(|_| ())
    }
}
