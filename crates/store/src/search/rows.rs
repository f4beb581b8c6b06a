//! The rows behind chunk ids, and the chunks of documents.

use std::collections::HashMap;

use auskunft_model::{
    ChunkId, DocumentId, Filter, Generation, Kind, Labels, Language, ProductId, Region, Source, SourceKind,
};
use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use super::filter::Predicate;
use crate::Database;
use crate::error::{Result, corrupt, database};
use crate::reader::{self, Reader};

/// A chunk's row with its document's title and place; the text is in the document store.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkRow {
    /// The chunk.
    pub chunk_id: ChunkId,
    /// Its document.
    pub document_id: DocumentId,
    /// Place within the document.
    pub ordinal: i32,
    /// What it is.
    pub kind: Kind,
    /// Language of the text.
    pub language: Language,
    /// Headings above it.
    pub heading_path: Vec<String>,
    /// Page it begins on.
    pub page: Option<u32>,
    /// Filter columns.
    pub labels: Labels,
    /// The document's title.
    pub title: String,
    /// Path of its source.
    pub source: String,
    /// Record in the source.
    pub anchor: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Columns {
    chunk_id: String,
    document_id: String,
    ordinal: i32,
    kind: String,
    language: String,
    heading_path: Vec<String>,
    page: Option<i32>,
    category: Option<String>,
    product_family: Option<String>,
    maker: Option<String>,
    version: Option<String>,
    product_id: Option<String>,
    region: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    tags: Vec<String>,
    title: String,
    source: String,
    anchor: Option<String>,
}

impl Columns {
    fn read(self) -> Result<ChunkRow> {
        const OPERATION: &str = "read chunk";
        let kind = Kind::parse(&self.kind).ok_or_else(|| corrupt(OPERATION, &self.kind))?;
        let language = Language::parse(&self.language).ok_or_else(|| corrupt(OPERATION, &self.language))?;
        let labels = Labels {
            product_id: self.product_id.and_then(|id| ProductId::parse(&id).ok()),
            category: self.category,
            product_family: self.product_family,
            maker: self.maker,
            version: self.version,
            region: self.region.and_then(|region| Region::parse(&region)),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            tags: self.tags,
        };
        Ok(ChunkRow {
            chunk_id: ChunkId::parse(&self.chunk_id).map_err(|error| corrupt(OPERATION, error))?,
            document_id: DocumentId::parse(&self.document_id).map_err(|error| corrupt(OPERATION, error))?,
            ordinal: self.ordinal,
            kind,
            language,
            heading_path: self.heading_path,
            page: self.page.and_then(|page| u32::try_from(page).ok()),
            labels,
            title: self.title,
            source: self.source,
            anchor: self.anchor,
        })
    }
}

const ROWS: &str = "select c.chunk_id, c.document_id, c.ordinal, c.kind, c.language, c.heading_path, c.page,
    c.category, c.product_family, c.maker, c.version, c.product_id, c.region, c.valid_from, c.valid_to, c.tags,
    d.title, d.source, d.anchor
    from knowledge.chunks c
    join knowledge.documents d on d.generation = c.generation and d.document_id = c.document_id";

/// The rows of these chunks by id; chunks that are no longer live, don't pass the filter, or that the reader may not see, are left out:
/// what a derived index found is joined with the truth here.
pub async fn rows(
    database_: &Database,
    generation: Generation,
    ids: &[ChunkId],
    (filter, reader): (&Filter, &Reader<'_>),
) -> Result<HashMap<ChunkId, ChunkRow>> {
    let ids: Vec<&str> = ids.iter().map(ChunkId::as_str).collect();
    let passes = Predicate::of(filter, reader, 3);
    let statement = format!("{ROWS} where c.generation = $1 and c.chunk_id = any($2) and {}", passes.sql);
    let query = sqlx::query_as::<_, Columns>(AssertSqlSafe(statement)).bind(generation.0).bind(ids);
    let query = passes.bind(query);
    let found = query.fetch_all(database_.pool()).await.map_err(database("read chunks"))?;
    found.into_iter().map(|columns| columns.read().map(|row| (row.chunk_id.clone(), row))).collect()
}

/// The first `limit` rows of these documents that the reader may see, in order of the documents' ids and of their text.
pub async fn rows_of(
    database_: &Database,
    generation: Generation,
    documents: &[DocumentId],
    limit: i64,
    reader: &Reader<'_>,
) -> Result<Vec<ChunkRow>> {
    let ids: Vec<&str> = documents.iter().map(DocumentId::as_str).collect();
    let statement = format!(
        "{ROWS} where c.generation = $1 and c.document_id = any($2) and {}
         order by c.document_id, c.ordinal limit $3",
        reader::sees("c.region", 4)
    );
    let query =
        sqlx::query_as::<_, Columns>(AssertSqlSafe(statement)).bind(generation.0).bind(ids).bind(limit);
    let found = reader::bind(query, reader)
        .fetch_all(database_.pool())
        .await
        .map_err(database("read chunks of documents"))?;
    found.into_iter().map(Columns::read).collect()
}

/// Rows written after `revision`, in order of their ids, after the id `after`, at most `limit`: what a derived index
/// must take in.
pub async fn rows_since(
    database_: &Database,
    generation: Generation,
    revision: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<ChunkRow>> {
    let statement = format!(
        "{ROWS} where c.generation = $1 and c.revision > $2 and c.chunk_id > $3
         order by c.chunk_id limit $4"
    );
    let query = sqlx::query_as::<_, Columns>(AssertSqlSafe(statement));
    let query = query.bind(generation.0).bind(revision).bind(after).bind(limit);
    let found = query.fetch_all(database_.patient()).await.map_err(database("read chunks"))?;
    found.into_iter().map(Columns::read).collect()
}

/// Chunks that vanished after `revision`: what a derived index must drop.
pub async fn removed_since(
    database_: &Database,
    generation: Generation,
    revision: i64,
) -> Result<Vec<ChunkId>> {
    let query = sqlx::query_scalar::<_, String>(
        "select chunk_id from knowledge.removed_chunks where generation = $1 and revision > $2",
    );
    let found = query.bind(generation.0).bind(revision).fetch_all(database_.patient()).await;
    let found = found.map_err(database("read chunks"))?;
    found.iter().map(|id| ChunkId::parse(id).map_err(|error| corrupt("read chunks", error))).collect()
}

/// A document's ledger row parts that `GET /documents/{id}` needs: its version and bound product; `None` when there is none of that id that
/// the reader may see. Tickets are none.
pub async fn document_version(
    database_: &Database,
    generation: Generation,
    id: &DocumentId,
    reader: &Reader<'_>,
) -> Result<Option<(String, Option<String>)>> {
    let statement = format!(
        "select version, labels->>'product_id' from knowledge.documents
         where generation = $1 and document_id = $2 and kind <> 'ticket' and {}",
        reader::sees("(labels->>'region')", 3)
    );
    let query = sqlx::query_as::<_, (String, Option<String>)>(AssertSqlSafe(statement));
    let query = reader::bind(query.bind(generation.0).bind(id.as_str()), reader);
    let found = query.fetch_optional(database_.pool()).await;
    found.map_err(database("read document"))
}

/// A document's source, as its original file is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalRow {
    /// Path relative to the catalog, and what it holds.
    pub source: Source,
    /// SHA-256 of its bytes.
    pub digest: String,
}

/// The source of a document; `None` when there is none of that id whose whole source the reader may see: the file shows all documents
/// that are in it.
pub async fn original(
    database_: &Database,
    generation: Generation,
    id: &DocumentId,
    reader: &Reader<'_>,
) -> Result<Option<OriginalRow>> {
    let sees = reader::sees("(other.labels->>'region')", 3);
    let statement = format!(
        "select s.path, s.kind, s.bytes_digest
         from knowledge.documents d
         join knowledge.sources s on s.generation = d.generation and s.path = d.source
         where d.generation = $1 and d.document_id = $2 and d.kind <> 'ticket' and not exists (
             select from knowledge.documents other
             where other.generation = d.generation and other.source = d.source and not coalesce({sees}, false)
         )"
    );
    let query = sqlx::query_as::<_, (String, String, String)>(AssertSqlSafe(statement));
    let query = reader::bind(query.bind(generation.0).bind(id.as_str()), reader);
    let found = query.fetch_optional(database_.pool()).await.map_err(database("read original"))?;
    let row = |(path, kind, digest): (String, String, String)| {
        let kind = SourceKind::parse(&kind).ok_or_else(|| corrupt("read original", kind))?;
        Ok(OriginalRow { source: Source { path, kind }, digest })
    };
    found.map(row).transpose()
}

/// The chunks of these documents, each with its document.
pub async fn chunk_ids_of(
    database_: &Database,
    generation: Generation,
    documents: &[&DocumentId],
) -> Result<Vec<(ChunkId, DocumentId)>> {
    const OPERATION: &str = "read chunks";
    let query = sqlx::query_as::<_, (String, String)>(
        "select chunk_id, document_id from knowledge.chunks where generation = $1 and document_id = any($2)
         order by document_id, ordinal",
    );
    let ids: Vec<&str> = documents.iter().map(|id| id.as_str()).collect();
    let found = query.bind(generation.0).bind(ids).fetch_all(database_.pool()).await;
    let read = |(chunk, document): (String, String)| {
        let chunk = ChunkId::parse(&chunk).map_err(|error| corrupt(OPERATION, error))?;
        Ok((chunk, DocumentId::parse(&document).map_err(|error| corrupt(OPERATION, error))?))
    };
    found.map_err(database(OPERATION))?.into_iter().map(read).collect()
}
