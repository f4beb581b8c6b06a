//! The dense weight, chosen on one half of the questions and measured on the other.

use super::candidates::Prepared;
use super::measure::Mean;
use super::{Fold, Ranking};

/// Chooses the weight on each half and measures it on the other; halves by the parity of the question's place.
pub(super) fn cross_validate(prepared: &[Prepared<'_>]) -> Vec<Fold> {
    let half = |parity: usize| prepared.iter().skip(parity).step_by(2);
    let ranks = |parity: usize, weight: f64| half(parity).map(|one| one.rank(weight)).collect::<Vec<_>>();
    let fold = |parity: usize| {
        let dense_weight = choose_weight(|weight| ranks(1 - parity, weight));
        Fold {
            questions: half(parity).count(),
            dense_weight,
            ranking: Ranking::of(&ranks(parity, dense_weight)),
        }
    };
    vec![fold(0), fold(1)]
}

/// The middle of the weights (0 to 1 by .05) whose MRR is within one standard error of the best one's: the differences
/// among these are noise, and the very best is often a lucky edge (the "one standard error rule", Breiman et al., 1984).
fn choose_weight(ranks: impl Fn(f64) -> Vec<Option<usize>>) -> f64 {
    const STEPS: u32 = 20;
    let weights = (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS));
    let measured: Vec<(f64, Mean)> =
        weights.map(|weight| (weight, Mean::of_reciprocals(&ranks(weight)))).collect();
    let Some((_, best)) = measured.iter().max_by(|left, right| left.1.mean.total_cmp(&right.1.mean)) else {
        return 0.0;
    };
    let good = measured.iter().filter(|(_, one)| one.mean >= best.mean - best.standard_error);
    let good: Vec<f64> = good.map(|(weight, _)| *weight).collect();
    good.iter().sum::<f64>() / good.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_is_the_middle_of_those_that_noise_can_not_tell_apart() {
        let ranks = |weight: f64| -> Vec<Option<usize>> {
            let rank = if (0.2..=0.6).contains(&weight) { Some(1) } else { Some(10) };
            vec![rank; 20]
        };
        assert!((choose_weight(ranks) - 0.4).abs() < 1e-6, "{}", choose_weight(ranks));
    }
}
