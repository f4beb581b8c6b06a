//! What scripts rely on: shapes of the JSON, exit codes, which words go where.

use clap::CommandFactory;
use ingest::args::Cli;
use serde_json::Value;

use crate::support::{Home, catalog};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_has(value: &Value, names: &[&str]) {
    let keys = keys(value);
    for name in names {
        assert!(keys.contains(name), "no `{name}` in {value}");
    }
}

fn is_hex_digest(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() == 64 && text.chars().all(|digit| digit.is_ascii_hexdigit()))
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn the_help_names_every_command_and_exit_code() {
    let home = Home::new();
    let ran = home.call("data", &["--help"]);
    assert_eq!(ran.code, 0);
    for word in [
        "status",
        "verify",
        "gc",
        "eval",
        "config",
        "--plan",
        "--allow-deletes",
        "--jobs",
        "--embedder",
        "--fail-fast",
        "--json",
        "130",
    ] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("pdf-worker"), "the worker is nobody's command");
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let home = Home::new();
    for arguments in [
        &[][..],
        &["--json"],
        &["--plan"],
        &["--frob"],
        &["catalog", "--jobs", "many"],
        &["catalog", "--jobs", "0"],
        &["catalog", "status"],
    ] {
        let ran = home.call("data", arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {ran:?}");
    }
    assert!(!home.path("data").exists(), "nothing was opened");
}

#[test]
fn a_wrong_setting_is_not_configured() {
    let home = Home::new();
    home.call("data", &["catalog", "--embedder", "guessing"]).assert_refused(3, &["guessing"]);
}

#[test]
fn a_run_prints_one_object_and_shows_progress_elsewhere() {
    let home = Home::new();
    catalog::shop(&home);
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 1);
    let report = ran.json();
    assert_has(
        &report,
        &[
            "run_id",
            "generation",
            "revision",
            "dry_run",
            "sources",
            "chunks",
            "embeddings",
            "failures",
            "seconds",
        ],
    );
    assert_has(&report["sources"], &["found", "added", "changed", "removed", "unchanged", "failed"]);
    assert_has(&report["chunks"], &["written", "deleted", "total"]);
    assert_has(&report["embeddings"], &["computed", "cached", "space"]);
    assert!(report["seconds"]["total"].as_f64().unwrap() > 0.0);
    assert_eq!(report["dry_run"], false);
    assert_eq!(report["generation"], 1);
    let found = report["sources"]["found"].as_u64().unwrap();
    assert!(ran.stderr.contains(&format!("reading {found} sources")), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{found} of {found} sources")), "{}", ran.stderr);
}

#[test]
fn a_quiet_run_is_quiet_and_one_for_people_is_words() {
    let home = Home::new();
    catalog::shop(&home);
    let ran = home.call("data", &["catalog", "--quiet"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    for word in ["run-", "sources", "chunks", "embeddings", "generation 1", "seconds"] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
}

#[test]
fn the_status_counts_what_is_live() {
    let home = Home::new();
    catalog::shop(&home);
    let report = home.report("data", &[]);
    let status = home.status("data");
    assert_has(
        &status,
        &[
            "generation",
            "revision",
            "space",
            "documents",
            "chunks",
            "vectors",
            "texts",
            "orphans",
            "digest",
            "last_run",
            "failures",
        ],
    );
    assert_eq!(status["chunks"], report["chunks"]["total"]);
    assert_eq!(status["vectors"], status["chunks"]);
    assert_eq!(status["texts"], status["chunks"]);
    assert_eq!(status["orphans"], 0);
    assert_eq!(status["revision"], report["revision"]);
    assert_eq!(status["space"], report["embeddings"]["space"]);
    assert_eq!(status["last_run"]["id"], report["run_id"]);
    assert_eq!(status["last_run"]["state"], "finished");
    assert!(is_hex_digest(&status["digest"]));
}

#[test]
fn the_digest_is_the_same_wherever_the_catalog_and_the_stores_lie() {
    let (one, other) = (Home::new(), Home::new());
    for home in [&one, &other] {
        catalog::shop(home);
        home.write("faqs/leer.md", "");
        home.write("manuals/kaputt.pdf", "%PDF-1.4 nichts");
    }
    assert_eq!(one.ingest("data", &["--jobs", "1"]).code, 10);
    assert_eq!(other.ingest("elsewhere", &["--jobs", "4"]).code, 10);
    assert_eq!(one.digest("data"), other.digest("elsewhere"));
}

#[test]
fn a_plan_does_nothing_and_tells_what_the_run_will_do() {
    let home = Home::new();
    catalog::shop(&home);
    home.write("faqs/leer.md", "");
    assert_plan_holds(&home);
    let text = std::fs::read_to_string(home.catalog().join("policies/versand-eu.md")).unwrap();
    home.write("policies/versand-eu.md", text.replace("Ab 30 kg", "Ab 31 kg"));
    home.write(
        "faqs/neu.jsonl",
        [catalog::question("n1"), catalog::question("n1b"), "{".to_owned()].join("\n"),
    );
    home.remove("policies/batterien.txt");
    let moved = std::fs::read(home.catalog().join("faqs/kaffee.jsonl")).unwrap();
    home.write("faqs/tee.jsonl", moved);
    home.remove("faqs/kaffee.jsonl");
    let before = home.status("data");
    assert_plan_holds(&home);
    assert_ne!(home.status("data")["digest"], before["digest"]);
}

fn assert_plan_holds(home: &Home) {
    let before = home.call("data", &["status", "--json"]);
    let plan = home.report("data", &["--plan"]);
    let after = home.call("data", &["status", "--json"]);
    assert_eq!(
        (before.code, before.stdout),
        (after.code, after.stdout),
        "a plan writes nothing, not even a run"
    );
    assert_eq!(plan["dry_run"], true);
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 10, "{ran:?}");
    let run = ran.json();
    for part in ["sources", "chunks", "embeddings"] {
        assert_eq!(plan[part], run[part], "{part}");
    }
}

#[test]
fn a_plan_that_the_guard_would_refuse_says_so() {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    std::fs::remove_dir_all(home.catalog().join("faqs")).unwrap();
    let plan = home.report("data", &["--plan"]);
    assert!(plan["notes"].to_string().contains("--allow-deletes"), "{plan}");
}

#[test]
fn gc_removes_what_waits_and_changes_nothing_live() {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    for path in ["policies/batterien.txt", "tickets/T-9005.json"] {
        home.remove(path);
    }
    home.report("data", &[]);
    let before = home.status("data");
    assert!(before["orphans"].as_u64().unwrap() > 0, "{before}");
    let removed = home.call("data", &["gc", "--json"]).json();
    assert_has(&removed, &["texts", "documents", "tickets", "embeddings"]);
    assert!(
        removed["texts"].as_u64().unwrap() > 0 && removed["embeddings"].as_u64().unwrap() > 0,
        "{removed}"
    );
    assert_eq!((&removed["documents"], &removed["tickets"]), (&1.into(), &1.into()));
    let after = home.status("data");
    assert_eq!(after["orphans"], 0);
    for name in ["digest", "documents", "chunks", "texts"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    home.assert_verified("data");
    assert_eq!(after["digest"].as_str().unwrap(), home.clean_digest());
    home.report("data", &[]);
    assert_eq!(home.status("data")["revision"], after["revision"], "gc gives a run nothing to do");
}

#[test]
fn the_settings_are_shown_with_where_they_come_from() {
    let home = Home::new();
    std::fs::write(home.path("auskunft.toml"), "rate_per_minute = 7\n").unwrap();
    let ran = home.call("data", &["config", "--json", "--embedder", "hashed"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = ran.json().to_string();
    for word in [
        "AUSKUNFT_DATA_DIR",
        "environment",
        "AUSKUNFT_EMBEDDER",
        "AUSKUNFT_RATE_PER_MINUTE",
        "auskunft.toml",
        "default",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!home.path("data").exists(), "nothing was opened");
}
