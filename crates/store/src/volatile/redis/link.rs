//! The way to Redis: one connection that all requests share, a time limit for every answer, and a breaker.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use redis::{ErrorKind as RedisErrorKind, RedisError, RedisResult, ServerErrorKind};
use tokio::time::timeout;

use super::address::Address;
use super::connection::Connection;
use crate::breaker::{Breaker, Verdict};
use crate::error::{Error, ErrorKind, Result};
use crate::within::within;

/// Calls at the same time; more are refused. Far above what admission lets in.
const MOST_AT_ONCE: usize = 1_024;
/// How long a connection may take to be made, its handshake included.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// The way to Redis.
pub(super) struct Link {
    shared: Arc<Shared>,
    breaker: Breaker,
}

struct Shared {
    address: Address,
    limit: Duration,
    /// The present one, or the last one while the breaker is open.
    connection: Mutex<Option<Connection>>,
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
        let name = format!("redis at {address}");
        let shared = Arc::new(Shared { address, limit, connection: Mutex::default() });
        let mended = Arc::clone(&shared);
        let mend = move || {
            let shared = Arc::clone(&mended);
            async move { shared.mend().await.map_err(Failed::into_words) }.boxed()
        };
        let breaker = Breaker::new(name, MOST_AT_ONCE, mend);
        match shared.mend().await {
            Ok(()) => {}
            Err(Failed::Refused(error)) => {
                return Err(shared.error(ErrorKind::NotConfigured, "open redis", error));
            }
            Err(Failed::Away(error)) => breaker.open(&error),
        }
        Ok(Self { shared, breaker })
    }

    /// Whether keys are spread over nodes.
    pub(super) fn is_cluster(&self) -> bool {
        self.shared.address.is_cluster()
    }

    /// Whether the server is left alone.
    pub(super) fn is_left_alone(&self) -> bool {
        self.breaker.is_open()
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
        let call = async { work(shared.present()?).await };
        let ended = self.breaker.run(limit, call, |error| shared.verdict(error)).await;
        ended.map_err(|failed| shared.error(ErrorKind::Unavailable, operation, failed))
    }
}

/// Why there is no connection.
enum Failed {
    /// The server answered that it does not take this user.
    Refused(String),
    /// Anything that may pass.
    Away(String),
}

impl Failed {
    fn into_words(self) -> String {
        match self {
            Self::Refused(words) | Self::Away(words) => words,
        }
    }
}

impl Shared {
    fn connection(&self) -> MutexGuard<'_, Option<Connection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn present(&self) -> RedisResult<Connection> {
        self.connection()
            .clone()
            .ok_or_else(|| RedisError::from((RedisErrorKind::Io, "there is no connection")))
    }

    /// Connects anew.
    async fn mend(&self) -> Result<(), Failed> {
        let connection = self.connect().await?;
        *self.connection() = Some(connection);
        Ok(())
    }

    fn verdict(&self, error: &RedisError) -> Verdict {
        use ServerErrorKind::{BusyLoading, MasterDown, ReadOnly};
        match error.kind() {
            // Of a Cluster one node may be away while the others answer.
            RedisErrorKind::Io if self.address.is_cluster() => Verdict::Fails(error.to_string()),
            // A server that is read-only is not the main one any more: its name may lead to another now.
            RedisErrorKind::Io | RedisErrorKind::Server(BusyLoading | MasterDown | ReadOnly) => {
                Verdict::Gone(error.to_string())
            }
            _ => Verdict::Answers,
        }
    }

    /// A connection over which the server answers in time.
    async fn connect(&self) -> Result<Connection, Failed> {
        let made = timeout(CONNECT_LIMIT, self.address.connect(CONNECT_LIMIT)).await;
        let connection = made.map_err(|_| too_slow(CONNECT_LIMIT))?.map_err(Failed::from)?;
        let ping = redis::cmd("PING");
        let answered = within(self.limit, connection.clone().command::<redis::Value>(&ping)).await;
        answered.ok_or_else(|| too_slow(self.limit))?.map_err(Failed::from)?;
        Ok(connection)
    }

    fn error(&self, kind: ErrorKind, operation: &'static str, why: impl std::fmt::Display) -> Error {
        let message = format!("redis at {}: {why}; see whether it runs and REDIS_URL is right", self.address);
        Error::new(kind, operation, message)
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
