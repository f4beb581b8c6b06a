//! What an agent may see of a customer, judged from the shop's files alone: nothing here knows the database.

use std::collections::{BTreeMap, BTreeSet};

use auskunft_store::facts::{CustomerRecord, OrderRow, Wants, Wish};
use chrono::{DateTime, Utc};

use crate::shop::{Cells, Shop};

/// Who may see what beyond orders and parcels.
const RIGHTS: [(&str, &[&str]); 5] = [
    ("agent", &["payments", "returns", "warranty"]),
    ("technician", &["warranty"]),
    ("returns", &["returns"]),
    ("billing", &["payments", "returns"]),
    ("lead", &["payments", "returns", "warranty"]),
];

/// A question's named things and wishes.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) orders: Vec<String>,
    pub(crate) tracking: Vec<String>,
    pub(crate) serials: Vec<String>,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) wants: Wants,
}

/// What a role sees of what is wanted.
#[derive(Debug, Clone, Copy)]
struct Sees {
    payments: bool,
    returns: bool,
    serials: bool,
}

/// The shop's rows by what they belong to.
pub(crate) struct Judge<'a> {
    agents: BTreeMap<&'a str, &'a Cells>,
    permissions: BTreeSet<(&'a str, &'a str)>,
    customers: BTreeMap<&'a str, &'a Cells>,
    orders: BTreeMap<&'a str, &'a Cells>,
    of_customer: BTreeMap<&'a str, Vec<&'a str>>,
    of_order: BTreeMap<&'static str, BTreeMap<&'a str, Vec<&'a Cells>>>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(shop: &'a Shop) -> Self {
        let by = |table: &str, key: &str| shop.rows(table).iter().map(|row| (cell(row, key), row)).collect();
        let mut of_customer: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for order in shop.rows("orders") {
            of_customer.entry(cell(order, "customer_id")).or_default().push(cell(order, "order_id"));
        }
        let mut of_order = BTreeMap::new();
        for table in ["order_items", "payments", "shipments", "returns", "serials"] {
            let rows: &mut BTreeMap<&str, Vec<&Cells>> = of_order.entry(table).or_default();
            for row in shop.rows(table) {
                rows.entry(cell(row, "order_id")).or_default().push(row);
            }
        }
        let permissions = shop.rows("agent_permissions").iter();
        Self {
            agents: by("agents", "agent_id"),
            permissions: permissions.map(|row| (cell(row, "agent_id"), cell(row, "region"))).collect(),
            customers: by("customers", "customer_id"),
            orders: by("orders", "order_id"),
            of_customer,
            of_order,
        }
    }

    pub(crate) fn is_permitted(&self, agent: &str, customer: &str) -> bool {
        let is_active = self.agents.get(agent).is_some_and(|row| cell(row, "active") == "true");
        let region = self.customers.get(customer).map(|row| cell(row, "region"));
        is_active && region.is_some_and(|region| self.permissions.contains(&(agent, region)))
    }

    /// Whether the role may see a subject, and it is wanted.
    fn shows(&self, agent: &str, subject: &str, is_wanted: bool) -> bool {
        let role = cell(self.agents[agent], "role");
        is_wanted && RIGHTS.iter().any(|(named, subjects)| *named == role && subjects.contains(&subject))
    }

    /// The customer's orders, newest first.
    fn own(&self, customer: &str) -> Vec<&'a str> {
        let mut own = self.of_customer.get(customer).cloned().unwrap_or_default();
        own.sort_by_key(|order| std::cmp::Reverse((placed(self.orders[order]), *order)));
        own
    }

    /// Those that must be listed: the latest fifty, where something may be meant without a number.
    fn expected_heads(&self, customer: &str, named: &Named) -> Vec<&'a str> {
        let listed = if named.wishes.is_empty() { 0 } else { 50 };
        self.own(customer).into_iter().take(listed).collect()
    }

    /// Those that must be told of: the named ones and what each wish can only mean.
    fn expected_orders(&self, customer: &str, named: &Named, sees: Sees) -> Vec<&'a str> {
        let is_named = |order: &str| {
            let has = |table: &str, key: &str, texts: &[String]| {
                self.rows(table, order).iter().any(|row| texts.iter().any(|text| cell(row, key) == text))
            };
            named.orders.iter().any(|text| text == order)
                || has("shipments", "tracking_number", &named.tracking)
                || sees.serials && has("serials", "serial", &named.serials)
        };
        let heads = self.expected_heads(customer, named);
        let meant: Vec<&str> =
            named.wishes.iter().filter_map(|wish| self.meant(wish, &heads, sees.returns)).collect();
        self.own(customer).into_iter().filter(|order| is_named(order) || meant.contains(order)).collect()
    }

    fn meant(&self, wish: &Wish, heads: &[&'a str], sees_returns: bool) -> Option<&'a str> {
        let holds = |order: &&&str| {
            let mut items = self.rows("order_items", order).iter();
            wish.products.is_empty()
                || items.any(|item| wish.products.iter().any(|product| cell(item, "sku") == product))
        };
        let waits = |order: &&&str| {
            wish.statuses.contains(&cell(self.orders[**order], "status"))
                || wish.returned && sees_returns && !self.rows("returns", order).is_empty()
        };
        let fitting: Vec<&&str> = heads.iter().filter(holds).collect();
        let waiting: Vec<&&str> = fitting.iter().copied().filter(waits).collect();
        match (fitting.as_slice(), waiting.as_slice()) {
            ([newest, ..], _) if wish.latest || fitting.len() == 1 => Some(newest),
            (_, [only]) => Some(only),
            ([newest, ..], []) if wish.products.is_empty() => Some(newest),
            _ => None,
        }
    }

    fn rows(&self, table: &str, order: &str) -> &[&'a Cells] {
        self.of_order[table].get(order).map_or(&[], Vec::as_slice)
    }

    /// Panics unless the record is what this agent may see of this customer: all of it and nothing else. Returns whether
    /// returns are among it.
    pub(crate) fn assert_right(
        &self,
        agent: &str,
        customer: &str,
        named: &Named,
        record: &CustomerRecord,
    ) -> bool {
        let wants = named.wants;
        let sees = Sees {
            payments: self.shows(agent, "payments", wants.payments),
            returns: self.shows(agent, "returns", wants.returns),
            serials: self.shows(agent, "warranty", wants.warranty),
        };
        let heads: Vec<&str> = record.heads.iter().map(|head| head.order_id.as_str()).collect();
        assert_eq!(heads, self.expected_heads(customer, named));
        let told: Vec<&str> = record.orders.iter().map(|order| order.order_id.as_str()).collect();
        assert_eq!(told, self.expected_orders(customer, named, sees));
        for order in &record.orders {
            self.assert_order(order, named);
            let ids = |is_seen: bool, table: &str, key: &str| self.ids(is_seen, table, key, &order.order_id);
            let payments = order.payments.iter().map(|row| row.payment_id.as_str()).collect();
            assert_eq!(ids(sees.payments, "payments", "payment_id"), payments);
            let returns = order.returns.iter().map(|row| row.return_id.as_str()).collect();
            assert_eq!(ids(sees.returns, "returns", "return_id"), returns);
            let of_order = record.serials.iter().filter(|row| row.order_id == order.order_id);
            let serials = of_order.map(|row| row.serial.as_str()).collect();
            assert_eq!(ids(sees.serials, "serials", "serial"), serials);
        }
        assert!(record.serials.iter().all(|row| told.contains(&row.order_id.as_str())));
        record.orders.iter().any(|order| !order.returns.is_empty())
    }

    fn ids(&self, is_seen: bool, table: &str, key: &str, order: &str) -> BTreeSet<&'a str> {
        let rows = if is_seen { self.rows(table, order) } else { &[] };
        rows.iter().map(|row| cell(row, key)).collect()
    }

    fn assert_order(&self, told: &OrderRow, named: &Named) {
        let order = self.orders[told.order_id.as_str()];
        let stated = |key| cell(order, key);
        let day = placed(order).date_naive();
        assert_eq!((told.status.as_str(), told.region.as_str()), (stated("status"), stated("region")));
        assert_eq!(told.ordered_on, day, "{}", told.order_id);
        let items: Vec<[String; 3]> = told
            .items
            .iter()
            .map(|item| [item.line.to_string(), item.sku.clone(), item.quantity.to_string()])
            .collect();
        let rows = self.rows("order_items", &told.order_id).iter();
        let lines: Vec<[String; 3]> =
            rows.map(|row| ["line", "sku", "quantity"].map(|key| cell(row, key).to_owned())).collect();
        assert_eq!(items, lines, "{}", told.order_id);
        let parcels: BTreeSet<_> = told
            .shipments
            .iter()
            .map(|parcel| {
                (parcel.shipment_id.as_str(), parcel.status.as_str(), parcel.tracking_number.as_deref())
            })
            .collect();
        let is_wanted = |row: &&&Cells| {
            named.wants.parcels || named.tracking.iter().any(|number| cell(row, "tracking_number") == number)
        };
        let rows = self.rows("shipments", &told.order_id).iter().filter(is_wanted);
        let stated = rows
            .map(|row| (cell(row, "shipment_id"), cell(row, "status"), optional(row, "tracking_number")))
            .collect();
        assert_eq!(parcels, stated, "{}", told.order_id);
    }
}

pub(crate) fn cell<'a>(row: &'a Cells, key: &str) -> &'a str {
    row.get(key).map_or("", String::as_str)
}

fn optional<'a>(row: &'a Cells, key: &str) -> Option<&'a str> {
    Some(cell(row, key)).filter(|value| !value.is_empty())
}

fn placed(order: &Cells) -> DateTime<Utc> {
    cell(order, "ordered_at").parse().unwrap()
}
