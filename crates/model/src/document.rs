//! What one source (or one record of it) says, with its own structure kept.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Attribute, DocumentId, PageOutcome, ProductId};

/// What a document or chunk is, as filters and citations name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A product page.
    Product,
    /// A manual (PDF).
    Manual,
    /// A part of a manual that maps signals to causes and remedies. Of chunks only.
    Troubleshooting,
    /// A question with its answer.
    Faq,
    /// A rule of the shop or a law text.
    Policy,
    /// A solved support dialog.
    Dialog,
}

impl Kind {
    /// Every kind, in the order in which the design names them.
    pub const ALL: [Self; 6] =
        [Self::Product, Self::Manual, Self::Troubleshooting, Self::Faq, Self::Policy, Self::Dialog];

    /// The kind's name in requests, stores and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Manual => "manual",
            Self::Troubleshooting => "troubleshooting",
            Self::Faq => "faq",
            Self::Policy => "policy",
            Self::Dialog => "dialog",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A language as two lower-case letters (ISO 639-1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// German.
    pub fn german() -> Self {
        Self("de".to_owned())
    }

    /// English.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Takes `de`, `DE`, `de-AT`, `de_DE`: the two letters before any region. `None` when there are no such letters.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.trim().split(['-', '_']).next().unwrap_or("");
        let is_code = code.len() == 2 && code.chars().all(|letter| letter.is_ascii_alphabetic());
        is_code.then(|| Self(code.to_ascii_lowercase()))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A sales region as the shop names it, in upper case: `EU`, `US`, `UK`, …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(String);

impl Region {
    /// Takes a region of 2–16 ASCII letters, digits or `-`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let allowed = |character: char| character.is_ascii_alphanumeric() || character == '-';
        let fits = (2..=16).contains(&text.len()) && text.chars().all(allowed);
        fits.then(|| Self(text.to_ascii_uppercase()))
    }

    /// The region's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A piece of a section's text that is kept or cut as a whole where possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Block {
    /// Running text.
    Paragraph {
        /// The text, without line breaks of the source's layout.
        text: String,
    },
    /// One entry of a list or one step, with its own mark (`1.`, `•`) kept in the text.
    Item {
        /// The text with its mark.
        text: String,
    },
    /// A table; rows are never cut, the header is repeated in every chunk.
    Table {
        /// Column names; empty when the table has none (then rows of two cells are key and value).
        header: Vec<String>,
        /// Cells by row; a row may be shorter than the header.
        rows: Vec<Vec<String>>,
    },
    /// A table of contents. It belongs to the document, but no chunk is made of it: it would answer every question with a
    /// heading.
    Contents {
        /// One line for each entry.
        text: String,
    },
}

/// A part of a document under one heading (and, in a PDF, beginning on one page).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The headings above, outermost first; empty at the top of a document.
    pub heading_path: Vec<String>,
    /// The page (counted from 1), where the source has pages.
    pub page: Option<u32>,
    /// What stands there, in order.
    pub blocks: Vec<Block>,
    /// Set when this part is of another kind than its document (troubleshooting in a manual).
    pub kind: Option<Kind>,
    /// Set when this part is in another language than its document.
    pub language: Option<Language>,
}

impl Section {
    /// A section of plain paragraphs.
    pub fn of_paragraphs(heading_path: Vec<String>, page: Option<u32>, paragraphs: Vec<String>) -> Self {
        let blocks = paragraphs.into_iter().map(|text| Block::Paragraph { text }).collect();
        Self { heading_path, page, blocks, kind: None, language: None }
    }

    /// The section as text: blocks joined by line breaks, tables as one line a row.
    pub fn text(&self) -> String {
        let blocks: Vec<String> = self.blocks.iter().map(Block::text).collect();
        blocks.join("\n")
    }
}

impl Block {
    /// The block as text; a table has one line a row (see [`row_text`]).
    pub fn text(&self) -> String {
        match self {
            Self::Paragraph { text } | Self::Item { text } | Self::Contents { text } => text.clone(),
            Self::Table { header, rows } => {
                let lines: Vec<String> = rows.iter().map(|row| row_text(row)).collect();
                if header.is_empty() {
                    lines.join("\n")
                } else {
                    format!("{}\n{}", row_text(header), lines.join("\n"))
                }
            }
        }
    }
}

/// One table row as a line: two cells read `key: value`, more are separated by ` | `.
pub fn row_text(cells: &[String]) -> String {
    match cells {
        [key, value] if !key.is_empty() && !value.is_empty() => {
            format!("{}: {value}", key.trim_end_matches(':'))
        }
        _ => cells.join(" | "),
    }
}

/// Headings of the part of a solved dialog that answers, in German and English; its problem and outcome stand beside it.
pub const SOLUTION_HEADINGS: [&str; 2] = ["Lösung", "Solution"];

/// What was understood of one source, or of one record of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Derived from `source` and `anchor`.
    pub id: DocumentId,
    /// Path relative to the catalog, `/` between parts.
    pub source: String,
    /// The record's id in a file of many records (FAQ, dialog); `None` for a file that is one document.
    pub anchor: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Title, question or product name.
    pub title: String,
    /// Main language.
    pub language: Language,
    /// The region it holds for; `None` = everywhere.
    pub region: Option<Region>,
    /// First day of validity; `None` = always was.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity, included; `None` = open.
    pub valid_to: Option<NaiveDate>,
    /// The product that the source itself names (a product page's SKU, a FAQ's `product` field); binding may add one.
    pub product: Option<String>,
    /// Category of the product or text, as the source states it.
    pub category: Option<String>,
    /// Kind of product, e.g. `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Maker or brand.
    pub maker: Option<String>,
    /// Version of a manual or policy.
    pub version: Option<String>,
    /// Free tags.
    pub tags: Vec<String>,
    /// Model numbers, EANs, part numbers found in it, as printed.
    pub identifiers: Vec<Identifier>,
    /// Typed facts that the source states.
    pub attributes: Vec<Attribute>,
    /// Variants of the product (sizes, colours, packs); of a page that lists several products, each of them.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Where the source contradicts itself.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
    /// The text.
    pub sections: Vec<Section>,
    /// How each page went (PDF only).
    pub pages: Vec<PageOutcome>,
    /// What was odd but not fatal, for the report.
    pub warnings: Vec<String>,
}

impl Document {
    /// An empty document of a source; the extractor fills in what it finds.
    pub fn new(source: &str, anchor: Option<&str>, kind: Kind, title: &str, language: Language) -> Self {
        Self {
            id: DocumentId::derive(source, anchor),
            source: source.to_owned(),
            anchor: anchor.map(str::to_owned),
            kind,
            title: title.to_owned(),
            language,
            region: None,
            valid_from: None,
            valid_to: None,
            product: None,
            category: None,
            product_family: None,
            maker: None,
            version: None,
            tags: Vec::new(),
            identifiers: Vec::new(),
            attributes: Vec::new(),
            variants: Vec::new(),
            conflicts: Vec::new(),
            sections: Vec::new(),
            pages: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The product id that the source itself names, where it has the form of one.
    pub fn stated_product(&self) -> Option<ProductId> {
        self.product.as_deref().and_then(|text| ProductId::parse(text).ok())
    }
}

/// One of several forms in which a product is sold, or one of the products that a page lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name, where it has one of its own.
    pub name: Option<String>,
    /// Its own numbers.
    pub identifiers: Vec<Identifier>,
    /// What it states itself: price, availability, size, colour.
    pub attributes: Vec<Attribute>,
}

/// Two statements of one source about the same thing that cannot both be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What it is about: a field (`name`, `price`, `currency`, `sku`, `gtin`, …) or the key of an attribute.
    pub field: String,
    /// The statement that was taken, as printed.
    pub taken: String,
    /// Where it stands, e.g. `json-ld`, `microdata`, `rdfa`, `meta`, `definition list`, `table`, `text`.
    pub taken_from: String,
    /// The statement that was not.
    pub other: String,
    /// Where that one stands.
    pub other_from: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, taken, taken_from, other, other_from } = self;
        write!(
            formatter,
            "{field}: {taken_from} says `{taken}`, {other_from} says `{other}`; the first is taken"
        )
    }
}

/// What sort of number names a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentifierKind {
    /// The shop's own number.
    Sku,
    /// EAN, UPC or GTIN with a correct check digit.
    Ean,
    /// The maker's model number.
    Model,
    /// The maker's part number.
    Part,
}

impl IdentifierKind {
    /// Name in stores and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Ean => "ean",
            Self::Model => "model",
            Self::Part => "part",
        }
    }
}

/// A number that names a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// What sort of number it is.
    pub kind: IdentifierKind,
    /// As printed.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_the_two_letters_before_the_region() {
        assert_eq!(Language::parse("de-AT"), Some(Language::german()));
        assert_eq!(Language::parse("EN_us"), Some(Language::english()));
        assert_eq!(Language::parse("deutsch"), None);
        assert_eq!(Language::parse(""), None);
    }

    #[test]
    fn a_table_reads_one_line_a_row() {
        let table = Block::Table {
            header: vec!["Anzeige".to_owned(), "Ursache".to_owned(), "Abhilfe".to_owned()],
            rows: vec![vec!["blinkt gelb".to_owned(), "Tank leer".to_owned(), "Wasser einfüllen".to_owned()]],
        };
        assert_eq!(table.text(), "Anzeige | Ursache | Abhilfe\nblinkt gelb | Tank leer | Wasser einfüllen");
    }

    #[test]
    fn every_kind_is_read_back_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("Ticket"), None);
    }
}
