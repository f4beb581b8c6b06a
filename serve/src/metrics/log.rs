//! Counters of the request log.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::{Metrics, histogram, whole};

/// Why rows were dropped: no place in the queue, not written before the service ended, not taken by the store.
const REASONS: [&str; 3] = ["queue_full", "stopped", "refused"];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

/// Counters of the request log.
#[derive(Debug)]
pub(super) struct LogCounters {
    written: Counter,
    dropped: Family<ReasonLabel, Counter>,
    writes: Histogram,
    delays: Histogram,
    waiting: Gauge,
    capacity: Gauge,
}

impl LogCounters {
    pub(super) fn register(r: &mut Registry) -> Self {
        let counters = Self {
            written: Counter::default(),
            dropped: Family::default(),
            writes: histogram(),
            delays: histogram(),
            waiting: Gauge::default(),
            capacity: Gauge::default(),
        };
        for reason in REASONS {
            counters.dropped.get_or_create(&ReasonLabel { reason }).inc_by(0);
        }
        r.register("log_rows_written", "Rows of the request log that were written", counters.written.clone());
        r.register("log_rows_dropped", "Rows that were lost, by the reason", counters.dropped.clone());
        let text = "Time of a try to write a batch of rows";
        r.register_with_unit("log_write_duration", text, Unit::Seconds, counters.writes.clone());
        let text = "Time from the end of a request until its row was written";
        r.register_with_unit("log_delay", text, Unit::Seconds, counters.delays.clone());
        r.register("log_queue_length", "Rows that wait to be written", counters.waiting.clone());
        r.register("log_queue_capacity", "Rows that may wait", counters.capacity.clone());
        counters
    }
}

impl Metrics {
    /// Counts a try to write a batch.
    pub(crate) fn log_write(&self, took: Duration) {
        self.log.writes.observe(took.as_secs_f64());
    }

    /// Counts a row that is written, so long after its request had ended.
    pub(crate) fn log_written(&self, delay: Duration) {
        self.log.written.inc();
        self.log.delays.observe(delay.as_secs_f64());
    }

    /// Counts rows that nobody will find.
    pub(crate) fn log_dropped(&self, reason: &'static str, rows: u64) {
        self.log.dropped.get_or_create(&ReasonLabel { reason }).inc_by(rows);
    }

    /// Takes down how full the queue is.
    pub(crate) fn observe_log(&self, (waiting, capacity): (usize, usize)) {
        self.log.waiting.set(whole(waiting as u64));
        self.log.capacity.set(whole(capacity as u64));
    }
}
