//! `POST /support/rag-answer`: the life of a question.

mod flow;

use std::time::{Duration, Instant};

use auskunft_model::{Asker, ProductId};
use axum::extract::State;
use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::Utc;

use crate::access::Caller;
use crate::body::JsonBody;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::log::Entry;
use crate::session;
use crate::state::AppState;
use crate::timing::Timings;
use crate::wire::{AnswerRequest, AnswerResponse, Cost, ProblemBody};
use flow::{Flow, Told};

/// The row that every question leaves in the request log.
const LOG_ROWS: u32 = 1;

/// Answers a question from cited evidence, asks back, or hands over to a person.
#[utoipa::path(post, path = "/support/rag-answer", tag = "support", request_body = AnswerRequest, responses(
    (status = 200, description = "Answered, or a clear statement that it cannot be", body = AnswerResponse),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = 429, description = "Too many questions", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn rag_answer(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Extension(entry): Extension<Entry>,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Response, ApiError> {
    let begin = Instant::now();
    let asked = check::answer_request(request, state.desk.today())?;
    entry.conversation(&asked.session, asked.customer.as_ref());
    let now = Utc::now();
    let keys = session::keys(&asked, &caller, &state.desk.standing(), state.shop_version(), now);
    let asker = caller.asker(asked.customer.as_ref(), &request_id);
    let told = Told { state: &state, asked: &asked, caller: &caller, asker: &asker, keys: &keys };
    let mut flow = Flow::new(told);
    flow.operations.timescale += LOG_ROWS;
    let opened = flow.open().await;
    let rate = flow.rate(opened.requests, now);
    if let Some(refused) = rate.refusal() {
        return Ok((rate.headers(), refused).into_response());
    }
    let answered = Box::pin(flow.answer(opened)).await;
    entry.spent(&flow.timings);
    let answer = match answered {
        Ok(answer) => answer,
        Err(error) => return Ok((rate.headers(), error).into_response()),
    };
    let total = begin.elapsed();
    flow.note(&answer);
    entry.answered(&answer, flow.cached);
    let timings = flow.timings;
    let cost = Cost {
        session_id: asked.session.clone(),
        cached: flow.cached,
        operations: flow.operations,
        timings_ms: timings.milliseconds(total),
    };
    let body = Json(AnswerResponse::new(request_id, answer, cost));
    Ok(with_timing((rate.headers(), body).into_response(), &timings, total))
}

/// A product that the caller names must be one that the caller may see.
pub(crate) fn require_known(
    state: &AppState,
    product: Option<&ProductId>,
    asker: &Asker,
) -> Result<(), ApiError> {
    let Some(id) = product.filter(|id| !state.desk.knows_product(id, asker)) else { return Ok(()) };
    let detail = format!("the catalog has no product `{id}`; leave `product_id` out or correct it");
    Err(ApiError::new(Problem::UnknownProduct, detail))
}

/// Adds the `Server-Timing` header.
pub(crate) fn with_timing(mut response: Response, timings: &Timings, total: Duration) -> Response {
    if let Some(value) = timings.header(total) {
        response.headers_mut().insert(HeaderName::from_static("server-timing"), value);
    }
    response
}
