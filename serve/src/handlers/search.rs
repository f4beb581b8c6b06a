//! `POST /support/search`: the evidence without an answer.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use crate::access::Caller;
use crate::body::JsonBody;
use crate::check;
use crate::error::ApiError;
use crate::frame::{Arrival, RequestId};
use crate::handlers::answer::{require_known, with_timing};
use crate::state::AppState;
use crate::timing::Timings;
use crate::wire::{ProblemBody, SearchRequest, SearchResponse};

/// Finds texts for a question, best first. Of texts that are bound to a region an agent finds those of the permitted regions.
#[utoipa::path(post, path = "/support/search", tag = "support", request_body = SearchRequest, responses(
    (status = 200, description = "Found", body = SearchResponse),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn search(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Extension(Arrival(begin)): Extension<Arrival>,
    JsonBody(request): JsonBody<SearchRequest>,
) -> Result<Response, ApiError> {
    let (question, limit) = check::search_request(request, state.desk.today())?;
    let _permit = state.admission.enter().await?;
    let asker = caller.asker(None, &request_id);
    require_known(&state, question.filter.product_id.as_ref(), &asker)?;
    let found = Box::pin(state.desk.search(&question, &asker, limit)).await?;
    let mut timings = Timings::default();
    timings.extend(caller.took);
    timings.extend(found.trace.stages);
    state.metrics.cost(timings.stages(), found.trace.operations);
    let total = begin.elapsed();
    let response = SearchResponse {
        request_id,
        hits: found.hits.into_iter().map(Into::into).collect(),
        generation: found.generation.0,
        revision: found.revision.0,
        degraded: found.degraded,
        timings_ms: timings.milliseconds(total),
    };
    Ok(with_timing(Json(response).into_response(), &timings, total))
}
