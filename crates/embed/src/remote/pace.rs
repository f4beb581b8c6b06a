//! No more requests a minute than the service takes.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Gives each request its time. Requests come evenly: a service that counts by the second is not flooded either.
pub(super) struct Pace {
    /// Zero: no limit.
    interval: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// So many a minute; 0 = any number.
    pub(super) fn new(per_minute: u32) -> Self {
        let interval = Duration::from_secs(60).checked_div(per_minute).unwrap_or_default();
        Self { interval, next: Mutex::new(Instant::now()) }
    }

    /// Blocks until it is this request's turn.
    pub(super) fn wait(&self) {
        if self.interval.is_zero() {
            return;
        }
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = (*next).max(now);
        *next = turn + self.interval;
        drop(next);
        std::thread::sleep(turn - now);
    }
}
