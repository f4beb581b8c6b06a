//! The statements of a publish transaction.

use std::collections::HashMap;

use auskunft_model::{DocumentId, Generation, Labels, Revision};
use pgvector::Vector;
use sqlx::types::Json;
use sqlx::{Postgres, Transaction};

use super::{EmbeddedChunk, FinishedSource, Published, ReadyDocument};
use crate::error::{Result, database};
use crate::ledger::RecordFailure;

type Open<'a> = Transaction<'a, Postgres>;

/// Replaces a document's ledger row and chunks.
pub(super) async fn write_document(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    document: &ReadyDocument,
) -> Result<Published> {
    let id = &document.row.document_id;
    let before = chunk_digests(transaction, generation, id).await?;
    let changed = changes(&before, &document.chunks);
    sqlx::query("delete from knowledge.chunks where generation = $1 and document_id = $2")
        .bind(generation.0)
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await
        .map_err(database("publish document"))?;
    insert_chunks(transaction, generation, revision, document).await?;
    let now: Vec<&str> = document.chunks.iter().map(|chunk| chunk.chunk.id.as_str()).collect();
    let gone: Vec<&str> = before.keys().map(String::as_str).filter(|id| !now.contains(id)).collect();
    mark_removed(transaction, generation, revision, &gone).await?;
    sqlx::query("delete from knowledge.removed_chunks where generation = $1 and chunk_id = any($2)")
        .bind(generation.0)
        .bind(&now)
        .execute(&mut **transaction)
        .await
        .map_err(database("publish document"))?;
    upsert_document(transaction, generation, revision, document).await?;
    Ok(changed)
}

fn changes(before: &HashMap<String, String>, chunks: &[EmbeddedChunk]) -> Published {
    let is_same = |chunk: &&EmbeddedChunk| before.get(chunk.chunk.id.as_str()) == Some(&chunk.text_digest);
    let same = chunks.iter().filter(is_same).count();
    let kept = chunks.iter().filter(|chunk| before.contains_key(chunk.chunk.id.as_str())).count();
    Published { written: (chunks.len() - same) as u64, deleted: (before.len() - kept) as u64 }
}

async fn chunk_digests(
    transaction: &mut Open<'_>,
    generation: Generation,
    id: &DocumentId,
) -> Result<HashMap<String, String>> {
    let query = sqlx::query_as::<_, (String, String)>(
        "select chunk_id, text_digest from knowledge.chunks where generation = $1 and document_id = $2",
    );
    let rows = query.bind(generation.0).bind(id.as_str()).fetch_all(&mut **transaction).await;
    Ok(rows.map_err(database("publish document"))?.into_iter().collect())
}

async fn insert_chunks(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    document: &ReadyDocument,
) -> Result<()> {
    for embedded in &document.chunks {
        let (chunk, labels) = (&embedded.chunk, &document.row.labels);
        let query = sqlx::query(
            "insert into knowledge.chunks (generation, document_id, chunk_id, ordinal, kind, language, heading_path,
                 page, text_digest, embedding, revision, category, product_family, maker, version, product_id,
                 region, valid_from, valid_to, tags)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        );
        query
            .bind(generation.0)
            .bind(chunk.document_id.as_str())
            .bind(chunk.id.as_str())
            .bind(i32::try_from(chunk.ordinal).unwrap_or(i32::MAX))
            .bind(chunk.kind.as_str())
            .bind(chunk.language.as_str())
            .bind(&chunk.heading_path)
            .bind(chunk.page.and_then(|page| i32::try_from(page).ok()))
            .bind(&embedded.text_digest)
            .bind(Vector::from(embedded.embedding.clone()))
            .bind(revision.0)
            .bind(&labels.category)
            .bind(&labels.product_family)
            .bind(&labels.maker)
            .bind(&labels.version)
            .bind(labels.product_id.as_ref().map(auskunft_model::ProductId::as_str))
            .bind(labels.region.as_ref().map(auskunft_model::Region::as_str))
            .bind(labels.valid_from)
            .bind(labels.valid_to)
            .bind(&labels.tags)
            .execute(&mut **transaction)
            .await
            .map_err(database("publish chunk"))?;
    }
    Ok(())
}

async fn upsert_document(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    document: &ReadyDocument,
) -> Result<()> {
    let row = &document.row;
    let query = sqlx::query(
        "insert into knowledge.documents (generation, document_id, source, anchor, kind, title, language, version,
             stated, attributes, labels, chunks, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (generation, document_id) do update set source = excluded.source, anchor = excluded.anchor,
             kind = excluded.kind, title = excluded.title, language = excluded.language,
             version = excluded.version, stated = excluded.stated, attributes = excluded.attributes,
             labels = excluded.labels, chunks = excluded.chunks, revision = excluded.revision",
    );
    query
        .bind(generation.0)
        .bind(row.document_id.as_str())
        .bind(&row.source)
        .bind(&row.anchor)
        .bind(&row.kind)
        .bind(&row.title)
        .bind(&row.language)
        .bind(&row.version)
        .bind(Json(&row.stated))
        .bind(document.attributes.as_ref().map(Json))
        .bind(Json(&row.labels))
        .bind(i32::try_from(document.chunks.len()).unwrap_or(i32::MAX))
        .bind(revision.0)
        .execute(&mut **transaction)
        .await
        .map_err(database("publish document"))?;
    Ok(())
}

/// Takes the mark "done" off the sources of these documents: should the run be killed before a source's last document, the
/// next one must read it again, even when its bytes are the old ones by then.
pub(super) async fn mark_unfinished(
    transaction: &mut Open<'_>,
    generation: Generation,
    documents: &[ReadyDocument],
) -> Result<()> {
    let mut paths: Vec<&str> = documents.iter().map(|document| document.row.source.as_str()).collect();
    paths.dedup();
    let query = sqlx::query(
        "update knowledge.sources set input_digest = '' where generation = $1 and path = any($2)",
    );
    let query = query.bind(generation.0).bind(paths);
    query.execute(&mut **transaction).await.map_err(database("publish document"))?;
    Ok(())
}

/// Fills the embedding cache; what is there stays.
pub(super) async fn write_embeddings(
    transaction: &mut Open<'_>,
    space: &str,
    documents: &[ReadyDocument],
) -> Result<()> {
    for embedded in documents.iter().flat_map(|document| &document.chunks) {
        let query = sqlx::query(
            "insert into knowledge.embeddings (space, text_digest, embedding) values ($1, $2, $3)
             on conflict do nothing",
        );
        query
            .bind(space)
            .bind(&embedded.text_digest)
            .bind(Vector::from(embedded.embedding.clone()))
            .execute(&mut **transaction)
            .await
            .map_err(database("cache embedding"))?;
    }
    Ok(())
}

/// Writes a source's ledger row and removes documents that it no longer holds. Returns the chunks removed.
pub(super) async fn finish_source(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    source: &FinishedSource,
) -> Result<u64> {
    let row = &source.row;
    let keep: Vec<&str> = source.documents.iter().map(DocumentId::as_str).collect();
    let deleted = remove_documents(transaction, generation, revision, &row.path, &keep).await?;
    let query = sqlx::query(
        "insert into knowledge.sources (generation, path, kind, bytes, bytes_digest, input_digest, outcome, reason,
             detail, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (generation, path) do update set kind = excluded.kind, bytes = excluded.bytes,
             bytes_digest = excluded.bytes_digest, input_digest = excluded.input_digest,
             outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail,
             revision = excluded.revision",
    );
    query
        .bind(generation.0)
        .bind(&row.path)
        .bind(&row.kind)
        .bind(row.bytes)
        .bind(&row.bytes_digest)
        .bind(&row.input_digest)
        .bind(row.outcome.as_str())
        .bind(row.failure.as_ref().map(|failure| failure.reason.as_str()))
        .bind(row.failure.as_ref().map(|failure| failure.detail.as_str()))
        .bind(revision.0)
        .execute(&mut **transaction)
        .await
        .map_err(database("finish source"))?;
    write_failures(transaction, generation, &row.path, &source.failures).await?;
    Ok(deleted)
}

async fn write_failures(
    transaction: &mut Open<'_>,
    generation: Generation,
    path: &str,
    failures: &[RecordFailure],
) -> Result<()> {
    sqlx::query("delete from knowledge.record_failures where generation = $1 and path = $2")
        .bind(generation.0)
        .bind(path)
        .execute(&mut **transaction)
        .await
        .map_err(database("finish source"))?;
    for (ordinal, failure) in failures.iter().enumerate() {
        let query = sqlx::query(
            "insert into knowledge.record_failures (generation, path, ordinal, anchor, reason, detail, skipped)
             values ($1, $2, $3, $4, $5, $6, $7)",
        );
        query
            .bind(generation.0)
            .bind(path)
            .bind(i32::try_from(ordinal).unwrap_or(i32::MAX))
            .bind(&failure.anchor)
            .bind(failure.failure.reason.as_str())
            .bind(&failure.failure.detail)
            .bind(failure.skipped)
            .execute(&mut **transaction)
            .await
            .map_err(database("finish source"))?;
    }
    Ok(())
}

/// Removes a source with all its documents. Returns the chunks removed.
pub(super) async fn remove_source(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    path: &str,
) -> Result<u64> {
    let deleted = remove_documents(transaction, generation, revision, path, &[]).await?;
    sqlx::query("delete from knowledge.sources where generation = $1 and path = $2")
        .bind(generation.0)
        .bind(path)
        .execute(&mut **transaction)
        .await
        .map_err(database("remove source"))?;
    Ok(deleted)
}

async fn remove_documents(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    source: &str,
    keep: &[&str],
) -> Result<u64> {
    let query = sqlx::query_scalar::<_, String>(
        "with gone as (delete from knowledge.documents
             where generation = $1 and source = $2 and not document_id = any($3) returning document_id)
         delete from knowledge.chunks c using gone
             where c.generation = $1 and c.document_id = gone.document_id returning c.chunk_id",
    );
    let chunks: Vec<String> = query
        .bind(generation.0)
        .bind(source)
        .bind(keep)
        .fetch_all(&mut **transaction)
        .await
        .map_err(database("remove documents"))?;
    let chunks: Vec<&str> = chunks.iter().map(String::as_str).collect();
    mark_removed(transaction, generation, revision, &chunks).await?;
    Ok(chunks.len() as u64)
}

async fn mark_removed(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    chunks: &[&str],
) -> Result<()> {
    if chunks.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "insert into knowledge.removed_chunks (generation, chunk_id, revision)
         select $1, chunk_id, $2 from unnest($3::text[]) as chunk_id
         on conflict (generation, chunk_id) do update set revision = excluded.revision",
    );
    let query = query.bind(generation.0).bind(revision.0).bind(chunks);
    query.execute(&mut **transaction).await.map_err(database("remove chunks"))?;
    Ok(())
}

/// Rewrites one document's filter columns.
pub(super) async fn relabel_document(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    id: &DocumentId,
    labels: &Labels,
) -> Result<()> {
    sqlx::query("update knowledge.documents set labels = $3, revision = $4 where generation = $1 and document_id = $2")
        .bind(generation.0)
        .bind(id.as_str())
        .bind(Json(labels))
        .bind(revision.0)
        .execute(&mut **transaction)
        .await
        .map_err(database("rewrite filter columns"))?;
    let query = sqlx::query(
        "update knowledge.chunks set revision = $3, category = $4, product_family = $5, maker = $6, version = $7,
             product_id = $8, region = $9, valid_from = $10, valid_to = $11, tags = $12
         where generation = $1 and document_id = $2",
    );
    query
        .bind(generation.0)
        .bind(id.as_str())
        .bind(revision.0)
        .bind(&labels.category)
        .bind(&labels.product_family)
        .bind(&labels.maker)
        .bind(&labels.version)
        .bind(labels.product_id.as_ref().map(auskunft_model::ProductId::as_str))
        .bind(labels.region.as_ref().map(auskunft_model::Region::as_str))
        .bind(labels.valid_from)
        .bind(labels.valid_to)
        .bind(&labels.tags)
        .execute(&mut **transaction)
        .await
        .map_err(database("rewrite filter columns"))?;
    Ok(())
}
