//! The request log: one row for each question, its roll-ups by hour, its retention.
//!
//! It lies in the main database, or in one of its own that `LOG_DATABASE_URL` names. Where TimescaleDB's extension stands in
//! that database it is a hypertable, else a table partitioned by day; the statements here are the same for both.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool, Postgres};

use crate::Database;
use crate::error::{Error, ErrorKind, Result, database};

mod keeping;
mod reading;
mod writing;

pub use keeping::PREPARED_DAYS;
pub use reading::Hourly;

/// Connections to a database of its own: one writes, one rolls up or reads.
const CONNECTIONS: u32 = 2;
/// How long a writer waits for a connection to a database of its own; it tries again anyway.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(3);
/// A statement that takes longer is told at level debug; a roll-up may.
const SLOW_STATEMENT: Duration = Duration::from_secs(5);

/// One request, as the log keeps it: what it cost and how it ended. No words of a question, nothing of an answer, no token.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct LogRow {
    /// When it came, by the service's clock.
    pub ts: DateTime<Utc>,
    /// Its id.
    pub request_id: String,
    /// Who asked; `None` = a guest, or nobody whose token is good.
    pub agent_id: Option<String>,
    /// For whom, as the agent stated.
    pub customer_id: Option<String>,
    /// The conversation.
    pub session_id: Option<String>,
    /// Milliseconds until the answer.
    pub latency_ms: f32,
    /// How many texts the answer cites.
    pub chunks_used: i32,
    /// The problem's code; `None` = answered.
    pub error: Option<String>,
    /// What the question wished.
    pub intent: Option<String>,
    /// Whether the answer was a kept one.
    pub cached: bool,
    /// Milliseconds by stage.
    #[sqlx(json)]
    pub stages: BTreeMap<String, f32>,
}

/// The request log. Clones share the same connections.
#[derive(Debug, Clone)]
pub struct Logs {
    pub(crate) pool: PgPool,
    /// Where its own database is, for messages; `None` = in the main one.
    place: Option<String>,
}

impl Logs {
    /// The log in the main database.
    pub fn within(database: &Database) -> Self {
        Self { pool: database.connections().clone(), place: None }
    }

    /// The log in a database of its own. Connects when it is first used, so that a log that is away holds up nobody.
    pub fn at(url: &str, program: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url).map_err(|_| {
            let message = "LOG_DATABASE_URL is no address of PostgreSQL; write postgres://user:password@host:5432/database";
            Error::new(ErrorKind::Internal, "open log", message)
        })?;
        let database = options.get_database().unwrap_or(options.get_username());
        let place = format!("{}:{}/{database}", options.get_host(), options.get_port());
        let options = options
            .application_name(&format!("auskunft-{program}-log"))
            .log_slow_statements(log::LevelFilter::Debug, SLOW_STATEMENT);
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_LIMIT);
        Ok(Self { pool: pool.connect_lazy_with(options), place: Some(place) })
    }

    /// Whether it has a database of its own.
    pub fn is_apart(&self) -> bool {
        self.place.is_some()
    }

    /// Ends the connections of its own; those of the main database are not its own.
    pub async fn close(self) {
        if self.is_apart() {
            self.pool.close().await;
        }
    }

    /// A connection, and with it the permission to use one.
    async fn connection(&self, operation: &'static str) -> Result<sqlx::pool::PoolConnection<Postgres>> {
        self.pool.acquire().await.map_err(self.failed(operation))
    }

    /// Names where the log lies, where that is not the main database.
    fn failed(&self, operation: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
        let place = self.place.clone();
        move |error| {
            let error = database(operation)(error);
            match place {
                Some(place) => {
                    Error { message: format!("{} (log database {place})", error.message), ..error }
                }
                None => error,
            }
        }
    }
}

#[cfg(test)]
mod tests;
