//! What is known of a request, from its begin to its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use auskunft_model::{AgentId, Answer, CustomerId};
use auskunft_store::logs::LogRow;
use axum::response::Response;
use chrono::Utc;
use opentelemetry::trace::SpanContext;

use super::RequestLog;
use super::writer::Waiting;
use crate::error::ApiError;
use crate::timing::{Timings, milliseconds};

/// The error of a request whose caller went away before the answer.
const CLIENT_GONE: &str = "client_gone";

/// Where handlers note what they learn of their request. Clones are the same entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry(Arc<Mutex<LogRow>>);

impl Entry {
    fn change(&self, change: impl FnOnce(&mut LogRow)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whose request it is.
    pub(crate) fn agent(&self, agent: &AgentId) {
        self.change(|row| row.agent_id = Some(agent.to_string()));
    }

    /// Which conversation it belongs to. A guest speaks for no customer, whatever was stated.
    pub(crate) fn conversation(&self, session: &str, customer: Option<&CustomerId>) {
        self.change(|row| {
            row.session_id = Some(session.to_owned());
            row.customer_id = customer.filter(|_| row.agent_id.is_some()).map(ToString::to_string);
        });
    }

    /// How long its stages took.
    pub(crate) fn spent(&self, timings: &Timings) {
        self.change(|row| {
            row.stages.clear();
            for (stage, took) in timings.stages() {
                *row.stages.entry((*stage).to_owned()).or_insert(0.0) += milliseconds(*took) as f32;
            }
        });
    }

    /// That it was answered before, under the same key.
    pub(crate) fn replayed(&self) {
        self.change(|row| row.cached = true);
    }

    /// What was answered.
    pub(crate) fn answered(&self, answer: &Answer, cached: bool) {
        self.change(|row| {
            row.intent = Some(answer.intent.clone());
            row.chunks_used = i32::try_from(answer.citations.len()).unwrap_or(i32::MAX);
            row.cached = cached;
        });
    }
}

/// A request that runs. However it ends, a row is left: also when its caller goes away and nobody is asked any more.
#[derive(Debug)]
pub(crate) struct Pending {
    log: RequestLog,
    entry: Entry,
    /// Its span, where there are traces.
    trace: Option<SpanContext>,
    begin: Instant,
    has_ended: bool,
}

impl Pending {
    pub(super) fn new(log: RequestLog, request_id: &str, trace: Option<SpanContext>) -> Self {
        let row = LogRow {
            ts: Utc::now(),
            request_id: request_id.to_owned(),
            agent_id: None,
            customer_id: None,
            session_id: None,
            latency_ms: 0.0,
            chunks_used: 0,
            error: None,
            intent: None,
            cached: false,
            stages: BTreeMap::new(),
        };
        Self { log, entry: Entry(Arc::new(Mutex::new(row))), trace, begin: Instant::now(), has_ended: false }
    }

    /// For the handler.
    pub(crate) fn entry(&self) -> Entry {
        self.entry.clone()
    }

    /// Leaves the row of a request with this response.
    pub(crate) fn end(mut self, response: &Response) {
        let status = response.status();
        let problem =
            response.extensions().get::<ApiError>().map(|error| error.problem.row().code.to_owned());
        let is_failure = status.is_client_error() || status.is_server_error();
        self.leave(problem.or_else(|| is_failure.then(|| format!("http_{}", status.as_u16()))));
    }

    /// Leaves the row of a request whose answer came as events, up to this problem or to the end.
    pub(crate) fn end_stream(mut self, problem: Option<&str>) {
        self.leave(problem.map(str::to_owned));
    }

    fn leave(&mut self, error: Option<String>) {
        self.has_ended = true;
        let latency_ms = milliseconds(self.begin.elapsed()) as f32;
        let mut row = LogRow::clone(&self.entry.0.lock().unwrap_or_else(PoisonError::into_inner));
        row.latency_ms = latency_ms;
        row.error = error;
        self.log.put(Waiting { row, trace: self.trace.take() });
    }
}

/// Marks a response whose body is still being made: its request ends with the body. Clones are the same request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Streamed(Arc<Mutex<Option<Pending>>>);

impl Streamed {
    /// From now on the body answers for the request.
    pub(crate) fn take_over(&self, pending: Pending) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(pending);
    }

    /// The request, for the body alone.
    pub(crate) fn request(&self) -> Option<Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.has_ended {
            self.leave(Some(CLIENT_GONE.to_owned()));
        }
    }
}
