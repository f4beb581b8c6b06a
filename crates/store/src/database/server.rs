//! Postgres as a server: connecting, what is asked of it, and the pool.
//!
//! Everything holds behind PgBouncer in transaction mode, too: no statement relies on what an earlier one left in its session. The search's
//! settings are kept with the database, so that every session has them; see [`keep_search_settings`].

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use auskunft_boot::DatabaseSettings;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};

use super::kept::Kept;
use super::pool::{aside, breaker, pool, settings};
use super::refusal::Place;
use super::schema::{self, State};
use super::{Guarded, OPERATION, Role};
use crate::error::{Error, ErrorKind, Result};
use crate::lease::Lease;

/// How long making a connection may take when a program starts; later ones are bounded by waiting for the pool.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long what no request waits for may take where statements have no limit.
const LONGEST_PATIENCE: Duration = Duration::from_secs(600);

/// A statement that takes longer is told at level debug.
const SLOW_STATEMENT: Duration = Duration::from_secs(1);

/// The oldest pgvector that can go on searching until enough rows passed the filters.
const OLDEST_PGVECTOR: (u32, u32) = (0, 8);

/// Filters must not starve results: HNSW goes on searching until enough rows passed them.
pub(super) const SEARCH_SETTINGS: [(&str, &str); 2] =
    [("hnsw.iterative_scan", "strict_order"), ("hnsw.ef_search", "100")];

/// Which server, and how it is used.
#[derive(Clone)]
pub struct DatabaseServer {
    /// `postgres://user:password@host:port/database`; never shown.
    pub url: String,
    /// Connections that this process keeps at most; at least 2.
    pub connections: u32,
    /// How long a statement of a reader may take; zero = any time. A writer's may always.
    pub statement_limit: Duration,
    /// How long a request waits for a statement's result.
    pub request_limit: Duration,
    /// After how long without a sign of life a writer's place may be taken.
    pub lease: Duration,
}

impl fmt::Debug for DatabaseServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseServer")
            .field("connections", &self.connections)
            .field("statement_limit", &self.statement_limit)
            .field("request_limit", &self.request_limit)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

impl From<&DatabaseSettings> for DatabaseServer {
    fn from(stated: &DatabaseSettings) -> Self {
        Self {
            url: stated.url.reveal().to_owned(),
            connections: stated.connections,
            statement_limit: Duration::from_millis(stated.statement_ms),
            request_limit: Duration::from_millis(stated.timeout_ms),
            lease: Duration::from_secs(stated.lease_seconds),
        }
    }
}

impl DatabaseServer {
    /// How long what no request waits for may take.
    pub(super) fn patience(&self) -> Duration {
        let is_limited = !self.statement_limit.is_zero();
        (if is_limited { self.statement_limit } else { LONGEST_PATIENCE }).max(self.request_limit)
    }

    /// Where it is, for people; without user and password.
    pub(super) fn place(&self) -> Result<String> {
        Ok(format!("PostgreSQL {}", Place::of(&self.options("")?)))
    }

    fn options(&self, program: &str) -> Result<PgConnectOptions> {
        let options = PgConnectOptions::from_str(&self.url).map_err(|_| {
            let message =
                "DATABASE_URL is no address like postgres://user:password@host:5432/database; correct it";
            Error::new(ErrorKind::NotConfigured, OPERATION, message)
        })?;
        Ok(options.application_name(program).log_slow_statements(log::LevelFilter::Debug, SLOW_STATEMENT))
    }
}

/// Connects and prepares what the role needs; on failure nothing stays open.
pub(super) async fn open(
    server: &DatabaseServer,
    program: &str,
    role: Role,
) -> Result<(Guarded, Option<Lease>)> {
    let options = server.options(program)?;
    let place = Place::of(&options);
    try_connecting(&options, &place).await?;
    let pool = pool(server, options.clone(), role);
    let prepared = match role {
        Role::Writer => prepare_writer(&pool, &place, server, program).await.map(Some),
        Role::Reader | Role::Service => judge_schema(&pool, &place).await.map(|()| None),
    };
    match prepared {
        Ok(lease) if role == Role::Service => {
            let breaker = breaker(&place, options.clone(), server.request_limit);
            let most = server.connections - aside(server.connections);
            let kept = Kept::new(options, settings(server, role), most);
            Ok((Guarded::behind(breaker, (pool, kept), server.request_limit), lease))
        }
        Ok(lease) => Ok((Guarded::open(pool), lease)),
        Err(error) => {
            pool.close().await;
            Err(error)
        }
    }
}

/// One connection by hand: the pool would go on trying, and keep the reason to itself.
async fn try_connecting(options: &PgConnectOptions, place: &Place) -> Result<()> {
    let connecting = tokio::time::timeout(CONNECT_LIMIT, PgConnection::connect_with(options));
    let connection = connecting
        .await
        .map_err(|_| place.away(format_args!("nothing within {} s", CONNECT_LIMIT.as_secs())))?
        .map_err(|error| place.of_connecting(error))?;
    // It is no use any more, however it ends.
    let _ = connection.close().await;
    Ok(())
}

/// A reader wants exactly its schema, and makes nothing.
async fn judge_schema(pool: &PgPool, place: &Place) -> Result<()> {
    match schema::state(pool).await.map_err(|error| place.of_step(error))? {
        State::Current => Ok(()),
        State::Missing => Err(place.refuse(
            "nothing is ingested yet: run `ingest DIR` first, or name the right database by DATABASE_URL",
        )),
        State::Older(version) => Err(place.refuse(format_args!(
            "the stores have schema version {version}, this program needs {}: run `ingest DIR` of this version first",
            schema::known()
        ))),
        State::Newer(version) => Err(schema::newer(version)),
    }
}

/// A writer takes the lease, then brings the schema up to date; where there is no place for a lease yet, the other way round.
async fn prepare_writer(
    pool: &PgPool,
    place: &Place,
    server: &DatabaseServer,
    program: &str,
) -> Result<Lease> {
    let state = schema::state(pool).await.map_err(|error| place.of_step(error))?;
    if let State::Newer(version) = state {
        return Err(schema::newer(version));
    }
    if state == State::Missing {
        judge_server(pool, place).await?;
    }
    let has_lease = Lease::has_place(pool).await?;
    if !has_lease {
        schema::migrate_in_turn(pool).await.map_err(|error| place.of_step(error))?;
    }
    let lease = Lease::take(pool, program, server.lease).await?;
    let prepared = async {
        if has_lease && state != State::Current {
            schema::migrate_in_turn(pool).await.map_err(|error| place.of_step(error))?;
        }
        keep_search_settings(pool, place).await
    };
    match prepared.await {
        Ok(()) => Ok(lease),
        Err(error) => {
            lease.release(pool).await;
            Err(error)
        }
    }
}

/// What the migrations will need, judged before the first of them.
async fn judge_server(pool: &PgPool, place: &Place) -> Result<()> {
    let query = sqlx::query_as::<_, (Option<String>, bool, bool)>(
        "select coalesce((select extversion from pg_extension where extname = 'vector'),
                 (select default_version from pg_available_extensions where name = 'vector')),
             has_database_privilege(current_database(), 'create'),
             (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)
                 or 2 = (select count(*) from pg_roles where rolname in ('auskunft_audit', 'auskunft_application')
                     and pg_has_role(current_user, oid, 'member with admin option'))",
    );
    let (vector, may_create, has_roles) = query.fetch_one(pool).await.map_err(|error| place.driver(error))?;
    let (user, database_) = (&place.user, &place.database);
    let Some(vector) = vector else {
        return Err(place.refuse(
            "the server has no pgvector; install it (Debian: postgresql-17-pgvector), then run `ingest` again",
        ));
    };
    if numbers(&vector) < OLDEST_PGVECTOR {
        return Err(place.refuse(format_args!(
            "pgvector {vector} is too old; install 0.8 or newer, then `alter extension vector update`"
        )));
    }
    if !may_create {
        return Err(place.refuse(format_args!(
            "the user `{user}` may not make schemas; as a superuser: `alter database {database_} owner to {user}`"
        )));
    }
    if !has_roles {
        return Err(place.refuse(format_args!(
            "the roles `auskunft_audit` and `auskunft_application` are not there for `{user}` to hand out; as a superuser run \
             deploy/postgres/auskunft.sql, or its lines about them"
        )));
    }
    Ok(())
}

/// The first two numbers of a version.
fn numbers(version: &str) -> (u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// Keeps the search's settings with the database: behind PgBouncer a session is made by others, and what `after_connect` set is on another one.
async fn keep_search_settings(pool: &PgPool, place: &Place) -> Result<()> {
    let kept = sqlx::query_scalar::<_, bool>(
        "select coalesce(bool_or(setconfig @> $1), false) from pg_db_role_setting s
         join pg_database d on d.oid = s.setdatabase and d.datname = current_database() where s.setrole = 0",
    );
    let wanted: Vec<String> = SEARCH_SETTINGS.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if kept.bind(&wanted).fetch_one(pool).await.map_err(|error| place.driver(error))? {
        return Ok(());
    }
    // Using the type loads the extension, which makes these settings everybody's.
    let set = |(name, value): &(&str, &str)| {
        format!("execute format('alter database %I set {name} = %L', current_database(), '{value}'); ")
    };
    let sets: String = SEARCH_SETTINGS.iter().map(set).collect();
    let statements = format!("select '[1]'::vector; do $$ begin {sets}end $$");
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(statements)).execute(pool).await {
        tracing::warn!(
            %error,
            "{place}: the settings of the vector search can't be kept with the database; behind PgBouncer run deploy/postgres/auskunft.sql"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(numbers("0.8.0") >= OLDEST_PGVECTOR && numbers("0.10") >= OLDEST_PGVECTOR);
        assert!(numbers("0.7.4") < OLDEST_PGVECTOR && numbers("unknown") < OLDEST_PGVECTOR);
    }

    #[test]
    fn an_address_is_not_shown() {
        let server = DatabaseServer {
            url: "postgres://u:geheim@h/d".to_owned(),
            connections: 2,
            statement_limit: Duration::ZERO,
            request_limit: Duration::from_secs(1),
            lease: Duration::from_secs(30),
        };
        assert!(!format!("{server:?}").contains("geheim"));
        let wrong = DatabaseServer { url: "geheim".to_owned(), ..server };
        let error = wrong.options("test").unwrap_err();
        assert_eq!((error.kind, error.message.contains("geheim")), (ErrorKind::NotConfigured, false));
    }
}
