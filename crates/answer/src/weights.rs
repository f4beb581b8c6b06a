//! How much the dense leg counts in the sum, by family of embedder and language. Set by evaluation, never by taste.
//!
//! Figures: MRR@10 / success@10 of `ingest eval`.
//!
//! | embedder, questions | dense | lexical | this table | cross-validated |
//! |---|---|---|---|---|
//! | MiniLM-L6, German FAQ sample (77) | .436 / .714 | .700 / .948 | .698 / .935 | .714 / .935 (weights .15, .33) |
//! | hashed, German FAQ sample (77) | .550 / .870 | .685 / .935 | .721 / .922 | .713 / .922 (weights .42, .50) |
//! | MiniLM-L6, small catalog (264, mostly German) | .592 / .861 | .806 / .967 | .918 / .980 | .917 / .984 (weights .45, .30) |
//! | hashed, small catalog (264) | .696 / .943 | .794 / .967 | .923 / .984 | .922 / .992 (weights .50, .50) |

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
    // Hashed n-grams repeat what the 4-gram fields know: little to gain.
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
