//! Carries rows from the queue to the store.

use std::sync::Arc;
use std::time::Duration;

use auskunft_store::ErrorKind;
use auskunft_store::logs::{LogRow, Logs};
use chrono::Utc;
use opentelemetry::trace::SpanContext;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tracing::Instrument;

use crate::metrics::Metrics;
use crate::traces;

/// Rows of one statement: it takes a few milliseconds, and embedded it keeps the only connection for no longer.
pub(crate) const BATCH: usize = 256;
/// How long the first row of a batch waits for others. Rows shall be there within a second.
const GATHER: Duration = Duration::from_millis(250);
/// How long a statement may take; then the server counts as away.
const WRITE_LIMIT: Duration = Duration::from_secs(5);
/// The pause after a first failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause: so much later than the store the log comes back.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// After so many tries a batch that a store refuses, which is there, is given up: it would hold up all that come after it.
const MOST_TRIES: u32 = 5;

/// A row that waits, and the span of its request where there are traces.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) row: LogRow,
    pub(super) trace: Option<SpanContext>,
}

/// The one that writes.
#[derive(Debug)]
pub(super) struct Writer {
    logs: Logs,
    waiting: mpsc::Receiver<Waiting>,
    /// By when it must have ended.
    stop: watch::Receiver<Option<Instant>>,
    metrics: Arc<Metrics>,
    batch: Vec<LogRow>,
    /// Spans of those requests of the batch that are traced.
    traces: Vec<SpanContext>,
    is_failing: bool,
}

impl Writer {
    pub(super) fn new(
        logs: Logs,
        waiting: mpsc::Receiver<Waiting>,
        stop: watch::Receiver<Option<Instant>>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let batch = Vec::with_capacity(BATCH);
        Self { logs, waiting, stop, metrics, batch, traces: Vec::new(), is_failing: false }
    }

    /// Writes until the queue is closed and empty, or the deadline has passed.
    pub(super) async fn run(mut self) {
        while self.gather().await {
            self.deliver().await;
        }
    }

    /// Fills the batch; `false` when nothing will come any more.
    async fn gather(&mut self) -> bool {
        self.batch.clear();
        self.traces.clear();
        if self.deadline().is_none() {
            tokio::select! {
                biased;
                () = asked_to_stop(&mut self.stop) => {}
                first = self.waiting.recv() => self.take(first),
            }
            if !self.batch.is_empty() {
                tokio::select! {
                    () = asked_to_stop(&mut self.stop) => {}
                    () = tokio::time::sleep(GATHER) => {}
                }
            }
        }
        if self.deadline().is_some() {
            self.waiting.close();
        }
        while self.batch.len() < BATCH
            && let Ok(row) = self.waiting.try_recv()
        {
            self.take(Some(row));
        }
        !self.batch.is_empty()
    }

    fn take(&mut self, waiting: Option<Waiting>) {
        let Some(Waiting { row, trace }) = waiting else { return };
        self.batch.push(row);
        self.traces.extend(trace.filter(SpanContext::is_sampled));
    }

    /// Writes the batch, however long the store is away; gives it up at the deadline, or when it is refused.
    async fn deliver(&mut self) {
        let mut pause = FIRST_PAUSE;
        for tries in 1.. {
            let Err(error) = self.write().await else { return self.written() };
            let is_refused = error.kind != ErrorKind::Unavailable && tries >= MOST_TRIES;
            if is_refused || self.is_past_deadline() {
                let reason = if is_refused { "refused" } else { "stopped" };
                let rows = self.batch.len() + if is_refused { 0 } else { self.abandon() };
                tracing::error!(%error, rows, reason, "rows of the request log are lost");
                self.metrics.log_dropped(reason, rows as u64);
                return;
            }
            if !self.is_failing {
                tracing::warn!(%error, "the request log is not written; rows wait until it is");
            }
            self.is_failing = true;
            self.metrics.store_failed("timescale");
            self.rest(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn write(&self) -> auskunft_store::Result<()> {
        let begin = Instant::now();
        let writing = self.logs.write(&self.batch, WRITE_LIMIT).instrument(traces::log_write(&self.traces));
        let written = tokio::select! {
            written = writing => written,
            () = deadline_passed(self.stop.clone()) => {
                let message = "the time to stop was over";
                Err(auskunft_store::Error::new(ErrorKind::Unavailable, "write log", message))
            }
        };
        self.metrics.log_write(begin.elapsed());
        written
    }

    fn written(&mut self) {
        if self.is_failing {
            tracing::info!("the request log is written again");
        }
        self.is_failing = false;
        let now = Utc::now();
        for row in &self.batch {
            let ended = row.ts + Duration::from_micros((row.latency_ms * 1_000.0) as u64);
            self.metrics.log_written((now - ended).to_std().unwrap_or_default());
        }
    }

    /// What nobody will write any more.
    fn abandon(&mut self) -> usize {
        self.waiting.close();
        let mut rows = 0;
        while self.waiting.try_recv().is_ok() {
            rows += 1;
        }
        rows
    }

    /// A pause that a stop does not cut off, but shortens to the deadline.
    async fn rest(&mut self, pause: Duration) {
        let end = Instant::now() + pause;
        match self.deadline() {
            Some(deadline) => tokio::time::sleep_until(end.min(deadline)).await,
            None => {
                tokio::select! {
                    () = asked_to_stop(&mut self.stop) => {}
                    () = tokio::time::sleep_until(end) => {}
                }
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        *self.stop.borrow()
    }

    /// Nobody is left who could put rows in, or name a deadline: then the first failure is the last.
    fn is_past_deadline(&self) -> bool {
        self.stop.has_changed().is_err() || self.deadline().is_some_and(|deadline| Instant::now() >= deadline)
    }
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
