//! What the shop says of products today.

use auskunft_model::{AgentId, Attribute, CustomerId, ProductId};
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::AssertSqlSafe;
use sqlx::types::Json;

use crate::Database;
use crate::error::{Result, database};
use crate::reader;

/// Products and whose prices count.
#[derive(Debug, Clone, Copy)]
pub struct ProductQuery<'a> {
    /// The products, at most [`ProductQuery::MOST`]; what comes after is left out.
    pub skus: &'a [ProductId],
    /// Who asks; `None` = a guest.
    pub agent: Option<&'a AgentId>,
    /// For whose region, where prices are asked for. A customer that the agent may not see counts as none.
    pub customer: Option<&'a CustomerId>,
    /// The day that prices are judged by.
    pub today: NaiveDate,
    /// Why: the request that the audit names.
    pub request_id: &'a str,
}

impl ProductQuery<'_> {
    /// The most products that are read at once.
    pub const MOST: usize = 8;
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductFacts {
    /// Whose prices and stock: the customer's region, else the agent's first (in order of the alphabet), else the shop's first;
    /// `None` = the shop states no region.
    pub region: Option<String>,
    /// Whether that is the customer's, whose data have then been read.
    pub of_customer: bool,
    /// The products that are known and not bound to a region that the reader does not see ([`Reader`](crate::Reader)), in the order in which
    /// they were asked for.
    pub products: Vec<ProductFactsRow>,
}

/// A product with all that is stated about it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProductFactsRow {
    /// The SKU.
    pub sku: String,
    /// Its name; `None` = it has a price, but no page.
    pub name: Option<String>,
    /// No longer sold.
    pub obsolete: bool,
    /// The first day without a price in the region (else anywhere), of products that are no longer sold.
    pub since: Option<NaiveDate>,
    /// Path of its page.
    pub source: Option<String>,
    /// Its own price and stock.
    pub sold: SoldProduct,
    /// What is sold instead.
    pub successor: Option<SoldProduct>,
    /// Its typed facts.
    pub attributes: Vec<SourcedAttribute>,
}

/// An attribute and the source that states it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SourcedAttribute {
    /// The fact.
    pub attribute: Attribute,
    /// Path of the source.
    pub source: String,
}

/// Price and stock of a product in the region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SoldProduct {
    /// The SKU.
    pub sku: String,
    /// Its name, where it has a page.
    pub name: Option<String>,
    /// Today's price; `None` = not sold there today.
    pub price: Option<PriceRow>,
    /// Pieces in stock; `None` = not known.
    pub stock: Option<i64>,
}

/// What a product costs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PriceRow {
    /// ISO 4217.
    pub currency: String,
    /// How much, exactly as stored.
    pub amount: String,
    /// Whether the amount holds the tax.
    pub vat_included: bool,
}

/// The statement with the condition on the region of a product's page.
pub(super) fn statement() -> String {
    include_str!("product.sql").replace("{sees}", &reader::sees("product.region", 2))
}

/// Reads products with attributes, today's prices and stock. One statement, one operation; where a customer's region decides, the
/// statement writes that into the audit: `customer_data_shown`.
pub async fn product_facts(database_: &Database, query: &ProductQuery<'_>) -> Result<ProductFacts> {
    let skus: Vec<&str> = query.skus.iter().take(ProductQuery::MOST).map(ProductId::as_str).collect();
    let statement =
        sqlx::query_as::<_, (Option<String>, bool, Json<Vec<ProductFactsRow>>)>(AssertSqlSafe(statement()));
    let statement = statement
        .bind(skus)
        .bind(query.agent.map(AgentId::as_str))
        .bind(query.customer.map(CustomerId::as_str))
        .bind(query.today)
        .bind(query.request_id);
    let (region, of_customer, Json(products)) =
        statement.fetch_one(database_.pool()).await.map_err(database("read product facts"))?;
    Ok(ProductFacts { region, of_customer, products })
}
