//! Removes what no kept generation needs: old generations, texts and document versions, unused embeddings, marks of removed chunks; and what
//! is past its retention.

mod generations;

use auskunft_model::Generation;
use chrono::{TimeDelta, Utc};
use serde::Serialize;

use crate::documents::Collection;
use crate::error::{Result, database};
use crate::generation;
use crate::{Database, Stores, audit, chats, shop_data, work};

/// How many ids are looked at in one step; no step keeps a connection for long.
const STEP: i64 = 1_000;

/// A ticket that is younger than this, in minutes, may be about to get its row: its body comes first.
const YOUNG_MINUTES: i64 = 60;

/// For how long is kept what grows old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days for events of the audit.
    pub audit_days: u32,
    /// Days for messages of chats.
    pub chat_days: u32,
    /// Generations that were live, the one that is included.
    pub generations: u32,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Removed {
    /// Generations that are not kept.
    pub generations: Vec<Generation>,
    /// Why one of them is still there.
    pub notes: Vec<String>,
    /// Chunk texts.
    pub texts: u64,
    /// Document versions.
    pub documents: u64,
    /// Tickets.
    pub tickets: u64,
    /// Cached embeddings.
    pub embeddings: u64,
    /// Marks of removed chunks.
    pub marks: u64,
    /// Events of the audit that are past their retention.
    pub audit_events: u64,
    /// Chunks of the request log that are past their retention; dropped by the caller, who knows where the log lies.
    pub log_chunks: u32,
    /// Messages of chats that are past their retention, in rows or documents.
    pub messages: u64,
    /// Replies that nobody asks for again.
    pub replies: u64,
    /// Opinions of answers.
    pub feedback: u64,
}

/// Removes generations that are not kept and all that no other one needs, in small steps, and what is past its retention.
pub async fn run(stores: &Stores, retention: Retention) -> Result<Removed> {
    let database_ = &stores.database;
    shop_data::fold_version(database_).await?;
    work::remove_all(database_).await?;
    let generations = generations::remove(database_, retention.generations).await?;
    let chats = chats::remove_old(stores, retention.chat_days).await?;
    let orphans = remove_orphans(stores).await?;
    Ok(Removed {
        generations: generations.removed,
        notes: generations.notes,
        embeddings: remove_embeddings(database_).await?,
        marks: remove_marks(database_).await?,
        audit_events: audit::purge(database_, retention.audit_days).await?,
        messages: chats.messages,
        replies: chats.replies,
        feedback: chats.feedback,
        ..orphans
    })
}

/// Removes texts, document versions and tickets that no generation names.
pub(crate) async fn remove_orphans(stores: &Stores) -> Result<Removed> {
    let left = generation::all(&stores.database).await?;
    let left: Vec<Generation> = left.iter().map(|one| one.info.generation).collect();
    Ok(Removed {
        texts: sweep(stores, &left, Collection::Chunks).await?,
        documents: sweep(stores, &left, Collection::Parsed).await?,
        tickets: sweep(stores, &left, Collection::Tickets).await?,
        ..Removed::default()
    })
}

/// Walks a collection by id and removes what no generation names.
async fn sweep(stores: &Stores, kept: &[Generation], collection: Collection) -> Result<u64> {
    let mut removed = 0;
    let mut after = String::new();
    loop {
        let ids = stores.documents.ids(collection, &after, STEP).await?;
        let Some(last) = ids.last() else { return Ok(removed) };
        after.clone_from(last);
        let orphans = orphans(&stores.database, kept, collection, &ids).await?;
        let orphans = without_young(stores, collection, orphans).await?;
        removed += orphans.len() as u64;
        // Meanwhile another writer may have published what names them; Postgres and MongoDB judge the place where they remove.
        stores.documents.remove(collection, &orphans).await?;
    }
}

/// Without tickets that somebody may be about to make a row of.
pub(crate) async fn without_young(
    stores: &Stores,
    collection: Collection,
    keys: Vec<String>,
) -> Result<Vec<String>> {
    if collection != Collection::Tickets {
        return Ok(keys);
    }
    let asked: Vec<&str> = keys.iter().map(String::as_str).collect();
    let bodies = stores.documents.tickets(&asked).await?;
    let oldest = Utc::now() - TimeDelta::minutes(YOUNG_MINUTES);
    let is_old = |key: &String| bodies.get(key).is_none_or(|ticket| ticket.created < oldest);
    Ok(keys.into_iter().filter(is_old).collect())
}

/// Which of these ids nothing in these generations names.
pub(crate) async fn orphans(
    database_: &Database,
    generations: &[Generation],
    collection: Collection,
    ids: &[String],
) -> Result<Vec<String>> {
    let statement = match collection {
        Collection::Chunks => {
            "select id from unnest($2::text[]) as id where not exists
                 (select from knowledge.chunks c where c.generation = any($1) and c.chunk_id = id)"
        }
        Collection::Parsed => {
            "select id from unnest($2::text[]) as id where not exists
                 (select from knowledge.documents d where d.generation = any($1) and d.document_id = split_part(id, ':', 1)
                      and left(d.version, 24) = split_part(id, ':', 2))"
        }
        Collection::Tickets => {
            "select key from unnest($2::text[]) as key where not exists
                 (select from knowledge.documents d where d.generation = any($1) and d.kind = 'ticket'
                      and d.document_id = split_part(key, ':', 1) and left(d.version, 24) = split_part(key, ':', 2))
                 and not exists
                 (select from shop.tickets t where t.document_id = split_part(key, ':', 1)
                      and coalesce(left(t.source_version, 24), '') = split_part(key, ':', 2))"
        }
    };
    let generations: Vec<i32> = generations.iter().map(|generation| generation.0).collect();
    let query = sqlx::query_scalar(statement).bind(generations).bind(ids);
    query.fetch_all(database_.pool()).await.map_err(database("find orphans"))
}

/// Walks the cache by its key and removes what no chunk of the space uses.
async fn remove_embeddings(database_: &Database) -> Result<u64> {
    const OPERATION: &str = "remove embeddings";
    let (mut removed, mut after) = (0, (String::new(), String::new()));
    loop {
        let page = sqlx::query_as::<_, (String, String)>(
            "select space, text_digest from knowledge.embeddings where (space, text_digest) > ($1, $2)
             order by space, text_digest limit $3",
        );
        let page = page.bind(&after.0).bind(&after.1).bind(STEP).fetch_all(database_.pool()).await;
        let page = page.map_err(database(OPERATION))?;
        let Some(last) = page.last() else { return Ok(removed) };
        after.clone_from(last);
        let (spaces, digests): (Vec<String>, Vec<String>) = page.into_iter().unzip();
        let query = sqlx::query(
            "delete from knowledge.embeddings e using unnest($1::text[], $2::text[]) as page (space, text_digest)
             where e.space = page.space and e.text_digest = page.text_digest and not exists
                 (select from knowledge.chunks c join knowledge.generations g on g.id = c.generation
                      where c.text_digest = e.text_digest and g.space = e.space)",
        );
        removed += database_.write(OPERATION, query.bind(spaces).bind(digests)).await?;
    }
}

/// The marks of the live generation. Those of others go with them.
async fn remove_marks(database_: &Database) -> Result<u64> {
    const OPERATION: &str = "remove marks";
    let mut transaction = database_.begin(OPERATION).await?;
    sqlx::query(
        "update knowledge.generations set marks_removed_to = revision where id in (select generation from knowledge.live)",
    )
    .execute(&mut *transaction)
    .await
    .map_err(database(OPERATION))?;
    let done = sqlx::query(
        "delete from knowledge.removed_chunks where generation in (select generation from knowledge.live)",
    )
    .execute(&mut *transaction)
    .await
    .map_err(database(OPERATION))?;
    transaction.commit().await.map_err(database(OPERATION))?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests;
