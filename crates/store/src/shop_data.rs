//! Loading what the shop's own systems know: customers, orders, parcels, prices, permissions.
//!
//! All tables of a load are written in one transaction: rows are copied beside their tables, written over what is there by
//! their keys, then checked against each other and the rest. Rows that a load does not name stay as they are, but for the parts of
//! a thing that it does name ([`tables::Whole`]): an order has the items that are given for it, an agent the regions.

use std::collections::HashMap;

use auskunft_model::Digest;
use sqlx::{Acquire, Postgres, Transaction};

use crate::Database;
use crate::error::{Error, Result, database};

mod checks;
mod staging;
mod statements;
pub mod tables;
mod writing;

pub use tables::{Column, Kind, TABLES, Table};

const OPERATION: &str = "load shop data";

/// A row as its file states it: the line, and a value for each column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1, the header included.
    pub line: u64,
    /// In the order of the table's columns; already checked to be of their kinds.
    pub values: Vec<Option<String>>,
}

impl Row {
    /// The row of a table whose first columns have these values; empty = no value.
    pub fn new(table: &Table, line: u64, values: &[&str]) -> Self {
        let mut values: Vec<Option<String>> =
            values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect();
        values.resize(table.columns.len(), None);
        Self { line, values }
    }
}

/// A row that can't be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Path relative to the catalog.
    pub file: String,
    /// Counted from 1; `None` = what is wrong is known of the file alone.
    pub line: Option<u64>,
    /// What is wrong with it; never what a person's row says.
    pub problem: String,
}

/// What became of a file's rows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Loaded {
    /// Path relative to the catalog.
    pub file: String,
    /// Rows in the file.
    pub rows: u64,
    /// Rows that are new or differ from what was there.
    pub written: u64,
    /// Rows that are gone, because the thing that they were parts of was given without them.
    #[serde(skip_serializing_if = "is_zero")]
    pub removed: u64,
}

/// Serde asks in this form.
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The files that are in the tables, with the digests of their bytes.
pub async fn loaded_files(database_: &Database) -> Result<HashMap<String, String>> {
    let query = sqlx::query_as::<_, (String, String)>("select file, digest from shop.loaded_files");
    let files = query.fetch_all(database_.pool()).await.map_err(database(OPERATION))?;
    Ok(files.into_iter().collect())
}

/// The version of the tables that answers read, permissions and policies among them: it rises with whatever writes them, in the
/// writer's transaction. What was kept of an older version may be outdated.
pub async fn version(database_: &Database) -> Result<i64> {
    let query = sqlx::query_scalar("select sum(version)::bigint from shop.data_version");
    query.fetch_one(database_.pool()).await.map_err(database("read shop data version"))
}

/// Makes one row of those that the version is kept in; it stays what it is. Returns how many there were.
pub async fn fold_version(database_: &Database) -> Result<u64> {
    let query = sqlx::query_scalar::<_, i64>("select shop.fold_data_version()");
    let rows = database_.write_one("fold shop data version", query).await?;
    Ok(rows.unsigned_abs())
}

/// Writes rows that stand in a program, all or none: the tables' names with their rows, as [`Row::new`] takes them.
pub async fn load(
    database_: &Database,
    tables: &[(&'static str, &[&[&str]])],
) -> Result<Result<Vec<Loaded>, Vec<BadRow>>> {
    let mut load = Load::begin(database_).await?;
    for (name, rows) in tables {
        let Some(table) = Table::named(name) else {
            let problem = "there is no such table".to_owned();
            return Ok(Err(vec![BadRow { file: format!("shop/{name}.csv"), line: None, problem }]));
        };
        let rows = (2..).zip(*rows).map(|(line, values)| Row::new(table, line, values));
        load.stage(table, Digest::of(name.as_bytes()), rows).await?;
    }
    load.finish(true).await
}

/// A table's rows beside it.
#[derive(Debug)]
struct Staged {
    table: &'static Table,
    /// Of the file; `None` = the rows only name things, nothing of them is written.
    digest: Option<Digest>,
}

/// Why a load does not go on.
enum Stop {
    /// By what the files say.
    Bad(Vec<BadRow>),
    /// By a failure.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

type Step<T> = Result<T, Stop>;

/// A load that is under way; dropped without [`Load::finish`], it leaves no trace.
#[derive(Debug)]
pub struct Load {
    transaction: Transaction<'static, Postgres>,
    staged: Vec<Staged>,
    /// What the database refused while rows were copied: its transaction is over.
    refused: Vec<BadRow>,
}

impl Load {
    /// Begins a load.
    pub async fn begin(database_: &Database) -> Result<Self> {
        let transaction = database_.begin(OPERATION).await?;
        Ok(Self { transaction, staged: Vec::new(), refused: Vec::new() })
    }

    /// Copies a file's rows beside their table.
    pub async fn stage(
        &mut self,
        table: &'static Table,
        digest: Digest,
        rows: impl Iterator<Item = Row>,
    ) -> Result<()> {
        self.copy(Staged { table, digest: Some(digest) }, rows).await
    }

    /// Tells which things the files are about, by the rows of a file that is loaded already: what is given of their parts is all
    /// that they have, be it nothing. The rows themselves are not written again.
    pub async fn name(&mut self, table: &'static Table, rows: impl Iterator<Item = Row>) -> Result<()> {
        self.copy(Staged { table, digest: None }, rows).await
    }

    async fn copy(&mut self, staged: Staged, rows: impl Iterator<Item = Row>) -> Result<()> {
        if !self.refused.is_empty() {
            return Ok(());
        }
        let connection = self.transaction.acquire().await.map_err(database(OPERATION))?;
        match staging::copy(connection, staged.table, rows).await {
            Ok(()) => self.staged.push(staged),
            Err(Stop::Bad(bad)) => self.refused = bad,
            Err(Stop::Failed(error)) => return Err(error),
        }
        Ok(())
    }

    /// Writes everything, unless rows contradict each other or what is there; then nothing. Without `keep` nothing is written
    /// either, but counted as if it were.
    pub async fn finish(mut self, keep: bool) -> Result<Result<Vec<Loaded>, Vec<BadRow>>> {
        let ended =
            if self.refused.is_empty() { self.write(keep).await } else { Err(Stop::Bad(self.refused)) };
        if keep && ended.is_ok() {
            self.transaction.commit().await.map_err(database(OPERATION))?;
        } else {
            self.transaction.rollback().await.map_err(database(OPERATION))?;
        }
        match ended {
            Ok(loaded) => Ok(Ok(loaded)),
            Err(Stop::Bad(bad)) => Ok(Err(bad)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    async fn write(&mut self, keep: bool) -> Step<Vec<Loaded>> {
        let connection = self.transaction.acquire().await.map_err(database(OPERATION))?;
        checks::no_key_twice(connection, &self.staged).await?;
        let loaded = writing::write(connection, &self.staged).await?;
        checks::nothing_dangles(connection, &self.staged).await?;
        checks::orders_add_up(connection, &self.staged).await?;
        checks::rules_hold(connection, &self.staged).await?;
        if keep {
            writing::count_rows(connection, &self.staged).await?;
        }
        Ok(loaded)
    }
}

#[cfg(test)]
mod tests;
