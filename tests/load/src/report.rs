//! What a run measured.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::figures::{Counts, Operations, Slow, Wrong};
use crate::judge::Verdict;
use crate::stages::Figures;
use crate::tickets::Changes;
use crate::timeline::Second;

mod text;

pub use text::table;

/// What a run measured. Times are in milliseconds and count from when a request was due.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Questions a second, as asked.
    pub rate: f64,
    /// How long was measured.
    pub seconds: u64,
    /// When measuring began, in seconds since 1970.
    pub began: f64,
    /// Requests that were due.
    pub requests: u64,
    /// Whole answers of the right form.
    pub ok: u64,
    /// Answers a second, from the beginning until the last one was whole.
    pub achieved_rate: f64,
    /// Requests by HTTP status, or by why there was none.
    pub by_status: BTreeMap<String, u64>,
    /// Refusals by the problem's code.
    pub problems: BTreeMap<String, u64>,
    /// Answers by state.
    pub states: BTreeMap<String, u64>,
    /// Answers that say what they lack, by that.
    pub degraded: BTreeMap<String, u64>,
    /// Whether all that came with status 200 had the right form.
    pub well_formed: bool,
    /// Those that had not.
    pub malformed: u64,
    /// Some of them, with what is wrong.
    pub malformed_like: Vec<String>,
    /// Requests that were answered when they were sent again.
    pub sent_again: u64,
    /// Answers by whether they are those that were wanted.
    pub checked: Checked,
    /// How long answers took.
    pub latency_ms: Figures,
    /// The same from when they were sent: what a generator that waits would see.
    pub since_sent_ms: Figures,
    /// How late this program sent.
    pub late_ms: Figures,
    /// How long refusals took.
    pub refused_ms: Figures,
    /// Share of answers that were kept ones.
    pub cached_share: f64,
    /// How long kept answers took.
    pub cached_ms: Figures,
    /// By what questions test.
    pub by_ability: BTreeMap<String, AbilityReport>,
    /// The service's stages, its `total`, and `outside`: what is between this program and the service's own clock.
    pub stages_ms: BTreeMap<String, Figures>,
    /// Database operations by store, as the answers state them.
    pub operations: BTreeMap<String, OperationsReport>,
    /// The requests that took longest.
    pub slowest: Vec<Slow>,
    /// Changes of tickets beside the questions.
    pub tickets: Option<TicketReport>,
    /// What happened second by second.
    pub timeline: Vec<Second>,
}

/// Answers by whether they are those that were wanted.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Checked {
    /// State and facts are those that are wanted.
    pub right: u64,
    /// They are not.
    pub wrong: u64,
    /// Something was missing, and the answer says so.
    pub degraded: u64,
    /// The wrong ones.
    pub wrong_answers: Vec<Wrong>,
}

/// Questions of an ability.
#[derive(Debug, Serialize)]
pub struct AbilityReport {
    /// Requests.
    pub requests: u64,
    /// Whole answers.
    pub ok: u64,
    /// Answers that are not those that were wanted.
    pub wrong: u64,
    /// How long answers took.
    pub latency_ms: Figures,
}

/// Operations of a store.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OperationsReport {
    /// Of an answer, on average.
    pub per_answer: f64,
    /// Of an answer that was not a kept one, on average.
    pub per_uncached_answer: f64,
    /// The most of one answer.
    pub most: u32,
    /// In a second, on average.
    pub per_second: f64,
}

/// Changes of tickets.
#[derive(Debug, Serialize)]
pub struct TicketReport {
    /// By HTTP status, or by why there was none.
    pub by_status: BTreeMap<String, u64>,
    /// How long those took that were made.
    pub latency_ms: Figures,
}

impl Report {
    pub(crate) fn new(
        counts: Counts,
        rate: f64,
        seconds: u64,
        began: f64,
        warm_up: Duration,
        changes: Option<Changes>,
    ) -> Self {
        let lasted = counts.last.saturating_sub(warm_up).as_secs_f64().max(seconds as f64);
        let operations = operations(&counts, lasted);
        let [right, wrong, degraded, _] = counts.verdicts;
        debug_assert_eq!(Verdict::Degraded as usize, 2);
        Self {
            rate,
            seconds,
            began,
            requests: counts.requests,
            ok: counts.ok,
            achieved_rate: counts.ok as f64 / lasted,
            by_status: counts.by_status,
            problems: counts.problems,
            states: counts.states,
            degraded: counts.degraded,
            well_formed: counts.malformed == 0,
            malformed: counts.malformed,
            malformed_like: counts.malformed_like,
            sent_again: counts.sent_again,
            checked: Checked { right, wrong, degraded, wrong_answers: counts.wrong },
            latency_ms: counts.latency.figures(),
            since_sent_ms: counts.since_sent.figures(),
            late_ms: counts.late.figures(),
            refused_ms: counts.refused.figures(),
            cached_share: share(counts.cached, counts.ok),
            cached_ms: counts.cached_latency.figures(),
            by_ability: counts.abilities.iter().map(|(name, one)| (name.clone(), one.into())).collect(),
            stages_ms: counts.stages.figures(),
            operations,
            slowest: counts.slowest,
            tickets: changes.map(Into::into),
            timeline: counts.timeline.seconds(warm_up.as_secs()),
        }
    }
}

fn operations(counts: &Counts, lasted: f64) -> BTreeMap<String, OperationsReport> {
    let of = |(store, all): (&String, &Operations)| {
        let uncached = counts.uncached_operations.get(store).map_or(0, |uncached| uncached.all);
        let report = OperationsReport {
            per_answer: share(all.all, counts.ok),
            per_uncached_answer: share(uncached, counts.ok - counts.cached),
            most: all.most,
            per_second: all.all as f64 / lasted,
        };
        (store.clone(), report)
    };
    counts.operations.iter().map(of).collect()
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

impl From<&crate::figures::Ability> for AbilityReport {
    fn from(ability: &crate::figures::Ability) -> Self {
        let (requests, ok, wrong) = (ability.requests, ability.ok, ability.wrong);
        Self { requests, ok, wrong, latency_ms: ability.latency.figures() }
    }
}

impl From<Changes> for TicketReport {
    fn from(changes: Changes) -> Self {
        Self { by_status: changes.by_status, latency_ms: changes.latency.figures() }
    }
}
