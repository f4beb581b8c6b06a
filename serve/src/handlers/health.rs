//! Whether the service lives, and whether it can answer.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::state::AppState;
use crate::timing::milliseconds;
use crate::wire::{Dependency, LiveResponse, ReadyResponse};

/// How long a dependency may take for a sign of life.
const PATIENCE: Duration = Duration::from_secs(2);

/// What answers can do without, by a stated rule. (Documents that lie in Postgres are away when that is, which nothing can do without.)
const DISPENSABLE: [&str; 2] = ["redis", "mongodb"];

/// Whether the process lives. Asks nobody.
#[utoipa::path(get, path = "/health", tag = "operations", responses((status = 200, body = LiveResponse)))]
pub(crate) async fn live() -> Json<LiveResponse> {
    Json(LiveResponse { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether questions can be answered: everything that every answer needs gives a sign of life, and the service is not stopping. Without
/// `redis` and `mongodb` answers go on, `degraded`: taking all copies out because of them would help nobody. An index that waits for
/// `mongodb` to be built is no reason either.
#[utoipa::path(get, path = "/health/ready", tag = "operations", responses(
    (status = 200, description = "Ready", body = ReadyResponse),
    (status = 503, description = "Not ready, or stopping", body = ReadyResponse)
))]
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, Json<ReadyResponse>) {
    let standing = state.desk.standing();
    let (postgres, mongodb, redis) = tokio::join!(
        probe(state.stores.database.ping()),
        probe(state.documents().ping()),
        probe(state.volatile.ping())
    );
    let index =
        async { if standing.chunks > 0 { Ok(()) } else { Err("the index is empty; run `ingest DIR`") } };
    let index = probe(index).await;
    let waits_for_texts = !mongodb.ok;
    let dependencies =
        BTreeMap::from([("postgres", postgres), ("mongodb", mongodb), ("redis", redis), ("index", index)]);
    let is_dispensable = |name: &str| DISPENSABLE.contains(&name) || (name == "index" && waits_for_texts);
    let all_well = dependencies.iter().all(|(name, dependency)| dependency.ok || is_dispensable(name));
    let (status, code) = match (state.shutdown.is_requested(), all_well) {
        (true, _) => ("stopping", StatusCode::SERVICE_UNAVAILABLE),
        (false, true) => ("ready", StatusCode::OK),
        (false, false) => ("not_ready", StatusCode::SERVICE_UNAVAILABLE),
    };
    let (generation, revision) = (standing.generation.0, standing.revision.0);
    (code, Json(ReadyResponse { status, dependencies, generation, revision }))
}

/// Errors are shown as they are: this path is for operators, and no store names a secret in its errors.
async fn probe<E: std::fmt::Display>(sign: impl Future<Output = Result<(), E>>) -> Dependency {
    let begin = Instant::now();
    let error = match tokio::time::timeout(PATIENCE, sign).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(format!("no answer within {} ms", PATIENCE.as_millis())),
    };
    Dependency { ok: error.is_none(), latency_ms: milliseconds(begin.elapsed()), error }
}
