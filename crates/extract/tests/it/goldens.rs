//! What every sample file becomes, written down for people and compared on every run.
//!
//! `AUSKUNFT_UPDATE_GOLDENS=1` writes the files anew (into `tests/goldens/` and the table of `docs/extraction.md`); whoever
//! does that reads each changed line against the original before committing it.

use std::fmt::Write as _;
use std::path::Path;

use auskunft_extract::pdf::Engine;
use auskunft_model::{Failure, Reason, SourceKind};

use crate::goldens_overview as overview;
use crate::goldens_render::{Read, file_name, read, render};
use crate::pdf::pdfium;
use crate::sample_files::{root, samples};

/// What a class of the PDFs' manifest asks for.
const CLASSES: [(&str, &[Option<Reason>]); 13] = [
    ("manual_de", &[None]),
    ("manual_en", &[None]),
    ("manual_en_long", &[None]),
    ("form_de", &[None]),
    ("tables", &[None]),
    ("cjk", &[None]),
    ("encrypted_empty_password", &[None]),
    ("encrypted_password", &[Some(Reason::Encrypted)]),
    ("scanned_no_text", &[Some(Reason::NoText)]),
    ("scanned_no_text_de", &[Some(Reason::NoText)]),
    ("garbage_text", &[Some(Reason::GarbledText)]),
    ("repairable_long", &[None]),
    ("broken_unrecoverable", &[Some(Reason::Damaged)]),
];

/// A broken cross-reference table is repaired, or the file is damaged; never anything else.
const BROKEN: &[Option<Reason>] = &[None, Some(Reason::Damaged)];

/// The samples as read in this process; PDFs by this engine, or left out without one.
fn read_all(engine: &Engine, with_pages: bool) -> Vec<Read> {
    let chosen = |(path, _): &(String, SourceKind)| with_pages || path.starts_with("pdf/");
    samples().into_iter().filter(chosen).map(|(path, kind)| read(&path, kind, engine)).collect()
}

fn is_update() -> bool {
    std::env::var_os("AUSKUNFT_UPDATE_GOLDENS").is_some_and(|value| value == "1")
}

/// Compares with what is committed, or writes it; the differences in words.
fn compare(path: &Path, found: &str) -> Option<String> {
    if is_update() {
        std::fs::write(path, found).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return None;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    (expected != found).then(|| format!("{}\n{}", path.display(), difference(&expected, found)))
}

/// The lines around the first ten differences, `-` as committed and `+` as read now.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = expected.iter().zip(&found).take_while(|(one, other)| one == other).count();
    let rest = expected.len().min(found.len()) - same;
    let tail =
        expected.iter().rev().zip(found.iter().rev()).take(rest).take_while(|(one, other)| one == other);
    let tail = tail.count();
    let mut text = format!("  from line {}:\n", same + 1);
    for (mark, lines) in [('-', &expected), ('+', &found)] {
        for line in lines[same..lines.len() - tail].iter().take(10) {
            let _ = writeln!(text, "  {mark} {line}");
        }
    }
    text
}

fn check(reads: &[Read]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let compared = reads.iter().filter_map(|read| compare(&folder.join(file_name(read)), &render(read)));
    let differences: Vec<String> = compared.collect();
    let hint = "read the difference against the original, then AUSKUNFT_UPDATE_GOLDENS=1 writes it";
    assert!(differences.is_empty(), "{hint}\n{}", differences.join("\n"));
}

#[test]
fn samples_read_as_they_were_read_before() {
    let Some(engine) = pdfium() else { return };
    let reads = read_all(&engine, true);
    check(&reads);
    let page = root().join("docs/extraction.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let difference = compare(&page, &overview::replace_table(&text, &reads));
    assert_eq!(difference, None, "the table of docs/extraction.md is out of date");
}

#[test]
fn the_built_in_engine_reads_sample_pdfs_as_before() {
    check(&read_all(&Engine::Docling, false));
}

fn outcome(read: &Read) -> Option<Reason> {
    match &read.result {
        Ok(_) => None,
        Err(failure) => Some(failure.reason),
    }
}

/// Class of each PDF by the manifest.
fn classes() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("catalog-fixtures/samples/pdf/manifest.jsonl")).unwrap();
    let field = |line: &serde_json::Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.map(|line| (field(&line, "file"), field(&line, "cls"))).collect()
}

#[test]
fn every_pdf_ends_as_its_class_asks() {
    let Some(engine) = pdfium() else { return };
    let classes = classes();
    assert_eq!(classes.len(), 22);
    for (file, class) in classes {
        let read = read(&format!("pdf/{file}"), SourceKind::Manual, &engine);
        let known = CLASSES.iter().find(|(name, _)| *name == class).map(|(_, allowed)| *allowed);
        let allowed = known.unwrap_or(BROKEN);
        assert!(known.is_some() || class == "broken_xref", "no expectation for class {class}");
        assert!(allowed.contains(&outcome(&read)), "{file} ({class}): {:?}", outcome(&read));
        let is_textless = matches!(outcome(&read), Some(Reason::NoText | Reason::GarbledText));
        assert_eq!(is_textless, read.pages_without_text > 0, "{file}: {} pages", read.pages_without_text);
    }
}

/// A failure in words, as reports print it.
pub(crate) fn failure(failure: &Failure) -> String {
    format!("{} ({})", failure.reason.as_str(), failure.detail)
}
