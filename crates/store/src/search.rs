//! Searching vectors, and the rows behind chunk ids. What a reader may not see is left out by the statement that reads it.

mod filter;
mod rows;

use auskunft_boot::VectorIndex;
use auskunft_model::{ChunkId, Filter};
use pgvector::Vector;
use sqlx::AssertSqlSafe;

use crate::Database;
use crate::error::{Result, corrupt, database};
use crate::generation::GenerationInfo;
use crate::reader::Reader;
use filter::Predicate;

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

/// Names the generation's own partition, for its HNSW index, and the generation, because other indexes begin with it; and the limit, on
/// which it depends whether the index is worth it.
fn nearest_statement(info: &GenerationInfo, passes: &Predicate<'_>, limit: usize, scan: Scan) -> String {
    let (generation, dimensions) = (info.generation, info.dimensions);
    let similarity = format!("(c.embedding::vector({dimensions})) <=> $1");
    let order = match (scan, info.vector_index) {
        // Adding zero to the distance hides the order from the index.
        (Scan::Exact, _) => format!("({similarity}) + 0"),
        (Scan::Approximate, VectorIndex::Full) => format!("({similarity})"),
        (Scan::Approximate, VectorIndex::Half) => {
            format!("({} <=> {})", info.indexed("c.embedding"), info.indexed("$1::vector"))
        }
    };
    format!(
        "select c.chunk_id, 1 - ({similarity})
         from knowledge.chunks_{generation} c where c.generation = {generation} and {}
         order by {order} limit {limit}",
        passes.sql
    )
}

/// The nearest chunks that pass the filter and that the reader may see, by cosine similarity (-1 to 1), best first.
pub async fn nearest(
    database_: &Database,
    info: &GenerationInfo,
    vector: &[f32],
    (filter, reader): (&Filter, &Reader<'_>),
    limit: usize,
    scan: Scan,
) -> Result<Vec<(ChunkId, f64)>> {
    let passes = Predicate::of(filter, reader, 2);
    let statement = nearest_statement(info, &passes, limit, scan);
    let query = sqlx::query_as(AssertSqlSafe(statement)).bind(Vector::from(vector.to_vec()));
    let rows = passes.bind(query).fetch_all(database_.pool()).await.map_err(database("search vectors"))?;
    let read = |(id, similarity): (String, f64)| {
        ChunkId::parse(&id).map(|id| (id, similarity)).map_err(|error| corrupt("search vectors", error))
    };
    let mut found: Vec<(ChunkId, f64)> = rows.into_iter().map(read).collect::<Result<_>>()?;
    if info.vector_index == VectorIndex::Half {
        // The index orders by rounded distances.
        found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    }
    Ok(found)
}

/// How the planner would search.
#[cfg(test)]
pub(crate) async fn explain_nearest(
    database_: &Database,
    info: &GenerationInfo,
    (filter, reader): (&Filter, &Reader<'_>),
    (limit, scan): (usize, Scan),
) -> String {
    let passes = Predicate::of(filter, reader, 2);
    let statement = format!("explain {}", nearest_statement(info, &passes, limit, scan));
    let vector = Vector::from(vec![1.0; info.dimensions]);
    let query = sqlx::query_as::<_, (String,)>(AssertSqlSafe(statement)).bind(vector);
    let lines = passes.bind(query).fetch_all(database_.pool()).await.unwrap();
    lines.into_iter().map(|(line,)| line).collect::<Vec<_>>().join("\n")
}
