//! The best of many scored texts.

use std::cmp::Ordering;

use tantivy::DocAddress;

/// A text's score with its place in the index.
pub(super) type Scored = (f32, DocAddress);

/// The best of what is added, up to a limit.
pub(super) struct Top {
    limit: usize,
    /// At most twice as many.
    kept: Vec<Scored>,
    /// The worst of a full set that was seen: what is not better is none of the best.
    worst: Option<Scored>,
}

impl Top {
    pub(super) fn new(limit: usize) -> Self {
        let limit = limit.max(1);
        Self { limit, kept: Vec::with_capacity(2 * limit), worst: None }
    }

    pub(super) fn add(&mut self, scored: Scored) {
        if self.worst.is_some_and(|worst| by_score(&scored, &worst) != Ordering::Less) {
            return;
        }
        self.kept.push(scored);
        if self.kept.len() == 2 * self.limit {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        let (_, worst, _) = self.kept.select_nth_unstable_by(self.limit - 1, by_score);
        self.worst = Some(*worst);
        self.kept.truncate(self.limit);
    }

    pub(super) fn into_best(mut self) -> Vec<Scored> {
        if self.kept.len() > self.limit {
            self.shorten();
        }
        self.kept
    }
}

/// Higher scores first; equals in the order of the index.
pub(super) fn by_score(left: &Scored, right: &Scored) -> Ordering {
    right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1))
}
