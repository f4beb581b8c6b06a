//! The connections of requests, kept open between statements.
//!
//! The pool of `sqlx` asks a connection for a sign of life whenever it is given back, and hands them out in turn: each statement costs
//! a second round trip, and meets a connection whose memory went cold. Here a connection goes back as it is, and the one that was used
//! last is used next.

use std::fmt;
use std::time::Duration;

use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, QueueMode, RecycleError, RecycleResult, WeakPool,
};
use futures::future::{join_all, try_join_all};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Error, PgConnection};

use crate::within::within;

/// A connection that nobody used for so long is asked for a sign of life first: the server may have been restarted.
const TRUSTED: Duration = Duration::from_secs(1);
/// How long a sign of life may take.
const SIGN_OF_LIFE: Duration = Duration::from_millis(250);
/// How long connections live where nobody says otherwise.
const AGES: Ages = Ages { lifetime: Duration::from_secs(30 * 60), idle: Duration::from_secs(10 * 60) };
/// One that is so old is not used again, though nobody found the time to replace it.
const OLDEST: Duration = Duration::from_secs(60 * 60);
/// How often is looked for what is to be replaced.
const LOOK: Duration = Duration::from_secs(60);
/// Of old connections one of so many is replaced at a time: a new one has its statements to plan yet.
const AT_A_TIME: usize = 4;
/// How long it may take to replace them: requests find none of the free ones meanwhile, and make their own.
const REPLACING: Duration = Duration::from_millis(250);
/// How often a place on the server is asked for that has too many connections: one that was given up a moment ago may still be counted.
const TRIES: u32 = 10;
/// The pause between.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a connection may take to say good-bye.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long connections live.
#[derive(Debug, Clone, Copy)]
struct Ages {
    /// One that is so old is replaced: the server's memory of it grows, and a name may lead to another server by now.
    lifetime: Duration,
    /// One that nobody used for so long is closed, where there are more than enough.
    idle: Duration,
}

/// How connections are made, and judged before they are used again.
pub(super) struct Making {
    options: PgConnectOptions,
    /// Statements that a new connection begins with.
    settings: String,
}

impl fmt::Debug for Making {
    // The options hold the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Making").finish_non_exhaustive()
    }
}

impl Manager for Making {
    type Type = PgConnection;
    type Error = Error;

    async fn create(&self) -> Result<PgConnection, Error> {
        let mut tries = 1;
        let mut connection = loop {
            match PgConnection::connect_with(&self.options).await {
                Err(error) if is_full(&error) && tries < TRIES => tries += 1,
                connected => break connected?,
            }
            tokio::time::sleep(PAUSE).await;
        };
        sqlx::raw_sql(AssertSqlSafe(self.settings.clone())).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn recycle(&self, connection: &mut PgConnection, metrics: &Metrics) -> RecycleResult<Error> {
        if metrics.age() > OLDEST {
            return Err(RecycleError::message("old"));
        }
        if metrics.last_used() > TRUSTED {
            let pinged = within(SIGN_OF_LIFE, connection.ping()).await;
            pinged.ok_or_else(|| RecycleError::message("gives no sign of life"))??;
        }
        Ok(())
    }
}

/// Connections that are kept. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Kept(Pool<Making>);

/// One of them, with somebody. It is kept again when this is dropped.
pub(super) type Taken = Object<Making>;

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Open, with somebody or not.
    pub(crate) open: usize,
    /// Open and free.
    pub(crate) free: usize,
    /// The most that there may be.
    pub(crate) most: usize,
}

impl Numbers {
    /// As many as there are at first, and are kept though nobody uses them.
    pub(crate) fn least(self) -> usize {
        self.most.div_ceil(2)
    }
}

impl Kept {
    /// At most so many; made when they are needed.
    pub(super) fn new(options: PgConnectOptions, settings: String, most: u32) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let builder = Pool::builder(Making { options, settings }).max_size(most).queue_mode(QueueMode::Lifo);
        // Only time limits, of which there are none here, could be built wrongly.
        let pool = builder.build().unwrap_or_else(|error| unreachable!("{error}"));
        tokio::spawn(renew_ever(pool.weak()));
        Self(pool)
    }

    /// One that answers, as soon as there is one.
    pub(super) async fn take(&self) -> Result<Taken, Error> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => Error::PoolClosed,
            PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Error::PoolTimedOut
            }
        })
    }

    /// Makes so many that are not there yet, at the same time.
    pub(super) async fn make(&self, number: usize) -> Result<(), Error> {
        try_join_all((0..number.min(self.numbers().most)).map(|_| self.take())).await.map(drop)
    }

    pub(super) fn numbers(&self) -> Numbers {
        let status = self.0.status();
        Numbers { open: status.size, free: status.available, most: status.max_size }
    }

    /// Closes those that are free, and hands out no more.
    pub(super) async fn close(&self) {
        let free = self.0.retain(|_, _| false).removed;
        self.0.close();
        say_good_bye(free).await;
    }
}

/// A connection that is given up: the answer to its statement may never come.
pub(super) fn give_up(taken: Taken) {
    drop(Object::take(taken));
}

/// Ends when the pool does.
async fn renew_ever(pool: WeakPool<Making>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(pool) = pool.upgrade().filter(|pool| !pool.is_closed()) else { return };
        renew(&Kept(pool), AGES).await;
    }
}

/// Replaces connections that are old, and closes those that nobody needs, half of all excepted: neither shall requests have to, nor
/// shall the first ones after a quiet hour all wait for the server to sign them in.
async fn renew(kept: &Kept, ages: Ages) {
    let numbers = kept.numbers();
    let (least, mut left) = (numbers.least(), numbers.open);
    let mut replaced = left / AT_A_TIME;
    let ended = kept.0.retain(|_, metrics| {
        let is_old = replaced > 0 && metrics.age() >= ages.lifetime;
        let is_spare = left > least && metrics.last_used() >= ages.idle;
        replaced -= usize::from(is_old);
        left -= usize::from(is_old || is_spare);
        !is_old && !is_spare
    });
    say_good_bye(ended.removed).await;
    let Numbers { open, free, .. } = kept.numbers();
    if open < least {
        // Where the server is away the next round tries again.
        let _ = tokio::time::timeout(REPLACING, kept.make(free + least - open)).await;
    }
}

/// Whether the server has too many connections (<https://www.postgresql.org/docs/17/errcodes-appendix.html>).
fn is_full(error: &Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("53300"))
}

async fn say_good_bye(connections: Vec<PgConnection>) {
    let each = connections.into_iter().map(|connection| tokio::time::timeout(FAREWELL, connection.close()));
    // They are no use any more, however that ends.
    join_all(each).await;
}

#[cfg(test)]
mod tests;
