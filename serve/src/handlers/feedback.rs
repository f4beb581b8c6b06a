//! `POST /support/feedback`: what an agent thinks of an answer.

use auskunft_store::chats::{self, ChatMessage, Feedback, Speaker};
use axum::extract::State;
use axum::http::StatusCode;

use super::sessions;
use crate::access::SignedIn;
use crate::body::JsonBody;
use crate::chat::Beside;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::state::AppState;
use crate::wire::{FeedbackRequest, ProblemBody};

/// The longest comment, in characters.
const MAX_COMMENT: usize = 2_000;

/// How far back an answer may lie, in messages of its conversation.
const LATEST: usize = 200;

/// Whether it is the answer of that id, its own or its request's.
fn is_about(message: &ChatMessage, id: &str) -> bool {
    message.from == Speaker::Agent
        && (message.id == id || Beside::of(message).is_some_and(|beside| beside.request_id == id))
}

/// Says whether an answer of one of the agent's own conversations helped. Said again about the same answer, the latest counts.
#[utoipa::path(post, path = "/support/feedback", tag = "support", request_body = FeedbackRequest, responses(
    (status = 204, description = "Kept"),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = 404, description = "None of the agent's own conversations, or no such answer in it", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn give(
    State(state): State<AppState>,
    caller: SignedIn,
    JsonBody(request): JsonBody<FeedbackRequest>,
) -> Result<StatusCode, ApiError> {
    let chat = sessions::chat_of(&caller, &request.session_id, request.customer_id.as_deref())?;
    let (field, about) = match (&request.request_id, &request.message_id) {
        (Some(id), None) => ("request_id", id),
        (None, Some(id)) => ("message_id", id),
        _ => return Err(check::invalid("state either `request_id` or `message_id`")),
    };
    check::identifier(field, about)?;
    let comment =
        request.comment.as_deref().map(|words| check::text("comment", words, MAX_COMMENT)).transpose()?;
    let _permit = state.admission.enter().await?;
    let page = state.documents().messages(&chat, None, LATEST).await?;
    if page.messages.is_empty() {
        return Err(sessions::unknown(&request.session_id));
    }
    if !page.messages.iter().any(|placed| is_about(&placed.message, about)) {
        let detail = format!("the conversation has no answer `{about}` among its latest {LATEST} messages");
        return Err(ApiError::new(Problem::UnknownAnswer, detail));
    }
    let feedback = Feedback { about, helpful: request.helpful, comment: comment.as_deref() };
    chats::keep_feedback(&state.stores.database, &chat, feedback).await?;
    Ok(StatusCode::NO_CONTENT)
}
