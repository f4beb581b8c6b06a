//! What is derived from rows, without a database.

use auskunft_model::{Fact, ProductId, State};
use auskunft_store::facts::{
    CustomerRecord, ItemRow, OrderRow, OrderedProduct, ReturnPolicy, ReturnRow, SerialRow, ShipmentRow,
    WarrantyPolicy,
};
use chrono::{DateTime, NaiveDate, Utc};

use super::{Finding, Message, parcel, returns, warranty};
use crate::product_index::Mention;
use crate::understand::{Intent, Part, References, SerialMention};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn order(id: &str, ordered: &str, status: &str, skus: &[&str]) -> OrderRow {
    let item = |(place, sku): (usize, &&str)| ItemRow {
        line: place as i64 + 1,
        sku: (*sku).to_owned(),
        quantity: 1,
        unit_price: "10.00".to_owned(),
    };
    let shipment = |id: &str, delivered: &str| ShipmentRow {
        shipment_id: id.to_owned(),
        carrier: "Nordpost".to_owned(),
        tracking_number: Some(format!("NP{id}")),
        status: "delivered".to_owned(),
        shipped_at: None,
        last_event: None,
        last_event_at: None,
        expected_on: None,
        delivered_at: Some(at(delivered)),
        lines: Vec::new(),
    };
    OrderRow {
        order_id: id.to_owned(),
        ordered_at: at(ordered),
        region: "EU".to_owned(),
        currency: "EUR".to_owned(),
        total: "10.00".to_owned(),
        status: status.to_owned(),
        items: skus.iter().enumerate().map(item).collect(),
        shipments: vec![shipment("1", "2026-11-03T09:00:00Z"), shipment("2", "2026-11-05T23:30:00Z")],
        payments: Vec::new(),
        returns: Vec::new(),
        return_policy: Some(ReturnPolicy {
            return_days: 14,
            excludes: vec!["In-Ear-Kopfhörer".to_owned()],
            source: "policies/r.md".to_owned(),
            document_id: "d1".to_owned(),
        }),
        warranty_policy: Some(WarrantyPolicy {
            warranty_months: 24,
            source: "policies/g.md".to_owned(),
            document_id: "d2".to_owned(),
        }),
    }
}

fn product(sku: &str, family: &str, months: Option<i64>) -> OrderedProduct {
    OrderedProduct {
        sku: sku.to_owned(),
        name: None,
        product_family: Some(family.to_owned()),
        category: None,
        warranty_months: months,
    }
}

fn record(orders: Vec<OrderRow>) -> CustomerRecord {
    CustomerRecord {
        region: "EU".to_owned(),
        language: Some("de".to_owned()),
        address: None,
        orders,
        serials: vec![SerialRow {
            serial: "FSD-240381475203".to_owned(),
            sku: "KM-1".to_owned(),
            order_id: "O-2".to_owned(),
            sold_on: on("2026-11-01"),
        }],
        products: vec![
            product("KM-1", "Kaffeemaschine", Some(36)),
            product("EB-1", "IN-EAR-KOPFHOERER", None),
        ],
        withheld: Vec::new(),
    }
}

/// A delivered order of October with a machine, one under way with earphones, the newest first.
fn two_orders() -> CustomerRecord {
    record(vec![
        order("O-2", "2026-11-01T10:00:00Z", "shipped", &["KM-1", "EB-1"]),
        order("O-1", "2026-10-31T10:00:00Z", "delivered", &["KM-1", "EB-1"]),
    ])
}

fn part(intent: Intent, mention: Mention, references: References) -> Part {
    Part {
        text: String::new(),
        intents: vec![intent],
        mention,
        references,
        comparison: None,
        running_return: false,
    }
}

fn bound(sku: &str) -> Mention {
    Mention::Bound(ProductId::parse(sku).unwrap())
}

fn named(order: &str) -> References {
    References { orders: vec![order.to_owned()], ..References::default() }
}

fn orders_of(finding: &Finding) -> Vec<&str> {
    let order = |fact: &'_ Fact| match fact {
        Fact::Order { order_id, .. } | Fact::Candidate { order_id, .. } => Some(order_id.len()),
        _ => None,
    };
    let ids = finding.facts.iter().filter(|fact| order(fact).is_some());
    ids.map(|fact| match fact {
        Fact::Order { order_id, .. } | Fact::Candidate { order_id, .. } => order_id.as_str(),
        _ => "",
    })
    .collect()
}

#[test]
fn the_order_that_is_meant_is_the_named_one_or_the_one_that_waits() {
    let record = two_orders();
    let find = |mention, references| parcel::find(&part(Intent::Parcel, mention, references), &record);
    assert_eq!(orders_of(&find(Mention::Nothing, named("O-1"))), ["O-1"]);
    assert_eq!(
        orders_of(&find(Mention::Nothing, References::default())),
        ["O-2"],
        "the other one has arrived"
    );
    assert_eq!(orders_of(&find(bound("KM-1"), References::default())), ["O-2"]);
    let by_parcel = References { tracking: vec!["NP1".to_owned()], ..References::default() };
    assert_eq!(orders_of(&find(Mention::Nothing, by_parcel)), ["O-2"]);
    let unknown = find(Mention::Nothing, named("O-9"));
    assert_eq!((unknown.state, unknown.message), (State::Handoff, Some(Message::NoOrder("O-9".to_owned()))));
    let other = find(bound("ZZ-9"), References::default());
    assert_eq!((other.state, other.message), (State::Handoff, Some(Message::NoSuchOrder)));
}

#[test]
fn several_orders_that_wait_are_asked_for() {
    let mut record = two_orders();
    record.orders[1].status = "paid".to_owned();
    let asked = part(Intent::Parcel, Mention::Nothing, References::default());
    let finding = parcel::find(&asked, &record);
    assert_eq!(finding.state, State::Clarify);
    assert_eq!(orders_of(&finding), ["O-2", "O-1"]);
    let latest = References { latest: true, ..References::default() };
    let newest = parcel::find(&part(Intent::Parcel, Mention::Nothing, latest), &record);
    assert_eq!(orders_of(&newest), ["O-2"]);
}

fn windows(record: &CustomerRecord, mention: Mention, order: &str, today: &str) -> Vec<(bool, bool, String)> {
    let found = returns::find(&part(Intent::Returns, mention, named(order)), record, on(today));
    let window = |fact: &Fact| match fact {
        Fact::ReturnWindow(window) => {
            let deadline = window.deadline.map(|day| day.to_string()).unwrap_or_default();
            Some((window.excluded, window.open, deadline))
        }
        _ => None,
    };
    found.facts.iter().filter_map(window).collect()
}

#[test]
fn the_deadline_counts_from_the_last_parcel_and_holds_that_day() {
    let record = two_orders();
    let machine = |today| windows(&record, bound("KM-1"), "O-1", today);
    assert_eq!(machine("2026-11-19"), [(false, true, "2026-11-19".to_owned())]);
    assert_eq!(machine("2026-11-20"), [(false, false, "2026-11-19".to_owned())]);
    let all = windows(&record, Mention::Nothing, "O-1", "2026-11-10");
    assert_eq!(all.len(), 2, "without a product each item of the order");
    assert!(all[1].0 && !all[1].1, "the kind is excluded however it is spelt");
    let under_way = windows(&record, bound("KM-1"), "O-2", "2026-11-10");
    assert_eq!(under_way, [(false, true, String::new())]);
}

#[test]
fn a_return_that_runs_is_told_instead_of_the_window() {
    let mut record = two_orders();
    record.orders[1].returns.push(ReturnRow {
        return_id: "R-1".to_owned(),
        line: 1,
        sku: "KM-1".to_owned(),
        reason: None,
        status: "received".to_owned(),
        requested_at: at("2026-11-07T09:00:00Z"),
        refund_amount: "10.00".to_owned(),
        currency: "EUR".to_owned(),
        received_at: Some(at("2026-11-09T09:00:00Z")),
        refunded_at: None,
    });
    let asked = part(Intent::Returns, bound("KM-1"), named("O-1"));
    let found = returns::find(&asked, &record, on("2026-11-10"));
    let [Fact::Return(back)] = found.facts.as_slice() else { panic!("{found:?}") };
    assert_eq!((back.status.as_str(), back.received_on), ("received", Some(on("2026-11-09"))));
    record.orders[1].status = "cancelled".to_owned();
    let cancelled = returns::find(&asked, &record, on("2026-11-10"));
    assert!(matches!(cancelled.facts.as_slice(), [Fact::Order { .. }]), "{cancelled:?}");
}

fn covered(references: References, mention: Mention) -> Finding {
    warranty::find(&part(Intent::Warranty, mention, references), &two_orders(), on("2026-11-10"))
}

fn serial(text: &str, checks: bool) -> References {
    References { serials: vec![SerialMention { text: text.to_owned(), checks }], ..References::default() }
}

#[test]
fn the_longer_of_policy_and_product_counts_from_the_day_of_the_order() {
    let found = covered(serial("FSD-240381475203", true), Mention::Nothing);
    let [Fact::Warranty(warranty)] = found.facts.as_slice() else { panic!("{found:?}") };
    assert_eq!((warranty.months, warranty.ends_on, warranty.active), (36, on("2029-11-01"), true));
    // Thirty-one days into a month of twenty-eight.
    let found = covered(named("O-1"), bound("EB-1"));
    let [Fact::Warranty(warranty)] = found.facts.as_slice() else { panic!("{found:?}") };
    assert_eq!((warranty.serial.as_deref(), warranty.months, warranty.ends_on), (None, 24, on("2028-10-31")));
}

#[test]
fn a_wrong_number_asks_back_and_an_unknown_one_is_handed_over() {
    let wrong = covered(serial("FSD-240381475204", false), Mention::Nothing);
    assert_eq!((wrong.state, wrong.facts.len()), (State::Clarify, 1));
    let unknown = covered(serial("FSD-000000000000", true), Mention::Nothing);
    assert_eq!(unknown.state, State::Handoff);
    assert!(matches!(unknown.facts.as_slice(), [Fact::SerialUnknown { .. }]));
}
