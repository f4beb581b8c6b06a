//! What a program that runs always tells over HTTP: `/metrics`, `/last` (how it stands) and `/health`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Connections at once; more wait.
const CONNECTIONS: usize = 32;
/// How long a caller may take to ask.
const PATIENCE: Duration = Duration::from_secs(10);

const METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How a program stands.
pub trait Standing: Send + Sync + 'static {
    /// In the text form of OpenMetrics.
    fn metrics(&self) -> Option<String>;

    /// For people, as one object.
    fn object(&self) -> Value;
}

/// The task that answers; it ends when this is dropped.
#[derive(Debug)]
pub struct Port(JoinHandle<()>);

impl Drop for Port {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Listens at the address, where one is stated.
pub async fn open<S: Standing>(
    address: Option<SocketAddr>,
    standing: &Arc<S>,
) -> anyhow::Result<Option<Port>> {
    let Some(address) = address else { return Ok(None) };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen at {address}; choose another one with --listen"))?;
    tracing::info!("listening at http://{}", listener.local_addr()?);
    Ok(Some(Port(tokio::spawn(serve(listener, Arc::clone(standing))))))
}

async fn serve<S: Standing>(listener: TcpListener, standing: Arc<S>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open, say: it passes.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let standing = Arc::clone(&standing);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let response = answer(&request, standing.as_ref());
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

fn answer(request: &Request<Incoming>, standing: &impl Standing) -> Response<String> {
    if request.method() != Method::GET {
        return text(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "only GET".to_owned());
    }
    match request.uri().path() {
        "/metrics" => match standing.metrics() {
            Some(metrics) => text(StatusCode::OK, METRICS, metrics),
            None => text(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", String::new()),
        },
        "/last" => text(StatusCode::OK, "application/json", standing.object().to_string()),
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
