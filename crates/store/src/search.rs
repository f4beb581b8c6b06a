//! Searching vectors, and the rows behind chunk ids. What a reader may not see is left out by the statement that reads it.

mod filter;
mod rows;

use auskunft_model::{ChunkId, Filter, Generation};
use pgvector::Vector;
use sqlx::AssertSqlSafe;

use crate::Database;
use crate::error::{Result, corrupt, database};
use crate::generation::GenerationInfo;
use crate::reader::Reader;

pub use rows::{
    ChunkRow, OriginalRow, chunk_ids_of, document_version, original, removed_since, rows, rows_of, rows_since,
};

/// How the dense leg scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// HNSW with iterative scan.
    Approximate,
    /// Every row that passes the filter: for selective filters, and as the measure of the other.
    Exact,
}

/// Names the generation's own partition, for its HNSW index, and the generation, because other indexes begin with it.
fn nearest_statement(info: &GenerationInfo, scan: Scan) -> String {
    let (generation, dimensions) = (info.generation, info.dimensions);
    // Adding zero to the distance hides the order from the index.
    let exact = if scan == Scan::Exact { " + 0" } else { "" };
    format!(
        "select c.chunk_id, 1 - ((c.embedding::vector({dimensions})) <=> $1)
         from knowledge.chunks_{generation} c where c.generation = {generation} and {}
         order by ((c.embedding::vector({dimensions})) <=> $1){exact} limit $2",
        filter::predicate(3)
    )
}

/// The nearest chunks that pass the filter and that the reader may see, by cosine similarity (-1 to 1), best first.
pub async fn nearest(
    database_: &Database,
    info: &GenerationInfo,
    vector: &[f32],
    (filter, reader): (&Filter, &Reader<'_>),
    limit: i64,
    scan: Scan,
) -> Result<Vec<(ChunkId, f64)>> {
    // Planned for its values at each call: a plan for all values does not know how selective a filter is, and would scan all chunks where no
    // product is asked for.
    let query = sqlx::query_as(AssertSqlSafe(nearest_statement(info, scan)))
        .persistent(false)
        .bind(Vector::from(vector.to_vec()))
        .bind(limit);
    let rows = filter::bind(query, filter, reader)
        .fetch_all(database_.pool())
        .await
        .map_err(database("search vectors"))?;
    let read = |(id, similarity): (String, f64)| {
        ChunkId::parse(&id).map(|id| (id, similarity)).map_err(|error| corrupt("search vectors", error))
    };
    rows.into_iter().map(read).collect()
}

/// Which of these chunks are live, pass the filter and may be seen by the reader: what a derived index found is joined with the truth here.
pub async fn admitted(
    database_: &Database,
    generation: Generation,
    ids: &[ChunkId],
    (filter, reader): (&Filter, &Reader<'_>),
) -> Result<Vec<ChunkId>> {
    let statement = format!(
        "select c.chunk_id from knowledge.chunks c where c.generation = $1 and c.chunk_id = any($2) and {}",
        filter::predicate(3)
    );
    let ids: Vec<&str> = ids.iter().map(ChunkId::as_str).collect();
    let query = sqlx::query_as::<_, (String,)>(AssertSqlSafe(statement)).bind(generation.0).bind(ids);
    let query = filter::bind(query, filter, reader);
    let rows = query.fetch_all(database_.pool()).await.map_err(database("filter chunks"))?;
    rows.iter().map(|(id,)| ChunkId::parse(id).map_err(|error| corrupt("filter chunks", error))).collect()
}

/// How the planner would search.
#[cfg(test)]
pub(crate) async fn explain_nearest(
    database_: &Database,
    info: &GenerationInfo,
    (filter, reader): (&Filter, &Reader<'_>),
    scan: Scan,
) -> String {
    let statement = format!("explain {}", nearest_statement(info, scan));
    let vector = Vector::from(vec![1.0; info.dimensions]);
    let query = sqlx::query_as::<_, (String,)>(AssertSqlSafe(statement)).bind(vector).bind(10_i64);
    let lines = filter::bind(query, filter, reader).fetch_all(database_.pool()).await.unwrap();
    lines.into_iter().map(|(line,)| line).collect::<Vec<_>>().join("\n")
}
