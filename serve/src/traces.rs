//! Traces: each request is a span with its stages and its operations of databases, sent to a collector as OTLP over HTTP.
//!
//! Spans are made where stages are timed (`auskunft_answer::Stage`) and where databases are asked (`auskunft-store`); here they get their
//! trace, `told` says what of them leaves the process, and `sender` sends them. Where no collector is stated nothing of this is there.

mod sender;
mod told;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use auskunft_boot::settings::{Sampling, TraceSettings};
use auskunft_boot::telemetry::{REQUESTS, SpanLayer, TRACES};
use axum::http::{HeaderMap, StatusCode};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanContext, Status, TraceContextExt, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::resource::TelemetryResourceDetector;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanLimits};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::{Level, Span, span_enabled};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};

use crate::failure::Failure;
use crate::log::BATCH;
use crate::metrics::span_counters;
use crate::unique;
use sender::Sender;
use told::Queue;

/// What a request is called where it is a span.
pub(crate) const REQUEST: &str = "request";

const MILLION: u32 = 1_000_000;

/// Traces that are sent. Dropped, what waits is lost.
#[derive(Debug)]
pub struct Traces {
    /// Keeps the spans' way to the sender open.
    provider: SdkTracerProvider,
    /// By when the sender must have ended.
    stop: watch::Sender<Option<Instant>>,
    sending: Mutex<Option<JoinHandle<()>>>,
}

impl Traces {
    /// Starts the sender, in the runtime that this is called in; connects when there is something to send. With the layer that takes
    /// spans.
    pub fn start(settings: &TraceSettings) -> Result<(Self, SpanLayer), Failure> {
        let counters = span_counters();
        let resource = resource(settings);
        let (spans, waiting) = mpsc::channel(settings.queue);
        let (stop, stopped) = watch::channel(None);
        let sender = Sender::new(settings, &resource, (waiting, stopped), counters.clone())?;
        let limits = SpanLimits { max_links_per_span: BATCH as u32, ..SpanLimits::default() };
        let provider = SdkTracerProvider::builder()
            .with_sampler(sampler(settings.sampling))
            .with_span_limits(limits)
            .with_resource(resource)
            .with_span_processor(Queue::new(spans, counters))
            .build();
        let layer = OpenTelemetryLayer::new(provider.tracer("auskunft"))
            // A span's own time is what is told of it; parents are those of the log's spans.
            .with_context_activation(false)
            .with_tracked_inactivity(false)
            .with_location(false)
            .with_threads(false)
            .with_target(false);
        // No lines of the log: they may say more than others shall know.
        // A dynamic one, which is asked each time: where all filters of layers have said "always" to a span, nobody is asked again, and what was
        // found about the line before (by tracing-subscriber 0.3.23) would count for it.
        let is_ours =
            dynamic_filter_fn(|about, _| about.is_span() && [TRACES, REQUESTS].contains(&about.target()));
        let layer = layer.with_filter(is_ours.with_max_level_hint(LevelFilter::INFO)).boxed();
        let sending = Mutex::new(Some(tokio::spawn(sender.run())));
        Ok((Self { provider, stop, sending }, layer))
    }

    /// Sends what waits, for at most so long, and ends the sender.
    pub async fn stop(&self, limit: Duration) {
        self.stop.send_replace(Some(Instant::now() + limit));
        let sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sending) = sending
            && let Err(error) = sending.await
        {
            tracing::error!(%error, "the sender of traces ended early");
        }
        // Spans that end from now on are not waited for.
        let _ = self.provider.shutdown();
    }
}

fn resource(settings: &TraceSettings) -> Resource {
    let stated = settings.resource.iter().map(|(name, value)| KeyValue::new(name.clone(), value.clone()));
    Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", unique::id("i")),
        ])
        .with_attributes(stated)
        .with_service_name(settings.service_name.clone())
        .build()
}

fn sampler(sampling: Sampling) -> Sampler {
    let own = match sampling.per_million {
        0 => Sampler::AlwaysOff,
        MILLION.. => Sampler::AlwaysOn,
        share => Sampler::TraceIdRatioBased(f64::from(share) / f64::from(MILLION)),
    };
    if sampling.follows_caller { Sampler::ParentBased(Box::new(own)) } else { own }
}

/// Gives a request's span its place: in the trace of the caller where the caller states one (<https://www.w3.org/TR/trace-context/>), else
/// in one of its own, whose id the lines of the request's log state. `None` where there are no traces.
pub(crate) fn begin(span: &Span, headers: &HeaderMap) -> Option<SpanContext> {
    if !are_taken() {
        return None;
    }
    let caller = TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers));
    // It fails where the span is made for the log alone.
    span.set_parent(caller).ok()?;
    let context = span.context().span().span_context().clone();
    if !context.is_valid() {
        return None;
    }
    span.record("trace_id", tracing::field::display(context.trace_id()));
    Some(context)
}

/// Whether anybody takes spans.
fn are_taken() -> bool {
    span_enabled!(target: TRACES, Level::INFO)
}

/// Notes how the request that this is called in has ended.
pub(crate) fn end(status: StatusCode) {
    if !are_taken() {
        return;
    }
    let span = Span::current();
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.set_attribute("error.type", status.as_str().to_owned());
        span.set_status(Status::error(""));
    }
}

/// The writing of rows of the request log: a trace of its own, linked with those of the requests whose rows they are.
pub(crate) fn log_write(requests: &[SpanContext]) -> Span {
    if requests.is_empty() {
        return Span::none();
    }
    let span = tracing::info_span!(target: TRACES, parent: None, "log", otel.name = "write log");
    for request in requests {
        span.add_link(request.clone());
    }
    span
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

/// A span that has ended.
#[cfg(test)]
fn sample(
    name: &'static str,
    attributes: &[(&'static str, &'static str)],
) -> opentelemetry_sdk::trace::SpanData {
    use opentelemetry::trace::{SpanId, SpanKind};
    opentelemetry_sdk::trace::SpanData {
        span_context: SpanContext::empty_context(),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: name.into(),
        start_time: std::time::SystemTime::UNIX_EPOCH,
        end_time: std::time::SystemTime::UNIX_EPOCH,
        attributes: attributes.iter().map(|(name, value)| KeyValue::new(*name, *value)).collect(),
        dropped_attributes_count: 0,
        events: opentelemetry_sdk::trace::SpanEvents::default(),
        links: opentelemetry_sdk::trace::SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: opentelemetry::InstrumentationScope::builder("test").build(),
    }
}
