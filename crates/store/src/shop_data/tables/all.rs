//! The tables.

use super::{Column, Kind, Reference, Table, Whole};

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, optional: false }
}

const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, optional: true }
}

const fn reference(
    columns: &'static [&'static str],
    table: &'static str,
    of: &'static [&'static str],
) -> Reference {
    Reference { columns, table, of }
}

const ROLES: Kind = Kind::Choice(&["agent", "technician", "returns", "billing", "lead"]);
const ORDER_STATES: Kind = Kind::Choice(&[
    "awaiting_payment",
    "paid",
    "partially_shipped",
    "shipped",
    "delivered",
    "cancelled",
    "returned",
]);
const PAYMENT_STATES: Kind = Kind::Choice(&["pending", "paid", "failed", "refunded"]);
const SHIPMENT_STATES: Kind = Kind::Choice(&[
    "announced",
    "in_transit",
    "delayed",
    "out_for_delivery",
    "delivered",
    "failed",
    "lost",
    "returned_to_sender",
]);
const RETURN_STATES: Kind =
    Kind::Choice(&["requested", "label_sent", "received", "refunded", "replaced", "rejected"]);

const ORDER: Reference = reference(&["order_id"], "orders", &["order_id"]);
const ORDER_CURRENCY: Reference = reference(&["order_id", "currency"], "orders", &["order_id", "currency"]);

/// All tables, each after those that it refers to.
pub static TABLES: [Table; 13] = [
    Table {
        name: "agents",
        key: &["agent_id"],
        columns: &[
            column("agent_id", Kind::Id),
            column("name", Kind::Text),
            column("role", ROLES),
            column("active", Kind::Flag),
        ],
        references: &[],
        is_personal: true,
        ..Table::BARE
    },
    Table {
        name: "agent_permissions",
        key: &["agent_id", "region"],
        columns: &[column("agent_id", Kind::Id), column("region", Kind::Region)],
        references: &[reference(&["agent_id"], "agents", &["agent_id"])],
        whole: Some(Whole { table: "agents", columns: &["agent_id"] }),
        ..Table::BARE
    },
    Table {
        name: "customers",
        key: &["customer_id"],
        columns: &[
            column("customer_id", Kind::Id),
            column("name", Kind::Text),
            optional("email", Kind::Text),
            optional("phone", Kind::Text),
            optional("street", Kind::Text),
            optional("postal_code", Kind::Text),
            optional("city", Kind::Text),
            optional("country", Kind::Country),
            column("region", Kind::Region),
            optional("language", Kind::Language),
            optional("created", Kind::Day),
        ],
        references: &[],
        is_personal: true,
        ..Table::BARE
    },
    Table {
        name: "prices",
        key: &["sku", "region", "valid_from"],
        columns: &[
            column("sku", Kind::Id),
            column("region", Kind::Region),
            column("currency", Kind::Currency),
            column("amount", Kind::Amount),
            column("vat_included", Kind::Flag),
            column("valid_from", Kind::Day),
            optional("valid_to", Kind::Day),
        ],
        references: &[],
        ordered: &[("valid_from", "valid_to")],
        ..Table::BARE
    },
    Table {
        name: "stock",
        key: &["sku", "region"],
        columns: &[column("sku", Kind::Id), column("region", Kind::Region), column("quantity", Kind::Count)],
        references: &[],
        ..Table::BARE
    },
    Table {
        name: "orders",
        key: &["order_id"],
        columns: &[
            column("order_id", Kind::Id),
            column("customer_id", Kind::Id),
            column("ordered_at", Kind::Moment),
            column("region", Kind::Region),
            column("currency", Kind::Currency),
            column("total", Kind::Amount),
            column("status", ORDER_STATES),
        ],
        references: &[reference(&["customer_id"], "customers", &["customer_id"])],
        ..Table::BARE
    },
    Table {
        name: "order_items",
        key: &["order_id", "line"],
        columns: &[
            column("order_id", Kind::Id),
            column("line", Kind::Positive),
            column("sku", Kind::Id),
            column("quantity", Kind::Positive),
            column("unit_price", Kind::Amount),
        ],
        references: &[ORDER],
        whole: Some(Whole { table: "orders", columns: &["order_id"] }),
        ..Table::BARE
    },
    Table {
        name: "payments",
        key: &["payment_id"],
        columns: &[
            column("payment_id", Kind::Id),
            column("order_id", Kind::Id),
            column("method", Kind::Text),
            column("amount", Kind::Amount),
            column("currency", Kind::Currency),
            column("status", PAYMENT_STATES),
            column("at", Kind::Moment),
        ],
        references: &[ORDER_CURRENCY],
        ..Table::BARE
    },
    Table {
        name: "shipments",
        key: &["shipment_id"],
        columns: &[
            column("shipment_id", Kind::Id),
            column("order_id", Kind::Id),
            column("carrier", Kind::Text),
            optional("tracking_number", Kind::Text),
            column("status", SHIPMENT_STATES),
            optional("shipped_at", Kind::Moment),
            optional("last_event", Kind::Text),
            optional("last_event_at", Kind::Moment),
            optional("expected_on", Kind::Day),
        ],
        references: &[ORDER],
        ..Table::BARE
    },
    Table {
        name: "shipment_items",
        key: &["shipment_id", "line"],
        columns: &[
            column("shipment_id", Kind::Id),
            column("order_id", Kind::Id),
            column("line", Kind::Positive),
        ],
        references: &[
            reference(&["shipment_id", "order_id"], "shipments", &["shipment_id", "order_id"]),
            reference(&["order_id", "line"], "order_items", &["order_id", "line"]),
        ],
        whole: Some(Whole { table: "shipments", columns: &["shipment_id"] }),
        ..Table::BARE
    },
    Table {
        name: "shipment_events",
        key: &["shipment_id", "at", "status"],
        columns: &[
            column("shipment_id", Kind::Id),
            column("at", Kind::Moment),
            column("status", SHIPMENT_STATES),
            column("event", Kind::Text),
            optional("place", Kind::Text),
        ],
        references: &[reference(&["shipment_id"], "shipments", &["shipment_id"])],
        ..Table::BARE
    },
    Table {
        name: "returns",
        key: &["return_id"],
        columns: &[
            column("return_id", Kind::Id),
            column("order_id", Kind::Id),
            column("line", Kind::Positive),
            column("sku", Kind::Id),
            optional("reason", Kind::Text),
            column("status", RETURN_STATES),
            column("requested_at", Kind::Moment),
            column("refund_amount", Kind::Amount),
            column("currency", Kind::Currency),
            optional("received_at", Kind::Moment),
            optional("refunded_at", Kind::Moment),
        ],
        references: &[
            reference(&["order_id", "line", "sku"], "order_items", &["order_id", "line", "sku"]),
            ORDER_CURRENCY,
        ],
        ..Table::BARE
    },
    Table {
        name: "serials",
        key: &["serial"],
        columns: &[
            column("serial", Kind::Id),
            column("sku", Kind::Id),
            column("order_id", Kind::Id),
            column("customer_id", Kind::Id),
            column("sold_on", Kind::Day),
        ],
        references: &[reference(&["order_id", "customer_id"], "orders", &["order_id", "customer_id"])],
        ..Table::BARE
    },
];
