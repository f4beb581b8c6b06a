//! Volatile state in this process: bounded, with lifetimes, gone with the process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde_json::Value;

use super::{ANSWER_LIFETIME, Closing, Opened, Opening, RATE_LIFETIME, SESSION_LIFETIME, VolatileStore};
use crate::error::Result;

/// Volatile state in this process.
#[derive(Debug)]
pub struct InProcess {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rates: Expiring<u64>,
    sessions: Expiring<Value>,
    answers: Expiring<Value>,
    revoked: Expiring<()>,
}

impl InProcess {
    /// At most `capacity` entries of each sort; the oldest give way.
    pub fn new(capacity: usize) -> Self {
        let state = State {
            rates: Expiring::new(capacity),
            sessions: Expiring::new(capacity),
            answers: Expiring::new(capacity),
            revoked: Expiring::new(capacity),
        };
        Self { state: Mutex::new(state) }
    }

    fn opened_at(&self, opening: &Opening, now: Instant) -> Opened {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // A counter keeps its first lifetime: INCR, then EXPIRE only when it is new.
        let requests = match state.rates.get_mut(&opening.rate_key, now) {
            Some(requests) => {
                *requests += 1;
                *requests
            }
            None => {
                state.rates.put(opening.rate_key.clone(), 1, RATE_LIFETIME, now);
                1
            }
        };
        Opened {
            requests,
            session: state.sessions.get_mut(&opening.session_key, now).cloned(),
            answer: state.answers.get_mut(&opening.answer_key, now).cloned(),
        }
    }

    fn closed_at(&self, closing: &Closing, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, session) = closing.session.clone();
        state.sessions.put(key, session, SESSION_LIFETIME, now);
        if let Some((key, answer)) = closing.answer.clone() {
            state.answers.put(key, answer, ANSWER_LIFETIME, now);
        }
    }
}

impl InProcess {
    fn revoke_at(&self, key: &str, lifetime: Duration, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.revoked.put(key.to_owned(), (), lifetime, now);
    }

    fn is_revoked_at(&self, key: &str, now: Instant) -> Option<bool> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_listed = state.revoked.get_mut(key, now).is_some();
        (is_listed || !state.revoked.has_lost).then_some(is_listed)
    }
}

#[async_trait]
impl VolatileStore for InProcess {
    async fn open_request(&self, opening: &Opening) -> Result<Opened> {
        Ok(self.opened_at(opening, Instant::now()))
    }

    async fn close_request(&self, closing: &Closing) -> Result<()> {
        self.closed_at(closing, Instant::now());
        Ok(())
    }

    async fn revoke(&self, key: &str, lifetime: Duration) -> Result<()> {
        self.revoke_at(key, lifetime, Instant::now());
        Ok(())
    }

    async fn is_revoked(&self, key: &str) -> Result<Option<bool>> {
        Ok(self.is_revoked_at(key, Instant::now()))
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }
}

/// A bounded map whose entries end at their time. `order` holds each write once, so that the oldest write gives way first;
/// an entry written again is recognised by its later time.
#[derive(Debug)]
struct Expiring<T> {
    entries: HashMap<String, (T, Instant)>,
    order: VecDeque<(String, Instant)>,
    capacity: usize,
    /// Whether an entry ever gave way before its time.
    has_lost: bool,
}

impl<T> Expiring<T> {
    fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), capacity: capacity.max(1), has_lost: false }
    }

    fn get_mut(&mut self, key: &str, now: Instant) -> Option<&mut T> {
        self.entries.get_mut(key).filter(|(_, end)| *end > now).map(|(value, _)| value)
    }

    fn put(&mut self, key: String, value: T, lifetime: Duration, now: Instant) {
        let end = now + lifetime;
        self.order.push_back((key.clone(), end));
        self.entries.insert(key, (value, end));
        self.shrink(now);
    }

    /// Drops what is over, and the oldest while there are too many entries or stale order marks.
    fn shrink(&mut self, now: Instant) {
        while let Some((key, end)) = self.order.front() {
            let current = self.entries.get(key).map(|(_, end)| *end);
            let is_stale = current != Some(*end);
            let is_full = self.entries.len() > self.capacity;
            if !(is_stale || is_full || *end <= now) {
                break;
            }
            let Some((key, _)) = self.order.pop_front() else { break };
            if !is_stale && let Some((_, end)) = self.entries.remove(&key) {
                self.has_lost |= end > now;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(name: &str) -> Opening {
        Opening {
            rate_key: format!("ratelimit:{name}"),
            session_key: format!("session:{{{name}}}"),
            answer_key: format!("ragcache:{{{name}}}:1"),
        }
    }

    #[test]
    fn requests_of_a_minute_are_counted_and_the_count_ends_with_its_minute() {
        let store = InProcess::new(10);
        let start = Instant::now();
        assert_eq!(store.opened_at(&opening("a"), start).requests, 1);
        assert_eq!(store.opened_at(&opening("a"), start + Duration::from_secs(59)).requests, 2);
        assert_eq!(store.opened_at(&opening("b"), start).requests, 1);
        assert_eq!(store.opened_at(&opening("a"), start + Duration::from_secs(61)).requests, 1);
    }

    #[test]
    fn a_session_slides_and_an_answer_does_not() {
        let store = InProcess::new(10);
        let start = Instant::now();
        let keys = opening("a");
        let closing = Closing {
            session: (keys.session_key.clone(), Value::from("s")),
            answer: Some((keys.answer_key.clone(), Value::from("x"))),
        };
        store.closed_at(&closing, start);
        let soon = store.opened_at(&keys, start + Duration::from_secs(119));
        assert_eq!((soon.session, soon.answer), (Some(Value::from("s")), Some(Value::from("x"))));
        let without_answer = Closing { answer: None, ..closing };
        store.closed_at(&without_answer, start + Duration::from_secs(121));
        let later = store.opened_at(&keys, start + Duration::from_secs(1900));
        assert_eq!((later.session, later.answer), (Some(Value::from("s")), None));
    }

    #[test]
    fn a_token_stays_revoked_for_as_long_as_it_could_be_used() {
        let store = InProcess::new(10);
        let start = Instant::now();
        store.revoke_at("revoked:t-1", Duration::from_secs(3600), start);
        let after = |seconds, key: &str| store.is_revoked_at(key, start + Duration::from_secs(seconds));
        assert_eq!((after(0, "revoked:t-1"), after(3599, "revoked:t-1")), (Some(true), Some(true)));
        assert_eq!((after(3600, "revoked:t-1"), after(0, "revoked:t-2")), (Some(false), Some(false)));
    }

    #[test]
    fn a_list_of_revoked_tokens_that_lost_one_vouches_for_none() {
        let store = InProcess::new(2);
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        for (second, key) in [(0, "a"), (60, "b"), (61, "c")] {
            store.revoke_at(key, Duration::from_secs(30), later(second));
        }
        assert_eq!(store.is_revoked_at("x", later(62)), Some(false), "`a` was over when it went");
        store.revoke_at("d", Duration::from_secs(30), later(62));
        let known = ["b", "c", "d", "x"].map(|key| store.is_revoked_at(key, later(62)));
        assert_eq!(known, [None, Some(true), Some(true), None]);
    }

    #[test]
    fn the_oldest_give_way_when_it_is_full() {
        let mut map = Expiring::new(2);
        let start = Instant::now();
        for (second, key) in (0..).zip(["a", "b", "a", "c"]) {
            map.put(key.to_owned(), 1, Duration::from_secs(60), start + Duration::from_secs(second));
        }
        let now = start + Duration::from_secs(3);
        let kept = ["a", "b", "c"].map(|key| map.get_mut(key, now).is_some());
        assert_eq!(kept, [true, false, true], "`a` was written again after `b`");
        assert!(map.order.len() <= 3);
    }
}
