//! The document store: chunk texts, parsed documents and tickets as JSON, by id; and chats ([`crate::chats`]).
//!
//! A port, because a document database can fill the role, too. Postgres names what is live; this store only answers for
//! ids. All writes are idempotent: an id names content, so writing it again changes nothing but its labels.

pub(crate) mod jsonb;
mod mongo;

use std::collections::HashMap;

use async_trait::async_trait;
use auskunft_model::{ChunkId, Document, DocumentId, ProductId, Ticket};
use serde::{Deserialize, Serialize};

use crate::chats::ChatStore;
use crate::error::Result;

pub use jsonb::JsonbDocuments;
pub use mongo::{Limits as MongoLimits, MongoDocuments};

/// A chunk's text with what a reader of the document store alone needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredText {
    /// The chunk.
    pub chunk_id: ChunkId,
    /// Its document.
    pub doc_id: DocumentId,
    /// The text.
    pub text: String,
    /// The product it is about.
    pub product_id: Option<ProductId>,
    /// Free tags.
    pub tags: Vec<String>,
}

/// One of the store's collections, for checks and cleaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// Chunk texts, by chunk id.
    Chunks,
    /// Parsed documents, by [`document_key`].
    Parsed,
    /// Tickets, by [`ticket_key`].
    Tickets,
}

/// Chunk texts, parsed documents and tickets as JSON. U+0000 is left out of texts: Postgres has no place for it. What is acknowledged
/// survives the server's crash.
#[async_trait]
pub trait DocumentStore: ChatStore {
    /// Writes texts, replacing those with the same chunk id. An empty list does nothing.
    async fn put_texts(&self, texts: &[StoredText]) -> Result<()>;

    /// The texts of these chunks; absent ones are left out. One round trip for up to a thousand.
    async fn texts(&self, ids: &[ChunkId]) -> Result<HashMap<ChunkId, String>>;

    /// Writes parsed documents under their keys, replacing equal ones.
    async fn put_documents(&self, documents: &[(String, &Document)]) -> Result<()>;

    /// The parsed document under that key.
    async fn document(&self, key: &str) -> Result<Option<Document>>;

    /// Writes tickets under their keys, replacing those with the same key.
    async fn put_tickets(&self, tickets: &[(String, &Ticket)]) -> Result<()>;

    /// The tickets under these keys; absent ones are left out. One round trip, none for an empty list.
    async fn tickets(&self, keys: &[&str]) -> Result<HashMap<String, Ticket>>;

    /// Ids of a collection in ascending order (bytewise) after `after`, at most `limit`.
    async fn ids(&self, collection: Collection, after: &str, limit: i64) -> Result<Vec<String>>;

    /// Removes by id; absent ones are no error.
    async fn remove(&self, collection: Collection, ids: &[String]) -> Result<()>;

    /// Asks for a sign of life.
    async fn ping(&self) -> Result<()>;

    /// Whether it is another server than Postgres, so that it may be away alone.
    fn is_apart(&self) -> bool {
        false
    }

    /// Whether it is not asked for a while, because it failed or was slow.
    fn is_left_alone(&self) -> bool {
        false
    }
}

/// The key of a document's version in the store: its id and the first 24 digits of its content's digest.
pub fn document_key(id: &DocumentId, version: &str) -> String {
    format!("{id}:{}", version.get(..24).unwrap_or(version))
}

/// The key of a ticket in the store: a catalog's by its document and version, so that a row of an older version never shows what was
/// delivered since; one that an agent opened has no versions.
pub fn ticket_key(id: &DocumentId, delivered: Option<&str>) -> String {
    delivered.map_or_else(|| id.to_string(), |version| document_key(id, version))
}
