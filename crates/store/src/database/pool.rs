//! The connections to a server, by what they are for, and the breaker before those of requests.

use std::time::Duration;

use futures::FutureExt;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use super::refusal::Place;
use super::server::SEARCH_SETTINGS;
use super::{DatabaseServer, Role};
use crate::breaker::Breaker;

/// How long a reader waits for a connection where no shorter limit stands before the pool: as a request has ten seconds in all, it can still be
/// told why it failed.
const READER_WAITS: Duration = Duration::from_secs(5);
/// How long a run waits for a connection: it has time, and a server may be restarted meanwhile.
const WRITER_WAITS: Duration = Duration::from_secs(30);

/// A connection that nobody used for so long is asked for a sign of life first: the server may have been restarted. Asking each time would
/// cost every statement a round trip.
const TRUSTED: Duration = Duration::from_secs(1);

/// Statements of requests that are under way or wait for a connection at the same time; more are refused. Far above what admission lets in.
const MOST_AT_ONCE: usize = 512;

/// Connections of a service for the request log: it holds up no request, and none holds it up.
const ASIDE: u32 = 2;

/// How often the server looks whether somebody still waits for a statement, in milliseconds.
const ABANDONED: u32 = 1_000;

/// What asks for a sign of life has a connection of its own: those of the pool may be broken, or wait for what never comes.
pub(super) fn breaker(place: &Place, options: PgConnectOptions, limit: Duration) -> Breaker {
    let probe = move || {
        let options = options.clone();
        async move {
            let sign = async {
                let mut connection = PgConnection::connect_with(&options).await?;
                connection.ping().await?;
                connection.close().await
            };
            match tokio::time::timeout(limit, sign).await {
                Ok(ended) => ended.map_err(|error: sqlx::Error| error.to_string()),
                Err(_) => Err(format!("no answer within {} ms", limit.as_millis())),
            }
        }
        .boxed()
    };
    Breaker::new(format!("PostgreSQL {place}"), MOST_AT_ONCE, probe)
}

/// What a session of that role begins with.
pub(super) fn settings(server: &DatabaseServer, role: Role) -> String {
    let limit = if role == Role::Writer { Duration::ZERO } else { server.statement_limit };
    let settings: String =
        SEARCH_SETTINGS.iter().map(|(name, value)| format!("set {name} = {value}; ")).collect();
    // A statement of a request is short, asked often, and reads by keys: planning it for its values would take longer than executing it.
    let plans = if role == Role::Service { "set plan_cache_mode = force_generic_plan; " } else { "" };
    format!(
        "{settings}{plans}set statement_timeout = {}; set client_connection_check_interval = {ABANDONED}",
        limit.as_millis()
    )
}

/// How many connections are for the request log, beside those of requests.
pub(super) fn aside(connections: u32) -> u32 {
    ASIDE.min(connections / 2)
}

pub(super) fn pool(server: &DatabaseServer, options: PgConnectOptions, role: Role) -> PgPool {
    let waits = if role == Role::Writer { WRITER_WAITS } else { READER_WAITS };
    let most = if role == Role::Service { aside(server.connections) } else { server.connections };
    let settings = settings(server, role);
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(waits)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let settings = settings.clone();
            Box::pin(async move {
                sqlx::raw_sql(AssertSqlSafe(settings)).execute(connection).await?;
                Ok(())
            })
        })
        .connect_lazy_with(options)
}
