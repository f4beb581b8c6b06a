//! Messages about tickets and tokens.

use auskunft_model::Ticket as Body;
use auskunft_store::tickets::{Ticket, TicketEvent, TicketStatus};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Nobody works on it yet.
    Open,
    /// Somebody works on it.
    InProgress,
    /// It waits for the customer or for others.
    Waiting,
    /// It is solved, the customer may still object.
    Solved,
    /// It is over.
    Closed,
}

impl From<TicketState> for TicketStatus {
    fn from(state: TicketState) -> Self {
        match state {
            TicketState::Open => Self::Open,
            TicketState::InProgress => Self::InProgress,
            TicketState::Waiting => Self::Waiting,
            TicketState::Solved => Self::Solved,
            TicketState::Closed => Self::Closed,
        }
    }
}

impl From<TicketStatus> for TicketState {
    fn from(status: TicketStatus) -> Self {
        match status {
            TicketStatus::Open => Self::Open,
            TicketStatus::InProgress => Self::InProgress,
            TicketStatus::Waiting => Self::Waiting,
            TicketStatus::Solved => Self::Solved,
            TicketStatus::Closed => Self::Closed,
        }
    }
}

/// Which tickets to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TicketsQuery {
    /// Of this customer alone.
    pub customer_id: Option<String>,
    /// Of this status alone.
    pub status: Option<TicketState>,
    /// At most so many, 1 to 100, without it 20.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// A page of tickets, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketsResponse {
    /// The tickets.
    pub tickets: Vec<TicketRowBody>,
    /// What to state as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A ticket in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketRowBody {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub customer_id: String,
    /// The order that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// The product that it is about (its SKU).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// Who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// How it stands.
    pub status: TicketState,
    /// One line; missing where the document store does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created: DateTime<Utc>,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated: DateTime<Utc>,
    /// Raised by each change, from 1; who changes a ticket states it.
    pub version: i64,
}

impl TicketRowBody {
    /// A ticket with its subject.
    pub(crate) fn new(ticket: Ticket, subject: Option<String>) -> Self {
        Self {
            id: ticket.id,
            customer_id: ticket.customer_id,
            order_id: ticket.order_id,
            product_id: ticket.product_id,
            agent_id: ticket.agent_id,
            status: ticket.status.into(),
            subject,
            created: ticket.created,
            updated: ticket.updated,
            version: ticket.version,
        }
    }
}

/// A ticket with everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketResponse {
    /// What lists show of it.
    #[serde(flatten)]
    pub ticket: TicketRowBody,
    /// What the customer wrote; missing where the document store does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// How it was solved, as the catalog states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// What was done about it, oldest first.
    pub history: Vec<TicketEventBody>,
}

impl TicketResponse {
    /// A ticket with its body and its history.
    pub(crate) fn new(ticket: Ticket, body: Option<Body>, history: Vec<TicketEvent>) -> Self {
        let (subject, text, resolution) = match body {
            Some(body) => (Some(body.subject), Some(body.body), body.resolution),
            None => (None, None, None),
        };
        let history = history.into_iter().map(Into::into).collect();
        Self { ticket: TicketRowBody::new(ticket, subject), body: text, resolution, history }
    }
}

/// Something that was done about a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketEventBody {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTime<Utc>,
    /// By which agent; missing where it came with the catalog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// `opened`, `status`, `agent` or `note`.
    pub change: String,
    /// What it was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// The agent's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<TicketEvent> for TicketEventBody {
    fn from(event: TicketEvent) -> Self {
        let TicketEvent { at, agent_id, change, old, new, note } = event;
        Self { at, agent_id, change, old, new, note }
    }
}

/// A ticket to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTicketRequest {
    /// Whose it is.
    pub customer_id: String,
    /// The order that it is about, one of the customer's.
    pub order_id: Option<String>,
    /// The product that it is about (its SKU).
    pub product_id: Option<String>,
    /// One line, at most 200 characters.
    pub subject: String,
    /// The customer's words, at most 10,000 characters.
    pub body: String,
}

/// A change to a ticket; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTicketRequest {
    /// The version that was seen; may stand in the header `if-match` instead.
    pub version: Option<i64>,
    /// How it stands from now on.
    pub status: Option<TicketState>,
    /// Who works on it from now on; `null` = nobody.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    pub agent_id: Option<Option<String>>,
    /// Words about it, at most 2,000 characters.
    pub note: Option<String>,
}

/// Tells `null` from a field that is left out.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Which token to revoke.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    /// The token's id (its claim `jti`); without it the token of this request.
    pub token_id: Option<String>,
}

/// A token that is revoked.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevokeResponse {
    /// The token's id.
    pub token_id: String,
    /// When it would have ended, as far as that is known.
    #[schema(value_type = String, format = DateTime)]
    pub revoked_until: DateTime<Utc>,
}
