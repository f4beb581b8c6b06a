//! What a search finds, and what it may be narrowed to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ChunkId, DocumentId, Kind, Language, ProductId, Region};

/// What a search may be narrowed to. Empty lists and `None` mean no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Kinds of chunk.
    pub kinds: Vec<Kind>,
    /// Only what is about this product.
    pub product_id: Option<ProductId>,
    /// Category, as the catalog states it.
    pub category: Option<String>,
    /// Kind of product, e.g. `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Maker.
    pub maker: Option<String>,
    /// Version of a manual or policy.
    pub version: Option<String>,
    /// All of these tags.
    pub tags: Vec<String>,
    /// Language of the text.
    pub language: Option<Language>,
    /// Texts for this region, and those that hold everywhere.
    pub region: Option<Region>,
    /// Texts valid on this day.
    pub valid_on: Option<NaiveDate>,
}

/// One chunk that a search found, with its text and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The chunk.
    pub chunk_id: ChunkId,
    /// Its document.
    pub document_id: DocumentId,
    /// Path of the source, relative to the catalog.
    pub source: String,
    /// Record in the source, or `None`.
    pub anchor: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Language of the text.
    pub language: Language,
    /// The document's title.
    pub title: String,
    /// Headings above the text, outermost first.
    pub section: Vec<String>,
    /// The page it begins on.
    pub page: Option<u32>,
    /// The product it is about.
    pub product_id: Option<ProductId>,
    /// 0 to 1: of a search the weighted sum of its legs; where hits were read, what they are worth for an answer.
    pub score: f64,
    /// Cosine similarity of the dense leg, -1 to 1, when that leg found it.
    pub dense: Option<f64>,
    /// BM25 score of the lexical leg, when that leg found it.
    pub lexical: Option<f64>,
    /// The chunk's text.
    pub text: String,
}
