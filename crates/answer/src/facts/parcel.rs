//! Where is my parcel: the order, its parcels, a payment that is missing.

use auskunft_model::{Fact, ShipmentFact, State};
use auskunft_store::facts::{CustomerRecord, OrderHead, OrderRow, PaymentRow, ShipmentRow, Subject};

use super::orders::chosen;
use super::{Finding, Message};
use crate::understand::{Intent, Part};

/// The most orders to choose from.
const CANDIDATES: usize = 5;

/// Which order is meant, and how it stands.
pub(super) fn find(part: &Part, record: &CustomerRecord) -> Finding {
    let (orders, mut messages) = match chosen(part, Intent::Parcel, record) {
        Ok(chosen) => chosen,
        Err(instead) => return instead,
    };
    let waits_for_payment = orders.iter().any(|order| order.status == "awaiting_payment");
    if waits_for_payment && record.withheld.contains(&Subject::Payments) {
        messages.push(Message::PaymentWithheld);
    }
    Finding { messages, ..Finding::of(orders.into_iter().flat_map(facts).collect()) }
}

/// Asks which of these orders is meant.
pub(super) fn which_order(orders: &[&OrderHead]) -> Finding {
    let shown = || orders.iter().take(CANDIDATES);
    let candidate = |order: &&OrderHead| Fact::Candidate {
        source: format!("orders/{}", order.order_id),
        order_id: order.order_id.clone(),
        ordered_on: order.ordered_on,
    };
    let named = shown().map(|order| (order.order_id.clone(), order.ordered_on)).collect();
    Finding {
        state: State::Clarify,
        messages: vec![Message::WhichOrder(named)],
        suggestions: shown().map(|order| order.order_id.clone()).collect(),
        ..Finding::of(shown().map(candidate).collect())
    }
}

pub(super) fn source(order: &OrderRow) -> String {
    format!("orders/{}", order.order_id)
}

/// The order itself.
pub(super) fn order(order: &OrderRow) -> Fact {
    Fact::Order { source: source(order), order_id: order.order_id.clone(), status: order.status.clone() }
}

fn facts(of: &OrderRow) -> Vec<Fact> {
    let mut facts = vec![order(of)];
    facts.extend(of.shipments.iter().map(|shipment| Fact::Shipment(shipped(of, shipment))));
    facts.extend(missing(of).into_iter().map(|payment| Fact::Payment {
        source: format!("payments/{}", payment.payment_id),
        order_id: of.order_id.clone(),
        status: payment.status.clone(),
        method: payment.method.clone(),
        amount: payment.amount.clone(),
        currency: payment.currency.clone(),
    }));
    facts
}

/// Payments that an order waits for: those that are pending, else the last one that failed. Nothing is missing once the total is paid, when
/// something was paid back, and when the order is over.
fn missing(of: &OrderRow) -> Vec<&PaymentRow> {
    let of_status = |status: &'static str| of.payments.iter().filter(move |payment| payment.status == status);
    let is_over = matches!(of.status.as_str(), "cancelled" | "returned");
    if of.is_paid || is_over || of_status("refunded").next().is_some() {
        return Vec::new();
    }
    let pending: Vec<&PaymentRow> = of_status("pending").collect();
    if pending.is_empty() { of_status("failed").next_back().into_iter().collect() } else { pending }
}

fn shipped(order: &OrderRow, shipment: &ShipmentRow) -> ShipmentFact {
    ShipmentFact {
        source: format!("shipments/{}", shipment.shipment_id),
        order_id: order.order_id.clone(),
        shipment_id: shipment.shipment_id.clone(),
        status: shipment.status.clone(),
        carrier: shipment.carrier.clone(),
        tracking_number: shipment.tracking_number.clone(),
        last_event: shipment.last_event.clone(),
        last_event_at: shipment.last_event_at,
        expected_on: shipment.expected_on,
    }
}
