//! `attributes.csv` and `attributes.json`: facts about products beside their pages.

use std::collections::BTreeMap;
use std::path::Path;

use auskunft_model::{Attribute, Block, Digest, Document, Language, Section};
use auskunft_text::{normal, value};
use serde::{Deserialize, Serialize};

use super::{CatalogError, read_input, read_rows};

/// One fact: product, key, value and the value's unit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AttributeRow {
    /// The product.
    pub sku: String,
    /// The key as printed; `successor`, `discontinued` and `family` are reserved.
    pub key: String,
    /// The value as printed.
    pub value: String,
    /// Its unit, unless the value has it.
    #[serde(default)]
    pub unit: String,
}

/// A row of a JSON table, whose values may be numbers and truth values, too.
#[derive(Deserialize)]
struct JsonRow {
    sku: String,
    key: String,
    value: serde_json::Value,
    #[serde(default)]
    unit: String,
}

impl From<JsonRow> for AttributeRow {
    fn from(row: JsonRow) -> Self {
        let value = match row.value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        Self { sku: row.sku, key: row.key, value, unit: row.unit }
    }
}

/// All rows by product, each with the table it stands in.
#[derive(Debug, Clone, Default)]
pub struct AttributeTable {
    rows: BTreeMap<String, Vec<(String, AttributeRow)>>,
}

/// What the tables add to a product page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Additions {
    /// Facts with their sources, the page's own first.
    pub attributes: Vec<(Attribute, String)>,
    /// No longer made.
    pub obsolete: bool,
    /// SKU of its successor.
    pub successor: Option<String>,
}

impl AttributeTable {
    /// The products that rows are about.
    pub fn products(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// A digest of the rows about these products: part of what a page's documents are made from.
    pub fn digest(&self, skus: &[String]) -> Digest {
        let rows = skus.iter().flat_map(|sku| self.rows.get(sku).into_iter().flatten());
        let texts: Vec<String> = rows
            .map(|(file, row)| {
                format!("{file}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}", row.sku, row.key, row.value, row.unit)
            })
            .collect();
        Digest::of_parts(texts.iter().map(String::as_bytes))
    }

    /// Brings the rows about a product page's product into its document: what the page does not state becomes a section
    /// and an attribute of its own; what it states otherwise is overruled by the table. Returns all facts with their sources.
    pub fn complete(&self, document: &mut Document) -> Additions {
        let page = document.source.clone();
        let mut additions = Additions::default();
        let mut attributes: Vec<(Attribute, String)> =
            document.attributes.iter().map(|attribute| (attribute.clone(), page.clone())).collect();
        let mut lines = Vec::new();
        let rows = document.stated_product().and_then(|sku| self.rows.get(sku.as_str()));
        for (file, row) in rows.into_iter().flatten() {
            if !take_reserved(row, document, &mut additions) {
                take_fact(file, row, &document.language, &mut attributes, &mut lines);
            }
        }
        if !lines.is_empty() {
            let mut section = Section::of_paragraphs(vec![heading(document)], None, Vec::new());
            section.blocks.push(Block::Table { header: Vec::new(), rows: lines });
            document.sections.push(section);
        }
        additions.attributes = attributes;
        additions
    }
}

fn heading(document: &Document) -> String {
    let is_german = document.language == Language::german();
    if is_german { "Weitere technische Daten" } else { "Further specifications" }.to_owned()
}

/// Keys that are columns of the product rather than facts about it.
fn take_reserved(row: &AttributeRow, document: &mut Document, additions: &mut Additions) -> bool {
    let value = || Some(row.value.clone()).filter(|value| !value.is_empty());
    match row.key.as_str() {
        "successor" => additions.successor = value(),
        "discontinued" => {
            let words = ["true", "yes", "ja", "1"];
            additions.obsolete = words.contains(&row.value.to_lowercase().as_str());
        }
        "family" => document.product_family = value(),
        "name" => {}
        "maker" => document.maker = document.maker.take().or_else(value),
        "category" => document.category = document.category.take().or_else(value),
        _ => return false,
    }
    true
}

fn take_fact(
    file: &str,
    row: &AttributeRow,
    language: &Language,
    attributes: &mut Vec<(Attribute, String)>,
    lines: &mut Vec<Vec<String>>,
) {
    let text = format!("{} {}", row.value, row.unit).trim().to_owned();
    if text.is_empty() {
        return;
    }
    let value = value::read_attribute(&row.key, &text, language);
    let fact = Attribute { key: row.key.clone(), value, text: text.clone() };
    let key = normal::fold(&row.key);
    match attributes.iter_mut().find(|(attribute, _)| normal::fold(&attribute.key) == key) {
        Some(stated) if stated.0.value == fact.value && stated.0.value != auskunft_model::Value::Text => {}
        Some(stated) if normal::fold(&stated.0.text) == normal::fold(&text) => {}
        Some(stated) => {
            *stated = (fact, file.to_owned());
            lines.push(vec![row.key.clone(), text]);
        }
        None => {
            attributes.push((fact, file.to_owned()));
            lines.push(vec![row.key.clone(), text]);
        }
    }
}

pub(super) fn read(folder: &Path, inputs: &[String]) -> Result<AttributeTable, CatalogError> {
    let mut table = AttributeTable::default();
    for path in inputs.iter().filter(|path| path.starts_with("products/")) {
        let text = read_input(folder, path)?;
        let rows = if path.ends_with(".json") { from_json(path, &text)? } else { read_rows(path, &text)? };
        for row in rows {
            table.rows.entry(row.sku.clone()).or_default().push((path.clone(), row));
        }
    }
    Ok(table)
}

fn from_json(path: &str, text: &str) -> Result<Vec<AttributeRow>, CatalogError> {
    let rows: Result<Vec<JsonRow>, _> = serde_json::from_str(text);
    let rows = rows.map_err(|error| CatalogError::Input {
        file: path.to_owned(),
        place: format!("line {}", error.line()),
        problem: format!("{error}; write a list of {{sku, key, value, unit}}"),
    })?;
    Ok(rows.into_iter().map(AttributeRow::from).collect())
}
