//! The document store's form without a document database: JSONB tables in Postgres, one a collection.

mod chats;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use auskunft_model::{ChunkId, Document, Ticket};
use serde_json::Value;

use super::{Collection, DocumentStore, StoredText};
use crate::Database;
use crate::error::{Error, ErrorKind, Result, corrupt, database};

/// Documents in the tables of schema `documents`.
#[derive(Debug, Clone)]
pub struct JsonbDocuments {
    database: Arc<Database>,
}

impl JsonbDocuments {
    /// On an open database.
    pub fn new(database: Arc<Database>) -> Self {
        Self { database }
    }

    async fn put(&self, statement: &'static str, rows: Vec<(String, Value)>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        // Once in the table, once in the write-ahead log.
        let bytes: usize = rows.iter().map(|(id, body)| id.len() + size(body)).sum();
        self.database.check_space("write documents", (bytes as u64).saturating_mul(2))?;
        let (ids, bodies): (Vec<String>, Vec<Value>) = rows.into_iter().unzip();
        let query = sqlx::query(statement).bind(ids).bind(bodies);
        self.database.write("write documents", query).await?;
        Ok(())
    }
}

const PUT_CHUNKS: &str =
    "insert into documents.chunks (id, body) select * from unnest($1::text[], $2::jsonb[])
    on conflict (id) do update set body = excluded.body where documents.chunks.body <> excluded.body";
const PUT_PARSED: &str =
    "insert into documents.parsed (id, body) select * from unnest($1::text[], $2::jsonb[])
    on conflict (id) do nothing";
const PUT_TICKETS: &str =
    "insert into documents.tickets (id, body) select * from unnest($1::text[], $2::jsonb[])
    on conflict (id) do update set body = excluded.body where documents.tickets.body <> excluded.body";

/// A page of ids; the columns are ordered by bytes.
pub(crate) fn ids_statement(collection: Collection) -> &'static str {
    match collection {
        Collection::Chunks => "select id from documents.chunks where id > $1 order by id limit $2",
        Collection::Parsed => "select id from documents.parsed where id > $1 order by id limit $2",
        Collection::Tickets => "select id from documents.tickets where id > $1 order by id limit $2",
    }
}

#[async_trait]
impl DocumentStore for JsonbDocuments {
    async fn put_texts(&self, texts: &[StoredText]) -> Result<()> {
        let mut rows = Vec::with_capacity(texts.len());
        for text in texts {
            rows.push((text.chunk_id.to_string(), to_json(text)?));
        }
        self.put(PUT_CHUNKS, rows).await
    }

    async fn texts(&self, ids: &[ChunkId]) -> Result<HashMap<ChunkId, String>> {
        let ids: Vec<&str> = ids.iter().map(ChunkId::as_str).collect();
        let query = sqlx::query_as::<_, (String, String)>(
            "select id, body->>'text' from documents.chunks where id = any($1) and body ? 'text'",
        );
        let rows = query.bind(ids).fetch_all(self.database.pool()).await.map_err(database("read texts"))?;
        let read = |(id, text): (String, String)| {
            ChunkId::parse(&id).map(|id| (id, text)).map_err(|error| corrupt("read texts", error))
        };
        rows.into_iter().map(read).collect()
    }

    async fn put_documents(&self, documents: &[(String, &Document)]) -> Result<()> {
        let mut rows = Vec::with_capacity(documents.len());
        for (key, document) in documents {
            rows.push((key.clone(), to_json(document)?));
        }
        self.put(PUT_PARSED, rows).await
    }

    async fn document(&self, key: &str) -> Result<Option<Document>> {
        let query =
            sqlx::query_scalar::<_, Value>("select body from documents.parsed where id = $1").bind(key);
        let body = query.fetch_optional(self.database.pool()).await.map_err(database("read document"))?;
        let parse = |body| serde_json::from_value(body).map_err(|error| corrupt("read document", error));
        body.map(parse).transpose()
    }

    async fn put_tickets(&self, tickets: &[(String, &Ticket)]) -> Result<()> {
        let mut rows = Vec::with_capacity(tickets.len());
        for (key, ticket) in tickets {
            rows.push((key.clone(), to_json(ticket)?));
        }
        self.put(PUT_TICKETS, rows).await
    }

    async fn tickets(&self, keys: &[&str]) -> Result<HashMap<String, Ticket>> {
        const OPERATION: &str = "read tickets";
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let query =
            sqlx::query_as::<_, (String, Value)>("select id, body from documents.tickets where id = any($1)");
        let rows = query.bind(keys).fetch_all(self.database.pool()).await.map_err(database(OPERATION))?;
        let read = |(key, body): (String, Value)| {
            // The database's words would quote the ticket.
            let body =
                serde_json::from_value(body).map_err(|_| corrupt(OPERATION, format!("ticket {key}")))?;
            Ok((key, body))
        };
        rows.into_iter().map(read).collect()
    }

    async fn ids(&self, collection: Collection, after: &str, limit: i64) -> Result<Vec<String>> {
        let query = sqlx::query_scalar(ids_statement(collection)).bind(after).bind(limit);
        query.fetch_all(self.database.pool()).await.map_err(database("list documents"))
    }

    async fn remove(&self, collection: Collection, ids: &[String]) -> Result<()> {
        let statement = match collection {
            Collection::Chunks => "delete from documents.chunks where id = any($1)",
            Collection::Parsed => "delete from documents.parsed where id = any($1)",
            Collection::Tickets => "delete from documents.tickets where id = any($1)",
        };
        let query = sqlx::query(statement).bind(ids);
        self.database.write("remove documents", query).await?;
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        self.database.ping().await
    }
}

/// A value as JSON that both forms of the store can hold.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<Value> {
    let mut json = serde_json::to_value(value)
        .map_err(|error| Error::new(ErrorKind::Internal, "write documents", error.to_string()))?;
    remove_nul(&mut json);
    Ok(json)
}

/// Bytes of a value as JSON, about.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 3,
        Value::Array(items) => items.iter().map(|item| size(item) + 1).sum::<usize>() + 2,
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| name.len() + 4 + size(value)).sum::<usize>() + 2
        }
    }
}

/// Makes JSON such as Postgres takes it: U+0000 has no place in JSONB.
pub(crate) fn remove_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', ""),
        Value::Array(items) => items.iter_mut().for_each(remove_nul),
        Value::Object(fields) => fields.values_mut().for_each(remove_nul),
        _ => {}
    }
}
