//! The run's side: it offers files, reads some itself, and takes what workers made of the others.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::SharedFile;
use crate::Database;
use crate::error::{Result, database};

const OPERATION: &str = "share files of a run";

/// Before all files are removed, whose workers may just then say that they still have them: of two statements that lock many rows in different
/// orders the server would end one.
const ALONE: &str = "lock table knowledge.shared_files in share row exclusive mode";

/// Files that one statement offers.
const OFFERED_AT_ONCE: usize = 1_000;

/// A run whose files workers may read. Only a writer on a server has one.
#[derive(Debug)]
pub struct SharedRun {
    database: Arc<Database>,
    run: String,
}

/// What a worker made of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// The file's place in the run's order.
    pub place: i64,
    /// As JSON.
    pub reading: Vec<u8>,
}

/// Begins sharing: from now on workers that have `terms` in common with the run may take its files. What an earlier run left is removed, and
/// workers that were not seen for an hour are forgotten. `None` where nobody else can reach the database.
pub async fn open(database_: &Arc<Database>, run: &str, terms: &Value) -> Result<Option<SharedRun>> {
    let Some(held_for) = database_.lease_length() else { return Ok(None) };
    let mut transaction = database_.begin(OPERATION).await?;
    let statements = [
        sqlx::query(ALONE),
        sqlx::query("delete from knowledge.shared_files"),
        sqlx::query("delete from knowledge.workers where seen_at < clock_timestamp() - interval '1 hour'"),
        sqlx::query(
            "insert into knowledge.shared_run (run, fence, terms, held_seconds) select $1, fence, $2, $3 from knowledge.writer
             on conflict (one) do update set run = excluded.run, fence = excluded.fence, terms = excluded.terms,
                 held_seconds = excluded.held_seconds",
        )
        .bind(run)
        .bind(terms)
        .bind(held_for.as_secs_f64()),
    ];
    for statement in statements {
        statement.execute(&mut *transaction).await.map_err(database(OPERATION))?;
    }
    transaction.commit().await.map_err(database(OPERATION))?;
    Ok(Some(SharedRun { database: Arc::clone(database_), run: run.to_owned() }))
}

impl SharedRun {
    /// Offers files, in the order of their places, which are new ones of this run.
    pub async fn offer(&self, files: &[SharedFile]) -> Result<()> {
        for files in files.chunks(OFFERED_AT_ONCE) {
            let column = |text: fn(&SharedFile) -> &str| files.iter().map(text).collect::<Vec<_>>();
            let bytes = files.iter().map(|file| i64::try_from(file.bytes).unwrap_or(i64::MAX));
            let query = sqlx::query(
                "insert into knowledge.shared_files (run, place, path, kind, bytes, bytes_digest)
                 select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[])",
            );
            let query = query
                .bind(&self.run)
                .bind(files.iter().map(|file| file.place).collect::<Vec<_>>())
                .bind(column(|file| &file.source.path))
                .bind(column(|file| file.source.kind.as_str()))
                .bind(bytes.collect::<Vec<_>>())
                .bind(column(|file| file.digest.as_str()));
            self.database.write(OPERATION, query).await?;
        }
        Ok(())
    }

    /// Takes up to so many of the first files that nobody has, or whose worker gave no sign of life, to read them itself; their places.
    pub async fn take(&self, limit: usize) -> Result<Vec<i64>> {
        let query = sqlx::query_scalar(
            "with free as materialized (
                 select place from knowledge.shared_files
                 where run = $1 and reading is null and (worker is null or expires_at < clock_timestamp())
                 order by place limit $2 for update skip locked)
             delete from knowledge.shared_files f using free where f.run = $1 and f.place = free.place returning f.place",
        );
        let query = query.bind(&self.run).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        query.fetch_all(self.database.pool()).await.map_err(database(OPERATION))
    }

    /// Takes up to so many of the files that workers have read.
    pub async fn collect(&self, limit: usize) -> Result<Vec<HandedOver>> {
        let query = sqlx::query_as::<_, (i64, Vec<u8>)>(
            "with read as materialized (
                 select place from knowledge.shared_files where run = $1 and reading is not null order by place limit $2)
             delete from knowledge.shared_files f using read where f.run = $1 and f.place = read.place
             returning f.place, f.reading",
        );
        let query = query.bind(&self.run).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows = query.fetch_all(self.database.pool()).await.map_err(database(OPERATION))?;
        Ok(rows.into_iter().map(|(place, reading)| HandedOver { place, reading }).collect())
    }

    /// The places of the files that are still there: free, with workers, or read. Fails with [`ErrorKind::Held`] when another writer has
    /// taken over, which removes them. Others may be missing: a server that took over may lack them, and an answer to who took some may
    /// have been lost.
    ///
    /// [`ErrorKind::Held`]: crate::ErrorKind::Held
    pub async fn left(&self) -> Result<HashSet<i64>> {
        self.database.check_lease().await?;
        let query = sqlx::query_scalar("select place from knowledge.shared_files where run = $1");
        let left = query.bind(&self.run).fetch_all(self.database.pool()).await;
        Ok(left.map_err(database(OPERATION))?.into_iter().collect())
    }

    /// Ends sharing. A run that can't say so any more is none: its place expires, and what it left is removed by the next run or by `gc`.
    pub async fn close(&self) -> Result<()> {
        remove_all(&self.database).await
    }
}

/// Removes what runs left; the caller is the only writer, so none is under way.
pub(crate) async fn remove_all(database_: &Database) -> Result<()> {
    let mut transaction = database_.begin(OPERATION).await?;
    for statement in [ALONE, "delete from knowledge.shared_run", "delete from knowledge.shared_files"] {
        sqlx::query(statement).execute(&mut *transaction).await.map_err(database(OPERATION))?;
    }
    transaction.commit().await.map_err(database(OPERATION))
}
