//! The chat of a conversation: what is kept of a question and its answer, what a session that was lost is made of again, and what a
//! request that is sent again is given.

use auskunft_answer::Conversation;
use auskunft_model::{Answer, CustomerId, Digest, Language, ProductId};
use auskunft_store::chats::{ChatId, ChatMessage, ChatPage, Speaker};
use auskunft_store::volatile::Session;
use axum::http::HeaderMap;
use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::Caller;
use crate::check::Asked;
use crate::error::{ApiError, Problem};
use crate::frame::IDEMPOTENCY_KEY;
use crate::{session, unique};

/// The longest key, in bytes.
const LONGEST_KEY: usize = 200;

/// The chat of a conversation; it belongs to the agent and the customer, as the session does.
pub(crate) fn chat_of(asked: &Asked, caller: &Caller) -> Result<ChatId, ApiError> {
    let chat = match &caller.signed_in {
        Some(signed_in) => {
            ChatId::of_agent(&asked.session, signed_in.agent.id.clone(), asked.customer.clone())
        }
        None => ChatId::of_guest(&asked.session),
    };
    chat.map_err(|error| ApiError::new(Problem::InvalidId, format!("session_id: {error}")))
}

/// What stands beside an answer in its chat.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Beside {
    /// The request that it answers.
    pub(crate) request_id: String,
    /// What the agent might see when it was given.
    pub(crate) permissions: String,
    /// What the conversation is about after it.
    conversation: Conversation,
}

impl Beside {
    /// What stands beside a message; `None` beside a question.
    pub(crate) fn of(message: &ChatMessage) -> Option<Self> {
        serde_json::from_value(message.context.clone()?).ok()
    }
}

/// A question and its answer as messages, each with an id of its own.
pub(crate) fn turn(
    asked: &Asked,
    answer: &Answer,
    after: Conversation,
    (request_id, caller): (&str, &Caller),
) -> [ChatMessage; 2] {
    let now = Utc::now();
    let message = |from, text: &str| ChatMessage::new(unique::id("m"), from, now, text.to_owned());
    let mut said = message(Speaker::Agent, &answer.text);
    let beside =
        Beside { request_id: request_id.to_owned(), permissions: caller.permissions(), conversation: after };
    said.context = serde_json::to_value(beside).ok();
    [message(Speaker::Customer, &asked.question.text), said]
}

/// The session that a chat tells of; `None` where nothing was said.
pub(crate) fn rebuilt(page: &ChatPage, asked: &Asked, caller: &Caller) -> Option<Session> {
    let messages = page.messages.iter().map(|placed| &placed.message);
    // Of questions at the same time each knew only what was before both.
    let conversation = messages
        .clone()
        .filter_map(Beside::of)
        .fold(Conversation::default(), |conversation, beside| conversation.followed_by(&beside.conversation));
    let speaker = |from| match from {
        Speaker::Customer => session::CUSTOMER,
        Speaker::Agent => session::DESK,
    };
    let messages: Vec<String> =
        messages.map(|message| session::message(speaker(message.from), &message.text)).collect();
    let fields = session::fields(&conversation, asked, caller);
    (!messages.is_empty()).then_some(Session { fields, messages })
}

/// The conversation that a request with a key begins: the same one when it is sent again, and nobody else's.
pub(crate) fn session_of(key: &str, asked: &Asked, caller: &Caller) -> Result<String, ApiError> {
    let Some(signed_in) = &caller.signed_in else {
        let detail = "a guest's `idempotency-key` needs a `session_id`: guests have no name of their own";
        return Err(ApiError::new(Problem::InvalidRequest, detail));
    };
    let customer = asked.customer.as_ref().map_or("", CustomerId::as_str);
    let parts = ["session", signed_in.agent.id.as_str(), customer, key].map(str::as_bytes);
    Ok(format!("s{}", Digest::of_parts(parts).as_str().get(..24).unwrap_or_default()))
}

/// The caller's `Idempotency-Key`, where there is one: 1 to 200 visible characters.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut stated = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = stated.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    match (key, stated.next()) {
        (Some(key), None) if key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(key.to_owned())),
        _ => {
            let detail = format!(
                "`idempotency-key` must be one header of 1 to {LONGEST_KEY} visible ASCII characters without spaces"
            );
            Err(ApiError::new(Problem::InvalidRequest, detail))
        }
    }
}

/// Names all that a request asks, so that a key that is used for something else is noticed.
pub(crate) fn asked_digest(asked: &Asked) -> Digest {
    let question = &asked.question;
    let language = question.language.as_ref().map_or("", Language::as_str);
    let product = question.product_id.as_ref().map_or("", ProductId::as_str);
    let customer = asked.customer.as_ref().map_or("", CustomerId::as_str);
    Digest::of_parts([question.text.as_str(), language, product, customer].map(str::as_bytes))
}

/// A reply as it is kept for a request that is sent again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptReply {
    /// What the agent might see when it was given.
    pub(crate) permissions: String,
    /// Whether it holds data of a customer: what the agent may see of them is asked again.
    pub(crate) has_customer_facts: bool,
    /// The response's body.
    pub(crate) body: Value,
}

/// A key that was used for another request.
pub(crate) fn conflict() -> ApiError {
    let detail = "this `idempotency-key` was used for another question of this conversation; take a new one";
    ApiError::new(Problem::KeyReused, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn key(values: &[&str]) -> Result<Option<String>, Problem> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_str(value).unwrap());
        }
        key_of(&headers).map_err(|error| error.problem)
    }

    #[test]
    fn a_key_is_one_header_of_visible_characters() {
        assert_eq!(key(&[]), Ok(None));
        assert_eq!(key(&["k-1"]), Ok(Some("k-1".to_owned())));
        let long = "x".repeat(LONGEST_KEY + 1);
        for wrong in [&["a", "a"][..], &[""], &["a b"], &["\t"], &[&long]] {
            assert_eq!(key(wrong), Err(Problem::InvalidRequest), "{wrong:?}");
        }
    }
}
