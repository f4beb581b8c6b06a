//! The guard against surprise deletes.

use crate::support::pdf::{Pdf, manual_page, one_page};
use crate::support::{Home, catalog};

/// A shop of 20 policies and 40 questions.
fn filled() -> Home {
    let home = Home::new();
    for number in 0..20 {
        let text = format!(
            "# Regel {number}\n\nDiese Regel {number} gilt für alle Bestellungen ab {number} Euro.\n"
        );
        home.write(&format!("policies/{number:02}.md"), text);
    }
    catalog::questions(&home, 4);
    home.report("data", &[]);
    home
}

/// The run is refused and the stores are as before; allowed, it ends as a clean one.
fn assert_guarded(home: &Home, words: &[&str]) {
    let before = home.status("data");
    home.ingest("data", &[]).assert_refused(11, &[words, &["--allow-deletes"]].concat());
    let after = home.status("data");
    for name in ["revision", "documents", "chunks", "texts", "orphans", "digest"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    let allowed = home.ingest("data", &["--allow-deletes"]);
    assert!(matches!(allowed.code, 0 | 10), "{allowed:?}");
    assert_eq!(home.digest("data"), home.clean_digest());
    home.assert_verified("data");
}

#[test]
fn ten_percent_removed_are_refused() {
    let home = filled();
    for number in 0..6 {
        home.remove(&format!("policies/{number:02}.md"));
    }
    assert_guarded(&home, &["6 of 60 documents", "10 %"]);
}

#[test]
fn a_cut_list_is_refused() {
    let home = filled();
    let path = "faqs/extra/001.jsonl";
    let text = std::fs::read_to_string(home.catalog().join(path)).unwrap();
    home.write(path, &text[..text.len() / 2 + 20]);
    assert_guarded(&home, &["of 60 documents"]);
}

#[test]
fn an_emptied_file_is_refused() {
    let home = filled();
    home.write("faqs/extra/002.jsonl", "");
    assert_guarded(&home, &["10 of 60 documents"]);
}

#[test]
fn an_emptied_folder_is_refused() {
    let home = filled();
    std::fs::remove_dir_all(home.catalog()).unwrap();
    std::fs::create_dir(home.catalog()).unwrap();
    let before = home.status("data");
    home.ingest("data", &[]).assert_refused(11, &["holds no source", "60 documents", "--allow-deletes"]);
    assert_eq!(home.status("data"), before);
    assert_eq!(home.ingest("data", &["--allow-deletes"]).code, 0);
    assert_eq!(home.status("data")["documents"], 0);
    home.assert_verified("data");
}

#[test]
fn files_that_turned_into_garbage_keep_their_documents() {
    let home = filled();
    for number in 0..4 {
        home.write(&format!("policies/{number:02}.md"), [0_u8, 159, 146, 150, 0, 1, 2, 3]);
    }
    let before = home.status("data");
    home.ingest("data", &[]).assert_refused(11, &["documents", "would vanish", "--allow-deletes"]);
    assert_eq!(home.status("data")["digest"], before["digest"]);
    assert_eq!(home.ingest("data", &["--allow-deletes"]).code, 10);
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn two_emptied_files_are_within_the_guard() {
    let home = filled();
    home.write("policies/00.md", "");
    home.write("policies/01.md", "");
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 10, "{ran:?}");
    ran.assert_failure("policies/00.md", "no_text", &["empty"]);
    assert_eq!(home.status("data")["documents"], 58);
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn pages_and_questions_that_turned_into_garbage_count_together() {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    let garbage = [0_u8, 159, 146, 150, 0, 1, 2, 3];
    let pages = ["products/mode/wg-tr4.html", "products/kaffee/km-2200.html"];
    let policies = [
        "policies/zahlung.html",
        "policies/gutscheine.html",
        "policies/altgeraete.md",
        "policies/versand-eu.md",
    ];
    for path in pages.iter().chain(&policies) {
        home.write(path, garbage);
    }
    let before = home.status("data");
    let documents = before["documents"].as_u64().unwrap();
    assert!(6 * 100 > documents * 5, "six of {documents} must be above the guard");
    home.ingest("data", &[]).assert_refused(11, &["documents", "would vanish", "--allow-deletes"]);
    assert_eq!(home.status("data")["documents"], documents);
}

#[test]
fn manuals_known_by_their_content_alone_do_not_vanish_when_they_change() {
    let home = Home::new();
    for number in 0..4 {
        let page = one_page(&mut Pdf::default(), &manual_page(number), "", "");
        home.write(&format!("scans/{number}.bin"), page);
    }
    home.report("data", &[]);
    assert_eq!(home.status("data")["documents"], 4);
    for number in 0..4 {
        let page = one_page(&mut Pdf::default(), &manual_page(number + 10), "", "");
        home.write(&format!("scans/{number}.bin"), page);
    }
    assert_eq!(home.report("data", &[])["sources"]["changed"], 4);
    assert_eq!(home.digest("data"), home.clean_digest());
}
