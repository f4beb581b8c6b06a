//! A folder of mixed real files as they come: pages of many shops, PDFs of many makers, some of them broken.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::{Home, Ran, catalog, copy, fixture, pdfium, run};

/// Files that no reader takes: lists about the samples, licences.
const NO_SOURCES: [&str; 4] = ["manifest.jsonl", "truth.jsonl", "README.md", "LICENSE.txt"];

fn ingest(pdfium: Option<PathBuf>) -> (Home, Ran) {
    let home = Home::new();
    copy(&fixture("samples"), &home.catalog());
    // What other programs read in the PDFs: a measure, no documents of a shop.
    std::fs::remove_dir_all(home.catalog().join("pdf-reference")).unwrap();
    let mut command = home.command("data");
    if let Some(pdfium) = pdfium {
        command.env("AUSKUNFT_PDFIUM", pdfium);
    }
    let ran = run(command.arg(home.catalog()).arg("--json"));
    assert_eq!(ran.code, 10, "{ran:?}");
    (home, ran)
}

/// Every file is a document, a named failure, or left alone on purpose.
fn assert_all_have_an_outcome(home: &Home, ran: &Ran) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcomes: BTreeMap<String, String> = runtime.block_on(async {
        let stores = auskunft_store::Stores::open_embedded(&home.path("data"), "test").await.unwrap();
        let live = auskunft_store::generation::live(&stores.database).await.unwrap().unwrap();
        let sources = auskunft_store::ledger::sources(&stores.database, live.generation).await.unwrap();
        stores.close().await;
        sources.into_iter().map(|(path, row)| (path, row.outcome.as_str().to_owned())).collect()
    });
    let named: Vec<String> = ran.failures().into_iter().map(|(source, ..)| source).collect();
    for path in catalog::files(home) {
        let name = path.rsplit('/').next().unwrap();
        match outcomes.get(&path).map(String::as_str) {
            None => {
                assert!(NO_SOURCES.contains(&name) || path.starts_with("faq-de/q"), "{path} has no outcome")
            }
            Some("failed" | "partial") => assert!(named.contains(&path), "{path} is not named"),
            Some(_) => {}
        }
    }
    assert_eq!(ran.json()["sources"]["found"].as_u64().unwrap(), outcomes.len() as u64);
    home.assert_verified("data");
}

fn assert_unreadable_ones_are_named(ran: &Ran) {
    let reasons = [
        ("pdf/test-pdf-files--encrypted.pdf", "encrypted"),
        ("pdf/pdf-lib--encrypted_new.pdf", "encrypted"),
        ("pdf/haystack--non_text_searchable.pdf", "no_text"),
        ("pdf/gesetze--bgbl1_2019_j1518-1_0130.pdf", "no_text"),
        ("pdf/test-pdf-files--corrupted.pdf", "damaged"),
    ];
    for (source, reason) in reasons {
        ran.assert_failure(source, reason, &[]);
    }
    // Signs without meaning in one reader, none at all in the other.
    let unusable = |one: &(String, String, String)| {
        one.0 == "pdf/pdf.js--issue2537r.pdf" && ["garbled_text", "no_text"].contains(&one.1.as_str())
    };
    assert!(ran.failures().iter().any(unusable), "{ran:?}");
}

#[test]
fn all_samples_end_in_an_outcome_with_the_built_in_reader() {
    let (home, ran) = ingest(None);
    assert_all_have_an_outcome(&home, &ran);
    assert_unreadable_ones_are_named(&ran);
    assert!(ran.json()["notes"].to_string().contains("libpdfium is missing"), "{ran:?}");
}

#[test]
fn all_samples_end_in_an_outcome_with_the_library() {
    let Some(library) = pdfium() else { return };
    let (home, ran) = ingest(Some(library));
    assert_all_have_an_outcome(&home, &ran);
    assert_unreadable_ones_are_named(&ran);
    assert!(!ran.json()["notes"].to_string().contains("libpdfium"), "{ran:?}");
    // Two scans and a page of signs without meaning.
    let pages = &ran.json()["pages"];
    assert_eq!(pages["needs_ocr"], 3, "{pages}");
    let status = home.status("data");
    assert_eq!([&status["pages"], &status["pages_needing_ocr"]], [&pages["all"], &pages["needs_ocr"]]);
}
