//! What is read of a customer. Amounts of money are texts, exactly as stored; days are those of the shop's time zone, moments UTC.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::Subject;

/// What one customer's orders hold, as far as the question asks for it and the agent may see it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerRecord {
    /// The latest 50, newest first: what is told of orders of which one must be chosen. Empty where every order is named by a number.
    pub heads: Vec<OrderHead>,
    /// Those that are named and those that each [`Wish`](super::Wish) can only mean, newest first.
    pub orders: Vec<OrderRow>,
    /// Serial numbers of the pieces in `orders`; empty unless wanted and permitted.
    pub serials: Vec<SerialRow>,
    /// The products in `orders`, by SKU; empty unless returns or warranty are wanted and permitted.
    pub products: Vec<OrderedProduct>,
    /// What was wanted, but the agent's role may not see.
    pub withheld: Vec<Subject>,
}

/// What an order is chosen by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderHead {
    /// The order's number.
    pub order_id: String,
    /// The shop's day on which it was placed.
    pub ordered_on: NaiveDate,
    /// As in [`OrderRow::status`].
    pub status: String,
    /// Which of the products that were asked for are in it.
    pub holds: Vec<String>,
    /// Whether something of it was sent back; only where that is asked for and permitted.
    pub has_return: bool,
}

/// An order with what of it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderRow {
    /// The order's number.
    pub order_id: String,
    /// The shop's day on which it was placed: purchases count from it, and policies are chosen by it.
    pub ordered_on: NaiveDate,
    /// Where it was placed: whose rules count.
    pub region: String,
    /// `awaiting_payment`, `paid`, `partially_shipped`, `shipped`, `delivered`, `cancelled`, `returned`.
    pub status: String,
    /// What was ordered, by line.
    pub items: Vec<ItemRow>,
    /// Its parcels, by number; empty unless parcels are wanted, or one of them is named.
    pub shipments: Vec<ShipmentRow>,
    /// The shop's day on which the last parcel of a delivered order arrived: by the carrier's events, else by the parcel's last one.
    /// Only when returns are wanted and permitted.
    pub delivered_on: Option<NaiveDate>,
    /// Whether its total is paid; not set unless payments are wanted and permitted.
    pub is_paid: bool,
    /// Its payments, oldest first; empty unless wanted and permitted.
    pub payments: Vec<PaymentRow>,
    /// Its returns, oldest first; empty unless wanted and permitted.
    pub returns: Vec<ReturnRow>,
    /// The policy on returns of the order's region and day, only when returns are wanted and permitted. Of several the latest, then the
    /// one in the customer's language.
    pub return_policy: Option<ReturnPolicy>,
    /// The policy on warranty, chosen alike; only when warranty is wanted and permitted.
    pub warranty_policy: Option<WarrantyPolicy>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ItemRow {
    /// Counted from 1.
    pub line: i64,
    /// The product.
    pub sku: String,
    /// Pieces.
    pub quantity: i64,
}

/// A parcel of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShipmentRow {
    /// The parcel.
    pub shipment_id: String,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub tracking_number: Option<String>,
    /// `announced`, `in_transit`, `delayed`, `out_for_delivery`, `delivered`, `failed`, `lost`, `returned_to_sender`.
    pub status: String,
    /// What the carrier told last.
    pub last_event: Option<String>,
    /// And when.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The day that it is expected on.
    pub expected_on: Option<NaiveDate>,
}

/// A payment of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentRow {
    /// The payment.
    pub payment_id: String,
    /// How it is paid.
    pub method: String,
    /// How much.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
    /// `pending`, `paid`, `failed`, `refunded`.
    pub status: String,
}

/// A return of one piece.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReturnRow {
    /// The return.
    pub return_id: String,
    /// The order's line.
    pub line: i64,
    /// The product.
    pub sku: String,
    /// `requested`, `label_sent`, `received`, `refunded`, `replaced`, `rejected`.
    pub status: String,
    /// The shop's day on which it was asked for.
    pub requested_on: NaiveDate,
    /// What is or will be paid back.
    pub refund_amount: String,
    /// ISO 4217.
    pub currency: String,
    /// That of its arrival.
    pub received_on: Option<NaiveDate>,
    /// That on which it was paid back.
    pub refunded_on: Option<NaiveDate>,
}

/// What a policy on returns grants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReturnPolicy {
    /// Days for giving back.
    pub return_days: i64,
    /// Kinds of goods that can't go back, as the policy names them.
    pub excludes: Vec<String>,
    /// Path of the policy's source.
    pub source: String,
    /// The policy's document.
    pub document_id: String,
}

/// What a policy on warranty grants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WarrantyPolicy {
    /// Months of warranty.
    pub warranty_months: i64,
    /// Path of the policy's source.
    pub source: String,
    /// The policy's document.
    pub document_id: String,
}

/// A numbered piece that the customer bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SerialRow {
    /// The serial number.
    pub serial: String,
    /// The product.
    pub sku: String,
    /// The order that it was bought with; always among the record's orders.
    pub order_id: String,
}

/// What is known of a product that was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderedProduct {
    /// The SKU.
    pub sku: String,
    /// Kind of product, e.g. `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Attributes of its pages and tables that may state the maker's own warranty; only when warranty is wanted and permitted.
    pub warranties: Vec<StatedWarranty>,
}

/// An attribute with a number whose key speaks of a warranty.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StatedWarranty {
    /// The key as printed: `Garantie`, `Garantie (Jahre)`, `Limited warranty`.
    pub key: String,
    /// The number, in months where `is_month` says so.
    pub amount: i64,
    /// Whether the value names a span of time, which then is in months; else it is a bare number.
    pub is_month: bool,
}
