//! The worker processes that run now, and their common end.

use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::watch::{self, Shared};

/// All running workers.
#[derive(Debug, Default)]
pub(super) struct Workers {
    running: Mutex<Vec<(u64, Shared)>>,
    next: AtomicU64,
    cancelled: AtomicBool,
}

impl Workers {
    /// Ends them, and all that are started later.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        for (_, child) in locked(&self.running).iter() {
            watch::kill(child);
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// Makes a child known to [`Self::cancel`] for as long as the guard lives.
    pub(super) fn register(&self, child: Child) -> Registered<'_> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let child = Arc::new(Mutex::new(child));
        locked(&self.running).push((id, Arc::clone(&child)));
        // A cancellation between the start and this line would have missed it.
        if self.is_cancelled() {
            watch::kill(&child);
        }
        Registered { workers: self, id, child }
    }

    /// Whether none is running.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        locked(&self.running).is_empty()
    }
}

/// A running worker; killed and reaped when this goes, however that comes.
pub(super) struct Registered<'a> {
    workers: &'a Workers,
    id: u64,
    child: Shared,
}

impl Registered<'_> {
    pub(super) fn child(&self) -> &Shared {
        &self.child
    }
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        let mut child = locked(&self.child);
        if !matches!(child.try_wait(), Ok(Some(_))) {
            let _ignored = child.kill();
            let _ignored = child.wait();
        }
        drop(child);
        locked(&self.workers.running).retain(|(id, _)| *id != self.id);
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
