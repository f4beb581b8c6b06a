//! Measures over ranks.

use std::collections::BTreeMap;

use serde::Serialize;

/// Ranks at which success is counted.
const SUCCESS_AT: [usize; 4] = [1, 3, 5, 10];
/// Ranks beyond this count nothing.
pub(super) const DEPTH: usize = 10;

/// How well relevant texts are ranked.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ranking {
    /// Mean of 1 / rank of the first relevant hit, 0 beyond the tenth.
    pub mrr_at_10: f64,
    /// Share of questions with a relevant hit among the first n.
    pub success_at: BTreeMap<usize, f64>,
}

impl Ranking {
    /// The measures over the ranks (from 1) of the first relevant hits; `None` = not among the first ten.
    pub(super) fn of(ranks: &[Option<usize>]) -> Self {
        let questions = ranks.len().max(1) as f64;
        let found = || ranks.iter().flatten().filter(|rank| **rank <= DEPTH);
        let reciprocal: f64 = found().map(|rank| 1.0 / *rank as f64).sum();
        let success = |depth: usize| found().filter(|rank| **rank <= depth).count() as f64 / questions;
        Self {
            mrr_at_10: reciprocal / questions,
            success_at: SUCCESS_AT.into_iter().map(|depth| (depth, success(depth))).collect(),
        }
    }
}

/// A mean with its standard error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mean {
    pub(super) mean: f64,
    pub(super) standard_error: f64,
}

impl Mean {
    /// Over 1 / rank, 0 beyond the tenth.
    pub(super) fn of_reciprocals(ranks: &[Option<usize>]) -> Self {
        let value =
            |rank: &Option<usize>| rank.filter(|rank| *rank <= DEPTH).map_or(0.0, |rank| 1.0 / rank as f64);
        let count = ranks.len().max(1) as f64;
        let mean = ranks.iter().map(value).sum::<f64>() / count;
        let variance = ranks.iter().map(|rank| (value(rank) - mean).powi(2)).sum::<f64>() / count;
        Self { mean, standard_error: (variance / count).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_become_measures() {
        let ranking = Ranking::of(&[Some(1), Some(4), None, Some(11)]);
        assert!((ranking.mrr_at_10 - 1.25 / 4.0).abs() < 1e-9);
        assert_eq!(ranking.success_at.values().copied().collect::<Vec<_>>(), [0.25, 0.25, 0.5, 0.5]);
        assert_eq!(Ranking::of(&[]).success_at.len(), 4);
    }
}
