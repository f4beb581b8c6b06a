//! Catalogs, tables and data folders that do not fit: a clear refusal, and nothing changes.

use std::path::{Path, PathBuf};
use std::process::Command;

use auskunft_store::lock::FolderLock;

use crate::support::{Home, Ran, catalog, model, run};

fn filled() -> Home {
    let home = Home::new();
    home.write(
        "faqs/a.md",
        "## Wie lange dauert der Versand?\n\nZwei bis drei Werktage innerhalb Deutschlands.\n",
    );
    home.write("manuals/manuals.csv", "file,sku,language,version\nkm.pdf,KM-1,de,1.0\n");
    home.write("products/attributes.csv", "sku,key,value,unit\nKM-1,Gewicht,2,kg\n");
    home.report("data", &[]);
    home
}

/// A refused run leaves the stores as they were.
fn assert_unchanged(home: &Home, refused: impl FnOnce() -> Ran, code: i32, words: &[&str]) {
    let before = home.status("data");
    refused().assert_refused(code, words);
    assert_eq!(home.status("data"), before);
}

#[test]
fn a_missing_folder_and_a_file_in_its_place_are_usage_errors() {
    let home = Home::new();
    home.call("data", &["no-such-folder"]).assert_refused(2, &["`no-such-folder` does not exist"]);
    home.write("a.txt", "x");
    home.call("data", &["catalog/a.txt"]).assert_refused(2, &["is not a folder"]);
    assert!(!home.path("data").exists(), "nothing was opened");
}

#[test]
fn an_empty_folder_is_refused_on_fresh_stores() {
    let home = Home::new();
    home.ingest("data", &[]).assert_refused(1, &["holds no source", "products/"]);
}

#[test]
fn malformed_tables_are_named_with_their_line_and_nothing_changes() {
    let wrong = [
        ("shop.toml", "name = \"Laden\"\nregions = [\n", "shop.toml, line"),
        ("shop.toml", "default_language = \"klingonisch\"\n", "shop.toml, default_language"),
        ("manuals/manuals.csv", "file,sku,language,version\nkm.pdf\n", "manuals/manuals.csv, line 2"),
        ("manuals/manuals.csv", "datei,nummer\nkm.pdf,KM-1\n", "manuals/manuals.csv, "),
        (
            "products/attributes.csv",
            "sku,key,value,unit\nKM-1,Gewicht,2,kg\nKM-1\n",
            "products/attributes.csv, line 3",
        ),
        (
            "products/attributes.json",
            "[{\"sku\": \"KM-1\",\n \"key\": 5}]",
            "products/attributes.json, line 2",
        ),
    ];
    let home = filled();
    for (path, text, named) in wrong {
        let before = std::fs::read(home.catalog().join(path)).ok();
        home.write(path, text);
        assert_unchanged(&home, || home.ingest("data", &[]), 2, &[named]);
        match before {
            Some(bytes) => home.write(path, bytes),
            None => home.remove(path),
        }
    }
    home.report("data", &[]);
}

#[test]
fn an_impossible_price_in_a_table_is_kept_as_text() {
    let home = Home::new();
    catalog::shop(&home);
    let path = "products/attributes.csv";
    let table = std::fs::read_to_string(home.catalog().join(path)).unwrap();
    home.write(path, table.replace("\"449,00\",EUR", "\"-4x9,00,1\",EUR"));
    home.report("data", &[]);
    home.assert_verified("data");
}

#[test]
fn a_held_folder_names_its_holder() {
    let home = filled();
    let before = home.status("data");
    let lock = FolderLock::take(&home.path("data"), "serve").unwrap();
    let holder = format!("held by serve (process {})", std::process::id());
    for arguments in [&["catalog", "--json"][..], &["status", "--json"], &["verify"], &["gc"]] {
        home.call("data", arguments).assert_refused(6, &[&holder]);
    }
    drop(lock);
    assert_eq!(home.status("data"), before);
}

#[test]
fn of_two_runs_at_once_one_is_refused_and_the_other_ends() {
    let home = Home::new();
    catalog::shop(&home);
    let both = std::thread::scope(|scope| {
        let runs = [(); 2].map(|()| scope.spawn(|| home.ingest("data", &[])));
        runs.map(|run| run.join().unwrap())
    });
    let refused: Vec<&Ran> = both.iter().filter(|ran| ran.code == 6).collect();
    assert!(both.iter().any(|ran| ran.code == 0), "{both:?}");
    for ran in refused {
        ran.assert_refused(6, &["held by ingest (process "]);
    }
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn a_plan_with_another_embedder_names_both_spaces_and_changes_nothing() {
    let Some(model) = model() else { return };
    let home = filled();
    let before = home.status("data");
    let space = before["space"].as_str().unwrap();
    let mut command = home.command("data");
    command.arg(home.catalog()).args(["--plan", "--embedder", "native", "--model-dir"]).arg(model);
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains(space) && ran.stderr.contains("native-bert-384-"), "{ran:?}");
    assert_eq!(home.status("data"), before);
}

#[test]
fn an_embedder_without_a_model_is_not_configured() {
    let home = filled();
    let arguments = ["catalog", "--embedder", "native", "--model-dir", "no-such-model"];
    assert_unchanged(&home, || home.call("data", &arguments), 3, &["no-such-model"]);
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let home = Home::new();
    home.write("a.md", "# x");
    std::fs::write(home.path("file"), "x").unwrap();
    home.ingest("file/data", &[]).assert_refused(5, &["file/data"]);
}

#[test]
fn a_plan_names_what_cannot_be_read_as_a_run_does() {
    let home = Home::new();
    home.write("faqs/a.md", "## Was?\n\nDas ist es.");
    home.write("faqs/bild.jpg", "x");
    std::os::unix::fs::symlink(home.catalog(), home.catalog().join("faqs/loop")).unwrap();
    for arguments in [&["--plan"][..], &[]] {
        let ran = home.ingest("data", arguments);
        ran.assert_failure("faqs/loop", "unreadable", &[]);
        assert_eq!(ran.json()["skipped"][0]["source"], "faqs/bild.jpg", "{ran:?}");
    }
}

#[test]
fn nothing_ingested_yet_is_not_configured() {
    let home = Home::new();
    home.write("questions.jsonl", "{\"question\": \"Was?\", \"relevant\": []}\n");
    for command in ["status", "verify", "gc", "eval catalog/questions.jsonl"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        home.call("data", &arguments).assert_refused(3, &["nothing is ingested yet", "ingest DIR"]);
        assert!(!home.path("data").exists(), "{command} makes a data folder");
    }
}

#[test]
fn a_full_disk_is_named_and_later_nothing_is_missing() {
    let home = Home::new();
    catalog::shop(&home);
    catalog::questions(&home, 40);
    let clean = home.clean_digest();
    let Some(disk) = Disk::mount(&home.path("disk")) else { return };
    let mut seen = Vec::new();
    for megabytes in [40, 81, 84, 87] {
        disk.resize(megabytes);
        let ran = home.ingest("disk/data", &[]);
        seen.push((megabytes, ran.code));
        if ran.code != 0 {
            ran.assert_refused(1, &["disk", "make space"]);
        }
        disk.resize(200);
        home.report("disk/data", &[]);
        assert_eq!(home.digest("disk/data"), clean, "after {megabytes} MB");
        home.assert_verified("disk/data");
        std::fs::remove_dir_all(home.path("disk/data")).unwrap();
    }
    let full = seen.iter().filter(|(_, code)| *code != 0).count();
    assert!(full >= 2, "the disk was never full: {seen:?}");
}

/// A small disk of its own; needs the right to mount.
struct Disk(PathBuf);

impl Disk {
    fn mount(path: &Path) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=200m", "tmpfs"]).arg(path).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(path.to_owned()));
        }
        eprintln!("skipped: a small disk can't be mounted without the right to; run the test as root");
        None
    }

    fn resize(&self, megabytes: u32) {
        let option = format!("remount,size={megabytes}m");
        assert!(Command::new("mount").args(["-o", &option]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        assert!(Command::new("umount").arg(&self.0).status().unwrap().success());
    }
}
