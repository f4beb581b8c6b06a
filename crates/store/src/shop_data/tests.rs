use super::*;
use auskunft_model::Digest;

use crate::testing::{Place, on_servers_too};

mod wholes;

fn rows(table: &str, rows: &[&[&str]]) -> (&'static Table, Vec<Row>) {
    let table = Table::named(table).unwrap();
    (table, (2..).zip(rows).map(|(line, values)| Row::new(table, line, values)).collect())
}

async fn opened() -> (Database, Place) {
    let place = Place::new().await;
    (place.database().await, place)
}

async fn load(
    database: &Database,
    files: Vec<(&'static Table, Vec<Row>)>,
) -> Result<Vec<Loaded>, Vec<BadRow>> {
    let mut load = Load::begin(database).await.unwrap();
    for (table, rows) in files {
        load.stage(table, Digest::of(table.name.as_bytes()), rows.into_iter()).await.unwrap();
    }
    load.finish(true).await.unwrap()
}

fn shop(total: &str) -> Vec<(&'static Table, Vec<Row>)> {
    vec![
        rows(
            "customers",
            &[&["C-1", "Ute \"Muster\"\\\t\nin zwei Zeilen", "", "", "", "", "", "DE", "EU", "de"]],
        ),
        rows("orders", &[&["O-1", "C-1", "2026-11-10T10:12:00Z", "EU", "EUR", total, "shipped"]]),
        rows("order_items", &[&["O-1", "1", "KM-2400", "2", "449.00"], &["O-1", "2", "F-1", "1", "0.10"]]),
        rows("payments", &[&["P-1", "O-1", "card", "898.10", "EUR", "paid", "2026-11-10T10:12:00Z"]]),
    ]
}

fn bad(file: &str, line: u64, problem: &str) -> BadRow {
    BadRow { file: file.to_owned(), line: Some(line), problem: problem.to_owned() }
}

#[tokio::test]
async fn rows_are_written_once_and_stay_when_a_later_load_leaves_them_out() {
    let (database, _folder) = opened().await;
    let first = load(&database, shop("898.10")).await.unwrap();
    let counts: Vec<(u64, u64)> = first.iter().map(|file| (file.rows, file.written)).collect();
    assert_eq!(counts, [(1, 1), (1, 1), (2, 2), (1, 1)]);
    let again = load(&database, shop("898.10")).await.unwrap();
    assert!(again.iter().all(|file| file.written == 0), "{again:?}");
    let delivered =
        rows("orders", &[&["O-1", "C-1", "2026-11-10T10:12:00Z", "EU", "EUR", "898.10", "delivered"]]);
    let changed = load(&database, vec![delivered]).await.unwrap();
    assert_eq!(changed[0].written, 1);
    let query = "select name || status || count(*) from shop.customers join shop.orders on customer_id = id
                 join shop.order_items using (order_id) group by name, status";
    let read: String = sqlx::query_scalar(query).fetch_one(database.pool()).await.unwrap();
    assert_eq!(read, "Ute \"Muster\"\\\t\nin zwei Zeilendelivered2");
    assert_eq!(loaded_files(&database).await.unwrap().len(), 4);
    database.close().await;
}

#[tokio::test]
async fn contradictions_are_named_by_their_lines_and_nothing_is_written() {
    let (database, _folder) = opened().await;
    let total = "the order's total is not the sum of its items";
    assert_eq!(
        load(&database, shop("898.11")).await.unwrap_err(),
        [
            bad("shop/orders.csv", 2, total),
            bad("shop/order_items.csv", 2, total),
            bad("shop/order_items.csv", 3, total),
            bad("shop/payments.csv", 2, total)
        ]
    );
    let mut doubled = shop("898.10");
    doubled[3].1[0].values[0] = Some("P-1".to_owned());
    let mut second = doubled[3].1[0].clone();
    second.line = 3;
    doubled[3].1.push(second);
    assert_eq!(
        load(&database, doubled).await.unwrap_err(),
        [bad("shop/payments.csv", 3, "an earlier row has the same payment_id")]
    );
    let stray = rows("order_items", &[&["O-9", "1", "KM-2400", "1", "1.00"]]);
    assert_eq!(
        load(&database, vec![stray]).await.unwrap_err(),
        [bad("shop/order_items.csv", 2, "no row of orders has this order_id")]
    );
    for table in ["customers", "orders", "loaded_files"] {
        let count =
            sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(format!("select count(*) from shop.{table}")));
        assert_eq!(count.fetch_one(database.pool()).await.unwrap(), 0, "{table}");
    }
    database.close().await;
}

#[tokio::test]
async fn a_fault_of_the_first_file_is_the_only_one_that_is_told() {
    let (database, _folder) = opened().await;
    let mut files = shop("898.10");
    let mut second = files[0].1[0].clone();
    second.line = 3;
    files[0].1.push(second);
    assert_eq!(
        load(&database, files).await.unwrap_err(),
        [bad("shop/customers.csv", 3, "an earlier row has the same customer_id")]
    );
    let mut files = shop("898.10");
    files[0].1.clear();
    assert_eq!(
        load(&database, files).await.unwrap_err(),
        [bad("shop/orders.csv", 2, "no row of customers has this customer_id")]
    );
    database.close().await;
}

#[tokio::test]
async fn what_the_database_refuses_is_told_of_the_file_and_quotes_nothing() {
    let (database, _folder) = opened().await;
    for (column, value, problem) in [
        (
            10,
            "0000-01-01",
            "`created` of row 1 below the header: the database refuses a value (SQLSTATE 22008)",
        ),
        (
            8,
            "Ute Muster",
            "`region` of row 1 below the header: the database refuses a value (rule `region_check`)",
        ),
    ] {
        let mut files = shop("898.10");
        files[0].1[0].values[column] = Some(value.to_owned());
        let refused =
            BadRow { file: "shop/customers.csv".to_owned(), line: None, problem: problem.to_owned() };
        assert_eq!(load(&database, files).await.unwrap_err(), [refused]);
    }
    let prices = rows("prices", &[&["KM-1", "EU", "EUR", "1.00", "true", "2026-02-01", "2026-01-31"]]);
    let problem = "the database refuses a value (rule `prices_check`)".to_owned();
    let refused = BadRow { file: "shop/prices.csv".to_owned(), line: None, problem };
    assert_eq!(load(&database, vec![prices]).await.unwrap_err(), [refused]);
    assert!(load(&database, shop("898.10")).await.is_ok());
    database.close().await;
}

#[tokio::test]
async fn an_order_is_the_sum_of_its_items_also_when_one_goes() {
    let (database, _folder) = opened().await;
    load(&database, shop("898.10")).await.unwrap();
    let free = rows("orders", &[&["O-2", "C-1", "2026-11-10T10:12:00Z", "EU", "EUR", "0", "paid"]]);
    load(&database, vec![free]).await.unwrap();
    for (statements, why) in [
        (
            "delete from shop.order_items where line = 2",
            "order O-1 states a total of 898.10, its items make 898.00",
        ),
        (
            "begin; update shop.orders set total = 0.10 where order_id = 'O-2';
             update shop.order_items set order_id = 'O-2' where line = 2; commit",
            "order O-1 states a total of 898.10, its items make 898.00",
        ),
        (
            "begin; delete from shop.payments; delete from shop.orders where order_id = 'O-1'; commit",
            "order_items_order_id_fkey",
        ),
    ] {
        let error = sqlx::raw_sql(statements).execute(database.pool()).await.unwrap_err().to_string();
        assert!(error.contains(why), "{statements}: {error}");
        sqlx::raw_sql("rollback").execute(database.pool()).await.unwrap();
    }
    let whole =
        "begin; delete from shop.payments; delete from shop.order_items; delete from shop.orders; commit";
    sqlx::raw_sql(whole).execute(database.pool()).await.unwrap();
    database.close().await;
}

#[tokio::test]
async fn whoever_writes_an_order_that_is_not_its_items_is_refused() {
    let (database, _folder) = opened().await;
    load(&database, shop("898.10")).await.unwrap();
    for (statement, why) in [
        ("update shop.order_items set quantity = 3 where line = 2", "its items make"),
        ("update shop.orders set total = 1 where order_id = 'O-1'", "states a total of 1"),
        ("update shop.payments set amount = 898.11", "is paid"),
        ("update shop.orders set status = 'lost'", "orders_status_check"),
        ("update shop.payments set currency = 'USD'", "payments_order_id_currency_fkey"),
        ("update shop.orders set total = 898.1001", "amount"),
    ] {
        let error = sqlx::query(statement).execute(database.pool()).await.unwrap_err().to_string();
        assert!(error.contains(why), "{statement}: {error}");
    }
    database.close().await;
}

#[tokio::test]
async fn the_version_rises_with_what_changes_and_only_then() {
    let (database, _folder) = opened().await;
    load(&database, shop("898.10")).await.unwrap();
    let mut before = version(&database).await.unwrap();
    for (statement, rises) in [
        ("update shop.orders set status = 'delivered'", true),
        ("update shop.orders set status = 'paid' where order_id = 'O-9'", false),
        ("insert into shop.agents values ('A-1', 'Ida', 'lead', true)", true),
        ("insert into shop.agents values ('A-1', 'Ida', 'lead', true) on conflict do nothing", false),
        ("insert into shop.agent_permissions values ('A-1', 'EU')", true),
        ("delete from shop.agent_permissions", true),
        ("delete from shop.role_rights where role = 'agent'", true),
        ("truncate shop.stock", true),
        ("insert into shop.loaded_files (file, digest, rows) values ('a', 'b', 1)", false),
    ] {
        sqlx::query(statement).execute(database.pool()).await.unwrap();
        let after = version(&database).await.unwrap();
        assert_eq!(after > before, rises, "{statement}");
        before = after;
    }
    let mut transaction = database.connections().begin().await.unwrap();
    sqlx::query("delete from shop.payments").execute(&mut *transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(version(&database).await.unwrap(), before);
    database.close().await;
}

#[tokio::test]
async fn a_writer_with_a_snapshot_of_its_own_touches_no_row_that_another_may_hold() {
    let (database, _folder) = opened().await;
    load(&database, shop("898.10")).await.unwrap();
    let rows = async || {
        let query = "select slot, version from shop.data_version order by slot";
        sqlx::query_as::<_, (i32, i64)>(query).fetch_all(database.pool()).await.unwrap()
    };
    let (before, was) = (version(&database).await.unwrap(), rows().await);
    for isolation in ["repeatable read", "serializable"] {
        let statements =
            format!("begin isolation level {isolation}; update shop.orders set status = status; commit");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(database.pool()).await.unwrap();
    }
    assert_eq!((version(&database).await.unwrap(), &rows().await[..was.len()]), (before + 2, &was[..]));
    assert_eq!(fold_version(&database).await.unwrap(), was.len() as u64 + 2);
    assert_eq!((version(&database).await.unwrap(), rows().await.len()), (before + 2, 1));
    database.close().await;
}

on_servers_too!(
    rows_are_written_once_and_stay_when_a_later_load_leaves_them_out,
    contradictions_are_named_by_their_lines_and_nothing_is_written,
    a_fault_of_the_first_file_is_the_only_one_that_is_told,
    what_the_database_refuses_is_told_of_the_file_and_quotes_nothing,
    an_order_is_the_sum_of_its_items_also_when_one_goes,
    whoever_writes_an_order_that_is_not_its_items_is_refused,
    the_version_rises_with_what_changes_and_only_then,
    a_writer_with_a_snapshot_of_its_own_touches_no_row_that_another_may_hold,
);
