//! The way to Redis: one connection that all requests share, a time limit for every answer, and a breaker.
//!
//! Slow is handled like down. Whatever is not answered within the limit fails; after a few such failures in a row, or when the
//! connection breaks, the breaker opens: every further call fails at once, and one task alone tries to connect again until the
//! server answers in time. So nothing piles up, however long the server is away, and no request pays for trying.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use redis::{ErrorKind as RedisErrorKind, RedisError, RedisResult, ServerErrorKind};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::address::Address;
use super::connection::Connection;
use crate::error::{Error, ErrorKind, Result};

/// Calls without an answer in time, one after the other, that open the breaker: one may be a hiccup of this machine.
const SLOW_IN_A_ROW: u32 = 3;
/// Calls at the same time; more are refused. Far above what admission lets in.
const MOST_AT_ONCE: usize = 1_024;
/// How long a connection may take to be made, its handshake included.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);
/// The wait before the second try to connect; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The longest wait between two tries: so much later at most a server that is back is used again.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// The way to Redis.
pub(super) struct Link {
    shared: Arc<Shared>,
}

struct Shared {
    address: Address,
    limit: Duration,
    places: Semaphore,
    state: Mutex<State>,
}

/// `connection` is `None` while the breaker is open.
#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// Counts connections, so that a late failure of an old one does not hurt the present one.
    number: u64,
    slow: u32,
    is_mending: bool,
    /// Why there is no connection.
    why: String,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Link({})", self.shared.address)
    }
}

impl Link {
    /// A link whose calls are answered within `limit`. Where the server can't be reached now, the link goes on trying; only a
    /// refusal of its password or name is an error.
    pub(super) async fn open(address: Address, limit: Duration) -> Result<Self> {
        let shared = Arc::new(Shared {
            address,
            limit,
            places: Semaphore::new(MOST_AT_ONCE),
            state: Mutex::new(State { is_mending: true, ..State::default() }),
        });
        match shared.connect().await {
            Ok(connection) => shared.install(connection),
            Err(Failed::Refused(error)) => return Err(shared.error("open redis", error)),
            Err(Failed::Away(error)) => {
                shared.state().why.clone_from(&error);
                let address = &shared.address;
                tracing::warn!(
                    "redis at {address} can't be reached: {error}; going on without it, and trying again"
                );
                tokio::spawn(mend(Arc::downgrade(&shared)));
            }
        }
        Ok(Self { shared })
    }

    /// Whether keys are spread over nodes.
    pub(super) fn is_cluster(&self) -> bool {
        self.shared.address.is_cluster()
    }

    /// Does that with the connection, within the limit.
    pub(super) async fn call<T, W, F>(&self, operation: &'static str, work: W) -> Result<T>
    where
        W: FnOnce(Connection) -> F,
        F: Future<Output = RedisResult<T>>,
    {
        self.call_within(operation, self.shared.limit, work).await
    }

    /// Does that with the connection, within that time.
    pub(super) async fn call_within<T, W, F>(
        &self,
        operation: &'static str,
        limit: Duration,
        work: W,
    ) -> Result<T>
    where
        W: FnOnce(Connection) -> F,
        F: Future<Output = RedisResult<T>>,
    {
        let shared = &self.shared;
        let (connection, number) =
            shared.present().map_err(|why| shared.error(operation, format!("it is away, {why}")))?;
        let _place = shared
            .places
            .try_acquire()
            .map_err(|_| shared.error(operation, format!("{MOST_AT_ONCE} calls wait for it already")))?;
        match timeout(limit, work(connection)).await {
            Ok(Ok(value)) => {
                shared.answered(number);
                Ok(value)
            }
            Ok(Err(error)) => {
                shared.failed(number, &error);
                Err(shared.error(operation, error))
            }
            Err(_) => {
                shared.was_slow(number);
                Err(shared.error(operation, format!("no answer within {} ms", limit.as_millis())))
            }
        }
    }
}

/// Why there is no connection.
enum Failed {
    /// The server answered that it does not take this user.
    Refused(String),
    /// Anything that may pass.
    Away(String),
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection with its number, or why there is none.
    fn present(&self) -> Result<(Connection, u64), String> {
        let state = self.state();
        let connection = state.connection.clone().ok_or_else(|| state.why.clone())?;
        Ok((connection, state.number))
    }

    fn answered(&self, number: u64) {
        let mut state = self.state();
        if state.number == number {
            state.slow = 0;
        }
    }

    fn was_slow(self: &Arc<Self>, number: u64) {
        let mut state = self.state();
        if state.number != number {
            return;
        }
        state.slow += 1;
        let is_away = state.slow >= SLOW_IN_A_ROW;
        drop(state);
        if is_away {
            self.lose(number, "it does not answer in time");
        }
    }

    fn failed(self: &Arc<Self>, number: u64, error: &RedisError) {
        use ServerErrorKind::{BusyLoading, MasterDown, ReadOnly};
        match error.kind() {
            // Of a Cluster one node may be away while the others answer.
            RedisErrorKind::Io if self.address.is_cluster() => self.was_slow(number),
            // A server that is read-only is not the main one any more: its name may lead to another now.
            RedisErrorKind::Io | RedisErrorKind::Server(BusyLoading | MasterDown | ReadOnly) => {
                self.lose(number, &error.to_string());
            }
            _ => self.answered(number),
        }
    }

    /// Opens the breaker, and sees to it that it closes again.
    fn lose(self: &Arc<Self>, number: u64, why: &str) {
        let mut state = self.state();
        if state.number != number || state.is_mending {
            return;
        }
        state.connection = None;
        state.is_mending = true;
        why.clone_into(&mut state.why);
        drop(state);
        tracing::warn!("redis at {} is away: {why}; going on without it, and trying again", self.address);
        tokio::spawn(mend(Arc::downgrade(self)));
    }

    fn install(&self, connection: Connection) {
        let mut state = self.state();
        state.connection = Some(connection);
        state.number += 1;
        state.slow = 0;
        state.is_mending = false;
    }

    /// A connection over which the server answers in time.
    async fn connect(&self) -> Result<Connection, Failed> {
        let made = timeout(CONNECT_LIMIT, self.address.connect(CONNECT_LIMIT)).await;
        let connection = made.map_err(|_| too_slow(CONNECT_LIMIT))?.map_err(Failed::from)?;
        let ping = redis::cmd("PING");
        let answered = timeout(self.limit, connection.clone().command::<redis::Value>(&ping)).await;
        answered.map_err(|_| too_slow(self.limit))?.map_err(Failed::from)?;
        Ok(connection)
    }

    fn error(&self, operation: &'static str, why: impl std::fmt::Display) -> Error {
        let message = format!("redis at {}: {why}; see whether it runs and REDIS_URL is right", self.address);
        Error::new(ErrorKind::Unavailable, operation, message)
    }
}

fn too_slow(limit: Duration) -> Failed {
    Failed::Away(format!("no answer within {} ms", limit.as_millis()))
}

impl From<RedisError> for Failed {
    fn from(error: RedisError) -> Self {
        let text = error.to_string();
        let is_refused = error.kind() == RedisErrorKind::AuthenticationFailed
            || matches!(error.code(), Some("WRONGPASS" | "NOAUTH" | "NOPERM"));
        if is_refused { Self::Refused(text) } else { Self::Away(text) }
    }
}

/// Connects again, however often it takes, unless nobody uses the link any more.
async fn mend(link: Weak<Shared>) {
    let mut wait = FIRST_WAIT;
    loop {
        let Some(shared) = link.upgrade() else { return };
        match shared.connect().await {
            Ok(connection) => {
                shared.install(connection);
                tracing::info!("redis at {} answers again", shared.address);
                return;
            }
            Err(Failed::Away(why) | Failed::Refused(why)) => {
                tracing::debug!(why, "redis at {} is still away", shared.address);
                shared.state().why = why;
            }
        }
        drop(shared);
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}
