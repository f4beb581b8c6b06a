//! Several versions of one manual: for each product the newest counts, the others are marked as superseded and stay.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use auskunft_model::{Kind, Labels, ProductId};
use auskunft_store::ledger::DocumentRow;
use auskunft_text::normal;

use super::version;

/// Words that tell one kind of manual from another (folded): a quick guide does not supersede the full manual.
const SORTS: &[&[&str]] = &[
    &["kurzanleitung", "schnellstart", "quick", "getting started"],
    &["montage", "installation", "aufbau", "assembly"],
    &["sicherheit", "safety"],
    &["datenblatt", "datasheet", "data sheet"],
    &["ersatzteil", "spare part"],
    &["reparatur", "service manual", "repair"],
    &["software", "firmware", "app"],
];

/// What versions of one manual have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Work<'a> {
    language: &'a str,
    region: Option<&'a str>,
    sort: Option<usize>,
    product: ProductId,
}

/// The manuals that state a version, by what they are versions of.
pub(super) fn works<'a>(
    documents: &'a [DocumentRow],
    labels: &'a [Labels],
) -> BTreeMap<Work<'a>, Vec<(usize, &'a str)>> {
    let mut works: BTreeMap<Work<'a>, Vec<(usize, &'a str)>> = BTreeMap::new();
    for (place, (document, labels)) in documents.iter().zip(labels).enumerate() {
        let (true, Some(version)) = (document.kind == Kind::Manual.as_str(), labels.version.as_deref())
        else {
            continue;
        };
        for product in labels.products() {
            let region = labels.region.as_ref().map(auskunft_model::Region::as_str);
            let work = Work { language: &document.language, region, sort: sort(document), product };
            works.entry(work).or_default().push((place, version));
        }
    }
    works
}

fn sort(document: &DocumentRow) -> Option<usize> {
    let name = document.source.rsplit('/').next().unwrap_or("");
    let said = normal::fold(&format!("{} {}", document.title, name.replace(['_', '-'], " ")));
    SORTS.iter().position(|words| words.iter().any(|word| said.contains(word)))
}

/// Marks manuals for whose products there is a newer version.
pub(super) fn mark(documents: &[DocumentRow], labels: &mut [Labels]) {
    let mut superseded: Vec<(usize, ProductId)> = Vec::new();
    for (work, versions) in works(documents, labels) {
        for (place, version) in &versions {
            let is_newer = |other: &str| version::compare(other, version) == Some(Ordering::Greater);
            if versions.iter().any(|(_, other)| is_newer(other)) {
                superseded.push((*place, work.product.clone()));
            }
        }
    }
    for (place, product) in superseded {
        if let Some(labels) = labels.get_mut(place) {
            labels.supersede(&[product]);
        }
    }
}
