//! Checks that the stores agree with each other, and mends what can be mended.

mod mend;

use std::collections::HashSet;

use auskunft_model::{DocumentId, Generation};
use serde::{Deserialize, Serialize};

use crate::documents::{Collection, document_key, ticket_key};
use crate::error::{Result, corrupt, database};
use crate::generation::{self, GenerationInfo};
use crate::{Database, Stores, gc, status};

pub use mend::{clear, fix};

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
    /// A chunk's vector is not the one that its text has in the generation's space.
    WrongVector,
    /// A text, document version or ticket that no generation names.
    Orphan,
    /// A run that is not at an end, though nobody runs.
    TornRun,
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

/// Everything that is wrong with the live generation and what is derived from it, in a fixed order.
pub async fn problems(stores: &Stores, info: &GenerationInfo) -> Result<Vec<Problem>> {
    let database_ = &stores.database;
    let mut problems = of_generation(stores, info).await?;
    let tickets = all_ids(stores, Collection::Tickets).await?;
    problems.extend(rows_without_body(database_, info.generation, &tickets).await?);
    problems.extend(check(database_, info, DERIVED).await?);
    Ok(problems)
}

/// Everything that is wrong with a generation by itself, whether it is live or not.
pub async fn of_generation(stores: &Stores, info: &GenerationInfo) -> Result<Vec<Problem>> {
    let database_ = &stores.database;
    let mut problems = missing_texts(stores, info.generation).await?;
    problems.extend(missing_documents(stores, info.generation).await?);
    problems.extend(check(database_, info, OWN).await?);
    if !generation::has_vector_index(database_, info.generation).await? {
        problems.push(Problem {
            kind: ProblemKind::MissingIndex,
            id: format!("chunks_{}_embedding", info.generation),
            detail: "searches are exact but slow; `ingest verify --fix` builds it".to_owned(),
        });
    }
    Ok(problems)
}

/// What lies about: texts that no generation names, and runs that were killed. `ingest gc` and the next run see to both by themselves.
pub async fn left_behind(stores: &Stores) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let all = generation::all(&stores.database).await?;
    let all: Vec<Generation> = all.into_iter().map(|one| one.info.generation).collect();
    for collection in [Collection::Chunks, Collection::Parsed, Collection::Tickets] {
        problems.extend(orphans(stores, &all, collection).await?);
    }
    let query =
        sqlx::query_scalar::<_, String>("select id from knowledge.runs where state = 'running' order by 1");
    let torn = query.fetch_all(stores.database.pool()).await.map_err(database("verify"))?;
    problems.extend(torn.into_iter().map(|id| {
        Problem {
            kind: ProblemKind::TornRun,
            id,
            detail:
                "it was killed; `ingest verify --fix` notes that, and the next `ingest DIR` goes on with it"
                    .to_owned(),
        }
    }));
    Ok(problems)
}

async fn orphans(stores: &Stores, all: &[Generation], collection: Collection) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut after = String::new();
    loop {
        let ids = stores.documents.ids(collection, &after, STEP).await?;
        let Some(last) = ids.last() else { return Ok(problems) };
        after.clone_from(last);
        let orphans = gc::orphans(&stores.database, all, collection, &ids).await?;
        let orphans = gc::without_young(stores, collection, orphans).await?;
        problems.extend(orphans.into_iter().map(|id| Problem {
            kind: ProblemKind::Orphan,
            id,
            detail: "nothing names it; `ingest gc` removes it".to_owned(),
        }));
    }
}

type Check = (ProblemKind, &'static str, &'static str);

async fn check(database_: &Database, info: &GenerationInfo, checks: &[Check]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for (kind, statement, detail) in checks {
        let query = sqlx::query_scalar::<_, String>(*statement).bind(info.generation.0);
        let ids = query.fetch_all(database_.pool()).await.map_err(database("verify"))?;
        problems.extend(ids.into_iter().map(|id| Problem { kind: *kind, id, detail: (*detail).to_owned() }));
    }
    Ok(problems)
}

const OWN: &[Check] = &[
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
        ProblemKind::WrongVector,
        "select c.chunk_id from knowledge.chunks c
         join knowledge.generations g on g.id = c.generation
         join knowledge.embeddings e on e.space = g.space and e.text_digest = c.text_digest
         where c.generation = $1 and c.embedding <> e.embedding order by 1",
        "it is found for other questions than it should be; `ingest verify --fix` takes the right one from the cache",
    ),
];

/// Of products and what else is derived from the live ledger.
const DERIVED: &[Check] = &[
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

#[cfg(test)]
mod tests;
