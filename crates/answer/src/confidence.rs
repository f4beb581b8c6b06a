//! Weak evidence is a state: whether what was found answers the question, stands near it, or has nothing to do with it.
//!
//! The measure is absolute: how much of the question's content a hit holds, each word weighted by its rarity. Cosine
//! similarity only rescues: in German MiniLM's mean best wrong cosine (.466) lies above the mean right one (.417), so a
//! low one says nothing; a very high one says that other words were used.

use auskunft_model::{Hit, SpaceId};

use crate::analysis::Terms;
use crate::understand::ContentWord;

/// What one threshold table line says.
pub(crate) struct Thresholds {
    /// From this coverage on, the best hit answers.
    pub(crate) answered: f64,
    /// A word of the catalog that stands for the asker's counts this much.
    pub(crate) related: f64,
    /// A word that stands in the title or a heading counts this much more: there the text says what it is about.
    pub(crate) head_bonus: f64,
}

/// Chosen over all of the small catalog's `questions.jsonl`, so its figures flatter. State accuracy (146 questions, 20 without an
/// answer, 8 ambiguous): .92 with MiniLM (halves by parity .96 and .89), .90 with the hashed embedder (.92 and .88); 19 of the 20
/// are handed over, 7 of the 8 asked back.
pub(crate) const THRESHOLDS: Thresholds = Thresholds { answered: 0.42, related: 0.9, head_bonus: 0.1 };

/// From which cosine similarity on a text answers although it holds few of the words, by beginning of the space id. On the
/// small catalog, the highest cosine for a question that nothing answers is .59, unknown model numbers aside.
const RESCUE: &[(&str, f64)] = &[("native", 0.6)];
/// Some of the words it must hold.
const RESCUED_SHARE: f64 = 0.15;

/// Whether a hit answers.
pub(crate) fn answers(coverage: &Coverage, hit: &Hit, space: &SpaceId) -> bool {
    let rescue =
        RESCUE.iter().find(|(family, _)| space.as_str().starts_with(family)).map(|(_, cosine)| *cosine);
    let is_near = rescue.is_some_and(|rescue| hit.dense.is_some_and(|dense| dense >= rescue));
    coverage.share >= THRESHOLDS.answered || (is_near && coverage.share >= RESCUED_SHARE)
}

/// How much of a question a hit holds.
#[derive(Debug, Clone)]
pub(crate) struct Coverage {
    /// Share of the content, 0–1.
    pub(crate) share: f64,
    /// Which of the question's content words it holds (by place).
    pub(crate) held: Vec<f64>,
}

/// Measures a hit, its title and headings included, and `about`, words for the kind of product.
pub(crate) fn coverage(content: &[ContentWord], hit: &Hit, about: &str) -> Coverage {
    let head = Terms::of(&format!("{}\n{}\n{about}", hit.title, hit.section.join("\n")));
    let body = Terms::of(&hit.text);
    let held: Vec<f64> = content
        .iter()
        .map(|word| {
            let (in_head, in_body) = (holds(word, &head), holds(word, &body));
            if in_head > 0.0 { in_head.max(in_body) * (1.0 + THRESHOLDS.head_bonus) } else { in_body }
        })
        .collect();
    let whole: f64 = content.iter().map(|word| word.weight).sum();
    let sum: f64 = content.iter().zip(&held).map(|(word, held)| word.weight * held).sum();
    let share = if whole > 0.0 { (sum / whole).min(1.0) } else { 0.0 };
    Coverage { share, held }
}

/// How much of a word, or of what catalogs call it, a text holds.
pub(crate) fn holds(word: &ContentWord, terms: &Terms) -> f64 {
    let own = terms.holds(&word.word);
    let related = word.related.iter().map(|related| terms.holds(related)).fold(0.0, f64::max);
    own.max(related * THRESHOLDS.related)
}
