//! A bounded map whose entries end at their time.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// A bounded map whose entries end at their time. `order` holds each write once, so that the oldest write gives way first;
/// an entry written again is recognised by its later time.
#[derive(Debug)]
pub(super) struct Expiring<T> {
    entries: HashMap<String, (T, Instant)>,
    order: VecDeque<(String, Instant)>,
    capacity: usize,
    /// Whether an entry ever gave way before its time.
    pub(super) has_lost: bool,
}

impl<T> Expiring<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), capacity: capacity.max(1), has_lost: false }
    }

    pub(super) fn get_mut(&mut self, key: &str, now: Instant) -> Option<&mut T> {
        self.entries.get_mut(key).filter(|(_, end)| *end > now).map(|(value, _)| value)
    }

    pub(super) fn put(&mut self, key: String, value: T, lifetime: Duration, now: Instant) {
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

impl Expiring<u64> {
    /// Counts one more; the counter keeps its first lifetime.
    pub(super) fn count(&mut self, key: &str, lifetime: Duration, now: Instant) -> u64 {
        if let Some(counter) = self.get_mut(key, now) {
            *counter += 1;
            return *counter;
        }
        self.put(key.to_owned(), 1, lifetime, now);
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
