//! Mends what verification found.

use auskunft_model::{ChunkId, Generation};

use super::{Problem, ProblemKind};
use crate::error::{Result, database};
use crate::generation::{self, GenerationInfo};
use crate::{Database, Stores, gc, publish};

/// Mends: builds the index, removes chunks without a document, and marks the sources of damaged documents so that the next
/// run reads them again.
pub async fn fix(stores: &Stores, info: &GenerationInfo, problems: &[Problem]) -> Result<()> {
    let of = |kinds: &[ProblemKind]| -> Vec<String> {
        let found = problems.iter().filter(|problem| kinds.contains(&problem.kind));
        found.map(|problem| problem.id.clone()).collect()
    };
    if !of(&[ProblemKind::MissingIndex]).is_empty() {
        generation::ensure_vector_index(&stores.database, info).await?;
    }
    remove_chunks(&stores.database, info.generation, &of(&[ProblemKind::ChunkWithoutDocument])).await?;
    replace_vectors(&stores.database, info.generation, &of(&[ProblemKind::WrongVector])).await?;
    let damaged = of(&[ProblemKind::MissingDocument, ProblemKind::MissingTicket, ProblemKind::ChunkCount]);
    mark_for_reading(&stores.database, info.generation, &damaged, &of(&[ProblemKind::MissingText])).await
}

async fn remove_chunks(database_: &Database, generation: Generation, ids: &[String]) -> Result<()> {
    let ids: Vec<&str> = ids.iter().filter(|id| ChunkId::parse(id).is_ok()).map(String::as_str).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut transaction = database_.begin("repair").await?;
    let revision = publish::raise_revision(&mut transaction, generation).await?;
    sqlx::query("delete from knowledge.chunks where generation = $1 and chunk_id = any($2)")
        .bind(generation.0)
        .bind(&ids)
        .execute(&mut *transaction)
        .await
        .map_err(database("repair"))?;
    // Readers that hold a derived index drop them, too.
    publish::mark_removed(&mut transaction, generation, revision, &ids).await?;
    transaction.commit().await.map_err(database("repair"))
}

async fn replace_vectors(database_: &Database, generation: Generation, ids: &[String]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut transaction = database_.begin("repair").await?;
    let revision = publish::raise_revision(&mut transaction, generation).await?;
    let query = sqlx::query(
        "update knowledge.chunks c set embedding = e.embedding, revision = $2
         from knowledge.generations g join knowledge.embeddings e on e.space = g.space
         where c.generation = $1 and g.id = $1 and c.text_digest = e.text_digest and c.chunk_id = any($3)",
    );
    let query = query.bind(generation.0).bind(revision.0).bind(ids);
    query.execute(&mut *transaction).await.map_err(database("repair"))?;
    transaction.commit().await.map_err(database("repair"))
}

/// Notes that runs which nobody runs are interrupted, and removes what no generation names.
pub async fn clear(stores: &Stores, problems: &[Problem]) -> Result<()> {
    let query = sqlx::query("update knowledge.runs set state = 'interrupted' where state = 'running'");
    stores.database.write("repair", query).await?;
    if problems.iter().any(|problem| problem.kind == ProblemKind::Orphan) {
        gc::remove_orphans(stores).await?;
    }
    Ok(())
}

/// A source without input digest is read again, a document without version is written again.
async fn mark_for_reading(
    database_: &Database,
    generation: Generation,
    documents: &[String],
    chunks: &[String],
) -> Result<()> {
    let query = sqlx::query(
        "with damaged as (update knowledge.documents d set version = ''
             where d.generation = $1 and (d.document_id = any($2) or d.document_id in
                 (select c.document_id from knowledge.chunks c where c.generation = $1 and c.chunk_id = any($3)))
             returning d.source)
         update knowledge.sources s set input_digest = '' from damaged
         where s.generation = $1 and s.path = damaged.source",
    );
    let query = query.bind(generation.0).bind(documents).bind(chunks);
    database_.write("repair", query).await?;
    Ok(())
}
