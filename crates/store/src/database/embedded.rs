//! Postgres inside this process, on a folder.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pglite_oxide::{PgliteServer, extensions};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};

use super::{OPERATION, schema};
use crate::error::{Error, ErrorKind, Result, database};
use crate::lock::FolderLock;
use crate::materialise;

/// The database's folder in the data folder.
const ROOT: &str = "postgres";

/// A statement that takes longer is told at level debug: building an index is no cause for alarm.
const SLOW_STATEMENT: Duration = Duration::from_secs(1);

/// What the name of a socket folder begins with; the process id follows.
const SOCKET_FOLDER: &str = "auskunft-";

/// How long a caller waits for the embedded engine's only connection.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(30);

/// Bytes of an empty database, about.
const SMALLEST_DATABASE: u64 = 96 << 20;
/// Bytes that must be free on the disk before something is written. The embedded engine can end with a torn file when the
/// disk becomes full under it, so it is not let come that far: one write-ahead segment has 16 MB, a batch a few.
const RESERVE: u64 = 48 << 20;

/// The engine and what it holds of the file system.
#[derive(Debug)]
pub(super) struct Embedded {
    server: Option<PgliteServer>,
    socket_folder: PathBuf,
    root: PathBuf,
    _lock: Option<FolderLock>,
}

/// Opens (and on first use makes) the database of a data folder and brings its schema up to date.
pub(super) async fn open(folder: &Path, program: &str) -> Result<(PgPool, Embedded)> {
    // Tickets are customer data: nobody else on the machine may look in.
    let mut private = std::fs::DirBuilder::new();
    private.recursive(true).mode(0o700).create(folder).map_err(|error| {
        let message = format!("can't make the data folder `{}`: {error}", folder.display());
        Error::new(ErrorKind::Unavailable, "open data folder", message)
    })?;
    let mut lock = FolderLock::take(folder, program)?;
    if let Some(left_behind) = lock.left_behind() {
        sweep(left_behind);
    }
    let root = folder.join(ROOT);
    if root.exists() {
        complete(root.clone()).await?;
    } else {
        make(folder, &root).await?;
    }
    let (pool, mut embedded) = open_engine(root).await?;
    lock.note(&embedded.socket_folder);
    embedded._lock = Some(lock);
    Ok((pool, embedded))
}

/// Whether the data folder holds a database.
pub(super) fn is_made(folder: &Path) -> bool {
    folder.join(ROOT).is_dir()
}

/// Starts the engine over `root` and brings its schema up to date.
async fn open_engine(root: PathBuf) -> Result<(PgPool, Embedded)> {
    // A Unix socket's path may be no longer than 107 bytes, so it can't lie in the data folder.
    let socket_folder = socket_folder().map_err(|error| {
        let message = format!("can't make a folder in `{}`: {error}", std::env::temp_dir().display());
        Error::new(ErrorKind::Unavailable, OPERATION, message)
    })?;
    let socket = socket_folder.join(".s.PGSQL.5432");
    let place = root.clone();
    let starting = tokio::task::spawn_blocking(move || start(place, socket));
    let server = starting
        .await
        .map_err(|error| Error::new(ErrorKind::Internal, OPERATION, error.to_string()))?
        .map_err(|message| Error::new(ErrorKind::Unavailable, OPERATION, message))?;
    let options = PgConnectOptions::new_without_pgpass()
        .socket(&socket_folder)
        .port(5432)
        .username("postgres")
        .database("template1")
        .log_slow_statements(log::LevelFilter::Debug, SLOW_STATEMENT);
    // Held from here on, so that a failure below ends the engine and takes the socket away.
    let embedded = Embedded { server: Some(server), socket_folder, root, _lock: None };
    let pool = connect(options).await?;
    match schema::migrate(&pool).await {
        Ok(()) => Ok((pool, embedded)),
        Err(error) => {
            pool.close().await;
            embedded.stop().await;
            Err(error)
        }
    }
}

impl Embedded {
    /// Fails unless the disk has room for so many bytes and a reserve.
    pub(super) fn check_space(&self, operation: &'static str, bytes: u64) -> Result<()> {
        check_space(operation, &self.root, bytes)
    }

    /// Ends the engine; its connections are closed.
    pub(super) async fn stop(mut self) {
        let server = self.server.take();
        // Joining the engine's thread blocks.
        let stopping = tokio::task::spawn_blocking(move || drop(server));
        if let Err(error) = stopping.await {
            tracing::warn!(%error, "the embedded database did not stop cleanly");
        }
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

/// A new folder that only this user may enter; one that stands there already is never taken.
fn socket_folder() -> std::io::Result<PathBuf> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static OPENED: AtomicU32 = AtomicU32::new(0);
    let place = std::env::temp_dir();
    let mut private = std::fs::DirBuilder::new();
    private.mode(0o700);
    loop {
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let folder = place.join(format!("{SOCKET_FOLDER}{}-{number}", std::process::id()));
        match private.create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Removes the socket folder that a killed holder of the data folder left behind.
fn sweep(left_behind: &Path) {
    let is_ours =
        left_behind.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SOCKET_FOLDER));
    if is_ours && std::fs::remove_dir_all(left_behind).is_err() {
        tracing::debug!(folder = %left_behind.display(), "a dead process's socket folder is gone or stays behind");
    }
}

/// Makes the database beside its place and moves it there when it is whole: a kill or a full disk in between leaves nothing
/// that a later run would take for a database.
async fn make(folder: &Path, root: &Path) -> Result<()> {
    let unfinished = folder.join("postgres.unfinished");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(|error| unusable(&unfinished, &error))?;
    }
    check_space(OPERATION, folder, SMALLEST_DATABASE)?;
    let (pool, embedded) = open_engine(unfinished.clone()).await?;
    pool.close().await;
    embedded.stop().await;
    complete(unfinished.clone()).await?;
    std::fs::rename(&unfinished, root).map_err(|error| unusable(root, &error))
}

/// Makes the database's folder independent of the engine's template; copying blocks.
async fn complete(root: PathBuf) -> Result<()> {
    let place = root.clone();
    let copying = tokio::task::spawn_blocking(move || materialise::complete(&place));
    let copied =
        copying.await.map_err(|error| Error::new(ErrorKind::Internal, OPERATION, error.to_string()))?;
    copied.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => Error::new(
            ErrorKind::DiskFull,
            OPERATION,
            format!("the disk of `{}` is full; make space and run again", root.display()),
        ),
        _ => unusable(&root, &error),
    })
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, OPERATION, format!("can't use `{}`: {error}", path.display()))
}

fn check_space(operation: &'static str, folder: &Path, bytes: u64) -> Result<()> {
    // A file system that does not tell is trusted.
    let Ok(disk) = rustix::fs::statvfs(folder) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let needed = bytes.saturating_add(RESERVE);
    if free >= needed {
        return Ok(());
    }
    let message = format!(
        "the disk of `{}` is full: {} MB are free, {} MB are needed; make space and run again, nothing is lost",
        folder.display(),
        free >> 20,
        needed.div_ceil(1 << 20)
    );
    Err(Error::new(ErrorKind::DiskFull, operation, message))
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
                // Filters must not starve results: HNSW goes on searching until enough rows passed them. The engine's pages lie in
                // memory: at the price of a turning disk for each of them it would rather compare every vector (37,000 chunks of
                // 1,024 dimensions: 850 ms).
                let settings = "set hnsw.iterative_scan = strict_order; set hnsw.ef_search = 100; set random_page_cost = 1.1";
                sqlx::raw_sql(settings).execute(connection).await?;
                Ok(())
            })
        });
    pool.connect_with(options).await.map_err(database("open database"))
}
