//! How much of what an exact scan finds the vector index finds, too.

use auskunft_model::Filter;
use pgvector::Vector;
use serde::Serialize;
use sqlx::AssertSqlSafe;

use crate::Database;
use crate::error::{Result, database};
use crate::generation::GenerationInfo;
use crate::reader::Reader;
use crate::search::{self, Scan};

/// Neighbours that are compared.
const NEAREST: usize = 10;
/// Two that are nearer to each other than this are as near as each other: equal texts have equal vectors.
const EQUAL: f64 = 1e-6;

/// Recall of a generation's vector index.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recall {
    /// Vectors whose neighbours were looked for.
    pub samples: usize,
    /// Neighbours that the exact scan found.
    pub wanted: usize,
    /// Those of them, or others as near, that the index found.
    pub found: usize,
}

impl Recall {
    /// From 0 to 1; 1 where there is nothing to find.
    pub fn share(&self) -> f64 {
        if self.wanted == 0 { 1.0 } else { self.found as f64 / self.wanted as f64 }
    }
}

/// Looks for the ten nearest of some of the generation's own vectors (recall@10), by the index and exactly. Chunk ids are hashes: the
/// first by id are a sample as good as any, and the same each time.
pub async fn measure(database_: &Database, info: &GenerationInfo, samples: u32) -> Result<Recall> {
    let statement = format!(
        "select embedding from knowledge.chunks_{} order by chunk_id limit {samples}",
        info.generation
    );
    let query = sqlx::query_scalar::<_, Vector>(AssertSqlSafe(statement));
    let vectors = query.fetch_all(database_.patient()).await.map_err(database("sample vectors"))?;
    let mut recall = Recall { samples: vectors.len(), wanted: 0, found: 0 };
    let everything = (&Filter::default(), &Reader::default());
    for vector in vectors {
        let vector = vector.to_vec();
        let near = search::nearest(database_, info, &vector, everything, NEAREST, Scan::Approximate).await?;
        let exact = search::nearest(database_, info, &vector, everything, NEAREST, Scan::Exact).await?;
        let least = exact.last().map_or(1.0, |(_, similarity)| similarity - EQUAL);
        recall.wanted += exact.len();
        recall.found += near.iter().filter(|(_, similarity)| *similarity >= least).count().min(exact.len());
    }
    Ok(recall)
}
