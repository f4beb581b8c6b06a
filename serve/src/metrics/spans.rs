//! Counters of traces. There is one way for spans in a process, so all services of it count here together.

use std::sync::LazyLock;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Why spans were dropped: no place in the queue, not taken by the collector, not sent before the service ended.
const REASONS: [&str; 3] = ["queue_full", "refused", "stopped"];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

/// Counters of traces. Clones are the same ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct SpanCounters {
    sent: Counter,
    dropped: Family<ReasonLabel, Counter>,
}

/// The counters of this process.
pub(crate) fn span_counters() -> SpanCounters {
    static COUNTERS: LazyLock<SpanCounters> = LazyLock::new(SpanCounters::default);
    COUNTERS.clone()
}

impl SpanCounters {
    /// Shows them among the others.
    pub(super) fn register(&self, r: &mut Registry) {
        for reason in REASONS {
            self.dropped(reason, 0);
        }
        r.register("spans_sent", "Spans of traces that the collector took", self.sent.clone());
        r.register("spans_dropped", "Spans of traces that were lost, by the reason", self.dropped.clone());
    }

    /// How many were sent, and lost for each of the reasons.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> (u64, [u64; 3]) {
        let lost = |reason| self.dropped.get_or_create(&ReasonLabel { reason }).get();
        (self.sent.get(), REASONS.map(lost))
    }

    /// Counts spans that were taken.
    pub(crate) fn sent(&self, spans: u64) {
        self.sent.inc_by(spans);
    }

    /// Counts spans that nobody will find.
    pub(crate) fn dropped(&self, reason: &'static str, spans: u64) {
        self.dropped.get_or_create(&ReasonLabel { reason }).inc_by(spans);
    }
}
