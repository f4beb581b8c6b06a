//! Hits, weighed for an answer.

use auskunft_model::ProductId;

use crate::confidence::{Coverage, coverage};
use crate::retrieve::Found;
use crate::understand::Understood;

/// A text in the asker's language is preferred to an equal one in another.
const SAME_LANGUAGE: f64 = 0.1;
/// How much the place in the search counts; the rest is how much of the question the text holds.
const SEARCH: f64 = 0.6;

/// A hit with what it holds of the question.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// The hit, with the products of its twins.
    pub(crate) found: Found,
    /// What it holds of the question.
    pub(crate) coverage: Coverage,
    /// What it is worth for an answer.
    pub(crate) value: f64,
}

/// Weighs what was found; best first, equal ones in the order of the search.
pub(crate) fn weigh(found: Vec<Found>, understood: &Understood) -> Vec<Evidence> {
    let weighed = found.into_iter().map(|found| {
        let coverage = coverage(&understood.content, &found.hit);
        let language = if found.hit.language == understood.language { SAME_LANGUAGE } else { 0.0 };
        let value = SEARCH * found.hit.score + (1.0 - SEARCH) * coverage.share + language;
        Evidence { found, coverage, value }
    });
    let mut weighed: Vec<Evidence> = weighed.collect();
    weighed.sort_by(|left, right| right.value.total_cmp(&left.value));
    weighed
}

impl Evidence {
    /// Whether it is about that product.
    pub(crate) fn is_about(&self, product: &ProductId) -> bool {
        self.found.products.contains(product)
    }
}
