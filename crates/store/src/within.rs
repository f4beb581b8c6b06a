//! Time limits of calls to a server that do not blame it for a pause of this process.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout};

/// A limit that is noticed later than this part of itself was noticed by a process that stood still.
const STOOD_STILL: u32 = 4;

/// What a call brings within the limit; nothing when there is nothing by then.
///
/// A process that was stopped, moved to another host or starved of processors finds its limits run out when it goes on, with the answers
/// that came meanwhile unread beside them. Who sees the limit that late waits for it once more.
pub(crate) async fn within<F: Future>(limit: Duration, call: F) -> Option<F::Output> {
    let mut call = pin!(call);
    let begin = Instant::now();
    if let Ok(ended) = timeout(limit, &mut call).await {
        return Some(ended);
    }
    let late = begin.elapsed().saturating_sub(limit);
    if late * STOOD_STILL < limit {
        return None;
    }
    timeout(limit, call).await.ok()
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::sync::oneshot;
    use tokio::time::sleep;

    use super::*;

    const LIMIT: Duration = Duration::from_millis(50);

    /// Nothing of this runtime runs meanwhile.
    fn stand_still() {
        std::thread::sleep(LIMIT * 4);
    }

    #[tokio::test]
    async fn what_comes_in_time_is_had_and_nothing_else() {
        assert_eq!(within(LIMIT, async { 7 }).await, Some(7));
        assert_eq!(within(LIMIT, pending::<()>()).await, None);
    }

    /// The answer is there, and a task has yet to hand it over: so it is with every driver that reads for many.
    #[tokio::test]
    async fn an_answer_that_came_while_the_process_stood_still_is_had() {
        let (sender, receiver) = oneshot::channel();
        let waiting = tokio::spawn(within(LIMIT, receiver));
        tokio::task::yield_now().await;
        stand_still();
        let handing = tokio::spawn(async move {
            sleep(LIMIT / 10).await;
            sender.send(7)
        });
        assert_eq!(waiting.await.unwrap(), Some(Ok(7)));
        handing.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_server_that_stays_silent_has_the_limit_once_more() {
        let waiting = tokio::spawn(within(LIMIT, pending::<()>()));
        tokio::task::yield_now().await;
        stand_still();
        let begin = Instant::now();
        assert_eq!(waiting.await.unwrap(), None);
        assert!(begin.elapsed() >= LIMIT, "{:?}", begin.elapsed());
    }
}
