//! What happened second by second.

use serde::Serialize;

use crate::judge::Verdict;
use crate::outcome::{Came, Outcome};
use crate::stages::milliseconds;

/// A second, by when requests were due.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Second {
    /// Requests that were due.
    pub due: u64,
    /// Whole answers.
    pub ok: u64,
    /// Answers that say what they lack.
    pub degraded: u64,
    /// Answers that are not those that were wanted.
    pub wrong: u64,
    /// Requests that were told to try later (503).
    pub unavailable: u64,
    /// Everything else that is no answer.
    pub failed: u64,
    /// Half of the answers took no longer, in milliseconds.
    pub p50_ms: f64,
    /// No answer took longer, in milliseconds.
    pub max_ms: f64,
}

/// Seconds of a run.
#[derive(Debug, Default)]
pub(crate) struct Timeline(Vec<(Second, Vec<f64>)>);

impl Timeline {
    pub(crate) fn record(&mut self, outcome: &Outcome) {
        let place = usize::try_from(outcome.due.as_secs()).unwrap_or_default();
        if self.0.len() <= place {
            self.0.resize_with(place + 1, Default::default);
        }
        let Some((second, times)) = self.0.get_mut(place) else { return };
        second.due += 1;
        match &outcome.came {
            Came::Answer(answer, verdict) => {
                second.ok += 1;
                second.degraded += u64::from(!answer.degraded.is_empty());
                second.wrong += u64::from(*verdict == Verdict::Wrong);
                times.push(milliseconds(outcome.latency));
            }
            Came::Refused(503, _) => second.unavailable += 1,
            Came::Refused(..) | Came::Malformed(_) | Came::Failed(_) => second.failed += 1,
        }
    }

    /// The seconds from `first` on, which those before only prepared.
    pub(crate) fn seconds(mut self, first: u64) -> Vec<Second> {
        let first = usize::try_from(first).unwrap_or_default().min(self.0.len());
        let finished = |(mut second, mut times): (Second, Vec<f64>)| {
            times.sort_by(f64::total_cmp);
            second.p50_ms = times.get(times.len() / 2).copied().unwrap_or_default();
            second.max_ms = times.last().copied().unwrap_or_default();
            second
        };
        self.0.drain(first..).map(finished).collect()
    }
}
