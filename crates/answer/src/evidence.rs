//! Hits, weighed for an answer.

use auskunft_model::{Kind, ProductId, SpaceId};

use crate::confidence::{Coverage, Surroundings, answers, coverage};
use crate::passage::Units;
use crate::product_index::ProductIndex;
use crate::retrieve::Found;
use crate::understand::{ContentWord, Understood};

/// A text in the asker's language is preferred to an equal one in another.
const SAME_LANGUAGE: f64 = 0.1;
/// How much the place in the search counts; the rest is how much of the question the text holds, and how much of it one
/// sentence, step or row does: an answer stands in one place.
const SEARCH: f64 = 0.5;

/// A hit with what it holds of the question.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// The hit, with the products of its twins.
    pub(crate) found: Found,
    /// What it holds of the question.
    pub(crate) coverage: Coverage,
    /// Its sentences, steps and rows.
    pub(crate) units: Units,
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
    let about = understood.about();
    let weighed = found.into_iter().map(|found| {
        let kind = kind_of(&found, products);
        let is_own =
            (!about.is_empty()).then(|| about.iter().any(|product| found.products.contains(product)));
        let around = Surroundings { kind: &kind, with_title: tells_by_title(&found, understood), is_own };
        let coverage = coverage(&understood.content, &found.hit, around);
        let language = if found.hit.language == understood.language { SAME_LANGUAGE } else { 0.0 };
        let units = Units::of(&found.hit.text, &understood.content, &coverage.in_section);
        let holds = f64::midpoint(coverage.share, units.closest());
        let value = SEARCH * found.hit.score + (1.0 - SEARCH) * holds + language;
        let answers = answers(&coverage, &found.hit, space);
        Evidence { found, coverage, units, value, answers }
    });
    let mut weighed: Vec<Evidence> = weighed.collect();
    weighed.sort_by(|left, right| right.value.total_cmp(&left.value));
    promote(&mut weighed);
    weighed
}

/// Whether the title of a hit says more than the name of the product that the question names.
fn tells_by_title(found: &Found, understood: &Understood) -> bool {
    let is_name = matches!(found.hit.kind, Kind::Product | Kind::Manual | Kind::Troubleshooting);
    !is_name || found.own.is_empty() || understood.about().is_empty()
}

/// What kind of thing the hit's product is: a text about the KM-2600 is one about a coffee machine.
fn kind_of(found: &Found, products: &ProductIndex) -> String {
    let own = found.own.iter().filter_map(|id| products.get(id));
    let kinds = own.map(|product| [product.category.as_deref(), product.product_family.as_deref()]);
    kinds.flatten().flatten().collect::<Vec<_>>().join("\n")
}

/// Moves the first that answers to the front.
fn promote(weighed: &mut [Evidence]) {
    if let Some(place) = weighed.iter().take(PROMOTED).position(|one| one.answers) {
        weighed[..=place].rotate_right(1);
    }
}

impl Evidence {
    /// The passage that answers best.
    pub(crate) fn passage(&self, content: &[ContentWord], is_how_to: bool) -> &str {
        let hit = &self.found.hit;
        let range = self.units.best(hit.kind, content, is_how_to);
        range.and_then(|range| hit.text.get(range)).unwrap_or("")
    }

    /// The share of the question (0–1) that the sentence or row holds in which a part of the text stands.
    pub(crate) fn share_of(&self, part: &str) -> f64 {
        self.found.hit.text.find(part).map_or(0.0, |place| self.units.share_at(place))
    }

    /// Whether it is about that product.
    pub(crate) fn is_about(&self, product: &ProductId) -> bool {
        self.found.products.contains(product)
    }
}
