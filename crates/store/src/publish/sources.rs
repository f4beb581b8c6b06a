//! The sources of a batch: ledger rows of those that are done, and removal of those that are gone.

use auskunft_model::{DocumentId, Generation, Revision};

use super::{FinishedSource, Open, mark_removed};
use crate::error::{Result, database};
use crate::ledger::RecordFailure;

/// Writes a source's ledger row and removes documents that it no longer holds. Returns the chunks removed.
pub(super) async fn finish(
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
             detail, revision, pages, pages_needing_ocr, pages_failed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (generation, path) do update set kind = excluded.kind, bytes = excluded.bytes,
             bytes_digest = excluded.bytes_digest, input_digest = excluded.input_digest,
             outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail,
             revision = excluded.revision, pages = excluded.pages,
             pages_needing_ocr = excluded.pages_needing_ocr, pages_failed = excluded.pages_failed",
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
        .bind(row.pages.all)
        .bind(row.pages.needs_ocr)
        .bind(row.pages.failed)
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
    let query = sqlx::query(
        "insert into knowledge.record_failures (generation, path, ordinal, anchor, reason, detail, skipped)
         select $1, $2, ordinal - 1, anchor, reason, detail, skipped
         from unnest($3::text[], $4::text[], $5::text[], $6::bool[])
             with ordinality as failure (anchor, reason, detail, skipped, ordinal)",
    );
    query
        .bind(generation.0)
        .bind(path)
        .bind(failures.iter().map(|record| record.anchor.as_deref()).collect::<Vec<_>>())
        .bind(failures.iter().map(|record| record.failure.reason.as_str()).collect::<Vec<_>>())
        .bind(failures.iter().map(|record| record.failure.detail.as_str()).collect::<Vec<_>>())
        .bind(failures.iter().map(|record| record.skipped).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("finish source"))?;
    Ok(())
}

/// Removes a source with all its documents. Returns the chunks removed.
pub(super) async fn remove(
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
