//! Generations: each build of the index has its own partition of chunks; one pointer says which is live.

mod create;
mod list;
mod switch;

use auskunft_boot::VectorIndex;
use auskunft_model::{Generation, Revision, SpaceId};
use sqlx::AssertSqlSafe;

use crate::Database;
use crate::error::{Result, database};

pub use create::{Recipe, begin, create_first, drop_step, finish};
pub use list::{Listed, Place, Size, all, live, read, size};
pub use switch::{ProductChanges, Turn, turn};

/// A generation and what its vectors are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerationInfo {
    /// Its number.
    pub generation: Generation,
    /// How many changes it has seen.
    pub revision: Revision,
    /// Up to this revision the marks of removed chunks are gone.
    pub marks_removed_to: Revision,
    /// The space of its vectors.
    pub space: SpaceId,
    /// Their dimensions.
    pub dimensions: usize,
    /// The chunker that cut its texts.
    pub chunker: String,
    /// In which precision the vector index keeps them.
    pub vector_index: VectorIndex,
}

impl GenerationInfo {
    /// The expression that the vector index is over, of a column or parameter that is a `vector`.
    pub(crate) fn indexed(&self, vector: &str) -> String {
        let dimensions = self.dimensions;
        match self.vector_index {
            VectorIndex::Full => format!("({vector}::vector({dimensions}))"),
            VectorIndex::Half => format!("({vector}::halfvec({dimensions}))"),
        }
    }

    /// Bytes of a number in the vector index.
    fn number_bytes(&self) -> u64 {
        match self.vector_index {
            VectorIndex::Full => 4,
            VectorIndex::Half => 2,
        }
    }
}

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
    let rows = crate::status::chunk_count(database_, generation).await?;
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

#[cfg(test)]
mod tests;
