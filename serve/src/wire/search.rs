//! Shapes of searches.

use std::collections::BTreeMap;

use auskunft_model::{Hit, Kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of text.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KindName {
    /// A product page.
    Product,
    /// A manual.
    Manual,
    /// A part of a manual that maps signals to causes and remedies.
    Troubleshooting,
    /// A question with its answer.
    Faq,
    /// A rule of the shop or a law text.
    Policy,
    /// A solved support dialog.
    Dialog,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Product => Self::Product,
            KindName::Manual => Self::Manual,
            KindName::Troubleshooting => Self::Troubleshooting,
            KindName::Faq => Self::Faq,
            KindName::Policy => Self::Policy,
            KindName::Dialog => Self::Dialog,
        }
    }
}

/// What to search for. All fields but `question` and `limit` narrow the search.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// The question or search words, at most 2,000 characters.
    pub question: String,
    /// Only texts in this language, like `de`.
    pub language: Option<String>,
    /// The most hits wanted, 1 to 50; 10 when not stated.
    pub limit: Option<usize>,
    /// Only these kinds of text; empty: all.
    #[serde(default)]
    pub kinds: Vec<KindName>,
    /// Only texts about this product (its SKU).
    pub product_id: Option<String>,
    /// Only texts of this category.
    pub category: Option<String>,
    /// Only texts about this kind of product, like `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Only texts about this maker's products.
    pub maker: Option<String>,
    /// Only this version of manuals and policies.
    pub version: Option<String>,
    /// Only texts with all of these tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Only texts for this region, and those that hold everywhere. Of a region that the agent is not permitted for there are none.
    pub region: Option<String>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResponse {
    /// Names this request in logs.
    pub request_id: String,
    /// Best first.
    pub hits: Vec<HitBody>,
    /// The generation of the index that was read.
    pub generation: i32,
    /// Its revision.
    pub revision: i64,
    /// What was missing, like `dense`; empty when nothing was.
    pub degraded: Vec<String>,
    /// Time by stage and in `total`, in milliseconds.
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// A piece of a document that a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitBody {
    /// The chunk.
    pub chunk_id: String,
    /// Its document; `GET /documents/{id}` shows it.
    pub document_id: String,
    /// Path of the source in the catalog.
    pub source: String,
    /// Record in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// What it is.
    pub kind: &'static str,
    /// Language of the text.
    pub language: String,
    /// The document's title.
    pub title: String,
    /// Headings above the text, outermost first.
    pub section: Vec<String>,
    /// The page it begins on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The SKU of the product that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// What the text is worth for an answer, 0 to 1: its place in the sum of both legs, and how much of the question it holds.
    pub score: f64,
    /// Cosine similarity, where the dense leg found it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dense: Option<f64>,
    /// BM25 score, where the lexical leg found it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lexical: Option<f64>,
    /// The text.
    pub text: String,
}

impl From<Hit> for HitBody {
    fn from(hit: Hit) -> Self {
        Self {
            chunk_id: hit.chunk_id.to_string(),
            document_id: hit.document_id.to_string(),
            source: hit.source,
            anchor: hit.anchor,
            kind: hit.kind.as_str(),
            language: hit.language.to_string(),
            title: hit.title,
            section: hit.section,
            page: hit.page,
            product_id: hit.product_id.map(|id| id.to_string()),
            score: hit.score,
            dense: hit.dense,
            lexical: hit.lexical,
            text: hit.text,
        }
    }
}
