//! Weak evidence is a state: whether what was found answers the question, stands near it, or has nothing to do with it.
//!
//! The measure is absolute: how much of the question's content a hit holds, each word weighted by its rarity. Cosine
//! similarity takes no part: of MiniLM's German cosines the mean best wrong one (.466) lies above the mean right one (.417).

use auskunft_model::Hit;

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

/// Chosen on the odd questions of the small catalog's `questions.jsonl`, measured on the even ones.
pub(crate) const THRESHOLDS: Thresholds = Thresholds { answered: 0.42, related: 0.9, head_bonus: 0.1 };

/// How much of a question a hit holds.
#[derive(Debug, Clone)]
pub(crate) struct Coverage {
    /// Share of the content, 0–1.
    pub(crate) share: f64,
    /// Which of the question's content words it holds (by place).
    pub(crate) held: Vec<f64>,
}

/// Measures a hit, its title and headings included.
pub(crate) fn coverage(content: &[ContentWord], hit: &Hit) -> Coverage {
    let head = Terms::of(&format!("{}\n{}", hit.title, hit.section.join("\n")));
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
