//! New generations beside the live one: built, judged, turned to, taken back, removed.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use auskunft_store::generation::{self, Place};
use auskunft_store::ledger;
use auskunft_store::publish::{self, Batch, ReadyDocument};
use ingest::run::gate;
use serde_json::{Value, json};

use crate::damage::damage;
use crate::support::random::Random;
use crate::support::{Home, catalog, model};

fn filled() -> Home {
    let home = Home::new();
    catalog::shop(&home);
    home.report("data", &[]);
    home
}

/// Where each generation stands, the newest first.
fn places(home: &Home) -> Vec<(i64, String)> {
    let status = home.status("data");
    let all = status["generations"].as_array().unwrap().iter();
    all.map(|one| (one["generation"].as_i64().unwrap(), one["place"].as_str().unwrap().to_owned())).collect()
}

fn standing(expected: &[(i64, &str)]) -> Vec<(i64, String)> {
    expected.iter().map(|(number, place)| (*number, (*place).to_owned())).collect()
}

fn checks(report: &Value) -> Vec<(String, bool)> {
    let checks = report["gate"]["checks"].as_array().unwrap().iter();
    checks.map(|one| (one["name"].as_str().unwrap().to_owned(), one["passed"].as_bool().unwrap())).collect()
}

#[test]
fn a_rebuild_has_the_same_content_and_embeds_nothing_again() {
    let home = filled();
    let before = home.digest("data");
    let report = home.report("data", &["--rebuild"]);
    assert_eq!((&report["generation"], &report["live_generation"]), (&2.into(), &2.into()), "{report}");
    assert_eq!(report["embeddings"]["computed"], 0, "{report}");
    let all_passed: Vec<(String, bool)> =
        ["stores", "vector index", "documents", "texts"].map(|name| (name.to_owned(), true)).to_vec();
    assert_eq!(checks(&report), all_passed, "{report}");
    assert_eq!(places(&home), standing(&[(2, "live"), (1, "kept")]));
    assert_eq!(home.digest("data"), before);
    home.assert_verified("data");
    // What follows are deltas of the new one.
    catalog::questions(&home, 1);
    let report = home.report("data", &[]);
    assert_eq!((&report["generation"], &report["sources"]["added"]), (&2.into(), &1.into()), "{report}");
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn a_plan_of_a_rebuild_says_what_it_costs_and_makes_nothing() {
    let home = filled();
    let live = home.status("data");
    let report = home.report("data", &["--rebuild", "--plan"]);
    assert_eq!((&report["generation"], &report["live_generation"]), (&2.into(), &1.into()), "{report}");
    assert_eq!(report["chunks"]["written"], live["chunks"], "{report}");
    assert_eq!(
        (&report["embeddings"]["computed"], &report["embeddings"]["cached"]),
        (&0.into(), &live["chunks"])
    );
    assert!(report["estimate"]["seconds"].as_f64().unwrap() > 0.0, "{report}");
    assert!(report["estimate"]["bytes"].as_u64().unwrap() > 1_000_000, "{report}");
    assert_eq!(places(&home), standing(&[(1, "live")]));
}

#[test]
fn readers_are_turned_back_and_forth_and_runs_follow() {
    let home = filled();
    home.call("data", &["rollback"]).assert_refused(2, &["no such generation", "none is kept"]);
    let first = home.digest("data");
    // The second generation has another product, and lacks a question.
    catalog::questions(&home, 1);
    home.report("data", &["--rebuild"]);
    let second = home.digest("data");
    assert_ne!(first, second);
    let back = home.call("data", &["rollback", "--json"]);
    assert_eq!(
        (back.code, &back.json()["from"], &back.json()["generation"]),
        (0, &2.into(), &1.into()),
        "{back:?}"
    );
    assert_eq!(home.digest("data"), first, "products and policies are the old generation's, too");
    home.assert_verified("data");
    assert_eq!(places(&home), standing(&[(2, "kept"), (1, "live")]));
    home.call("data", &["rollback", "--to", "7"]).assert_refused(2, &["kept: 2"]);
    // The next run brings the old one in line with the catalog.
    let report = home.report("data", &[]);
    assert_eq!((&report["generation"], &report["sources"]["added"]), (&1.into(), &1.into()), "{report}");
    assert_eq!(home.digest("data"), second);
    let forth = home.call("data", &["rollback", "--to", "2", "--json"]);
    assert_eq!((forth.code, &forth.json()["generation"]), (0, &2.into()), "{forth:?}");
    assert_eq!(home.digest("data"), second);
}

#[test]
fn a_generation_that_lost_something_is_not_turned_to() {
    let home = filled();
    let before = home.digest("data");
    std::fs::rename(home.catalog().join("dialogs"), home.path("dialogs")).unwrap();
    let ran = home.ingest("data", &["--rebuild"]);
    assert_eq!(ran.code, 12, "{ran:?}");
    let report = ran.json();
    assert_eq!((&report["generation"], &report["live_generation"]), (&2.into(), &1.into()), "{report}");
    let lost =
        report["gate"]["checks"].as_array().unwrap().iter().find(|one| one["name"] == "documents").unwrap();
    assert!(lost["detail"].as_str().unwrap().contains("dialog"), "{lost}");
    assert_eq!(places(&home), standing(&[(2, "built"), (1, "live")]));
    assert_eq!(home.digest("data"), before);
    // Mended, the same one is gone on with.
    std::fs::rename(home.path("dialogs"), home.catalog().join("dialogs")).unwrap();
    let report = home.report("data", &["--rebuild"]);
    assert_eq!((&report["generation"], &report["live_generation"]), (&2.into(), &2.into()), "{report}");
    assert_eq!(home.digest("data"), before);
}

#[test]
fn what_is_meant_to_vanish_may() {
    let home = filled();
    std::fs::remove_dir_all(home.catalog().join("dialogs")).unwrap();
    let report = home.report("data", &["--rebuild", "--allow-deletes"]);
    assert_eq!(report["live_generation"], 2, "{report}");
    assert_eq!(home.digest("data"), home.clean_digest());
}

/// A question that the first source answers, and nothing else in the shop.
const QUESTION: &str = r#"{"id": "g-1", "question": "Was bedeutet die Anzeige q0-3 am Gerät?", "relevant": ["faqs/extra/000.jsonl"], "language": "de"}"#;

#[test]
fn a_generation_that_answers_worse_is_not_turned_to() {
    let home = filled();
    catalog::questions(&home, 1);
    home.report("data", &[]);
    home.write("questions.jsonl", QUESTION);
    let report = home.report("data", &["--rebuild"]);
    assert!(checks(&report).contains(&("questions".to_owned(), true)), "{report}");
    // The source says something else now, and another one is nearer: the answer is lost, though no kind or product vanishes.
    let words = std::fs::read_to_string(home.catalog().join("faqs/extra/000.jsonl")).unwrap();
    home.write("faqs/extra/001.jsonl", words.replace("q0-", "y8-"));
    home.write(
        "faqs/extra/000.jsonl",
        r#"{"id": "z9", "question": "Wo parke ich vor dem Laden?", "answer": "Im Hof hinter dem Haus stehen zwölf Plätze."}"#,
    );
    let ran = home.ingest("data", &["--rebuild", "--allow-deletes"]);
    assert_eq!(ran.code, 12, "{ran:?}");
    let report = ran.json();
    assert!(checks(&report).contains(&("questions".to_owned(), false)), "{report}");
    assert_eq!(report["live_generation"], 2, "{report}");
    // A margin that lets everything pass, and a file of one's own.
    let own = home.path("own.jsonl");
    std::fs::write(&own, QUESTION).unwrap();
    let arguments = ["--rebuild", "--allow-deletes", "--margin", "1", "--questions", own.to_str().unwrap()];
    assert_eq!(home.report("data", &arguments)["live_generation"], 3);
}

#[test]
fn a_killed_rebuild_is_gone_on_with() {
    let home = Home::new();
    catalog::shop(&home);
    catalog::questions(&home, 60);
    home.report("data", &[]);
    let before = home.digest("data");
    let mut resumed = 0;
    for delay in [300, 700, 1_100, 1_500] {
        let mut command = home.command("data");
        command.arg(home.catalog()).args(["--json", "--rebuild"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(home.digest("data"), before, "readers see nothing of it");
        resumed += usize::from(places(&home).len() > 1);
    }
    assert!(resumed > 0, "no kill fell into the building");
    let report = home.report("data", &["--rebuild"]);
    let number = report["generation"].as_i64().unwrap();
    assert_eq!(report["live_generation"], number, "{report}");
    assert_eq!(home.digest("data"), before);
    home.assert_verified("data");
    let built = places(&home).into_iter().filter(|(_, place)| place == "building" || place == "built");
    assert_eq!(built.count(), 0, "one was gone on with, none begun beside it");
}

#[test]
fn what_requests_may_still_read_stays_and_a_number_is_never_given_twice() {
    let home = filled();
    for _ in 0..2 {
        home.report("data", &["--rebuild"]);
    }
    let collected = home.call("data", &["gc", "--json"]);
    assert_eq!(
        (collected.code, &collected.json()["generations"]),
        (0, &serde_json::json!([])),
        "{collected:?}"
    );
    assert_eq!(places(&home), standing(&[(3, "live"), (2, "kept"), (1, "kept")]));
    home.assert_verified("data");
    assert_eq!(home.digest("data"), home.clean_digest());
    assert_eq!(home.report("data", &["--rebuild"])["generation"], 4);
}

#[test]
fn another_embedder_makes_another_generation_and_what_was_taken_back_is_not_built_again_by_itself() {
    let Some(model) = model() else { return };
    let home = Home::new();
    home.write("faqs/tank.md", "# Tank\n\n## Wie reinige ich den Tank?\n\nMit warmem Wasser.\n");
    home.report("data", &[]);
    let native = ["--embedder", "native", "--model-dir", model.to_str().unwrap()];
    let report = home.report("data", &native);
    assert_eq!((&report["generation"], &report["live_generation"]), (&2.into(), &2.into()), "{report}");
    assert!(report["embeddings"]["space"].as_str().unwrap().starts_with("native-"), "{report}");
    assert_eq!(home.call("data", &["rollback"]).code, 0);
    let ran = home.ingest("data", &native);
    ran.assert_refused(3, &["generation 2", "was taken back", "rollback --to 2", "--rebuild"]);
    // With the embedder as it was, runs go on with the first one.
    assert_eq!(home.report("data", &[])["generation"], 1);
    assert_eq!(home.report("data", &[&native[..], &["--rebuild"]].concat())["live_generation"], 3);
}

/// A copy of a model in which the weights are what `spoil` makes of them.
fn broken(model: &Path, folder: &Path, spoil: impl FnOnce(&mut Vec<u8>)) {
    std::fs::create_dir(folder).unwrap();
    let files = std::fs::read_dir(model).unwrap().flatten().filter(|file| file.path().is_file());
    for file in files {
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    let copied = Command::new("cp").arg("-r").arg(model.join("1_Pooling")).arg(folder).status().unwrap();
    assert!(copied.success());
    let weights = folder.join("model.safetensors");
    let mut bytes = std::fs::read(&weights).unwrap();
    spoil(&mut bytes);
    std::fs::write(weights, bytes).unwrap();
}

#[test]
fn a_broken_model_makes_nothing_live() {
    let Some(model) = model() else { return };
    let home = Home::new();
    home.write("faqs/tank.md", "# Tank\n\n## Wie reinige ich den Tank?\n\nMit warmem Wasser.\n");
    home.report("data", &[]);
    let before = home.digest("data");
    // A download that ended early, and one of which the disk kept nothing but the length.
    broken(&model, &home.path("torn"), |bytes| bytes.truncate(bytes.len() / 2));
    broken(&model, &home.path("empty"), |bytes| {
        let header = usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
        bytes[8 + header..].fill(0);
    });
    for name in ["torn", "empty"] {
        let folder = home.path(name);
        let ran = home.ingest("data", &["--embedder", "native", "--model-dir", folder.to_str().unwrap()]);
        assert_eq!(ran.code, 3, "{name}: {ran:?}");
        assert_eq!(home.digest("data"), before, "{name}");
        assert_eq!(places(&home).last(), Some(&(1, "live".to_owned())), "{name}");
    }
    // One whose numbers are all there, in the wrong places: its vectors look like any other.
    let mut random = Random::seeded(15);
    broken(&model, &home.path("mixed"), |bytes| mixed_up(bytes, &mut random));
    let folder = home.path("mixed");
    let mixed = ["--embedder", "native", "--model-dir", folder.to_str().unwrap()];
    let ran = home.ingest("data", &mixed);
    assert_eq!((ran.code, &ran.json()["gate"]["checks"][0]["name"]), (12, &json!("embedder")), "{ran:?}");
    assert_eq!(ran.json()["live_generation"], 1, "{ran:?}");
    let words = ran.json()["notes"].to_string();
    assert!(words.contains("files may be damaged") && words.contains("generation 1 stays live"), "{words}");
    assert_eq!(home.digest("data"), before);
    assert_eq!(places(&home), standing(&[(1, "live")]), "nothing was begun");
    // Nor is it where nothing is there yet; whoever insists has it.
    assert_eq!(home.ingest("empty", &mixed).code, 12);
    assert_eq!(home.ingest("empty", &[&mixed[..], &["--any-embedder"]].concat()).code, 0);
    assert_eq!(home.report("data", &[])["generation"], 1);
}

/// Exchanges the numbers of each of a model's large tensors among themselves.
fn mixed_up(bytes: &mut [u8], random: &mut Random) {
    let header = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let tensors: Value = serde_json::from_slice(&bytes[8..header]).unwrap();
    for (_, tensor) in tensors.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("weight")) {
        let offset = |end: usize| usize::try_from(tensor["data_offsets"][end].as_u64().unwrap()).unwrap();
        let (numbers, _) = bytes[header + offset(0)..header + offset(1)].as_chunks_mut::<4>();
        if numbers.len() < 10_000 {
            continue;
        }
        for last in (1..numbers.len()).rev() {
            numbers.swap(last, random.below(last + 1));
        }
    }
}

#[test]
fn a_chunker_that_drops_text_is_noticed() {
    let home = filled();
    // A generation that stays beside the live one.
    std::fs::rename(home.catalog().join("dialogs"), home.path("dialogs")).unwrap();
    assert_eq!(home.ingest("data", &["--rebuild"]).code, 12);
    damage(&home.path("data"), async |stores, live| {
        let all = generation::all(&stores.database).await.unwrap();
        let built = all.into_iter().find(|one| one.place == Place::Built).unwrap().info.generation;
        let before = ledger::documents(&stores.database, live.generation).await.unwrap();
        let after = ledger::documents(&stores.database, built).await.unwrap();
        let compare =
            async || gate::texts_kept(stores, (live.generation, built), &before, &after).await.unwrap();
        let check = compare().await;
        assert!(check.passed && check.detail.starts_with("1.0000 of the words"), "{}", check.detail);
        // Its documents are all there, but one in ten has no text.
        let emptied = after.iter().filter(|row| row.kind == "policy").take(after.len() / 10);
        let documents =
            emptied.map(|row| ReadyDocument { row: row.clone(), attributes: None, chunks: Vec::new() });
        let batch = Batch { documents: documents.collect(), ..Batch::default() };
        publish::publish(&stores.database, built, &batch).await.unwrap();
        let check = compare().await;
        assert!(!check.passed && check.detail.contains("policies/"), "{}", check.detail);
    });
}

#[test]
fn retry_reads_what_could_not_be_read_and_nothing_else() {
    let home = filled();
    home.write("products/broken.html", "");
    catalog::questions(&home, 1);
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 10, "{ran:?}");
    // The same bytes are not read again by a run, and a new file is nothing for a retry.
    assert_eq!(home.ingest("data", &[]).code, 0);
    home.write("faqs/new.md", "# Neu\n\n## Ist das neu?\n\nJa.\n");
    let arguments = ["retry", home.catalog().to_str().unwrap(), "--json"].map(str::to_owned);
    let retry = || home.call("data", &arguments.each_ref().map(String::as_str));
    let ran = retry();
    let sources = &ran.json()["sources"];
    assert_eq!((ran.code, &sources["changed"], &sources["added"]), (10, &1.into(), &0.into()), "{ran:?}");
    let page = "<html><head><title>Kanne K-1</title></head><body><h1>Kanne K-1</h1><p>Fasst 2 Liter.</p></body></html>";
    home.write("products/broken.html", page);
    assert_eq!(retry().json()["sources"]["failed"], 0);
}
