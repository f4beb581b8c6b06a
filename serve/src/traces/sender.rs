//! Carries spans from the queue to the collector: OTLP as protobuf over HTTP (<https://opentelemetry.io/docs/specs/otlp/#otlphttp>).

use std::error::Error;
use std::time::Duration;

use auskunft_boot::settings::TraceSettings;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;
use reqwest::{Client, Response};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::failure::Failure;
use crate::metrics::SpanCounters;

/// Spans of one post: about 200 kB.
const BATCH: usize = 512;
/// How long the first span of a batch waits for others.
const GATHER: Duration = Duration::from_secs(1);
/// The pause after a first failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause: so much later at most a collector that is back gets spans.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What is read of a collector's answer; it has a few bytes.
const LONGEST_ANSWER: usize = 64 << 10;

/// Where spans wait, and by when the sender must have ended.
type Waiting = (mpsc::Receiver<SpanData>, watch::Receiver<Option<Instant>>);

/// The one that sends.
#[derive(Debug)]
pub(super) struct Sender {
    client: Client,
    url: String,
    headers: HeaderMap,
    resource: ResourceAttributesWithSchema,
    waiting: mpsc::Receiver<SpanData>,
    stop: watch::Receiver<Option<Instant>>,
    counters: SpanCounters,
    batch: Vec<SpanData>,
    is_failing: bool,
}

/// Why spans were not taken.
#[derive(Debug)]
enum Failed {
    /// Nobody took them: another time somebody may.
    Away(String),
    /// They were refused.
    Refused(String),
}

impl Sender {
    pub(super) fn new(
        settings: &TraceSettings,
        resource: &Resource,
        (waiting, stop): Waiting,
        counters: SpanCounters,
    ) -> Result<Self, Failure> {
        // Whoever was first in this process has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_millis(settings.timeout_ms)).build();
        let client = client.map_err(|error| {
            Failure::not_configured(format!("traces cannot be sent: {}", words_of(&error)))
        })?;
        Ok(Self {
            client,
            url: settings.url.clone(),
            headers: headers(settings)?,
            resource: resource.into(),
            waiting,
            stop,
            counters,
            batch: Vec::with_capacity(BATCH),
            is_failing: false,
        })
    }

    /// Sends until the queue is closed and empty, or the deadline has passed.
    pub(super) async fn run(mut self) {
        while self.gather().await {
            self.deliver().await;
        }
    }

    /// Fills the batch; `false` when nothing will come any more.
    async fn gather(&mut self) -> bool {
        self.batch.clear();
        if self.deadline().is_none() {
            tokio::select! {
                biased;
                () = asked_to_stop(&mut self.stop) => {}
                _ = self.waiting.recv_many(&mut self.batch, BATCH) => {}
            }
            let end = Instant::now() + GATHER;
            while !self.batch.is_empty() && self.batch.len() < BATCH {
                let room = BATCH - self.batch.len();
                tokio::select! {
                    biased;
                    () = asked_to_stop(&mut self.stop) => break,
                    () = tokio::time::sleep_until(end) => break,
                    more = self.waiting.recv_many(&mut self.batch, room) => if more == 0 { break },
                }
            }
        }
        if self.deadline().is_some() {
            self.waiting.close();
        }
        while self.batch.len() < BATCH
            && let Ok(span) = self.waiting.try_recv()
        {
            self.batch.push(span);
        }
        !self.batch.is_empty()
    }

    /// Sends the batch, however long the collector is away; gives it up when it is refused. At the end each batch is tried once.
    async fn deliver(&mut self) {
        let spans = std::mem::take(&mut self.batch);
        let number = spans.len() as u64;
        let resource_spans = group_spans_by_resource_and_scope(spans, &self.resource);
        let body = Bytes::from(ExportTraceServiceRequest { resource_spans }.encode_to_vec());
        let mut pause = FIRST_PAUSE;
        loop {
            match self.post(body.clone()).await {
                Ok(refused) => {
                    self.counters.sent(number.saturating_sub(refused));
                    self.counters.dropped("refused", refused);
                    return self.succeeded();
                }
                Err(Failed::Refused(why)) => {
                    self.failed(&why);
                    return self.counters.dropped("refused", number);
                }
                Err(Failed::Away(why)) => self.failed(&why),
            }
            if !self.is_stopping() {
                self.rest(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            if self.is_stopping() {
                let left = self.abandon();
                return self.counters.dropped("stopped", number + left);
            }
        }
    }

    /// Posts spans; returns how many of them the collector refused.
    async fn post(&self, body: Bytes) -> Result<u64, Failed> {
        let post = self.client.post(&self.url).headers(self.headers.clone()).body(body).send();
        let response = tokio::select! {
            response = post => response.map_err(|error| Failed::Away(words_of(&error)))?,
            () = deadline_passed(self.stop.clone()) => {
                return Err(Failed::Away("the time to stop was over".to_owned()));
            }
        };
        match response.status() {
            status if status.is_success() => Ok(refused(response).await),
            // Those that may pass (https://opentelemetry.io/docs/specs/otlp/#failures-1).
            status @ (StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT) => Err(Failed::Away(format!("it answers {status}"))),
            status => Err(Failed::Refused(format!("it answers {status}"))),
        }
    }

    /// Says that spans are not taken, once until they are.
    fn failed(&mut self, why: &str) {
        if !self.is_failing {
            let url = &self.url;
            tracing::warn!(
                "traces are not taken at {url}: {why}; answers go on, spans wait while there is room. Check OTEL_EXPORTER_OTLP_ENDPOINT"
            );
        }
        self.is_failing = true;
    }

    fn succeeded(&mut self) {
        if self.is_failing {
            tracing::info!("traces are taken again");
        }
        self.is_failing = false;
    }

    /// What nobody will send any more.
    fn abandon(&mut self) -> u64 {
        self.waiting.close();
        let mut spans = 0;
        while self.waiting.try_recv().is_ok() {
            spans += 1;
        }
        spans
    }

    /// A pause that ends with the wish to stop.
    async fn rest(&mut self, pause: Duration) {
        tokio::select! {
            () = asked_to_stop(&mut self.stop) => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        *self.stop.borrow()
    }

    /// Also where nobody is left who could ask for it.
    fn is_stopping(&self) -> bool {
        self.deadline().is_some() || self.stop.has_changed().is_err()
    }
}

fn headers(settings: &TraceSettings) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
    for (name, value) in &settings.headers {
        let read = (name.parse::<HeaderName>(), HeaderValue::from_str(value.reveal()));
        let (Ok(name), Ok(mut value)) = read else {
            let message = format!("OTEL_EXPORTER_OTLP_HEADERS: `{name}` cannot be a header; correct it");
            return Err(Failure::not_configured(message));
        };
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// How many spans the collector refused of those that it took. What cannot be read says that it took all.
async fn refused(mut response: Response) -> u64 {
    let mut body = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_ANSWER {
            return 0;
        }
    }
    let answer = ExportTraceServiceResponse::decode(body.as_slice()).unwrap_or_default();
    answer.partial_success.map_or(0, |partial| u64::try_from(partial.rejected_spans).unwrap_or(0))
}

/// An error with what led to it, without the address.
fn words_of(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() { "no answer in time" } else { "no connection" };
    let mut words = what.to_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{what} ({error})");
        cause = error.source();
    }
    words
}

/// Ends at the deadline, when one is named.
async fn deadline_passed(mut stop: watch::Receiver<Option<Instant>>) {
    let deadline = stop.wait_for(Option::is_some).await.ok().and_then(|deadline| *deadline);
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Ends when a deadline is named; never when nobody is left to name one.
async fn asked_to_stop(stop: &mut watch::Receiver<Option<Instant>>) {
    if stop.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
