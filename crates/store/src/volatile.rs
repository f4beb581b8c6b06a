//! Volatile state: what may be lost without a wrong answer (rate limits, sessions, the answer cache), and
//! which tokens are revoked: of these the database has the lasting list ([`crate::tokens`]).
//!
//! A port, because Redis can fill the role, too. It is shaped by the request: one call opens it, one closes it, so that
//! each is one round trip.

mod in_process;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use crate::error::Result;

pub use in_process::InProcess;

/// How long a session lives after its last request.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How long an answer is kept.
pub const ANSWER_LIFETIME: Duration = Duration::from_secs(120);
/// How long a minute's counter is kept.
pub const RATE_LIFETIME: Duration = Duration::from_secs(60);

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
    pub session: Option<Value>,
    /// The cached answer.
    pub answer: Option<Value>,
}

/// What a request leaves behind.
#[derive(Debug, Clone)]
pub struct Closing {
    /// The session's key and content; its lifetime starts again.
    pub session: (String, Value),
    /// The answer's key and content, where it may be cached.
    pub answer: Option<(String, Value)>,
}

/// Rate limits, sessions, the answer cache and revoked tokens.
#[async_trait]
pub trait VolatileStore: Send + Sync + std::fmt::Debug {
    /// Counts the request, reads session and cached answer. One round trip.
    async fn open_request(&self, opening: &Opening) -> Result<Opened>;

    /// Writes session and answer. One round trip.
    async fn close_request(&self, closing: &Closing) -> Result<()>;

    /// Keeps a token's key, `revoked:<token id>`, for as long as the token could be used. One round trip.
    async fn revoke(&self, key: &str, lifetime: Duration) -> Result<()>;

    /// Whether a token's key was given to [`VolatileStore::revoke`] and its lifetime is not over; `None` = the list is not whole any
    /// more, ask the database. One round trip.
    async fn is_revoked(&self, key: &str) -> Result<Option<bool>>;

    /// Asks for a sign of life.
    async fn ping(&self) -> Result<()>;
}
