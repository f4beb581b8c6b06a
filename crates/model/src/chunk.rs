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

/// Before the SKU in a tag: the text is about this product among several.
const PRODUCT_TAG: &str = "product:";
/// Before the SKU in a tag: for this product there is a newer version of the text.
const SUPERSEDED_TAG: &str = "superseded:";

/// The longest tag that is kept, in bytes: a longer one is a text, and fits no database index.
pub const LONGEST_TAG: usize = 256;

impl Labels {
    /// Takes the tags that a source states, without those that are too long to be any.
    pub fn state_tags(&mut self, tags: &[String]) {
        self.tag(tags.iter().filter(|tag| tag.len() <= LONGEST_TAG).cloned());
    }

    /// The products that the text is about: the only one, or those that its tags name; none for a general text.
    pub fn products(&self) -> Vec<ProductId> {
        match &self.product_id {
            Some(product) => vec![product.clone()],
            None => self.tagged(PRODUCT_TAG),
        }
    }

    /// Binds the text to these products: one stands in `product_id`, several in tags.
    pub fn bind(&mut self, products: &[ProductId]) {
        match products {
            [only] => self.product_id = Some(only.clone()),
            several => {
                self.product_id = None;
                self.tag(several.iter().map(Self::product_tag));
            }
        }
    }

    /// The tag of a text that is about this product among several.
    pub fn product_tag(product: &ProductId) -> String {
        format!("{PRODUCT_TAG}{product}")
    }

    /// The products for which there is a newer version of the text.
    pub fn superseded_for(&self) -> Vec<ProductId> {
        self.tagged(SUPERSEDED_TAG)
    }

    /// Notes that there is a newer version for these products.
    pub fn supersede(&mut self, products: &[ProductId]) {
        self.tag(products.iter().map(|product| format!("{SUPERSEDED_TAG}{product}")));
    }

    fn tagged(&self, prefix: &str) -> Vec<ProductId> {
        let named = self.tags.iter().filter_map(|tag| tag.strip_prefix(prefix));
        named.filter_map(|id| ProductId::parse(id).ok()).collect()
    }

    fn tag(&mut self, tags: impl Iterator<Item = String>) {
        self.tags.extend(tags);
        self.tags.sort();
        self.tags.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(id: &str) -> ProductId {
        ProductId::parse(id).unwrap()
    }

    #[test]
    fn a_tag_as_long_as_a_text_is_no_tag() {
        let mut labels = Labels::default();
        labels.state_tags(&["neu".to_owned(), "x".repeat(LONGEST_TAG + 1), "alt".to_owned()]);
        assert_eq!(labels.tags, ["alt", "neu"]);
    }

    #[test]
    fn one_product_stands_in_its_column_and_several_in_tags() {
        let mut labels = Labels { tags: vec!["neu".to_owned()], ..Labels::default() };
        labels.bind(&[product("S")]);
        assert_eq!((labels.products(), labels.tags.len()), (vec![product("S")], 1));
        labels.bind(&[product("S"), product("M")]);
        assert_eq!(labels.product_id, None);
        assert_eq!(labels.products(), [product("M"), product("S")]);
        assert_eq!(labels.tags, ["neu", "product:M", "product:S"]);
        labels.supersede(&[product("M")]);
        assert_eq!(labels.superseded_for(), [product("M")]);
    }
}
