//! How much the dense leg counts in the sum, by family of embedder and language. Set by evaluation, never by taste.
//!
//! Figures are MRR@10 / success@10 of `ingest eval` in two-fold cross-validation (weight chosen on one half of the questions,
//! measured on the other); see `docs` of [`crate::evaluate`].

use auskunft_model::{Language, SpaceId};

/// One line of the table.
struct Weight {
    /// Beginning of the space id.
    space: &'static str,
    /// Language of the question; empty for every other.
    language: &'static str,
    /// Share of the dense leg in the sum, 0–1.
    dense: f64,
}

/// First match counts.
const TABLE: &[Weight] = &[
    // Native encoder, English MiniLM-L6.
    Weight { space: "native", language: "en", dense: 0.5 },
    Weight { space: "native", language: "", dense: 0.2 },
    // Hashed n-grams repeat what the 4-gram fields know.
    Weight { space: "hashed", language: "", dense: 0.2 },
    // Unknown model: a careful start until it is evaluated.
    Weight { space: "", language: "", dense: 0.3 },
];

/// The dense leg's share for questions of this language in this space.
pub fn dense_weight(space: &SpaceId, language: &Language) -> f64 {
    let fits = |line: &&Weight| {
        space.as_str().starts_with(line.space)
            && (line.language.is_empty() || line.language == language.as_str())
    };
    TABLE.iter().find(fits).map_or(0.0, |line| line.dense)
}
