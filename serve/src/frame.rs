//! What every request passes, from the outside in: compression, then [`finish`] (request id, log line, counters, the body of
//! problems), CORS, panics, the time limit.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use auskunft_boot::telemetry::REQUESTS;
use auskunft_model::id;
use auskunft_store::Database;
use auskunft_store::audit::{self, EventKind, NewEvent};
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, RETRY_AFTER, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::access::guard;
use crate::error::{ApiError, Problem};
use crate::log::{RequestLog, Streamed};
use crate::metrics::Metrics;
use crate::state::{AppState, Limits};
use crate::wire::ProblemBody;
use crate::{traces, unique};

/// Names a request; taken from the caller where it has the form of an identifier, else made.
pub(crate) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request that may be sent again.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that a response is the one that the same request got before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// How long a failed request waits until its failure is kept.
const AUDIT_PATIENCE: Duration = Duration::from_secs(1);

/// The id of a request, for its handler.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// When a request came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival(pub(crate) Instant);

/// What the frame needs.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    limits: Arc<Limits>,
    metrics: Arc<Metrics>,
    /// Where defects are kept, with the audit.
    database: Option<Arc<Database>>,
    /// Where every question leaves a row.
    log: Option<RequestLog>,
}

impl Frame {
    /// The frame of a service.
    pub(crate) fn new(state: &AppState) -> Self {
        Self {
            limits: Arc::clone(&state.limits),
            metrics: Arc::clone(&state.metrics),
            database: Some(Arc::clone(&state.stores.database)),
            log: Some(state.log.clone()),
        }
    }
}

/// Puts routes into the frame.
pub(crate) fn surround(routes: Router, frame: Frame) -> Router {
    // The last layer is the outermost.
    let routes = routes
        .layer(from_fn_with_state(frame.limits.request_timeout, limit_time))
        .layer(CatchPanicLayer::custom(after_panic));
    let routes = match cors(&frame.limits.cors_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    // A PDF is compressed in itself.
    let worth_it = DefaultPredicate::new().and(NotForContentType::const_new("application/pdf"));
    routes.layer(from_fn_with_state(frame, finish)).layer(CompressionLayer::new().compress_when(worth_it))
}

/// No origin, no CORS headers: browsers then refuse other sites' scripts.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    let allowed: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PATCH])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, IF_MATCH, REQUEST_ID.clone(), IDEMPOTENCY_KEY])
        .expose_headers([ETAG, REQUEST_ID.clone(), REPLAYED, RETRY_AFTER, WWW_AUTHENTICATE]);
    (!allowed.is_empty()).then(|| layer.allow_origin(AllowOrigin::list(allowed)))
}

async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = format!("the request took longer than {} ms; try again", limit.as_millis());
            ApiError::new(Problem::Timeout, detail).into_response()
        }
    }
}

/// What the panic says is left out: texts of panics quote what was worked on. The program's hook logs the place.
fn after_panic(_: Box<dyn Any + Send>) -> Response {
    ApiError::internal("panic").into_response()
}

async fn finish(State(frame): State<Frame>, mut request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let id = request_id(request.headers());
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = known_method(request.method());
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Arrival(begin));
    let span = span_of(&id, method, &route);
    let trace = traces::begin(&span, request.headers());
    let pending = frame.log.as_ref().and_then(|log| log.begin(method, &route, &id, trace));
    if let Some(pending) = &pending {
        request.extensions_mut().insert(pending.entry());
    }
    let response = next.run(request).instrument(span.clone()).await;
    if let Some(pending) = pending {
        match response.extensions().get::<Streamed>() {
            Some(streamed) => streamed.take_over(pending),
            None => pending.end(&response),
        }
    }
    let problem = response.extensions().get::<ApiError>().map(|error| error.problem);
    if let (Some(database), Some(Problem::Internal)) = (&frame.database, problem) {
        keep_defect(database, &id, &route).instrument(span.clone()).await;
    }
    let _entered = span.entered();
    let response = write_problem(response, &id, &frame.metrics);
    if response.extensions().get::<Streamed>().is_none() {
        finished(&frame.metrics, &route, method, response.status(), begin.elapsed());
    }
    with_common_headers(response, &id)
}

/// What names a request in all its lines of the log. As an error's span it stands also where only errors are logged.
fn span_of(id: &str, method: &str, route: &str) -> Span {
    tracing::error_span!(
        target: REQUESTS,
        traces::REQUEST,
        request.id = %id,
        http.method = method,
        http.route = %route,
        agent.id = Empty,
        trace_id = Empty,
    )
}

/// Counts a request that is over, and says so in the log and in its trace.
pub(crate) fn finished(metrics: &Metrics, route: &str, method: &str, status: StatusCode, took: Duration) {
    metrics.request(route, method, status.as_u16(), took);
    let duration_ms = crate::timing::milliseconds(took);
    tracing::info!(http.status = status.as_u16(), duration_ms, "request finished");
    traces::end(status);
}

/// A defect stands in the audit, for people to look into; the log of the same request id tells more.
pub(crate) async fn keep_defect(database: &Database, id: &str, route: &str) {
    let event = NewEvent {
        kind: EventKind::SystemError,
        agent: None,
        customer: None,
        request_id: Some(id),
        detail: serde_json::json!({ "route": route }),
    };
    match tokio::time::timeout(AUDIT_PATIENCE, audit::record(database, &event)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a defect does not stand in the audit"),
        Err(_) => tracing::warn!("a defect does not stand in the audit: the database does not answer"),
    }
}

/// Methods that are no methods must not become names of counters.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Where a handler left an [`ApiError`], writes its body; the one place where causes are logged.
fn write_problem(mut response: Response, id: &str, metrics: &Metrics) -> Response {
    let Some(error) = response.extensions_mut().remove::<ApiError>() else { return response };
    let row = error.problem.row();
    metrics.problem(row.code);
    if error.problem == Problem::Unavailable {
        // Whatever else is away, answers go on without it.
        metrics.store_failed("postgres");
    }
    if let Some(cause) = &error.cause {
        tracing::error!(problem.code = row.code, cause, "a request failed");
    }
    let body = ProblemBody::new(&error, id);
    let text = serde_json::to_vec(&body).unwrap_or_default();
    let headers = response.headers_mut();
    headers.remove(axum::http::header::CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = error.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(challenge) = guard::challenge(error.problem) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    *response.body_mut() = Body::from(text);
    response
}

/// Answers hold what a person asked: nobody on the way may keep them.
fn with_common_headers(mut response: Response, id: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn request_id(headers: &HeaderMap) -> String {
    let stated = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    stated.filter(|text| id::check(text).is_ok()).map_or_else(|| unique::id("r"), str::to_owned)
}

#[cfg(test)]
mod tests;
