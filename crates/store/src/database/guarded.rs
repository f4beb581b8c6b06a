//! The pool as requests use it: no statement waits longer than a request may, and a server that does not answer is left alone.
//!
//! Writers and embedded databases are not guarded: they have time, or nobody else's process to wait for.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryFutureExt, TryStreamExt};
use sqlx::postgres::{PgDatabaseError, PgQueryResult, PgRow, PgSeverity, PgStatement, PgTypeInfo};
use sqlx::{Connection, Describe, Either, Error, Execute, Executor, PgConnection, PgPool, Postgres, SqlStr};

use super::kept::{Kept, Numbers, Taken, give_up};
use crate::breaker::{Breaker, Failed, Verdict};
use crate::error::is_unavailable;
use crate::operation::{Operation, Watched};
use crate::within::within;

/// A pool of connections; where there is a guard, connections that are kept beside it, behind a breaker. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Guarded {
    pool: PgPool,
    guard: Option<Guard>,
}

#[derive(Debug, Clone)]
struct Guard {
    breaker: Breaker,
    kept: Kept,
    limit: Duration,
    /// Statements that are under way.
    running: Arc<AtomicUsize>,
    /// Statements that were answered.
    answered: Arc<AtomicU64>,
}

impl Guarded {
    /// The pool as it is.
    pub(super) fn open(pool: PgPool) -> Self {
        Self { pool, guard: None }
    }

    /// Behind a breaker, with connections of their own: a statement, its wait for a connection included, takes no longer than the limit.
    pub(super) fn behind(breaker: Breaker, (pool, kept): (PgPool, Kept), limit: Duration) -> Self {
        let (running, answered) = (Arc::default(), Arc::default());
        Self { pool, guard: Some(Guard { breaker, kept, limit, running, answered }) }
    }

    /// The same with another limit.
    pub(super) fn within(&self, limit: Duration) -> Self {
        let guard = self.guard.clone().map(|guard| Guard { limit, ..guard });
        Self { pool: self.pool.clone(), guard }
    }

    /// The pool, unguarded.
    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Those of statements behind the guard.
    pub(crate) fn kept(&self) -> Option<Numbers> {
        self.guard.as_ref().map(|guard| guard.kept.numbers())
    }

    /// Makes so many connections for statements.
    pub(super) async fn make(&self, number: usize) -> Result<(), Error> {
        match &self.guard {
            Some(guard) => guard.kept.make(number).await,
            None => self.pool.acquire().await.map(drop),
        }
    }

    /// Runs a statement that returns a row in a transaction that is taken back: the connection has prepared and planned it afterwards.
    pub(crate) async fn rehearse<'q, E>(&self, query: E) -> Result<(), Error>
    where
        E: 'q + Execute<'q, Postgres>,
    {
        async fn within<'q>(
            connection: &mut PgConnection,
            query: impl 'q + Execute<'q, Postgres>,
        ) -> Result<(), Error> {
            let mut transaction = connection.begin().await?;
            transaction.fetch_optional(query).await?;
            transaction.rollback().await
        }
        match &self.guard {
            Some(guard) => {
                let mut held = Held::new(guard.kept.take().await?, &guard.running);
                within(held.get()?, query).await?;
                held.give_back();
                Ok(())
            }
            None => within(&mut *self.pool.acquire().await?, query).await,
        }
    }

    /// Closes the connections.
    pub(super) async fn close(&self) {
        if let Some(guard) = &self.guard {
            guard.kept.close().await;
        }
        self.pool.close().await;
    }

    /// Whether the server is left alone.
    pub(super) fn is_left_alone(&self) -> bool {
        self.guard.as_ref().is_some_and(|guard| guard.breaker.is_open())
    }
}

impl Guard {
    async fn run<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let ended = self.breaker.run(self.limit, call, verdict).await;
        ended.map_err(|failed| match failed {
            Failed::Own(error) => error,
            Failed::Away(why) => Error::Io(io::Error::new(io::ErrorKind::TimedOut, why)),
        })
    }

    /// A connection. Half of the time is for it: who waited longer would hardly be answered in the rest.
    async fn connection(&self) -> Result<Held, Error> {
        let answered = self.answered.load(Ordering::Relaxed);
        match within(self.limit / 2, self.kept.take()).await {
            Some(taken) => Ok(Held::new(taken?, &self.running)),
            // The statements that have the connections will tell whether the server answers, or have told meanwhile.
            None if self.is_busy() || self.answered.load(Ordering::Relaxed) != answered => {
                Err(Error::PoolTimedOut)
            }
            None => {
                let why = format!("no connection within {} ms", self.limit.as_millis() / 2);
                Err(Error::Io(io::Error::new(io::ErrorKind::TimedOut, why)))
            }
        }
    }

    fn is_busy(&self) -> bool {
        2 * self.running.load(Ordering::Relaxed) >= self.kept.numbers().most
    }
}

/// Whether the connection of a statement that ended so can be used again.
fn leaves_whole(error: &Error) -> bool {
    let answer = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    // The server closes a connection of which it says something worse.
    answer.is_some_and(|answer| answer.severity() == PgSeverity::Error)
}

fn verdict(error: &Error) -> Verdict {
    match error {
        // This process's own limits.
        Error::PoolTimedOut | Error::PoolClosed => Verdict::Nothing,
        error if is_unavailable(error) => Verdict::Fails(error.to_string()),
        _ => Verdict::Answers,
    }
}

/// A connection with a statement. One that is given up is closed: the answer to its statement may never come, and the server ends the
/// statement when it finds nobody listening.
struct Held {
    connection: Option<Taken>,
    running: Arc<AtomicUsize>,
}

impl Held {
    fn new(connection: Taken, running: &Arc<AtomicUsize>) -> Self {
        running.fetch_add(1, Ordering::Relaxed);
        Self { connection: Some(connection), running: Arc::clone(running) }
    }

    fn get(&mut self) -> Result<&mut PgConnection, Error> {
        self.connection.as_deref_mut().ok_or(Error::PoolClosed)
    }

    /// The statement has ended: others may have the connection.
    fn give_back(mut self) {
        self.connection = None;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.running.fetch_sub(1, Ordering::Relaxed);
        if let Some(connection) = self.connection.take() {
            give_up(connection);
        }
    }
}

type Part = Either<PgQueryResult, PgRow>;

/// What a statement brings, all of it: requests read small things, and a limit that ended with the first row would be none.
async fn collect<'q, E: 'q + Execute<'q, Postgres>>(
    guard: Guard,
    query: E,
    operation: Operation,
) -> Result<Vec<Part>, Error> {
    let call = async {
        let mut held = guard.connection().await?;
        let ended = held.get()?.fetch_many(query).try_collect().await;
        // Nobody looks at a connection that is given back: a broken one would be the next that is used.
        if ended.as_ref().err().is_none_or(leaves_whole) {
            held.give_back();
        }
        guard.answered.fetch_add(u64::from(ended.is_ok()), Ordering::Relaxed);
        ended
    };
    let ended = guard.run(call).await;
    if let Err(error) = &ended {
        operation.statement_failed(error);
    }
    ended
}

impl<'p> Executor<'p> for &'_ Guarded {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Part, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let Guarded { pool, guard } = self.clone();
        let operation = Operation::statement();
        let query = Watched { query, operation: operation.clone() };
        let Some(guard) = guard else {
            let parts = pool.fetch_many(query);
            if operation.is_none() {
                return parts;
            }
            return parts.inspect_err(move |error| operation.statement_failed(error)).boxed();
        };
        let collected = stream::once(collect(guard, query, operation));
        collected.map_ok(|parts| stream::iter(parts.into_iter().map(Ok))).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let Guarded { pool, guard } = self.clone();
        let operation = Operation::statement();
        let query = Watched { query, operation: operation.clone() };
        let Some(guard) = guard else {
            let row = pool.fetch_optional(query);
            if operation.is_none() {
                return row;
            }
            return row.inspect_err(move |error| operation.statement_failed(error)).boxed();
        };
        Box::pin(async move {
            let parts = collect(guard, query, operation).await?;
            Ok(parts.into_iter().find_map(Either::right))
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        self.pool.describe(sql)
    }
}

#[cfg(test)]
mod tests;
