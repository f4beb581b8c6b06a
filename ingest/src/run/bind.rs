//! Binding: which product a document is about, from the stored identifiers of all documents and the catalog's tables.
//! Pure: the same ledger gives the same labels, whatever order the sources came in.

use std::collections::{BTreeMap, BTreeSet};

use auskunft_model::document::{Identifier, IdentifierKind};
use auskunft_model::{DocumentId, Kind, Labels, ProductId, Reason};
use auskunft_store::ledger::{DocumentRow, KnownFailure};
use auskunft_store::products::ProductRow;
use auskunft_text::{identifier, normal};

use crate::catalog::manuals::ManualTable;

/// The shortest normal form that may bind a document by appearing in a file name or title: shorter ones are words.
const SHORTEST_MODEL: usize = 4;

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

/// Finds the product of a document.
#[derive(Debug)]
pub struct Binder<'a> {
    products: BTreeMap<&'a ProductId, &'a ProductRow>,
    /// Normal forms of SKUs, EANs, model and part numbers.
    numbers: BTreeMap<String, BTreeSet<&'a ProductId>>,
    /// Folded names, longest first.
    names: Vec<(String, &'a ProductId)>,
    manuals: &'a ManualTable,
}

impl<'a> Binder<'a> {
    /// A binder over these products.
    pub fn new(products: &'a [NumberedProduct], manuals: &'a ManualTable) -> Self {
        let mut numbers: BTreeMap<String, BTreeSet<&ProductId>> = BTreeMap::new();
        for (row, identifiers) in products {
            for number in identifiers {
                numbers.entry(identifier::normal_form(&number.text)).or_default().insert(&row.id);
            }
        }
        let mut names: Vec<(String, &ProductId)> =
            products.iter().map(|(row, _)| (normal::fold(&row.name), &row.id)).collect();
        names.sort_by(|one, other| (other.0.len(), &one.0).cmp(&(one.0.len(), &other.0)));
        let products = products.iter().map(|(row, _)| (&row.id, row)).collect();
        Self { products, numbers, names, manuals }
    }

    /// The filter columns of a document: its own labels, its product, and what the product adds.
    pub fn labels(&self, document: &DocumentRow) -> Labels {
        let mut labels = document.stated.labels.clone();
        if document.kind == "ticket" {
            return labels;
        }
        if document.kind != Kind::Product.as_str() {
            let rows = self.manuals.of(&document.source);
            labels.version = labels.version.or_else(|| rows.iter().find_map(|row| row.version.clone()));
            let bound = self.products_of(document);
            labels.product_id = if bound.len() == 1 { bound.first().map(|id| (*id).clone()) } else { None };
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
        if bound.len() > 1 {
            labels.tags.extend(bound.iter().map(|id| format!("product:{id}")));
            labels.tags.sort();
            labels.tags.dedup();
        }
    }

    /// By the strongest statement that there is: the table, the source itself, the file's name, the title, the numbers
    /// printed in it. Several products are a family.
    fn products_of(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let table = self.manuals.of(&document.source).iter().flat_map(|row| self.by_text(&row.sku));
        let steps: [&dyn Fn() -> BTreeSet<&'a ProductId>; 4] = [
            &|| self.stated(document),
            &|| self.by_file(document),
            &|| self.by_name(&document.title),
            &|| self.by_identifiers(document),
        ];
        let mut bound: BTreeSet<&ProductId> = table.collect();
        for step in steps {
            if bound.is_empty() {
                bound = step();
            }
        }
        bound
    }

    fn stated(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let stated = document.stated.labels.product_id.as_ref();
        stated.map(|id| self.by_text(id.as_str())).unwrap_or_default()
    }

    /// By a SKU, number or name as a person wrote it.
    fn by_text(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let by_number = self.numbers.get(&identifier::normal_form(text));
        by_number.cloned().unwrap_or_else(|| {
            let folded = normal::fold(text);
            self.names.iter().filter(|(name, _)| *name == folded).map(|(_, id)| *id).collect()
        })
    }

    /// By a number in the name of a file that is about one thing; the longest that fits wins, so that `KM-2400-S` is not
    /// taken for `KM-2400`.
    fn by_file(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        if document.anchor.is_some() {
            return BTreeSet::new();
        }
        let name = document.source.rsplit('/').next().unwrap_or("");
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.longest_number_in(&identifier::normal_form(stem))
    }

    fn longest_number_in(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let fits = |number: &&String| number.len() >= SHORTEST_MODEL && text.contains(number.as_str());
        let longest = self.numbers.keys().filter(fits).max_by_key(|number| number.len());
        longest.and_then(|number| self.numbers.get(number)).cloned().unwrap_or_default()
    }

    /// By a product's name, or a number, in a title.
    fn by_name(&self, title: &str) -> BTreeSet<&'a ProductId> {
        let folded = normal::fold(title);
        let named = self.names.iter().find(|(name, _)| !name.is_empty() && folded.contains(name.as_str()));
        match named {
            Some((_, id)) => BTreeSet::from([*id]),
            None => {
                let found = identifier::candidates(title);
                found
                    .iter()
                    .filter_map(|number| self.numbers.get(&identifier::normal_form(number)))
                    .flatten()
                    .copied()
                    .collect()
            }
        }
    }

    fn by_identifiers(&self, document: &DocumentRow) -> BTreeSet<&'a ProductId> {
        let normal_forms =
            document.stated.identifiers.iter().map(|found| identifier::normal_form(&found.text));
        normal_forms.filter_map(|number| self.numbers.get(&number)).flatten().copied().collect()
    }
}

/// Documents whose labels are not what binding says.
pub fn changes(documents: &[DocumentRow], binder: &Binder<'_>) -> Vec<(DocumentId, Labels)> {
    let labelled = documents.iter().map(|row| (row, binder.labels(row)));
    labelled
        .filter(|(row, labels)| row.labels != *labels)
        .map(|(row, labels)| (row.document_id.clone(), labels))
        .collect()
}

#[cfg(test)]
mod tests;
