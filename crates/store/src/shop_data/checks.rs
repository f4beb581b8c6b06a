//! What the files of a load contradict each other and the tables in, by file and line.
//!
//! The database judges the same when the transaction ends, but names no line.

use sqlx::PgConnection;

use super::statements::{bad_rows, equal, execute, listed};
use super::tables::Reference;
use super::{BadRow, Staged, Step, Stop, TABLES, Table};

/// Bad rows named of one file.
const NAMED: i64 = 20;

/// What refers to loaded tables and is not loaded itself.
const OUTSIDE: [(&str, Reference); 1] = [(
    "tickets",
    Reference { columns: &["order_id", "customer_id"], table: "orders", of: &["order_id", "customer_id"] },
)];

fn unless_bad(bad: Vec<BadRow>) -> Step<()> {
    if bad.is_empty() { Ok(()) } else { Err(Stop::Bad(bad)) }
}

/// Stops by rows whose key an earlier row of the file has.
pub(super) async fn no_key_twice(connection: &mut PgConnection, staged: &[Staged]) -> Step<()> {
    let mut bad = Vec::new();
    for Staged { table, .. } in staged {
        let statement = format!(
            "select '{}', line_in_file from (
                 select line_in_file, row_number() over (partition by {} order by line_in_file) as place
                 from staged_{}
             ) as rows where place > 1 order by line_in_file limit {NAMED}",
            table.file(),
            listed(table, table.key),
            table.name
        );
        let problem = format!("an earlier row has the same {}", table.key.join(", "));
        bad.extend(bad_rows(connection, table, &statement, &problem).await?);
    }
    unless_bad(bad)
}

/// Stops by rows that refer to what is not there; then by rows that were there before and would refer to nothing from now on. To be
/// asked when everything is written.
pub(super) async fn nothing_dangles(connection: &mut PgConnection, staged: &[Staged]) -> Step<()> {
    let mut bad = Vec::new();
    for Staged { table, .. } in staged.iter().filter(|staged| staged.digest.is_some()) {
        for reference in table.references {
            bad.extend(dangling(connection, table, reference).await?);
        }
    }
    unless_bad(bad)?;
    let mut bad = Vec::new();
    for Staged { table, .. } in staged.iter().filter(|staged| staged.digest.is_some()) {
        let of_tables = TABLES.iter().flat_map(|other| other.references.iter().map(|one| (other.name, *one)));
        for (other, reference) in of_tables.chain(OUTSIDE).filter(|(_, one)| one.table == table.name) {
            bad.extend(left_alone(connection, table, other, &reference).await?);
        }
        if table.name == "order_items" {
            bad.extend(serials_without_item(connection, table).await?);
        }
    }
    unless_bad(bad)
}

/// Lets the database judge what it would judge at the end, while it can still be told.
pub(super) async fn rules_hold(connection: &mut PgConnection, staged: &[Staged]) -> Step<()> {
    match staged.first() {
        Some(Staged { table, .. }) => {
            execute(connection, table, "set constraints all immediate").await.map(drop)
        }
        None => Ok(()),
    }
}

/// Rows of the load that name a row of another table which is not there.
async fn dangling(connection: &mut PgConnection, table: &Table, reference: &Reference) -> Step<Vec<BadRow>> {
    let same = equal(("there", reference.table, reference.of), ("staged", table.name, reference.columns));
    let statement = format!(
        "select '{}', line_in_file from staged_{} as staged
         where not exists (select from shop.{} as there where {same}) order by line_in_file limit {NAMED}",
        table.file(),
        table.name,
        reference.table
    );
    let problem = format!("no row of {} has this {}", reference.table, reference.of.join(" and "));
    bad_rows(connection, table, &statement, &problem).await
}

/// Rows of `other`, not of this load, that refer to a row of the table as it was before.
async fn left_alone(
    connection: &mut PgConnection,
    table: &Table,
    other: &str,
    reference: &Reference,
) -> Step<Vec<BadRow>> {
    let name = table.name;
    let (source, by) = match &table.whole {
        Some(whole) => (format!("whole_{name}"), whole.columns),
        None => (format!("(select '{}' as file, * from staged_{name})", table.file()), table.key),
    };
    if reference.of == by {
        // A key that is given is there.
        return Ok(Vec::new());
    }
    let referring: Vec<&str> = reference
        .of
        .iter()
        .zip(reference.columns)
        .filter(|(of, _)| by.contains(of))
        .map(|(_, column)| *column)
        .collect();
    let of_given = equal(("other", other, &referring), ("given", name, by));
    let same = equal(("other", other, reference.columns), ("there", name, reference.of));
    let statement = format!(
        "select distinct given.file, given.line_in_file from {source} as given join shop.{other} as other on {of_given}
         where other.\"{}\" is not null and not exists (select from shop.{name} as there where {same})
         order by 2 limit {NAMED}",
        reference.columns[0]
    );
    let problem = format!(
        "a row of {other} still names what is left out or changed here; give {other} with it ({})",
        reference.of.join(", ")
    );
    bad_rows(connection, table, &statement, &problem).await
}

/// Serial numbers name an order and an SKU, no line: the last item of that SKU can't go.
async fn serials_without_item(connection: &mut PgConnection, table: &Table) -> Step<Vec<BadRow>> {
    let statement = format!(
        "select distinct given.file, given.line_in_file
         from removed_order_items as gone
         join whole_order_items as given on given.order_id = gone.order_id
         join shop.serials as serial on serial.order_id = gone.order_id and serial.sku = gone.sku
         where not exists (
             select from shop.order_items as item where item.order_id = gone.order_id and item.sku = gone.sku)
         order by 2 limit {NAMED}"
    );
    bad_rows(connection, table, &statement, "a row of serials still names an item that is left out here")
        .await
}

/// Stops by orders of this load that are not the sum of their items, or overpaid, by the lines that state them.
pub(super) async fn orders_add_up(connection: &mut PgConnection, staged: &[Staged]) -> Step<()> {
    const OF_ITEMS: &str = "(select coalesce(sum(quantity * unit_price), 0) from shop.order_items
        where order_items.order_id = orders.order_id)";
    const OF_PAYMENTS: &str = "(select coalesce(sum(amount), 0) from shop.payments
        where payments.order_id = orders.order_id and status = 'paid')";
    let mut bad = Vec::new();
    for Staged { table, .. } in staged {
        if !["orders", "order_items", "payments"].contains(&table.name) {
            continue;
        }
        for (condition, problem) in [
            (format!("orders.total <> {OF_ITEMS}"), "the order's total is not the sum of its items"),
            (format!("orders.total < {OF_PAYMENTS}"), "more is paid for the order than its total"),
        ] {
            let statement = format!(
                "select '{}', line_in_file from staged_{} join shop.orders using (order_id)
                 where {condition} order by line_in_file limit {NAMED}",
                table.file(),
                table.name
            );
            bad.extend(bad_rows(connection, table, &statement, problem).await?);
        }
    }
    unless_bad(bad)
}
