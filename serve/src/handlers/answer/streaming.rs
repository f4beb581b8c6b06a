//! An answer as events (`text/event-stream`): `start`, `facts`, each `citation`, the text in `token`s, `end`; or `error`.
//!
//! The body itself does the work: when its reader goes away it is dropped, and with it whatever was being done.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;

use auskunft_store::volatile::Opened;
use axum::Extension;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use futures::{FutureExt, Stream};
use serde_json::{Map, Value, json};
use tracing::Instrument;

use super::flow::{Flow, Outcome};
use super::keeping::value;
use crate::error::{ApiError, Problem};
use crate::frame::{finished, keep_defect};
use crate::log::Streamed;
use crate::wire::ProblemBody;

/// The path, as defects name it.
const ROUTE: &str = "/support/rag-answer";

/// An event's name and content.
type Named = (&'static str, Value);

/// The response that answers while it is read.
pub(super) fn respond(flow: Flow, opened: Opened) -> Response {
    let streamed = Streamed::default();
    let heartbeat = flow.told.state.limits.heartbeat;
    let events = Sse::new(events(flow, opened, streamed.clone()))
        .keep_alive(KeepAlive::new().interval(heartbeat).text("working"));
    // A proxy that gathers the body first would make one event of all.
    let unbuffered = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (unbuffered, Extension(streamed), events).into_response()
}

fn events(
    flow: Flow,
    opened: Opened,
    streamed: Streamed,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    let told = &flow.told;
    let start = ("start", json!({ "request_id": told.request_id, "session_id": told.asked.session }));
    // The body is made after the frame has left the request's span.
    let work = work(flow, opened, streamed).instrument(tracing::Span::current());
    let rest = stream::once(work).flat_map(stream::iter);
    stream::iter([start]).chain(rest).map(|(name, content)| Ok(event(name, &content)))
}

/// JSON has no line breaks, and an event of one line cannot be torn.
fn event(name: &str, content: &Value) -> Event {
    Event::default().event(name).data(content.to_string())
}

async fn work(mut flow: Flow, opened: Opened, streamed: Streamed) -> Vec<Named> {
    // Dropped before its end it says that the client is gone.
    let request = streamed.request();
    let limit = flow.told.state.limits.request_timeout;
    let left = limit.saturating_sub(flow.told.begin.elapsed());
    let work = AssertUnwindSafe(tokio::time::timeout(left, Box::pin(flow.run(opened)))).catch_unwind();
    let outcome = match work.await {
        Ok(Ok(outcome)) => outcome.and_then(body),
        Ok(Err(_)) => {
            let detail = format!("the request took longer than {} ms; try again", limit.as_millis());
            Err(ApiError::new(Problem::Timeout, detail))
        }
        Err(_) => Err(ApiError::internal("panic")),
    };
    let status = outcome.as_ref().map_or_else(|error| error.problem.row().status, |_| StatusCode::OK);
    finished(&flow.told.state.metrics, ROUTE, "POST", status, flow.told.begin.elapsed());
    match outcome {
        Ok((body, is_replayed)) => {
            if let Some(request) = request {
                request.end_stream(None);
            }
            parts(body, is_replayed)
        }
        Err(error) => {
            if let Some(request) = request {
                request.end_stream(Some(error.problem.row().code));
            }
            vec![failed(&flow, &error).await]
        }
    }
}

fn body(outcome: Outcome) -> Result<(Value, bool), ApiError> {
    match outcome {
        Outcome::Answered(body) => Ok((value(*body)?, false)),
        Outcome::Replayed(reply) => Ok((reply, true)),
    }
}

/// The response in pieces: what stands in one event does not stand in another.
fn parts(body: Value, is_replayed: bool) -> Vec<Named> {
    let mut rest = match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let mut take = |name: &str| rest.remove(name).unwrap_or_default();
    let (facts, citations, text) = (take("facts"), take("citations"), take("answer"));
    let mut parts = vec![("facts", json!({ "facts": facts }))];
    let citations = match citations {
        Value::Array(citations) => citations,
        _ => Vec::new(),
    };
    parts.extend(citations.into_iter().map(|citation| ("citation", citation)));
    let words = text.as_str().unwrap_or_default().split_inclusive(' ');
    parts.extend(words.map(|word| ("token", json!({ "text": word }))));
    if is_replayed {
        rest.insert("replayed".to_owned(), Value::Bool(true));
    }
    parts.push(("end", Value::Object(rest)));
    parts
}

/// What `frame` does for other responses: counts the problem, logs its cause, keeps a defect.
async fn failed(flow: &Flow, error: &ApiError) -> Named {
    let told = &flow.told;
    let code = error.problem.row().code;
    told.state.metrics.problem(code);
    if error.problem == Problem::Unavailable {
        told.state.metrics.store_failed("postgres");
    }
    if let Some(cause) = &error.cause {
        tracing::error!(problem.code = code, cause, "a request failed");
    }
    if error.problem == Problem::Internal {
        keep_defect(&told.state.stores.database, &told.request_id, ROUTE).await;
    }
    let mut body = value(ProblemBody::new(error, &told.request_id)).unwrap_or_default();
    if let (Some(fields), Some(seconds)) = (body.as_object_mut(), error.retry_after) {
        fields.insert("retry_after".to_owned(), seconds.into());
    }
    ("error", body)
}
