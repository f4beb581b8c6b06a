//! Runs over a catalog that changed a little, or not at all.

use std::collections::BTreeMap;

use auskunft_store::{Stores, generation, ledger};
use serde_json::Value;

use crate::support::{Home, catalog};

/// Versions of all documents by source and record, from the ledger itself.
fn versions(home: &Home) -> BTreeMap<String, String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stores = Stores::open_embedded(&home.path("data"), "test").await.unwrap();
        let live = generation::live(&stores.database).await.unwrap().unwrap();
        let documents = ledger::documents(&stores.database, live.generation).await.unwrap();
        stores.close().await;
        let key = |source: &str, anchor: Option<&str>| format!("{source}#{}", anchor.unwrap_or(""));
        documents.iter().map(|row| (key(&row.source, row.anchor.as_deref()), row.version.clone())).collect()
    })
}

/// The status without what tells of the last run.
fn content(status: &Value) -> Value {
    let mut status = status.clone();
    for of_runs in ["last_run", "runs"] {
        status.as_object_mut().unwrap().remove(of_runs).unwrap();
    }
    status
}

fn counts(report: &Value) -> [u64; 6] {
    let names = ["found", "added", "changed", "removed", "moved", "unchanged"];
    names.map(|name| report["sources"][name].as_u64().unwrap())
}

#[test]
fn a_second_run_writes_nothing_but_its_own_row() {
    let home = Home::new();
    catalog::shop(&home);
    let first = home.report("data", &[]);
    let before = home.status("data");
    let second = home.report("data", &[]);
    let after = home.status("data");
    assert_eq!(content(&before), content(&after));
    assert_ne!(before["last_run"]["id"], after["last_run"]["id"]);
    let runs = |status: &Value| status["runs"].as_array().unwrap().len();
    assert_eq!((runs(&before), runs(&after)), (1, 2));
    let found = counts(&first)[0];
    assert_eq!(counts(&first), [found, found, 0, 0, 0, 0]);
    assert_eq!(counts(&second), [found, 0, 0, 0, 0, found]);
    assert_eq!(second["embeddings"]["computed"], 0);
    assert_eq!(second["chunks"]["written"], 0);
    assert_eq!(second["chunks"]["deleted"], 0);
    assert_eq!(second["revision"], first["revision"]);
}

#[test]
fn one_changed_one_added_and_one_removed_file_touch_exactly_their_documents() {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    let before = versions(&home);
    let shipping = std::fs::read_to_string(home.catalog().join("policies/versand-eu.md")).unwrap();
    home.write(
        "policies/versand-eu.md",
        format!("{shipping}\n## Abholung\nIm Lager Lindtal, werktags bis 18 Uhr.\n"),
    );
    home.write("faqs/neu.md", "## Gibt es Gutscheine?\n\nJa, ab 10 Euro, auch zum Ausdrucken.\n");
    home.remove("policies/batterien.txt");
    let report = home.report("data", &[]);
    let after = versions(&home);
    assert_eq!(counts(&report)[1..5], [1, 1, 1, 0], "{report}");
    let gone: Vec<&String> = before.keys().filter(|key| !after.contains_key(*key)).collect();
    assert_eq!(gone, ["policies/batterien.txt#"]);
    let added: Vec<&String> = after.keys().filter(|key| !before.contains_key(*key)).collect();
    assert!(added.len() == 1 && added[0].starts_with("faqs/neu.md#"), "{added:?}");
    let changed: Vec<&String> = before
        .iter()
        .filter(|(key, version)| after.get(*key).is_some_and(|now| now != *version))
        .map(|(key, _)| key)
        .collect();
    assert_eq!(changed, ["policies/versand-eu.md#"]);
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn one_changed_record_embeds_one_record() {
    let home = Home::new();
    catalog::shop(&home);
    catalog::questions(&home, 1);
    home.report("data", &[]);
    let path = "faqs/extra/000.jsonl";
    let text = std::fs::read_to_string(home.catalog().join(path)).unwrap();
    home.write(path, text.replace("q0-3 drei Sekunden", "q0-3 neun Sekunden"));
    let report = home.report("data", &[]);
    assert_eq!(counts(&report)[1..5], [0, 1, 0, 0], "{report}");
    assert_eq!(report["embeddings"]["computed"], 1, "{report}");
    assert_eq!(
        (&report["chunks"]["written"], &report["chunks"]["deleted"]),
        (&1.into(), &1.into()),
        "{report}"
    );
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn a_renamed_file_is_moved_without_embedding_anything() {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    let renames = [
        ("policies/datenschutz.txt", "policies/recht/datenschutz.txt"),
        ("faqs/kaffee.jsonl", "faqs/kaffee-und-tee.jsonl"),
        ("manuals/kehrwerk-ak-520.pdf", "manuals/anleitung.pdf"),
    ];
    for (old, new) in renames {
        let text = std::fs::read(home.catalog().join(old)).unwrap();
        home.write(new, text);
        home.remove(old);
    }
    let report = home.report("data", &[]);
    assert_eq!(counts(&report)[1..5], [0, 0, 0, 3], "{report}");
    assert_eq!(report["embeddings"]["computed"], 0, "{report}");
    assert_eq!(home.digest("data"), home.clean_digest());
    home.assert_verified("data");
}

#[test]
fn another_language_of_the_shop_is_taken_over() {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    home.write(
        "shop.toml",
        "name = \"Lindtal\"\ndefault_language = \"en\"\nregions = [\"EU\"]\ntoday = 2026-11-22\n",
    );
    home.report("data", &[]);
    assert_eq!(home.digest("data"), home.clean_digest());
}
