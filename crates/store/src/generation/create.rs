//! Making generations and taking them away.

use auskunft_boot::VectorIndex;
use auskunft_model::{Generation, Revision, SpaceId};
use sqlx::{AssertSqlSafe, Postgres, Transaction};

use super::GenerationInfo;
use crate::Database;
use crate::error::{Error, ErrorKind, Result, database};

const MAKE: &str = "make generation";
const REMOVE: &str = "remove generation";

/// Rows of the ledger that go at once with a generation that is removed.
const STEP: i64 = 5_000;
/// How long taking away a partition may keep readers waiting for its lock, itself waiting for readers of other partitions.
const LOCK_LIMIT: &str = "set local lock_timeout = '500ms'";

type Open<'a> = Transaction<'a, Postgres>;

/// What a generation is made with.
#[derive(Debug, Clone, Copy)]
pub struct Recipe<'a> {
    /// The space of its vectors.
    pub space: &'a SpaceId,
    /// Their dimensions.
    pub dimensions: usize,
    /// The chunker that cuts its texts.
    pub chunker: &'a str,
    /// In which precision the vector index keeps its vectors.
    pub vector_index: VectorIndex,
}

impl<'a> Recipe<'a> {
    /// With a vector index of full precision.
    pub fn new(space: &'a SpaceId, dimensions: usize, chunker: &'a str) -> Self {
        Self { space, dimensions, chunker, vector_index: VectorIndex::Full }
    }
}

/// Makes the first generation with its partition and points readers at it, in one transaction.
pub async fn create_first(database_: &Database, recipe: Recipe<'_>) -> Result<GenerationInfo> {
    let mut transaction = database_.begin(MAKE).await?;
    let info = make(&mut transaction, recipe).await?;
    sqlx::query("update knowledge.generations set built_at = now(), live_from = now() where id = $1")
        .bind(info.generation.0)
        .execute(&mut *transaction)
        .await
        .map_err(database(MAKE))?;
    sqlx::query("insert into knowledge.live (generation) values ($1)")
        .bind(info.generation.0)
        .execute(&mut *transaction)
        .await
        .map_err(database(MAKE))?;
    transaction.commit().await.map_err(database(MAKE))?;
    Ok(info)
}

/// Makes a generation beside the live one, empty and seen by no reader.
pub async fn begin(database_: &Database, recipe: Recipe<'_>) -> Result<GenerationInfo> {
    let mut transaction = database_.begin(MAKE).await?;
    let info = make(&mut transaction, recipe).await?;
    transaction.commit().await.map_err(database(MAKE))?;
    Ok(info)
}

/// A number is never given twice: whoever keeps something under one may find it again.
async fn make(transaction: &mut Open<'_>, recipe: Recipe<'_>) -> Result<GenerationInfo> {
    let Recipe { space, dimensions, chunker, vector_index } = recipe;
    let dimensions_column = i32::try_from(dimensions)
        .map_err(|_| Error::new(ErrorKind::Internal, MAKE, format!("{dimensions} dimensions")))?;
    let query = sqlx::query_scalar::<_, i32>(
        "insert into knowledge.generations (id, space, dimensions, chunker, vector_index)
         values (nextval('knowledge.generation_numbers')::int, $1, $2, $3, $4) returning id",
    );
    let query = query.bind(space.as_str()).bind(dimensions_column).bind(chunker).bind(vector_index.as_str());
    let generation = query.fetch_one(&mut **transaction).await.map_err(database(MAKE))?;
    let partition = format!(
        "create table knowledge.chunks_{generation} partition of knowledge.chunks
             (check (vector_dims(embedding) = {dimensions})) for values in ({generation})"
    );
    sqlx::raw_sql(AssertSqlSafe(partition)).execute(&mut **transaction).await.map_err(database(MAKE))?;
    Ok(GenerationInfo {
        generation: Generation(generation),
        revision: Revision(0),
        marks_removed_to: Revision(0),
        space: space.clone(),
        dimensions,
        chunker: chunker.to_owned(),
        vector_index,
    })
}

/// Notes that all of the catalog is in a generation.
pub async fn finish(database_: &Database, generation: Generation) -> Result<()> {
    let query =
        sqlx::query("update knowledge.generations set built_at = coalesce(built_at, now()) where id = $1");
    database_.write("finish generation", query.bind(generation.0)).await?;
    Ok(())
}

/// Removes a piece of a generation that nobody reads; `false` when all of it is gone. The live one is refused.
///
/// Its chunks go as a table: dropping it wants a lock for which readers of all partitions wait, so it is tried for half a second only;
/// fails with [`ErrorKind::Unavailable`] when that does not suffice.
pub async fn drop_step(database_: &Database, generation: Generation) -> Result<bool> {
    let mut transaction = database_.begin(REMOVE).await?;
    condemn(&mut transaction, generation).await?;
    sqlx::raw_sql(LOCK_LIMIT).execute(&mut *transaction).await.map_err(database(REMOVE))?;
    let table = format!("drop table if exists knowledge.chunks_{generation}");
    sqlx::raw_sql(AssertSqlSafe(table)).execute(&mut *transaction).await.map_err(database(REMOVE))?;
    for statement in LEDGER {
        let done = sqlx::query(statement).bind(generation.0).bind(STEP).execute(&mut *transaction).await;
        if done.map_err(database(REMOVE))?.rows_affected() > 0 {
            transaction.commit().await.map_err(database(REMOVE))?;
            return Ok(true);
        }
    }
    sqlx::query("delete from knowledge.generations where id = $1")
        .bind(generation.0)
        .execute(&mut *transaction)
        .await
        .map_err(database(REMOVE))?;
    transaction.commit().await.map_err(database(REMOVE))?;
    Ok(false)
}

/// From the first piece on it is nothing to turn to any more.
async fn condemn(transaction: &mut Open<'_>, generation: Generation) -> Result<()> {
    let query = sqlx::query(
        "update knowledge.generations g set is_removed = true
         where g.id = $1 and not exists (select from knowledge.live l where l.generation = g.id)",
    );
    let done = query.bind(generation.0).execute(&mut **transaction).await.map_err(database(REMOVE))?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Internal, REMOVE, format!("generation {generation} is live, or gone already")))
}

/// In the order of their references.
const LEDGER: [&str; 4] = [
    "delete from knowledge.record_failures where ctid = any(array(
         select ctid from knowledge.record_failures where generation = $1 limit $2))",
    "delete from knowledge.sources where ctid = any(array(
         select ctid from knowledge.sources where generation = $1 limit $2))",
    "delete from knowledge.documents where ctid = any(array(
         select ctid from knowledge.documents where generation = $1 limit $2))",
    "delete from knowledge.removed_chunks where ctid = any(array(
         select ctid from knowledge.removed_chunks where generation = $1 limit $2))",
];
