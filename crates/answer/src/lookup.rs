//! Documents and products by id, as a reader of a citation wants them.

use auskunft_model::{Asker, Attribute, DocumentId, Identifier, Kind, Language, ProductId};
use auskunft_store::documents::document_key;
use auskunft_store::search::OriginalRow;
use auskunft_store::{Reader, products, search};
use serde::Serialize;

use crate::Desk;
use crate::error::Result;
use crate::trace::Trace;

/// A document as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentText {
    /// The document.
    pub document_id: DocumentId,
    /// Path of its source, relative to the catalog.
    pub source: String,
    /// Record in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Its main language.
    pub language: Language,
    /// The product it is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,
    /// Its text.
    pub sections: Vec<SectionText>,
}

/// The text under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionText {
    /// Headings above, outermost first.
    pub heading_path: Vec<String>,
    /// Page, where the source has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The text.
    pub text: String,
}

/// A product with all that is stated about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductText {
    /// The SKU.
    pub product_id: ProductId,
    /// Name.
    pub name: String,
    /// Maker or brand.
    pub maker: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Kind of product.
    pub product_family: Option<String>,
    /// No longer made.
    pub obsolete: bool,
    /// SKU of its successor.
    pub successor_id: Option<String>,
    /// Its numbers.
    pub identifiers: Vec<Identifier>,
    /// Its typed facts with their sources.
    pub attributes: Vec<AttributeText>,
    /// Documents bound to it.
    pub documents: Vec<DocumentLink>,
}

/// A fact and the source that states it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributeText {
    /// Key, typed value, and value as printed.
    #[serde(flatten)]
    pub attribute: Attribute,
    /// Path of the source.
    pub source: String,
}

/// A document to look into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentLink {
    /// The document.
    pub document_id: DocumentId,
    /// Path of its source.
    pub source: String,
    /// Record in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// What it is.
    pub kind: String,
    /// Its title.
    pub title: String,
}

impl Desk {
    /// A live document; `None` when there is none of that id that the asker may see. Tickets are none.
    pub async fn document(&self, id: &DocumentId, asker: &Asker) -> Result<(Option<DocumentText>, Trace)> {
        let mut trace = Trace::default();
        let generation = self.view().info.generation;
        trace.operations.postgres += 1;
        let reader = Reader::from(asker);
        let found = search::document_version(&self.stores.database, generation, id, &reader).await?;
        let Some((version, product)) = found else { return Ok((None, trace)) };
        trace.operations.mongodb += 1;
        let Some(document) = self.stores.documents.document(&document_key(id, &version)).await? else {
            return Ok((None, trace));
        };
        let text = |section: &auskunft_model::Section| SectionText {
            heading_path: section.heading_path.clone(),
            page: section.page,
            text: section.text(),
        };
        let sections = document.sections.iter().map(text).collect();
        let text = DocumentText {
            document_id: document.id,
            source: document.source,
            anchor: document.anchor,
            kind: document.kind,
            title: document.title,
            language: document.language,
            product_id: product.and_then(|id| ProductId::parse(&id).ok()),
            sections,
        };
        Ok((Some(text), trace))
    }

    /// The source of a document, for its original file; `None` when there is none of that id that the asker may see.
    pub async fn original(&self, id: &DocumentId, asker: &Asker) -> Result<(Option<OriginalRow>, Trace)> {
        let mut trace = Trace::default();
        let generation = self.view().info.generation;
        trace.operations.postgres += 1;
        let found = search::original(&self.stores.database, generation, id, &Reader::from(asker)).await?;
        Ok((found, trace))
    }

    /// A product; `None` when there is none of that id that the asker may see.
    pub async fn product(&self, id: &ProductId, asker: &Asker) -> Result<(Option<ProductText>, Trace)> {
        let mut trace = Trace::default();
        let generation = self.view().info.generation;
        // Product, numbers, attributes, documents.
        trace.operations.postgres += 4;
        let found = products::detail(&self.stores.database, generation, id, &Reader::from(asker)).await?;
        Ok((found.map(product_text), trace))
    }
}

fn product_text(detail: products::ProductDetail) -> ProductText {
    let row = detail.row;
    let attributes = detail.attributes.into_iter();
    let documents = detail.documents.into_iter();
    ProductText {
        product_id: row.id,
        name: row.name,
        maker: row.maker,
        category: row.category,
        product_family: row.product_family,
        obsolete: row.obsolete,
        successor_id: row.successor_id,
        identifiers: detail.identifiers,
        attributes: attributes
            .map(|stated| AttributeText { attribute: stated.attribute, source: stated.source })
            .collect(),
        documents: documents
            .map(|(document_id, source, anchor, kind, title)| DocumentLink {
                document_id,
                source,
                anchor,
                kind,
                title,
            })
            .collect(),
    }
}
