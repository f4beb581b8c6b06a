//! Many small changes, one after the other, end where a clean run begins.

use crate::support::random::Random;
use crate::support::{Home, catalog};

const EDITS: usize = 30;

#[test]
fn thirty_random_edits_end_as_a_clean_run() {
    let home = Home::new();
    catalog::shop(&home);
    catalog::questions(&home, 3);
    let mut random = Random::seeded(20_261_121);
    let mut done = Vec::new();
    assert_eq!(home.ingest("data", &[]).code, 0);
    for step in 0..EDITS {
        done.push(edit(&home, &mut random, step));
        let ran = home.ingest("data", &["--allow-deletes"]);
        assert!(matches!(ran.code, 0 | 10), "{done:#?} {ran:?}");
        if step % 6 == 5 {
            assert_eq!(home.digest("data"), home.clean_digest(), "after {done:#?}");
        }
    }
    assert_eq!(home.digest("data"), home.clean_digest(), "after {done:#?}");
    home.assert_verified("data");
}

/// One edit; says what it did.
fn edit(home: &Home, random: &mut Random, step: usize) -> String {
    match random.below(8) {
        0 | 1 => change(home, random, step),
        2 => add(home, random, step),
        3 => remove(home, random),
        4 => rename(home, random, step),
        5 => edit_manuals(home, random, step),
        6 => edit_attributes(home, random, step),
        _ => edit_records(home, random, step),
    }
}

fn read(home: &Home, path: &str) -> String {
    std::fs::read_to_string(home.catalog().join(path)).unwrap()
}

fn texts(home: &Home, endings: &[&str]) -> Vec<String> {
    let is_one = |path: &String| endings.iter().any(|ending| path.ends_with(ending));
    catalog::files(home).into_iter().filter(is_one).collect()
}

fn change(home: &Home, random: &mut Random, step: usize) -> String {
    let files = texts(home, &[".html", ".md", ".txt"]);
    let path = random.pick(&files);
    let text = read(home, path);
    let sentence = format!("Nachtrag {step}: Bitte beachten Sie die neue Fassung.");
    let changed = if path.ends_with(".html") {
        text.replacen("</body>", &format!("<p>{sentence}</p></body>"), 1)
    } else {
        format!("{text}\n{sentence}\n")
    };
    home.write(path, changed);
    format!("change {path}")
}

fn add(home: &Home, random: &mut Random, step: usize) -> String {
    let (path, text) = match random.below(3) {
        0 => (
            format!("policies/neu-{step}.md"),
            format!("# Neue Regel {step}\n\nSie gilt ab sofort und für alle {step} Filialen.\n"),
        ),
        1 => (format!("faqs/neu-{step}.jsonl"), catalog::question(&format!("neu-{step}"))),
        // A second page of a product, which the first by path describes.
        _ => {
            let pages = texts(home, &[".html"]);
            (format!("products/a-{step}.html"), read(home, random.pick::<String>(&pages)))
        }
    };
    home.write(&path, text);
    format!("add {path}")
}

fn remove(home: &Home, random: &mut Random) -> String {
    let files = texts(home, &[".html", ".md", ".txt", ".jsonl"]);
    let path = random.pick(&files);
    home.remove(path);
    format!("remove {path}")
}

fn rename(home: &Home, random: &mut Random, step: usize) -> String {
    let files = texts(home, &[".html", ".md", ".txt", ".jsonl", ".pdf"]);
    let old = random.pick(&files);
    let (folder, name) = old.rsplit_once('/').unwrap();
    let new = format!("{folder}/{}{step}-{name}", random.pick(&["a", "z"]));
    std::fs::rename(home.catalog().join(old), home.catalog().join(&new)).unwrap();
    format!("rename {old} to {new}")
}

const TABLE: &str = "manuals/manuals.csv";

fn edit_manuals(home: &Home, random: &mut Random, step: usize) -> String {
    let manuals = texts(home, &[".pdf"]);
    let file = random.pick(&manuals).rsplit('/').next().unwrap().to_owned();
    let sku = random.pick(&["KM-2600", "AK-520", "AK-500", "KM-2400-S"]);
    let language = random.pick(&["de", "en", ""]);
    let mut rows: Vec<String> = read(home, TABLE).lines().map(str::to_owned).collect();
    match random.below(3) {
        0 if rows.len() > 2 => {
            let row = 1 + random.below(rows.len() - 1);
            rows.remove(row);
        }
        1 => rows.push(format!("{file},{sku},{language},{step}.0")),
        _ => {
            rows.retain(|row| !row.starts_with(&file));
            rows.push(format!("{file},{sku},{language},{step}.1"));
        }
    }
    home.write(TABLE, rows.join("\n") + "\n");
    format!("{TABLE}: {rows:?}")
}

const FACTS: &str = "products/attributes.csv";

fn edit_attributes(home: &Home, random: &mut Random, step: usize) -> String {
    let mut rows: Vec<String> = read(home, FACTS).lines().map(str::to_owned).collect();
    let row = 1 + random.below(rows.len() - 1);
    let sku = rows[row].split(',').next().unwrap().to_owned();
    let change = match random.below(4) {
        0 => format!("remove {}", rows.remove(row)),
        1 => format!("{sku},Gewicht,\"{step},5\",kg"),
        2 => format!("{sku},successor,{},", random.pick(&["KM-2600", "SR-Q45", ""])),
        _ => format!("{sku},family,Familie {step},"),
    };
    if !change.starts_with("remove") {
        rows.push(change.clone());
    }
    home.write(FACTS, rows.join("\n") + "\n");
    format!("{FACTS}: {change}")
}

fn edit_records(home: &Home, random: &mut Random, step: usize) -> String {
    let files = texts(home, &[".jsonl"]);
    let path = random.pick(&files);
    let mut lines: Vec<String> = read(home, path).lines().map(str::to_owned).collect();
    let line = random.below(lines.len());
    match random.below(3) {
        0 => drop(lines.remove(line)),
        1 => lines[line] = lines[line].replacen('.', &format!(". Ergänzung {step}."), 1),
        _ => lines[line] = lines[line].chars().take(30).collect(),
    }
    home.write(path, lines.join("\n") + "\n");
    format!("{path}, line {}", line + 1)
}
