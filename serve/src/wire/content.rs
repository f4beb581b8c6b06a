//! Shapes of documents, products and health.

use std::collections::BTreeMap;

use auskunft_answer::{AttributeText, DocumentLink, DocumentText, ProductText, SectionText};
use auskunft_model::{Attribute, Identifier, Value};
use serde::Serialize;
use utoipa::ToSchema;

/// What one source, or one record of it, says.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentResponse {
    /// The document.
    pub document_id: String,
    /// Path of its source in the catalog.
    pub source: String,
    /// Record in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// What it is.
    pub kind: &'static str,
    /// Title, question or product name.
    pub title: String,
    /// Main language.
    pub language: String,
    /// The SKU of the product that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// Where the page or PDF itself is; absent where the source is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The text.
    pub sections: Vec<SectionBody>,
}

/// The path of a document's original file, opened at a page; `None` for sources that are no page.
pub(crate) fn file(document_id: &str, source: &str, page: Option<u32>) -> Option<String> {
    let ending = source.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_page = ["pdf", "html", "htm", "xhtml"].contains(&ending.as_str());
    let place = page.map(|page| format!("#page={page}")).unwrap_or_default();
    is_page.then(|| format!("/documents/{document_id}/file{place}"))
}

/// A part of a document under one heading.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionBody {
    /// The headings above, outermost first.
    pub heading_path: Vec<String>,
    /// The page it begins on, where the source has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The text; a table has one line a row.
    pub text: String,
}

impl From<DocumentText> for DocumentResponse {
    fn from(document: DocumentText) -> Self {
        let file = file(document.document_id.as_str(), &document.source, None);
        Self {
            file,
            document_id: document.document_id.to_string(),
            source: document.source,
            anchor: document.anchor,
            kind: document.kind.as_str(),
            title: document.title,
            language: document.language.to_string(),
            product_id: document.product_id.map(|id| id.to_string()),
            sections: document.sections.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<SectionText> for SectionBody {
    fn from(section: SectionText) -> Self {
        Self { heading_path: section.heading_path, page: section.page, text: section.text }
    }
}

/// A product with all that the catalog states about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductResponse {
    /// The SKU.
    pub product_id: String,
    /// Name.
    pub name: String,
    /// Maker or brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Kind of product, like `Kaffeemaschine`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_family: Option<String>,
    /// Whether it is no longer made.
    pub obsolete: bool,
    /// The SKU of its successor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor_id: Option<String>,
    /// Numbers that name it.
    pub identifiers: Vec<IdentifierBody>,
    /// Typed facts, in the order in which the catalog states them.
    pub attributes: Vec<AttributeBody>,
    /// Documents about it, at most 200.
    pub documents: Vec<ProductDocument>,
}

/// A number that names a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifierBody {
    /// `sku`, `ean`, `model` or `part`.
    pub kind: &'static str,
    /// As printed.
    pub text: String,
}

/// A fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttributeBody {
    /// The key as printed.
    pub key: String,
    /// A number in `unit` (money: in minor units, cents), the lower end of a range, a list of lengths; else the text.
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
    /// The upper end of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    /// The unit's sign, or the currency (ISO 4217) whose minor unit `value` counts; absent for texts and bare numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// As printed.
    pub text: String,
    /// Where it stands: path of the source in the catalog.
    pub source: String,
}

/// A document about a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductDocument {
    /// The document; `GET /documents/{id}` shows it.
    pub document_id: String,
    /// Path of its source in the catalog.
    pub source: String,
    /// Record in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// What it is.
    pub kind: String,
    /// Its title.
    pub title: String,
}

impl From<ProductText> for ProductResponse {
    fn from(product: ProductText) -> Self {
        Self {
            product_id: product.product_id.to_string(),
            name: product.name,
            maker: product.maker,
            category: product.category,
            product_family: product.product_family,
            obsolete: product.obsolete,
            successor_id: product.successor_id,
            identifiers: product.identifiers.into_iter().map(Into::into).collect(),
            attributes: product.attributes.into_iter().map(Into::into).collect(),
            documents: product.documents.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<DocumentLink> for ProductDocument {
    fn from(link: DocumentLink) -> Self {
        Self {
            document_id: link.document_id.to_string(),
            source: link.source,
            anchor: link.anchor,
            kind: link.kind,
            title: link.title,
        }
    }
}

impl From<Identifier> for IdentifierBody {
    fn from(identifier: Identifier) -> Self {
        Self { kind: identifier.kind.as_str(), text: identifier.text }
    }
}

impl From<AttributeText> for AttributeBody {
    fn from(stated: AttributeText) -> Self {
        let Attribute { key, value, text } = stated.attribute;
        let (value, upper, unit) = match value {
            Value::Money { minor, currency, .. } => (minor.into(), None, Some(currency)),
            Value::Quantity { amount, upper, unit } => (amount.into(), upper, Some(unit)),
            Value::Number { amount } => (amount.into(), None, None),
            Value::Dimensions { amounts, unit } => (amounts.into(), None, Some(unit)),
            Value::Class { class, .. } => (class.into(), None, None),
            Value::Size { label } => (label.into(), None, None),
            Value::Text => (text.clone().into(), None, None),
        };
        Self { key, value, upper, unit, text, source: stated.source }
    }
}

/// A sign of life.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveResponse {
    /// `ok`.
    pub status: &'static str,
    /// The program's version.
    pub version: &'static str,
}

/// Whether questions can be answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyResponse {
    /// `ready`, `not_ready` or `stopping`.
    pub status: &'static str,
    /// What answers stand on, by role.
    pub dependencies: BTreeMap<&'static str, Dependency>,
    /// The generation of the index that is read.
    pub generation: i32,
    /// Its revision.
    pub revision: i64,
}

/// Something that answers stand on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dependency {
    /// Whether it works.
    pub ok: bool,
    /// How long it took to say so, in milliseconds.
    pub latency_ms: f64,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_has_a_number_with_its_unit_where_it_is_one() {
        let body = |value: Value| {
            let attribute = Attribute { key: "k".to_owned(), value, text: "wie gedruckt".to_owned() };
            AttributeBody::from(AttributeText { attribute, source: "p.html".to_owned() })
        };
        let price = body(Value::Money { minor: 12_900, currency: "EUR".to_owned(), vat_included: None });
        assert_eq!((price.value, price.unit.as_deref()), (12_900.into(), Some("EUR")));
        let range = body(Value::Quantity { amount: 2.0, upper: Some(3.0), unit: "h".to_owned() });
        assert_eq!((range.upper, range.unit.as_deref()), (Some(3.0), Some("h")));
        assert_eq!(body(Value::Text).value, "wie gedruckt");
    }
}
