//! One thing that many use in turn: questions before documents.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::TextKind;

/// Lends a thing to one caller at a time. Whoever has a question is next; documents wait until no question does.
pub(super) struct Turns<T> {
    /// Never waited for: whoever has a turn is alone.
    thing: Mutex<T>,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    /// Whether somebody has a turn.
    is_taken: bool,
    /// Callers with a question that wait.
    questions: usize,
}

impl<T> Turns<T> {
    pub(super) fn new(thing: T) -> Self {
        Self { thing: Mutex::new(thing), state: Mutex::default(), ended: Condvar::new() }
    }

    /// Waits for a turn and works; the turn ends on every way out, a panic included.
    pub(super) fn work<Output>(&self, kind: TextKind, work: impl FnOnce(&mut T) -> Output) -> Output {
        let _turn = self.take(kind);
        work(&mut lock(&self.thing))
    }

    fn take(&self, kind: TextKind) -> Turn<'_, T> {
        let is_question = kind == TextKind::Query;
        let mut state = lock(&self.state);
        state.questions += usize::from(is_question);
        while state.is_taken || (!is_question && state.questions > 0) {
            state = self.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.questions -= usize::from(is_question);
        state.is_taken = true;
        Turn(self)
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Turn<'a, T>(&'a Turns<T>);

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        lock(&self.0.state).is_taken = false;
        self.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_question_is_next_however_many_documents_wait() {
        let turns = Turns::new(Vec::new());
        thread::scope(|scope| {
            turns.work(TextKind::Passage, |_| {
                for _ in 0..4 {
                    scope.spawn(|| turns.work(TextKind::Passage, |done| done.push(TextKind::Passage)));
                }
                scope.spawn(|| turns.work(TextKind::Query, |done| done.push(TextKind::Query)));
                while lock(&turns.state).questions == 0 {
                    thread::sleep(Duration::from_millis(1));
                }
            });
        });
        let done = turns.work(TextKind::Query, std::mem::take);
        assert_eq!((done.len(), done.first()), (5, Some(&TextKind::Query)));
    }

    #[test]
    fn a_panic_gives_it_back() {
        let turns = Turns::new(1);
        let panicked = thread::scope(|scope| {
            scope.spawn(|| turns.work(TextKind::Query, |_| panic!("on purpose"))).join().is_err()
        });
        assert!(panicked);
        assert_eq!(turns.work(TextKind::Passage, |thing| *thing), 1);
    }
}
