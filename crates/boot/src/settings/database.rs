//! Postgres as a server.

use super::layers::Layers;
use super::{Secret, keys, parse};

/// Which Postgres server, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseSettings {
    /// `postgres://user:password@host:port/database`.
    pub url: Secret,
    /// Connections that a program keeps at most; at least 2.
    pub connections: u32,
    /// How long a statement of a request may take, in milliseconds; 0 = any time.
    pub statement_ms: u64,
    /// How long a request waits for a statement's result, in milliseconds; beyond, the server counts as away.
    pub timeout_ms: u64,
    /// After how many seconds without a sign of life a writer's place may be taken.
    pub lease_seconds: u64,
}

impl DatabaseSettings {
    pub(super) fn read(layers: &mut Layers<'_>) -> Option<Self> {
        let url = layers.take(keys::DATABASE_URL, None, parse::database_url, ToString::to_string);
        let connections = layers
            .take(keys::DATABASE_CONNECTIONS, None, parse::connections, ToString::to_string)
            .unwrap_or_default();
        let statement_ms = layers.number(keys::DATABASE_STATEMENT_MS, None);
        let timeout_ms = layers.positive(keys::DATABASE_TIMEOUT_MS);
        let lease_seconds = layers
            .take(keys::WRITER_LEASE_SECONDS, None, parse::lease_seconds, ToString::to_string)
            .unwrap_or_default();
        url.map(|url| Self { url, connections, statement_ms, timeout_ms, lease_seconds })
    }
}
