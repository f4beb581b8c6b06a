//! The shop's rows and texts as its files state them, read without the product.

use std::collections::HashMap;
use std::path::Path;

use crate::people;
use crate::shop::{TEXTS, region_of};

/// Rows of a table by column.
pub(super) type Rows = Vec<HashMap<String, String>>;

/// A text that is bound to a region.
pub(super) struct BoundText {
    pub(super) source: String,
    pub(super) region: String,
    pub(super) body: String,
}

/// What the judge judges by.
pub(super) struct Books {
    pub(super) table: Box<dyn Fn(&str) -> Rows>,
    pub(super) bound: Vec<BoundText>,
    /// All other texts that may say the same.
    pub(super) others: Vec<String>,
}

impl Books {
    /// Those of the small shop.
    pub(super) fn small() -> Self {
        let bound = TEXTS.iter().filter_map(|(source, .., body)| {
            let region = region_of(source)?.to_owned();
            Some(BoundText { source: (*source).to_owned(), region, body: (*body).to_owned() })
        });
        let others = TEXTS.iter().filter(|(source, ..)| region_of(source).is_none());
        Self {
            table: Box::new(people::rows),
            bound: bound.collect(),
            others: others.map(|(.., body)| (*body).to_owned()).collect(),
        }
    }

    /// Those of a catalog: its tables, and its policies with the regions that they state at their heads.
    pub(super) fn of_catalog(catalog: &Path) -> Self {
        let mut found = Self { table: Box::new(|_| Vec::new()), bound: Vec::new(), others: Vec::new() };
        for file in std::fs::read_dir(catalog.join("policies")).unwrap() {
            let path = file.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let stated = text.lines().take(12).find_map(|line| line.strip_prefix("region:"));
            let name = path.file_name().unwrap().to_str().unwrap();
            match stated.map(str::trim) {
                Some(region) => found.bound.push(BoundText {
                    source: format!("policies/{name}"),
                    region: region.to_owned(),
                    body: text,
                }),
                None => found.others.push(text),
            }
        }
        assert!(!found.bound.is_empty(), "{}: no policy states a region", catalog.display());
        let catalog = catalog.to_owned();
        found.table = Box::new(move |name| csv_rows(&catalog, name));
        found
    }
}

fn csv_rows(catalog: &Path, name: &str) -> Rows {
    let Ok(text) = std::fs::read_to_string(catalog.join("shop").join(format!("{name}.csv"))) else {
        return Vec::new();
    };
    let mut lines = text.lines();
    let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let head = split(lines.next().unwrap());
    // A quoted cell with a comma would shift the columns: such rows are none of numbers.
    lines
        .filter(|line| !line.contains('"'))
        .map(|line| head.iter().cloned().zip(split(line)).collect())
        .collect()
}

/// Sentences of a text that can be recognised wherever they are quoted.
pub(super) fn sentences(body: &str) -> Vec<String> {
    /// Shorter ones may stand anywhere.
    const SHORTEST: usize = 30;
    let is_plain = |text: &str| !text.contains(['#', '*', '[', '|', '<', '_', '`']) && !text.contains(": ");
    let paragraphs = body.split("\n\n").map(one_line);
    let sentences = paragraphs.flat_map(|paragraph| {
        paragraph.split_inclusive(". ").map(|sentence| sentence.trim().to_owned()).collect::<Vec<_>>()
    });
    sentences.filter(|sentence| sentence.chars().count() >= SHORTEST && is_plain(sentence)).collect()
}

/// The text with one blank between words.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
