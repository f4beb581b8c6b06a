//! The embedding cache: what was embedded once in a space is not embedded again.

use std::collections::HashMap;

use auskunft_model::SpaceId;
use pgvector::Vector;

use crate::Database;
use crate::error::{Result, database};

/// Bytes of a row without its vector, and of its entry in the index, about.
const ROW_BYTES: usize = 256;

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

/// Keeps vectors of texts in the cache; what is there stays. At most a few hundred at once: each is some kilobytes.
pub async fn keep(database_: &Database, space: &SpaceId, vectors: &HashMap<String, Vec<f32>>) -> Result<()> {
    const OPERATION: &str = "cache embeddings";
    if vectors.is_empty() {
        return Ok(());
    }
    let bytes: usize = vectors.values().map(|vector| size_of_val(vector.as_slice()) + ROW_BYTES).sum();
    // Once in the table, once in the write-ahead log.
    database_.check_space(OPERATION, (bytes as u64).saturating_mul(2))?;
    let query = sqlx::query(
        "insert into knowledge.embeddings (space, text_digest, embedding)
         select $1, texts.* from unnest($2::text[], $3::vector[]) as texts on conflict do nothing",
    );
    let query = query
        .bind(space.as_str())
        .bind(vectors.keys().map(String::as_str).collect::<Vec<_>>())
        .bind(vectors.values().map(|vector| Vector::from(vector.clone())).collect::<Vec<_>>());
    database_.write(OPERATION, query).await?;
    Ok(())
}
