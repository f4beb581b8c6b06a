//! The language of short pieces of real texts.

use auskunft_model::{Document, Language, Section, SourceKind};
use auskunft_text::language::{detect, detect_part};
use auskunft_text::sentence::sentences;

use crate::samples::{bytes, documents};

const GERMAN: [&str; 3] =
    ["faq-de/faq.jsonl", "policy-de/bgb-verbraucherrecht.md", "../small/faqs/kaffee.jsonl"];
const ENGLISH: [&str; 4] = [
    "../small/faqs/help-en.jsonl",
    "../small/policies/returns-us-2026.md",
    "../small/policies/shipping-us.txt",
    "../small/policies/warranty-us.html",
];

/// Sentences of 30 to 120 characters of all sections.
fn pieces(paths: &[&str]) -> Vec<String> {
    let kind = |path: &str| if path.contains("polic") { SourceKind::Policy } else { SourceKind::Faq };
    let read: Vec<Document> =
        paths.iter().flat_map(|path| documents(path, kind(path), &bytes(path))).collect();
    let texts: Vec<String> = read.iter().flat_map(|document| &document.sections).map(Section::text).collect();
    let cut = texts.iter().flat_map(|text| sentences(text).into_iter().map(|range| text[range].to_owned()));
    cut.filter(|text| (30..=120).contains(&text.chars().count())).collect()
}

/// Share of the pieces that are told to be in this language, and in another one.
fn shares(pieces: &[String], code: &str, tell: &dyn Fn(&str) -> Option<Language>) -> (f64, f64) {
    let told: Vec<Language> = pieces.iter().filter_map(|piece| tell(piece)).collect();
    let right = told.iter().filter(|language| language.as_str() == code).count();
    (right as f64 / pieces.len() as f64, (told.len() - right) as f64 / pieces.len() as f64)
}

#[test]
fn sentences_of_real_texts_are_told_apart() {
    for (code, paths, least) in [("de", GERMAN.as_slice(), 300), ("en", ENGLISH.as_slice(), 20)] {
        let pieces = pieces(paths);
        assert!(pieces.len() >= least, "{code}: {} sentences", pieces.len());
        let (right, wrong) = shares(&pieces, code, &detect);
        let (part, misled) = shares(&pieces, code, &detect_part);
        let astray: Vec<&String> =
            pieces.iter().filter(|piece| detect(piece).is_some_and(|found| found.as_str() != code)).collect();
        let measured = format!(
            "{code}: {} sentences, alone {right:.3} right, {wrong:.3} wrong; as a part {part:.3} right, {misled:.3} wrong: {astray:#?}",
            pieces.len()
        );
        assert!(right >= 0.92 && wrong <= 0.003 && part >= 0.75 && misled <= 0.003, "{measured}");
    }
}
