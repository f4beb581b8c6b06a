//! How many requests are worked on at once, and how many may wait. What is beyond is turned away at once, so that those
//! inside keep their speed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{ApiError, Problem};

/// The doorkeeper. Clones share the same door.
#[derive(Debug, Clone)]
pub struct Admission {
    working: Arc<Semaphore>,
    /// Places for working and waiting together.
    present: Arc<Semaphore>,
    patience: Duration,
    concurrency: usize,
    places: usize,
}

/// The right to work on a request; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    _working: OwnedSemaphorePermit,
    _present: OwnedSemaphorePermit,
}

impl Admission {
    /// At most `concurrency` requests work and `waiting` wait, none longer than `patience`.
    pub fn new(concurrency: usize, waiting: usize, patience: Duration) -> Self {
        let concurrency = concurrency.clamp(1, Semaphore::MAX_PERMITS / 2);
        let places = concurrency + waiting.min(Semaphore::MAX_PERMITS / 2);
        Self {
            working: Arc::new(Semaphore::new(concurrency)),
            present: Arc::new(Semaphore::new(places)),
            patience,
            concurrency,
            places,
        }
    }

    /// Waits for the turn; [`Problem::Overloaded`] when too many wait already or the turn does not come in time.
    pub async fn enter(&self) -> Result<Permit, ApiError> {
        let present = Arc::clone(&self.present).try_acquire_owned().map_err(|_| overloaded())?;
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.working).acquire_owned()).await;
        match turn {
            Ok(Ok(working)) => Ok(Permit { _working: working, _present: present }),
            Ok(Err(_)) | Err(_) => Err(overloaded()),
        }
    }

    /// Requests that are worked on now.
    pub fn working(&self) -> usize {
        self.concurrency - self.working.available_permits()
    }

    /// Requests that wait now.
    pub fn waiting(&self) -> usize {
        let present = self.places - self.present.available_permits();
        present.saturating_sub(self.working())
    }

    /// Requests that may be worked on or wait.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Requests that may wait.
    pub fn waiting_most(&self) -> usize {
        self.places - self.concurrency
    }
}

fn overloaded() -> ApiError {
    ApiError::new(Problem::Overloaded, "the service has as many requests as it can take; try again soon")
        .retry_after(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_working_and_waiting_places_requests_are_turned_away() {
        let admission = Admission::new(1, 1, Duration::from_secs(60));
        let first = admission.enter().await.unwrap();
        let waiting = tokio::spawn({
            let admission = admission.clone();
            async move { admission.enter().await.map(|_| ()) }
        });
        while admission.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        let refused = admission.enter().await.unwrap_err();
        assert_eq!((refused.problem, refused.retry_after), (Problem::Overloaded, Some(1)));
        drop(first);
        waiting.await.unwrap().unwrap();
        assert_eq!((admission.working(), admission.waiting()), (0, 0));
    }

    #[tokio::test]
    async fn waiting_ends_with_the_patience() {
        let admission = Admission::new(1, 5, Duration::from_millis(1));
        let _first = admission.enter().await.unwrap();
        assert_eq!(admission.enter().await.unwrap_err().problem, Problem::Overloaded);
        assert_eq!(admission.waiting(), 0);
    }
}
