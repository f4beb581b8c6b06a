//! The wish to stop: SIGINT or SIGTERM, seen by everybody who has to finish something.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Watches for the wish to stop. Clones see the same wish.
#[derive(Debug, Clone)]
pub struct Shutdown {
    /// How often it was asked.
    requests: watch::Receiver<u32>,
}

/// Asks for the stop: held by the signal listener, or by a test.
#[derive(Debug)]
pub struct Trigger {
    requests: watch::Sender<u32>,
}

impl Trigger {
    /// Asks once more.
    pub fn request(&self) {
        self.requests.send_modify(|count| *count = count.saturating_add(1));
    }
}

impl Shutdown {
    /// Whether the first request came: finish what is in hand, begin nothing.
    pub fn is_requested(&self) -> bool {
        *self.requests.borrow() >= 1
    }

    /// Ends with the first request.
    pub async fn requested(&self) {
        self.reached(1).await;
    }

    /// Ends with the second request: the person does not want to wait for a clean end.
    pub async fn insisted(&self) {
        self.reached(2).await;
    }

    async fn reached(&self, count: u32) {
        let mut requests = self.requests.clone();
        if requests.wait_for(|seen| *seen >= count).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
    }
}

/// A shutdown that is asked for by the returned trigger.
pub fn manual() -> (Trigger, Shutdown) {
    let (sender, receiver) = watch::channel(0);
    (Trigger { requests: sender }, Shutdown { requests: receiver })
}

/// A shutdown that is asked for by SIGINT (Ctrl-C) and SIGTERM. Needs a tokio runtime; the listening task ends with the
/// last [`Shutdown`].
pub fn on_signals() -> io::Result<Shutdown> {
    let interrupt = signal(SignalKind::interrupt())?;
    let terminate = signal(SignalKind::terminate())?;
    let (trigger, shutdown) = manual();
    tokio::spawn(forward(interrupt, terminate, trigger));
    Ok(shutdown)
}

async fn forward(mut interrupt: Signal, mut terminate: Signal, trigger: Trigger) {
    loop {
        tokio::select! {
            _ = interrupt.recv() => trigger.request(),
            _ = terminate.recv() => trigger.request(),
            () = trigger.requests.closed() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_request_stops_and_the_second_insists() {
        let (trigger, shutdown) = manual();
        assert!(!shutdown.is_requested());
        trigger.request();
        shutdown.requested().await;
        assert!(shutdown.is_requested());
        let insisted = shutdown.clone();
        let waiting = tokio::spawn(async move { insisted.insisted().await });
        trigger.request();
        waiting.await.unwrap();
    }
}
