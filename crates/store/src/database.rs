//! Opening Postgres: inside this process on a data folder, or a server. One SQL and one list of migrations serve both forms.

mod embedded;
mod guarded;
pub(crate) mod kept;
mod pool;
mod refusal;
mod schema;
mod server;

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{FromRow, PgPool, Postgres, SqlSafeStr, Transaction};

use crate::error::{Result, database};
use crate::lease::Lease;

use embedded::Embedded;
pub(crate) use guarded::Guarded;
pub(crate) use schema::MIGRATIONS;
pub use server::DatabaseServer;

const OPERATION: &str = "open database";

/// A writer's place that is held.
pub(crate) type Held = Transaction<'static, Postgres>;

type Query<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;
type QueryScalar<'q, T> = sqlx::query::QueryScalar<'q, Postgres, T, PgArguments>;

/// What a program does with the stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Makes and changes the schema, and writes what is derived from a catalog; on servers one at a time.
    Writer,
    /// Reads, and writes what requests write. On servers it changes no schema, and any number run beside a writer.
    Reader,
    /// A reader whose callers wait: on servers no call takes longer than a request may, and one that does not answer is left alone
    /// until it does. MongoDB may be away, also at the start.
    Service,
}

/// An open database. Close it with [`Database::close`]; dropping it keeps committed rows, too.
#[derive(Debug)]
pub struct Database {
    /// For requests.
    pool: Guarded,
    /// For what nobody waits for.
    patient: Guarded,
    form: Form,
    /// Where it is, for people.
    place: String,
}

#[derive(Debug)]
enum Form {
    Embedded(Box<Embedded>),
    /// With the lease of a writer.
    Server(Option<Lease>),
}

impl Database {
    /// Opens (and on first use makes) the database of a data folder, inside this process, and brings its schema up to
    /// date. `program` is what a second process is told.
    ///
    /// Fails with [`ErrorKind::Held`] when another process has the folder and [`ErrorKind::NewerSchema`] when a newer
    /// version wrote it.
    ///
    /// [`ErrorKind::Held`]: crate::ErrorKind::Held
    /// [`ErrorKind::NewerSchema`]: crate::ErrorKind::NewerSchema
    pub async fn open_embedded(folder: &Path, program: &str) -> Result<Self> {
        let (pool, embedded) = embedded::open(folder, program).await?;
        let (pool, place) = (Guarded::open(pool), format!("`{}`", folder.display()));
        Ok(Self { patient: pool.clone(), pool, form: Form::Embedded(Box::new(embedded)), place })
    }

    /// Connects to a server. A writer brings the schema up to date and takes the writer's lease; a reader wants the schema to be
    /// exactly the one that this version knows.
    ///
    /// Fails with [`ErrorKind::Unavailable`] when the server does not answer, [`ErrorKind::NotConfigured`] when somebody must
    /// change settings, server or schema, [`ErrorKind::NewerSchema`] when a newer version wrote it and [`ErrorKind::Held`] when
    /// another writer is at work.
    ///
    /// [`ErrorKind::Unavailable`]: crate::ErrorKind::Unavailable
    /// [`ErrorKind::NotConfigured`]: crate::ErrorKind::NotConfigured
    /// [`ErrorKind::NewerSchema`]: crate::ErrorKind::NewerSchema
    /// [`ErrorKind::Held`]: crate::ErrorKind::Held
    pub async fn open_server(server: &DatabaseServer, program: &str, role: Role) -> Result<Self> {
        let (pool, lease) = server::open(server, program, role).await?;
        let patient = pool.within(server.patience());
        Ok(Self { pool, patient, form: Form::Server(lease), place: server.place()? })
    }

    /// Where it is, for people: the database on its server, or the data folder.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether what is derived from a catalog may be written: always where nobody else can reach the database.
    pub(crate) fn is_writer(&self) -> bool {
        self.is_embedded() || self.is_leased()
    }

    /// The name that the database gave itself when it was made.
    pub(crate) async fn identity(&self) -> Result<String> {
        let query = sqlx::query_scalar::<_, String>("select id::text from knowledge.identity");
        query.fetch_one(&self.patient).await.map_err(database("read identity"))
    }

    /// Whether any of these ids is a chunk's, of whatever generation.
    pub(crate) async fn knows_any_chunk(&self, ids: &[String]) -> Result<bool> {
        let query =
            sqlx::query_scalar("select exists (select from knowledge.chunks where chunk_id = any($1))");
        query.bind(ids).fetch_one(&self.patient).await.map_err(database("look for chunks"))
    }

    /// Whether the data folder holds a database.
    pub fn is_made(folder: &Path) -> bool {
        embedded::is_made(folder)
    }

    /// Whether it runs inside this process.
    pub fn is_embedded(&self) -> bool {
        matches!(self.form, Form::Embedded(_))
    }

    /// The pool; embedded it has one connection, so a transaction keeps everybody else waiting.
    pub(crate) fn pool(&self) -> &Guarded {
        &self.pool
    }

    /// The same for what no request waits for, and what may read much.
    pub(crate) fn patient(&self) -> &Guarded {
        &self.patient
    }

    /// The connections themselves, of a service the few for the request log: whoever uses them sees to it that no call waits for ever.
    pub(crate) fn connections(&self) -> &PgPool {
        self.pool.pool()
    }

    /// Whether the server is not asked for a while, because it failed or was slow.
    pub fn is_left_alone(&self) -> bool {
        self.pool.is_left_alone()
    }

    /// Begins a transaction that writes. A writer's lease is judged and held in it, so that who lost it writes nothing.
    pub(crate) async fn begin(&self, operation: &'static str) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.connections().begin().await.map_err(database(operation))?;
        if let Form::Server(Some(lease)) = &self.form {
            lease.hold(&mut transaction).await?;
        }
        Ok(transaction)
    }

    /// Executes a statement that writes, as [`Database::begin`] says; returns how many rows it wrote.
    pub(crate) async fn write(&self, operation: &'static str, query: Query<'_>) -> Result<u64> {
        if !self.is_leased() {
            let done = query.execute(&self.pool).await.map_err(database(operation))?;
            return Ok(done.rows_affected());
        }
        let mut transaction = self.begin(operation).await?;
        let done = query.execute(&mut *transaction).await.map_err(database(operation))?;
        transaction.commit().await.map_err(database(operation))?;
        Ok(done.rows_affected())
    }

    /// As [`Database::write`], for a statement that returns rows of one value.
    pub(crate) async fn write_all<T>(
        &self,
        operation: &'static str,
        query: QueryScalar<'_, T>,
    ) -> Result<Vec<T>>
    where
        T: Send + Unpin,
        (T,): for<'r> FromRow<'r, PgRow>,
    {
        if !self.is_leased() {
            return query.fetch_all(&self.pool).await.map_err(database(operation));
        }
        let mut transaction = self.begin(operation).await?;
        let rows = query.fetch_all(&mut *transaction).await.map_err(database(operation))?;
        transaction.commit().await.map_err(database(operation))?;
        Ok(rows)
    }

    /// As [`Database::write`], for a statement that returns one value.
    pub(crate) async fn write_one<T>(&self, operation: &'static str, query: QueryScalar<'_, T>) -> Result<T>
    where
        T: Send + Unpin,
        (T,): for<'r> FromRow<'r, PgRow>,
    {
        let row = self.write_all(operation, query).await?.into_iter().next();
        row.ok_or_else(|| database(operation)(sqlx::Error::RowNotFound))
    }

    fn is_leased(&self) -> bool {
        self.lease_length().is_some()
    }

    /// After how long without a sign of life a writer's place may be taken; `None` for all others.
    pub(crate) fn lease_length(&self) -> Option<Duration> {
        match &self.form {
            Form::Server(Some(lease)) => Some(lease.length()),
            _ => None,
        }
    }

    /// Fails with [`ErrorKind::Held`] when this is a writer that was taken for dead.
    ///
    /// [`ErrorKind::Held`]: crate::ErrorKind::Held
    pub async fn check_lease(&self) -> Result<()> {
        let held = self.hold_place("check the writer's place").await?;
        self.let_go(held).await
    }

    /// Holds a writer's place, so that nobody takes it while something is written elsewhere than in this database; `None` where there is
    /// nobody to take it. Fails with [`ErrorKind::Held`] when somebody has taken it.
    ///
    /// [`ErrorKind::Held`]: crate::ErrorKind::Held
    pub(crate) async fn hold_place(&self, operation: &'static str) -> Result<Option<Held>> {
        if self.is_leased() { self.begin(operation).await.map(Some) } else { Ok(None) }
    }

    /// Ends holding the place. The server may have ended it before, when this process stood still or what was written took its time:
    /// somebody may have taken it then.
    pub(crate) async fn let_go(&self, held: Option<Held>) -> Result<()> {
        let Some(held) = held else { return Ok(()) };
        if held.rollback().await.is_ok() {
            return Ok(());
        }
        let again = self.begin("check the writer's place").await?;
        again.rollback().await.map_err(database("check the writer's place"))
    }

    /// Fails with [`ErrorKind::DiskFull`] unless the disk has room for so many bytes and a reserve. Servers look after
    /// their own disks.
    ///
    /// [`ErrorKind::DiskFull`]: crate::ErrorKind::DiskFull
    pub(crate) fn check_space(&self, operation: &'static str, bytes: u64) -> Result<()> {
        match &self.form {
            Form::Embedded(embedded) => embedded.check_space(operation, bytes),
            Form::Server(_) => Ok(()),
        }
    }

    /// Runs statements as the shop's own systems do, which write the schema `shop` themselves: for tests of what follows from that.
    #[doc(hidden)]
    pub async fn run_as_shop(&self, statements: impl SqlSafeStr) -> Result<()> {
        sqlx::raw_sql(statements).execute(&self.pool).await.map_err(database("run statements"))?;
        Ok(())
    }

    /// The folder, in a data folder, of a lexical index over these stores: one index for each database, because another one of the same address has
    /// the same numbers of generations and revisions.
    pub async fn index_folder(&self) -> Result<String> {
        match &self.form {
            Form::Embedded(_) => Ok("lexical".to_owned()),
            Form::Server(_) => Ok(format!("lexical-{}", self.identity().await?)),
        }
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await.map_err(database("ping"))?;
        Ok(())
    }

    /// Makes the connections that requests begin with, at the same time; returns how many. Else the first requests would make them, and wait
    /// for one another.
    pub async fn connect(&self) -> Result<usize> {
        let wanted = self.pool.kept().map_or(1, kept::Numbers::least);
        self.pool.make(wanted).await.map_err(database("connect"))?;
        Ok(wanted)
    }

    /// Gives the writer's lease back, ends all connections and the embedded engine.
    pub async fn close(self) {
        match self.form {
            Form::Embedded(embedded) => {
                self.pool.close().await;
                embedded.stop().await;
            }
            Form::Server(lease) => {
                if let Some(lease) = lease {
                    lease.release(self.pool.pool()).await;
                }
                self.pool.close().await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
