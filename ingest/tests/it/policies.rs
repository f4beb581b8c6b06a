//! What policies grant becomes rows that the shop's orders find, and follows the catalog.

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::facts::{CustomerAnswer, CustomerQuery, OrderRow, Wants, customer_facts};
use auskunft_store::{Database, shop_data};

use crate::support::{Home, copy, fixture};

const NEWEST: &str = "policies/retoure-eu-2026.md";

async fn open(home: &Home) -> Database {
    Database::open_embedded(&home.path("data"), "test").await.unwrap()
}

/// The customer's order of that number, as the small shop's lead of both regions sees it.
async fn order(database: &Database, customer: &str, number: &str) -> OrderRow {
    let query = CustomerQuery {
        agent: &AgentId::parse("A-03").unwrap(),
        customer: &CustomerId::parse(customer).unwrap(),
        request_id: "r-1",
        orders: &[number.to_owned()],
        tracking: &[],
        serials: &[],
        wishes: &[],
        wants: Wants { warranty: true, returns: true, ..Wants::default() },
        time_zone: "Europe/Berlin",
    };
    match customer_facts(database, &query).await.unwrap() {
        CustomerAnswer::Record(record) => {
            record.orders.into_iter().find(|order| order.order_id == number).unwrap()
        }
        CustomerAnswer::NotPermitted => panic!("not permitted"),
    }
}

fn returns(order: &OrderRow) -> Option<(i64, &str)> {
    order.return_policy.as_ref().map(|policy| (policy.return_days, policy.source.as_str()))
}

fn warranty(order: &OrderRow) -> Option<(i64, &str)> {
    order.warranty_policy.as_ref().map(|policy| (policy.warranty_months, policy.source.as_str()))
}

fn home() -> Home {
    let home = Home::new();
    for part in ["policies", "shop", "shop.toml"] {
        copy(&fixture("small").join(part), &home.catalog().join(part));
    }
    home.report("data", &[]);
    home
}

#[tokio::test]
async fn orders_find_the_rules_of_their_day_and_region() {
    let home = home();
    let database = open(&home).await;
    let european = order(&database, "C-1001", "O-5001").await;
    assert_eq!(returns(&european), Some((45, NEWEST)));
    let excluded = european.return_policy.as_ref().unwrap().excludes.join(", ");
    assert_eq!(excluded, "geöffnete In-Ear-Kopfhörer, Geschenkgutscheine, Sonderanfertigungen");
    let older = order(&database, "C-1005", "O-5008").await;
    assert_eq!(returns(&older), Some((30, "policies/retoure-eu-2025.md")));
    let american = order(&database, "C-1006", "O-5006").await;
    assert_eq!(returns(&american), Some((30, "policies/returns-us-2026.md")));
    assert_eq!(warranty(&american), Some((12, "policies/warranty-us.html")));
    assert_eq!(warranty(&european), Some((24, "policies/gewaehrleistung-eu.md")));
    database.close().await;
}

#[tokio::test]
async fn rules_follow_the_catalog_and_an_unchanged_run_leaves_them() {
    let home = home();
    let database = open(&home).await;
    let first = shop_data::version(&database).await.unwrap();
    database.close().await;
    home.report("data", &[]);
    let database = open(&home).await;
    assert_eq!(shop_data::version(&database).await.unwrap(), first);
    database.close().await;
    let text = std::fs::read_to_string(home.catalog().join(NEWEST)).unwrap();
    home.write(NEWEST, text.replace("return_days: 45", "return_days: 60"));
    home.report("data", &[]);
    let database = open(&home).await;
    assert_eq!(returns(&order(&database, "C-1001", "O-5001").await), Some((60, NEWEST)));
    let second = shop_data::version(&database).await.unwrap();
    assert!(second > first);
    database.close().await;
    home.remove(NEWEST);
    home.report("data", &[]);
    let database = open(&home).await;
    // What the shop granted of its own will is gone; the law is among its policies, too.
    let law = "policies/bgb-verbraucherrecht.md";
    assert_eq!(returns(&order(&database, "C-1001", "O-5001").await), Some((14, law)));
    assert!(shop_data::version(&database).await.unwrap() > second);
    database.close().await;
}
