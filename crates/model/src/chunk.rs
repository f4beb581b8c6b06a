//! A piece of a document, small enough for the embedder, with all that a filter or citation needs.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ChunkId, DocumentId, Kind, Language, ProductId, Region};

/// A piece of a document's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Derived from the content and place.
    pub id: ChunkId,
    /// The document it is a piece of.
    pub document_id: DocumentId,
    /// Place within the document, counted from 0.
    pub ordinal: u32,
    /// What it is; may be finer than the document's kind.
    pub kind: Kind,
    /// Language of the text.
    pub language: Language,
    /// The headings above it, outermost first.
    pub heading_path: Vec<String>,
    /// The page it begins on, where the source has pages.
    pub page: Option<u32>,
    /// The text alone, without the prefix. Quotes in answers are verbatim from here.
    pub text: String,
    /// What is embedded: title and headings, then the text; at most the embedder's budget in tokens.
    pub embedded_text: String,
    /// Tokens of `embedded_text`, as the embedder counts.
    pub tokens: u32,
}

/// The filter columns that all chunks of one document share; they change when the document is bound to another product,
/// without a change of text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Labels {
    /// The product it is about.
    pub product_id: Option<ProductId>,
    /// Category of the product.
    pub category: Option<String>,
    /// Kind of product, e.g. `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Maker or brand.
    pub maker: Option<String>,
    /// Version of a manual or policy.
    pub version: Option<String>,
    /// Region it holds for; `None` = everywhere.
    pub region: Option<Region>,
    /// First day of validity.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity, included.
    pub valid_to: Option<NaiveDate>,
    /// Free tags.
    pub tags: Vec<String>,
}
