//! Identical questions at the same time are answered once.
//!
//! Who comes first with a key leads; who comes with the same key while the first is at work follows and takes what comes of it. The
//! key is that of the answer cache: it names session, owner, permissions and the state of what is read, so nothing passes between
//! two who could not have had the same cached answer. What must not be cached is not shared either: then each works alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::session::Kept;

/// Keys that are led at the same time; beyond, everybody works alone. Admission lets fewer in.
const MOST: usize = 4_096;

type Open = HashMap<String, watch::Receiver<Outcome>>;

/// What is being answered. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Flights {
    open: Arc<Mutex<Open>>,
}

/// What came of a leader's work.
#[derive(Debug, Clone)]
enum Outcome {
    /// Nothing yet.
    Pending,
    /// An answer that the question alone led to.
    Shared(Arc<Kept>),
    /// An answer for the leader's eyes alone.
    Own,
}

/// Whether a request works or waits.
#[derive(Debug)]
pub(crate) enum Turn {
    /// It works, and others may wait for it.
    Lead(Leader),
    /// It waits for another.
    Follow(Follower),
}

/// The duty to answer; dropped without a word, the next one tries.
#[derive(Debug)]
pub(crate) struct Leader {
    flights: Flights,
    /// `None` where nobody can follow.
    key: Option<String>,
    outcome: watch::Sender<Outcome>,
}

/// The wait for another's answer.
#[derive(Debug)]
pub(crate) struct Follower {
    outcome: watch::Receiver<Outcome>,
}

/// What a follower is left with.
#[derive(Debug)]
pub(crate) enum Left {
    /// The answer.
    Answer(Arc<Kept>),
    /// The answer was not for it: it must work itself, without waiting again.
    Alone,
    /// The leader failed: try again.
    Again,
}

impl Flights {
    /// Joins those with the same key.
    pub(crate) fn join(&self, key: &str) -> Turn {
        let mut open = self.open();
        if let Some(outcome) = open.get(key) {
            return Turn::Follow(Follower { outcome: outcome.clone() });
        }
        let (outcome, watched) = watch::channel(Outcome::Pending);
        let key = (open.len() < MOST).then(|| key.to_owned());
        if let Some(key) = &key {
            open.insert(key.clone(), watched);
        }
        drop(open);
        Turn::Lead(Leader { flights: self.clone(), key, outcome })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leader {
    /// Ends the work: with an answer for all who wait, or, with `None`, with one that is not for them.
    pub(crate) fn finish(self, kept: Option<Kept>) {
        let outcome = kept.map_or(Outcome::Own, |kept| Outcome::Shared(Arc::new(kept)));
        self.outcome.send_replace(outcome);
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            self.flights.open().remove(key);
        }
    }
}

impl Follower {
    /// Waits for the leader.
    pub(crate) async fn wait(mut self) -> Left {
        let ended = self.outcome.wait_for(|outcome| !matches!(outcome, Outcome::Pending)).await;
        match ended.as_deref() {
            Ok(Outcome::Shared(kept)) => Left::Answer(Arc::clone(kept)),
            Ok(Outcome::Own | Outcome::Pending) => Left::Alone,
            Err(_) => Left::Again,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(flights: &Flights, key: &str) -> Leader {
        match flights.join(key) {
            Turn::Lead(leader) => leader,
            Turn::Follow(_) => panic!("{key} is led by another"),
        }
    }

    fn follow(flights: &Flights, key: &str) -> Follower {
        match flights.join(key) {
            Turn::Follow(follower) => follower,
            Turn::Lead(_) => panic!("nobody leads {key}"),
        }
    }

    #[tokio::test]
    async fn who_comes_later_with_the_same_key_gets_the_first_ones_answer() {
        let flights = Flights::default();
        let leader = lead(&flights, "a");
        let (early, late) = (follow(&flights, "a"), follow(&flights, "a"));
        let _other = lead(&flights, "b");
        let kept = Kept::sample();
        leader.finish(Some(kept.clone()));
        for follower in [early, late] {
            assert!(matches!(follower.wait().await, Left::Answer(answer) if *answer == kept));
        }
        drop(lead(&flights, "a"));
    }

    #[tokio::test]
    async fn what_is_not_for_others_is_not_given_to_them() {
        let flights = Flights::default();
        let leader = lead(&flights, "a");
        let follower = follow(&flights, "a");
        leader.finish(None);
        assert!(matches!(follower.wait().await, Left::Alone));
    }

    #[tokio::test]
    async fn after_a_failure_one_of_those_who_waited_tries() {
        let flights = Flights::default();
        let leader = lead(&flights, "a");
        let followers = [follow(&flights, "a"), follow(&flights, "a")];
        drop(leader);
        for follower in followers {
            assert!(matches!(follower.wait().await, Left::Again));
        }
        let _next = lead(&flights, "a");
        follow(&flights, "a");
    }

    #[test]
    fn beyond_the_bound_everybody_works_alone() {
        let flights = Flights::default();
        let leaders: Vec<Leader> = (0..MOST).map(|number| lead(&flights, &number.to_string())).collect();
        let _surplus = [lead(&flights, "x"), lead(&flights, "x")];
        drop(leaders);
        assert!(flights.open().is_empty());
    }
}
