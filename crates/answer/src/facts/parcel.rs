//! Where is my parcel: the order, its parcels, a payment that is missing.

use auskunft_model::{Fact, ShipmentFact, State};
use auskunft_store::facts::{CustomerRecord, OrderRow, ShipmentRow};

use super::orders::{Choice, choose, is_open};
use super::{Finding, Message};
use crate::understand::Part;

/// The most orders to choose from.
const CANDIDATES: usize = 5;

/// Which order is meant, and how it stands.
pub(super) fn find(part: &Part, record: &CustomerRecord) -> Finding {
    match choose(part, record, is_open) {
        Choice::Orders(orders) => Finding::of(orders.into_iter().flat_map(facts).collect()),
        Choice::Several(orders) => which_order(&orders),
        Choice::Unknown(number) => Finding::hand_over(Message::NoOrder(number)),
        Choice::None => Finding::hand_over(Message::NoSuchOrder),
    }
}

/// Asks which of these orders is meant.
pub(super) fn which_order(orders: &[&OrderRow]) -> Finding {
    let shown = || orders.iter().take(CANDIDATES);
    let candidate = |order: &&OrderRow| Fact::Candidate {
        source: source(order),
        order_id: order.order_id.clone(),
        ordered_on: order.ordered_on(),
    };
    Finding {
        state: State::Clarify,
        facts: shown().map(candidate).collect(),
        message: Some(Message::WhichOrder(
            shown().map(|order| (order.order_id.clone(), order.ordered_on())).collect(),
        )),
        suggestions: shown().map(|order| order.order_id.clone()).collect(),
        rules: Vec::new(),
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
    let missing =
        of.payments.iter().filter(|payment| matches!(payment.status.as_str(), "pending" | "failed"));
    facts.extend(missing.map(|payment| Fact::Payment {
        order_id: of.order_id.clone(),
        status: payment.status.clone(),
        method: payment.method.clone(),
        amount: payment.amount.clone(),
        currency: payment.currency.clone(),
    }));
    facts
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
