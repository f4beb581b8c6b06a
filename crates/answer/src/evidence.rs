//! Hits, weighed for an answer.

use auskunft_model::{ProductId, SpaceId};

use crate::confidence::{Coverage, answers, coverage};
use crate::retrieve::Found;
use crate::understand::{ProductIndex, Understood};

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
    /// Whether it holds enough of the question to answer it.
    pub(crate) answers: bool,
}

/// Among so many of the best, one that holds enough of the question to answer comes first.
const PROMOTED: usize = 4;

/// Weighs what was found; best first, equal ones in the order of the search.
pub(crate) fn weigh(
    found: Vec<Found>,
    understood: &Understood,
    products: &ProductIndex,
    space: &SpaceId,
) -> Vec<Evidence> {
    let weighed = found.into_iter().map(|found| {
        let coverage = coverage(&understood.content, &found.hit, &about(&found, products));
        let language = if found.hit.language == understood.language { SAME_LANGUAGE } else { 0.0 };
        let value = SEARCH * found.hit.score + (1.0 - SEARCH) * coverage.share + language;
        let answers = answers(&coverage, &found.hit, space);
        Evidence { found, coverage, value, answers }
    });
    let mut weighed: Vec<Evidence> = weighed.collect();
    weighed.sort_by(|left, right| right.value.total_cmp(&left.value));
    promote(&mut weighed);
    weighed
}

/// What kind of thing the hit's product is: a text about the KM-2600 is one about a coffee machine.
fn about(found: &Found, products: &ProductIndex) -> String {
    let product = found.hit.product_id.as_ref().and_then(|id| products.get(id));
    let kinds = product.map(|product| [product.category.as_deref(), product.product_family.as_deref()]);
    kinds.into_iter().flatten().flatten().collect::<Vec<_>>().join("\n")
}

/// Moves the first that answers to the front.
fn promote(weighed: &mut [Evidence]) {
    if let Some(place) = weighed.iter().take(PROMOTED).position(|one| one.answers) {
        weighed[..=place].rotate_right(1);
    }
}

impl Evidence {
    /// Whether it is about that product.
    pub(crate) fn is_about(&self, product: &ProductId) -> bool {
        self.found.products.contains(product)
    }
}
