//! Messages about conversations and what agents think of answers.

use auskunft_model::CustomerId;
use auskunft_store::chats::{ChatId, ChatPage, ChatSummary, Placed, Speaker};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::chat::Beside;

/// Which conversations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionsQuery {
    /// At most so many, 1 to 100, without it 20.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// A page of conversations, the one that went on last first. It may hold fewer than asked for, or none, and have a next page.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsResponse {
    /// The conversations.
    pub sessions: Vec<SessionBody>,
    /// What to state as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A conversation in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    /// The session.
    pub session_id: String,
    /// The customer that it is held with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started: DateTime<Utc>,
    /// When it went on last.
    #[schema(value_type = String, format = DateTime)]
    pub last: DateTime<Utc>,
}

impl SessionBody {
    /// A conversation.
    pub(crate) fn new(summary: ChatSummary) -> Self {
        Self {
            session_id: summary.id.session().to_owned(),
            customer_id: customer(&summary.id),
            started: summary.started,
            last: summary.last,
        }
    }
}

fn customer(chat: &ChatId) -> Option<String> {
    chat.customer().map(CustomerId::to_string)
}

/// Which messages to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    /// The customer that the conversation is held with; without it: the one that is held with none.
    pub customer_id: Option<String>,
    /// At most so many, 1 to 100, without it 20.
    pub limit: Option<usize>,
    /// `previous` of the page after it; without it the latest messages.
    pub before: Option<String>,
}

/// Some messages of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionResponse {
    /// The session.
    pub session_id: String,
    /// The customer that it is held with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Oldest first.
    pub messages: Vec<MessageBody>,
    /// What to state as `before` for older messages; missing where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

impl SessionResponse {
    /// A page of a conversation.
    pub(crate) fn new(chat: &ChatId, page: ChatPage, permissions: &str) -> Self {
        let first = page.messages.first().filter(|_| page.has_older);
        Self {
            session_id: chat.session().to_owned(),
            customer_id: customer(chat),
            previous: first.map(|placed| placed.position.to_string()),
            messages: page.messages.into_iter().map(|placed| MessageBody::new(placed, permissions)).collect(),
        }
    }
}

/// A message of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageBody {
    /// Its id.
    pub id: String,
    /// Who said it: `customer` (or who asks for the customer) or `agent` (the desk).
    pub from: &'static str,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub ts: DateTime<Utc>,
    /// What was said; empty where it is withheld.
    pub text: String,
    /// Set where the agent's rights have changed since it was said: ask again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

impl MessageBody {
    /// An answer may rest on what only those rights allow to see.
    fn new(placed: Placed, permissions: &str) -> Self {
        let message = placed.message;
        let withheld = message.from == Speaker::Agent
            && Beside::of(&message).is_none_or(|beside| beside.permissions != permissions);
        let from = match message.from {
            Speaker::Customer => "customer",
            Speaker::Agent => "agent",
        };
        let ts = message.at();
        let text = if withheld { String::new() } else { message.text };
        Self { from, ts, id: message.id, text, withheld }
    }
}

/// What an agent thinks of an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackRequest {
    /// The conversation.
    pub session_id: String,
    /// The customer that it is held with.
    pub customer_id: Option<String>,
    /// The `request_id` of the answer; either this or `message_id`.
    pub request_id: Option<String>,
    /// The id of the answer's message in the conversation.
    pub message_id: Option<String>,
    /// Whether it helped.
    pub helpful: bool,
    /// Words about it, at most 2,000 characters.
    pub comment: Option<String>,
}
