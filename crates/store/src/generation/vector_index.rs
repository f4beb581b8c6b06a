//! The HNSW index of a generation: building it, what that takes, and how far it is.

use auskunft_boot::VectorIndex;
use auskunft_model::Generation;
use sqlx::AssertSqlSafe;

use super::GenerationInfo;
use crate::Database;
use crate::error::{Result, database};
use crate::status::chunk_count;

/// What an element of the graph takes beside its vector while it is built: pgvector 0.8.0 (16 neighbours) had place for 9,316 elements of
/// 384 numbers in 20 MB.
const NEIGHBOURS_BYTES: u64 = 700;

/// Builds the generation's HNSW index unless it has one; done after the first load, because building it once is several
/// times faster than growing it row by row. Until then searches scan exactly.
pub async fn ensure_vector_index(database_: &Database, info: &GenerationInfo) -> Result<()> {
    const OPERATION: &str = "build vector index";
    let generation = info.generation;
    let operators = match info.vector_index {
        VectorIndex::Full => "vector_cosine_ops",
        VectorIndex::Half => "halfvec_cosine_ops",
    };
    let statement = format!(
        "create index if not exists chunks_{generation}_embedding on knowledge.chunks_{generation}
             using hnsw ({} {operators});
         analyze knowledge.chunks_{generation}",
        info.indexed("embedding")
    );
    let has_index = has_vector_index(database_, info.generation).await?;
    if has_index {
        return Ok(());
    }
    let rows = chunk_count(database_, generation).await?;
    // A vector stands in the index once, with its neighbours, and passes through the write-ahead log.
    let bytes_each = info.dimensions as u64 * info.number_bytes() + 512;
    let bytes = u64::try_from(rows).unwrap_or(0).saturating_mul(bytes_each).saturating_mul(2);
    database_.check_space(OPERATION, bytes)?;
    let mut transaction = database_.begin(OPERATION).await?;
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *transaction).await.map_err(database(OPERATION))?;
    transaction.commit().await.map_err(database(OPERATION))
}

/// Whether the generation's HNSW index stands and is valid.
pub async fn has_vector_index(database_: &Database, generation: Generation) -> Result<bool> {
    let query = sqlx::query_scalar::<_, bool>(
        "select exists (select from pg_index i join pg_class c on c.oid = i.indexrelid
             where c.relname = $1 and i.indisvalid)",
    );
    let name = format!("chunks_{generation}_embedding");
    query.bind(name).fetch_one(database_.pool()).await.map_err(database("read vector index"))
}

/// The memory for building an HNSW index, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexMemory {
    /// What the whole graph takes: pgvector builds it in memory as long as it fits, and on pages from there on.
    pub wanted: u64,
    /// `maintenance_work_mem`.
    pub given: u64,
}

impl IndexMemory {
    /// Whether part of the graph is built on pages.
    pub fn is_scarce(&self) -> bool {
        self.given < self.wanted
    }
}

/// The memory that building the generation's index wants and has; `None` embedded, where nobody could change it.
pub async fn index_memory(database_: &Database, info: &GenerationInfo) -> Result<Option<IndexMemory>> {
    if database_.is_embedded() {
        return Ok(None);
    }
    let rows = u64::try_from(chunk_count(database_, info.generation).await?).unwrap_or(0);
    let query = sqlx::query_scalar::<_, i64>("select pg_size_bytes(current_setting('maintenance_work_mem'))");
    let given = query.fetch_one(database_.pool()).await.map_err(database("read maintenance_work_mem"))?;
    let bytes_each = info.dimensions as u64 * info.number_bytes() + NEIGHBOURS_BYTES;
    Ok(Some(IndexMemory { wanted: rows.saturating_mul(bytes_each), given: given.unsigned_abs() }))
}

/// How many of the generation's chunks its index under construction holds, and how many there are; `None` when none is.
pub async fn indexed_rows(database_: &Database, generation: Generation) -> Result<Option<(i64, i64)>> {
    let query = sqlx::query_scalar::<_, i64>(
        "select tuples_done from pg_stat_progress_create_index where relid = to_regclass($1)",
    );
    let query = query.bind(format!("knowledge.chunks_{generation}"));
    let done = query.fetch_optional(database_.pool()).await.map_err(database("read progress"))?;
    let Some(done) = done else { return Ok(None) };
    Ok(Some((done, chunk_count(database_, generation).await?)))
}
