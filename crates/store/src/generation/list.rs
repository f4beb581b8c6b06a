//! Which generations there are, and where each stands.

use auskunft_boot::VectorIndex;
use auskunft_model::{Generation, Revision, SpaceId};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::GenerationInfo;
use crate::Database;
use crate::error::{Result, database};

/// Where a generation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Readers use it.
    Live,
    /// Not all of the catalog is in it yet.
    Building,
    /// All is in it; readers never used it.
    Built,
    /// Readers used it before.
    Kept,
    /// Part of it is gone.
    Removed,
}

impl Place {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Building => "building",
            Self::Built => "built",
            Self::Kept => "kept",
            Self::Removed => "removed",
        }
    }
}

/// A generation with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub info: GenerationInfo,
    /// Where it stands.
    pub place: Place,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When all of the catalog was in it.
    pub built_at: Option<DateTime<Utc>>,
    /// When readers last turned to it.
    pub live_from: Option<DateTime<Utc>>,
    /// When they last turned away from it.
    pub live_to: Option<DateTime<Utc>>,
    /// When a person took it back.
    pub rolled_back_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i32,
    revision: i64,
    marks_removed_to: i64,
    space: String,
    dimensions: i32,
    chunker: String,
    vector_index: String,
    created_at: DateTime<Utc>,
    built_at: Option<DateTime<Utc>>,
    live_from: Option<DateTime<Utc>>,
    live_to: Option<DateTime<Utc>>,
    rolled_back_at: Option<DateTime<Utc>>,
    is_removed: bool,
    is_live: bool,
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        let place = match (row.is_live, row.live_from, row.built_at) {
            (true, ..) => Place::Live,
            _ if row.is_removed => Place::Removed,
            (false, Some(_), _) => Place::Kept,
            (false, None, Some(_)) => Place::Built,
            (false, None, None) => Place::Building,
        };
        let info = GenerationInfo {
            generation: Generation(row.id),
            revision: Revision(row.revision),
            marks_removed_to: Revision(row.marks_removed_to),
            space: SpaceId::new(row.space),
            dimensions: usize::try_from(row.dimensions).unwrap_or(0),
            chunker: row.chunker,
            vector_index: VectorIndex::named(&row.vector_index).unwrap_or(VectorIndex::Full),
        };
        Self {
            info,
            place,
            created_at: row.created_at,
            built_at: row.built_at,
            live_from: row.live_from,
            live_to: row.live_to,
            rolled_back_at: row.rolled_back_at,
        }
    }
}

macro_rules! columns {
    () => {
        "select g.id, g.revision, g.marks_removed_to, g.space, g.dimensions, g.chunker, g.vector_index, g.created_at, g.built_at, g.live_from,
             g.live_to, g.rolled_back_at, g.is_removed, l.generation is not null as is_live
         from knowledge.generations g left join knowledge.live l on l.generation = g.id "
    };
}

/// All generations, the newest first.
pub async fn all(database_: &Database) -> Result<Vec<Listed>> {
    let query = sqlx::query_as::<_, Row>(concat!(columns!(), "order by g.id desc"));
    let rows = query.fetch_all(database_.pool()).await.map_err(database("list generations"))?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// Bytes on the database's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Size {
    /// Of the chunks with their vectors, all indexes included.
    pub bytes: i64,
    /// Of the vector index alone.
    pub vector_index_bytes: i64,
}

/// How large a generation is; nothing where its chunks are gone.
pub async fn size(database_: &Database, generation: Generation) -> Result<Size> {
    let query = sqlx::query_as::<_, Size>(
        "select coalesce(pg_total_relation_size(to_regclass($1)), 0) as bytes,
             coalesce(pg_relation_size(to_regclass($2)), 0) as vector_index_bytes",
    );
    let table = format!("knowledge.chunks_{generation}");
    let index = format!("{table}_embedding");
    query
        .bind(table)
        .bind(index)
        .fetch_one(database_.pool())
        .await
        .map_err(database("read size of generation"))
}

/// The generation that readers use; `None` on fresh stores.
pub async fn live(database_: &Database) -> Result<Option<GenerationInfo>> {
    let query = sqlx::query_as::<_, Row>(concat!(columns!(), "where l.generation is not null"));
    let row = query.fetch_optional(database_.pool()).await.map_err(database("read generation"))?;
    Ok(row.map(|row| Listed::from(row).info))
}

/// One generation as it is now; `None` when it was removed.
pub async fn read(database_: &Database, generation: Generation) -> Result<Option<GenerationInfo>> {
    let query = sqlx::query_as::<_, Row>(concat!(columns!(), "where g.id = $1")).bind(generation.0);
    let row = query.fetch_optional(database_.pool()).await.map_err(database("read generation"))?;
    Ok(row.map(|row| Listed::from(row).info))
}
