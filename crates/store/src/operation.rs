//! Spans of what is asked of databases, in OpenTelemetry's terms (<https://opentelemetry.io/docs/specs/semconv/db/database-spans/>).
//!
//! One is made where a request, or what writes the log, asks a database; what runs beside requests makes none. A span holds verbs and
//! names of tables, collections and commands, never a key, a value or a text. Where nobody takes traces nothing is made or read.

mod statement;

use std::future::Future;

use auskunft_boot::telemetry::TRACES;
use futures::TryFutureExt;
use tracing::field::Empty;
use tracing::{Level, Span, span_enabled};

use crate::error::{ErrorKind, Result};
pub(crate) use statement::Watched;

/// An operation that is under way: it ends when this is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Operation(Span);

/// What is known of an operation before it is asked for.
struct Asked {
    /// What answers, as OpenTelemetry names it.
    system: &'static str,
    /// Its role, as answers count it; `None` = the statement tells.
    store: Option<&'static str>,
    /// Verb or command; `None` = the statement tells.
    name: Option<&'static str>,
    collection: Option<&'static str>,
    /// How many operations it stands for: commands of one round trip, rows of one statement.
    count: i64,
}

impl Operation {
    fn begin(asked: &Asked) -> Self {
        if !span_enabled!(target: TRACES, Level::INFO) || Span::current().is_none() {
            return Self(Span::none());
        }
        let Asked { system, store, name, collection, count } = *asked;
        let kind = if system == IN_PROCESS { "internal" } else { "client" };
        let shown = [name.unwrap_or(system), collection.unwrap_or_default()].join(" ");
        let span = tracing::info_span!(
            target: TRACES,
            "operation",
            otel.kind = kind,
            otel.name = shown.trim_end(),
            otel.status_code = Empty,
            db.system.name = system,
            db.operation.name = name,
            db.collection.name = collection,
            db.query.summary = Empty,
            db.operation.batch.size = (count > 1).then_some(count),
            auskunft.store = store,
            error.type = Empty,
        );
        Self(span)
    }

    /// A statement; what it is about is told by its words.
    pub(crate) fn statement() -> Self {
        let asked = Asked { system: POSTGRES, store: None, name: None, collection: None, count: 1 };
        Self::begin(&asked)
    }

    /// Rows of the request log that are written at once.
    pub(crate) fn log(rows: usize) -> Self {
        let (name, collection) = (Some("INSERT"), Some("logs.support_logs"));
        let count = i64::try_from(rows).unwrap_or(i64::MAX);
        Self::begin(&Asked { system: POSTGRES, store: Some("timescale"), name, collection, count })
    }

    /// A command of MongoDB.
    pub(crate) fn mongodb(name: &'static str, collection: &'static str) -> Self {
        let (name, collection) = (Some(name), Some(collection));
        Self::begin(&Asked { system: "mongodb", store: Some("mongodb"), name, collection, count: 1 })
    }

    /// A command of Redis, or a pipeline of several.
    pub(crate) fn redis(name: &'static str, commands: u32) -> Self {
        Self::volatile("redis", name, commands)
    }

    /// What stands for commands of Redis where this process keeps what Redis would.
    pub(crate) fn in_process(name: &'static str, commands: u32) -> Self {
        Self::volatile(IN_PROCESS, name, commands)
    }

    fn volatile(system: &'static str, name: &'static str, commands: u32) -> Self {
        let (store, name) = (Some("redis"), Some(name));
        Self::begin(&Asked { system, store, name, collection: None, count: commands.into() })
    }

    /// Whether nobody takes it.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The operation is what that brings.
    pub(crate) fn of<T>(self, call: impl Future<Output = Result<T>>) -> impl Future<Output = Result<T>> {
        // Not `async`: that would hold the call twice.
        call.inspect_err(move |error| self.failed(name_of(error.kind)))
    }

    /// It failed in that way.
    pub(crate) fn failed(&self, way: &str) {
        self.0.record("otel.status_code", "error").record("error.type", way);
    }
}

const POSTGRES: &str = "postgresql";
/// No database, so no name of OpenTelemetry's.
const IN_PROCESS: &str = "in_process";

fn name_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Held => "held",
        ErrorKind::NewerSchema => "newer_schema",
        ErrorKind::OtherSpace => "other_space",
        ErrorKind::NotConfigured => "not_configured",
        ErrorKind::Unavailable => "unavailable",
        ErrorKind::DiskFull => "disk_full",
        ErrorKind::Corrupt => "corrupt",
        ErrorKind::Internal => "internal",
    }
}
