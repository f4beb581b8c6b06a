//! What a worker tells of itself, and its signs of life.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use auskunft_store::work::Worker;
use chrono::Utc;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::port;

/// People see within this time what it does.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What it does, and what it has done since it began.
#[derive(Debug)]
pub(super) struct Standing {
    registry: Registry,
    files: Counter,
    vectors: Counter,
    takes_part: Gauge,
    last_sign: Gauge,
    /// What it does now.
    told: Mutex<String>,
}

impl Default for Standing {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("auskunft_worker");
        let (files, vectors) = (Counter::default(), Counter::default());
        let (takes_part, last_sign) = (Gauge::default(), Gauge::default());
        registry.register("files", "Files read and handed over", files.clone());
        registry.register("vectors", "Vectors computed", vectors.clone());
        registry.register("takes_part", "1 while it takes part in a run", takes_part.clone());
        registry.register_with_unit(
            "last_sign_timestamp",
            "When the database last took its sign of life",
            Unit::Seconds,
            last_sign.clone(),
        );
        Self { registry, files, vectors, takes_part, last_sign, told: Mutex::new("begins".to_owned()) }
    }
}

impl Standing {
    /// Says why it takes part in no run now; whether that is news.
    pub(super) fn tell(&self, words: String) -> bool {
        self.takes_part.set(0);
        self.replace(words)
    }

    /// Says in which run it takes part.
    pub(super) fn take_part(&self, run: &str) {
        self.takes_part.set(1);
        self.replace(format!("takes part in {run}"));
    }

    /// Counts files that were read and vectors that were computed.
    pub(super) fn add(&self, files: u64, vectors: u64) {
        self.files.inc_by(files);
        self.vectors.inc_by(vectors);
    }

    fn replace(&self, words: String) -> bool {
        let mut told = self.told();
        let is_news = *told != words;
        *told = words;
        is_news
    }

    fn told(&self) -> MutexGuard<'_, String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl port::Standing for Standing {
    fn metrics(&self) -> Option<String> {
        let mut text = String::new();
        encode(&mut text, &self.registry).ok()?;
        Some(text)
    }

    /// `{told, files, vectors}`.
    fn object(&self) -> Value {
        json!({ "told": *self.told(), "files": self.files.get(), "vectors": self.vectors.get() })
    }
}

/// Gives signs of life until it shall end. A server that is away for a while is no reason to.
pub(super) async fn keep(worker: Arc<Worker>, standing: Arc<Standing>, ending: Arc<Notify>) {
    loop {
        let told = standing.told().clone();
        match worker.sign(&told, standing.files.get(), standing.vectors.get()).await {
            Ok(()) => drop(standing.last_sign.set(Utc::now().timestamp())),
            Err(error) => tracing::debug!(%error, "no sign of life could be given"),
        }
        // What it does may change sooner than its signs are due.
        tokio::select! {
            () = ending.notified() => return,
            () = tokio::time::sleep(worker.pulse().min(LONGEST_PAUSE)) => {}
        }
    }
}
