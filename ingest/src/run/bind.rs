//! Binding: which product a document is about, from the stored identifiers of all documents and the catalog's tables.
//! Pure: the same ledger gives the same labels, whatever order the sources came in.

mod conflicts;
mod editions;
mod names;
mod numbers;
pub(super) mod version;

use std::collections::{BTreeMap, BTreeSet};

use auskunft_model::document::{Identifier, IdentifierKind};
use auskunft_model::{DocumentId, Kind, Labels, ProductId, Reason};
use auskunft_store::ledger::{DocumentRow, KnownFailure};
use auskunft_store::products::ProductRow;

use crate::catalog::manuals::ManualTable;

pub use conflicts::{Conflict, conflicts};
use names::Names;
use numbers::Numbers;

/// First pages that print more products than this are a catalog or a price list, not a manual of all of them.
const MOST_PRINTED: usize = 12;

/// Longer "numbers" (in bytes) are texts in the wrong field: no index takes them, and nobody asks for them.
const LONGEST_NUMBER: usize = 128;

/// A product with its numbers.
pub type NumberedProduct = (ProductRow, Vec<Identifier>);

/// The products that the ledger's pages state. Of several pages with one SKU the first by path counts; the others are
/// reported by [`duplicates`].
pub fn products(documents: &[DocumentRow]) -> Vec<NumberedProduct> {
    let mut by_id: BTreeMap<ProductId, &DocumentRow> = BTreeMap::new();
    for page in by_path(documents, Kind::Product.as_str()) {
        if let Some(id) = &page.stated.labels.product_id {
            by_id.entry(id.clone()).or_insert(page);
        }
    }
    by_id.into_iter().map(|(id, page)| product(id, page)).collect()
}

/// Pages whose SKU, and tickets whose number, another source has already; the first by path counts.
pub fn duplicates(documents: &[DocumentRow]) -> Vec<KnownFailure> {
    let mut first: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut duplicates = Vec::new();
    for page in by_path(documents, Kind::Product.as_str()) {
        let Some(id) = &page.stated.labels.product_id else { continue };
        if let Some(taken) = first.get(&("product", id.as_str())) {
            let detail = format!(
                "product {id} is already described by `{taken}`; its facts are taken from there: give one of them another SKU"
            );
            duplicates.push(duplicate(page.source.clone(), detail));
        } else {
            first.insert(("product", id.as_str()), &page.source);
        }
    }
    for ticket in by_path(documents, "ticket") {
        let Some(id) = &ticket.anchor else { continue };
        if let Some(taken) = first.get(&("ticket", id.as_str())) {
            let detail = format!("ticket {id} stands in `{taken}`, too; remove one of them");
            duplicates.push(duplicate(format!("{}#{id}", ticket.source), detail));
        } else {
            first.insert(("ticket", id.as_str()), &ticket.source);
        }
    }
    duplicates
}

fn duplicate(source: String, detail: String) -> KnownFailure {
    KnownFailure { source, reason: Reason::DuplicateId, detail }
}

fn by_path<'a>(documents: &'a [DocumentRow], kind: &str) -> Vec<&'a DocumentRow> {
    let mut found: Vec<&DocumentRow> = documents.iter().filter(|row| row.kind == kind).collect();
    found.sort_by(|one, other| (&one.source, &one.anchor).cmp(&(&other.source, &other.anchor)));
    found
}

fn product(id: ProductId, page: &DocumentRow) -> NumberedProduct {
    let labels = &page.stated.labels;
    let row = ProductRow {
        id: id.clone(),
        name: page.title.clone(),
        maker: labels.maker.clone(),
        category: labels.category.clone(),
        product_family: labels.product_family.clone(),
        region: labels.region.as_ref().map(|region| region.as_str().to_owned()),
        obsolete: page.stated.obsolete,
        successor_id: page.stated.successor.clone(),
        document_id: page.document_id.clone(),
        document_version: page.version.clone(),
        source: page.source.clone(),
    };
    let mut identifiers: BTreeSet<Identifier> =
        page.stated.identifiers.iter().filter(|one| one.text.len() <= LONGEST_NUMBER).cloned().collect();
    identifiers.insert(Identifier { kind: IdentifierKind::Sku, text: id.to_string() });
    (row, identifiers.into_iter().collect())
}

/// Finds the products of a document.
#[derive(Debug)]
pub struct Binder<'a> {
    products: BTreeMap<&'a ProductId, &'a ProductRow>,
    numbers: Numbers<'a>,
    names: Names<'a>,
    manuals: &'a ManualTable,
}

impl<'a> Binder<'a> {
    /// A binder over these products.
    pub fn new(products: &'a [NumberedProduct], manuals: &'a ManualTable) -> Self {
        let mut numbers = Numbers::default();
        for (row, identifiers) in products {
            for number in identifiers {
                numbers.add(&number.text, &row.id);
            }
        }
        let names = Names::new(products.iter().map(|(row, _)| row));
        let products = products.iter().map(|(row, _)| (&row.id, row)).collect();
        Self { products, numbers, names, manuals }
    }

    /// The filter columns of a document: its own labels, its products, and what these have in common. What other
    /// documents change about them is added by [`changes`].
    pub fn labels(&self, document: &DocumentRow) -> Labels {
        let mut labels = document.stated.labels.clone();
        if document.kind == "ticket" {
            return labels;
        }
        if document.kind != Kind::Product.as_str() {
            let rows = self.manuals.of(&document.source);
            let of_table = rows.iter().find_map(|row| row.version.clone());
            labels.version = of_table.or(labels.version);
            let bound = self.products_of(document);
            labels.product_id = None;
            labels.bind(&bound.iter().map(|id| (*id).clone()).collect::<Vec<_>>());
            self.add_common(&bound, &mut labels);
        }
        labels
    }

    /// What all bound products share, where the document does not say it itself.
    fn add_common(&self, bound: &BTreeSet<&ProductId>, labels: &mut Labels) {
        let rows: Vec<&ProductRow> = bound.iter().filter_map(|id| self.products.get(*id).copied()).collect();
        let common = |of: fn(&ProductRow) -> &Option<String>| -> Option<String> {
            let first = of(rows.first()?).clone()?;
            rows.iter().all(|row| of(row).as_ref() == Some(&first)).then_some(first)
        };
        labels.category = labels.category.take().or_else(|| common(|row| &row.category));
        labels.product_family = labels.product_family.take().or_else(|| common(|row| &row.product_family));
        labels.maker = labels.maker.take().or_else(|| common(|row| &row.maker));
    }

    /// By the strongest statement that there is: the table, the source itself, its own words. Several products are a family.
    fn products_of(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let rows = self.manuals.of(&document.source).iter();
        let of_table: BTreeSet<&ProductId> = rows.flat_map(|row| self.by_text(&row.sku)).collect();
        let steps: [&dyn Fn() -> BTreeSet<&'a ProductId>; 2] =
            [&|| self.stated(document), &|| self.by_own_words(document)];
        first_of(of_table, &steps)
    }

    /// By the name of the file, the title, the numbers printed on the first pages, in this order of trust.
    fn by_own_words(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let steps: [&dyn Fn() -> BTreeSet<&'a ProductId>; 2] =
            [&|| self.by_title(document), &|| self.by_identifiers(document)];
        first_of(self.by_file(document), &steps)
    }

    fn stated(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let stated = document.stated.labels.product_id.as_ref();
        stated.map(|id| self.by_text(id.as_str())).unwrap_or_default()
    }

    /// By a SKU, number, series or name as a person wrote it.
    fn by_text(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let by_number = self.numbers.of(text);
        if by_number.is_empty() { self.names.whole(text) } else { by_number }
    }

    /// By the numbers in the name of a file that is about one thing.
    fn by_file(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        if document.anchor.is_some() {
            return BTreeSet::new();
        }
        let name = document.source.rsplit('/').next().unwrap_or("");
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let found = self.numbers.in_text(stem);
        if found.is_empty() { self.numbers.glued_in(stem) } else { found }
    }

    /// By names and numbers in a title; that of a manual may leave out what every product of the kind is called.
    fn by_title(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let title = &document.title;
        let steps: [&dyn Fn() -> BTreeSet<&'a ProductId>; 2] = [&|| self.numbers.in_text(title), &|| {
            let is_manual = document.kind == Kind::Manual.as_str();
            if is_manual { self.names.beginning_in(title) } else { BTreeSet::new() }
        }];
        first_of(self.names.in_text(title), &steps)
    }

    fn by_identifiers(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let printed = document.stated.identifiers.iter();
        let found: BTreeSet<&ProductId> = printed.flat_map(|number| self.numbers.of(&number.text)).collect();
        if found.len() > MOST_PRINTED { BTreeSet::new() } else { found }
    }
}

/// The first that is not empty.
fn first_of<'a>(
    mut found: BTreeSet<&'a ProductId>,
    steps: &[&dyn Fn() -> BTreeSet<&'a ProductId>],
) -> BTreeSet<&'a ProductId> {
    for step in steps {
        if found.is_empty() {
            found = step();
        }
    }
    found
}

/// The filter columns of all documents, in their order.
fn labels_of(documents: &[DocumentRow], binder: &Binder<'_>) -> Vec<Labels> {
    let mut labels: Vec<Labels> = documents.iter().map(|document| binder.labels(document)).collect();
    editions::mark(documents, &mut labels);
    labels
}

/// Documents whose labels are not what binding says.
pub fn changes(documents: &[DocumentRow], binder: &Binder<'_>) -> Vec<(DocumentId, Labels)> {
    let labelled = documents.iter().zip(labels_of(documents, binder));
    labelled
        .filter(|(row, labels)| row.labels != *labels)
        .map(|(row, labels)| (row.document_id.clone(), labels))
        .collect()
}

#[cfg(test)]
mod tests;
