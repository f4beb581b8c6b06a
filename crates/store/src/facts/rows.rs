//! What is read of a customer. Amounts of money are texts, exactly as stored; moments are UTC.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::Subject;

/// What one customer's orders hold, as far as the agent may see it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerRecord {
    /// The customer's region, e.g. `EU`.
    pub region: String,
    /// The customer's language (ISO 639), where known.
    pub language: Option<String>,
    /// Name and address; only when wanted and permitted.
    pub address: Option<Address>,
    /// The latest 50 and those that were asked for, newest first.
    pub orders: Vec<OrderRow>,
    /// Serial numbers of the pieces in these orders, those asked for among them; empty unless wanted and permitted.
    pub serials: Vec<SerialRow>,
    /// The products in these orders, by SKU.
    pub products: Vec<OrderedProduct>,
    /// What was wanted, but the agent's role may not see.
    pub withheld: Vec<Subject>,
}

/// Where a customer lives and how to write there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// ISO 3166.
    pub country: Option<String>,
}

/// An order with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderRow {
    /// The order's number.
    pub order_id: String,
    /// When it was placed.
    pub ordered_at: DateTime<Utc>,
    /// Where it was placed: whose rules count.
    pub region: String,
    /// ISO 4217.
    pub currency: String,
    /// Sum of its items.
    pub total: String,
    /// `awaiting_payment`, `paid`, `partially_shipped`, `shipped`, `delivered`, `cancelled`, `returned`.
    pub status: String,
    /// What was ordered, by line.
    pub items: Vec<ItemRow>,
    /// Its parcels, by number.
    pub shipments: Vec<ShipmentRow>,
    /// Its payments, oldest first; empty unless wanted and permitted.
    pub payments: Vec<PaymentRow>,
    /// Its returns, oldest first; empty unless wanted and permitted.
    pub returns: Vec<ReturnRow>,
    /// The policy on returns of the order's region and day (UTC). Of several the latest, then the one in the customer's language.
    pub return_policy: Option<ReturnPolicy>,
    /// The policy on warranty, chosen alike; only when warranty is wanted and permitted.
    pub warranty_policy: Option<WarrantyPolicy>,
}

impl OrderRow {
    /// The day of the order by which policies are chosen (UTC).
    pub fn ordered_on(&self) -> NaiveDate {
        self.ordered_at.date_naive()
    }
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
    /// Price of one piece in the order's currency.
    pub unit_price: String,
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
    /// When it left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// What the carrier told last.
    pub last_event: Option<String>,
    /// And when.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The day that it is expected on.
    pub expected_on: Option<NaiveDate>,
    /// When it arrived: by the carrier's events, else by the last event of a parcel that is `delivered`.
    pub delivered_at: Option<DateTime<Utc>>,
    /// The order's lines in it; empty where the shop does not say.
    pub lines: Vec<i64>,
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
    /// When it got that state.
    pub at: DateTime<Utc>,
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
    /// Why, in the customer's words.
    pub reason: Option<String>,
    /// `requested`, `label_sent`, `received`, `refunded`, `replaced`, `rejected`.
    pub status: String,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// What is or will be paid back.
    pub refund_amount: String,
    /// ISO 4217.
    pub currency: String,
    /// When it arrived.
    pub received_at: Option<DateTime<Utc>>,
    /// When it was paid back.
    pub refunded_at: Option<DateTime<Utc>>,
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
    /// The day of the sale.
    pub sold_on: NaiveDate,
}

/// What is known of a product that was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderedProduct {
    /// The SKU.
    pub sku: String,
    /// Its name; `None` = it has no page.
    pub name: Option<String>,
    /// Kind of product, e.g. `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Months of the maker's own warranty, where its page or the tables state it; the longest of several. Read only when
    /// warranty is wanted.
    pub warranty_months: Option<i64>,
}
