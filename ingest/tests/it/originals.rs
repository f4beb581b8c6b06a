//! The files that citations lead to: kept before anything names them, made up for when they are lost.

use std::path::PathBuf;

use crate::support::Home;

const PAGE: &str = "<html><head><title>Kanne K-1</title></head><body><h1>Kanne K-1</h1><p>Fasst 2 Liter Wasser.</p></body></html>";

/// A shop of a page, a rule and a ticket.
fn filled() -> Home {
    let home = Home::new();
    home.write("products/k-1.html", PAGE);
    home.write("policies/regel.md", "# Rückgabe\n\nWaren gehen binnen 30 Tagen zurück.\n");
    home.write("tickets/t.jsonl", r#"{"id":"T-1","customer_id":"C-1","status":"open","subject":"Kanne","body":"Sie tropft.","created":"2026-11-01T10:00:00Z"}"#);
    home
}

/// Every file of the object store of a data folder.
fn kept(home: &Home, data: &str) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(home.path(data).join("objects/originals")).into_iter().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn pages_are_kept_as_they_are_and_personal_data_is_not() {
    let home = filled();
    let report = home.report("data", &[]);
    assert_eq!(report["originals"], 1);
    let files = kept(&home, "data");
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(std::fs::read_to_string(&files[0]).unwrap(), PAGE);
    home.assert_verified("data");
    let again = home.report("data", &[]);
    assert_eq!((&again["originals"], &again["sources"]["unchanged"]), (&0.into(), &3.into()));
}

#[test]
fn a_lost_file_is_told_and_kept_again() {
    let home = filled();
    home.report("data", &[]);
    std::fs::remove_file(&kept(&home, "data")[0]).unwrap();
    let verified = home.call("data", &["verify", "--json"]);
    let problems = verified.json()["problems"].clone();
    assert_eq!((verified.code, &problems[0]["kind"]), (1, &"missing_original".into()), "{problems}");
    assert_eq!(problems[0]["id"], "products/k-1.html");
    assert_eq!(home.report("data", &[])["originals"], 1, "though nothing changed");
    home.assert_verified("data");
}

#[test]
fn the_version_before_stays_until_it_is_collected() {
    let home = filled();
    home.report("data", &[]);
    home.write("products/k-1.html", PAGE.replace("2 Liter", "3 Liter"));
    home.report("data", &[]);
    assert_eq!(kept(&home, "data").len(), 2);
    let young = home.call("data", &["gc", "--json"]).json();
    assert_eq!(young["originals"], 0, "a run elsewhere may be about to name it: {young}");
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(25 * 3600);
    for file in kept(&home, "data") {
        std::fs::File::options().write(true).open(file).unwrap().set_modified(yesterday).unwrap();
    }
    assert_eq!(home.call("data", &["gc", "--json"]).json()["originals"], 1);
    home.assert_verified("data");
}

#[test]
fn without_a_place_for_files_nothing_is_published() {
    let home = filled();
    let mut command = home.command("data");
    command.env("AUSKUNFT_OBJECTS", "/proc/nowhere").arg(home.catalog());
    let ran = crate::support::run(&mut command);
    ran.assert_refused(5, &["/proc/nowhere", "AUSKUNFT_OBJECTS"]);
    let mut command = home.command("data");
    let refused = crate::support::run(command.env("AUSKUNFT_OBJECTS", "ftp://files").arg(home.catalog()));
    refused.assert_refused(3, &["AUSKUNFT_OBJECTS", "s3://BUCKET"]);
}
