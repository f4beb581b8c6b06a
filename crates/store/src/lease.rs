//! The writer's place on a server: one row. Who takes it gets a number that no other writer had; every transaction that writes
//! judges its number, so that a writer that was taken for dead and comes back writes nothing.
//!
//! Three statements and three strengths of a lock on the row make that exact (<https://www.postgresql.org/docs/17/explicit-locking.html>):
//! a writing transaction holds the row `for key share`; a sign of life changes no key, so it does not wait for those; taking the place
//! changes the number, which is a key, and so waits until no transaction of the old holder is under way. A paused process's transaction is
//! ended by the server, once it was idle for the length of the lease.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorKind, Result, database};

const OPERATION: &str = "take the writer's place";

/// Signs of life in the length of a lease: two may be late or lost.
const SIGNS: u32 = 3;

/// The writer's place, as long as this process has it.
#[derive(Debug)]
pub(crate) struct Lease {
    fence: i64,
    length: Duration,
    renewing: JoinHandle<()>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

impl Lease {
    /// Whether the schema is new enough to have a writer's place.
    pub(crate) async fn has_place(pool: &PgPool) -> Result<bool> {
        let query = sqlx::query_scalar("select to_regclass('knowledge.writer') is not null");
        query.fetch_one(pool).await.map_err(database(OPERATION))
    }

    /// Takes the place for `program`, or fails with [`ErrorKind::Held`] and who has it.
    pub(crate) async fn take(pool: &PgPool, program: &str, length: Duration) -> Result<Self> {
        let Some(fence) = take(pool, program, length).await? else {
            return Err(held(pool).await?);
        };
        let renewing = tokio::spawn(keep(pool.clone(), fence, length));
        Ok(Self { fence, length, renewing })
    }

    /// Judges the place in a transaction, and holds it until that ends. The server ends the transaction when this process stands still for the
    /// length of the lease; its statements, building an index among them, may take their time.
    pub(crate) async fn hold(&self, transaction: &mut Transaction<'_, Postgres>) -> Result<()> {
        let query = sqlx::query(
            "select set_config('idle_in_transaction_session_timeout', $2, true), set_config('statement_timeout', '0', true)
             from knowledge.writer where fence = $1 for key share",
        );
        let query = query.bind(self.fence).bind(format!("{}ms", self.length.as_millis()));
        match query.fetch_optional(&mut **transaction).await.map_err(database(OPERATION))? {
            Some(_) => Ok(()),
            None => Err(lost(transaction, self.length).await?),
        }
    }

    /// After how long without a sign of life the place may be taken.
    pub(crate) fn length(&self) -> Duration {
        self.length
    }

    /// Gives the place back; when that fails, it is free after its length.
    pub(crate) async fn release(self, pool: &PgPool) {
        self.renewing.abort();
        let query = sqlx::query(
            "update knowledge.writer set program = null, process_id = null, host = null, expires_at = '-infinity' where fence = $1",
        );
        if let Err(error) = query.bind(self.fence).execute(pool).await {
            tracing::warn!(%error, "the writer's place is not given back; it is free in {} s", self.length.as_secs());
        }
    }
}

/// One statement: of several that come at the same time, one finds the place free.
async fn take(pool: &PgPool, program: &str, length: Duration) -> Result<Option<i64>> {
    let mut transaction = pool.begin().await.map_err(database(OPERATION))?;
    // A transaction of the last holder may have to end first; it does so within the length of its lease, or it is at work.
    let patience = sqlx::query("select set_config('lock_timeout', $1, true)");
    let patience = patience.bind(format!("{}ms", (length * 2).as_millis())).execute(&mut *transaction).await;
    patience.map_err(database(OPERATION))?;
    let query = sqlx::query_scalar::<_, i64>(
        "update knowledge.writer set fence = fence + 1, program = $1, process_id = $2, host = $3,
             taken_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $4)
         where expires_at <= clock_timestamp() returning fence",
    );
    let query =
        query.bind(program).bind(i64::from(std::process::id())).bind(host()).bind(length.as_secs_f64());
    let fence = match query.fetch_optional(&mut *transaction).await {
        Err(error) if is_lock_timeout(&error) => None,
        fence => fence.map_err(database(OPERATION))?,
    };
    transaction.commit().await.map_err(database(OPERATION))?;
    Ok(fence)
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some("55P03")
}

/// Gives signs of life until the place is lost. A server that is away for a while is no reason to give up: nobody else can take the place.
async fn keep(pool: PgPool, fence: i64, length: Duration) {
    loop {
        tokio::time::sleep(length / SIGNS).await;
        let query = sqlx::query(
            "update knowledge.writer set expires_at = clock_timestamp() + make_interval(secs => $2) where fence = $1",
        );
        match query.bind(fence).bind(length.as_secs_f64()).execute(&pool).await {
            Ok(done) if done.rows_affected() == 0 => {
                tracing::warn!("another writer has taken over; this one writes nothing more");
                return;
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "no sign of life could be given"),
        }
    }
}

/// Who has the place, as a sentence.
async fn holder(connection: &mut PgConnection) -> Result<(String, i64)> {
    let query = sqlx::query_as::<_, (Option<String>, Option<i64>, Option<String>, i64)>(
        "select program, process_id, host, ceil(extract(epoch from greatest(expires_at, clock_timestamp()) - clock_timestamp()))::bigint
         from knowledge.writer",
    );
    let (program, process, host, seconds) = query.fetch_one(connection).await.map_err(database(OPERATION))?;
    let told = match (program, process, host) {
        (Some(program), Some(process), Some(host)) => format!("{program} (process {process} on {host})"),
        _ => "another writer".to_owned(),
    };
    Ok((told, seconds))
}

async fn held(pool: &PgPool) -> Result<Error> {
    let mut connection = pool.acquire().await.map_err(database(OPERATION))?;
    let (holder, seconds) = holder(&mut connection).await?;
    let message = format!(
        "the stores are held by {holder}; wait for it or stop it (should it be dead, its place is free in {seconds} s)"
    );
    Ok(Error::new(ErrorKind::Held, OPERATION, message))
}

async fn lost(connection: &mut PgConnection, length: Duration) -> Result<Error> {
    let (holder, _) = holder(connection).await?;
    let message = format!(
        "this writer gave no sign of life for {} s and was taken for dead; {holder} took over: nothing more is written, run again",
        length.as_secs()
    );
    Ok(Error::new(ErrorKind::Held, "write", message))
}

/// The machine's name, for people; in a container the container's.
pub(crate) fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "an unknown host".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests;
