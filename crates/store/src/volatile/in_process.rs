//! Volatile state in this process: bounded, with lifetimes, gone with the process.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde_json::Value;

use super::expiring::Expiring;
use super::{
    Closing, Lifetimes, OPENING_COMMANDS, Opened, Opening, Session, VolatileStore, check_update, kept_text,
};
use crate::error::Result;
use crate::operation::Operation;

/// Volatile state in this process.
#[derive(Debug)]
pub struct InProcess {
    state: Mutex<State>,
    lifetimes: Lifetimes,
}

#[derive(Debug)]
struct State {
    rates: Expiring<u64>,
    errors: Expiring<u64>,
    sessions: Expiring<Session>,
    answers: Expiring<Value>,
    revoked: Expiring<()>,
    /// Whether all revoked tokens were told.
    is_listed: bool,
}

impl InProcess {
    /// At most `capacity` entries of each sort; the oldest give way.
    pub fn new(capacity: usize) -> Self {
        let state = State {
            rates: Expiring::new(capacity),
            errors: Expiring::new(capacity),
            sessions: Expiring::new(capacity),
            answers: Expiring::new(capacity),
            revoked: Expiring::new(capacity),
            is_listed: false,
        };
        Self { state: Mutex::new(state), lifetimes: Lifetimes::default() }
    }

    /// The same with other lifetimes.
    #[must_use]
    pub fn with_lifetimes(self, lifetimes: Lifetimes) -> Self {
        Self { lifetimes, ..self }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened_at(&self, opening: &Opening, now: Instant) -> Opened {
        let mut state = self.state();
        Opened {
            requests: state.rates.count(&opening.rate_key, self.lifetimes.rate, now),
            session: state.sessions.get_mut(&opening.session_key, now).cloned(),
            answer: state.answers.get_mut(&opening.answer_key, now).cloned(),
        }
    }

    fn closed_at(&self, closing: &Closing, now: Instant) -> Result<()> {
        check_update(closing)?;
        let mut state = self.state();
        let stored = state.sessions.get_mut(&closing.session_key, now).cloned();
        let session = Session::updated(stored, &closing.update);
        state.sessions.put(closing.session_key.clone(), session, self.lifetimes.session, now);
        if let Some((key, answer)) = &closing.answer
            && kept_text(answer).is_some()
        {
            state.answers.put(key.clone(), answer.clone(), self.lifetimes.answer, now);
        }
        Ok(())
    }

    fn revoke_at(&self, key: &str, lifetime: Duration, now: Instant) {
        self.state().revoked.put(key.to_owned(), (), lifetime, now);
    }

    fn is_revoked_at(&self, key: &str, now: Instant) -> Option<bool> {
        let mut state = self.state();
        let is_listed = state.revoked.get_mut(key, now).is_some();
        let is_whole = state.is_listed && !state.revoked.has_lost;
        (is_listed || is_whole).then_some(is_listed)
    }

    fn list_revoked_at(&self, all: &[(String, Duration)], now: Instant) {
        let mut state = self.state();
        state.revoked.has_lost = false;
        for (key, lifetime) in all {
            state.revoked.put(key.clone(), (), *lifetime, now);
        }
        state.is_listed = true;
    }
}

#[async_trait]
impl VolatileStore for InProcess {
    async fn open_request(&self, opening: &Opening) -> Result<Opened> {
        let _operation = Operation::in_process("PIPELINE", OPENING_COMMANDS);
        Ok(self.opened_at(opening, Instant::now()))
    }

    async fn close_request(&self, closing: &Closing) -> Result<()> {
        let _operation = Operation::in_process("EVAL", 1);
        self.closed_at(closing, Instant::now())
    }

    async fn revoke(&self, key: &str, lifetime: Duration) -> Result<()> {
        let _operation = Operation::in_process("SET", 1);
        self.revoke_at(key, lifetime, Instant::now());
        Ok(())
    }

    async fn is_revoked(&self, key: &str) -> Result<Option<bool>> {
        let _operation = Operation::in_process("MGET", 1);
        Ok(self.is_revoked_at(key, Instant::now()))
    }

    async fn wants_revoked(&self) -> Result<bool> {
        let state = self.state();
        Ok(!state.is_listed)
    }

    async fn list_revoked(&self, all: &[(String, Duration)]) -> Result<()> {
        self.list_revoked_at(all, Instant::now());
        Ok(())
    }

    async fn count_error(&self, key: &str) -> Result<u64> {
        Ok(self.state().errors.count(key, self.lifetimes.errors, Instant::now()))
    }

    async fn errors(&self, key: &str) -> Result<u64> {
        Ok(self.state().errors.get_mut(key, Instant::now()).map_or(0, |count| *count))
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::SessionUpdate;
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
        let update = SessionUpdate { messages: vec!["m".to_owned()], ..SessionUpdate::default() };
        let closing = Closing {
            session_key: keys.session_key.clone(),
            update,
            answer: Some((keys.answer_key.clone(), Value::from("x"))),
        };
        store.closed_at(&closing, start).unwrap();
        let soon = store.opened_at(&keys, start + Duration::from_secs(119));
        assert_eq!(soon.session.unwrap().messages, ["m"]);
        assert_eq!(soon.answer, Some(Value::from("x")));
        let without_answer = Closing { answer: None, ..closing };
        store.closed_at(&without_answer, start + Duration::from_secs(121)).unwrap();
        let later = store.opened_at(&keys, start + Duration::from_secs(1900));
        assert_eq!((later.session.unwrap().messages.len(), later.answer), (2, None));
    }

    #[test]
    fn a_token_stays_revoked_for_as_long_as_it_could_be_used() {
        let store = InProcess::new(10);
        let start = Instant::now();
        store.list_revoked_at(&[], start);
        store.revoke_at("revoked:t-1", Duration::from_secs(3600), start);
        let after = |seconds, key: &str| store.is_revoked_at(key, start + Duration::from_secs(seconds));
        assert_eq!((after(0, "revoked:t-1"), after(3599, "revoked:t-1")), (Some(true), Some(true)));
        assert_eq!((after(3600, "revoked:t-1"), after(0, "revoked:t-2")), (Some(false), Some(false)));
    }

    #[test]
    fn a_list_of_revoked_tokens_that_lost_one_vouches_for_none() {
        let store = InProcess::new(2);
        let start = Instant::now();
        store.list_revoked_at(&[], start);
        let later = |seconds| start + Duration::from_secs(seconds);
        for (second, key) in [(0, "a"), (60, "b"), (61, "c")] {
            store.revoke_at(key, Duration::from_secs(30), later(second));
        }
        assert_eq!(store.is_revoked_at("x", later(62)), Some(false), "`a` was over when it went");
        store.revoke_at("d", Duration::from_secs(30), later(62));
        let known = ["b", "c", "d", "x"].map(|key| store.is_revoked_at(key, later(62)));
        assert_eq!(known, [None, Some(true), Some(true), None]);
    }
}
