//! Volatile state in Redis, so that all copies of the service share it.
//!
//! One server: a request is opened by one pipeline and closed by one script. A Cluster: the counter is in another slot than the session and
//! its answers, so opening is two pipelines at the same time. Everything has a lifetime.

mod address;
mod connection;
mod link;
mod script;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use redis::{Cmd, Pipeline, RedisResult};

use super::{
    Closing, Lifetimes, MOST_MESSAGES, OPENING_COMMANDS, Opened, Opening, Session, VolatileStore,
    check_update, kept_text,
};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use address::Address;
use connection::Connection;
use link::Link;

/// The mark that says that all revoked tokens are listed; a Redis that lost its memory lacks it. No token id has this form.
const LISTED: &str = "revoked-tokens-listed";
/// The mark of whoever writes the list.
const LISTING: &str = "revoked-tokens-listing";
/// How long the mark stays when nobody looks for it.
const LISTED_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// How long writing the whole list may take.
const LISTING_LIMIT: Duration = Duration::from_secs(10);
/// Tokens that are written at once.
const TOKENS_AT_ONCE: usize = 500;
/// Tokens that are on their way to the nodes of a Cluster at once.
const NODES_AT_ONCE: usize = 64;

/// What the store needs to know. Shows no password.
#[derive(Clone)]
pub struct RedisSettings {
    /// `redis://`, `rediss://` (TLS), `redis-cluster://` or `rediss-cluster://` with nodes parted by commas.
    pub url: String,
    /// What stands before all keys; empty where one service has the server alone.
    pub prefix: String,
    /// How long an answer may take; beyond, the server counts as away.
    pub limit: Duration,
}

/// Volatile state in Redis.
#[derive(Debug)]
pub struct RedisVolatile {
    link: Link,
    prefix: String,
    lifetimes: Lifetimes,
    /// Keys that the server had dropped when it was last asked.
    evicted: AtomicU64,
}

impl RedisVolatile {
    /// Connects. A server that can't be reached now is no error: calls fail until it can. One that refuses user or password is, as
    /// is an address that can't be read.
    pub async fn open(settings: &RedisSettings) -> Result<Self> {
        let link = Link::open(Address::parse(&settings.url)?, settings.limit).await?;
        Ok(Self {
            link,
            prefix: settings.prefix.clone(),
            lifetimes: Lifetimes::default(),
            evicted: AtomicU64::new(0),
        })
    }

    /// The same with other lifetimes.
    #[must_use]
    pub fn with_lifetimes(self, lifetimes: Lifetimes) -> Self {
        Self { lifetimes, ..self }
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// What counts up.
    fn counting(&self, key: &str, lifetime: Duration) -> Cmd {
        let mut script = redis::cmd("EVAL");
        script.arg(script::COUNT).arg(1).arg(self.key(key)).arg(milliseconds(lifetime));
        script
    }

    fn read(&self, pipeline: &mut Pipeline, opening: &Opening) {
        pipeline.cmd("GET").arg(self.key(&opening.session_key));
        pipeline.cmd("GET").arg(self.key(&opening.answer_key));
    }

    async fn opened(&self, connection: Connection, opening: &Opening) -> RedisResult<(u64, Read)> {
        let count = self.counting(&opening.rate_key, self.lifetimes.rate);
        let mut pipeline = redis::pipe();
        if self.link.is_cluster() {
            self.read(&mut pipeline, opening);
            let (counted, read) = (connection.clone().command(&count), connection.run(&pipeline));
            return futures::try_join!(counted, read);
        }
        pipeline.add_command(count);
        self.read(&mut pipeline, opening);
        let (requests, session, answer) = connection.run::<(u64, Bytes, Bytes)>(&pipeline).await?;
        Ok((requests, (session, answer)))
    }

    /// Session and answer are of one slot: one script writes both.
    fn closing(&self, closing: &Closing) -> Result<Cmd> {
        let update = serde_json::to_string(&closing.update)
            .map_err(|error| Error::new(ErrorKind::Internal, "close request", error.to_string()))?;
        let kept = closing.answer.as_ref().and_then(|(key, answer)| Some((key, kept_text(answer)?)));
        let mut script = redis::cmd("EVAL");
        script.arg(script::CLOSE_REQUEST).arg(1 + usize::from(kept.is_some()));
        script.arg(self.key(&closing.session_key)).arg(kept.as_ref().map(|(key, _)| self.key(key)));
        script.arg(update).arg(MOST_MESSAGES).arg(milliseconds(self.lifetimes.session));
        if let Some((_, text)) = kept {
            script.arg(text).arg(milliseconds(self.lifetimes.answer));
        }
        Ok(script)
    }

    async fn write_revoked(&self, connection: &Connection, tokens: &[(String, Duration)]) -> RedisResult<()> {
        if self.link.is_cluster() {
            let writes: Vec<Pipeline> =
                tokens.iter().map(|(key, lifetime)| self.revocation(key, *lifetime)).collect();
            let write = |pipeline: Pipeline| {
                let connection = connection.clone();
                async move { connection.run::<()>(&pipeline).await }
            };
            return futures::stream::iter(writes)
                .map(write)
                .buffer_unordered(NODES_AT_ONCE)
                .try_collect()
                .await;
        }
        for some in tokens.chunks(TOKENS_AT_ONCE) {
            let mut pipeline = redis::pipe();
            for (key, lifetime) in some {
                self.add_revocation(&mut pipeline, key, *lifetime);
            }
            connection.clone().run::<()>(&pipeline).await?;
        }
        Ok(())
    }

    fn revocation(&self, key: &str, lifetime: Duration) -> Pipeline {
        let mut pipeline = redis::pipe();
        self.add_revocation(&mut pipeline, key, lifetime);
        pipeline
    }

    fn add_revocation(&self, pipeline: &mut Pipeline, key: &str, lifetime: Duration) {
        pipeline.cmd("SET").arg(self.key(key)).arg(1).arg("PX").arg(milliseconds(lifetime)).ignore();
    }

    /// Writes all tokens, then says that they are all. On a Cluster nothing is said: one node may lose its memory alone.
    async fn list(&self, connection: Connection, all: &[(String, Duration)]) -> RedisResult<()> {
        if self.link.is_cluster() {
            return self.write_revoked(&connection, all).await;
        }
        let (listed, listing, name) = (self.key(LISTED), self.key(LISTING), unique_name());
        let mut begin = redis::pipe();
        begin.cmd("SET").arg(&listing).arg(&name).arg("PX").arg(milliseconds(LISTING_LIMIT)).ignore();
        connection.clone().run::<()>(&begin).await?;
        self.write_revoked(&connection, all).await?;
        let mut end = redis::cmd("EVAL");
        end.arg(script::LIST_IS_WHOLE).arg(2).arg(&listed).arg(&listing).arg(&name);
        end.arg(milliseconds(LISTED_LIFETIME));
        connection.command(&end).await
    }
}

type Bytes = Option<Vec<u8>>;
/// Session and answer.
type Read = (Bytes, Bytes);

#[async_trait]
impl VolatileStore for RedisVolatile {
    async fn open_request(&self, opening: &Opening) -> Result<Opened> {
        let work = |connection| self.opened(connection, opening);
        let opening = Operation::redis("PIPELINE", OPENING_COMMANDS).of(self.link.call("open request", work));
        let (requests, (session, answer)) = opening.await?;
        Ok(Opened { requests, session: parsed::<Session>(session), answer: parsed(answer) })
    }

    async fn close_request(&self, closing: &Closing) -> Result<()> {
        check_update(closing)?;
        let script = self.closing(closing)?;
        let work = |connection: Connection| async { connection.command::<()>(&script).await };
        Operation::redis("EVAL", 1).of(self.link.call("close request", work)).await
    }

    async fn revoke(&self, key: &str, lifetime: Duration) -> Result<()> {
        let pipeline = self.revocation(key, lifetime);
        let work = |connection: Connection| async { connection.run::<()>(&pipeline).await };
        Operation::redis("SET", 1).of(self.link.call("revoke token", work)).await
    }

    async fn is_revoked(&self, key: &str) -> Result<Option<bool>> {
        let mut command = redis::cmd("MGET");
        command.arg(self.key(key));
        if !self.link.is_cluster() {
            command.arg(self.key(LISTED));
        }
        let work = |connection: Connection| async { connection.command(&command).await };
        let reading = Operation::redis("MGET", 1).of(self.link.call("read revoked token", work));
        let found: Vec<Bytes> = reading.await?;
        let is_there = |at: usize| matches!(found.get(at), Some(Some(_)));
        Ok((is_there(0) || is_there(1)).then_some(is_there(0)))
    }

    async fn wants_revoked(&self) -> Result<bool> {
        if self.link.is_cluster() {
            return Ok(false);
        }
        // Asking keeps the mark alive. A server that made room may have dropped tokens.
        let mut pipeline = redis::pipe();
        pipeline.cmd("PEXPIRE").arg(self.key(LISTED)).arg(milliseconds(LISTED_LIFETIME));
        pipeline.cmd("INFO").arg("stats");
        let (is_there, statistics): (bool, String) = self
            .link
            .call("read revoked tokens", |connection| async { connection.run(&pipeline).await })
            .await?;
        let evicted = evicted(&statistics);
        let made_room = self.evicted.swap(evicted, Ordering::Relaxed) < evicted;
        Ok(!is_there || made_room)
    }

    async fn list_revoked(&self, all: &[(String, Duration)]) -> Result<()> {
        self.link
            .call_within("list revoked tokens", LISTING_LIMIT, |connection| self.list(connection, all))
            .await
    }

    async fn count_error(&self, key: &str) -> Result<u64> {
        let count = self.counting(key, self.lifetimes.errors);
        self.link.call("count error", |connection| async { connection.command(&count).await }).await
    }

    async fn errors(&self, key: &str) -> Result<u64> {
        let mut command = redis::cmd("GET");
        command.arg(self.key(key));
        let count: Option<u64> =
            self.link.call("read errors", |connection| async { connection.command(&command).await }).await?;
        Ok(count.unwrap_or(0))
    }

    async fn ping(&self) -> Result<()> {
        let command = redis::cmd("PING");
        self.link
            .call("ping", |connection| async { connection.command::<redis::Value>(&command).await })
            .await?;
        Ok(())
    }

    fn is_left_alone(&self) -> bool {
        self.link.is_left_alone()
    }
}

/// How many keys a server has dropped to make room, by its own account (`INFO`).
fn evicted(statistics: &str) -> u64 {
    let mut counts = statistics.lines().filter_map(|line| line.strip_prefix("evicted_keys:"));
    counts.next().and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

/// What is not readable counts as absent: another version may have written it.
fn parsed<T: serde::de::DeserializeOwned>(bytes: Bytes) -> Option<T> {
    serde_json::from_slice(&bytes?).ok()
}

/// A lifetime as Redis takes it: at least one millisecond.
fn milliseconds(lifetime: Duration) -> u64 {
    u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// A name that no other writer has.
fn unique_name() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}-{}", std::process::id(), since.as_nanos(), COUNTER.fetch_add(1, Ordering::Relaxed))
}
