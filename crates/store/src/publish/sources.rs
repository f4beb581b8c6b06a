//! The sources of a batch: ledger rows of those that are done, and removal of those that are gone; a few statements for
//! all of them.

use auskunft_model::{DocumentId, Generation, Revision};

use super::{FinishedSource, Open, mark_removed};
use crate::error::{Result, database};
use crate::ledger::{RecordFailure, SourceRow};

/// Writes the sources' ledger rows and removes documents that they no longer hold. Returns the chunks removed.
pub(super) async fn finish(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    sources: &[FinishedSource],
) -> Result<u64> {
    if sources.is_empty() {
        return Ok(0);
    }
    let paths: Vec<&str> = sources.iter().map(|source| source.row.path.as_str()).collect();
    let keep: Vec<&str> =
        sources.iter().flat_map(|source| source.documents.iter().map(DocumentId::as_str)).collect();
    let deleted = remove_documents(transaction, generation, revision, &paths, &keep).await?;
    let rows: Vec<&SourceRow> = sources.iter().map(|source| &source.row).collect();
    upsert_rows(transaction, generation, revision, &rows).await?;
    sqlx::query("delete from knowledge.record_failures where generation = $1 and path = any($2)")
        .bind(generation.0)
        .bind(paths)
        .execute(&mut **transaction)
        .await
        .map_err(database("finish sources"))?;
    write_failures(transaction, generation, sources).await?;
    Ok(deleted)
}

async fn upsert_rows(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    rows: &[&SourceRow],
) -> Result<()> {
    let query = sqlx::query(
        "insert into knowledge.sources (generation, revision, path, kind, bytes, bytes_digest, input_digest, outcome,
             reason, detail, pages, pages_needing_ocr, pages_failed)
         select $1, $2, rows.* from unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
             $9::text[], $10::text[], $11::int[], $12::int[], $13::int[]) as rows
         on conflict (generation, path) do update set kind = excluded.kind, bytes = excluded.bytes,
             bytes_digest = excluded.bytes_digest, input_digest = excluded.input_digest,
             outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail,
             revision = excluded.revision, pages = excluded.pages,
             pages_needing_ocr = excluded.pages_needing_ocr, pages_failed = excluded.pages_failed",
    );
    let reason = |row: &&SourceRow| row.failure.as_ref().map(|failure| failure.reason.as_str());
    query
        .bind(generation.0)
        .bind(revision.0)
        .bind(rows.iter().map(|row| row.path.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.bytes).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.bytes_digest.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.input_digest.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.outcome.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(reason).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.failure.as_ref().map(|one| one.detail.as_str())).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.pages.all).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.pages.needs_ocr).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.pages.failed).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("finish sources"))?;
    Ok(())
}

async fn write_failures(
    transaction: &mut Open<'_>,
    generation: Generation,
    sources: &[FinishedSource],
) -> Result<()> {
    let records: Vec<(&str, i32, &RecordFailure)> = sources
        .iter()
        .flat_map(|source| {
            (0..).zip(&source.failures).map(|(ordinal, record)| (&*source.row.path, ordinal, record))
        })
        .collect();
    if records.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "insert into knowledge.record_failures (generation, path, ordinal, anchor, reason, detail, skipped)
         select $1, records.* from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bool[])
             as records",
    );
    query
        .bind(generation.0)
        .bind(records.iter().map(|(path, ..)| *path).collect::<Vec<_>>())
        .bind(records.iter().map(|(_, ordinal, _)| *ordinal).collect::<Vec<_>>())
        .bind(records.iter().map(|(.., record)| record.anchor.as_deref()).collect::<Vec<_>>())
        .bind(records.iter().map(|(.., record)| record.failure.reason.as_str()).collect::<Vec<_>>())
        .bind(records.iter().map(|(.., record)| record.failure.detail.as_str()).collect::<Vec<_>>())
        .bind(records.iter().map(|(.., record)| record.skipped).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("finish sources"))?;
    Ok(())
}

/// Removes sources with all their documents. Returns the chunks removed.
pub(super) async fn remove(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    paths: &[String],
) -> Result<u64> {
    if paths.is_empty() {
        return Ok(0);
    }
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let deleted = remove_documents(transaction, generation, revision, &paths, &[]).await?;
    sqlx::query("delete from knowledge.sources where generation = $1 and path = any($2)")
        .bind(generation.0)
        .bind(paths)
        .execute(&mut **transaction)
        .await
        .map_err(database("remove sources"))?;
    Ok(deleted)
}

async fn remove_documents(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    sources: &[&str],
    keep: &[&str],
) -> Result<u64> {
    let query = sqlx::query_scalar::<_, String>(
        "with gone as (delete from knowledge.documents
             where generation = $1 and source = any($2) and not document_id = any($3) returning document_id)
         delete from knowledge.chunks c using gone
             where c.generation = $1 and c.document_id = gone.document_id returning c.chunk_id",
    );
    let chunks: Vec<String> = query
        .bind(generation.0)
        .bind(sources)
        .bind(keep)
        .fetch_all(&mut **transaction)
        .await
        .map_err(database("remove documents"))?;
    let chunks: Vec<&str> = chunks.iter().map(String::as_str).collect();
    mark_removed(transaction, generation, revision, &chunks).await?;
    Ok(chunks.len() as u64)
}
