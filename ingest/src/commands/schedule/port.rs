//! What the schedule tells over HTTP: `/metrics`, `/last` (how it stands, with the last run's report) and `/health`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::status::Status;

/// Connections at once; more wait.
const CONNECTIONS: usize = 32;
/// How long a caller may take to ask.
const PATIENCE: Duration = Duration::from_secs(10);

const METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers until its task is aborted.
pub(super) async fn serve(listener: TcpListener, status: Arc<Status>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open, say: it passes.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let status = Arc::clone(&status);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let response = answer(&request, &status);
                async { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a caller went away");
            }
            drop(place);
        });
    }
}

fn answer(request: &Request<Incoming>, status: &Status) -> Response<String> {
    if request.method() != Method::GET {
        return text(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "only GET".to_owned());
    }
    match request.uri().path() {
        "/metrics" => match status.metrics() {
            Some(metrics) => text(StatusCode::OK, METRICS, metrics),
            None => text(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", String::new()),
        },
        "/last" => text(StatusCode::OK, "application/json", status.object().to_string()),
        "/health" => text(StatusCode::OK, "text/plain", "ok".to_owned()),
        _ => text(StatusCode::NOT_FOUND, "text/plain", "/metrics, /last or /health".to_owned()),
    }
}

fn text(code: StatusCode, kind: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
