//! What the stores hold, in numbers and as one digest.

use auskunft_model::{ChunkId, Generation};
use futures::TryStreamExt;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::documents::Collection;
use crate::error::{Result, corrupt, database};
use crate::{Database, Stores, gc, generation};

/// How many ids are looked up in one step.
const STEP: i64 = 1_000;

/// Counts over the live generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Documents, tickets included.
    pub documents: i64,
    /// Chunks.
    pub chunks: i64,
    /// Vectors.
    pub vectors: i64,
    /// Texts that live chunks name and the document store has.
    pub texts: i64,
    /// Texts, document versions and tickets that no generation names; `gc` removes them.
    pub orphans: i64,
}

/// Counts documents, chunks, vectors, texts and orphans.
pub async fn counts(stores: &Stores, generation: Generation) -> Result<Counts> {
    let query = sqlx::query_as::<_, (i64, i64, i64)>(
        "select (select count(*) from knowledge.documents where generation = $1),
             (select count(*) from knowledge.chunks where generation = $1),
             (select count(embedding) from knowledge.chunks where generation = $1)",
    );
    let row = query.bind(generation.0).fetch_one(stores.database.pool()).await;
    let (documents, chunks, vectors) = row.map_err(database("count"))?;
    let all = generation::all(&stores.database).await?;
    let all: Vec<Generation> = all.into_iter().map(|one| one.info.generation).collect();
    let mut orphans = 0;
    for collection in [Collection::Chunks, Collection::Parsed, Collection::Tickets] {
        orphans += count_unnamed(stores, &all, collection).await?.unnamed;
    }
    let texts = count_unnamed(stores, &[generation], Collection::Chunks).await?;
    Ok(Counts { documents, chunks, vectors, texts: texts.stored - texts.unnamed, orphans })
}

struct Counted {
    stored: i64,
    unnamed: i64,
}

/// Counts what a collection holds, and what nothing in these generations names.
async fn count_unnamed(
    stores: &Stores,
    generations: &[Generation],
    collection: Collection,
) -> Result<Counted> {
    let mut counted = Counted { stored: 0, unnamed: 0 };
    let mut after = String::new();
    loop {
        let ids = stores.documents.ids(collection, &after, STEP).await?;
        let Some(last) = ids.last() else { return Ok(counted) };
        after.clone_from(last);
        counted.stored += i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let unnamed = gc::orphans(&stores.database, generations, collection, &ids).await?;
        counted.unnamed += i64::try_from(unnamed.len()).unwrap_or(i64::MAX);
    }
}

/// A SHA-256 over live sources, documents, products, chunks with filter columns and vectors, and their texts; free of run
/// ids, revisions and times, so that two stores with the same content have the same digest.
pub async fn digest(stores: &Stores, generation: Generation) -> Result<String> {
    let mut hasher = Sha256::new();
    for statement in LEDGER {
        hash_rows(&stores.database, generation, statement, &mut hasher).await?;
    }
    hash_texts(stores, generation, &mut hasher).await?;
    let digest = hasher.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Each gives one JSON value a row, in a fixed order. Vectors enter by their binary form.
const LEDGER: [&str; 6] = [
    "select body from shop.settings where $1 = $1",
    "select jsonb_build_array(path, kind, bytes, bytes_digest, input_digest, outcome, reason, detail,
         pages, pages_needing_ocr, pages_failed)
     from knowledge.sources where generation = $1 order by path collate \"C\"",
    "select jsonb_build_array(path, ordinal, anchor, reason, detail, skipped)
     from knowledge.record_failures where generation = $1 order by path collate \"C\", ordinal",
    "select jsonb_build_array(document_id, source, anchor, kind, title, language, version, stated, attributes, labels,
         chunks) from knowledge.documents where generation = $1 order by document_id",
    "select jsonb_build_array(p.id, p.name, p.maker, p.category, p.product_family, p.region, p.obsolete, p.successor_id,
         p.document_id, p.document_version, p.source,
         (select jsonb_agg(jsonb_build_array(a.key, a.value, a.text, a.source) order by a.ordinal)
              from shop.product_attributes a where a.product_id = p.id),
         (select jsonb_agg(jsonb_build_array(i.kind, i.text) order by i.kind, i.text)
              from shop.product_identifiers i where i.product_id = p.id))
     from shop.products p where $1 = $1 order by p.id collate \"C\"",
    "select jsonb_build_array(document_id, chunk_id, ordinal, kind, category, product_family, maker, version,
         product_id, language, region, valid_from, valid_to, tags, heading_path, page, text_digest,
         encode(sha256(vector_send(embedding)), 'hex'))
     from knowledge.chunks where generation = $1 order by chunk_id",
];

async fn hash_rows(
    database_: &Database,
    generation: Generation,
    statement: &'static str,
    hasher: &mut Sha256,
) -> Result<()> {
    let query = sqlx::query_scalar::<_, Value>(statement).bind(generation.0);
    let mut rows = query.fetch(database_.pool());
    while let Some(row) = rows.try_next().await.map_err(database("digest"))? {
        hash_text(hasher, &row.to_string());
    }
    hasher.update([0xff]);
    Ok(())
}

async fn hash_texts(stores: &Stores, generation: Generation, hasher: &mut Sha256) -> Result<()> {
    let mut after = String::new();
    loop {
        let ids = chunk_ids(&stores.database, generation, &after, STEP).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        last.as_str().clone_into(&mut after);
        let texts = stores.documents.texts(&ids).await?;
        for id in &ids {
            hash_text(hasher, id.as_str());
            hash_text(hasher, texts.get(id).map_or("", String::as_str));
        }
    }
}

fn hash_text(hasher: &mut Sha256, text: &str) {
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

pub(crate) const CHUNK_IDS: &str =
    "select chunk_id from knowledge.chunks where generation = $1 and chunk_id > $2
    order by chunk_id limit $3";

/// Ids of live chunks in ascending order (bytewise) after `after`, at most `limit`.
pub(crate) async fn chunk_ids(
    database_: &Database,
    generation: Generation,
    after: &str,
    limit: i64,
) -> Result<Vec<ChunkId>> {
    let query = sqlx::query_scalar::<_, String>(CHUNK_IDS);
    let ids = query.bind(generation.0).bind(after).bind(limit).fetch_all(database_.pool()).await;
    let ids = ids.map_err(database("list chunks"))?;
    ids.iter().map(|id| ChunkId::parse(id).map_err(|error| corrupt("list chunks", error))).collect()
}

/// How many chunks a generation has.
pub async fn chunk_count(database_: &Database, generation: Generation) -> Result<i64> {
    let query = sqlx::query_scalar("select count(*) from knowledge.chunks where generation = $1");
    query.bind(generation.0).fetch_one(database_.pool()).await.map_err(database("count"))
}
