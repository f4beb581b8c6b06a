//! `/support/sessions`: an agent's own conversations. What was said about a customer is shown while the agent may see that customer.

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::chats::{self, ChatId, ChatSummary};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use chrono::{DateTime, Datelike};

use crate::access::SignedIn;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::state::AppState;
use crate::wire::{ProblemBody, SessionBody, SessionQuery, SessionResponse, SessionsQuery, SessionsResponse};

/// The agent's own conversations, the one that went on last first; without those about customers that it may not see any more.
#[utoipa::path(get, path = "/support/sessions", tag = "support", params(SessionsQuery), responses(
    (status = 200, description = "A page", body = SessionsResponse),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    query: Result<Query<SessionsQuery>, QueryRejection>,
) -> Result<Json<SessionsResponse>, ApiError> {
    let query = check::query(query)?;
    let limit = check::limit(query.limit, check::ROWS)?;
    let after = query.after.as_deref().map(|text| place(text, &caller.agent.id)).transpose()?;
    let _permit = state.admission.enter().await?;
    // One more than wanted tells whether there is a next page.
    let mut found = state.documents().chats(&caller.agent.id, after.as_ref(), limit + 1).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(cursor);
    let customers: Vec<&CustomerId> = found.iter().filter_map(|summary| summary.id.customer()).collect();
    let permitted = chats::listed(&state.stores.database, caller.seer(&request_id), &customers).await?;
    found
        .retain(|summary| summary.id.customer().is_none_or(|customer| permitted.contains(customer.as_str())));
    Ok(Json(SessionsResponse { sessions: found.into_iter().map(SessionBody::new).collect(), next }))
}

/// What was said in one of the agent's own conversations, the latest messages first asked for, oldest first told. A conversation
/// belongs to the agent and to the customer that it was held with: state the same `customer_id`. Answers from before the agent's
/// rights changed are withheld.
#[utoipa::path(get, path = "/support/sessions/{id}", tag = "support",
    params(("id" = String, Path, description = "The session"), SessionQuery),
    responses(
        (status = 200, description = "A page", body = SessionResponse),
        (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "None of the agent's own with that customer", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn session(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<SessionQuery>, QueryRejection>,
) -> Result<Json<SessionResponse>, ApiError> {
    let query = check::query(query)?;
    let session = check::path_identifier(path)?;
    let chat = chat_of(&caller, &session, query.customer_id.as_deref())?;
    let (limit, before) =
        (check::limit(query.limit, check::ROWS)?, query.before.as_deref().map(position).transpose()?);
    let _permit = state.admission.enter().await?;
    let page = state.documents().messages(&chat, before, limit).await?;
    // Older messages may have been removed since the page after them was read.
    let exists = !page.messages.is_empty()
        || (before.is_some() && !state.documents().messages(&chat, None, 1).await?.messages.is_empty());
    let is_shown = match chat.customer() {
        Some(customer) => {
            let seer = caller.seer(&request_id);
            chats::may_look(&state.stores.database, seer, &session, customer, exists).await?
        }
        None => exists,
    };
    let permissions = caller.permissions();
    if is_shown { Ok(Json(SessionResponse::new(&chat, page, &permissions))) } else { Err(unknown(&session)) }
}

/// The caller's own conversation of that session with that customer, or with none.
pub(super) fn chat_of(caller: &SignedIn, session: &str, customer: Option<&str>) -> Result<ChatId, ApiError> {
    let customer = check::parsed("customer_id", customer, CustomerId::parse)?;
    check::identifier("session_id", session)?;
    ChatId::of_agent(session, caller.agent.id.clone(), customer)
        .map_err(|error| check::invalid(error.to_string()))
}

pub(super) fn unknown(session: &str) -> ApiError {
    let detail = format!("you have no conversation `{session}` with that customer; state its `customer_id`");
    ApiError::new(Problem::UnknownSession, detail)
}

fn position(text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|_| check::invalid("`before` must be the `previous` of the page after it"))
}

/// Names the place behind a conversation: its last message in milliseconds since 1970, session and customer.
fn cursor(summary: &ChatSummary) -> String {
    let customer = summary.id.customer().map_or("", CustomerId::as_str);
    format!("{}:{}:{customer}", summary.last.timestamp_millis(), summary.id.session())
}

fn place(text: &str, agent: &AgentId) -> Result<ChatSummary, ApiError> {
    let read = || {
        let (millis, rest) = text.split_once(':')?;
        let (session, customer) = rest.split_once(':')?;
        let last = DateTime::from_timestamp_millis(millis.parse().ok()?)?;
        let last = (0..10_000).contains(&last.year()).then_some(last)?;
        let customer = match customer {
            "" => None,
            customer => Some(CustomerId::parse(customer).ok()?),
        };
        let id = ChatId::of_agent(session, agent.clone(), customer).ok()?;
        Some(ChatSummary { id, started: last, last })
    };
    read().ok_or_else(|| check::invalid("`after` must be the `next` of the page before"))
}
