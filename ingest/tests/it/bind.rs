//! Which products a manual is about, in which version, and what contradicts what.

use std::collections::BTreeMap;

use auskunft_model::Labels;
use auskunft_store::{Stores, generation, ledger};
use serde_json::Value;

use crate::support::{Home, catalog, copy, fixture};

/// The labels of all manuals by file name, from the ledger itself.
fn labels(home: &Home) -> BTreeMap<String, Labels> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let documents = runtime.block_on(async {
        let stores = Stores::open_embedded(&home.path("data"), "test").await.unwrap();
        let live = generation::live(&stores.database).await.unwrap().unwrap();
        let documents = ledger::documents(&stores.database, live.generation).await.unwrap();
        stores.close().await;
        documents
    });
    let manuals = documents.into_iter().filter(|row| row.kind == "manual");
    manuals.map(|row| (row.source.trim_start_matches("manuals/").to_owned(), row.labels)).collect()
}

fn products(labels: &Labels) -> Vec<String> {
    labels.products().iter().map(ToString::to_string).collect()
}

/// The product pages of the small shop, without its manuals.
fn pages() -> Home {
    let home = Home::new();
    copy(&fixture("small").join("products"), &home.catalog().join("products"));
    home
}

fn manual(home: &Home, original: &str, name: &str) {
    copy(&fixture("small").join("manuals").join(original), &home.catalog().join("manuals").join(name));
}

fn conflicts(report: &Value) -> Vec<String> {
    let listed = report["conflicts"].as_array().unwrap().iter();
    listed
        .map(|one| format!("{}: {}", one["source"].as_str().unwrap(), one["detail"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_manual_tells_its_product_and_version_itself() {
    let home = pages();
    manual(&home, "brunnwald-km-2600.pdf", "anleitung.pdf");
    manual(&home, "sonoriva-q35-pro.pdf", "kopfhoerer.pdf");
    let report = home.report("data", &[]);
    assert!(conflicts(&report).is_empty(), "{report}");
    let labels = labels(&home);
    let coffee = &labels["anleitung.pdf"];
    assert_eq!((products(coffee), coffee.version.as_deref()), (vec!["KM-2600".to_owned()], Some("1.3")));
    let headphones = &labels["kopfhoerer.pdf"];
    assert_eq!(headphones.version.as_deref(), Some("1.0"));
}

#[test]
fn several_rows_of_the_table_make_one_manual_that_of_a_family() {
    let home = pages();
    manual(&home, "kehrwerk-ak-520.pdf", "akkusauger.pdf");
    home.write("manuals/manuals.csv", "file,sku\nakkusauger.pdf,AK-500\nakkusauger.pdf,AK-520\n");
    home.report("data", &[]);
    let both = &labels(&home)["akkusauger.pdf"];
    assert_eq!((products(both), &both.product_id), (vec!["AK-500".to_owned(), "AK-520".to_owned()], &None));
    assert_eq!(both.maker.as_deref(), Some("Kehrwerk"));
    home.write("manuals/manuals.csv", "file,sku\nakkusauger.pdf,AK-520\n");
    home.report("data", &[]);
    assert_eq!(products(&labels(&home)["akkusauger.pdf"]), ["AK-520"]);
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn the_older_version_is_marked_until_the_newer_one_goes() {
    let home = pages();
    manual(&home, "kehrwerk-ak-520.pdf", "ak-520-v2.1.pdf");
    manual(&home, "brunnwald-km-2600.pdf", "km-2600.pdf");
    manual(&home, "kehrwerk-ak-520.pdf", "ak-520-v10.pdf");
    home.report("data", &[]);
    let marked = |home: &Home| -> Vec<String> {
        let superseded = labels(home).into_iter().filter(|(_, labels)| !labels.superseded_for().is_empty());
        superseded.map(|(file, _)| file).collect()
    };
    assert_eq!(marked(&home), ["ak-520-v2.1.pdf"]);
    assert_eq!(home.digest("data"), home.clean_digest());
    home.remove("manuals/ak-520-v10.pdf");
    home.report("data", &["--allow-deletes"]);
    assert!(marked(&home).is_empty());
}

#[test]
fn contradictions_are_told_and_end_no_run() {
    let home = pages();
    manual(&home, "brunnwald-km-2600.pdf", "km-2600.pdf");
    manual(&home, "kehrwerk-ak-520.pdf", "ak-520.pdf");
    manual(&home, "kehrwerk-ak-520.pdf", "kopie.pdf");
    home.write(
        "manuals/manuals.csv",
        "file,sku,language,version\nkm-2600.pdf,AK-500,en,2.0\nak-520.pdf,KM-9999,,\nfehlt.pdf,KM-2600,,\n",
    );
    let report = home.report("data", &[]);
    let told = conflicts(&report).join("\n");
    for part in [
        "manuals/km-2600.pdf: manuals.csv binds it to AK-500",
        "manuals/km-2600.pdf: manuals.csv calls it version 2.0, it calls itself 1.3",
        "manuals/km-2600.pdf: manuals.csv calls its language `en`",
        "manuals/ak-520.pdf: manuals.csv names the product `KM-9999`",
        "manuals/kopie.pdf: `manuals/ak-520.pdf` is a manual of the same product in the same version (3.0)",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(report["notes"].to_string().contains("manuals/fehlt.pdf"), "{report}");
    assert_eq!(home.status("data")["conflicts"], report["conflicts"]);
    let plain = home.call("data", &["status"]).stdout;
    assert!(plain.contains("contradictions 5"), "{plain}");
    let labels = labels(&home);
    assert_eq!(products(&labels["km-2600.pdf"]), ["AK-500"], "the table is trusted most");
    assert_eq!(products(&labels["ak-520.pdf"]), ["AK-520"], "a row without a product says nothing");
}

#[test]
fn the_small_shop_contradicts_itself_nowhere() {
    let home = Home::new();
    catalog::shop(&home);
    assert!(conflicts(&home.report("data", &[])).is_empty());
}
