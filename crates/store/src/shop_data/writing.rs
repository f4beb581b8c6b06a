//! Writes what was copied beside the tables.
//!
//! References are judged when the transaction ends, so tables may be written one after the other, whatever points where in between.

use auskunft_model::Digest;
use sqlx::PgConnection;

use super::statements::{columns, equal, execute, listed, stopped};
use super::tables::Whole;
use super::{Loaded, Staged, Step, Table};

/// Writes all that is staged; then removes the parts that things were given without.
pub(super) async fn write(connection: &mut PgConnection, staged: &[Staged]) -> Step<Vec<Loaded>> {
    let mut loaded = Vec::new();
    for Staged { table, digest } in staged {
        let Some(digest) = digest else { continue };
        let written = put(connection, table).await?;
        let rows = remember(connection, table, digest).await?;
        let removed = match &table.whole {
            Some(whole) => remove(connection, table, whole, staged).await?,
            None => 0,
        };
        loaded.push(Loaded { file: table.file(), rows, written, removed });
    }
    Ok(loaded)
}

/// Nobody else tells the embedded engine how full its tables are, and it chooses its ways by that.
pub(super) async fn count_rows(connection: &mut PgConnection, staged: &[Staged]) -> Step<()> {
    for Staged { table, .. } in staged.iter().filter(|staged| staged.digest.is_some()) {
        execute(connection, table, &format!("analyze shop.{}", table.name)).await?;
    }
    Ok(())
}

/// Writes staged rows over those with the same keys, where they differ.
async fn put(connection: &mut PgConnection, table: &Table) -> Step<u64> {
    let name = table.name;
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
        listed(table, table.key)
    );
    execute(connection, table, &statement).await
}

/// Removes the parts that are not given of things that are. `whole_T` keeps which things those are and what names them first,
/// `removed_T` the parts: the checks speak of both.
async fn remove(connection: &mut PgConnection, table: &Table, whole: &Whole, staged: &[Staged]) -> Step<u64> {
    let (name, file) = (table.name, table.file());
    let by = listed(table, whole.columns);
    let mut given = format!(
        "create temporary table whole_{name} on commit drop as
         select {by}, '{file}' as file, min(line_in_file) as line_in_file from staged_{name} group by {by}"
    );
    if let Some(things) = staged.iter().map(|staged| staged.table).find(|table| table.name == whole.table) {
        let same = equal(("part", name, whole.columns), ("thing", things.name, whole.columns));
        given += &format!(
            " union all select {by}, '{}', line_in_file from staged_{} as thing
             where not exists (select from staged_{name} as part where {same})",
            things.file(),
            things.name
        );
    }
    execute(connection, table, &given).await?;
    let of_given = equal(("there", name, whole.columns), ("given", name, whole.columns));
    let same = equal(("there", name, table.key), ("staged", name, table.key));
    let gone = format!(
        "create temporary table removed_{name} on commit drop as
         select there.* from shop.{name} as there join whole_{name} as given on {of_given}
         where not exists (select from staged_{name} as staged where {same})"
    );
    execute(connection, table, &gone).await?;
    let same = equal(("there", name, table.key), ("gone", name, table.key));
    let delete = format!("delete from shop.{name} as there using removed_{name} as gone where {same}");
    execute(connection, table, &delete).await
}

async fn remember(connection: &mut PgConnection, table: &Table, digest: &Digest) -> Step<u64> {
    let statement = format!(
        "insert into shop.loaded_files (file, digest, rows) select $1, $2, count(*) from staged_{}
         on conflict (file) do update set digest = excluded.digest, rows = excluded.rows, at = now() returning rows",
        table.name
    );
    let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(statement));
    let query = query.bind(table.file()).bind(digest.to_string());
    let rows = query.fetch_one(connection).await.map_err(|error| stopped(table, error))?;
    Ok(rows.unsigned_abs())
}
