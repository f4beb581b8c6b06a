//! Leaves a server alone that does not answer, so that nobody waits for it and nothing piles up.
//!
//! Slow is handled like down. A call that is not answered within its limit has failed; after a few failures in a row the breaker opens:
//! every further call fails at once, and one task alone asks the server for a sign of life. When that comes, one call at a time is let
//! through, until one of them is answered in time. So a server that is back is used again without a restart, and one that gives signs of
//! life but does no work costs one call at a time.

use std::fmt::{self, Display, Formatter};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::within::within;

/// Failures, one after the other, that open the breaker: one may be a hiccup of this machine.
const FAILURES_IN_A_ROW: u32 = 3;
/// The wait before the second look for a sign of life; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The longest wait between two looks: so much later at most a server that is back is used again.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

type Probe = Box<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The breaker of one server. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Breaker(Arc<Shared>);

struct Shared {
    /// The server and where it is, for people.
    name: String,
    /// Calls that may be under way at the same time; more are refused.
    most: usize,
    places: Semaphore,
    state: Mutex<State>,
    probe: Probe,
}

struct State {
    phase: Phase,
    /// Counts openings: what comes to light of calls of before says nothing about now.
    number: u64,
    failures: u32,
    /// Why the server is left alone.
    why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Calls are made.
    Closed,
    /// None is made; a task looks for a sign of life.
    Open,
    /// There was one: the next call is let through.
    HalfOpen,
    /// A call is under way on which it depends.
    Trying,
}

/// What a call's own error says about the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It answers; something else is wrong.
    Answers,
    /// It was not asked: nothing is known.
    Nothing,
    /// It failed, for that reason.
    Fails(String),
    /// It is gone: nothing is to be hoped from another call.
    Gone(String),
}

/// Why a call brought no result.
#[derive(Debug)]
pub(crate) enum Failed<E> {
    /// Its own error.
    Own(E),
    /// It was not made, or not answered in time.
    Away(String),
}

impl<E: Display> Display for Failed<E> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(error) => error.fmt(formatter),
            Self::Away(why) => formatter.write_str(why),
        }
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Breaker({}, {:?})", self.0.name, self.0.state().phase)
    }
}

impl Breaker {
    /// A closed breaker for a server, through which at most so many calls go at the same time. `probe` looks for a sign of life, in a
    /// bounded time, and says why there is none.
    pub(crate) fn new(
        name: String,
        most: usize,
        probe: impl Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static,
    ) -> Self {
        let state = State { phase: Phase::Closed, number: 0, failures: 0, why: String::new() };
        let (places, state) = (Semaphore::new(most), Mutex::new(state));
        Self(Arc::new(Shared { name, most, places, state, probe: Box::new(probe) }))
    }

    /// Opens it: the server can't be reached.
    pub(crate) fn open(&self, why: &str) {
        self.0.open(self.0.state(), why);
    }

    /// Whether the server is left alone.
    pub(crate) fn is_open(&self) -> bool {
        self.0.state().phase != Phase::Closed
    }

    /// Waits for a call's result, no longer than the limit; `judge` tells what its error says about the server.
    pub(crate) async fn run<T, E>(
        &self,
        limit: Duration,
        call: impl Future<Output = Result<T, E>>,
        judge: impl FnOnce(&E) -> Verdict,
    ) -> Result<T, Failed<E>> {
        let pass = self.0.enter().map_err(Failed::Away)?;
        match within(limit, call).await {
            Some(Ok(value)) => {
                pass.settle(Verdict::Answers);
                Ok(value)
            }
            Some(Err(error)) => {
                pass.settle(judge(&error));
                Err(Failed::Own(error))
            }
            None => {
                pass.settle(Verdict::Fails("it does not answer in time".to_owned()));
                Err(Failed::Away(format!("no answer within {} ms", limit.as_millis())))
            }
        }
    }
}

/// A call that is under way.
struct Pass<'a> {
    shared: &'a Arc<Shared>,
    number: u64,
    is_trial: bool,
    _place: SemaphorePermit<'a>,
}

impl Pass<'_> {
    fn settle(mut self, verdict: Verdict) {
        if verdict == Verdict::Nothing {
            return;
        }
        let is_trial = std::mem::take(&mut self.is_trial);
        let mut state = self.shared.state();
        if state.number != self.number {
            return;
        }
        match verdict {
            Verdict::Nothing => {}
            Verdict::Answers => self.shared.close(state),
            Verdict::Fails(why) => {
                state.failures += 1;
                if is_trial || state.failures >= FAILURES_IN_A_ROW {
                    self.shared.open(state, &why);
                }
            }
            Verdict::Gone(why) => self.shared.open(state, &why),
        }
    }
}

/// Whoever called has lost interest, or learned nothing: the next one tries.
impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        if self.is_trial && state.number == self.number {
            state.phase = Phase::HalfOpen;
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call through, or says why not.
    fn enter(self: &Arc<Self>) -> Result<Pass<'_>, String> {
        let place =
            self.places.try_acquire().map_err(|_| format!("{} calls wait for it already", self.most))?;
        let mut state = self.state();
        let is_trial = match state.phase {
            Phase::Closed => false,
            Phase::HalfOpen => true,
            Phase::Open | Phase::Trying => return Err(format!("it is away, {}", state.why)),
        };
        if is_trial {
            state.phase = Phase::Trying;
        }
        Ok(Pass { shared: self, number: state.number, is_trial, _place: place })
    }

    fn open(self: &Arc<Self>, mut state: MutexGuard<'_, State>, why: &str) {
        if state.phase == Phase::Open {
            return;
        }
        let was_closed = state.phase == Phase::Closed;
        state.phase = Phase::Open;
        state.number += 1;
        state.failures = 0;
        why.clone_into(&mut state.why);
        drop(state);
        if was_closed {
            tracing::warn!("{} is away: {why}; it is left alone until it answers", self.name);
        }
        // It has just given a sign of life where a trial failed.
        let wait = if was_closed { Duration::ZERO } else { LONGEST_WAIT };
        tokio::spawn(look_for_life(Arc::downgrade(self), wait));
    }

    fn close(&self, mut state: MutexGuard<'_, State>) {
        state.failures = 0;
        if state.phase != Phase::Closed {
            state.phase = Phase::Closed;
            drop(state);
            tracing::info!("{} answers again", self.name);
        }
    }
}

/// Asks for a sign of life until there is one, unless nobody uses the breaker any more.
async fn look_for_life(breaker: Weak<Shared>, mut wait: Duration) {
    loop {
        tokio::time::sleep(wait).await;
        let Some(looking) = breaker.upgrade().map(|shared| (shared.probe)()) else { return };
        let found = looking.await;
        let Some(shared) = breaker.upgrade() else { return };
        match found {
            Ok(()) => {
                shared.state().phase = Phase::HalfOpen;
                return;
            }
            Err(why) => {
                tracing::debug!(why, "{} is still away", shared.name);
                shared.state().why = why;
            }
        }
        wait = (wait * 2).clamp(FIRST_WAIT, LONGEST_WAIT);
    }
}

#[cfg(test)]
mod tests;
