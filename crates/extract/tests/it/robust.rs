//! Broken input: an outcome, never a panic.

use auskunft_extract::{Defaults, EXTRACTOR_VERSION, chunks, classify, extract};
use auskunft_model::{Language, Reason, Source, SourceKind};
use proptest::prelude::*;

use crate::samples::{bytes, documents, thirds};

const KINDS: [SourceKind; 6] = [
    SourceKind::Product,
    SourceKind::Manual,
    SourceKind::Faq,
    SourceKind::Policy,
    SourceKind::Dialog,
    SourceKind::Ticket,
];

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

#[test]
fn files_cut_off_anywhere_are_read_as_far_as_they_go() {
    let files = [
        ("product-pages/www.mindfactory.de-4.html", SourceKind::Product),
        ("product-pages/www.jacamo.co.uk-3.html", SourceKind::Product),
        ("product-pages/www.michelson.pl-4.html", SourceKind::Product),
        ("faq-de/faq.jsonl", SourceKind::Faq),
        ("policy-de/bgb-verbraucherrecht.md", SourceKind::Policy),
    ];
    for (path, kind) in files {
        let whole = bytes(path);
        for offset in offsets(whole.len(), 40) {
            for document in documents(path, kind, &whole[..offset]) {
                assert!(
                    chunks(&document, 250, &thirds).iter().all(|chunk| chunk.tokens <= 250),
                    "{path} at {offset}"
                );
            }
        }
    }
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
    assert!(!EXTRACTOR_VERSION.is_empty());
}

/// Texts of the pieces that the readers look at.
fn scrap() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "<(div|p|h1|h2|table|tr|td|th|dl|dt|dd|ul|ol|li|details|summary|main|br|span)( class=\"(price|nav|x)\")?>",
        "</(div|p|h1|table|tr|dl|ul|ol|details|main)>",
        "<[a-z]{1,4} item(scope|prop)=\"?(name|price|offers|sku)?\"?( itemtype=\"http://schema.org/Product\")?>",
        "<script type=\"application/ld\\+json\">",
        "(---|\\+\\+\\+|# |## |- |1\\. |\\||\\*\\*|§ 1 |```)",
        "[a-zäöü0-9 ?:€.,{}\\[\\]\"']{0,30}",
        "\\{\"(id|question|answer|turns|resolved|created)\":(\"x\"|1|true|\\[\\]|null)\\}",
        "\n",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in scrap(), ending in "(html|md|txt|json|jsonl|csv)") {
        let path = format!("a.{ending}");
        let _ = classify(&path, text.as_bytes());
        for kind in KINDS {
            for document in documents(&path, kind, text.as_bytes()) {
                let _ = chunks(&document, 60, &thirds);
            }
        }
    }
}
