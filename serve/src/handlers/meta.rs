//! What the service says about itself.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use utoipa::openapi::OpenApi;

use crate::error::ApiError;
use crate::metrics::CONTENT_TYPE as METRICS_TYPE;
use crate::openapi;
use crate::state::AppState;

type WithType = ([(HeaderName, &'static str); 1], String);

/// Counters in the OpenMetrics text format.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses(
    (status = 200, description = "Counters", body = String, content_type = "application/openmetrics-text")
))]
pub(crate) async fn metrics(State(state): State<AppState>) -> Result<WithType, ApiError> {
    state.metrics.observe(&state.admission, &state.desk.standing(), state.desk.query_cache());
    state.metrics.observe_log(state.log.queued());
    for (store, is_left_alone) in state.left_alone() {
        state.metrics.breaker(store, is_left_alone);
    }
    state.metrics.observe_pool("main", state.stores.database.pool_use());
    if let Some(used) = state.log.logs().pool_use() {
        state.metrics.observe_pool("log", used);
    }
    let text = state.metrics.text().map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(([(CONTENT_TYPE, METRICS_TYPE)], text))
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operations", responses(
    (status = 200, description = "An OpenAPI document", body = Object)
))]
pub(crate) async fn openapi() -> Json<OpenApi> {
    Json(openapi::document())
}

/// This description as a page.
#[utoipa::path(get, path = "/docs", tag = "operations", responses(
    (status = 200, description = "A page", body = String, content_type = "text/html")
))]
pub(crate) async fn docs() -> ([(HeaderName, &'static str); 2], String) {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
    ];
    (headers, openapi::page())
}
