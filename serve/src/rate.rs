//! How many questions of this minute are left.

use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, Timelike, Utc};

use crate::error::{ApiError, Problem};

/// How many questions of this minute are left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    requests: u64,
    limit: u64,
    /// Seconds until the next minute.
    reset: u64,
}

impl Rate {
    /// After so many requests of at most `limit` (0 = any number) in the minute of `now`.
    pub(crate) fn of(requests: u64, limit: u32, now: DateTime<Utc>) -> Self {
        Self { requests, limit: u64::from(limit), reset: u64::from(60 - now.second().min(59)) }
    }

    /// The refusal, where there were too many.
    pub(crate) fn refusal(self) -> Option<ApiError> {
        let is_over = self.limit > 0 && self.requests > self.limit;
        is_over.then(|| {
            let detail = format!("more than {} questions in this minute; wait {} s", self.limit, self.reset);
            ApiError::new(Problem::RateLimited, detail).retry_after(self.reset)
        })
    }

    /// `RateLimit-*` of draft-ietf-httpapi-ratelimit-headers-07; none where there is no limit.
    pub(crate) fn headers(self) -> HeaderMap {
        let values = [
            ("ratelimit-limit", self.limit),
            ("ratelimit-remaining", self.limit.saturating_sub(self.requests)),
            ("ratelimit-reset", self.reset),
        ];
        let limited = values.into_iter().filter(|_| self.limit > 0);
        limited.map(|(name, value)| (HeaderName::from_static(name), value.into())).collect()
    }
}

/// What one of so many copies of the service lets through while they do not know of one another. Rounded up: nobody is locked out.
pub(crate) fn share_of(limit: u32, copies: u32) -> u32 {
    limit.div_ceil(copies.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_down_and_names_the_next_minute() {
        let now = DateTime::<Utc>::from_timestamp(45, 0).unwrap();
        let rate = Rate::of(30, 30, now);
        assert!(rate.refusal().is_none());
        assert_eq!(rate.headers()["ratelimit-remaining"], "0");
        let refusal = Rate::of(31, 30, now).refusal().unwrap();
        assert_eq!(refusal.retry_after, Some(15));
        let free = Rate::of(9_999, 0, now);
        assert!(free.refusal().is_none() && free.headers().is_empty());
    }

    #[test]
    fn copies_share_the_limit() {
        assert_eq!(
            [(30, 1), (30, 4), (2, 5), (0, 3)].map(|(limit, copies)| share_of(limit, copies)),
            [30, 8, 1, 0]
        );
    }
}
