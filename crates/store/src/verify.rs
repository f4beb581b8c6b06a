//! Checks that the stores agree with each other, and mends what can be mended.

use std::collections::HashSet;

use auskunft_model::{ChunkId, DocumentId, Generation};
use serde::{Deserialize, Serialize};

use crate::documents::{Collection, document_key, ticket_key};
use crate::error::{Result, corrupt, database};
use crate::generation::{self, GenerationInfo};
use crate::{Database, Stores, publish, status};

const STEP: i64 = 1_000;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A live chunk has no text in the document store.
    MissingText,
    /// A ledger row names a document version that the document store does not have.
    MissingDocument,
    /// A ticket's body is missing: a document of the ledger, or a ticket's row.
    MissingTicket,
    /// A chunk belongs to no document of the ledger.
    ChunkWithoutDocument,
    /// A document has another number of chunks than its ledger row says.
    ChunkCount,
    /// A document belongs to no source of the ledger.
    DocumentWithoutSource,
    /// A product's page is not in the ledger, or in another version.
    ProductWithoutDocument,
    /// A product page of the ledger has no product.
    MissingProduct,
    /// The vector index is missing.
    MissingIndex,
    /// The original file of a source is not in the object store.
    MissingOriginal,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The chunk, document, product or index.
    pub id: String,
    /// What it means and what to do.
    pub detail: String,
}

const READ_AGAIN: &str = "`ingest verify --fix` marks its source, and the next `ingest DIR` reads it again";

/// Everything that is wrong, in a fixed order.
pub async fn problems(stores: &Stores, info: &GenerationInfo) -> Result<Vec<Problem>> {
    let database_ = &stores.database;
    let mut problems = missing_texts(stores, info.generation).await?;
    problems.extend(missing_documents(stores, info.generation).await?);
    for (kind, statement, detail) in CHECKS {
        let query = sqlx::query_scalar::<_, String>(statement).bind(info.generation.0);
        let ids = query.fetch_all(database_.pool()).await.map_err(database("verify"))?;
        problems.extend(ids.into_iter().map(|id| Problem { kind, id, detail: (*detail).to_owned() }));
    }
    if !generation::has_vector_index(database_, info.generation).await? {
        problems.push(Problem {
            kind: ProblemKind::MissingIndex,
            id: format!("chunks_{}_embedding", info.generation),
            detail: "searches are exact but slow; `ingest verify --fix` builds it".to_owned(),
        });
    }
    Ok(problems)
}

const CHECKS: [(ProblemKind, &str, &str); 5] = [
    (
        ProblemKind::ChunkWithoutDocument,
        "select c.chunk_id from knowledge.chunks c where c.generation = $1 and not exists
             (select from knowledge.documents d where d.generation = $1 and d.document_id = c.document_id) order by 1",
        "`ingest verify --fix` removes it",
    ),
    (
        ProblemKind::ChunkCount,
        "select d.document_id from knowledge.documents d where d.generation = $1 and d.chunks <>
             (select count(*) from knowledge.chunks c where c.generation = $1 and c.document_id = d.document_id)
         order by 1",
        READ_AGAIN,
    ),
    (
        ProblemKind::DocumentWithoutSource,
        "select d.document_id from knowledge.documents d where d.generation = $1 and not exists
             (select from knowledge.sources s where s.generation = $1 and s.path = d.source) order by 1",
        "its source is not finished: the next `ingest DIR` goes on with it",
    ),
    (
        ProblemKind::ProductWithoutDocument,
        "select p.id from shop.products p where not exists
             (select from knowledge.documents d where d.generation = $1 and d.document_id = p.document_id
                  and d.version = p.document_version) order by 1",
        "the next `ingest DIR` rewrites it",
    ),
    (
        ProblemKind::MissingProduct,
        "select distinct d.stated->'labels'->>'product_id' from knowledge.documents d
         where d.generation = $1 and d.kind = 'product' and d.stated->'labels'->>'product_id' is not null and not exists
             (select from shop.products p where p.id = d.stated->'labels'->>'product_id') order by 1",
        "the next `ingest DIR` writes it",
    ),
];

async fn missing_texts(stores: &Stores, generation: Generation) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut after = String::new();
    loop {
        let ids = status::chunk_ids(&stores.database, generation, &after, STEP).await?;
        let Some(last) = ids.last() else { return Ok(problems) };
        last.as_str().clone_into(&mut after);
        let texts = stores.documents.texts(&ids).await?;
        let missing = ids.iter().filter(|id| !texts.contains_key(id));
        problems.extend(missing.map(|id| Problem {
            kind: ProblemKind::MissingText,
            id: id.to_string(),
            detail: READ_AGAIN.to_owned(),
        }));
    }
}

async fn missing_documents(stores: &Stores, generation: Generation) -> Result<Vec<Problem>> {
    let stored = all_ids(stores, Collection::Parsed).await?;
    let tickets = all_ids(stores, Collection::Tickets).await?;
    let query = sqlx::query_as::<_, (String, String, String)>(
        "select document_id, version, kind from knowledge.documents where generation = $1
         order by document_id",
    );
    let rows = query.bind(generation.0).fetch_all(stores.database.pool()).await;
    let mut problems = Vec::new();
    for (id, version, kind) in rows.map_err(database("verify"))? {
        let document_id = DocumentId::parse(&id).map_err(|error| corrupt("verify", error))?;
        let is_ticket = kind == "ticket";
        let stored = if is_ticket { &tickets } else { &stored };
        let is_there = stored.contains(&document_key(&document_id, &version));
        if !is_there {
            let kind = if is_ticket { ProblemKind::MissingTicket } else { ProblemKind::MissingDocument };
            problems.push(Problem { kind, id, detail: READ_AGAIN.to_owned() });
        }
    }
    problems.extend(rows_without_body(&stores.database, generation, &tickets).await?);
    Ok(problems)
}

/// Tickets whose rows name a body that is not there; those of the ledger's version are told as documents.
async fn rows_without_body(
    database_: &Database,
    generation: Generation,
    bodies: &HashSet<String>,
) -> Result<Vec<Problem>> {
    let query = sqlx::query_as::<_, (String, String, Option<String>)>(
        "select t.id::text, t.document_id, t.source_version from shop.tickets t where not exists
             (select from knowledge.documents d where d.generation = $1 and d.document_id = t.document_id
                  and d.version = t.source_version)
         order by 1",
    );
    let rows = query.bind(generation.0).fetch_all(database_.pool()).await.map_err(database("verify"))?;
    let mut problems = Vec::new();
    for (id, document, delivered) in rows {
        let document = DocumentId::parse(&document).map_err(|error| corrupt("verify", error))?;
        if !bodies.contains(&ticket_key(&document, delivered.as_deref())) {
            let detail = match delivered {
                Some(_) => {
                    "an older version of it is shown without its words; the next `ingest DIR` writes the newer one"
                }
                None => "an agent opened it, and its words are lost; take the document store from a backup",
            };
            problems.push(Problem { kind: ProblemKind::MissingTicket, id, detail: detail.to_owned() });
        }
    }
    Ok(problems)
}

async fn all_ids(stores: &Stores, collection: Collection) -> Result<HashSet<String>> {
    let mut all = HashSet::new();
    let mut after = String::new();
    loop {
        let ids = stores.documents.ids(collection, &after, STEP).await?;
        let Some(last) = ids.last() else { return Ok(all) };
        after.clone_from(last);
        all.extend(ids);
    }
}

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

#[cfg(test)]
mod tests;
