//! What is written, read back by other means than it was written by.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog_generator::{Options, Summary, write_catalog};
use serde_json::Value;

use crate::shop::{self, Shop};

/// Writes a shop of 85 products.
fn written(seed: u64) -> (tempfile::TempDir, Summary) {
    let folder = tempfile::tempdir().unwrap();
    let summary = write_catalog(Options { seed, products: 85 }, folder.path()).unwrap();
    (folder, summary)
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in next.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_path_buf(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let (first, again, other) = (written(1), written(1), written(2));
    let (first, again, other) = (files(first.0.path()), files(again.0.path()), files(other.0.path()));
    assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, bytes) in &first {
        assert!(bytes == &again[path], "{} differs between two runs", path.display());
    }
    for name in ["questions.jsonl", "shop/orders.csv", "products/attributes.csv", "dialogs/dialoge-01.jsonl"]
    {
        assert_ne!(first[Path::new(name)], other[Path::new(name)], "{name}");
    }
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.txt"), "keep").unwrap();
    let error = write_catalog(Options { seed: 1, products: 85 }, folder.path()).unwrap_err();
    assert!(error.to_string().contains("not empty"), "{error}");
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn a_small_shop_has_something_of_everything() {
    let (folder, summary) = written(1);
    assert_eq!(summary.products, 85);
    assert_eq!(summary.policies, 40);
    assert!(summary.manuals >= 26 && summary.pages > 100, "{summary}");
    assert!(summary.faqs >= 40 && summary.dialogs >= 100 && summary.tickets >= 100, "{summary}");
    let shop = Shop::read(folder.path());
    let agents = shop.table("shop/agents.csv");
    assert!(agents.iter().any(|row| row["role"] == "lead"), "{agents:?}");
    for region in ["EU", "CH", "UK", "US"] {
        assert!(shop.table("shop/customers.csv").iter().any(|row| row["region"] == region), "{region}");
    }
}

#[test]
fn every_place_that_answers_exists_and_says_the_answer() {
    for seed in [1, 7] {
        let (folder, _) = written(seed);
        let shop = Shop::read(folder.path());
        // Pages are asked for again and again; reading one takes long.
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        let mut checked = 0;
        for question in shop.questions() {
            let answers: Vec<&str> = strings(&question["answer"]);
            for source in strings(&question["relevant"]) {
                let text = said.entry(source.to_owned()).or_insert_with(|| shop.said(source));
                assert!(!text.is_empty(), "{}: {source} says nothing", question["id"]);
                let is_said =
                    answers.is_empty() || answers.iter().any(|answer| text.contains(&shop::plain(answer)));
                let is_dialog = source.starts_with("dialogs/");
                assert!(is_said || is_dialog, "{}: {source} does not say {answers:?}", question["id"]);
                checked += 1;
            }
        }
        assert!(checked > 300, "{checked}");
    }
}

#[test]
fn the_right_place_is_never_one_that_contradicts() {
    let (folder, _) = written(1);
    let shop = Shop::read(folder.path());
    let is_old = |source: &str| source.contains("-v");
    assert!(files(folder.path()).keys().any(|path| is_old(&path.to_string_lossy())));
    for question in shop.questions() {
        assert!(
            !strings(&question["relevant"])
                .into_iter()
                .any(|source| source.starts_with("manuals/") && is_old(source))
        );
    }
}

#[test]
fn questions_cover_all_abilities_and_state_their_facts() {
    let (folder, _) = written(1);
    let questions = Shop::read(folder.path()).questions();
    let of = |ability: &str| questions.iter().filter(|line| line["ability"] == ability).collect::<Vec<_>>();
    for ability in ["parcel", "returns", "warranty", "price", "comparison", "technical", "fault"] {
        assert!(of(ability).len() >= 20, "{ability}: {}", of(ability).len());
    }
    let of_facts: Vec<&Value> =
        ["parcel", "returns", "warranty", "price", "comparison"].iter().flat_map(|name| of(name)).collect();
    let stated = of_facts.iter().filter(|line| line.get("facts").is_some()).count();
    assert!(stated * 10 >= of_facts.len() * 9, "{stated} of {}", of_facts.len());
    assert!(of("none").len() * 10 >= questions.len(), "{}", of("none").len());
    assert!(questions.iter().any(|line| line.get("after").is_some()));
    assert!(questions.iter().any(|line| line["state"] == "clarify"));
}

#[test]
fn no_phrase_is_left_unfilled() {
    let (folder, _) = written(1);
    let shop = Shop::read(folder.path());
    for text in shop.spoken() {
        assert!(!text.contains(['[', ']', '{', '}', '|']), "{text}");
        assert!(!text.contains("  "), "{text}");
    }
}

#[test]
fn money_adds_up() {
    let (folder, _) = written(1);
    Shop::read(folder.path()).check_money();
}

#[test]
fn what_happens_to_an_order_happens_in_order() {
    let (folder, _) = written(1);
    Shop::read(folder.path()).check_times();
}

#[test]
fn sold_pieces_carry_numbers_with_a_check_digit() {
    let (folder, _) = written(1);
    let serials = Shop::read(folder.path()).table("shop/serials.csv");
    assert!(serials.len() > 500, "{}", serials.len());
    let distinct: std::collections::BTreeSet<&String> = serials.iter().map(|row| &row["serial"]).collect();
    assert_eq!(distinct.len(), serials.len());
    for row in &serials {
        let digits: Vec<u32> = row["serial"].chars().filter_map(|sign| sign.to_digit(10)).collect();
        let sum: u32 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(at, digit)| [*digit, digit * 2 / 10 + digit * 2 % 10][at % 2])
            .sum();
        assert_eq!(sum % 10, 0, "{}", row["serial"]);
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}
