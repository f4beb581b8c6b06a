//! Files that cannot be read: each ends in a recorded outcome, and the rest goes on.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::support::{Home, copy, fixture};

/// A good question that must be in the index whatever lies beside it.
fn good(home: &Home) {
    home.write(
        "faqs/gut.md",
        "## Wie lange dauert der Versand?\n\nZwei bis drei Werktage innerhalb Deutschlands.\n",
    );
}

/// Ingests: some failed (exit 10), the good one was read; a second run writes nothing.
fn ingest(home: &Home) -> crate::support::Ran {
    good(home);
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 10, "{ran:?}");
    let status = home.status("data");
    assert!(status["documents"].as_u64().unwrap() >= 1, "{status}");
    home.assert_verified("data");
    let again = home.ingest("data", &[]);
    assert_eq!(again.json()["revision"], ran.json()["revision"], "{again:?}");
    assert_eq!(again.failures(), ran.failures());
    ran
}

#[test]
fn a_known_permanent_failure_is_listed_but_fails_no_later_run() {
    let home = Home::new();
    home.write("faqs/leer.md", "");
    let first = ingest(&home);
    let second = home.ingest("data", &[]);
    assert_eq!(second.code, 0, "{second:?}");
    assert_eq!(second.failures(), first.failures());
    assert_eq!(second.json()["sources"]["failed"], 0);
    let status = home.status("data");
    assert_eq!(status["failures"], first.json()["failures"]);
}

#[test]
fn files_that_the_system_refuses_are_named_and_their_documents_stay() {
    let home = Home::new();
    home.write("faqs/weg.md", "## Wo ist der Laden?\n\nIn der Lindenstraße 4, neben der Post.\n");
    good(&home);
    home.report("data", &[]);
    let before = home.status("data");
    home.remove("faqs/weg.md");
    symlink("/proc/self/mem", home.catalog().join("faqs/weg.md")).unwrap();
    symlink("nirgendwo.md", home.catalog().join("faqs/lose.md")).unwrap();
    for _ in 0..2 {
        let ran = home.ingest("data", &[]);
        // What the system refuses may pass: it is tried, and failed, in every run.
        assert_eq!(ran.code, 10, "{ran:?}");
        ran.assert_failure("faqs/weg.md", "unreadable", &["faqs/weg.md"]);
        ran.assert_failure("faqs/lose.md", "unreadable", &["No such file"]);
        assert_eq!(ran.json()["sources"]["failed"], 2);
        assert_eq!(home.status("data")["digest"], before["digest"]);
    }
}

#[test]
fn a_loop_of_links_is_named() {
    let home = Home::new();
    good(&home);
    symlink(home.catalog(), home.catalog().join("faqs/kreis")).unwrap();
    ingest(&home).assert_failure("faqs/kreis", "unreadable", &["loop"]);
}

#[test]
fn a_pipe_is_no_file_and_nobody_waits_for_it() {
    let home = Home::new();
    good(&home);
    assert!(Command::new("mkfifo").arg(home.catalog().join("faqs/rohr.md")).status().unwrap().success());
    ingest(&home).assert_failure("faqs/rohr.md", "unreadable", &["no file"]);
}

#[test]
fn empty_and_binary_files_are_named() {
    let home = Home::new();
    home.write("faqs/leer.jsonl", "");
    home.write("products/leer.html", "");
    home.write("products/bild.html", [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, 0xff, 0xfe, 0]);
    home.write("manuals/text.pdf", "Das ist gar kein PDF.");
    let ran = ingest(&home);
    ran.assert_failure("faqs/leer.jsonl", "no_text", &["empty"]);
    ran.assert_failure("products/leer.html", "no_text", &["empty"]);
    ran.assert_failure("products/bild.html", "damaged", &["binary"]);
    ran.assert_failure("manuals/text.pdf", "damaged", &[]);
    assert_eq!(ran.json()["sources"]["failed"], 4);
}

#[test]
fn text_in_an_old_encoding_is_read() {
    let home = Home::new();
    let text =
        "# Rückgabe\n\nFür größere Geräte gelten übliche Fristen, auch für Österreich und die Schweiz.\n";
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    home.write("policies/alt.md", latin);
    let utf16: Vec<u8> = [0xfeff_u16]
        .into_iter()
        .chain("# Wärme\n\nÖfen heizen größere Räume über Nacht.\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    home.write("policies/breit.txt", utf16);
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(home.status("data")["documents"], 2);
}

#[test]
fn a_broken_line_is_named_and_the_others_are_kept() {
    let home = Home::new();
    let lines = [
        r#"{"id": "a", "question": "Was kostet der Versand?", "answer": "4,95 Euro innerhalb Deutschlands."}"#,
        r#"{"id": "b", "question": "Wie lan"#,
        r#"{"id": "c", "answer": "Ohne Frage."}"#,
        r#"{"id": "a", "question": "Was kostet Express?", "answer": "12,90 Euro zusätzlich."}"#,
        r#"{"id": "e", "question": "Gibt es Geschenkpapier?", "answer": "Ja, für zwei Euro."}"#,
    ];
    home.write("faqs/liste.jsonl", lines.join("\n"));
    let ran = ingest(&home);
    ran.assert_failure("faqs/liste.jsonl", "invalid_record", &["faqs/liste.jsonl line 2", "JSON"]);
    ran.assert_failure("faqs/liste.jsonl#c", "invalid_record", &["faqs/liste.jsonl line 3", "question"]);
    ran.assert_failure("faqs/liste.jsonl", "duplicate_id", &["line 4", "`a`", "line 1"]);
    assert_eq!(home.status("data")["documents"], 3, "the good file, `a` and `e`");
}

#[test]
fn two_pages_of_one_sku_are_named_and_the_first_counts() {
    let home = Home::new();
    let page = |name: &str| {
        format!(
            r#"<html lang="de"><head><title>{name}</title><script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product", "name": "{name}", "sku": "WK-17"}}</script></head><body><h1>{name}</h1><p>Ein Wasserkocher aus Edelstahl, der anderthalb Liter in vier Minuten erhitzt.</p></body></html>"#
        )
    };
    home.write("products/a.html", page("Wasserkocher 17"));
    home.write("products/b.html", page("Wasserkocher siebzehn"));
    good(&home);
    for _ in 0..2 {
        let ran = home.ingest("data", &[]);
        assert_eq!(ran.code, 0, "both pages were read: {ran:?}");
        ran.assert_failure("products/b.html", "duplicate_id", &["WK-17", "products/a.html"]);
    }
    let status = home.status("data");
    assert!(status["failures"].to_string().contains("duplicate_id"), "{status}");
    home.assert_verified("data");
}

#[test]
fn one_ticket_number_in_two_files_is_named() {
    let home = Home::new();
    let ticket = |body: &str| {
        format!(
            r#"{{"id": "T-1", "customer_id": "C-1", "status": "open", "subject": "Defekt", "body": "{body}", "created": "2026-11-12T09:15:00Z"}}"#
        )
    };
    home.write("tickets/a.json", ticket("Der erste."));
    home.write("tickets/b.json", ticket("Der zweite."));
    good(&home);
    let ran = home.ingest("data", &[]);
    ran.assert_failure("tickets/b.json#T-1", "duplicate_id", &["T-1", "tickets/a.json"]);
}

#[test]
fn impossible_dates_are_named() {
    let home = Home::new();
    home.write(
        "policies/datum.md",
        "---\ntitle: Frist\nvalid_from: 2026-02-30\n---\n# Frist\n\nVierzehn Tage ab Lieferung der Ware.\n",
    );
    home.write("policies/verdreht.md", "---\ntitle: Frist\nvalid_from: 2026-12-31\nvalid_to: 2026-01-01\n---\n# Frist\n\nVierzehn Tage ab Lieferung der Ware.\n");
    let ran = ingest(&home);
    ran.assert_failure("policies/datum.md", "invalid_record", &["2026-02-30"]);
    ran.assert_failure("policies/verdreht.md", "invalid_record", &["2026-12-31", "2026-01-01"]);
}

#[test]
fn pdfs_that_cannot_be_read_are_named_with_their_reasons() {
    let home = Home::new();
    for name in ["verschluesselt.pdf", "gescannt.pdf", "beschaedigt.pdf"] {
        copy(&fixture("small/manuals").join(name), &home.catalog().join("manuals").join(name));
    }
    let ran = ingest(&home);
    ran.assert_failure("manuals/verschluesselt.pdf", "encrypted", &["password"]);
    ran.assert_failure("manuals/gescannt.pdf", "no_text", &["character recognition"]);
    ran.assert_failure("manuals/beschaedigt.pdf", "damaged", &[]);
    assert_eq!(ran.json()["sources"]["failed"], 3);
}

#[test]
fn a_file_that_no_reader_takes_is_left_alone_and_named() {
    let home = Home::new();
    good(&home);
    home.write("faqs/fragen.docx", "PK");
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let skipped = ran.json()["skipped"].clone();
    assert_eq!(skipped[0]["source"], "faqs/fragen.docx");
    assert_eq!(skipped[0]["reason"], "unsupported");
    assert_eq!(home.ingest("data", &[]).json()["revision"], ran.json()["revision"]);
}

#[test]
fn the_first_failure_ends_a_run_that_was_asked_to_fail_fast() {
    let home = Home::new();
    good(&home);
    home.write("faqs/leer.md", "");
    home.ingest("data", &["--fail-fast"]).assert_refused(1, &["faqs/leer.md", "no_text"]);
    home.remove("faqs/leer.md");
    home.report("data", &[]);
    assert_eq!(home.digest("data"), home.clean_digest());
}
