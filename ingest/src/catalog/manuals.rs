//! `manuals.csv`: which manual belongs to which product, in which version.

use std::collections::BTreeMap;
use std::path::Path;

use auskunft_model::Language;
use serde::Deserialize;

use super::{CatalogError, read_input, read_rows};

/// One row of `manuals.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ManualRow {
    /// File name, relative to the table's folder.
    pub file: String,
    /// The product's SKU.
    pub sku: String,
    /// Language of the manual.
    #[serde(default)]
    pub language: Option<String>,
    /// Version of the manual.
    #[serde(default)]
    pub version: Option<String>,
}

/// The rows of all tables by the source that each is about (path relative to the catalog).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManualTable {
    rows: BTreeMap<String, Vec<ManualRow>>,
}

impl ManualTable {
    /// The rows about a source; several name a family.
    pub fn of(&self, source: &str) -> &[ManualRow] {
        self.rows.get(source).map_or(&[], Vec::as_slice)
    }

    /// The sources that rows are about.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// A table with these rows, for `manuals/manuals.csv`.
    #[cfg(test)]
    pub(crate) fn with(rows: Vec<ManualRow>) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.rows.entry(format!("manuals/{}", row.file)).or_default().push(row);
        }
        table
    }
}

/// The language that a file's name states: `q45_en.pdf`, `km-2400-deutsch.pdf`.
pub fn language_of_name(path: &str) -> Option<Language> {
    let name = path.rsplit('/').next().unwrap_or("").to_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let words = stem.split(|sign: char| !sign.is_alphanumeric());
    words.rev().find_map(|word| match word {
        "de" | "deutsch" | "german" | "ger" | "deu" => Some(Language::german()),
        "en" | "englisch" | "english" | "eng" => Some(Language::english()),
        _ => None,
    })
}

pub(super) fn read(folder: &Path, inputs: &[String]) -> Result<ManualTable, CatalogError> {
    let mut table = ManualTable::default();
    for path in inputs.iter().filter(|path| path.ends_with("manuals.csv")) {
        let text = read_input(folder, path)?;
        let place = path.trim_end_matches("manuals.csv");
        for row in read_rows::<ManualRow>(path, &text)? {
            let row = ManualRow {
                language: row.language.filter(|text| !text.is_empty()),
                version: row.version.filter(|text| !text.is_empty()),
                ..row
            };
            table.rows.entry(format!("{place}{}", row.file)).or_default().push(row);
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_its_language() {
        assert_eq!(language_of_name("manuals/q45_en.pdf"), Some(Language::english()));
        assert_eq!(language_of_name("manuals/KM-2400-Deutsch-v2.pdf"), Some(Language::german()));
        assert_eq!(language_of_name("manuals/ende-rente.pdf"), None);
    }
}
