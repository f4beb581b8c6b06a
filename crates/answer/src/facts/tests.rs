//! What is derived from rows, without a database.

use auskunft_model::{Fact, ProductId, State};
use auskunft_store::facts::{
    CustomerRecord, ItemRow, OrderHead, OrderRow, OrderedProduct, PaymentRow, ReturnPolicy, ReturnRow,
    SerialRow, ShipmentRow, StatedWarranty, Subject, WarrantyPolicy,
};
use chrono::NaiveDate;

use super::{Finding, Message, parcel, plan, returns, warranty};
use crate::product_index::Mention;
use crate::understand::{Intent, Part, References, SerialMention};

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn order(id: &str, ordered: &str, status: &str, skus: &[&str]) -> OrderRow {
    let item = |(place, sku): (usize, &&str)| ItemRow {
        line: place as i64 + 1,
        sku: (*sku).to_owned(),
        quantity: 1,
    };
    let shipment = |number: &str| ShipmentRow {
        shipment_id: format!("{id}.{number}"),
        carrier: "Nordpost".to_owned(),
        tracking_number: Some(format!("NP{id}{number}")),
        status: "delivered".to_owned(),
        last_event: None,
        last_event_at: None,
        expected_on: None,
    };
    OrderRow {
        order_id: id.to_owned(),
        ordered_on: on(ordered),
        region: "EU".to_owned(),
        status: status.to_owned(),
        items: skus.iter().enumerate().map(item).collect(),
        shipments: vec![shipment("1"), shipment("2")],
        delivered_on: (status == "delivered").then(|| on("2026-11-05")),
        is_paid: true,
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

fn head(of: &OrderRow) -> OrderHead {
    OrderHead {
        order_id: of.order_id.clone(),
        ordered_on: of.ordered_on,
        status: of.status.clone(),
        holds: of.items.iter().map(|item| item.sku.clone()).collect(),
        has_return: !of.returns.is_empty(),
    }
}

fn product(sku: &str, family: &str, months: Option<i64>) -> OrderedProduct {
    let stated = |amount| StatedWarranty { key: "Garantie".to_owned(), amount, is_month: true };
    OrderedProduct {
        sku: sku.to_owned(),
        product_family: Some(family.to_owned()),
        category: None,
        warranties: months.map(stated).into_iter().collect(),
    }
}

fn record(orders: Vec<OrderRow>) -> CustomerRecord {
    CustomerRecord {
        heads: orders.iter().map(head).collect(),
        orders,
        serials: vec![SerialRow {
            serial: "FSD-240381475203".to_owned(),
            sku: "KM-1".to_owned(),
            order_id: "O-2".to_owned(),
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
        order("O-2", "2026-11-01", "shipped", &["KM-1", "EB-1"]),
        order("O-1", "2026-10-31", "delivered", &["KM-1", "EB-1"]),
    ])
}

/// Both orders in another state.
fn changed(change: impl Fn(&mut OrderRow)) -> CustomerRecord {
    let mut orders = two_orders().orders;
    orders.iter_mut().for_each(change);
    record(orders)
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
    assert_eq!(orders_of(&find(Mention::Nothing, named("1"))), ["O-1"], "digits are enough");
    assert_eq!(
        orders_of(&find(Mention::Nothing, References::default())),
        ["O-2"],
        "the other one has arrived"
    );
    assert_eq!(orders_of(&find(bound("KM-1"), References::default())), ["O-2"]);
    let by_parcel = References { tracking: vec!["NPO-21".to_owned()], ..References::default() };
    assert_eq!(orders_of(&find(Mention::Nothing, by_parcel)), ["O-2"]);
    let unknown = find(Mention::Nothing, named("O-9"));
    assert_eq!(
        (unknown.state, unknown.messages),
        (State::Handoff, vec![Message::NoOrder(vec!["O-9".to_owned()])])
    );
    let other = find(bound("ZZ-9"), References::default());
    assert_eq!((other.state, other.messages), (State::Handoff, vec![Message::NoSuchOrder]));
    let both = References { orders: vec!["O-1".to_owned(), "O-9".to_owned()], ..References::default() };
    let both = find(Mention::Nothing, both);
    assert_eq!((both.state, orders_of(&both)), (State::Answered, vec!["O-1"]));
    assert_eq!(
        both.messages,
        [Message::NoOrder(vec!["O-9".to_owned()])],
        "what is missing is said beside it"
    );
}

#[test]
fn two_wishes_ask_once_which_order_is_meant() {
    let record = changed(|order| order.status = "paid".to_owned());
    let part = part(Intent::Parcel, Mention::Nothing, References::default());
    let both = parcel::find(&part, &record).and(warranty::find(&part, &record, on("2026-11-10")));
    assert_eq!((orders_of(&both), both.suggestions.len(), both.messages.len()), (vec!["O-2", "O-1"], 2, 1));
}

#[test]
fn a_payment_is_missing_until_the_total_is_paid() {
    let payment = |status: &str, number: i64| PaymentRow {
        payment_id: format!("P-{number}"),
        method: "card".to_owned(),
        amount: "10.00".to_owned(),
        currency: "EUR".to_owned(),
        status: status.to_owned(),
    };
    let told = |states: &[&str], is_paid: bool, status: &str| {
        let record = changed(|order| {
            order.payments = states.iter().zip(1..).map(|(state, number)| payment(state, number)).collect();
            (order.is_paid, order.status) = (is_paid, status.to_owned());
        });
        let found = parcel::find(&part(Intent::Parcel, Mention::Nothing, named("O-1")), &record);
        let source = |fact: &Fact| match fact {
            Fact::Payment { source, .. } => Some(source.clone()),
            _ => None,
        };
        found.facts.iter().filter_map(source).collect::<Vec<_>>()
    };
    assert_eq!(told(&["failed", "paid"], true, "shipped"), [""; 0], "it was paid after all");
    assert_eq!(told(&["failed", "paid"], false, "awaiting_payment"), ["payments/P-1"], "part of it was paid");
    assert_eq!(told(&["failed", "failed"], false, "awaiting_payment"), ["payments/P-2"]);
    assert_eq!(told(&["failed", "pending"], false, "awaiting_payment"), ["payments/P-2"]);
    assert_eq!(told(&["refunded"], false, "shipped"), [""; 0], "nobody waits for what was paid back");
    assert_eq!(told(&["pending"], false, "cancelled"), [""; 0]);
}

#[test]
fn a_role_that_may_not_see_payments_is_told_that_one_may_be_missing() {
    let mut record = changed(|order| order.status = "awaiting_payment".to_owned());
    record.withheld = vec![Subject::Payments];
    let found = parcel::find(&part(Intent::Parcel, Mention::Nothing, named("O-1")), &record);
    assert_eq!((found.state, found.messages), (State::Answered, vec![Message::PaymentWithheld]));
    let shipped = CustomerRecord { withheld: vec![Subject::Payments], ..two_orders() };
    let found = parcel::find(&part(Intent::Parcel, Mention::Nothing, named("O-1")), &shipped);
    assert_eq!(found.messages, []);
}

#[test]
fn several_orders_that_wait_are_asked_for() {
    let record = changed(|order| order.status = "paid".to_owned());
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

fn back(id: &str, status: &str) -> ReturnRow {
    ReturnRow {
        return_id: id.to_owned(),
        line: 1,
        sku: "KM-1".to_owned(),
        status: status.to_owned(),
        requested_on: on("2026-11-07"),
        refund_amount: "10.00".to_owned(),
        currency: "EUR".to_owned(),
        received_on: Some(on("2026-11-09")),
        refunded_on: None,
    }
}

#[test]
fn a_return_that_runs_is_told_instead_of_the_window() {
    let asked = part(Intent::Returns, bound("KM-1"), named("O-1"));
    let record = changed(|order| order.returns = vec![back("R-1", "received")]);
    let found = returns::find(&asked, &record, on("2026-11-10"));
    let [Fact::Return(back)] = found.facts.as_slice() else { panic!("{found:?}") };
    assert_eq!((back.status.as_str(), back.received_on), ("received", Some(on("2026-11-09"))));
    let record = changed(|order| order.status = "cancelled".to_owned());
    let cancelled = returns::find(&asked, &record, on("2026-11-10"));
    assert!(matches!(cancelled.facts.as_slice(), [Fact::Order { .. }]), "{cancelled:?}");
}

#[test]
fn each_return_of_a_line_is_told_and_the_window_of_what_is_left() {
    let told = |quantity: i64, returns: &[&str]| {
        let record = changed(|order| {
            order.items[0].quantity = quantity;
            order.returns = returns.iter().map(|id| back(id, "refunded")).collect();
        });
        let asked = part(Intent::Returns, bound("KM-1"), named("O-1"));
        let name = |fact: &Fact| match fact {
            Fact::Return(back) => back.return_id.clone(),
            Fact::ReturnWindow(window) => window.deadline.unwrap().to_string(),
            other => panic!("{other:?}"),
        };
        returns::find(&asked, &record, on("2026-11-10")).facts.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(told(2, &["R-1"]), ["R-1", "2026-11-19"]);
    assert_eq!(told(2, &["R-1", "R-2"]), ["R-1", "R-2"]);
    assert_eq!(told(3, &[]), ["2026-11-19"]);
}

#[test]
fn a_product_that_is_not_in_the_named_order_is_said_to_be_so() {
    let today = on("2026-11-10");
    let not_in_it = vec![Message::NotInOrder("O-1".to_owned())];
    let found = returns::find(&part(Intent::Returns, bound("ZZ-9"), named("O-1")), &two_orders(), today);
    assert_eq!((found.state, found.facts.len(), &found.messages), (State::Clarify, 0, &not_in_it));
    let found = warranty::find(&part(Intent::Warranty, bound("ZZ-9"), named("O-1")), &two_orders(), today);
    assert_eq!((found.state, found.facts.len(), &found.messages), (State::Clarify, 0, &not_in_it));
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
    let found = covered(named("O-1"), bound("EB-1"));
    let [Fact::Warranty(warranty)] = found.facts.as_slice() else { panic!("{found:?}") };
    assert_eq!((warranty.serial.as_deref(), warranty.months, warranty.ends_on), (None, 24, on("2028-10-31")));
}

#[test]
fn a_month_that_lacks_the_day_ends_the_warranty_on_its_last() {
    let record = changed(|order| {
        order.ordered_on = on("2025-08-31");
        order.warranty_policy.as_mut().unwrap().warranty_months = 6;
    });
    let asked = part(Intent::Warranty, bound("EB-1"), named("O-1"));
    let found = warranty::find(&asked, &record, on("2026-03-01"));
    let [Fact::Warranty(warranty)] = found.facts.as_slice() else { panic!("{found:?}") };
    assert_eq!((warranty.ends_on, warranty.active), (on("2026-02-28"), false));
}

#[test]
fn what_was_cancelled_or_paid_back_is_not_covered() {
    let asked = || part(Intent::Warranty, Mention::Nothing, serial("FSD-240381475203", true));
    let kinds = |record: &CustomerRecord| {
        let kind = |fact: &Fact| match fact {
            Fact::Order { status, .. } => status.clone(),
            Fact::Return(back) => back.status.clone(),
            Fact::Warranty(_) => "covered".to_owned(),
            other => panic!("{other:?}"),
        };
        let found = warranty::find(&asked(), record, on("2026-11-10"));
        (found.facts.iter().map(kind).collect::<Vec<_>>(), found.messages)
    };
    assert_eq!(kinds(&changed(|order| order.status = "cancelled".to_owned())).0, ["cancelled"]);
    let with = |quantity: i64, status: &str| {
        changed(|order| {
            order.items[0].quantity = quantity;
            order.returns = vec![back("R-1", status)];
        })
    };
    assert_eq!(kinds(&with(1, "refunded")).0, ["refunded"]);
    assert_eq!(kinds(&with(2, "refunded")).0, ["covered", "refunded"], "which of the two is not known");
    assert_eq!(kinds(&with(1, "received")).0, ["covered", "received"]);
    let blind = CustomerRecord { withheld: vec![Subject::Returns], ..two_orders() };
    assert_eq!(kinds(&blind), (vec!["covered".to_owned()], vec![Message::ReturnsWithheld]));
}

#[test]
fn a_wrong_number_asks_back_and_an_unknown_one_is_handed_over() {
    let wrong = covered(serial("FSD-240381475204", false), Mention::Nothing);
    assert_eq!((wrong.state, wrong.facts.len()), (State::Clarify, 1));
    let unknown = covered(serial("FSD-000000000000", true), Mention::Nothing);
    assert_eq!(unknown.state, State::Handoff);
    assert!(matches!(unknown.facts.as_slice(), [Fact::SerialUnknown { .. }]));
    let mut both = serial("FSD-240381475203", true);
    both.serials.extend(serial("FSD-240381475204", false).serials);
    let both = covered(both, Mention::Nothing);
    assert_eq!(both.state, State::Answered);
    assert!(matches!(both.facts.as_slice(), [Fact::Warranty(_), Fact::SerialInvalid { .. }]), "{both:?}");
}

#[test]
fn a_number_that_is_mistyped_asks_for_nothing_of_a_customer() {
    let asks = |intent, references| plan::asks_of_customer(&part(intent, Mention::Nothing, references));
    assert!(!asks(Intent::Warranty, serial("FSD-240381475204", false)));
    assert!(asks(Intent::Warranty, serial("FSD-240381475203", true)));
    assert!(asks(Intent::Parcel, serial("FSD-240381475204", false)));
}
