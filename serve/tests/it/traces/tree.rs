//! The tree of a question's spans, and what it must be.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::Value;

use super::collector::{attribute, is_of_kind};

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The spans of a trace.
pub(super) struct Trace(pub(super) Vec<Span>);

impl Trace {
    pub(super) fn of(spans: &[Span], id: &str) -> Self {
        Self(spans.iter().filter(|span| hex(&span.trace_id) == id).cloned().collect())
    }

    /// The span of the request.
    pub(super) fn request(&self) -> &Span {
        let mut found = self.0.iter().filter(|span| is_of_kind(span, SpanKind::Server));
        let (request, more) = (found.next().unwrap(), found.next());
        assert!(more.is_none(), "{more:?}");
        request
    }

    /// Stages by name, each a child of the request.
    pub(super) fn stages(&self) -> BTreeSet<String> {
        let request = self.request();
        let stage = |span: &Span| {
            let name = attribute(span, "auskunft.stage")?;
            assert_eq!((&span.name, &span.parent_span_id), (&name, &request.span_id));
            Some(name)
        };
        self.0.iter().filter_map(stage).collect()
    }

    /// Operations by store, each a child of the request or of one of its stages.
    pub(super) fn operations(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for span in &self.0 {
            let Some(store) = attribute(span, "auskunft.store") else { continue };
            let parent = self.0.iter().find(|other| other.span_id == span.parent_span_id).unwrap();
            let is_known =
                attribute(parent, "auskunft.stage").is_some() || parent.span_id == self.request().span_id;
            assert!(is_known, "{span:?} belongs to {parent:?}");
            *counts.entry(store).or_insert(0) += number_of(span);
        }
        counts
    }
}

/// How many operations a span stands for.
fn number_of(span: &Span) -> u64 {
    attribute(span, "db.operation.batch.size").map_or(1, |number| number.parse().unwrap())
}

/// What the answer says that it cost, by store, but for the row of the log, which is written later.
pub(super) fn stated(answer: &Value) -> BTreeMap<String, u64> {
    let operations = answer["operations"].as_object().unwrap().iter();
    let of_stores = operations.filter(|(store, _)| !["total", "timescale"].contains(&store.as_str()));
    let counts = of_stores.map(|(store, number)| (store.clone(), number.as_u64().unwrap()));
    counts.filter(|(_, number)| *number > 0).collect()
}

pub(super) fn stages_of(answer: &Value) -> BTreeSet<String> {
    answer["timings_ms"].as_object().unwrap().keys().filter(|name| *name != "total").cloned().collect()
}

/// The spans that say that the row of a request was written.
pub(super) fn log_writes<'a>(spans: &'a [Span], request: &Span) -> Vec<&'a Span> {
    let is_linked = |span: &&Span| span.links.iter().any(|link| link.span_id == request.span_id);
    let writes: Vec<&Span> = spans.iter().filter(is_linked).collect();
    spans.iter().filter(|span| writes.iter().any(|write| write.span_id == span.parent_span_id)).collect()
}

/// The systems of databases that were asked.
pub(super) fn systems(spans: &[Span]) -> Vec<String> {
    let systems: BTreeSet<String> =
        spans.iter().filter_map(|span| attribute(span, "db.system.name")).collect();
    systems.into_iter().collect()
}

/// What OpenTelemetry wants of a span of a database: kind, name, verb.
pub(super) fn judge_operation(span: &Span) {
    let Some(system) = attribute(span, "db.system.name") else { return };
    let is_of_client = is_of_kind(span, SpanKind::Client);
    assert_eq!(is_of_client, system != "in_process", "{span:?}");
    let verb = attribute(span, "db.operation.name").unwrap();
    assert_eq!(verb, verb.trim(), "{span:?}");
    match system.as_str() {
        "postgresql" => {
            assert_eq!(attribute(span, "db.query.summary").as_deref().unwrap_or(&span.name), span.name);
            assert!(["SELECT", "INSERT", "UPDATE"].contains(&verb.as_str()), "{span:?}");
        }
        "mongodb" => {
            let collection = attribute(span, "db.collection.name").unwrap();
            assert_eq!(span.name, format!("{verb} {collection}"));
        }
        _ => assert_eq!(span.name, verb),
    }
}
