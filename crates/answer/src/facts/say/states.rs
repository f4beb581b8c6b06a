//! States of orders, parcels, payments and returns in words. A state that is not known is said as it is stored.

use super::Tongue;

type Table = [(&'static str, &'static str, &'static str)];

const ORDERS: &Table = &[
    ("awaiting_payment", "wartet auf Zahlung", "waiting for payment"),
    ("paid", "bezahlt, noch nicht versandt", "paid, not shipped yet"),
    ("partially_shipped", "teilweise versandt", "partly shipped"),
    ("shipped", "versandt", "shipped"),
    ("delivered", "zugestellt", "delivered"),
    ("cancelled", "storniert", "cancelled"),
    ("returned", "zurückgeschickt", "returned"),
];

const SHIPMENTS: &Table = &[
    ("announced", "angekündigt", "announced"),
    ("in_transit", "unterwegs", "in transit"),
    ("delayed", "verspätet", "delayed"),
    ("out_for_delivery", "in Zustellung", "out for delivery"),
    ("delivered", "zugestellt", "delivered"),
    ("failed", "Zustellung gescheitert", "delivery failed"),
    ("lost", "verloren gegangen", "lost"),
    ("returned_to_sender", "zurück an den Absender", "returned to sender"),
];

const PAYMENTS: &Table = &[
    ("pending", "noch nicht eingegangen", "not received yet"),
    ("failed", "fehlgeschlagen", "failed"),
    ("paid", "eingegangen", "received"),
    ("refunded", "erstattet", "refunded"),
];

const METHODS: &Table = &[
    ("prepayment", "Vorkasse", "prepayment"),
    ("invoice", "Rechnung", "invoice"),
    ("card", "Karte", "card"),
    ("credit_card", "Kreditkarte", "credit card"),
    ("debit", "Lastschrift", "direct debit"),
    ("direct_debit", "Lastschrift", "direct debit"),
    ("instalments", "Raten", "instalments"),
    ("wallet", "Bezahldienst", "wallet"),
];

const RETURNS: &Table = &[
    ("requested", "angemeldet", "requested"),
    ("label_sent", "Rücksendeschein verschickt", "label sent"),
    ("received", "eingegangen", "received"),
    ("refunded", "erstattet", "refunded"),
    ("replaced", "ersetzt", "replaced"),
    ("rejected", "abgelehnt", "rejected"),
];

pub(super) fn order_state(state: &str, tongue: Tongue) -> &str {
    of(ORDERS, state, tongue)
}

pub(super) fn shipment_state(state: &str, tongue: Tongue) -> &str {
    of(SHIPMENTS, state, tongue)
}

pub(super) fn payment_state(state: &str, tongue: Tongue) -> &str {
    of(PAYMENTS, state, tongue)
}

pub(super) fn payment_method(method: &str, tongue: Tongue) -> &str {
    of(METHODS, method, tongue)
}

pub(super) fn return_state(state: &str, tongue: Tongue) -> &str {
    of(RETURNS, state, tongue)
}

fn of<'a>(table: &'static Table, state: &'a str, tongue: Tongue) -> &'a str {
    let row = table.iter().find(|(known, _, _)| *known == state);
    row.map_or(state, |(_, german, english)| tongue.pick(german, english))
}
