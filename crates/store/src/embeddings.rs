//! The embedding cache: what was embedded once in a space is not embedded again.

use std::collections::HashMap;

use auskunft_model::SpaceId;
use pgvector::Vector;

use crate::Database;
use crate::error::{Result, database};

/// The cached vectors of these texts (by SHA-256 of the embedded text) in a space; absent ones are left out.
pub async fn cached(
    database_: &Database,
    space: &SpaceId,
    digests: &[String],
) -> Result<HashMap<String, Vec<f32>>> {
    if digests.is_empty() {
        return Ok(HashMap::new());
    }
    let query = sqlx::query_as::<_, (String, Vector)>(
        "select text_digest, embedding from knowledge.embeddings where space = $1 and text_digest = any($2)",
    );
    let rows = query.bind(space.as_str()).bind(digests).fetch_all(database_.pool()).await;
    let rows = rows.map_err(database("read embedding cache"))?;
    Ok(rows.into_iter().map(|(digest, vector)| (digest, vector.to_vec())).collect())
}

/// How many of these texts are cached in a space.
pub async fn count_cached(database_: &Database, space: &SpaceId, digests: &[String]) -> Result<i64> {
    let query = sqlx::query_scalar(
        "select count(*) from knowledge.embeddings where space = $1 and text_digest = any($2)",
    );
    let query = query.bind(space.as_str()).bind(digests);
    query.fetch_one(database_.pool()).await.map_err(database("read embedding cache"))
}
