//! Ends a worker that takes too long.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A child that its reader, its watch and the pool's cancellation share.
pub(super) type Shared = Arc<Mutex<Child>>;

/// Kills a child; one that is gone already is no error.
pub(super) fn kill(child: &Shared) {
    let _ignored = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
}

/// Kills a child when its time is over, unless dropped before.
#[derive(Debug)]
pub(super) struct Watch {
    more: Sender<Duration>,
    expired: Arc<AtomicBool>,
}

impl Watch {
    /// Begins to watch.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn begin(child: Shared, time: Duration) -> std::io::Result<Self> {
        let (more, requests) = channel();
        let expired = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&expired);
        let mut deadline = Instant::now() + time;
        thread::Builder::new().name("pdf-watch".to_owned()).spawn(move || {
            loop {
                match requests.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(extra) => deadline += extra,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        flag.store(true, Ordering::Release);
                        return kill(&child);
                    }
                }
            }
        })?;
        Ok(Self { more, expired })
    }

    /// Gives more time.
    pub(super) fn extend(&self, extra: Duration) {
        // A watch that has ended needs no more time.
        let _ignored = self.more.send(extra);
    }

    /// Whether the time was over.
    pub(super) fn has_expired(&self) -> bool {
        self.expired.load(Ordering::Acquire)
    }
}
