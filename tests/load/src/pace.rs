//! When requests are due.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

/// How many turns may wait for the program: more than it can be behind without having failed.
const WAITING: usize = 10_000;

/// Tells the number of each request at its time, from a thread of its own: the timers of the runtime know milliseconds alone.
/// It ends when the last is told, or when nobody listens.
pub(crate) fn keep(start: Instant, rate: f64, requests: u64) -> mpsc::Receiver<u64> {
    let (teller, told) = mpsc::channel(WAITING);
    std::thread::spawn(move || {
        for number in 0..requests {
            let due = start + due(number, rate);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if teller.blocking_send(number).is_err() {
                return;
            }
        }
    });
    told
}

/// When a request is due, counted from the beginning.
pub(crate) fn due(number: u64, rate: f64) -> Duration {
    Duration::from_secs_f64(number as f64 / rate)
}
