//! The ledger: which sources and documents the live generation holds, and what they were made from.

use std::collections::{HashMap, HashSet};

use auskunft_model::document::Identifier;
use auskunft_model::{DocumentId, Failure, Generation, Labels, Outcome, Reason};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::Database;
use crate::error::{Result, corrupt, database};

/// A source's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Path relative to the catalog.
    pub path: String,
    /// `auskunft_model::SourceKind` as text.
    pub kind: String,
    /// Size in bytes.
    pub bytes: i64,
    /// SHA-256 of the bytes.
    pub bytes_digest: String,
    /// Digest of all that the source's documents are made from.
    pub input_digest: String,
    /// How reading it ended.
    pub outcome: Outcome,
    /// Why it is not `ok`.
    pub failure: Option<Failure>,
    /// Of a PDF: its pages.
    pub pages: Pages,
}

/// The pages of a PDF, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pages {
    /// All of them.
    pub all: i32,
    /// Pictures or garbled text: not in the index.
    pub needs_ocr: i32,
    /// Not read: the engine could not, or the reader was ended before.
    pub failed: i32,
}

impl Pages {
    /// Pages whose text is in the index.
    pub fn read(self) -> i32 {
        self.all - self.needs_ocr - self.failed
    }
}

/// What a document says about itself; binding starts from it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stated {
    /// Labels as the document itself states them.
    pub labels: Labels,
    /// Model numbers, EANs and part numbers found in it.
    pub identifiers: Vec<Identifier>,
    /// Of product pages: no longer made.
    pub obsolete: bool,
    /// Of product pages: the SKU of its successor.
    pub successor: Option<String>,
}

/// A document's row.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRow {
    /// The document.
    pub document_id: DocumentId,
    /// Path of its source.
    pub source: String,
    /// Record in the source.
    pub anchor: Option<String>,
    /// `auskunft_model::Kind` as text, or `ticket`.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Language code.
    pub language: String,
    /// Digest of the parsed document; names the version in the document store.
    pub version: String,
    /// What it says about itself.
    pub stated: Stated,
    /// The filter columns of its chunks.
    pub labels: Labels,
}

/// A record of a list that could not be read, or was left alone on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFailure {
    /// The record's id, where it has one.
    pub anchor: Option<String>,
    /// Why.
    pub failure: Failure,
    /// Left alone on purpose, as opposed to failed.
    pub skipped: bool,
}

/// A failure with the source it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownFailure {
    /// Path of the source, `#` and the record's id where the failure is about one record.
    pub source: String,
    /// Why.
    pub reason: Reason,
    /// What happened and what to do.
    pub detail: String,
}

type SourceColumns =
    (String, String, i64, String, String, String, Option<String>, Option<String>, i32, i32, i32);

/// All sources of a generation by path.
pub async fn sources(database_: &Database, generation: Generation) -> Result<HashMap<String, SourceRow>> {
    let query = sqlx::query_as::<_, SourceColumns>(
        "select path, kind, bytes, bytes_digest, input_digest, outcome, reason, detail, pages,
             pages_needing_ocr, pages_failed
         from knowledge.sources where generation = $1",
    );
    let rows = query.bind(generation.0).fetch_all(database_.pool()).await.map_err(database("read ledger"))?;
    rows.into_iter().map(|row| Ok((row.0.clone(), source_row(row)?))).collect()
}

fn source_row(columns: SourceColumns) -> Result<SourceRow> {
    let (path, kind, bytes, bytes_digest, input_digest, outcome, reason, detail, all, needs_ocr, failed) =
        columns;
    let outcome = parse_word("read ledger", &outcome)?;
    let failure = match reason {
        Some(reason) => {
            let reason = parse_word("read ledger", &reason)?;
            Some(Failure::new(reason, detail.unwrap_or_default()))
        }
        None => None,
    };
    let pages = Pages { all, needs_ocr, failed };
    Ok(SourceRow { path, kind, bytes, bytes_digest, input_digest, outcome, failure, pages })
}

/// Reads back an enum that was stored under its serde name.
pub(crate) fn parse_word<T: serde::de::DeserializeOwned>(operation: &'static str, word: &str) -> Result<T> {
    let value = serde_json::Value::from(word);
    serde_json::from_value(value).map_err(|error| corrupt(operation, error))
}

/// SHA-256 of the bytes of all sources, of every generation.
pub async fn digests(database_: &Database) -> Result<HashSet<String>> {
    let query = sqlx::query_scalar("select distinct bytes_digest from knowledge.sources");
    let digests: Vec<String> = query.fetch_all(database_.pool()).await.map_err(database("read ledger"))?;
    Ok(digests.into_iter().collect())
}

/// All documents of a generation, in order of their ids.
pub async fn documents(database_: &Database, generation: Generation) -> Result<Vec<DocumentRow>> {
    type Row = (String, String, Option<String>, String, String, String, String, Json<Stated>, Json<Labels>);
    let query = sqlx::query_as::<_, Row>(
        "select document_id, source, anchor, kind, title, language, version, stated, labels
         from knowledge.documents where generation = $1 order by document_id",
    );
    let rows = query.bind(generation.0).fetch_all(database_.pool()).await.map_err(database("read ledger"))?;
    let read = |row: Row| {
        let (id, source, anchor, kind, title, language, version, stated, labels) = row;
        let document_id = DocumentId::parse(&id).map_err(|error| corrupt("read ledger", error))?;
        let (stated, labels) = (stated.0, labels.0);
        Ok(DocumentRow { document_id, source, anchor, kind, title, language, version, stated, labels })
    };
    rows.into_iter().map(read).collect()
}

/// A document's chunks with the digests of their embedded texts, as they are live.
pub async fn chunk_digests(
    database_: &Database,
    generation: Generation,
    id: &DocumentId,
) -> Result<HashMap<String, String>> {
    let query = sqlx::query_as::<_, (String, String)>(
        "select chunk_id, text_digest from knowledge.chunks where generation = $1 and document_id = $2",
    );
    let rows = query.bind(generation.0).bind(id.as_str()).fetch_all(database_.pool()).await;
    Ok(rows.map_err(database("read ledger"))?.into_iter().collect())
}

/// The pages of all PDFs together: all, and those that need character recognition.
pub async fn pages(database_: &Database, generation: Generation) -> Result<(i64, i64)> {
    let query = sqlx::query_as(
        "select coalesce(sum(pages), 0), coalesce(sum(pages_needing_ocr), 0)
         from knowledge.sources where generation = $1",
    );
    query.bind(generation.0).fetch_one(database_.pool()).await.map_err(database("count pages"))
}

/// Paths of sources that could not be read, or not wholly.
pub async fn failed_sources(database_: &Database, generation: Generation) -> Result<HashSet<String>> {
    let query = sqlx::query_scalar::<_, String>(
        "select path from knowledge.sources where generation = $1 and outcome in ('failed', 'partial')
         union select path from knowledge.record_failures where generation = $1 and not skipped",
    );
    let paths =
        query.bind(generation.0).fetch_all(database_.pool()).await.map_err(database("read ledger"))?;
    Ok(paths.into_iter().collect())
}

/// All sources and records that are not `ok`, in order of their paths.
pub async fn failures(database_: &Database, generation: Generation) -> Result<Vec<KnownFailure>> {
    let query = sqlx::query_as::<_, (String, String, String)>(
        "select path, reason, coalesce(detail, '') from knowledge.sources
             where generation = $1 and reason is not null and outcome <> 'skipped'
         union all
         select path || coalesce('#' || anchor, ''), reason, detail from knowledge.record_failures
             where generation = $1 and not skipped
         order by 1, 3",
    );
    let rows = query.bind(generation.0).fetch_all(database_.pool()).await.map_err(database("read ledger"))?;
    let read = |(source, reason, detail): (String, String, String)| {
        Ok(KnownFailure { source, reason: parse_word("read ledger", &reason)?, detail })
    };
    rows.into_iter().map(read).collect()
}
