//! `ingest inspect FILE`: what is shown of one file, in all three forms.

use serde_json::Value;

use crate::support::{Home, Ran, copy, fixture, pdfium, run};

fn inspect(home: &Home, file: &str, arguments: &[&str]) -> Ran {
    run(home.command("data").arg("inspect").arg(home.catalog().join(file)).args(arguments))
}

fn shop() -> Home {
    let home = Home::new();
    copy(&fixture("small"), &home.catalog());
    home
}

fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().filter_map(|entry| entry[key].as_str()).collect()
}

#[test]
fn a_manual_has_its_fields_at_the_top_and_no_store_is_opened() {
    let home = shop();
    let ran = inspect(&home, "manuals/kehrwerk-ak-520.pdf", &["--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let report = ran.json();
    assert_eq!(
        (&report["outcome"], &report["kind"], &report["language"]),
        (&"ok".into(), &"manual".into(), &"de".into())
    );
    assert_eq!(report["source"], "manuals/kehrwerk-ak-520.pdf");
    assert!(report["title"].as_str().is_some_and(|title| !title.is_empty()));
    assert!(!report["identifiers"].as_array().unwrap().is_empty());
    let (sections, chunks) = (report["sections"].as_array().unwrap(), report["chunks"].as_array().unwrap());
    assert!(
        sections
            .iter()
            .all(|one| one["heading_path"].is_array() && one["page"].is_u64() && one["text"].is_string())
    );
    assert!(
        chunks
            .iter()
            .all(|one| one["chunk_id"].is_string() && one["section"].is_array() && one["page"].is_u64())
    );
    assert!(chunks.iter().all(|one| one["tokens"].as_u64().is_some_and(|tokens| tokens <= 250)));
    assert!(report["pages"].as_array().unwrap().iter().all(|page| page["outcome"] == "ok"));
    assert_eq!(report["pdf"]["engine"], "docling");
    assert!(!home.path("data").exists(), "inspect opens no store");
}

#[test]
fn a_failed_file_still_has_its_outcome_reason_and_detail() {
    let home = shop();
    for (file, reason) in
        [("verschluesselt.pdf", "encrypted"), ("gescannt.pdf", "no_text"), ("beschaedigt.pdf", "damaged")]
    {
        let file = format!("manuals/{file}");
        let ran = inspect(&home, &file, &["--json"]);
        assert_eq!(ran.code, 10, "{ran:?}");
        let report = ran.json();
        assert_eq!((&report["outcome"], &report["reason"]), (&"failed".into(), &reason.into()), "{file}");
        assert!(report["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{report}");
        assert_eq!(report["chunks"], Value::Array(Vec::new()));
        let plain = inspect(&home, &file, &[]);
        assert_eq!(plain.code, 10);
        assert!(plain.stdout.contains(&format!("failed ({reason})")), "{plain:?}");
    }
}

#[test]
fn a_file_of_records_has_lists() {
    let home = Home::new();
    home.write(
        "faqs/a.jsonl",
        "{\"id\": \"kalk\", \"question\": \"Wie entkalke ich?\", \"answer\": \"Mit Entkalker und Wasser.\"}\n\
         {\"id\": \"kaputt\n",
    );
    let report = inspect(&home, "faqs/a.jsonl", &["--json"]).json();
    assert_eq!((&report["outcome"], &report["kind"]), (&"partial".into(), &"faq".into()));
    assert_eq!(texts(&report["documents"], "anchor"), ["kalk"]);
    assert_eq!(texts(&report["documents"][0]["chunks"], "text").len(), 1);
    assert_eq!(texts(&report["failures"], "reason"), ["invalid_record"]);
    assert_eq!(report.get("sections"), None);
    let plain = inspect(&home, "faqs/a.jsonl", &[]).stdout;
    assert!(plain.contains("Wie entkalke ich?") && plain.contains("invalid_record"), "{plain}");
}

#[test]
fn tickets_are_shown_without_the_customers_words() {
    let home = shop();
    for form in [&["--json"][..], &[]] {
        let ran = inspect(&home, "tickets/tickets.jsonl", form);
        assert_eq!(ran.code, 0, "{ran:?}");
        let first = std::fs::read_to_string(home.path("catalog/tickets/tickets.jsonl")).unwrap();
        let ticket: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
        assert!(ran.stdout.contains(ticket["id"].as_str().unwrap()), "{ran:?}");
        assert!(!ran.stdout.contains(ticket["body"].as_str().unwrap()));
    }
}

#[test]
fn the_catalogs_tables_are_used_where_the_catalog_is_named() {
    let home = shop();
    let page = first_page(&home);
    let catalog = home.catalog().display().to_string();
    let alone = inspect(&home, &page, &["--json"]).json();
    let within = inspect(&home, &page, &["--json", "--catalog", &catalog]).json();
    assert_eq!(alone["source"], within["source"]);
    assert_eq!(texts(&alone["attributes"], "source"), [""; 0]);
    assert!(texts(&within["attributes"], "source").contains(&"products/attributes.csv"), "{within}");
    let typed =
        within["attributes"].as_array().unwrap().iter().find(|fact| fact["unit"].is_string()).unwrap();
    assert!(typed["value"].is_number() && typed["text"].is_string() && typed["key"].is_string(), "{typed}");
    let elsewhere = home.path("elsewhere.html");
    std::fs::copy(home.catalog().join(&page), &elsewhere).unwrap();
    let outside = run(home.command("data").arg("inspect").arg(&elsewhere).args(["--catalog", &catalog]));
    outside.assert_refused(2, &["elsewhere.html", "does not lie in the catalog"]);
}

/// A product page whose product the tables say something about.
fn first_page(home: &Home) -> String {
    let table = std::fs::read_to_string(home.path("catalog/products/attributes.csv")).unwrap();
    let sku = table.lines().nth(1).unwrap().split(',').next().unwrap().to_lowercase();
    let is_page = |path: &String| path.ends_with(".html") && path.to_lowercase().contains(&sku);
    let found = crate::support::catalog::files(home).into_iter().find(is_page);
    found.unwrap_or_else(|| panic!("no page of {sku}"))
}

#[test]
fn the_kind_is_that_of_the_folder_the_content_or_the_flag() {
    let home = Home::new();
    let rules = "# Widerruf\n\nSie können die Ware innerhalb von 14 Tagen zurücksenden.\n";
    home.write("faqs/a.md", "## Wie lange?\n\nVierzehn Tage lang.\n");
    home.write("regeln.md", rules);
    home.write("bild.xyz", "nichts");
    home.write("products/bild.jpg", "nichts");
    let kind = |file: &str, arguments: &[&str]| {
        let all: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        inspect(&home, file, &all).json()["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind("faqs/a.md", &[]), "faq");
    assert_eq!(kind("regeln.md", &[]), "policy");
    assert_eq!(kind("faqs/a.md", &["--kind", "policy"]), "policy");
    for file in ["bild.xyz", "products/bild.jpg"] {
        let skipped = inspect(&home, file, &["--json"]);
        assert_eq!((skipped.code, &skipped.json()["outcome"]), (0, &"skipped".into()), "{skipped:?}");
    }
    inspect(&home, "faqs/a.md", &["--kind", "book"]).assert_refused(2, &["product, manual, faq"]);
    inspect(&home, "faqs/missing.md", &[]).assert_refused(2, &["missing.md"]);
    inspect(&home, "faqs", &[]).assert_refused(2, &["is no file"]);
}

#[test]
fn long_lists_are_shown_in_parts() {
    let home = shop();
    let plain = |arguments: &[&str]| inspect(&home, "manuals/qpdf-manual-en.pdf", arguments).stdout;
    let first = plain(&["--limit", "2"]);
    assert!(first.contains("1–2 shown") && first.contains("more: --skip 2"), "{first}");
    let second = plain(&["--limit", "2", "--skip", "2"]);
    assert!(second.contains("3–4 shown"), "{second}");
    assert!(!plain(&["--limit", "0"]).contains("shown"));
    assert!(plain(&["--limit", "9", "--full"]).len() > plain(&["--limit", "9"]).len());
}

/// The page for the browser of a file of the catalog.
fn page(home: &Home, file: &str, library: Option<std::path::PathBuf>) -> String {
    let mut command = home.command("data");
    if let Some(library) = library {
        command.env("AUSKUNFT_PDFIUM", library);
    }
    let out = home.path("page.html");
    let ran = run(command.arg("inspect").arg(home.catalog().join(file)).arg("--html").arg(&out));
    assert!(ran.stdout.contains("page.html"), "{ran:?}");
    std::fs::read_to_string(out).unwrap()
}

/// Nothing is fetched from anywhere.
fn assert_self_contained(page: &str) {
    for mark in ["src=\"", "url(", "<link", "@import", "<script src"] {
        for (at, _) in page.match_indices(mark) {
            let rest = &page[at + mark.len()..];
            assert!(mark == "src=\"" && rest.starts_with("data:image/png;base64,"), "{mark}{}", &rest[..40]);
        }
    }
}

#[test]
fn the_page_for_the_browser_has_boxes_on_blank_pages_without_the_library() {
    let home = shop();
    let page = page(&home, "manuals/kehrwerk-ak-520.pdf", None);
    assert_self_contained(&page);
    assert!(page.contains("no picture") && page.contains("id=\"page-1\"") && !page.contains("<img"));
    let boxes = page.matches("<i class=\"box ").count();
    assert!(boxes > 10 && boxes == page.matches("<li class=\"block ").count(), "{boxes}");
    assert!(page.contains("id=\"chunks\"") && page.contains("id=\"sections\""));
}

#[test]
fn the_page_for_the_browser_has_pictures_with_the_library() {
    let Some(library) = pdfium() else { return };
    let home = shop();
    let page = page(&home, "manuals/kehrwerk-ak-520.pdf", Some(library.clone()));
    assert_self_contained(&page);
    let pages = page.matches("<article class=\"page\"").count();
    assert_eq!(page.matches("<img alt=\"\"").count(), pages.min(20));
    let mut command = home.command("data");
    let out = home.path("two.html");
    command.env("AUSKUNFT_PDFIUM", library).args(["inspect", "--pages", "2-3", "--html"]).arg(&out);
    assert_eq!(run(command.arg(home.path("catalog/manuals/qpdf-manual-en.pdf"))).code, 0);
    let two = std::fs::read_to_string(out).unwrap();
    assert_eq!(two.matches("<img alt=\"\"").count(), 2);
    assert!(two.contains("id=\"page-2\"") && !two.contains("id=\"page-4\"") && two.contains("2 of "));
}

#[test]
fn markup_of_a_file_is_text_on_the_page() {
    let home = Home::new();
    home.write(
        "faqs/a.jsonl",
        "{\"id\": \"x\", \"question\": \"Was ist <script>alert(1)</script>?\", \"answer\": \"Ein </pre><img src=x> Versuch.\"}\n",
    );
    let page = page(&home, "faqs/a.jsonl", None);
    assert!(
        page.contains("&lt;script&gt;alert(1)")
            && !page.contains("<script>alert(1)")
            && !page.contains("<img src=x")
    );
    assert_eq!(page.matches("<script>").count(), 1);
}

#[test]
fn every_kind_of_source_gives_a_page() {
    let home = shop();
    let files = [
        "faqs/versand.json",
        "policies/batterien.txt",
        "dialogs/dialoge-2026.jsonl",
        "tickets/tickets.jsonl",
    ];
    for file in files.into_iter().map(str::to_owned).chain([first_page(&home)]) {
        let page = page(&home, &file, None);
        assert_self_contained(&page);
        assert!(page.contains(&file) && page.ends_with("</html>\n"), "{file}");
    }
}

#[test]
fn the_page_for_the_browser_does_not_replace_the_file_itself() {
    let home = Home::new();
    home.write("faqs/a.html", "<h2>Was?</h2><p>Das ist es.</p>");
    let (file, before) = (home.catalog().join("faqs/a.html"), "<h2>Was?</h2><p>Das ist es.</p>");
    let name = file.to_str().unwrap();
    home.call("data", &["inspect", name, "--html", name]).assert_refused(2, &["overwrite", "another file"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}
