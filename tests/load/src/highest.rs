//! The highest rate whose p99 stays below a bound.

use std::fmt::{self, Display};
use std::time::Duration;

use anyhow::ensure;
use serde::Serialize;

use crate::report::Report;
use crate::run::{Load, run};

/// The share of requests that may fail, or be answered without something, where the rate still counts as held: a service that leaves a
/// server alone that it overloads is fast, and answers without what the server holds.
const MOST_FAILED: f64 = 0.001;
/// What of the rate must be answered in the time that was measured.
const LEAST_ACHIEVED: f64 = 0.97;
/// What was left over from a rate that was too high is done by then.
const REST: Duration = Duration::from_secs(3);

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// The p99 that must not be reached, in milliseconds.
    pub below_ms: f64,
    /// The first rate.
    pub from: f64,
    /// The last rate that is tried.
    pub most: f64,
    /// How long each rate is measured.
    pub seconds: u64,
    /// The share of the rate to which the search is exact.
    pub precision: f64,
    /// How often a rate is tried before it counts as not held: others may use the machine, too.
    pub tries: u32,
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// The bound, in milliseconds.
    pub below_ms: f64,
    /// The highest rate that held it; 0 where none did.
    pub rate: f64,
    /// The run at that rate.
    pub best: Option<Report>,
    /// Every rate that was tried.
    pub steps: Vec<Step>,
}

/// A rate that was tried.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Step {
    /// The rate.
    pub rate: f64,
    /// Whether it held.
    pub held: bool,
    /// Answers a second.
    pub achieved: f64,
    /// 99 of 100 answers took no longer, in milliseconds.
    pub p99_ms: f64,
    /// Requests without a good answer.
    pub failed: u64,
    /// Answers that say that something is missing in them.
    pub degraded: u64,
}

impl Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.held { "held" } else { "not held" };
        let Self { rate, achieved, p99_ms, failed, degraded, .. } = self;
        write!(
            f,
            "{rate:.1}/s {word}: {achieved:.1}/s answered, p99 {p99_ms:.1} ms, {failed} failed, {degraded} degraded"
        )
    }
}

impl Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        write!(f, "highest rate with p99 below {} ms: {:.1}/s", self.below_ms, self.rate)
    }
}

/// Doubles the rate until it does not hold, then halves the gap until that is small. `told` hears of each step.
pub async fn find(load: &Load, search: Search, told: impl Fn(Step)) -> anyhow::Result<Found> {
    ensure!(search.from > 0.0 && search.precision > 0.0, "the first rate and the precision must be above 0");
    let mut found = Found { below_ms: search.below_ms, rate: 0.0, best: None, steps: Vec::new() };
    let mut refused: Option<f64> = None;
    while let Some(rate) = next(search, found.rate, refused) {
        match held(load, search, rate, &mut found.steps, &told).await? {
            Some(report) => (found.rate, found.best) = (rate, Some(report)),
            None => refused = Some(rate),
        }
    }
    Ok(found)
}

/// The run that held a rate; `None` where none of the tries did.
async fn held(
    load: &Load,
    search: Search,
    rate: f64,
    steps: &mut Vec<Step>,
    told: impl Fn(Step),
) -> anyhow::Result<Option<Report>> {
    for _ in 0..search.tries.max(1) {
        let report = run(load, rate, search.seconds).await?;
        let step = judged(&report, search.below_ms);
        told(step);
        steps.push(step);
        tokio::time::sleep(REST).await;
        if step.held {
            return Ok(Some(report));
        }
    }
    Ok(None)
}

/// The rate to try next: between the highest that held and the lowest that did not.
fn next(search: Search, held: f64, refused: Option<f64>) -> Option<f64> {
    match refused {
        None if held == 0.0 => Some(search.from),
        None => Some((held * 2.0).min(search.most)).filter(|rate| *rate > held),
        Some(refused) => {
            let gap = refused - held;
            (gap > refused * search.precision && refused > 1.0).then(|| held + gap / 2.0)
        }
    }
}

fn judged(report: &Report, below_ms: f64) -> Step {
    let (p99_ms, failed) = (report.latency_ms.p99, report.requests - report.ok);
    // One answer may lack several things: it counts by the one that most lack.
    let degraded = report.degraded.values().copied().max().unwrap_or(0);
    let are_few = |count: u64| count as f64 <= report.requests as f64 * MOST_FAILED;
    let keeps_up = report.achieved_rate >= report.rate * LEAST_ACHIEVED;
    let held = report.ok > 0 && are_few(failed) && are_few(degraded) && keeps_up && p99_ms < below_ms;
    Step { rate: report.rate, held, achieved: report.achieved_rate, p99_ms, failed, degraded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Counts;

    fn tried(limit: f64) -> Vec<f64> {
        let search =
            Search { below_ms: 100.0, from: 40.0, most: 1_000.0, seconds: 1, precision: 0.05, tries: 1 };
        let (mut held, mut refused, mut rates) = (0.0, None, Vec::new());
        while let Some(rate) = next(search, held, refused) {
            rates.push(rate);
            if rate <= limit { held = rate } else { refused = Some(rate) }
        }
        rates
    }

    #[test]
    fn a_rate_is_not_held_by_answers_that_lack_something() {
        let mut report = Report::new(Counts::default(), 100.0, 10, 0.0, Duration::ZERO, None);
        (report.requests, report.ok, report.achieved_rate) = (1_000, 1_000, 100.0);
        assert!(judged(&report, 100.0).held);
        report.degraded.insert("chats".to_owned(), 1);
        assert!(judged(&report, 100.0).held, "one of a thousand may be");
        report.degraded.insert("chats".to_owned(), 1_000);
        assert!(!judged(&report, 100.0).held);
    }

    #[test]
    fn the_rate_is_doubled_and_then_the_gap_halved() {
        assert_eq!(tried(230.0), [40.0, 80.0, 160.0, 320.0, 240.0, 200.0, 220.0, 230.0]);
        assert_eq!(tried(9_000.0), [40.0, 80.0, 160.0, 320.0, 640.0, 1_000.0]);
        assert_eq!(tried(12.0)[..3], [40.0, 20.0, 10.0]);
        assert!(tried(0.0).len() < 10, "a service that holds no rate is given up");
    }
}
