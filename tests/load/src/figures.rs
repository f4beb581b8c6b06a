//! Everything that is counted while requests come back.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::judge::Verdict;
use crate::outcome::{Came, Outcome};
use crate::questions::Question;
use crate::stages::{Named, Spread, duration, milliseconds};
use crate::timeline::Timeline;
use crate::wire::Answer;

/// Requests that are named one by one.
const SLOWEST: usize = 10;
/// Malformed answers that are told.
const EXAMPLES: usize = 5;

/// One of the slowest requests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slow {
    /// Its name in the service's logs.
    pub request_id: String,
    /// When it was due, in seconds since the measuring began.
    pub due_s: f64,
    /// From then until its answer was whole, in milliseconds.
    pub latency_ms: f64,
    /// What of it passed before it was sent.
    pub late_ms: f64,
    /// The question's name.
    pub question: String,
    /// What the question tests.
    pub ability: String,
    /// Whether the answer was a kept one.
    pub cached: bool,
    /// The service's stages and `outside`, which is what it does not account for.
    pub stages_ms: BTreeMap<String, f64>,
}

/// An answer that is not the one that was wanted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    /// The question's name.
    pub question: String,
    /// The answer's.
    pub request_id: String,
    /// When it was due, in seconds since the measuring began.
    pub due_s: f64,
}

/// Operations of a store.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Operations {
    pub(crate) all: u64,
    pub(crate) most: u32,
}

/// Counts of an ability.
#[derive(Debug, Default)]
pub(crate) struct Ability {
    pub(crate) requests: u64,
    pub(crate) ok: u64,
    pub(crate) wrong: u64,
    pub(crate) latency: Spread,
}

/// All counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) requests: u64,
    pub(crate) ok: u64,
    pub(crate) cached: u64,
    pub(crate) sent_again: u64,
    /// When the last answer was whole.
    pub(crate) last: Duration,
    pub(crate) by_status: BTreeMap<String, u64>,
    pub(crate) problems: BTreeMap<String, u64>,
    pub(crate) degraded: BTreeMap<String, u64>,
    pub(crate) states: BTreeMap<String, u64>,
    pub(crate) verdicts: [u64; 4],
    pub(crate) wrong: Vec<Wrong>,
    pub(crate) malformed: u64,
    pub(crate) malformed_like: Vec<String>,
    pub(crate) abilities: BTreeMap<String, Ability>,
    pub(crate) latency: Spread,
    pub(crate) since_sent: Spread,
    pub(crate) late: Spread,
    pub(crate) refused: Spread,
    pub(crate) cached_latency: Spread,
    pub(crate) stages: Named,
    pub(crate) operations: BTreeMap<String, Operations>,
    pub(crate) uncached_operations: BTreeMap<String, Operations>,
    pub(crate) slowest: Vec<Slow>,
    pub(crate) timeline: Timeline,
}

impl Counts {
    /// Counts a request that was due `since` the measuring began.
    pub(crate) fn record(&mut self, outcome: &Outcome, question: &Question, since: Duration) {
        self.requests += 1;
        *self.by_status.entry(outcome.status()).or_default() += 1;
        self.sent_again += u64::from(outcome.was_sent_again);
        self.late.record(outcome.late);
        let ability = self.abilities.entry(question.ability.clone()).or_default();
        ability.requests += 1;
        match &outcome.came {
            Came::Answer(answer, verdict) => {
                ability.ok += 1;
                ability.wrong += u64::from(*verdict == Verdict::Wrong);
                ability.latency.record(outcome.latency);
                self.answered(outcome, answer);
                self.judged(outcome, *verdict, question, since);
                self.note_slow(outcome, answer, question, since);
            }
            Came::Malformed(why) => {
                self.malformed += 1;
                if self.malformed_like.len() < EXAMPLES {
                    self.malformed_like.push(format!("{}: {why}", outcome.request_id));
                }
            }
            Came::Refused(_, code) => {
                self.refused.record(outcome.latency);
                let code = code.as_deref().unwrap_or("no problem stated");
                *self.problems.entry(code.to_owned()).or_default() += 1;
            }
            Came::Failed(_) => {}
        }
    }

    fn answered(&mut self, outcome: &Outcome, answer: &Answer) {
        self.ok += 1;
        self.last = self.last.max(outcome.due + outcome.latency);
        self.latency.record(outcome.latency);
        self.since_sent.record(outcome.latency.saturating_sub(outcome.late));
        *self.states.entry(answer.state.clone()).or_default() += 1;
        for what in &answer.degraded {
            *self.degraded.entry(what.clone()).or_default() += 1;
        }
        for (stage, took) in &answer.timings_ms {
            self.stages.record(stage, duration(*took));
        }
        self.stages.record("outside", outside(outcome, answer));
        count_operations(&mut self.operations, answer);
        if answer.cached {
            self.cached += 1;
            self.cached_latency.record(outcome.latency);
        } else {
            count_operations(&mut self.uncached_operations, answer);
        }
    }

    fn judged(&mut self, outcome: &Outcome, verdict: Verdict, question: &Question, since: Duration) {
        self.verdicts[verdict as usize] += 1;
        if verdict == Verdict::Wrong {
            self.wrong.push(Wrong {
                question: question.id.clone(),
                request_id: outcome.request_id.clone(),
                due_s: since.as_secs_f64(),
            });
        }
    }

    fn note_slow(&mut self, outcome: &Outcome, answer: &Answer, question: &Question, since: Duration) {
        let latency_ms = milliseconds(outcome.latency);
        let is_among_them = self.slowest.len() < SLOWEST
            || self.slowest.last().is_some_and(|fastest| fastest.latency_ms < latency_ms);
        if !is_among_them {
            return;
        }
        let mut stages_ms = answer.timings_ms.clone();
        stages_ms.insert("outside".to_owned(), milliseconds(outside(outcome, answer)));
        let slow = Slow {
            request_id: outcome.request_id.clone(),
            due_s: since.as_secs_f64(),
            latency_ms,
            late_ms: milliseconds(outcome.late),
            question: question.id.clone(),
            ability: question.ability.clone(),
            cached: answer.cached,
            stages_ms,
        };
        let place = self.slowest.partition_point(|other| other.latency_ms >= latency_ms);
        self.slowest.insert(place, slow);
        self.slowest.truncate(SLOWEST);
    }
}

fn outside(outcome: &Outcome, answer: &Answer) -> Duration {
    let inside = duration(answer.timings_ms.get("total").copied().unwrap_or_default());
    outcome.latency.saturating_sub(outcome.late).saturating_sub(inside)
}

fn count_operations(counts: &mut BTreeMap<String, Operations>, answer: &Answer) {
    for (store, number) in &answer.operations {
        let count = counts.entry(store.clone()).or_default();
        count.all += u64::from(*number);
        count.most = count.most.max(*number);
    }
}
