//! The sum of both legs.

use std::collections::HashMap;

use auskunft_model::ChunkId;

/// A candidate with its scores.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fused {
    /// The chunk.
    pub(crate) id: ChunkId,
    /// Weighted sum of the normalised scores, 0–1.
    pub(crate) score: f64,
    /// Cosine similarity, when the dense leg found it.
    pub(crate) dense: Option<f64>,
    /// BM25, when the lexical leg found it.
    pub(crate) lexical: Option<f64>,
}

/// Sums min-max normalised scores, `weight` for the dense leg and the rest for the lexical one; a chunk that a leg did not
/// find gets nothing from it. When a leg found nothing at all, the other counts alone. Best first, equal scores by id.
pub(crate) fn fuse(dense: &[(ChunkId, f64)], lexical: &[(ChunkId, f64)], weight: f64) -> Vec<Fused> {
    let weight = match (dense.is_empty(), lexical.is_empty()) {
        (true, _) => 0.0,
        (false, true) => 1.0,
        (false, false) => weight.clamp(0.0, 1.0),
    };
    let mut found: HashMap<&ChunkId, Fused> = HashMap::new();
    for (id, score, normal) in normalised(dense) {
        let one = found.entry(id).or_insert_with(|| empty(id));
        one.score += weight * normal;
        one.dense = Some(score);
    }
    for (id, score, normal) in normalised(lexical) {
        let one = found.entry(id).or_insert_with(|| empty(id));
        one.score += (1.0 - weight) * normal;
        one.lexical = Some(score);
    }
    let mut fused: Vec<Fused> = found.into_values().collect();
    fused.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| left.id.cmp(&right.id)));
    fused
}

fn empty(id: &ChunkId) -> Fused {
    Fused { id: id.clone(), score: 0.0, dense: None, lexical: None }
}

/// Scores between 0 (the leg's worst) and 1 (its best); 1 for all when they are equal.
fn normalised(leg: &[(ChunkId, f64)]) -> impl Iterator<Item = (&ChunkId, f64, f64)> {
    let best = leg.iter().map(|(_, score)| *score).fold(f64::MIN, f64::max);
    let worst = leg.iter().map(|(_, score)| *score).fold(f64::MAX, f64::min);
    let span = best - worst;
    leg.iter().map(move |(id, score)| {
        let normal = if span > 0.0 { (score - worst) / span } else { 1.0 };
        (id, *score, normal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(scores: &[(&str, f64)]) -> Vec<(ChunkId, f64)> {
        scores.iter().map(|(id, score)| (ChunkId::parse(id).unwrap(), *score)).collect()
    }

    fn order(fused: &[Fused]) -> Vec<&str> {
        fused.iter().map(|one| one.id.as_str()).collect()
    }

    #[test]
    fn the_weight_decides_between_legs() {
        let (dense, lexical) = (leg(&[("a", 0.9), ("b", 0.1)]), leg(&[("b", 30.0), ("a", 10.0)]));
        assert_eq!(order(&fuse(&dense, &lexical, 0.8)), ["a", "b"]);
        assert_eq!(order(&fuse(&dense, &lexical, 0.2)), ["b", "a"]);
    }

    #[test]
    fn a_chunk_of_one_leg_gets_nothing_from_the_other() {
        let fused = fuse(&leg(&[("a", 0.9), ("b", 0.5)]), &leg(&[("c", 3.0)]), 0.25);
        assert_eq!(order(&fused), ["c", "a", "b"]);
        assert!((fused[0].score - 0.75).abs() < 1e-9 && fused[0].dense.is_none());
        assert!((fused[1].score - 0.25).abs() < 1e-9 && fused[1].lexical.is_none());
    }

    #[test]
    fn an_empty_leg_leaves_the_whole_score_to_the_other() {
        let fused = fuse(&[], &leg(&[("a", 3.0), ("b", 1.0)]), 0.9);
        assert!((fused[0].score - 1.0).abs() < 1e-9, "{fused:?}");
        assert!(fuse(&[], &[], 0.5).is_empty());
    }
}
