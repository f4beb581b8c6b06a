//! The shop's tables as files state them: the columns of `shop/*.csv`, what a value must be, and what refers to what.
//!
//! The database holds the same rules (`migrations/`); they stand here as well so that a wrong row can be named by file, line
//! and column before anything is written.

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, digits, `_`, `.`, `-`; at most 128 of them.
    Id,
    /// Any text.
    Text,
    /// `EU`, `CH`, `US-CA`.
    Region,
    /// ISO 4217: `EUR`.
    Currency,
    /// ISO 3166: `DE`.
    Country,
    /// ISO 639: `de`.
    Language,
    /// Money: not negative, a point before at most three decimals.
    Amount,
    /// A whole number, not negative.
    Count,
    /// `true` or `false`.
    Flag,
    /// `2026-11-21`.
    Day,
    /// RFC 3339 with its zone: `2026-11-21T10:12:00Z`.
    Moment,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the file.
    pub name: &'static str,
    /// What its values must be.
    pub kind: Kind,
    /// Whether a value may be missing.
    pub optional: bool,
}

/// Columns that name a row of another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The columns here.
    pub columns: &'static [&'static str],
    /// The other table.
    pub table: &'static str,
    /// The columns there.
    pub of: &'static [&'static str],
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name in the schema `shop`; the file is `shop/{name}.csv`.
    pub name: &'static str,
    /// The columns that no two rows share.
    pub key: &'static [&'static str],
    /// All columns.
    pub columns: &'static [Column],
    /// What its rows name.
    pub references: &'static [Reference],
}

impl Table {
    /// The file, relative to the catalog.
    pub fn file(&self) -> String {
        format!("shop/{}.csv", self.name)
    }

    /// The table with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }
}

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
    },
    Table {
        name: "agent_permissions",
        key: &["agent_id", "region"],
        columns: &[column("agent_id", Kind::Id), column("region", Kind::Region)],
        references: &[reference(&["agent_id"], "agents", &["agent_id"])],
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
    },
    Table {
        name: "stock",
        key: &["sku", "region"],
        columns: &[column("sku", Kind::Id), column("region", Kind::Region), column("quantity", Kind::Count)],
        references: &[],
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
    },
    Table {
        name: "order_items",
        key: &["order_id", "line"],
        columns: &[
            column("order_id", Kind::Id),
            column("line", Kind::Count),
            column("sku", Kind::Id),
            column("quantity", Kind::Count),
            column("unit_price", Kind::Amount),
        ],
        references: &[ORDER],
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
    },
    Table {
        name: "shipment_items",
        key: &["shipment_id", "line"],
        columns: &[
            column("shipment_id", Kind::Id),
            column("order_id", Kind::Id),
            column("line", Kind::Count),
        ],
        references: &[
            reference(&["shipment_id", "order_id"], "shipments", &["shipment_id", "order_id"]),
            reference(&["order_id", "line"], "order_items", &["order_id", "line"]),
        ],
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
    },
    Table {
        name: "returns",
        key: &["return_id"],
        columns: &[
            column("return_id", Kind::Id),
            column("order_id", Kind::Id),
            column("line", Kind::Count),
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
    },
];
