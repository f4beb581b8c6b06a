//! What handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use auskunft_answer::Desk;
use auskunft_boot::Shutdown;
use auskunft_store::volatile::Rates;
use auskunft_store::{DocumentStore, Objects, Stores, VolatileStore};

use crate::access::Access;
use crate::admission::Admission;
use crate::flights::Flights;
use crate::log::RequestLog;
use crate::metrics::Metrics;

/// While nothing else is sent in a stream of events, a comment is: proxies close what is silent for long.
pub const HEARTBEAT: std::time::Duration = std::time::Duration::from_secs(10);

/// Limits of requests.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Questions that one user may ask in a minute; 0 = any number.
    pub rate_per_minute: u32,
    /// Copies of the service that share this limit.
    pub copies: u32,
    /// The largest body, in bytes.
    pub max_body_bytes: usize,
    /// The longest that a request may take.
    pub request_timeout: std::time::Duration,
    /// How long a stream of events is silent at most.
    pub heartbeat: std::time::Duration,
    /// Web origins that may call from a browser.
    pub cors_origins: Vec<String>,
}

/// What handlers share. Clones are cheap and see the same.
#[derive(Debug, Clone)]
pub struct AppState {
    /// Answers questions.
    pub desk: Arc<Desk>,
    /// For signs of life.
    pub stores: Stores,
    /// Original files.
    pub objects: Objects,
    /// The version of the shop's own data, as it was a moment ago.
    pub shop_version: Arc<AtomicI64>,
    /// Rate limits, sessions, cached answers, revoked tokens.
    pub volatile: Arc<dyn VolatileStore>,
    /// The questions that this process has seen: what holds the limit while the volatile state is away.
    pub rates: Arc<Rates>,
    /// What is being answered, so that identical questions are answered once.
    pub flights: Flights,
    /// Who may ask.
    pub access: Access,
    /// Limits of requests.
    pub limits: Arc<Limits>,
    /// The doorkeeper.
    pub admission: Admission,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Every question leaves a row here.
    pub log: RequestLog,
    /// How long rows of the log are kept, in days, where this process alone can reach them; `None` on servers.
    pub log_days: Option<u32>,
    /// Whether the service is asked to stop.
    pub shutdown: Shutdown,
}

impl AppState {
    /// The version of the shop's own data, as it was a moment ago.
    pub(crate) fn shop_version(&self) -> i64 {
        self.shop_version.load(Ordering::Relaxed)
    }

    /// The stores, by role, and whether each is not asked for a while because it failed or was slow. What lies in Postgres goes with it.
    pub(crate) fn left_alone(&self) -> [(&'static str, bool); 4] {
        let (database, documents) = (self.stores.database.is_left_alone(), self.documents());
        [
            ("redis", self.volatile.is_left_alone()),
            ("postgres", database),
            ("pgvector", database),
            ("mongodb", if documents.is_apart() { documents.is_left_alone() } else { database }),
        ]
    }

    /// The document store.
    pub(crate) fn documents(&self) -> &dyn DocumentStore {
        self.stores.documents.as_ref()
    }
}
