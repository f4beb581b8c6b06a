//! Things that are given whole, and corrections that concern several tables.

use super::*;

const SHIPMENTS: &[&[&str]] = &[&["S-1", "O-1", "Post", "T-1", "in_transit"]];

/// The shop with a return of the first line, a serial number of the second, and both in a parcel.
fn sold() -> Vec<(&'static Table, Vec<Row>)> {
    let mut files = shop("898.10");
    files.push(rows("shipments", SHIPMENTS));
    files.push(rows("shipment_items", &[&["S-1", "O-1", "1"], &["S-1", "O-1", "2"]]));
    files.push(returned("KM-2400"));
    files.push(rows("serials", &[&["N-1", "F-1", "O-1", "C-1", "2026-11-10"]]));
    files
}

fn returned(sku: &str) -> (&'static Table, Vec<Row>) {
    let moment = "2026-11-12T10:12:00Z";
    rows("returns", &[&["R-1", "O-1", "1", sku, "", "requested", moment, "449.00", "EUR"]])
}

fn order(total: &str, currency: &str) -> (&'static Table, Vec<Row>) {
    rows("orders", &[&["O-1", "C-1", "2026-11-10T10:12:00Z", "EU", currency, total, "shipped"]])
}

async fn texts(database: &Database, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(database.pool()).await.unwrap()
}

#[tokio::test]
async fn a_corrected_sku_is_loaded_with_the_return_that_names_it_and_not_without() {
    let (database, _folder) = opened().await;
    load(&database, sold()).await.unwrap();
    let items =
        || rows("order_items", &[&["O-1", "1", "KM-2500", "2", "449.00"], &["O-1", "2", "F-1", "1", "0.10"]]);
    let problem = "a row of returns still names what is left out or changed here; give returns with it (order_id, line, sku)";
    assert_eq!(load(&database, vec![items()]).await.unwrap_err(), [bad("shop/order_items.csv", 2, problem)]);
    load(&database, vec![items(), returned("KM-2500")]).await.unwrap();
    assert_eq!(texts(&database, "select sku from shop.returns").await, ["KM-2500"]);
    assert_eq!(
        load(&database, vec![returned("KM-2400")]).await.unwrap_err(),
        [bad("shop/returns.csv", 2, "no row of order_items has this order_id and line and sku")]
    );
    let problem = "a row of payments still names what is left out or changed here; give payments with it (order_id, currency)";
    let swiss = load(&database, vec![order("898.10", "CHF")]).await.unwrap_err();
    assert!(swiss.contains(&bad("shop/orders.csv", 2, problem)), "{swiss:?}");
    database.close().await;
}

#[tokio::test]
async fn an_order_has_the_items_that_are_given_for_it() {
    let (database, _folder) = opened().await;
    load(&database, shop("898.10")).await.unwrap();
    let other = [
        rows("orders", &[&["O-2", "C-1", "2026-11-10T10:12:00Z", "EU", "EUR", "5.00", "shipped"]]),
        rows("order_items", &[&["O-2", "1", "F-1", "1", "5.00"]]),
    ];
    let loaded = load(&database, other.into()).await.unwrap();
    assert_eq!(loaded[1].removed, 0, "O-1 is not given");
    let first = || rows("order_items", &[&["O-1", "1", "KM-2400", "2", "449.00"]]);
    let payment =
        || rows("payments", &[&["P-1", "O-1", "card", "898.00", "EUR", "paid", "2026-11-10T10:12:00Z"]]);
    let loaded = load(&database, vec![order("898.00", "EUR"), first(), payment()]).await.unwrap();
    assert_eq!(
        loaded[1],
        Loaded { file: "shop/order_items.csv".to_owned(), rows: 1, written: 0, removed: 1 }
    );
    let left = "select order_id || line from shop.order_items order by 1";
    assert_eq!(texts(&database, left).await, ["O-11", "O-21"]);
    // An order that is given without any has none.
    let paid = rows("payments", &[&["P-1", "O-1", "card", "0", "EUR", "paid", "2026-11-10T10:12:00Z"]]);
    load(&database, vec![order("0", "EUR"), rows("order_items", &[]), paid]).await.unwrap();
    assert_eq!(texts(&database, left).await, ["O-21"]);
    database.close().await;
}

#[tokio::test]
async fn a_line_stays_while_a_return_a_parcel_or_a_serial_number_names_it() {
    let (database, _folder) = opened().await;
    load(&database, sold()).await.unwrap();
    let shorter = |line: &[&str], total: &str| {
        let payment = ["P-1", "O-1", "card", total, "EUR", "paid", "2026-11-10T10:12:00Z"];
        vec![order(total, "EUR"), rows("order_items", &[line]), rows("payments", &[&payment])]
    };
    let first = ["O-1", "1", "KM-2400", "2", "449.00"];
    let refused = load(&database, shorter(&first, "898.00")).await.unwrap_err();
    let told: Vec<(&str, Option<u64>, &str)> = refused
        .iter()
        .map(|bad| (bad.file.as_str(), bad.line, bad.problem.split(" still").next().unwrap()))
        .collect();
    let file = "shop/order_items.csv";
    assert_eq!(told, [(file, Some(2), "a row of shipment_items"), (file, Some(2), "a row of serials")]);
    let second = ["O-1", "2", "F-1", "1", "0.10"];
    let refused = load(&database, shorter(&second, "0.10")).await.unwrap_err();
    assert!(refused.iter().any(|bad| bad.problem.starts_with("a row of returns still names")), "{refused:?}");
    // What names it is given with it: the parcel without the line, the serial number as another order's.
    let mut files = shorter(&first, "898.00");
    files.push(rows("shipment_items", &[&["S-1", "O-1", "1"]]));
    files.push(rows("serials", &[&["N-1", "KM-2400", "O-1", "C-1", "2026-11-10"]]));
    load(&database, files).await.unwrap();
    assert_eq!(texts(&database, "select line::text from shop.shipment_items").await, ["1"]);
    database.close().await;
}

#[tokio::test]
async fn a_region_that_an_agent_is_not_given_any_more_is_gone() {
    let (database, _folder) = opened().await;
    let agents = || rows("agents", &[&["A-1", "Ida", "lead", "true"], &["A-2", "Jan", "agent", "true"]]);
    let permissions = rows("agent_permissions", &[&["A-1", "EU"], &["A-1", "US"], &["A-2", "EU"]]);
    load(&database, vec![agents(), permissions]).await.unwrap();
    sqlx::raw_sql("insert into shop.agents values ('A-9', 'Kim', 'agent', true); insert into shop.agent_permissions values ('A-9', 'EU')")
        .execute(database.pool())
        .await
        .unwrap();
    // The agents' file is unchanged; it says that there is an A-2, who has no region any more.
    let mut load = Load::begin(&database).await.unwrap();
    let (table, given) = rows("agent_permissions", &[&["A-1", "EU"]]);
    load.stage(table, Digest::of(b"2"), given.into_iter()).await.unwrap();
    let (table, named) = agents();
    load.name(table, named.into_iter()).await.unwrap();
    let loaded = load.finish(true).await.unwrap().unwrap();
    assert_eq!(loaded.iter().map(|file| (file.written, file.removed)).collect::<Vec<_>>(), [(0, 2)]);
    let left = "select agent_id || region from shop.agent_permissions order by 1";
    assert_eq!(texts(&database, left).await, ["A-1EU", "A-9EU"]);
    database.close().await;
}

on_servers_too!(
    a_corrected_sku_is_loaded_with_the_return_that_names_it_and_not_without,
    an_order_has_the_items_that_are_given_for_it,
    a_line_stays_while_a_return_a_parcel_or_a_serial_number_names_it,
    a_region_that_an_agent_is_not_given_any_more_is_gone,
);
