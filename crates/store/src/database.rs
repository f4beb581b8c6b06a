//! Opening Postgres: inside this process on a data folder, or a server. One SQL and one list of migrations serve both forms.

mod embedded;
mod refusal;
mod schema;
mod server;

use std::path::Path;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{FromRow, PgPool, Postgres, Transaction};

use crate::error::{Result, database};
use crate::lease::Lease;

use embedded::Embedded;
pub(crate) use schema::MIGRATIONS;
pub use server::DatabaseServer;

const OPERATION: &str = "open database";

type Query<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;
type QueryScalar<'q, T> = sqlx::query::QueryScalar<'q, Postgres, T, PgArguments>;

/// What a program does with the stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Makes and changes the schema, and writes what is derived from a catalog; on servers one at a time.
    Writer,
    /// Reads, and writes what requests write. On servers it changes no schema, and any number run beside a writer.
    Reader,
}

/// An open database. Close it with [`Database::close`]; dropping it keeps committed rows, too.
#[derive(Debug)]
pub struct Database {
    pool: PgPool,
    form: Form,
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
        Ok(Self { pool, form: Form::Embedded(Box::new(embedded)) })
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
        Ok(Self { pool, form: Form::Server(lease) })
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
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction that writes. A writer's lease is judged and held in it, so that who lost it writes nothing.
    pub(crate) async fn begin(&self, operation: &'static str) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.pool.begin().await.map_err(database(operation))?;
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
        matches!(&self.form, Form::Server(Some(_)))
    }

    /// Fails with [`ErrorKind::Held`] when this is a writer that was taken for dead. For what is written elsewhere than in this database.
    ///
    /// [`ErrorKind::Held`]: crate::ErrorKind::Held
    pub async fn check_lease(&self) -> Result<()> {
        if !self.is_leased() {
            return Ok(());
        }
        let transaction = self.begin("check the writer's place").await?;
        transaction.rollback().await.map_err(database("check the writer's place"))
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
    pub async fn run_as_shop(&self, statements: &'static str) -> Result<()> {
        sqlx::raw_sql(statements).execute(&self.pool).await.map_err(database("run statements"))?;
        Ok(())
    }

    /// The folder, in a data folder, of a lexical index over these stores: one index for each database, because another one of the same address has
    /// the same numbers of generations and revisions.
    pub async fn index_folder(&self) -> Result<String> {
        match &self.form {
            Form::Embedded(_) => Ok("lexical".to_owned()),
            Form::Server(_) => {
                let query = sqlx::query_scalar::<_, String>("select id::text from knowledge.identity");
                let id = query.fetch_one(&self.pool).await.map_err(database("read identity"))?;
                Ok(format!("lexical-{id}"))
            }
        }
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await.map_err(database("ping"))?;
        Ok(())
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
                    lease.release(&self.pool).await;
                }
                self.pool.close().await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
