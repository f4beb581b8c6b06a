//! How the schedule stands, as metrics and as one object.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use serde_json::{Value, json};

use crate::hook::Told;
use crate::port::Standing;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// Shared by the schedule, which writes it, and the port, which shows it.
#[derive(Debug)]
pub(super) struct Status {
    registry: Registry,
    runs: Family<Outcome, Counter>,
    skipped: Counter,
    is_running: Gauge,
    last_seconds: Gauge,
    last_end: Gauge,
    last_success: Gauge,
    next_run: Gauge,
    chunks: Gauge,
    failures: Gauge,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    next: Option<DateTime<Utc>>,
    running_since: Option<DateTime<Utc>>,
    last: Option<Told>,
}

impl Default for Status {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("auskunft_ingest");
        let status = Self {
            runs: Family::default(),
            skipped: Counter::default(),
            is_running: Gauge::default(),
            last_seconds: Gauge::default(),
            last_end: Gauge::default(),
            last_success: Gauge::default(),
            next_run: Gauge::default(),
            chunks: Gauge::default(),
            failures: Gauge::default(),
            now: Mutex::default(),
            registry: Registry::default(),
        };
        registry.register("runs", "Runs by how they ended", status.runs.clone());
        registry.register(
            "runs_skipped",
            "Runs that were due while one was under way",
            status.skipped.clone(),
        );
        registry.register("running", "1 while a run is under way", status.is_running.clone());
        let at = |registry: &mut Registry, name: &str, text: &str, gauge: &Gauge| {
            registry.register_with_unit(name, text, Unit::Seconds, gauge.clone());
        };
        at(&mut registry, "last_run", "How long the last run took", &status.last_seconds);
        at(&mut registry, "last_run_timestamp", "When the last run ended", &status.last_end);
        at(
            &mut registry,
            "last_success_timestamp",
            "When a run last ended with exit code 0",
            &status.last_success,
        );
        at(&mut registry, "next_run_timestamp", "When the next run is due", &status.next_run);
        registry.register("chunks", "Chunks after the last run", status.chunks.clone());
        registry.register("source_failures", "What the last run could not read", status.failures.clone());
        Self { registry, ..status }
    }
}

impl Status {
    pub(super) fn wait_for(&self, next: DateTime<Utc>) {
        self.next_run.set(next.timestamp());
        self.lock().next = Some(next);
    }

    pub(super) fn begin(&self) {
        self.is_running.set(1);
        self.lock().running_since = Some(Utc::now());
    }

    pub(super) fn skip(&self, runs: u64) {
        self.skipped.inc_by(runs);
    }

    pub(super) fn end(&self, told: Told) {
        self.runs.get_or_create(&Outcome { outcome: told.outcome() }).inc();
        self.is_running.set(0);
        self.last_seconds.set(told.seconds.round() as i64);
        self.last_end.set(told.ended_at.timestamp());
        if told.code == Some(0) {
            self.last_success.set(told.ended_at.timestamp());
        }
        if let Some(report) = &told.report {
            self.chunks.set(report["chunks"]["total"].as_i64().unwrap_or_default());
            let failures = report["failures"].as_array().map_or(0, Vec::len);
            self.failures.set(i64::try_from(failures).unwrap_or(i64::MAX));
        }
        let mut now = self.lock();
        now.running_since = None;
        now.last = Some(told);
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing for Status {
    /// `{next, running_since, last: {outcome, …, report}}`.
    fn object(&self) -> Value {
        let now = self.lock();
        let last = now.last.as_ref().map(|told| {
            let mut last = json!(told);
            last["outcome"] = json!(told.outcome());
            last
        });
        json!({ "next": now.next, "running_since": now.running_since, "last": last })
    }

    fn metrics(&self) -> Option<String> {
        let mut text = String::new();
        encode(&mut text, &self.registry).ok()?;
        Some(text)
    }
}
