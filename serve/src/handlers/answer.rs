//! `POST /support/rag-answer`: the life of a question.

mod flow;
mod keeping;
mod streaming;
mod told;

use std::time::Duration;

use auskunft_model::{Asker, ProductId};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use crate::access::Caller;
use crate::body::JsonBody;
use crate::error::{ApiError, Problem};
use crate::frame::{Arrival, REPLAYED, RequestId};
use crate::log::Entry;
use crate::state::AppState;
use crate::timing::Timings;
use crate::wire::{AnswerRequest, AnswerResponse, ProblemBody};
use flow::{Flow, Outcome};
use told::{From, Told};

/// Answers a question from cited evidence, asks back, or hands over to a person. With `stream` the answer comes as events.
#[utoipa::path(post, path = "/support/rag-answer", tag = "support", request_body = AnswerRequest,
    params(("idempotency-key" = Option<String>, Header,
        description = "A request that is sent again with the same key, 1 to 200 visible ASCII characters, gets the same response within 24 h \
            (with `idempotent-replayed: true`), and its conversation is not told twice")),
    responses(
        (status = 200, description = "Answered, or a clear statement that it cannot be; with `stream` as events (`text/event-stream`)", body = AnswerResponse),
        (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The key was used for another question", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many questions", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn rag_answer(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Extension(Arrival(begin)): Extension<Arrival>,
    Extension(entry): Extension<Entry>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Response, ApiError> {
    let streams = request.stream;
    let told = Told::read(state, From { caller, request_id, entry, begin }, &headers, request)?;
    let mut flow = Flow::new(told);
    let opened = flow.open().await;
    let rate = flow.rate(opened.requests);
    let response = match rate.refusal() {
        Some(refused) => refused.into_response(),
        None if streams => streaming::respond(flow, opened),
        None => {
            let outcome = Box::pin(flow.run(opened)).await;
            let total = flow.told.begin.elapsed();
            match outcome {
                Ok(outcome) => with_timing(outcome.into_response(), &flow.timings, total),
                Err(error) => error.into_response(),
            }
        }
    };
    Ok((rate.headers(), response).into_response())
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        match self {
            Self::Answered(body) => Json(*body).into_response(),
            Self::Replayed(reply) => ([(REPLAYED, "true")], Json(reply)).into_response(),
        }
    }
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
