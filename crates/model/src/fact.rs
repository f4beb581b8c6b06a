//! Typed values from the shop's own data, with where they stand.
//!
//! `source` names the row: `orders/4711`, `shipments/S-1`, `products/KM-2400`, `serials/ABC-…`. Amounts of money are written
//! exactly as stored (`"449.00"`), beside their ISO 4217 currency; days are calendar days in
//! the shop's time zone, moments UTC.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ProductId;

/// A typed value from the shop's own data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// An attribute of a product.
    Attribute {
        /// Whose attribute.
        product_id: ProductId,
        /// The attribute's key as the catalog prints it.
        key: String,
        /// Its value as the catalog prints it.
        text: String,
        /// Where the value stands (path of the source).
        source: String,
    },
    /// How an order stands.
    Order {
        /// The row.
        source: String,
        /// The order.
        order_id: String,
        /// `awaiting_payment`, `paid`, `partially_shipped`, `shipped`, `delivered`, `cancelled`, `returned`.
        status: String,
    },
    /// Where a parcel is.
    Shipment(ShipmentFact),
    /// A payment that is missing.
    Payment {
        /// The row.
        source: String,
        /// The order.
        order_id: String,
        /// `pending`, `failed`.
        status: String,
        /// How it is paid.
        method: String,
        /// How much.
        amount: String,
        /// In which currency.
        currency: String,
    },
    /// One of several orders that may be meant.
    Candidate {
        /// The row.
        source: String,
        /// The order.
        order_id: String,
        /// The day of the order.
        ordered_on: NaiveDate,
    },
    /// Until when something can go back.
    ReturnWindow(ReturnWindowFact),
    /// How a return stands.
    Return(ReturnFact),
    /// What a product costs today in a region, and how many are there.
    Price(PriceFact),
    /// A product that is no longer sold.
    Discontinued {
        /// The row.
        source: String,
        /// The product.
        product_id: ProductId,
        /// First day without it.
        since: Option<NaiveDate>,
        /// What is sold instead.
        successor: Option<ProductId>,
    },
    /// A product that has no price in a region.
    NotSold {
        /// The row.
        source: String,
        /// The product.
        product_id: ProductId,
        /// The region.
        region: String,
    },
    /// How long a thing is under warranty.
    Warranty(WarrantyFact),
    /// A serial number whose check digit is wrong.
    SerialInvalid {
        /// The number.
        serial: String,
    },
    /// A serial number that was never given, or that is not this customer's.
    SerialUnknown {
        /// The number.
        serial: String,
    },
    /// Products beside one another in one attribute.
    Comparison(ComparisonFact),
}

/// Where a parcel is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipmentFact {
    /// The row.
    pub source: String,
    /// The order that it belongs to.
    pub order_id: String,
    /// The parcel.
    pub shipment_id: String,
    /// `announced`, `in_transit`, `delayed`, `out_for_delivery`, `delivered`, `failed`, `lost`, `returned_to_sender`.
    pub status: String,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub tracking_number: Option<String>,
    /// What the carrier told last.
    pub last_event: Option<String>,
    /// And when.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The day that it is expected on.
    pub expected_on: Option<NaiveDate>,
}

/// Until when something can go back, by the policy of the order's day and region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnWindowFact {
    /// The row.
    pub source: String,
    /// The order.
    pub order_id: String,
    /// What would go back.
    pub product_id: ProductId,
    /// Days that the policy grants.
    pub days: i64,
    /// The day of the last parcel's delivery; `None` = not delivered yet.
    pub delivered_on: Option<NaiveDate>,
    /// Last day for sending it back.
    pub deadline: Option<NaiveDate>,
    /// Whether this kind of product can't go back at all.
    pub excluded: bool,
    /// Whether it can still go back today.
    pub open: bool,
    /// Source of the policy.
    pub policy: String,
}

/// How a return stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnFact {
    /// The row.
    pub source: String,
    /// The return.
    pub return_id: String,
    /// The order.
    pub order_id: String,
    /// What goes back.
    pub product_id: ProductId,
    /// `requested`, `label_sent`, `received`, `refunded`, `replaced`, `rejected`.
    pub status: String,
    /// The day of the request.
    pub requested_on: NaiveDate,
    /// The day of its arrival.
    pub received_on: Option<NaiveDate>,
    /// The day of the refund.
    pub refunded_on: Option<NaiveDate>,
    /// What is or will be paid back.
    pub refund_amount: String,
    /// In which currency.
    pub currency: String,
}

/// What a product costs today in a region, and how many are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceFact {
    /// The row.
    pub source: String,
    /// The product.
    pub product_id: ProductId,
    /// Where it is sold.
    pub region: String,
    /// In which currency.
    pub currency: String,
    /// How much.
    pub amount: String,
    /// Whether the amount holds the tax.
    pub vat_included: bool,
    /// Pieces in the region's stock; `None` = not known.
    pub stock: Option<i64>,
}

/// How long a thing is under warranty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarrantyFact {
    /// The row.
    pub source: String,
    /// The serial number; `None` = a thing without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// What it is.
    pub product_id: ProductId,
    /// The order that it was bought with.
    pub order_id: String,
    /// The day of the order.
    pub purchased_on: NaiveDate,
    /// The region whose rule counts.
    pub region: String,
    /// Months of warranty.
    pub months: i64,
    /// Last day of the warranty.
    pub ends_on: NaiveDate,
    /// Whether it holds today.
    pub active: bool,
}

/// Products beside one another in one attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonFact {
    /// The attribute's key as the catalog prints it.
    pub attribute: String,
    /// Unit of the values; empty for texts and counts.
    pub unit: String,
    /// Which direction wins: `lower`, `higher`; `None` for texts.
    pub better: Option<String>,
    /// A value for each product, in the order of the question.
    pub values: Vec<ComparedValue>,
    /// The winner; `None` when several are alike or a value is missing.
    pub best: Option<ProductId>,
}

/// The value of one product in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedValue {
    /// The product.
    pub product_id: ProductId,
    /// Its value in the comparison's unit; `None` = the catalog states none.
    pub value: Option<String>,
    /// Path of the source that states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
