use auskunft_model::{AgentId, CustomerId};
use serde_json::json;
use sqlx::types::Json;

use super::*;
use crate::testing::{Opened, on_servers_too};

/// Two customers of two regions; agents of every role, one of both regions, one inactive.
const SHOP: &str = include_str!("tests/shop.sql");

fn agent(id: &str) -> AgentId {
    AgentId::parse(id).unwrap()
}

fn everything() -> Wants {
    Wants { parcels: true, payments: true, returns: true, warranty: true }
}

struct Asked<'a> {
    agent: &'a str,
    customer: &'a str,
    orders: &'a [&'a str],
    tracking: &'a [&'a str],
    serials: &'a [&'a str],
    wishes: &'a [Wish],
    wants: Wants,
    time_zone: &'a str,
}

impl<'a> Asked<'a> {
    fn of(agent: &'a str, customer: &'a str) -> Self {
        Self {
            agent,
            customer,
            orders: &["O-1", "O-2", "O-3"],
            tracking: &[],
            serials: &[],
            wishes: &[],
            wants: everything(),
            time_zone: "Europe/Berlin",
        }
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
            wishes: self.wishes,
            wants: self.wants,
            time_zone: self.time_zone,
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

fn shown(record: &CustomerRecord) -> (bool, bool, bool) {
    (
        record.orders.iter().any(|order| !order.payments.is_empty()),
        record.orders.iter().any(|order| !order.returns.is_empty()),
        !record.serials.is_empty() && record.orders.iter().any(|order| order.warranty_policy.is_some()),
    )
}

#[tokio::test]
async fn an_order_comes_with_all_that_hangs_on_it() {
    let opened = shop().await;
    let record = Asked::of("A-LEAD", "C-1").record(&opened).await;
    let numbers: Vec<&str> = record.orders.iter().map(|order| order.order_id.as_str()).collect();
    assert_eq!(numbers, ["O-1", "O-2"], "newest first");
    let (newest, oldest) = (&record.orders[0], &record.orders[1]);
    assert_eq!((newest.region.as_str(), newest.status.as_str()), ("EU", "partially_shipped"));
    let item = |line, sku: &str, quantity| ItemRow { line, sku: sku.to_owned(), quantity };
    assert_eq!(newest.items, [item(1, "KM-1", 2), item(2, "FILTER", 1)]);
    let states: Vec<&str> = newest.payments.iter().map(|payment| payment.status.as_str()).collect();
    assert_eq!((states, newest.is_paid), (vec!["failed", "paid"], true), "oldest first");
    assert!(!oldest.is_paid, "nothing was paid");
    let parcel = &newest.shipments[0];
    assert_eq!((parcel.tracking_number.as_deref(), newest.delivered_on), (Some("GL1"), None));
    let arrived = oldest.delivered_on.unwrap();
    assert_eq!(arrived.to_string(), "2026-01-03", "where no event tells it, the parcel does");
    assert_eq!(
        (oldest.returns[0].return_id.as_str(), oldest.returns[0].refund_amount.as_str()),
        ("R-2", "20.50")
    );
    let serials: Vec<&str> = record.serials.iter().map(|serial| serial.serial.as_str()).collect();
    assert_eq!(serials, ["KMA-1", "KMA-2"]);
    let machine = record.products.iter().find(|product| product.sku == "KM-1").unwrap();
    assert_eq!(
        (machine.product_family.as_deref(), machine.warranties.as_slice()),
        (
            Some("Kaffeemaschine"),
            [StatedWarranty { key: "Garantie".to_owned(), amount: 36, is_month: true }].as_slice()
        )
    );
    assert_eq!(record.products[0].product_family, None, "what has no page is of no kind");
    assert_eq!(record.heads, [], "where all are named, nothing is listed");
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
    let utc = Asked { time_zone: "UTC", ..Asked::of("A-LEAD", "C-1") }.record(&opened).await;
    assert_eq!(utc.orders[1].return_policy.as_ref().unwrap().return_days, 30, "its last day counts");
    assert_eq!(record.orders[1].warranty_policy, None, "before its first day it does not hold");
    let swiss = Asked::of("A-LEAD", "C-2").record(&opened).await;
    assert_eq!(swiss.orders.len(), 1);
    let everywhere = swiss.orders[0].return_policy.as_ref().unwrap();
    assert_eq!(everywhere.source, "policies/gesetz.md", "what is said of no region holds in all");
    opened.close().await;
}

#[tokio::test]
async fn a_role_sees_its_subjects_and_is_told_what_was_withheld() {
    let opened = shop().await;
    use Subject::{Payments, Returns, Warranty};
    for (agent, subjects, withheld) in [
        ("A-AGENT", (true, true, true), vec![]),
        ("A-TECH", (false, false, true), vec![Payments, Returns]),
        ("A-RETURNS", (false, true, false), vec![Payments, Warranty]),
        ("A-BILLING", (true, true, false), vec![Warranty]),
        ("A-LEAD", (true, true, true), vec![]),
    ] {
        let record = Asked::of(agent, "C-1").record(&opened).await;
        assert_eq!((shown(&record), record.withheld), (subjects, withheld), "{agent}");
        let nothing = Asked { wants: Wants::default(), ..Asked::of(agent, "C-1") }.record(&opened).await;
        assert_eq!((shown(&nothing), nothing.withheld.len()), ((false, false, false), 0), "{agent}");
        assert_eq!(nothing.orders.len(), 2, "{agent}");
        let bare = |order: &OrderRow| {
            order.shipments.is_empty() && order.return_policy.is_none() && order.delivered_on.is_none()
        };
        assert!(nothing.orders.iter().all(bare) && nothing.products.is_empty(), "{nothing:?}");
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
    let by_digits = Asked { orders: &["1"], ..Asked::of("A-LEAD", "C-1") }.record(&opened).await;
    assert_eq!(by_digits.orders.iter().map(|order| order.order_id.as_str()).collect::<Vec<_>>(), ["O-1"]);
    let none = Asked { orders: &[], ..Asked::of("A-LEAD", "C-1") }.record(&opened).await;
    let foreign =
        Asked { orders: &["O-3"], tracking: &["AP3"], serials: &["KMA-3"], ..Asked::of("A-LEAD", "C-1") };
    assert_eq!(foreign.record(&opened).await, none);
    assert_eq!((none.orders.len(), none.heads.len()), (0, 0));
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
    let any = [wish(&[], &["paid"])];
    let asked = || Asked { orders: &[], wishes: &any, ..Asked::of("A-AGENT", "C-1") };
    let heads =
        |record: &CustomerRecord| record.heads.iter().map(|order| order.order_id.clone()).collect::<Vec<_>>();
    let latest = asked().record(&opened).await;
    let (listed, read) = (heads(&latest), ids(&latest));
    assert_eq!((listed.len(), listed[0].as_str(), listed[49].as_str()), (50, "N-60", "N-11"));
    assert_eq!(read, [""; 0], "which one is meant is not known: nothing is read of any");
    let by_number = Asked { orders: &["O-1", "N-60"], ..asked() };
    let by_tracking = Asked { tracking: &["GL1"], ..asked() };
    let by_serial = Asked { serials: &["KMA-2"], ..asked() };
    assert_eq!(ids(&by_number.record(&opened).await), ["N-60", "O-1"]);
    assert_eq!(ids(&by_tracking.record(&opened).await), ["O-1"]);
    assert_eq!(ids(&by_serial.record(&opened).await), ["O-1"]);
    // Whoever may not see serial numbers does not find orders by them.
    let blind = Asked { agent: "A-BILLING", serials: &["KMA-2"], ..asked() };
    assert_eq!(ids(&blind.record(&opened).await), [""; 0]);
    opened.close().await;
}

fn ids(record: &CustomerRecord) -> Vec<&str> {
    record.orders.iter().map(|order| order.order_id.as_str()).collect()
}

fn wish(products: &[&str], statuses: &[&'static str]) -> Wish {
    let products = products.iter().map(|sku| (*sku).to_owned()).collect();
    Wish { products, statuses: statuses.to_vec(), ..Wish::default() }
}

#[tokio::test]
async fn of_orders_without_a_number_only_the_one_that_can_be_meant_is_read() {
    let opened = shop().await;
    // Newest first: O-1 (KM-1, FILTER; partially shipped), O-2 (OLD-1; delivered, with a return).
    let newest = Wish { latest: true, ..wish(&[], &["delivered"]) };
    let with_return = Wish { returned: true, ..Wish::default() };
    for (wish, agent, expected) in [
        (wish(&[], &["partially_shipped"]), "A-AGENT", &["O-1"][..]),
        (wish(&[], &["delivered"]), "A-AGENT", &["O-2"]),
        (wish(&[], &["delivered", "partially_shipped"]), "A-AGENT", &[]),
        (wish(&[], &["paid"]), "A-AGENT", &["O-1"]),
        (wish(&["OLD-1"], &[]), "A-AGENT", &["O-2"]),
        (wish(&["OLD-1", "KM-1"], &[]), "A-AGENT", &[]),
        (wish(&["NEW-1"], &["delivered"]), "A-AGENT", &[]),
        (newest, "A-AGENT", &["O-1"]),
        (with_return.clone(), "A-AGENT", &["O-2"]),
        (with_return, "A-TECH", &["O-1"]),
    ] {
        let wishes = [wish.clone()];
        let record = Asked { orders: &[], wishes: &wishes, ..Asked::of(agent, "C-1") }.record(&opened).await;
        assert_eq!((ids(&record).as_slice(), record.heads.len()), (expected, 2), "{wish:?}");
        let holds = record.heads.iter().flat_map(|head| &head.holds);
        assert!(holds.into_iter().all(|sku| wish.products.contains(sku)), "{record:?}");
    }
    opened.close().await;
}

#[tokio::test]
async fn days_are_those_of_the_shops_time_zone() {
    let opened = shop().await;
    // O-1: 01:30 UTC of 1 February; O-2: a second before midnight UTC of the last of December.
    for (time_zone, days) in [
        ("UTC", ["2026-02-01", "2025-12-31"]),
        ("Europe/Berlin", ["2026-02-01", "2026-01-01"]),
        ("America/New_York", ["2026-01-31", "2025-12-31"]),
    ] {
        let any = [wish(&[], &[])];
        let asked = Asked { time_zone, wishes: &any, ..Asked::of("A-LEAD", "C-1") };
        let record = asked.record(&opened).await;
        let days_of: Vec<String> = record.orders.iter().map(|order| order.ordered_on.to_string()).collect();
        assert_eq!(days_of, days, "{time_zone}");
        let listed: Vec<String> = record.heads.iter().map(|head| head.ordered_on.to_string()).collect();
        assert_eq!(listed, days, "{time_zone}");
        let policy = record.orders[1].return_policy.as_ref().map(|policy| policy.return_days);
        assert_eq!(policy, Some(if days[1] == "2026-01-01" { 45 } else { 30 }), "{time_zone}");
    }
    opened.close().await;
}

#[tokio::test]
async fn each_access_leaves_its_row_and_returns_another() {
    let opened = shop().await;
    Asked::of("A-AGENT", "C-1").record(&opened).await;
    let any = [wish(&[], &["paid"])];
    let wants = Wants { payments: true, ..Wants::default() };
    Asked { orders: &[], wishes: &any, wants, ..Asked::of("A-TECH", "C-1") }.record(&opened).await;
    let told: Vec<_> = events(&opened).await.into_iter().map(|event| (event.0, event.1, event.4)).collect();
    let event = |kind: &str, agent: &str, detail| (kind.to_owned(), agent.to_owned(), detail);
    let subjects = json!({
        "subjects": ["payments", "returns", "warranty"], "withheld": [], "orders": ["O-1", "O-2"], "listed": [],
    });
    let listed = json!({"subjects": [], "withheld": ["payments"], "orders": ["O-1"], "listed": ["O-2"]});
    assert_eq!(
        told,
        [
            event("customer_data_shown", "A-AGENT", subjects),
            event("return_details_shown", "A-AGENT", json!({"returns": ["R-2"]})),
            event("customer_data_shown", "A-TECH", listed),
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
        wishes: &[],
        wants: Wants::default(),
        time_zone: "Europe/Berlin",
    };
    let error = customer_facts(&opened.stores.database, &query).await.unwrap_err();
    assert!(error.to_string().contains("full_disk"), "{error}");
    opened.close().await;
}

#[tokio::test]
async fn a_rehearsal_leaves_no_trace_whoever_and_whatever_it_names() {
    let opened = shop().await;
    for (asking, customer) in [("A-LEAD", "C-1"), ("warm-up", "warm-up")] {
        let query = CustomerQuery {
            agent: &agent(asking),
            customer: &CustomerId::parse(customer).unwrap(),
            request_id: "r-1",
            orders: &[],
            tracking: &[],
            serials: &[],
            wishes: &[],
            wants: everything(),
            time_zone: "Europe/Berlin",
        };
        rehearse_customer_facts(&opened.stores.database, &query).await.unwrap();
    }
    assert_eq!(events(&opened).await, []);
    // The connection is as it was: the same asked in earnest is told, and leaves its trace.
    Asked::of("A-LEAD", "C-1").record(&opened).await;
    assert!(!events(&opened).await.is_empty());
    opened.close().await;
}

mod plans;
mod products;

on_servers_too!(
    an_order_comes_with_all_that_hangs_on_it,
    an_order_names_the_policies_of_its_region_and_day,
    a_role_sees_its_subjects_and_is_told_what_was_withheld,
    who_may_not_see_a_customer_learns_as_little_as_of_one_that_does_not_exist,
    what_is_named_of_another_customer_is_as_unknown_as_what_does_not_exist,
    orders_that_are_named_are_found_beyond_the_latest_fifty,
    of_orders_without_a_number_only_the_one_that_can_be_meant_is_read,
    days_are_those_of_the_shops_time_zone,
    each_access_leaves_its_row_and_returns_another,
    a_rehearsal_leaves_no_trace_whoever_and_whatever_it_names,
);
