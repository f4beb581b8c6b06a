//! What an agent may see of a customer.

use auskunft_model::{AgentId, CustomerId};
use serde::{Deserialize, Serialize};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::QueryScalar;
use sqlx::types::Json;

use super::rows::CustomerRecord;
use crate::Database;
use crate::error::{Result, database};

/// What a role may see beyond orders, items and shipments (`shop.role_rights`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Payments of orders.
    Payments,
    /// Serial numbers and what they are covered by.
    Warranty,
    /// Running and past returns.
    Returns,
}

impl Subject {
    fn as_str(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::Warranty => "warranty",
            Self::Returns => "returns",
        }
    }
}

/// What a question asks for of an order beyond its items. What is not wanted is not read, whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Parcels; every role may see them.
    pub parcels: bool,
    /// Payments of orders.
    pub payments: bool,
    /// Running and past returns.
    pub returns: bool,
    /// Serial numbers and policies on warranty; serial numbers that are asked for are looked up only with this.
    pub warranty: bool,
}

impl Wants {
    fn subjects(self) -> Vec<&'static str> {
        let all = [
            (self.payments, Subject::Payments),
            (self.returns, Subject::Returns),
            (self.warranty, Subject::Warranty),
        ];
        all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, subject)| subject.as_str()).collect()
    }
}

/// What a part of a question may mean where it names no number: of the customer's latest orders those with its products, of these the only
/// one there is, else the only one that waits, else the newest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Wish {
    /// SKUs, one of which the order holds; empty = any order.
    pub products: Vec<String>,
    /// States of orders that wait for something.
    pub statuses: Vec<&'static str>,
    /// Orders wait, too, that something was sent back of.
    pub returned: bool,
    /// The newest, whatever waits.
    pub latest: bool,
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
    /// What is meant without a number.
    pub wishes: &'a [Wish],
    /// What is asked for.
    pub wants: Wants,
    /// The shop's time zone, by its IANA name: whose days count.
    pub time_zone: &'a str,
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
    let found = statement(query).fetch_optional(database_.pool()).await.map_err(database("read customer"))?;
    Ok(found.map_or(CustomerAnswer::NotPermitted, |Json(record)| CustomerAnswer::Record(Box::new(record))))
}

/// The same, of which nothing is told and nothing stays: the connection has prepared and planned the statement afterwards, which takes
/// longer than executing it.
pub async fn rehearse_customer_facts(database_: &Database, query: &CustomerQuery<'_>) -> Result<()> {
    database_.pool().rehearse(statement(query)).await.map_err(database("prepare to read customers"))
}

type Statement<'q> = QueryScalar<'q, Postgres, Json<CustomerRecord>, PgArguments>;

fn statement<'q>(query: &'q CustomerQuery<'q>) -> Statement<'q> {
    let statement = sqlx::query_scalar(include_str!("customer.sql"));
    statement
        .bind(query.agent.as_str())
        .bind(query.customer.as_str())
        .bind(query.request_id)
        .bind(query.orders)
        .bind(query.tracking)
        .bind(query.serials)
        .bind(query.wants.subjects())
        .bind(Json(query.wishes))
        .bind(query.time_zone)
        .bind(query.wants.parcels)
}
