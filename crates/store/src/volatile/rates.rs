//! Counters of one process alone: what holds the limit while the shared ones do not answer.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::RATE_LIFETIME;
use super::expiring::Expiring;

/// Requests by key, in this process.
#[derive(Debug)]
pub struct Rates {
    counters: Mutex<Expiring<u64>>,
}

impl Rates {
    /// At most `capacity` keys; the oldest give way.
    pub fn new(capacity: usize) -> Self {
        Self { counters: Mutex::new(Expiring::new(capacity)) }
    }

    /// Counts one more under a key; how many there are, this one included.
    pub fn count(&self, key: &str) -> u64 {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.count(key, RATE_LIFETIME, Instant::now())
    }
}
