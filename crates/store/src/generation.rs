//! Generations: each build of the index has its own partition of chunks; one pointer says which is live.

use auskunft_model::{Generation, Revision, SpaceId};
use sqlx::AssertSqlSafe;

use crate::Database;
use crate::error::{Error, ErrorKind, Result, database};

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
}

/// The generation that readers use; `None` on fresh stores.
pub async fn live(database_: &Database) -> Result<Option<GenerationInfo>> {
    type Row = (i32, i64, i64, String, i32, String);
    let query = sqlx::query_as::<_, Row>(
        "select g.id, g.revision, g.marks_removed_to, g.space, g.dimensions, g.chunker
         from knowledge.live l join knowledge.generations g on g.id = l.generation",
    );
    let row = query.fetch_optional(database_.pool()).await.map_err(database("read generation"))?;
    Ok(row.map(|(generation, revision, marks, space, dimensions, chunker)| GenerationInfo {
        generation: Generation(generation),
        revision: Revision(revision),
        marks_removed_to: Revision(marks),
        space: SpaceId::new(space),
        dimensions: usize::try_from(dimensions).unwrap_or(0),
        chunker,
    }))
}

/// Makes the first generation with its partition and points readers at it, in one transaction.
pub async fn create_first(
    database_: &Database,
    space: &SpaceId,
    dimensions: usize,
    chunker: &str,
) -> Result<GenerationInfo> {
    const OPERATION: &str = "make generation";
    let dimensions_column = i32::try_from(dimensions)
        .map_err(|_| Error::new(ErrorKind::Internal, OPERATION, format!("{dimensions} dimensions")))?;
    let mut transaction = database_.begin(OPERATION).await?;
    sqlx::query("insert into knowledge.generations (id, space, dimensions, chunker) values (1, $1, $2, $3)")
        .bind(space.as_str())
        .bind(dimensions_column)
        .bind(chunker)
        .execute(&mut *transaction)
        .await
        .map_err(database(OPERATION))?;
    let partition = format!(
        "create table knowledge.chunks_1 partition of knowledge.chunks
             (check (vector_dims(embedding) = {dimensions})) for values in (1)"
    );
    sqlx::raw_sql(AssertSqlSafe(partition)).execute(&mut *transaction).await.map_err(database(OPERATION))?;
    sqlx::query("insert into knowledge.live (generation) values (1)")
        .execute(&mut *transaction)
        .await
        .map_err(database(OPERATION))?;
    transaction.commit().await.map_err(database(OPERATION))?;
    Ok(GenerationInfo {
        generation: Generation(1),
        revision: Revision(0),
        marks_removed_to: Revision(0),
        space: space.clone(),
        dimensions,
        chunker: chunker.to_owned(),
    })
}

/// Builds the generation's HNSW index unless it has one; done after the first load, because building it once is several
/// times faster than growing it row by row. Until then searches scan exactly.
pub async fn ensure_vector_index(database_: &Database, info: &GenerationInfo) -> Result<()> {
    const OPERATION: &str = "build vector index";
    let (generation, dimensions) = (info.generation, info.dimensions);
    let statement = format!(
        "create index if not exists chunks_{generation}_embedding on knowledge.chunks_{generation}
             using hnsw ((embedding::vector({dimensions})) vector_cosine_ops);
         analyze knowledge.chunks_{generation}"
    );
    let has_index = has_vector_index(database_, info.generation).await?;
    if has_index {
        return Ok(());
    }
    let rows = crate::status::chunk_count(database_, generation).await?;
    // A vector stands in the index once, with its neighbours, and passes through the write-ahead log.
    let bytes =
        u64::try_from(rows).unwrap_or(0).saturating_mul(dimensions as u64 * 4 + 512).saturating_mul(2);
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
