//! Broken input: an outcome, never a panic.

use std::path::Path;

use auskunft_extract::pdf::{self, Engine};
use auskunft_extract::{Defaults, extract};
use auskunft_model::{Language, Reason, Source, SourceKind};

use crate::drive;
use crate::pdf::{pdfium, read_bytes};
use crate::sample_files::samples;
use crate::samples::bytes;

/// A fuzz target.
type Target = fn(&[u8]);

/// Offsets at which each sample is cut off; `AUSKUNFT_TRUNCATIONS=200` for the long run.
const TRUNCATIONS: usize = 3;

fn truncations() -> usize {
    let stated = std::env::var("AUSKUNFT_TRUNCATIONS").ok();
    stated.map_or(TRUNCATIONS, |text| text.parse().expect("AUSKUNFT_TRUNCATIONS is a number"))
}

/// Offsets of a fixed pseudo-random sequence (constants of Knuth's MMIX).
fn offsets(length: usize, count: usize) -> impl Iterator<Item = usize> {
    let next = |state: &u64| {
        Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(length as u64), next)
        .skip(1)
        .take(count)
        .map(move |state| (state >> 33) as usize % length)
}

/// Reads what is left of a sample in every way that it can be read, and checks what comes of it.
fn read(path: &str, kind: SourceKind, content: &[u8], engines: &[Engine]) {
    if kind != SourceKind::Manual {
        let extension = path.rsplit('.').next().unwrap_or("");
        drive::file(kind, extension, content);
        return;
    }
    let source = Source { path: path.to_owned(), kind };
    for engine in engines {
        let Ok(reading) = read_bytes(content, engine) else { continue };
        if let Ok((document, _)) = pdf::document(&source, &reading, &drive::defaults()) {
            drive::check(&document);
        }
    }
}

#[test]
fn samples_cut_off_anywhere_are_read_as_far_as_they_go() {
    let engines: Vec<Engine> = std::iter::once(Engine::Docling).chain(pdfium()).collect();
    let (mut panics, mut cuts) = (Vec::new(), 0);
    for (path, kind) in samples() {
        let whole = bytes(&path);
        for offset in offsets(whole.len(), truncations()) {
            cuts += 1;
            let cut = std::panic::catch_unwind(|| read(&path, kind, &whole[..offset], &engines));
            if cut.is_err() {
                panics.push(format!("{path} at {offset}"));
            }
        }
    }
    assert!(panics.is_empty(), "{} of {cuts} cuts panic: {panics:?}", panics.len());
}

#[test]
fn findings_of_the_fuzzer_stay_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings");
    let mut found = 0;
    let targets: [(&str, Target); 4] = [
        ("pdf_layout", drive::pdf_layout),
        ("html", drive::html),
        ("records", drive::records),
        ("numbers", drive::numbers),
    ];
    for (target, run) in targets {
        let Ok(files) = std::fs::read_dir(folder.join(target)) else { continue };
        for file in files {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            run(&std::fs::read(&path).unwrap());
            found += 1;
        }
    }
    assert!(found >= 2, "{found} findings in {}: the folder is not where it is looked for", folder.display());
}

#[test]
fn what_is_no_text_has_a_reason() {
    let reason = |path: &str, kind, content: &[u8]| {
        let source = Source { path: path.to_owned(), kind };
        extract(&source, content, &Defaults { language: Language::german() }).unwrap_err().reason
    };
    assert_eq!(reason("a.html", SourceKind::Product, b""), Reason::NoText);
    assert_eq!(reason("a.html", SourceKind::Product, b"\x89PNG\r\n\x1a\n\0\0\0"), Reason::Damaged);
    assert_eq!(reason("a.html", SourceKind::Product, b"<html><body> </body></html>"), Reason::NoText);
    assert_eq!(reason("a.html", SourceKind::Faq, b"%PDF-1.7"), Reason::Unsupported);
    assert_eq!(reason("a.docx", SourceKind::Faq, b"text"), Reason::Unsupported);
    assert_eq!(reason("a.json", SourceKind::Ticket, b"[]"), Reason::NoText);
    let long = vec![b'a'; auskunft_extract::MAX_PAGE_BYTES + 1];
    assert_eq!(reason("a.md", SourceKind::Policy, &long), Reason::TooLarge);
}
