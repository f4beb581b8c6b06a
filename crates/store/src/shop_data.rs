//! Loading what the shop's own systems know: customers, orders, parcels, prices, permissions.
//!
//! All tables of a load are written in one transaction: rows are copied beside their tables, checked against each other,
//! then written over what is there by their keys. Rows that a load does not name stay as they are.

use std::collections::HashMap;
use std::fmt::Write as _;

use auskunft_model::Digest;
use sqlx::{Acquire, PgConnection, Postgres, Transaction};

use crate::Database;
use crate::error::{Result, database};

pub mod tables;

pub use tables::{Column, Kind, TABLES, Table};

const OPERATION: &str = "load shop data";

/// Bytes that are sent at once.
const PIECE: usize = 64 * 1024;
/// Bad rows named of one file.
const NAMED: i64 = 20;

/// A row as its file states it: the line, and a value for each column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1, the header included.
    pub line: u64,
    /// In the order of the table's columns; already checked to be of their kinds.
    pub values: Vec<Option<String>>,
}

/// A row that can't be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Path relative to the catalog.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    /// What is wrong with it.
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

/// A load that is under way; dropped without [`Load::finish`], it leaves no trace.
#[derive(Debug)]
pub struct Load {
    transaction: Transaction<'static, Postgres>,
    staged: Vec<(&'static Table, Digest)>,
}

impl Load {
    /// Begins a load.
    pub async fn begin(database_: &Database) -> Result<Self> {
        let transaction = database_.pool().begin().await.map_err(database(OPERATION))?;
        Ok(Self { transaction, staged: Vec::new() })
    }

    /// Copies a file's rows beside their table.
    pub async fn stage(
        &mut self,
        table: &'static Table,
        digest: Digest,
        rows: impl Iterator<Item = Row>,
    ) -> Result<()> {
        let connection = self.transaction.acquire().await.map_err(database(OPERATION))?;
        let (name, columns) = (table.name, columns(table));
        let create = format!(
            "create temporary table staged_{name} on commit drop as
             select null::bigint as line_in_file, {columns} from shop.{name} with no data"
        );
        execute(connection, &create).await?;
        copy(connection, &format!("copy staged_{name} from stdin"), rows).await?;
        self.staged.push((table, digest));
        Ok(())
    }

    /// Writes everything, unless rows contradict each other or what is there; then nothing. Without `keep` nothing is written
    /// either, but counted as if it were.
    pub async fn finish(mut self, keep: bool) -> Result<Result<Vec<Loaded>, Vec<BadRow>>> {
        let connection = self.transaction.acquire().await.map_err(database(OPERATION))?;
        let (mut bad, mut loaded) = (Vec::new(), Vec::new());
        for (table, digest) in &self.staged {
            let found = doubled(connection, table).await?;
            bad.extend(found);
            bad.extend(dangling(connection, table).await?);
            if bad.is_empty() {
                loaded.push(write(connection, table, digest).await?);
            }
        }
        if bad.is_empty() {
            bad = unequal(connection, &self.staged).await?;
        }
        // Nobody else tells the embedded engine how full its tables are, and it chooses its ways by that.
        for (table, _) in self.staged.iter().filter(|_| bad.is_empty() && keep) {
            execute(connection, &format!("analyze shop.{}", table.name)).await?;
        }
        let keeps = bad.is_empty() && keep;
        let ended = if keeps { self.transaction.commit().await } else { self.transaction.rollback().await };
        ended.map_err(database(OPERATION))?;
        Ok(if bad.is_empty() { Ok(loaded) } else { Err(bad) })
    }
}

/// A file's column as the database calls it: everything refers to `customers` by `customer_id`, there it is the `id`.
fn column_name<'a>(table: &str, column: &'a str) -> &'a str {
    if table == "customers" && column == "customer_id" { "id" } else { column }
}

fn columns(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column_name(table.name, column.name)).collect();
    quoted(&names)
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}

/// Statements are made of the names in [`TABLES`] alone, never of anything that a file says.
async fn execute(connection: &mut PgConnection, statement: &str) -> Result<u64> {
    let query = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()));
    Ok(query.execute(connection).await.map_err(database(OPERATION))?.rows_affected())
}

async fn copy(connection: &mut PgConnection, statement: &str, rows: impl Iterator<Item = Row>) -> Result<()> {
    let mut sink = connection.copy_in_raw(statement).await.map_err(database(OPERATION))?;
    let mut piece = String::with_capacity(2 * PIECE);
    for row in rows {
        push_row(&mut piece, &row);
        if piece.len() >= PIECE {
            sink.send(piece.as_bytes()).await.map_err(database(OPERATION))?;
            piece.clear();
        }
    }
    sink.send(piece.as_bytes()).await.map_err(database(OPERATION))?;
    sink.finish().await.map_err(database(OPERATION))?;
    Ok(())
}

/// A line in the text format of `COPY` (PostgreSQL documentation, COPY, "Text Format").
fn push_row(piece: &mut String, row: &Row) {
    let _never_fails = write!(piece, "{}", row.line);
    for value in &row.values {
        piece.push('\t');
        let Some(value) = value else {
            piece.push_str("\\N");
            continue;
        };
        for sign in value.chars() {
            match sign {
                '\\' => piece.push_str("\\\\"),
                '\t' => piece.push_str("\\t"),
                '\n' => piece.push_str("\\n"),
                '\r' => piece.push_str("\\r"),
                '\0' => {}
                _ => piece.push(sign),
            }
        }
    }
    piece.push('\n');
}

/// Rows whose key an earlier row of the file has.
async fn doubled(connection: &mut PgConnection, table: &Table) -> Result<Vec<BadRow>> {
    let names: Vec<&str> = table.key.iter().map(|name| column_name(table.name, name)).collect();
    let statement = format!(
        "select line_in_file from (
             select line_in_file, row_number() over (partition by {} order by line_in_file) as place
             from staged_{}
         ) as rows where place > 1 order by line_in_file limit {NAMED}",
        quoted(&names),
        table.name
    );
    let key = table.key.join(", ");
    bad_rows(connection, table, &statement, &format!("an earlier row has the same {key}")).await
}

/// Rows that name a row of another table which neither the files nor the database have.
async fn dangling(connection: &mut PgConnection, table: &Table) -> Result<Vec<BadRow>> {
    let mut bad = Vec::new();
    for reference in table.references {
        let pairs = reference.columns.iter().zip(reference.of);
        let equal: Vec<String> = pairs
            .map(|(own, other)| {
                format!("there.\"{}\" = staged.\"{own}\"", column_name(reference.table, other))
            })
            .collect();
        let statement = format!(
            "select line_in_file from staged_{} as staged
             where not exists (select from shop.{} as there where {}) order by line_in_file limit {NAMED}",
            table.name,
            reference.table,
            equal.join(" and ")
        );
        let problem = format!("no row of {} has this {}", reference.table, reference.of.join(" and "));
        bad.extend(bad_rows(connection, table, &statement, &problem).await?);
    }
    Ok(bad)
}

async fn bad_rows(
    connection: &mut PgConnection,
    table: &Table,
    statement: &str,
    problem: &str,
) -> Result<Vec<BadRow>> {
    let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(statement.to_owned()));
    let lines = query.fetch_all(connection).await.map_err(database(OPERATION))?;
    let bad =
        |line: i64| BadRow { file: table.file(), line: line.unsigned_abs(), problem: problem.to_owned() };
    Ok(lines.into_iter().map(bad).collect())
}

/// Writes staged rows over those with the same keys, where they differ.
async fn write(connection: &mut PgConnection, table: &Table, digest: &Digest) -> Result<Loaded> {
    let name = table.name;
    let key: Vec<&str> = table.key.iter().map(|column| column_name(name, column)).collect();
    let rest: Vec<&str> = table
        .columns
        .iter()
        .filter(|column| !table.key.contains(&column.name))
        .map(|column| column.name)
        .collect();
    let action = if rest.is_empty() {
        "nothing".to_owned()
    } else {
        let set: Vec<String> =
            rest.iter().map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
        let of = |row: &str| {
            let columns: Vec<String> = rest.iter().map(|column| format!("{row}.\"{column}\"")).collect();
            columns.join(", ")
        };
        format!("update set {} where ({}) is distinct from ({})", set.join(", "), of("there"), of("excluded"))
    };
    let columns = columns(table);
    let statement = format!(
        "insert into shop.{name} as there ({columns}) select {columns} from staged_{name}
         on conflict ({}) do {action}",
        quoted(&key)
    );
    let written = execute(connection, &statement).await?;
    let rows = remember(connection, table, digest).await?;
    Ok(Loaded { file: table.file(), rows, written })
}

async fn remember(connection: &mut PgConnection, table: &Table, digest: &Digest) -> Result<u64> {
    let statement = format!(
        "insert into shop.loaded_files (file, digest, rows) select $1, $2, count(*) from staged_{}
         on conflict (file) do update set digest = excluded.digest, rows = excluded.rows, at = now() returning rows",
        table.name
    );
    let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(statement));
    let query = query.bind(table.file()).bind(digest.to_string());
    let rows = query.fetch_one(connection).await.map_err(database(OPERATION))?;
    Ok(rows.unsigned_abs())
}

/// Orders of this load that are not the sum of their items, or overpaid, by the lines that state them.
async fn unequal(connection: &mut PgConnection, staged: &[(&'static Table, Digest)]) -> Result<Vec<BadRow>> {
    let mut bad = Vec::new();
    for &(table, _) in staged {
        if !["orders", "order_items", "payments"].contains(&table.name) {
            continue;
        }
        let of_items = "(select coalesce(sum(quantity * unit_price), 0) from shop.order_items
             where order_items.order_id = orders.order_id)";
        let of_payments = "(select coalesce(sum(amount), 0) from shop.payments
             where payments.order_id = orders.order_id and status = 'paid')";
        for (condition, problem) in [
            (format!("orders.total <> {of_items}"), "the order's total is not the sum of its items"),
            (format!("orders.total < {of_payments}"), "more is paid for the order than its total"),
        ] {
            let statement = format!(
                "select line_in_file from staged_{} join shop.orders using (order_id)
                 where {condition} order by line_in_file limit {NAMED}",
                table.name
            );
            bad.extend(bad_rows(connection, table, &statement, problem).await?);
        }
    }
    Ok(bad)
}

#[cfg(test)]
mod tests;
