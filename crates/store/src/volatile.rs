//! Volatile state: what may be lost without a wrong answer (rate limits, sessions, the answer cache, counters of errors), and
//! which tokens are revoked: of these the database has the lasting list ([`crate::tokens`]).
//!
//! A port with two implementations, [`InProcess`] and [`RedisVolatile`], held to one suite (`conformance`). It is shaped by the
//! request: one call opens it, one closes it, so that each is one round trip.

#[cfg(test)]
mod conformance;
mod expiring;
mod in_process;
mod rates;
mod redis;
mod session;

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};

pub use self::redis::{RedisSettings, RedisVolatile};
pub use in_process::InProcess;
pub use rates::Rates;
pub use session::{MOST_MESSAGES, Session, SessionUpdate};

/// How long a session lives after its last request.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How long an answer is kept.
pub const ANSWER_LIFETIME: Duration = Duration::from_secs(120);
/// How long a minute's counter is kept.
pub const RATE_LIFETIME: Duration = Duration::from_secs(60);
/// How long the errors of a minute are kept.
pub const ERRORS_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The largest answer that is kept, in bytes of JSON: ten times what answers have, and small beside a server's memory.
pub const LARGEST_ANSWER: usize = 256 * 1024;
/// The largest update of a session, in bytes: ten long messages that were rebuilt, with what is new.
pub const LARGEST_UPDATE: usize = 128 * 1024;

/// Commands that open a request: count it, read session and answer.
pub const OPENING_COMMANDS: u32 = 3;

/// How long things live. Tests take shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of a session, from its last request on.
    pub session: Duration,
    /// Of a kept answer.
    pub answer: Duration,
    /// Of a minute's counter, from its first request on.
    pub rate: Duration,
    /// Of a minute's errors, from the first on.
    pub errors: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            session: SESSION_LIFETIME,
            answer: ANSWER_LIFETIME,
            rate: RATE_LIFETIME,
            errors: ERRORS_LIFETIME,
        }
    }
}

/// What a request wants to know first; each key in the form of DESIGN's contract.
#[derive(Debug, Clone)]
pub struct Opening {
    /// `ratelimit:<user>:<minute>`: counted up by one.
    pub rate_key: String,
    /// `session:{<session>}`.
    pub session_key: String,
    /// `ragcache:{<session>}:<hash>`.
    pub answer_key: String,
}

/// What the store knew.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Requests in this minute, this one included.
    pub requests: u64,
    /// The session, where it lives.
    pub session: Option<Session>,
    /// The cached answer.
    pub answer: Option<Value>,
}

/// What a request leaves behind.
#[derive(Debug, Clone)]
pub struct Closing {
    /// The session's key, the same as in [`Opening`]; its lifetime starts again.
    pub session_key: String,
    /// What changes in the session. Nothing that another request changes at the same time is lost.
    pub update: SessionUpdate,
    /// The answer's key and content, where it may be kept; one above [`LARGEST_ANSWER`] is not.
    pub answer: Option<(String, Value)>,
}

/// Rate limits, sessions, the answer cache, revoked tokens and counters of errors.
#[async_trait]
pub trait VolatileStore: Send + Sync + std::fmt::Debug {
    /// Counts the request, reads session and cached answer. One round trip.
    async fn open_request(&self, opening: &Opening) -> Result<Opened>;

    /// Brings the session up to date, whole or not at all, and writes the answer. An update above [`LARGEST_UPDATE`] is
    /// refused. One round trip.
    async fn close_request(&self, closing: &Closing) -> Result<()>;

    /// Keeps a token's key, `revoked:<token id>`, for as long as the token could be used. One round trip.
    async fn revoke(&self, key: &str, lifetime: Duration) -> Result<()>;

    /// Whether a token's key was given to [`VolatileStore::revoke`] and its lifetime is not over; `None` = the list is not known
    /// to be whole, ask the database. One round trip.
    async fn is_revoked(&self, key: &str) -> Result<Option<bool>>;

    /// Whether the list of revoked tokens was lost, or never given: [`VolatileStore::list_revoked`] makes it whole.
    async fn wants_revoked(&self) -> Result<bool>;

    /// Takes the keys of all tokens that are revoked, each with its lifetime: from now on the list is whole.
    async fn list_revoked(&self, all: &[(String, Duration)]) -> Result<()>;

    /// Counts an error under a key of [`errors_key`]; how many there are.
    async fn count_error(&self, key: &str) -> Result<u64>;

    /// The errors that were counted under a key.
    async fn errors(&self, key: &str) -> Result<u64>;

    /// Asks for a sign of life.
    async fn ping(&self) -> Result<()>;

    /// Whether it is not asked for a while, because it failed or was slow.
    fn is_left_alone(&self) -> bool {
        false
    }
}

/// The key under which errors of a provider of language models are counted in a minute: `llmerr:<provider>:<minute>`.
pub fn errors_key(provider: &str, now: DateTime<Utc>) -> String {
    format!("llmerr:{provider}:{}", minute(now))
}

/// A minute as keys name it.
pub fn minute(now: DateTime<Utc>) -> impl std::fmt::Display {
    now.format("%Y-%m-%dT%H:%M")
}

/// The answer as text, unless it is too large to be kept.
fn kept_text(answer: &Value) -> Option<String> {
    let text = answer.to_string();
    (text.len() <= LARGEST_ANSWER).then_some(text)
}

/// Refuses an update that would make the session large.
fn check_update(closing: &Closing) -> Result<()> {
    let bytes = closing.update.bytes();
    if bytes <= LARGEST_UPDATE {
        return Ok(());
    }
    let message = format!(
        "the update of `{}` has {bytes} bytes, at most {LARGEST_UPDATE} are kept; shorten its texts",
        closing.session_key
    );
    Err(Error::new(ErrorKind::Internal, "close request", message))
}
