//! The schema's version: what stands in the database, and bringing it up to date.

use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};

use crate::error::{Error, ErrorKind, Result, database};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

const OPERATION: &str = "migrate";

/// Whoever migrates a server's database holds this lock for one transaction ("AUSKUNFT" in ASCII). The migrator's own lock belongs to a session, which
/// behind PgBouncer is somebody else's after the next statement.
const TURN: i64 = 0x4155_534b_554e_4654;

/// How the schema of a database stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing was ever made.
    Missing,
    /// An older version made it: the version.
    Older(i64),
    /// It is the one that this program knows.
    Current,
    /// A newer version made it: the version.
    Newer(i64),
}

/// The version that this program knows.
pub(super) fn known() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Reads how the schema stands; changes nothing.
pub(super) async fn state(pool: &PgPool) -> Result<State> {
    let is_made = sqlx::query_scalar::<_, bool>("select to_regclass('_sqlx_migrations') is not null");
    if !is_made.fetch_one(pool).await.map_err(database(OPERATION))? {
        return Ok(State::Missing);
    }
    let newest =
        sqlx::query_scalar::<_, Option<i64>>("select max(version) from _sqlx_migrations where success");
    Ok(match newest.fetch_one(pool).await.map_err(database(OPERATION))? {
        None => State::Missing,
        Some(version) if version < known() => State::Older(version),
        Some(version) if version > known() => State::Newer(version),
        Some(_) => State::Current,
    })
}

/// Brings the schema up to date; the caller is the only one.
pub(super) async fn migrate(pool: &PgPool) -> Result<()> {
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    migrator.set_locking(false);
    migrator.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => newer(version),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => database(OPERATION)(error),
        other => Error::new(ErrorKind::Internal, OPERATION, other.to_string()),
    })
}

/// Brings the schema up to date, one process after the other: a second one finds it done.
pub(super) async fn migrate_in_turn(pool: &PgPool) -> Result<()> {
    let mut turn = pool.begin().await.map_err(database(OPERATION))?;
    // This transaction waits while others work, and for others while they migrate: no limit of the server may end it.
    sqlx::raw_sql("set local idle_in_transaction_session_timeout = 0; set local statement_timeout = 0")
        .execute(&mut *turn)
        .await
        .map_err(database(OPERATION))?;
    sqlx::query("select pg_advisory_xact_lock($1)")
        .bind(TURN)
        .execute(&mut *turn)
        .await
        .map_err(database(OPERATION))?;
    migrate(pool).await?;
    turn.commit().await.map_err(database(OPERATION))
}

/// The stores are those of a newer version.
pub(super) fn newer(version: i64) -> Error {
    let message = format!(
        "the stores have schema version {version}, which this program does not know: they were written by a newer version; use that one"
    );
    Error::new(ErrorKind::NewerSchema, super::OPERATION, message)
}
