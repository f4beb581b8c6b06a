use auskunft_model::{AgentId, CustomerId};
use serde_json::json;
use sqlx::types::Json;

use super::*;
use crate::testing::Opened;

/// Two customers of two regions; agents of every role, one of both regions, one inactive.
const SHOP: &str = include_str!("tests/shop.sql");

fn agent(id: &str) -> AgentId {
    AgentId::parse(id).unwrap()
}

fn everything() -> Wants {
    Wants { payments: true, returns: true, warranty: true, addresses: true }
}

struct Asked<'a> {
    agent: &'a str,
    customer: &'a str,
    orders: &'a [&'a str],
    tracking: &'a [&'a str],
    serials: &'a [&'a str],
    wants: Wants,
}

impl<'a> Asked<'a> {
    fn of(agent: &'a str, customer: &'a str) -> Self {
        Self { agent, customer, orders: &[], tracking: &[], serials: &[], wants: everything() }
    }

    async fn answer(&self, opened: &Opened) -> CustomerAnswer {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        let (orders, tracking, serials) = (owned(self.orders), owned(self.tracking), owned(self.serials));
        let query = CustomerQuery {
            agent: &agent(self.agent),
            customer: &CustomerId::parse(self.customer).unwrap(),
            request_id: "r-1",
            orders: &orders,
            tracking: &tracking,
            serials: &serials,
            wants: self.wants,
        };
        customer_facts(&opened.stores.database, &query).await.unwrap()
    }

    async fn record(&self, opened: &Opened) -> CustomerRecord {
        match self.answer(opened).await {
            CustomerAnswer::Record(record) => *record,
            CustomerAnswer::NotPermitted => panic!("not permitted"),
        }
    }
}

async fn shop() -> Opened {
    let opened = Opened::new().await;
    opened.sql(SHOP).await;
    opened
}

/// Kind, agent, customer, request and detail of every event so far, oldest first.
async fn events(opened: &Opened) -> Vec<(String, String, String, String, serde_json::Value)> {
    type Row = (String, String, String, String, Json<serde_json::Value>);
    let query = sqlx::query_as::<_, Row>(
        "select kind, agent_id, customer_id, request_id, detail from audit.events order by id",
    );
    let rows = query.fetch_all(opened.stores.database.pool()).await.unwrap();
    rows.into_iter()
        .map(|(kind, agent, customer, request, detail)| (kind, agent, customer, request, detail.0))
        .collect()
}

fn shown(record: &CustomerRecord) -> (bool, bool, bool, bool) {
    (
        record.orders.iter().any(|order| !order.payments.is_empty()),
        record.orders.iter().any(|order| !order.returns.is_empty()),
        !record.serials.is_empty() && record.orders.iter().any(|order| order.warranty_policy.is_some()),
        record.address.is_some(),
    )
}

#[tokio::test]
async fn an_order_comes_with_all_that_hangs_on_it() {
    let opened = shop().await;
    let record = Asked::of("A-LEAD", "C-1").record(&opened).await;
    assert_eq!((record.region.as_str(), record.language.as_deref()), ("EU", Some("de")));
    let numbers: Vec<&str> = record.orders.iter().map(|order| order.order_id.as_str()).collect();
    assert_eq!(numbers, ["O-1", "O-2"], "newest first");
    let (newest, oldest) = (&record.orders[0], &record.orders[1]);
    assert_eq!((newest.total.as_str(), newest.status.as_str()), ("898.10", "partially_shipped"));
    assert_eq!(newest.ordered_on().to_string(), "2026-02-01", "the day is that of UTC");
    let item = |line, sku: &str, quantity, price: &str| ItemRow {
        line,
        sku: sku.to_owned(),
        quantity,
        unit_price: price.to_owned(),
    };
    assert_eq!(newest.items, [item(1, "KM-1", 2, "449.00"), item(2, "FILTER", 1, "0.10")]);
    let states: Vec<&str> = newest.payments.iter().map(|payment| payment.status.as_str()).collect();
    assert_eq!(states, ["failed", "paid"], "oldest first");
    let parcel = &newest.shipments[0];
    assert_eq!(
        (parcel.tracking_number.as_deref(), &parcel.lines, parcel.delivered_at),
        (Some("GL1"), &vec![1], None)
    );
    let arrived = oldest.shipments[0].delivered_at.unwrap();
    assert_eq!(arrived.to_string(), "2026-01-03 12:00:00 UTC", "where no event tells it, the parcel does");
    assert_eq!(
        (oldest.returns[0].return_id.as_str(), oldest.returns[0].refund_amount.as_str()),
        ("R-2", "20.50")
    );
    let serials: Vec<&str> = record.serials.iter().map(|serial| serial.serial.as_str()).collect();
    assert_eq!(serials, ["KMA-1", "KMA-2"]);
    let machine = record.products.iter().find(|product| product.sku == "KM-1").unwrap();
    assert_eq!(
        (machine.product_family.as_deref(), machine.warranty_months),
        (Some("Kaffeemaschine"), Some(36))
    );
    assert_eq!(record.products[0].name, None, "what has no page is named by its SKU");
    assert_eq!(record.address.unwrap().city.as_deref(), Some("Musterstadt"));
    opened.close().await;
}

#[tokio::test]
async fn an_order_names_the_policies_of_its_region_and_day() {
    let opened = shop().await;
    let mut record = Asked::of("A-LEAD", "C-1").record(&opened).await;
    let newest = record.orders[0].return_policy.take().unwrap();
    assert_eq!(newest.source, "policies/retoure-2026.md", "of two languages the customer's");
    assert_eq!((newest.return_days, newest.excludes), (45, vec!["Gutscheine".to_owned()]));
    assert_eq!(
        record.orders[0].warranty_policy.as_ref().unwrap().warranty_months,
        24,
        "its first day counts"
    );
    assert_eq!(record.orders[1].return_policy.as_ref().unwrap().return_days, 30, "its last day counts");
    assert_eq!(record.orders[1].warranty_policy, None, "before its first day it does not hold");
    let swiss = Asked::of("A-LEAD", "C-2").record(&opened).await;
    let everywhere = swiss.orders[0].return_policy.as_ref().unwrap();
    assert_eq!(everywhere.source, "policies/gesetz.md", "what is said of no region holds in all");
    opened.close().await;
}

#[tokio::test]
async fn a_role_sees_its_subjects_and_is_told_what_was_withheld() {
    let opened = shop().await;
    use Subject::{Addresses, Payments, Returns, Warranty};
    for (agent, subjects, withheld) in [
        ("A-AGENT", (true, true, true, false), vec![Addresses]),
        ("A-TECH", (false, false, true, false), vec![Addresses, Payments, Returns]),
        ("A-RETURNS", (false, true, false, true), vec![Payments, Warranty]),
        ("A-BILLING", (true, true, false, true), vec![Warranty]),
        ("A-LEAD", (true, true, true, true), vec![]),
    ] {
        let record = Asked::of(agent, "C-1").record(&opened).await;
        assert_eq!((shown(&record), record.withheld), (subjects, withheld), "{agent}");
        let nothing = Asked { wants: Wants::default(), ..Asked::of(agent, "C-1") }.record(&opened).await;
        assert_eq!((shown(&nothing), nothing.withheld), ((false, false, false, false), vec![]), "{agent}");
        assert_eq!(nothing.orders.len(), 2, "{agent}");
    }
    opened.close().await;
}

#[tokio::test]
async fn who_may_not_see_a_customer_learns_as_little_as_of_one_that_does_not_exist() {
    let opened = shop().await;
    for (agent, customer) in
        [("A-AGENT", "C-2"), ("A-AGENT", "C-NONE"), ("A-GONE", "C-1"), ("A-NONE", "C-1"), ("A-SWISS", "C-1")]
    {
        let asked = Asked {
            orders: &["O-3", "O-1"],
            tracking: &["AP3"],
            serials: &["KMA-3"],
            ..Asked::of(agent, customer)
        };
        assert_eq!(asked.answer(&opened).await, CustomerAnswer::NotPermitted, "{agent} {customer}");
        let event = events(&opened).await.pop().unwrap();
        let expected = ("permission_denied", agent, customer, "r-1", json!({}));
        assert_eq!(
            (event.0.as_str(), event.1.as_str(), event.2.as_str(), event.3.as_str(), event.4),
            expected
        );
    }
    assert_eq!(events(&opened).await.len(), 5);
    opened.close().await;
}

#[tokio::test]
async fn what_is_named_of_another_customer_is_as_unknown_as_what_does_not_exist() {
    let opened = shop().await;
    let none = Asked::of("A-LEAD", "C-1").record(&opened).await;
    let foreign =
        Asked { orders: &["O-3"], tracking: &["AP3"], serials: &["KMA-3"], ..Asked::of("A-LEAD", "C-1") };
    assert_eq!(foreign.record(&opened).await, none);
    opened.close().await;
}

#[tokio::test]
async fn orders_that_are_named_are_found_beyond_the_latest_fifty() {
    let opened = shop().await;
    opened
        .sql(
            "insert into shop.orders (order_id, customer_id, ordered_at, region, currency, total, status)
                 select 'N-' || n, 'C-1', '2026-03-01T00:00:00Z'::timestamptz + n * interval '1 hour', 'EU', 'EUR', 0, 'paid'
                 from generate_series(1, 60) n",
        )
        .await;
    let orders = |record: &CustomerRecord| {
        record.orders.iter().map(|order| order.order_id.clone()).collect::<Vec<_>>()
    };
    let latest = orders(&Asked::of("A-AGENT", "C-1").record(&opened).await);
    assert_eq!((latest.len(), latest[0].as_str(), latest[49].as_str()), (50, "N-60", "N-11"));
    let by_number = Asked { orders: &["O-1", "N-60"], ..Asked::of("A-AGENT", "C-1") };
    let by_tracking = Asked { tracking: &["GL1"], ..Asked::of("A-AGENT", "C-1") };
    let by_serial = Asked { serials: &["KMA-2"], ..Asked::of("A-AGENT", "C-1") };
    for asked in [by_number, by_tracking, by_serial] {
        let named = orders(&asked.record(&opened).await);
        assert_eq!((named.len(), named[50].as_str()), (51, "O-1"));
    }
    // Whoever may not see serial numbers does not find orders by them.
    let blind = Asked { serials: &["KMA-2"], ..Asked::of("A-BILLING", "C-1") };
    assert_eq!(orders(&blind.record(&opened).await).len(), 50);
    opened.close().await;
}

#[tokio::test]
async fn each_access_leaves_its_row_and_returns_another() {
    let opened = shop().await;
    Asked::of("A-AGENT", "C-1").record(&opened).await;
    Asked { wants: Wants { payments: true, ..Wants::default() }, ..Asked::of("A-TECH", "C-1") }
        .record(&opened)
        .await;
    let told: Vec<_> = events(&opened).await.into_iter().map(|event| (event.0, event.1, event.4)).collect();
    let event = |kind: &str, agent: &str, detail| (kind.to_owned(), agent.to_owned(), detail);
    let subjects = json!({"subjects": ["payments", "returns", "warranty"], "withheld": ["addresses"]});
    assert_eq!(
        told,
        [
            event("customer_data_shown", "A-AGENT", subjects),
            event("return_details_shown", "A-AGENT", json!({"returns": ["R-2"]})),
            event("customer_data_shown", "A-TECH", json!({"subjects": [], "withheld": ["payments"]})),
        ]
    );
    opened.close().await;
}

#[tokio::test]
async fn without_a_place_for_the_trace_nothing_is_shown() {
    let opened = shop().await;
    opened
        .sql("alter table audit.events add constraint full_disk check (kind <> 'customer_data_shown')")
        .await;
    let query = CustomerQuery {
        agent: &agent("A-LEAD"),
        customer: &CustomerId::parse("C-1").unwrap(),
        request_id: "r-1",
        orders: &[],
        tracking: &[],
        serials: &[],
        wants: Wants::default(),
    };
    let error = customer_facts(&opened.stores.database, &query).await.unwrap_err();
    assert!(error.to_string().contains("full_disk"), "{error}");
    opened.close().await;
}

mod plans;
mod products;
