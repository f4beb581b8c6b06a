//! Stores that no longer agree with each other: `verify` says so, `--fix` and a run make it good.

use std::path::Path;

use auskunft_model::ProductId;
use auskunft_store::documents::Collection;
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::publish::{self, Batch, ReadyDocument};
use auskunft_store::{Stores, ledger, products};

use crate::support::{Home, catalog};

/// Opens the stores and does something to them.
pub(crate) fn damage(folder: &Path, how: impl AsyncFnOnce(&Stores, &GenerationInfo)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stores = Stores::open_embedded(folder, "test").await.unwrap();
        let info = generation::live(&stores.database).await.unwrap().unwrap();
        how(&stores, &info).await;
        stores.close().await;
    });
}

/// `verify` names problems of this kind (exit 1); what it could not mend alone is mended by the next run.
fn assert_mended(home: &Home, kind: &str) {
    let ran = home.call("data", &["verify", "--json"]);
    assert_eq!((ran.code, ran.json()["ok"].as_bool()), (1, Some(false)), "{ran:?}");
    let problems = ran.json()["problems"].as_array().unwrap().clone();
    assert!(problems.iter().any(|problem| problem["kind"] == kind), "no {kind} in {problems:?}");
    for problem in &problems {
        assert!(
            ["id", "detail"].iter().all(|key| problem[key].as_str().is_some_and(|text| !text.is_empty()))
        );
    }
    let fixed = home.call("data", &["verify", "--fix", "--json"]);
    assert_eq!(fixed.code, 1, "only another run can make this good: {fixed:?}");
    home.report("data", &[]);
    home.assert_verified("data");
    assert_eq!(home.digest("data"), home.clean_digest());
}

fn filled() -> Home {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    home
}

/// Removes the first ids of a collection.
fn lose(home: &Home, collection: Collection) {
    damage(&home.path("data"), async |stores, _| {
        let ids = stores.documents.ids(collection, "", 3).await.unwrap();
        assert!(!ids.is_empty());
        stores.documents.remove(collection, &ids).await.unwrap();
    });
}

#[test]
fn lost_texts_are_found_and_read_again() {
    let home = filled();
    lose(&home, Collection::Chunks);
    assert_mended(&home, "missing_text");
}

#[test]
fn lost_documents_are_found_and_read_again() {
    let home = filled();
    lose(&home, Collection::Parsed);
    assert_mended(&home, "missing_document");
}

#[test]
fn lost_tickets_are_found_and_read_again() {
    let home = filled();
    lose(&home, Collection::Tickets);
    assert_mended(&home, "missing_ticket");
}

#[test]
fn a_document_without_a_source_is_found_and_removed() {
    let home = filled();
    damage(&home.path("data"), async |stores, info| {
        let mut row = ledger::documents(&stores.database, info.generation).await.unwrap().remove(0);
        row.document_id = auskunft_model::DocumentId::derive("faqs/geist.md", None);
        row.source = "faqs/geist.md".to_owned();
        row.kind = "ticket".to_owned();
        let document = ReadyDocument { row, attributes: None, chunks: Vec::new() };
        let batch = Batch { documents: vec![document], ..Batch::default() };
        publish::publish(&stores.database, info.generation, &batch).await.unwrap();
    });
    assert_mended(&home, "document_without_source");
}

#[test]
fn a_product_without_its_page_is_found_and_rewritten() {
    let home = filled();
    damage(&home.path("data"), async |stores, info| {
        let mut row = products::all(&stores.database).await.unwrap().remove(0);
        row.id = ProductId::parse("GEIST-1").unwrap();
        row.document_version = "0".to_owned();
        products::replace(&stores.database, info.generation, &[(row, Vec::new())], &[]).await.unwrap();
    });
    assert_mended(&home, "product_without_document");
}

#[test]
fn a_lost_product_comes_back() {
    let home = filled();
    damage(&home.path("data"), async |stores, info| {
        let row = products::all(&stores.database).await.unwrap().remove(0);
        products::replace(&stores.database, info.generation, &[], &[row.id]).await.unwrap();
    });
    assert_mended(&home, "missing_product");
}
