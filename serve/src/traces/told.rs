//! What is told of a span outside this process: names, kinds and these attributes alone.

use std::time::Duration;

use opentelemetry::trace::SpanKind;
use opentelemetry::{Context, Key, KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::REQUEST;
use crate::metrics::SpanCounters;

/// Attributes that leave the process, by their names here and there. Whatever else a span should ever hold stays: no words of a
/// question, nothing of a customer, no agent, no path with an id.
const TOLD: [(&str, &str); 12] = [
    ("request.id", "request.id"),
    ("http.method", METHOD),
    ("http.route", ROUTE),
    ("http.response.status_code", "http.response.status_code"),
    ("error.type", "error.type"),
    ("db.system.name", "db.system.name"),
    ("db.operation.name", "db.operation.name"),
    ("db.collection.name", "db.collection.name"),
    ("db.query.summary", "db.query.summary"),
    ("db.operation.batch.size", "db.operation.batch.size"),
    ("auskunft.store", "auskunft.store"),
    ("auskunft.stage", "auskunft.stage"),
];
const METHOD: &str = "http.request.method";
const ROUTE: &str = "http.route";
/// What a method or route is called that is none of ours.
const OTHER: &str = "other";

/// The way of spans to the sender. It never waits: where it is full they are dropped and counted.
#[derive(Debug)]
pub(super) struct Queue {
    spans: mpsc::Sender<SpanData>,
    counters: SpanCounters,
}

impl Queue {
    pub(super) fn new(spans: mpsc::Sender<SpanData>, counters: SpanCounters) -> Self {
        Self { spans, counters }
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        match self.spans.try_send(told(span)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.counters.dropped("queue_full", 1),
            Err(TrySendError::Closed(_)) => self.counters.dropped("stopped", 1),
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// A span as others are told of it.
fn told(mut span: SpanData) -> SpanData {
    span.attributes.retain_mut(|attribute| {
        let told = TOLD.iter().find(|(here, _)| attribute.key.as_str() == *here);
        if let Some((_, there)) = told {
            attribute.key = Key::from_static_str(there);
        }
        told.is_some()
    });
    if span.name == REQUEST { as_request(span) } else { span }
}

/// A request as <https://opentelemetry.io/docs/specs/semconv/http/http-spans/> names it. Its span must not say so itself: it stands in every
/// line of the log.
fn as_request(mut span: SpanData) -> SpanData {
    span.span_kind = SpanKind::Server;
    span.attributes.retain(|attribute| !is(attribute, ROUTE, OTHER));
    for attribute in &mut span.attributes {
        if is(attribute, METHOD, OTHER) {
            attribute.value = Value::from("_OTHER");
        }
    }
    let of = |name: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == name);
        found.map(|attribute| attribute.value.as_str().into_owned())
    };
    let method = of(METHOD).filter(|method| method != "_OTHER").unwrap_or_else(|| "HTTP".to_owned());
    let name = of(ROUTE).map_or_else(|| method.clone(), |route| format!("{method} {route}"));
    span.name = name.into();
    span
}

fn is(attribute: &KeyValue, name: &str, value: &str) -> bool {
    attribute.key.as_str() == name && attribute.value.as_str() == value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::sample;

    fn shown(span: &SpanData) -> Vec<(String, String)> {
        let shown = |attribute: &KeyValue| (attribute.key.to_string(), attribute.value.to_string());
        span.attributes.iter().map(shown).collect()
    }

    #[test]
    fn what_is_not_listed_stays_here() {
        let span = sample("stage", &[("auskunft.stage", "ann"), ("question", "Wo ist mein Paket?")]);
        assert_eq!(shown(&told(span)), [("auskunft.stage".to_owned(), "ann".to_owned())]);
    }

    #[test]
    fn a_request_is_named_by_method_and_route_and_never_by_a_path() {
        let name = |method, route| {
            told(sample(REQUEST, &[("http.method", method), ("http.route", route), ("agent.id", "A-01")]))
        };
        let known = name("GET", "/documents/{id}");
        assert_eq!((known.name.as_ref(), known.span_kind.clone()), ("GET /documents/{id}", SpanKind::Server));
        assert_eq!(shown(&known).len(), 2, "{known:?}");
        assert_eq!(name("GET", OTHER).name, "GET");
        let unknown = name(OTHER, OTHER);
        assert_eq!((unknown.name.as_ref(), shown(&unknown)[0].1.as_str()), ("HTTP", "_OTHER"));
    }
}
