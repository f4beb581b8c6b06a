//! The request log as the service fills it: every question leaves a row, no question waits for it.
//!
//! `entry` gathers what is known of a request while it runs, `writer` carries rows to the store in batches. Between them lies a
//! bounded queue: where the store is away rows wait in it, and when it is full new ones are dropped and counted.

mod entry;
mod keeping;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use auskunft_store::logs::Logs;
use opentelemetry::trace::SpanContext;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub(crate) use entry::{Entry, Pending, Streamed};
pub(crate) use keeping::keep;

use crate::metrics::Metrics;
pub(crate) use writer::BATCH;
use writer::{Waiting, Writer};

/// The path whose requests stand in the log.
const LOGGED: &str = "/support/rag-answer";

/// Requests in hand may have used up the time to stop; the log has this long in any case. A batch takes milliseconds.
const LEAST_DRAIN: Duration = Duration::from_secs(1);

/// The way into the log. Clones share one queue. When the last one is dropped, the writer writes what is left and ends.
#[derive(Debug, Clone)]
pub struct RequestLog {
    queue: mpsc::Sender<Waiting>,
    logs: Logs,
    metrics: Arc<Metrics>,
    writer: Arc<WriterTask>,
}

#[derive(Debug)]
struct WriterTask {
    /// By when the writer must have ended.
    stop: watch::Sender<Option<Instant>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl RequestLog {
    /// Starts the writer. `capacity` is how many rows may wait.
    pub fn start(logs: Logs, capacity: usize, metrics: Arc<Metrics>) -> Self {
        let (queue, waiting) = mpsc::channel(capacity);
        let (stop, stopped) = watch::channel(None);
        let writer = Writer::new(logs.clone(), waiting, stopped, Arc::clone(&metrics));
        let task = Mutex::new(Some(tokio::spawn(writer.run())));
        Self { queue, logs, metrics, writer: Arc::new(WriterTask { stop, task }) }
    }

    /// Begins the entry of a request, where requests of that path stand in the log.
    pub(crate) fn begin(
        &self,
        method: &str,
        route: &str,
        request_id: &str,
        trace: Option<SpanContext>,
    ) -> Option<Pending> {
        (method == "POST" && route == LOGGED).then(|| Pending::new(self.clone(), request_id, trace))
    }

    /// Puts a row into the queue. Never waits.
    fn put(&self, row: Waiting) {
        if self.queue.try_send(row).is_err() {
            self.metrics.log_dropped("queue_full", 1);
        }
    }

    /// Rows that wait, and how many could.
    pub(crate) fn queued(&self) -> (usize, usize) {
        let capacity = self.queue.max_capacity();
        (capacity - self.queue.capacity(), capacity)
    }

    /// The store behind it.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// Writes what is left, until `deadline` (but for a second in any case), and ends the writer. Rows that come later are dropped.
    pub(crate) async fn drain(&self, deadline: Instant) {
        let deadline = deadline.max(Instant::now() + LEAST_DRAIN);
        self.writer.stop.send_replace(Some(deadline));
        let task = self.writer.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer of the request log ended early");
        }
    }
}
