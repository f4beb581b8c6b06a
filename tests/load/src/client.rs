//! HTTP to one or several copies of the service.

use std::cell::Cell;
use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::outcome::Failure;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How long making a connection may take.
const CONNECTING: Duration = Duration::from_secs(1);

/// A client of all copies of the service.
#[derive(Debug)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    bases: Vec<String>,
    turn: Cell<usize>,
    timeout: Duration,
    /// Whether a request whose connection broke is sent once more, with an `Idempotency-Key`.
    again: bool,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) request_id: &'a str,
    pub(crate) body: Bytes,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    /// Whether it came only when the request was sent again.
    pub(crate) was_sent_again: bool,
}

impl Client {
    /// A client of the service at these addresses.
    pub fn new(bases: &[String], timeout: Duration, again: bool) -> anyhow::Result<Self> {
        ensure!(!bases.is_empty(), "state where the service is: --base http://127.0.0.1:8080");
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECTING));
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(20))
            // What was sent may have been done: whether to send it again is decided here.
            .retry_canceled_requests(false)
            .build(connector);
        let bases = bases.iter().map(|base| checked(base)).collect::<anyhow::Result<_>>()?;
        Ok(Self { pool, bases, turn: Cell::new(0), timeout, again })
    }

    /// Sends a request to the copy whose turn it is, and to another one where no connection can be made.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Reply, Failure> {
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        let mut failure = Failure::Connect;
        let mut was_broken = false;
        for place in 0..self.bases.len().max(2) {
            let base = &self.bases[(turn + place) % self.bases.len()];
            match tokio::time::timeout(self.timeout, self.send_to(base, call)).await {
                Err(_) => return Err(Failure::Timeout),
                Ok(Ok((status, body))) => return Ok(Reply { status, body, was_sent_again: was_broken }),
                Ok(Err(Failure::Connect)) if self.bases.len() > 1 => failure = Failure::Connect,
                Ok(Err(Failure::Broken)) if self.again && !was_broken => {
                    (failure, was_broken) = (Failure::Broken, true);
                }
                Ok(Err(other)) => return Err(other),
            }
        }
        Err(failure)
    }

    async fn send_to(&self, base: &str, call: &Call<'_>) -> Result<(StatusCode, Bytes), Failure> {
        let request = self.request(base, call).ok_or(Failure::Broken)?;
        let sent = self.pool.request(request).await;
        let response =
            sent.map_err(|error| if error.is_connect() { Failure::Connect } else { Failure::Broken })?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|_| Failure::Broken)?;
        Ok((status, body.to_bytes()))
    }

    fn request(&self, base: &str, call: &Call<'_>) -> Option<Request<Full<Bytes>>> {
        let uri: Uri = format!("{base}{}", call.path).parse().ok()?;
        let mut request = Request::builder().method(call.method.clone()).uri(uri);
        request = request.header(&REQUEST_ID, call.request_id);
        if let Some(token) = call.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if !call.body.is_empty() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if self.again && call.method == Method::POST {
            request = request.header(&IDEMPOTENCY_KEY, call.request_id);
        }
        request.body(Full::new(call.body.clone())).ok()
    }
}

fn checked(base: &str) -> anyhow::Result<String> {
    let base = base.trim_end_matches('/');
    let uri: Uri = base.parse().with_context(|| format!("`{base}` is no address"))?;
    let is_plain = uri.scheme_str() == Some("http") && uri.authority().is_some();
    ensure!(is_plain, "`{base}` must be like http://127.0.0.1:8080: this program speaks no TLS");
    Ok(base.to_owned())
}
