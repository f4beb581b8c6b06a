//! The documents of a batch: ledger rows, chunks and vectors, a few statements for all of them.

use std::collections::{HashMap, HashSet};

use auskunft_model::{DocumentId, Generation, Labels, Revision};
use pgvector::Vector;
use sqlx::types::Json;

use super::{EmbeddedChunk, Open, Published, ReadyDocument, mark_removed};
use crate::error::{Result, database};

/// Chunks written by one statement: a vector of 1,024 numbers is 4 KB, so that a statement stays near a megabyte.
const STATEMENT_CHUNKS: usize = 256;

/// Replaces the ledger rows and chunks of these documents.
pub(super) async fn write(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    documents: &[ReadyDocument],
) -> Result<Published> {
    if documents.is_empty() {
        return Ok(Published::default());
    }
    let before = remove_chunks(transaction, generation, documents).await?;
    upsert_rows(transaction, generation, revision, documents).await?;
    let chunks: Vec<&EmbeddedChunk> = documents.iter().flat_map(|document| &document.chunks).collect();
    for part in chunks.chunks(STATEMENT_CHUNKS) {
        insert_chunks(transaction, generation, revision, part).await?;
    }
    let now: HashSet<&str> = chunks.iter().map(|embedded| embedded.chunk.id.as_str()).collect();
    let gone: Vec<&str> = before.keys().map(String::as_str).filter(|id| !now.contains(id)).collect();
    mark_removed(transaction, generation, revision, &gone).await?;
    unmark_removed(transaction, generation, &now).await?;
    Ok(changes(&before, &chunks))
}

fn changes(before: &HashMap<String, String>, chunks: &[&EmbeddedChunk]) -> Published {
    let old = |embedded: &EmbeddedChunk| before.get(embedded.chunk.id.as_str());
    let same = chunks.iter().filter(|embedded| old(embedded) == Some(&embedded.text_digest)).count();
    let kept = chunks.iter().filter(|embedded| old(embedded).is_some()).count();
    Published { written: (chunks.len() - same) as u64, deleted: (before.len() - kept) as u64 }
}

/// Takes the documents' chunks out; returns them with the digests of their texts.
async fn remove_chunks(
    transaction: &mut Open<'_>,
    generation: Generation,
    documents: &[ReadyDocument],
) -> Result<HashMap<String, String>> {
    let ids: Vec<&str> = documents.iter().map(|document| document.row.document_id.as_str()).collect();
    let query = sqlx::query_as::<_, (String, String)>(
        "delete from knowledge.chunks where generation = $1 and document_id = any($2)
         returning chunk_id, text_digest",
    );
    let rows = query.bind(generation.0).bind(ids).fetch_all(&mut **transaction).await;
    Ok(rows.map_err(database("publish document"))?.into_iter().collect())
}

async fn upsert_rows(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    documents: &[ReadyDocument],
) -> Result<()> {
    let rows: Vec<_> = documents.iter().map(|document| &document.row).collect();
    let query = sqlx::query(
        "insert into knowledge.documents (generation, revision, document_id, source, anchor, kind, title, language,
             version, stated, attributes, labels, chunks)
         select $1, $2, rows.* from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
             $9::text[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::int[]) as rows
         on conflict (generation, document_id) do update set source = excluded.source, anchor = excluded.anchor,
             kind = excluded.kind, title = excluded.title, language = excluded.language,
             version = excluded.version, stated = excluded.stated, attributes = excluded.attributes,
             labels = excluded.labels, chunks = excluded.chunks, revision = excluded.revision",
    );
    let count = |document: &ReadyDocument| i32::try_from(document.chunks.len()).unwrap_or(i32::MAX);
    query
        .bind(generation.0)
        .bind(revision.0)
        .bind(rows.iter().map(|row| row.document_id.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.source.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.anchor.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.language.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.version.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Json(&row.stated)).collect::<Vec<_>>())
        .bind(documents.iter().map(|document| document.attributes.as_ref().map(Json)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Json(&row.labels)).collect::<Vec<_>>())
        .bind(documents.iter().map(count).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("publish document"))?;
    Ok(())
}

/// Writes chunks; their filter columns come from the ledger rows of their documents, which stand already.
async fn insert_chunks(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    embedded: &[&EmbeddedChunk],
) -> Result<()> {
    let chunks: Vec<_> = embedded.iter().map(|embedded| &embedded.chunk).collect();
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    let query = sqlx::query(
        "insert into knowledge.chunks (generation, revision, document_id, chunk_id, ordinal, kind, language,
             heading_path, page, text_digest, embedding, category, product_family, maker, version, product_id,
             region, valid_from, valid_to, tags)
         select $1, $2, chunk.document_id, chunk_id, ordinal, chunk.kind, chunk.language,
             array(select jsonb_array_elements_text(heading_path)), page, text_digest, embedding, label.category,
             label.product_family, label.maker, label.version, label.product_id, label.region, label.valid_from,
             label.valid_to, label.tags
         from unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::jsonb[], $9::int[], $10::text[],
             $11::vector[]) as chunk (document_id, chunk_id, ordinal, kind, language, heading_path, page,
             text_digest, embedding)
         join knowledge.documents document
             on document.generation = $1 and document.document_id = chunk.document_id
         cross join lateral jsonb_populate_record(null::knowledge.labels, document.labels) label",
    );
    query
        .bind(generation.0)
        .bind(revision.0)
        .bind(chunks.iter().map(|chunk| chunk.document_id.as_str()).collect::<Vec<_>>())
        .bind(chunks.iter().map(|chunk| chunk.id.as_str()).collect::<Vec<_>>())
        .bind(chunks.iter().map(|chunk| number(chunk.ordinal)).collect::<Vec<_>>())
        .bind(chunks.iter().map(|chunk| chunk.kind.as_str()).collect::<Vec<_>>())
        .bind(chunks.iter().map(|chunk| chunk.language.as_str()).collect::<Vec<_>>())
        .bind(chunks.iter().map(|chunk| Json(&chunk.heading_path)).collect::<Vec<_>>())
        .bind(chunks.iter().map(|chunk| chunk.page.map(number)).collect::<Vec<_>>())
        .bind(embedded.iter().map(|chunk| chunk.text_digest.as_str()).collect::<Vec<_>>())
        .bind(vectors(embedded))
        .execute(&mut **transaction)
        .await
        .map_err(database("publish chunks"))?;
    Ok(())
}

fn vectors(chunks: &[&EmbeddedChunk]) -> Vec<Vector> {
    chunks.iter().map(|chunk| Vector::from(chunk.embedding.clone())).collect()
}

/// A chunk that came back is no longer gone.
async fn unmark_removed(
    transaction: &mut Open<'_>,
    generation: Generation,
    now: &HashSet<&str>,
) -> Result<()> {
    let now: Vec<&str> = now.iter().copied().collect();
    let query =
        sqlx::query("delete from knowledge.removed_chunks where generation = $1 and chunk_id = any($2)");
    let query = query.bind(generation.0).bind(now);
    query.execute(&mut **transaction).await.map_err(database("publish document"))?;
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

/// Rewrites the filter columns of documents and their chunks.
pub(super) async fn relabel(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    changes: &[(DocumentId, Labels)],
) -> Result<()> {
    let query = sqlx::query(
        "with document as (
             update knowledge.documents d set labels = change.labels, revision = $2
             from unnest($3::text[], $4::jsonb[]) as change (document_id, labels)
             where d.generation = $1 and d.document_id = change.document_id
             returning d.document_id, d.labels)
         update knowledge.chunks chunk set revision = $2, category = label.category,
             product_family = label.product_family, maker = label.maker, version = label.version,
             product_id = label.product_id, region = label.region, valid_from = label.valid_from,
             valid_to = label.valid_to, tags = label.tags
         from document cross join lateral jsonb_populate_record(null::knowledge.labels, document.labels) label
         where chunk.generation = $1 and chunk.document_id = document.document_id",
    );
    query
        .bind(generation.0)
        .bind(revision.0)
        .bind(changes.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>())
        .bind(changes.iter().map(|(_, labels)| Json(labels)).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("rewrite filter columns"))?;
    Ok(())
}
