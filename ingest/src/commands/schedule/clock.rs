//! When runs are due.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;

/// More of them than this are not counted.
const COUNTED: u64 = 10_000;

/// Times by a pattern of cron, in the shop's time zone: a run at 02:30 takes place on every day, also on those on which the clock is set.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    pub(super) cron: Cron,
    pub(super) time_zone: Tz,
}

impl Clock {
    /// The first time after `from`.
    pub(super) fn next(&self, from: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
        let local = from.with_timezone(&self.time_zone);
        let next = self.cron.find_next_occurrence(&local, false);
        Ok(next.context("no time is left that the pattern names")?.with_timezone(&Utc))
    }

    /// How many times lie after `from` and not after `to`.
    pub(super) fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> anyhow::Result<u64> {
        let (mut count, mut at) = (0, from);
        loop {
            at = self.next(at)?;
            if at > to || count == COUNTED {
                return Ok(count);
            }
            count += 1;
        }
    }
}

/// Some time up to `most` seconds, another one each time: so that many shops do not ask one server at once.
pub(super) fn jitter(most: u32) -> Duration {
    let drawn = RandomState::new().hash_one(Utc::now());
    Duration::from_millis(drawn % (u64::from(most) * 1_000 + 1))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn clock(pattern: &str) -> Clock {
        Clock { cron: Cron::from_str(pattern).unwrap(), time_zone: chrono_tz::Europe::Berlin }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_the_shops() {
        let nightly = clock("15 3 * * *");
        assert_eq!(nightly.next(at("2026-11-22T12:00:00Z")).unwrap(), at("2026-11-23T02:15:00Z"));
        assert_eq!(nightly.next(at("2026-07-01T12:00:00Z")).unwrap(), at("2026-07-02T01:15:00Z"));
        // At the very moment the next one is meant.
        assert_eq!(nightly.next(at("2026-11-23T02:15:00Z")).unwrap(), at("2026-11-24T02:15:00Z"));
    }

    #[test]
    fn a_day_on_which_the_clock_is_set_has_its_run() {
        // On 2026-03-29 there is no 02:30 in Berlin, on 2026-10-25 there are two.
        let nightly = clock("30 2 * * *");
        for (from, to) in [
            ("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"),
        ] {
            assert_eq!(nightly.between(at(from), at(to)).unwrap(), 1, "{from}");
        }
    }

    #[test]
    fn times_that_went_by_are_counted() {
        let quarters = clock("*/15 * * * *");
        assert_eq!(quarters.between(at("2026-11-22T12:00:00Z"), at("2026-11-22T13:00:00Z")).unwrap(), 4);
        assert_eq!(quarters.between(at("2026-11-22T12:00:00Z"), at("2026-11-22T12:14:59Z")).unwrap(), 0);
    }

    #[test]
    fn jitter_stays_within_what_was_asked_for() {
        assert_eq!(jitter(0), Duration::ZERO);
        assert!((0..100).all(|_| jitter(2) <= Duration::from_secs(2)));
    }
}
