//! What is answered, with its sources.

use serde::{Deserialize, Serialize};

use crate::{DocumentId, Fact, Generation, Language, ProductId, Revision};

/// Whether the question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The answer stands on cited evidence or facts.
    Answered,
    /// Several readings are possible; the answer asks and names them.
    Clarify,
    /// There is no evidence: a person must answer.
    Handoff,
}

impl State {
    /// Name in responses, logs and evaluation files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Clarify => "clarify",
            Self::Handoff => "handoff",
        }
    }
}

/// Where a sentence of the answer comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// The number in the answer's text, `[1]` = 1.
    pub n: u32,
    /// The cited document.
    pub document_id: DocumentId,
    /// Path of its source, relative to the catalog.
    pub source: String,
    /// Record in the source.
    pub anchor: Option<String>,
    /// The document's title.
    pub title: String,
    /// Headings above the quote, outermost first.
    pub section: Vec<String>,
    /// Page of the quote.
    pub page: Option<u32>,
    /// Verbatim from the cited text.
    pub quote: String,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether it was answered.
    pub state: State,
    /// The text, with `[n]` behind each cited sentence.
    pub text: String,
    /// Language of the fixed words around the quotes.
    pub language: Language,
    /// What was asked for, e.g. `technical`, `price`.
    pub intent: String,
    /// The product that the question was bound to.
    pub product: Option<ProductId>,
    /// Facts used.
    pub facts: Vec<Fact>,
    /// Sources, in order of their numbers.
    pub citations: Vec<Citation>,
    /// For `clarify`: what to choose from; for `handoff`: where to look.
    pub suggestions: Vec<String>,
    /// The generation that was read.
    pub generation: Generation,
    /// The revision that was read.
    pub revision: Revision,
    /// What was missing when it was made (`dense`, `lexical`, …), empty when nothing was.
    pub degraded: Vec<String>,
}
