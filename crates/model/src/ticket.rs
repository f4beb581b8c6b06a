//! A support ticket: customer data, stored for the agents of its region, never chunked, embedded or retrieved.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A ticket as the catalog delivers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The ticket's own id.
    pub id: String,
    /// Whose ticket it is.
    pub customer_id: String,
    /// The order it is about, as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// The product it is about, as stated.
    pub product: Option<String>,
    /// E.g. `open`, `pending`, `closed`.
    pub status: String,
    /// One line.
    pub subject: String,
    /// The customer's words.
    pub body: String,
    /// When it was opened.
    pub created: DateTime<Utc>,
    /// How it was solved, where it was.
    pub resolution: Option<String>,
}
