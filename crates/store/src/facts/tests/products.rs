use auskunft_model::{CustomerId, ProductId, Value};

use super::{agent, shop};
use crate::facts::{PriceRow, ProductFacts, ProductQuery, product_facts};
use crate::testing::{Opened, on_servers_too};

async fn read(
    opened: &Opened,
    skus: &[&str],
    who: Option<&str>,
    customer: Option<&str>,
    today: &str,
) -> ProductFacts {
    let skus: Vec<ProductId> = skus.iter().map(|sku| ProductId::parse(sku).unwrap()).collect();
    let (who, customer) = (who.map(agent), customer.map(|id| CustomerId::parse(id).unwrap()));
    let query = ProductQuery {
        skus: &skus,
        agent: who.as_ref(),
        customer: customer.as_ref(),
        today: today.parse().unwrap(),
        request_id: "r-1",
    };
    product_facts(&opened.stores.database, &query).await.unwrap()
}

fn price(currency: &str, amount: &str) -> Option<PriceRow> {
    Some(PriceRow { currency: currency.to_owned(), amount: amount.to_owned(), vat_included: true })
}

#[tokio::test]
async fn products_come_in_the_order_asked_with_price_stock_and_attributes() {
    let opened = shop().await;
    let facts = read(&opened, &["FILTER", "NONE", "KM-1"], None, None, "2026-06-30").await;
    let skus: Vec<&str> = facts.products.iter().map(|product| product.sku.as_str()).collect();
    assert_eq!(skus, ["FILTER", "KM-1"], "what nobody knows is left out");
    let (filter, machine) = (&facts.products[0], &facts.products[1]);
    assert_eq!((&filter.name, &filter.sold.price, filter.sold.stock), (&None, &price("EUR", "0.10"), None));
    assert_eq!((&machine.sold.price, machine.sold.stock), (&price("EUR", "449.00"), Some(7)));
    assert_eq!(machine.source.as_deref(), Some("products/km-1.html"));
    assert_eq!(machine.attributes[1].source, "products/attributes.csv");
    assert!(
        matches!(&machine.attributes[0].attribute.value, Value::Quantity { amount: 2300.0, unit, .. } if unit == "g")
    );
    let later = read(&opened, &["KM-1"], None, None, "2026-07-01").await;
    assert_eq!(later.products[0].sold.price, price("EUR", "399.00"));
    let before = read(&opened, &["KM-1"], None, None, "2025-12-31").await;
    assert_eq!(before.products[0].sold.price, None);
    opened.close().await;
}

#[tokio::test]
async fn what_is_no_longer_sold_names_its_first_day_without_it_and_its_successor() {
    let opened = shop().await;
    let facts = read(&opened, &["OLD-1"], None, None, "2026-11-21").await;
    let old = &facts.products[0];
    assert_eq!((old.obsolete, old.since.unwrap().to_string().as_str()), (true, "2026-04-01"));
    assert_eq!(old.sold.price, None);
    let successor = old.successor.as_ref().unwrap();
    assert_eq!((successor.sku.as_str(), successor.name.as_deref()), ("NEW-1", Some("Silberrode Neu")));
    assert_eq!((&successor.price, successor.stock), (&price("EUR", "25.00"), Some(3)));
    let swiss = read(&opened, &["OLD-1"], Some("A-SWISS"), None, "2026-11-21").await;
    assert_eq!(swiss.products[0].successor.as_ref().unwrap().price, None, "not sold there");
    assert_eq!(swiss.products[0].since.unwrap().to_string(), "2026-04-01");
    opened.close().await;
}

#[tokio::test]
async fn prices_are_those_of_the_customer_then_of_the_agent_then_of_the_shop() {
    let opened = shop().await;
    for (who, customer, region) in [
        (None, None, "EU"),
        (None, Some("C-2"), "EU"),
        (Some("A-LEAD"), None, "CH"),
        (Some("A-LEAD"), Some("C-1"), "EU"),
        (Some("A-SWISS"), Some("C-2"), "CH"),
        (Some("A-SWISS"), Some("C-1"), "CH"),
        (Some("A-GONE"), Some("C-1"), "EU"),
        (Some("A-AGENT"), Some("C-2"), "EU"),
        (Some("A-AGENT"), Some("C-NONE"), "EU"),
    ] {
        let facts = read(&opened, &["KM-1"], who, customer, "2026-11-21").await;
        assert_eq!(facts.region.as_deref(), Some(region), "{who:?} {customer:?}");
        let is_permitted =
            matches!((who, customer), (Some("A-LEAD"), Some("C-1")) | (Some("A-SWISS"), Some("C-2")));
        assert_eq!(facts.of_customer, is_permitted, "{who:?} {customer:?}");
        let expected = if region == "EU" { price("EUR", "399.00") } else { price("CHF", "99") };
        assert_eq!(facts.products[0].sold.price, expected);
    }
    let region = serde_json::json!({"subjects": ["region"]});
    let told: Vec<_> = super::events(&opened).await;
    let row = |agent: &str, customer: &str| {
        (
            "customer_data_shown".to_owned(),
            agent.to_owned(),
            customer.to_owned(),
            "r-1".to_owned(),
            region.clone(),
        )
    };
    assert_eq!(
        told,
        [row("A-LEAD", "C-1"), row("A-SWISS", "C-2")],
        "who reads a customer's region leaves a row"
    );
    opened.close().await;
}

on_servers_too!(
    products_come_in_the_order_asked_with_price_stock_and_attributes,
    what_is_no_longer_sold_names_its_first_day_without_it_and_its_successor,
    prices_are_those_of_the_customer_then_of_the_agent_then_of_the_shop,
);
