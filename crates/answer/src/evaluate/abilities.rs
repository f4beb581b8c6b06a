//! Measures by what questions test.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::Detail;
use super::report::accuracy;
use crate::Answered;

/// What an answer cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// From question to answer, in milliseconds.
    pub milliseconds: f64,
    /// Database operations of all stores.
    pub operations: u32,
}

impl Cost {
    pub(super) fn of(elapsed: Duration, answered: &Answered) -> Self {
        Self { milliseconds: elapsed.as_secs_f64() * 1_000.0, operations: answered.trace.operations.total() }
    }
}

/// How the questions of one ability went; a measure is absent where no question of it can be judged by it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ability {
    /// Questions.
    pub questions: usize,
    /// Share of those with relevant texts that have one among the first five hits.
    pub success_at_5: Option<f64>,
    /// As [`super::Evaluation::page_accuracy`].
    pub page_accuracy: Option<f64>,
    /// Share of the questions that state a row of a troubleshooting table whose answer cites it first; see
    /// [`super::Verdict::row_is_first`].
    pub row_first: Option<f64>,
    /// As [`super::Evaluation::answer_accuracy`].
    pub answer_accuracy: Option<f64>,
    /// As [`super::Evaluation::facts_accuracy`].
    pub facts_accuracy: Option<f64>,
    /// As [`super::Evaluation::state_accuracy`].
    pub state_accuracy: Option<f64>,
    /// Half of the answers took no longer, in milliseconds.
    pub p50_ms: Option<f64>,
    /// 99 of 100 answers took no longer, in milliseconds.
    pub p99_ms: Option<f64>,
    /// Database operations of an answer, on average.
    pub operations: Option<f64>,
    /// The most database operations of an answer.
    pub most_operations: Option<u32>,
}

/// The measures by ability; questions that tell none are left out.
pub(super) fn by_ability(details: &[Detail]) -> BTreeMap<String, Ability> {
    let mut groups: BTreeMap<String, Vec<Detail>> = BTreeMap::new();
    for detail in details {
        if let Some(ability) = &detail.ability {
            groups.entry(ability.clone()).or_default().push(detail.clone());
        }
    }
    groups.into_iter().map(|(ability, details)| (ability, measured(&details))).collect()
}

fn measured(details: &[Detail]) -> Ability {
    /// Hits that are looked at.
    const FIRST: usize = 5;
    let costs: Vec<Cost> = details.iter().filter_map(|one| one.cost).collect();
    let mut times: Vec<f64> = costs.iter().map(|cost| cost.milliseconds).collect();
    times.sort_by(f64::total_cmp);
    let all: f64 = costs.iter().map(|cost| f64::from(cost.operations)).sum();
    Ability {
        questions: details.len(),
        success_at_5: accuracy(details, |one| {
            one.is_ranked.then(|| one.rank.is_some_and(|rank| rank <= FIRST))
        }),
        page_accuracy: accuracy(details, |one| one.verdict.as_ref()?.page_is_right),
        row_first: accuracy(details, |one| one.verdict.as_ref()?.row_is_first),
        answer_accuracy: accuracy(details, |one| one.verdict.as_ref()?.says_answer),
        facts_accuracy: accuracy(details, |one| one.verdict.as_ref()?.facts_are_right),
        state_accuracy: accuracy(details, |one| Some(one.state? == one.expected_state?)),
        p50_ms: percentile(&times, 0.5),
        p99_ms: percentile(&times, 0.99),
        operations: (!costs.is_empty()).then(|| all / costs.len() as f64),
        most_operations: costs.iter().map(|cost| cost.operations).max(),
    }
}

/// The smallest of sorted values that so large a share does not exceed (nearest rank).
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() {
        let values: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!((percentile(&values, 0.5), percentile(&values, 0.99)), (Some(100.0), Some(198.0)));
        assert_eq!((percentile(&[7.0], 0.99), percentile(&[], 0.5)), (Some(7.0), None));
    }
}
