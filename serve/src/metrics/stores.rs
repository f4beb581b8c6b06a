//! Counters of the stores: operations, failures, connections, breakers.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use auskunft_answer::Operations;
use auskunft_store::pools::PoolUse;

use super::{Metrics, whole};

/// The stores by role; embedded ones have the same names.
const STORES: [&str; 5] = ["redis", "postgres", "pgvector", "mongodb", "timescale"];

/// Those that are left alone when they do not answer; the log waits for its own.
const GUARDED: [&str; 4] = ["redis", "postgres", "pgvector", "mongodb"];

/// The store whose failure an answer names so.
pub(super) fn behind(missing: &str) -> Option<&'static str> {
    match missing {
        "sessions" => Some("redis"),
        "dense" => Some("pgvector"),
        "texts" | "chats" => Some("mongodb"),
        _ => None,
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StoreLabel {
    store: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolLabels {
    pool: &'static str,
    state: &'static str,
}

/// Counters of the stores.
#[derive(Debug, Default)]
pub(super) struct StoreCounters {
    operations: Family<StoreLabel, Counter>,
    errors: Family<StoreLabel, Counter>,
    breakers: Family<StoreLabel, Gauge>,
    connections: Family<PoolLabels, Gauge>,
}

impl StoreCounters {
    pub(super) fn register(r: &mut Registry) -> Self {
        let counters = Self::default();
        for store in STORES {
            counters.operations.get_or_create(&StoreLabel { store }).inc_by(0);
            counters.errors.get_or_create(&StoreLabel { store }).inc_by(0);
        }
        for store in GUARDED {
            counters.breakers.get_or_create(&StoreLabel { store }).set(0);
        }
        r.register("operations", "Database operations of answers, by store", counters.operations.clone());
        r.register(
            "store_errors",
            "Failures of a store that a request or the log saw",
            counters.errors.clone(),
        );
        let text = "1 where a store is not asked for a while because it failed or was slow";
        r.register("store_breaker_open", text, counters.breakers.clone());
        let text = "Connections of a pool: in use, idle, and the most it may have";
        r.register("store_connections", text, counters.connections.clone());
        counters
    }

    pub(super) fn count(&self, operations: Operations) {
        let counts = [
            operations.redis,
            operations.postgres,
            operations.pgvector,
            operations.mongodb,
            operations.timescale,
        ];
        for (store, count) in STORES.into_iter().zip(counts) {
            self.operations.get_or_create(&StoreLabel { store }).inc_by(u64::from(count));
        }
    }
}

impl Metrics {
    /// Counts a failure of a store, by its role.
    pub(crate) fn store_failed(&self, store: &'static str) {
        self.stores.errors.get_or_create(&StoreLabel { store }).inc();
    }

    /// Takes down whether a store is left alone for a while.
    pub(crate) fn breaker(&self, store: &'static str, is_open: bool) {
        self.stores.breakers.get_or_create(&StoreLabel { store }).set(i64::from(is_open));
    }

    /// Takes down what of a pool is used.
    pub(crate) fn observe_pool(&self, pool: &'static str, used: PoolUse) {
        for (state, number) in [("in_use", used.in_use), ("idle", used.idle), ("most", used.most)] {
            let labels = PoolLabels { pool, state };
            self.stores.connections.get_or_create(&labels).set(whole(u64::from(number)));
        }
    }
}
