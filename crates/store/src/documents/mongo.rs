//! The document store on MongoDB, from 4.4 on, without transactions: all writes are idempotent and in a safe order.
//!
//! Everything is found by `_id`. Texts, documents and tickets are inserted; what is there already is updated by its id where it may
//! change. So inserts carry the key of shards (`doc_id`; `session_id` for chats), and look-ups by id ask all shards.
//! JSON is kept as text: names of fields with dots and dollars, and any depth, come back as they were.

mod batches;
mod chats;
mod connect;
mod driver;
mod failure;
mod pairing;
mod parsed;
mod rolling;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use auskunft_model::{ChunkId, Document, Ticket};
use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Document as Bson, doc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Collection, DocumentStore, StoredText};
use crate::breaker::Breaker;
use crate::documents::jsonb::to_json;
use crate::error::{Result, corrupt};
use crate::operation::Operation;

pub use connect::Limits;
use driver::Driver;

/// Ids that one command names; a page of ids takes some kilobytes.
const IDS: usize = 1_000;

/// Documents in MongoDB.
#[derive(Debug, Clone)]
pub struct MongoDocuments {
    driver: Driver,
    /// Where it is, for messages.
    place: Arc<str>,
    limits: Limits,
    /// The Postgres database whose documents these are; `None` = nobody's, in tests.
    partner: Option<Arc<crate::Database>>,
    /// Before a server that requests wait for.
    breaker: Option<Breaker>,
    /// Whether it is known whose documents these are, and the indexes are there.
    is_prepared: Arc<AtomicBool>,
}

/// An id with the text that belongs to it.
#[derive(Debug, Deserialize)]
struct IdAndText {
    #[serde(rename = "_id")]
    id: String,
    text: String,
}

/// An id with the JSON that belongs to it.
#[derive(Debug, Serialize, Deserialize)]
struct IdAndBody {
    #[serde(rename = "_id")]
    id: String,
    body: String,
}

impl Collection {
    fn name(self) -> &'static str {
        match self {
            Self::Chunks => "chunks",
            Self::Parsed => "parsed",
            Self::Tickets => "tickets",
        }
    }
}

impl MongoDocuments {
    /// Writes with the writer's place held in Postgres, so that who lost it writes nothing: nobody else can take it meanwhile, unless this
    /// process stands still for the length of its lease.
    pub(super) async fn as_writer<T>(
        &self,
        operation: &'static str,
        writing: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(partner) = &self.partner else { return writing.await };
        let held = partner.hold_place(operation).await?;
        let written = writing.await?;
        partner.let_go(held).await?;
        Ok(written)
    }

    fn database(&self) -> Database {
        self.driver.database()
    }

    fn collection(&self, collection: Collection) -> mongodb::Collection<Bson> {
        self.database().collection(collection.name())
    }

    async fn remove_some(&self, collection: Collection, ids: &[String]) -> Result<()> {
        if collection == Collection::Parsed {
            self.remove_parts(ids).await?;
        }
        let removing = self.collection(collection);
        let remove = || async { removing.delete_many(doc! { "_id": { "$in": ids } }).await };
        self.run("remove documents", remove).await.map(|_| ())
    }

    /// The documents with these ids and their fields by `projection`; in batches, in no order.
    async fn with_ids<T: DeserializeOwned + Send + Sync + Unpin>(
        &self,
        operation: &'static str,
        name: &'static str,
        ids: &[&str],
        projection: Bson,
    ) -> Result<Vec<T>> {
        let collection = self.database().collection::<T>(name);
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS) {
            let read = || async {
                let find = collection.find(doc! { "_id": { "$in": ids } }).projection(projection.clone());
                // All in the first answer: one round trip.
                let find = find.batch_size(IDS as u32).max_time(self.limits.operation);
                find.await?.try_collect::<Vec<T>>().await
            };
            found.extend(Operation::mongodb("find", name).of(self.run(operation, read)).await?);
        }
        Ok(found)
    }
}

#[async_trait]
impl DocumentStore for MongoDocuments {
    async fn put_texts(&self, texts: &[StoredText]) -> Result<()> {
        let row = |text: &StoredText| {
            doc! {
                "_id": text.chunk_id.as_str(),
                "doc_id": text.doc_id.as_str(),
                "chunk_id": text.chunk_id.as_str(),
                "text": text.text.replace('\0', ""),
                "product_id": text.product_id.as_ref().map(|product| product.as_str()),
                "tags": &text.tags,
            }
        };
        const OPERATION: &str = "write texts";
        let rows = texts.iter().map(row).collect();
        self.as_writer(OPERATION, self.put_or_update(OPERATION, Collection::Chunks, rows)).await
    }

    async fn texts(&self, ids: &[ChunkId]) -> Result<HashMap<ChunkId, String>> {
        const OPERATION: &str = "read texts";
        let ids: Vec<&str> = ids.iter().map(ChunkId::as_str).collect();
        let found =
            self.with_ids::<IdAndText>(OPERATION, Collection::Chunks.name(), &ids, doc! { "text": 1 });
        let read = |found: IdAndText| {
            let id = ChunkId::parse(&found.id).map_err(|error| corrupt(OPERATION, error))?;
            Ok((id, found.text))
        };
        found.await?.into_iter().map(read).collect()
    }

    async fn put_documents(&self, documents: &[(String, &Document)]) -> Result<()> {
        self.as_writer("write documents", self.put_parsed(documents)).await
    }

    async fn document(&self, key: &str) -> Result<Option<Document>> {
        self.parsed(key).await
    }

    async fn put_tickets(&self, tickets: &[(String, &Ticket)]) -> Result<()> {
        let mut rows = Vec::with_capacity(tickets.len());
        for (key, ticket) in tickets {
            let (document, _) = key.split_once(':').unwrap_or((key, ""));
            rows.push(doc! { "_id": key, "doc_id": document, "body": to_json(ticket)?.to_string() });
        }
        const OPERATION: &str = "write tickets";
        self.as_writer(OPERATION, self.put_or_update(OPERATION, Collection::Tickets, rows)).await
    }

    async fn tickets(&self, keys: &[&str]) -> Result<HashMap<String, Ticket>> {
        const OPERATION: &str = "read tickets";
        let found =
            self.with_ids::<IdAndBody>(OPERATION, Collection::Tickets.name(), keys, doc! { "body": 1 });
        let read = |found: IdAndBody| {
            // The parser's words would quote the ticket.
            let ticket = serde_json::from_str(&found.body)
                .map_err(|_| corrupt(OPERATION, format!("ticket {}", found.id)))?;
            Ok((found.id, ticket))
        };
        found.await?.into_iter().map(read).collect()
    }

    async fn ids(&self, collection: Collection, after: &str, limit: i64) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Id {
            #[serde(rename = "_id")]
            id: String,
        }
        let collection = self.database().collection::<Id>(collection.name());
        let read = || async {
            let find = collection.find(doc! { "_id": { "$gt": after } }).projection(doc! { "_id": 1 });
            let find = find.sort(doc! { "_id": 1 }).limit(limit).max_time(self.limits.operation);
            let find = find.batch_size(u32::try_from(limit).unwrap_or(u32::MAX));
            find.await?.map_ok(|found| found.id).try_collect::<Vec<String>>().await
        };
        self.run("list documents", read).await
    }

    async fn remove(&self, collection: Collection, ids: &[String]) -> Result<()> {
        for ids in ids.chunks(IDS) {
            self.as_writer("remove documents", self.remove_some(collection, ids)).await?;
        }
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        let ping = || async { self.database().run_command(doc! { "ping": 1 }).await };
        self.run("ping", ping).await.map(|_| ())
    }

    fn is_apart(&self) -> bool {
        true
    }

    fn is_left_alone(&self) -> bool {
        self.breaker.as_ref().is_some_and(Breaker::is_open)
    }
}
