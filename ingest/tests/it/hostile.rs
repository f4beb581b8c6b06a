//! What a catalog should never hold, and what somebody does to it between two runs.

use std::os::unix::fs::PermissionsExt;

use crate::support::random::Random;
use crate::support::{Home, catalog};

fn records(word: &str, count: usize) -> String {
    let record = |number: usize| {
        format!(
            "{{\"id\": \"f-{number}\", \"question\": \"Frage {number}?\", \"answer\": \"{word} Nummer {number}.\"}}\n"
        )
    };
    (0..count).map(record).collect()
}

#[test]
fn a_file_that_is_set_back_after_a_torn_run_is_read_again() {
    let home = Home::new();
    home.write("faqs/a.jsonl", records("Alt", 200));
    home.report("data", &[]);
    home.write("faqs/a.jsonl", records("Neu", 200));
    home.write("policies/z.md", "");
    let torn = home.ingest("data", &["--fail-fast"]);
    assert_eq!(torn.code, 1, "{torn:?}");
    home.write("faqs/a.jsonl", records("Alt", 200));
    home.remove("policies/z.md");
    home.report("data", &[]);
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn a_nul_costs_nothing_but_itself() {
    let home = Home::new();
    home.write(
        "faqs/a.jsonl",
        "{\"id\": \"a\", \"question\": \"Was ist\\u0000 das?\", \"answer\": \"Ein \\u0000Ding.\", \"category\": \"x\\u0000y\"}\n",
    );
    home.write(
        "products/p.html",
        "<html><head><script type=\"application/ld+json\">{\"@type\": \"Product\", \"name\": \"Ger\\u0000ät X\", \"sku\": \
         \"X-1\"}</script></head><body><h1>Gerät X</h1><p>Ein Gerät, das etwas tut.</p></body></html>",
    );
    let report = home.report("data", &[]);
    assert_eq!(report["failures"].as_array().unwrap().len(), 0, "{report}");
    assert_eq!(home.status("data")["documents"], 2);
    home.assert_verified("data");
}

#[test]
fn a_number_as_long_as_a_text_is_no_number() {
    let home = Home::new();
    let page = format!(
        "<html><head><script type=\"application/ld+json\">{{\"@type\": \"Product\", \"name\": \"Gerät X\", \"sku\": \"X-1\", \
         \"mpn\": \"{}\"}}</script></head><body><h1>Gerät X</h1><p>Ein Gerät, das etwas tut.</p></body></html>",
        "9A".repeat(4_500)
    );
    home.write("products/p.html", page);
    home.report("data", &[]);
    home.report("data", &[]);
    home.assert_verified("data");
}

#[test]
fn a_tag_as_long_as_a_text_is_no_tag() {
    let home = Home::new();
    let mut noise = Random::seeded(3);
    let tag: String = std::iter::repeat_with(|| format!("{:x}", noise.next())).take(600).collect();
    let record = format!(
        r#"{{"id": "a", "question": "Was ist das?", "answer": "Ein Ding.", "tags": ["{tag}", "neu"]}}"#
    );
    home.write("faqs/a.jsonl", record);
    home.report("data", &[]);
    assert_eq!(home.status("data")["documents"], 1);
    home.assert_verified("data");
}

#[test]
fn a_nul_in_what_is_told_of_a_file_costs_nothing() {
    let home = Home::new();
    let page = "<html><head><script type=\"application/ld+json\">{\"@type\": \"Product\", \"name\": \"Ger\\u0000ät X\", \
         \"sku\": \"X-1\"}</script></head><body><h1>Gerät X</h1><div itemscope itemtype=\"https://schema.org/Product\">\
         <span itemprop=\"name\">Ganz anders</span></div><p>Ein Gerät.</p></body></html>";
    home.write("products/p.html", page);
    home.write("faqs/a.jsonl", "{\"id\": \"f\\u00001\", \"question\": \"\\u0000\", \"answer\": \"\"}\n");
    let ran = home.ingest("data", &[]);
    assert!(matches!(ran.code, 0 | 10), "{ran:?}");
    assert_ne!(ran.json()["warnings_in_all"], 0, "{ran:?}");
    let status = home.status("data");
    assert_eq!(status["last_run"]["state"], "finished");
    assert!(!ran.stdout.contains(r"\u0000"), "{ran:?}");
}

#[test]
fn files_that_move_into_another_folder_or_turn_to_noise_do_not_take_documents_along() {
    let home = Home::new();
    catalog::shop(&home);
    home.write("faqs/many.jsonl", records("Antwort", 50));
    let first = home.ingest("data", &[]);
    assert!(matches!(first.code, 0 | 10), "{first:?}");
    let before = home.digest("data");
    std::fs::create_dir_all(home.catalog().join("tickets")).unwrap();
    let (old, new) = (home.catalog().join("faqs/many.jsonl"), home.catalog().join("tickets/many.jsonl"));
    std::fs::rename(&old, &new).unwrap();
    home.ingest("data", &[]).assert_refused(11, &["would vanish", "--allow-deletes"]);
    std::fs::rename(&new, &old).unwrap();
    home.write("faqs/many.jsonl", [0xff, 0xfe, 0x00, 0x01, 0x80].repeat(500));
    home.ingest("data", &[]).assert_refused(11, &["would vanish"]);
    assert_eq!(home.digest("data"), before);
}

#[test]
fn a_page_of_opening_tags_is_refused_at_once() {
    let home = Home::new();
    home.write("products/deep.html", "<div>".repeat(200_000));
    home.write("faqs/a.jsonl", records("Antwort", 2));
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 10, "{ran:?}");
    ran.assert_failure("products/deep.html", "too_large", &["deep"]);
    assert_eq!(home.status("data")["documents"], 2);
}

#[test]
fn nobody_else_may_look_into_the_data_folder() {
    let home = Home::new();
    home.write("faqs/a.jsonl", records("Antwort", 2));
    home.report("data", &[]);
    let mode = std::fs::metadata(home.path("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let left = std::fs::read_dir(home.path("tmp")).unwrap().count();
    assert_eq!(left, 0, "socket folders stay behind");
}

#[test]
fn tables_of_spreadsheets_and_programs_are_read() {
    let home = Home::new();
    home.write(
        "products/x.html",
        "<html><head><script type=\"application/ld+json\">{\"@type\": \"Product\", \"name\": \"Gerät X\", \"sku\": \"X-1\"}\
         </script></head><body><h1>Gerät X</h1><p>Ein Gerät, das etwas tut.</p></body></html>",
    );
    home.write(
        "products/attributes.csv",
        "\u{feff}sku;key;value;unit\r\nX-1;Gewicht;2,5;kg\r\nX-9;Farbe;rot;\r\n",
    );
    home.write(
        "products/attributes.json",
        "\u{feff}[{\"sku\": \"X-1\", \"key\": \"Leistung\", \"value\": 900, \"unit\": \"W\"}]",
    );
    home.write("manuals/manuals.csv", "file;sku\nfehlt.pdf;X-1\n");
    let report = home.report("data", &[]);
    let notes = report["notes"].to_string();
    assert!(notes.contains("X-9"), "an unknown product goes unnoticed: {notes}");
    assert!(notes.contains("manuals/fehlt.pdf"), "a missing manual goes unnoticed: {notes}");
    let found = home.call("data", &["status", "--json"]);
    assert_eq!(found.json()["documents"], 1);
}

#[test]
fn another_day_of_the_shop_raises_the_revision() {
    let home = Home::new();
    home.write("faqs/a.jsonl", records("Antwort", 2));
    home.write("shop.toml", "today = 2026-11-21\n");
    let before = home.report("data", &[])["revision"].as_i64().unwrap();
    home.write("shop.toml", "today = 2026-11-22\n");
    let after = home.report("data", &[])["revision"].as_i64().unwrap();
    assert!(after > before, "{after} after {before}");
}
