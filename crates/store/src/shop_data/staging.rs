//! Rows are copied beside their tables first.

use std::fmt::Write as _;

use sqlx::PgConnection;

use super::statements::{columns, execute, stopped};
use super::{Row, Step, Table};

/// Bytes that are sent at once.
const PIECE: usize = 64 * 1024;

/// Copies rows beside their table, with the lines that state them.
pub(super) async fn copy(
    connection: &mut PgConnection,
    table: &Table,
    rows: impl Iterator<Item = Row>,
) -> Step<()> {
    let (name, columns) = (table.name, columns(table));
    let create = format!(
        "create temporary table staged_{name} on commit drop as
         select null::bigint as line_in_file, {columns} from shop.{name} with no data"
    );
    execute(connection, table, &create).await?;
    send(connection, &format!("copy staged_{name} from stdin"), rows)
        .await
        .map_err(|error| stopped(table, error))?;
    // Nobody else tells how many there are, and the checks' ways are chosen by that.
    execute(connection, table, &format!("analyze staged_{name}")).await?;
    Ok(())
}

async fn send(
    connection: &mut PgConnection,
    statement: &str,
    rows: impl Iterator<Item = Row>,
) -> sqlx::Result<()> {
    let mut sink = connection.copy_in_raw(statement).await?;
    let mut piece = String::with_capacity(2 * PIECE);
    for row in rows {
        push_row(&mut piece, &row);
        if piece.len() >= PIECE {
            sink.send(piece.as_bytes()).await?;
            piece.clear();
        }
    }
    sink.send(piece.as_bytes()).await?;
    sink.finish().await?;
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
