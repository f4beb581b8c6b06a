//! What an agent may see of a customer.

use auskunft_model::{AgentId, CustomerId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::rows::CustomerRecord;
use crate::Database;
use crate::error::{Result, database};

/// Keys, in lower case, under which pages and tables state a maker's own warranty.
const WARRANTY_KEYS: [&str; 7] = [
    "garantie",
    "herstellergarantie",
    "garantiezeit",
    "warranty",
    "manufacturer warranty",
    "manufacturer's warranty",
    "guarantee",
];

/// What a role may see beyond orders, items and shipments (`shop.role_rights`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Payments of orders.
    Payments,
    /// The customer's name and address.
    Addresses,
    /// Serial numbers and what they are covered by.
    Warranty,
    /// Running and past returns.
    Returns,
}

impl Subject {
    fn as_str(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::Addresses => "addresses",
            Self::Warranty => "warranty",
            Self::Returns => "returns",
        }
    }
}

/// What a question asks for beyond orders, items and shipments. What is not wanted is not read, whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Payments of orders.
    pub payments: bool,
    /// Running and past returns.
    pub returns: bool,
    /// Serial numbers and policies on warranty; serial numbers that are asked for are looked up only with this.
    pub warranty: bool,
    /// The customer's name and address.
    pub addresses: bool,
}

impl Wants {
    fn subjects(self) -> Vec<&'static str> {
        let all = [
            (self.payments, Subject::Payments),
            (self.returns, Subject::Returns),
            (self.warranty, Subject::Warranty),
            (self.addresses, Subject::Addresses),
        ];
        all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, subject)| subject.as_str()).collect()
    }
}

/// Who asks what of whom.
#[derive(Debug, Clone, Copy)]
pub struct CustomerQuery<'a> {
    /// Who asks.
    pub agent: &'a AgentId,
    /// Whose orders.
    pub customer: &'a CustomerId,
    /// Why: the request that the audit names.
    pub request_id: &'a str,
    /// Orders that are named, as stored; of another customer's nothing is told.
    pub orders: &'a [String],
    /// Tracking numbers that are named.
    pub tracking: &'a [String],
    /// Serial numbers that are named.
    pub serials: &'a [String],
    /// What is asked for beyond orders and parcels.
    pub wants: Wants,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerAnswer {
    /// This agent may not see this customer, or there is no such customer or agent: which one is not told.
    NotPermitted,
    /// What this agent may see.
    Record(Box<CustomerRecord>),
}

/// Reads what an agent may see of a customer and writes that into the audit: `customer_data_shown`, with it
/// `return_details_shown` when the record holds a return, or `permission_denied`. One statement, one operation, whatever it ends with.
pub async fn customer_facts(database_: &Database, query: &CustomerQuery<'_>) -> Result<CustomerAnswer> {
    let statement = sqlx::query_scalar::<_, Json<CustomerRecord>>(include_str!("customer.sql"));
    let statement = statement
        .bind(query.agent.as_str())
        .bind(query.customer.as_str())
        .bind(query.request_id)
        .bind(query.orders)
        .bind(query.tracking)
        .bind(query.serials)
        .bind(query.wants.subjects())
        .bind(WARRANTY_KEYS.as_slice());
    let found = statement.fetch_optional(database_.pool()).await.map_err(database("read customer"))?;
    Ok(found.map_or(CustomerAnswer::NotPermitted, |Json(record)| CustomerAnswer::Record(Box::new(record))))
}
