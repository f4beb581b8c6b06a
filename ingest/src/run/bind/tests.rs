use auskunft_store::ledger::Stated;

use super::*;
use crate::catalog::manuals::ManualRow;

fn row(source: &str, anchor: Option<&str>, kind: &str, title: &str, stated: Stated) -> DocumentRow {
    DocumentRow {
        document_id: DocumentId::derive(source, anchor),
        source: source.to_owned(),
        anchor: anchor.map(str::to_owned),
        kind: kind.to_owned(),
        title: title.to_owned(),
        language: "de".to_owned(),
        version: "v".to_owned(),
        labels: stated.labels.clone(),
        stated,
    }
}

fn about(product: Option<&str>) -> Stated {
    let product_id = product.map(|text| ProductId::parse(text).unwrap());
    Stated { labels: Labels { product_id, ..Labels::default() }, ..Stated::default() }
}

fn page(sku: &str, name: &str) -> DocumentRow {
    let mut stated = about(Some(sku));
    stated.labels.product_family = Some("Kaffeemaschine".to_owned());
    row(&format!("products/{sku}.html"), None, "product", name, stated)
}

fn bound(documents: &[DocumentRow], manuals: &ManualTable, wanted: &DocumentRow) -> Labels {
    let products = products(documents);
    Binder::new(&products, manuals).labels(wanted)
}

#[test]
fn a_manual_is_bound_by_table_then_file_name_then_title() {
    let pages = [page("KM-2400", "Brunnwald KM-2400"), page("KM-2400-S", "Brunnwald KM-2400 S")];
    let by_file = row("manuals/anleitung-km-2400-s.pdf", None, "manual", "Anleitung", about(None));
    let none = ManualTable::default();
    assert_eq!(bound(&pages, &none, &by_file).product_id, ProductId::parse("KM-2400-S").ok());
    let by_title = row("manuals/a.pdf", None, "manual", "Anleitung Brunnwald KM-2400", about(None));
    assert_eq!(bound(&pages, &none, &by_title).product_id, ProductId::parse("KM-2400").ok());
    let entry = ManualRow {
        file: "anleitung-km-2400-s.pdf".to_owned(),
        sku: "KM-2400".to_owned(),
        language: None,
        version: Some("2.1".to_owned()),
    };
    let labels = bound(&pages, &ManualTable::with(vec![entry]), &by_file);
    assert_eq!(labels.product_id, ProductId::parse("KM-2400").ok());
    assert_eq!(labels.version.as_deref(), Some("2.1"));
    assert_eq!(labels.product_family.as_deref(), Some("Kaffeemaschine"));
}

#[test]
fn a_text_about_several_products_is_bound_to_their_family() {
    let pages = [page("KM-2400-M", "Brunnwald KM-2400 M"), page("KM-2400-S", "Brunnwald KM-2400 S")];
    let entry = |sku: &str| ManualRow {
        file: "a.pdf".to_owned(),
        sku: sku.to_owned(),
        language: None,
        version: None,
    };
    let manual = row("manuals/a.pdf", None, "manual", "Anleitung", about(None));
    let labels = bound(&pages, &ManualTable::with(vec![entry("KM-2400-M"), entry("KM-2400-S")]), &manual);
    assert_eq!(labels.product_id, None);
    assert_eq!(labels.tags, ["product:KM-2400-M", "product:KM-2400-S"]);
    assert_eq!(labels.product_family.as_deref(), Some("Kaffeemaschine"));
}

#[test]
fn a_stated_number_that_is_no_product_binds_to_nothing() {
    let pages = [page("KM-2400-S", "Brunnwald KM-2400 S")];
    let faq = row("faqs/a.jsonl", Some("f1"), "faq", "Wie oft entkalken?", about(Some("KM-9999")));
    assert_eq!(bound(&pages, &ManualTable::default(), &faq).product_id, None);
    let faq = row("faqs/a.jsonl", Some("f2"), "faq", "Wie oft entkalken?", about(Some("km2400s")));
    assert_eq!(bound(&pages, &ManualTable::default(), &faq).product_id, ProductId::parse("KM-2400-S").ok());
}

#[test]
fn of_two_pages_with_one_sku_the_first_by_path_counts() {
    let mut second = page("KM-2400-S", "Anders");
    second.source = "products/z.html".to_owned();
    let documents = [second, page("KM-2400-S", "Brunnwald KM-2400 S")];
    let (products, duplicates) = (products(&documents), duplicates(&documents));
    assert_eq!(products.len(), 1);
    assert_eq!(products[0].0.name, "Brunnwald KM-2400 S");
    assert_eq!(duplicates[0].source, "products/z.html");
    assert_eq!(duplicates[0].reason, Reason::DuplicateId);
}
