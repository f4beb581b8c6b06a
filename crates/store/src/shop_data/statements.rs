//! Statements of a load. They are made of the names in [`super::TABLES`] alone, never of anything that a file says.

use sqlx::PgConnection;
use sqlx::postgres::PgDatabaseError;

use super::{BadRow, OPERATION, Step, Stop, Table};
use crate::error::database;

/// A file's column as the database calls it: everything refers to `customers` by `customer_id`, there it is the `id`.
pub(super) fn column_name<'a>(table: &str, column: &'a str) -> &'a str {
    if table == "customers" && column == "customer_id" { "id" } else { column }
}

/// All columns of a table.
pub(super) fn columns(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    listed(table, &names)
}

/// These columns of a table.
pub(super) fn listed(table: &Table, names: &[&str]) -> String {
    let quoted: Vec<String> =
        names.iter().map(|name| format!("\"{}\"", column_name(table.name, name))).collect();
    quoted.join(", ")
}

/// That these columns of one row equal those of the other, pair by pair; each side states its alias, its table and its columns.
pub(super) fn equal(one: (&str, &str, &[&str]), other: (&str, &str, &[&str])) -> String {
    let pairs = one.2.iter().zip(other.2).map(|(of_one, of_other)| {
        let (of_one, of_other) = (column_name(one.1, of_one), column_name(other.1, of_other));
        format!("{}.\"{of_one}\" = {}.\"{of_other}\"", one.0, other.0)
    });
    pairs.collect::<Vec<_>>().join(" and ")
}

/// Runs a statement that is about a table; returns how many rows it made or changed.
pub(super) async fn execute(connection: &mut PgConnection, table: &Table, statement: &str) -> Step<u64> {
    let query = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()));
    let done = query.execute(connection).await.map_err(|error| stopped(table, error))?;
    Ok(done.rows_affected())
}

/// Runs a statement that finds bad rows: their files and lines.
pub(super) async fn bad_rows(
    connection: &mut PgConnection,
    table: &Table,
    statement: &str,
    problem: &str,
) -> Step<Vec<BadRow>> {
    let query = sqlx::query_as::<_, (String, i64)>(sqlx::AssertSqlSafe(statement.to_owned()));
    let lines = query.fetch_all(connection).await.map_err(|error| stopped(table, error))?;
    let bad = |(file, line): (String, i64)| BadRow {
        file,
        line: Some(line.unsigned_abs()),
        problem: problem.to_owned(),
    };
    Ok(lines.into_iter().map(bad).collect())
}

/// What the data is to blame for (SQLSTATE classes 22, data exception, and 23, integrity constraint violation) is told of the file;
/// everything else is a failure.
pub(super) fn stopped(table: &Table, error: sqlx::Error) -> Stop {
    let of_data = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    match of_data.filter(|error| error.code().starts_with("22") || error.code().starts_with("23")) {
        Some(error) => Stop::Bad(vec![refused(table, error)]),
        None => Stop::Failed(database(OPERATION)(error)),
    }
}

/// The database's own words would quote values: rule, column and number alone are told.
fn refused(table: &Table, error: &PgDatabaseError) -> BadRow {
    let of_table = error.table().and_then(Table::named).unwrap_or(table);
    let rule = match error.constraint() {
        Some(constraint) => format!("rule `{constraint}`"),
        None => format!("SQLSTATE {}", error.code()),
    };
    let place = error.r#where().and_then(copied_place).unwrap_or_default();
    let problem = format!("{place}the database refuses a value ({rule})");
    BadRow { file: of_table.file(), line: None, problem }
}

/// `COPY staged_customers, line 3, column created: "…"`: the third of the rows that were sent.
fn copied_place(context: &str) -> Option<String> {
    let (_, place) = context.split_once(", line ")?;
    let place = place.split([':', '\n']).next()?;
    Some(match place.split_once(", column ") {
        Some((row, column)) => format!("`{column}` of row {row} below the header: "),
        None => format!("row {place} below the header: "),
    })
}
