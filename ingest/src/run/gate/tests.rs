use auskunft_model::{DocumentId, ProductId};
use auskunft_store::ledger::Stated;

use super::*;

fn document(source: &str, kind: &str, product: Option<&str>) -> DocumentRow {
    let mut stated = Stated::default();
    stated.labels.product_id = product.map(|id| ProductId::parse(id).unwrap());
    DocumentRow {
        document_id: DocumentId::derive(source, None),
        source: source.to_owned(),
        anchor: None,
        kind: kind.to_owned(),
        title: source.to_owned(),
        language: "de".to_owned(),
        version: "v".to_owned(),
        labels: stated.labels.clone(),
        stated,
    }
}

fn live() -> Vec<DocumentRow> {
    let mut documents: Vec<DocumentRow> =
        (0..100).map(|number| document(&format!("faqs/{number}.md"), "faq", None)).collect();
    documents.push(document("products/a.html", "product", Some("P-1")));
    documents.push(document("products/b.html", "product", Some("P-2")));
    documents.push(document("dialogs/a.jsonl", "dialog", None));
    documents
}

fn without(sources: &[&str]) -> Vec<DocumentRow> {
    live().into_iter().filter(|document| !sources.contains(&document.source.as_str())).collect()
}

#[test]
fn nothing_is_lost_where_all_is_there() {
    let check = nothing_lost(&live(), &live(), |_| true, false);
    assert!(check.passed, "{}", check.detail);
    assert_eq!(check.detail, "1 dialog, 100 faq, 2 product");
}

#[test]
fn a_kind_or_a_product_whose_page_is_still_there_may_not_be_lost() {
    let check = nothing_lost(&live(), &without(&["dialogs/a.jsonl"]), |_| true, false);
    assert!(!check.passed && check.detail.contains("dialog"), "{}", check.detail);
    let one_less = without(&["products/b.html"]);
    let check = nothing_lost(&live(), &one_less, |_| true, false);
    assert!(!check.passed && check.detail.contains("P-2"), "{}", check.detail);
    // The page is gone: so is the product, as it should be.
    assert!(nothing_lost(&live(), &one_less, |path| path != "products/b.html", false).passed);
    assert!(nothing_lost(&live(), &one_less, |_| true, true).passed, "it was allowed");
}

#[test]
fn more_than_a_few_documents_may_not_vanish() {
    let some: Vec<String> = (0..6).map(|number| format!("faqs/{number}.md")).collect();
    let some: Vec<&str> = some.iter().map(String::as_str).collect();
    assert!(nothing_lost(&live(), &without(&some[..5]), |_| false, false).passed);
    let check = nothing_lost(&live(), &without(&some), |_| false, false);
    assert!(!check.passed && check.detail.contains("6 of 103"), "{}", check.detail);
}

#[test]
fn one_check_that_fails_fails_the_gate_whatever_comes_after() {
    let check = |passed| Check { name: "one", passed, detail: "why".to_owned() };
    let gate = |checks: &[bool]| {
        let mut gate = Gate::default();
        checks.iter().for_each(|passed| gate.add(check(*passed)));
        gate
    };
    assert!(!Gate::default().passed, "nothing was looked at");
    assert!(gate(&[true, true]).passed);
    assert!(!gate(&[true, false, true]).passed);
    assert_eq!(gate(&[true, false]).failures(), "one: why");
}
