//! What the catalog's statements contradict each other in. Nothing of it stops a run: the order of trust decides, and a
//! person is told.

use std::collections::BTreeSet;

use auskunft_model::{Labels, Language, ProductId};
use auskunft_store::ledger::DocumentRow;
use serde::Serialize;

use super::{Binder, editions, labels_of, version};
use crate::catalog::manuals::ManualRow;

/// Two statements that can't both be right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Conflict {
    /// Path of the source that it is about.
    pub source: String,
    /// Which statements, which of them was taken, and what to do.
    pub detail: String,
}

/// Contradictions between `manuals.csv` and the manuals, and between manuals, in order of their sources.
pub fn conflicts(documents: &[DocumentRow], binder: &Binder<'_>) -> Vec<Conflict> {
    let labels = labels_of(documents, binder);
    let mut found: Vec<Conflict> =
        documents.iter().flat_map(|document| with_table(document, binder)).collect();
    found.extend(same_versions(documents, &labels));
    found.sort();
    found.dedup();
    found
}

fn with_table(document: &DocumentRow, binder: &Binder<'_>) -> Vec<Conflict> {
    let rows = binder.manuals.of(&document.source);
    let mut details: Vec<String> = rows.iter().filter_map(|row| unknown_product(row, binder)).collect();
    details.extend(other_product(document, rows, binder));
    details.extend(rows.first().and_then(|row| other_version(document, row)));
    details.extend(rows.first().and_then(|row| other_language(document, row)));
    details.into_iter().map(|detail| Conflict { source: document.source.clone(), detail }).collect()
}

fn unknown_product(row: &ManualRow, binder: &Binder<'_>) -> Option<String> {
    binder.by_text(&row.sku).is_empty().then(|| {
        format!(
            "manuals.csv names the product `{}`, which no page describes; correct the row or add the page",
            row.sku
        )
    })
}

fn other_product(document: &DocumentRow, rows: &[ManualRow], binder: &Binder<'_>) -> Option<String> {
    let of_table: BTreeSet<&ProductId> = rows.iter().flat_map(|row| binder.by_text(&row.sku)).collect();
    if of_table.is_empty() {
        return None;
    }
    let of_text = binder.by_own_words(document);
    let contradicts = !of_text.is_empty() && of_table.is_disjoint(&of_text);
    contradicts.then(|| {
        format!(
            "manuals.csv binds it to {}, its name, title or first pages say {}; the table was followed: check the row",
            list(&of_table),
            list(&of_text)
        )
    })
}

fn list(products: &BTreeSet<&ProductId>) -> String {
    products.iter().map(|product| product.as_str()).collect::<Vec<_>>().join(", ")
}

fn other_version(document: &DocumentRow, row: &ManualRow) -> Option<String> {
    let (of_table, stated) = (row.version.as_deref()?, document.stated.labels.version.as_deref()?);
    let is_same = version::compare(of_table, stated).map_or(of_table == stated, std::cmp::Ordering::is_eq);
    (!is_same).then(|| {
        format!("manuals.csv calls it version {of_table}, it calls itself {stated}; the table was followed: check the row")
    })
}

fn other_language(document: &DocumentRow, row: &ManualRow) -> Option<String> {
    let of_table = Language::parse(row.language.as_deref()?)?;
    (of_table.as_str() != document.language).then(|| {
        format!(
            "manuals.csv calls its language `{of_table}`, its text is `{}`; the text was followed: check the row",
            document.language
        )
    })
}

/// Manuals of one product in the same version: at most one of them can be right.
fn same_versions(documents: &[DocumentRow], labels: &[Labels]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for mut versions in editions::works(documents, labels).into_values() {
        versions.sort_by_key(|(place, _)| &documents[*place].source);
        for (index, (place, version)) in versions.iter().enumerate() {
            let is_same =
                |other: &str| version::compare(version, other).is_some_and(std::cmp::Ordering::is_eq);
            let Some((first, _)) = versions[..index].iter().find(|(_, other)| is_same(other)) else {
                continue;
            };
            let (one, other) = (&documents[*first], &documents[*place]);
            let detail = format!(
                "`{}` is a manual of the same product in the same version ({version}): remove one, or state their versions in \
                 manuals.csv",
                one.source
            );
            found.push(Conflict { source: other.source.clone(), detail });
        }
    }
    found
}
