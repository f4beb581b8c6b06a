//! Opening Postgres. On a data folder it runs inside this process; the same pool, SQL and migrations serve both forms.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pglite_oxide::{PgliteServer, extensions};
use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::error::{Error, ErrorKind, Result, database};
use crate::lock::FolderLock;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// How long a caller waits for the embedded engine's only connection.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(30);

/// An open database. Close it with [`Database::close`]; dropping it keeps committed rows, too.
#[derive(Debug)]
pub struct Database {
    pool: PgPool,
    embedded: Option<Embedded>,
}

#[derive(Debug)]
struct Embedded {
    server: Option<PgliteServer>,
    socket_folder: PathBuf,
    _lock: FolderLock,
}

impl Database {
    /// Opens (and on first use makes) the database of a data folder, inside this process, and brings its schema up to
    /// date. `program` is what a second process is told.
    ///
    /// Fails with [`ErrorKind::Held`] when another process has the folder and [`ErrorKind::NewerSchema`] when a newer
    /// version wrote it.
    pub async fn open_embedded(folder: &Path, program: &str) -> Result<Self> {
        const OPERATION: &str = "open database";
        std::fs::create_dir_all(folder).map_err(|error| {
            let message = format!("can't make the data folder `{}`: {error}", folder.display());
            Error::new(ErrorKind::Unavailable, "open data folder", message)
        })?;
        let lock = FolderLock::take(folder, program)?;
        let root = folder.join("postgres");
        // A Unix socket's path may be no longer than 107 bytes, so it can't lie in the data folder.
        let socket_folder = socket_folder();
        std::fs::create_dir_all(&socket_folder).map_err(|error| {
            let message = format!("can't make `{}`: {error}", socket_folder.display());
            Error::new(ErrorKind::Unavailable, OPERATION, message)
        })?;
        let socket = socket_folder.join(".s.PGSQL.5432");
        let starting = tokio::task::spawn_blocking(move || start(root, socket));
        let server = starting
            .await
            .map_err(|error| Error::new(ErrorKind::Internal, OPERATION, error.to_string()))?
            .map_err(|message| Error::new(ErrorKind::Unavailable, OPERATION, message))?;
        let options = PgConnectOptions::new_without_pgpass()
            .socket(&socket_folder)
            .port(5432)
            .username("postgres")
            .database("template1");
        let pool = connect(options).await?;
        let embedded = Embedded { server: Some(server), socket_folder, _lock: lock };
        let opened = Self { pool, embedded: Some(embedded) };
        match opened.migrate().await {
            Ok(()) => Ok(opened),
            Err(error) => {
                opened.close().await;
                Err(error)
            }
        }
    }

    /// The pool; embedded it has one connection, so a transaction keeps everybody else waiting.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await.map_err(database("ping"))?;
        Ok(())
    }

    /// Ends all connections, then the embedded engine.
    pub async fn close(mut self) {
        self.pool.close().await;
        if let Some(mut embedded) = self.embedded.take() {
            let server = embedded.server.take();
            // Joining the engine's thread blocks.
            let stopping = tokio::task::spawn_blocking(move || drop(server));
            if let Err(error) = stopping.await {
                tracing::warn!(%error, "the embedded database did not stop cleanly");
            }
        }
    }

    async fn migrate(&self) -> Result<()> {
        MIGRATIONS.run(&self.pool).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => Error::new(
                ErrorKind::NewerSchema,
                "open database",
                format!("the stores have schema version {version}, which this program does not know: they were written by a newer version; use that one"),
            ),
            MigrateError::Execute(error) => database("migrate")(error),
            other => Error::new(ErrorKind::Internal, "migrate", other.to_string()),
        })
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        // Joining the engine waits for its client, which may be this very thread: let it end on its own.
        if let Some(server) = self.server.take() {
            std::thread::spawn(move || drop(server));
        }
        if let Err(error) = std::fs::remove_dir_all(&self.socket_folder) {
            tracing::debug!(%error, "the socket folder stays behind");
        }
    }
}

fn socket_folder() -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static OPENED: AtomicU32 = AtomicU32::new(0);
    let number = OPENED.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("auskunft-{}-{number}", std::process::id()))
}

/// Blocking: starting the engine takes 0.1–1 s.
fn start(root: PathBuf, socket: PathBuf) -> std::result::Result<PgliteServer, String> {
    PgliteServer::builder()
        .path(&root)
        .unix(socket)
        .extension(extensions::VECTOR)
        .postgres_config("maintenance_work_mem", "256MB")
        .start()
        .map_err(|error| format!("the embedded database in `{}` does not start: {error:#}", root.display()))
}

/// One connection, never tested before use: the engine serves one session, and a second connect would hang.
async fn connect(options: PgConnectOptions) -> Result<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE_LIMIT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // Filters must not starve results: HNSW goes on searching until enough rows passed them.
                sqlx::raw_sql("set hnsw.iterative_scan = strict_order; set hnsw.ef_search = 100")
                    .execute(connection)
                    .await?;
                Ok(())
            })
        });
    pool.connect_with(options).await.map_err(database("open database"))
}

#[cfg(test)]
mod tests;
