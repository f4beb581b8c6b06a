//! Seeds of the fuzzer: small pieces of the samples in the form that the targets take.
//!
//! `AUSKUNFT_FUZZ_SEEDS=DIR` writes them to `DIR/<target>/` (see docs/fuzzing.md).

use std::path::{Path, PathBuf};

use auskunft_extract::pdf::{Engine, OutlineEntry, Page};
use auskunft_model::SourceKind;

use crate::drive::{self, PAGE_KINDS, RECORD_KINDS, pages};
use crate::pdf::read_bytes;
use crate::sample_files::{root, samples};
use crate::samples::bytes;

/// Longer seeds make a slow fuzzer.
const MAX_SEED: usize = 16 * 1024;

/// A seed of each shape that records have, by hand: the samples have FAQ as JSONL and rules as Markdown only.
const SHAPES: [(SourceKind, &str, &str); 9] = [
    (
        SourceKind::Faq,
        "json",
        r#"[{"id":"f1","question":"Wie lange?","answer":"30 Tage.","product":"KM-1"}]"#,
    ),
    (SourceKind::Faq, "csv", "id;question;answer\nf1;Wie lange?;\"30 Tage, \"\"frei\"\"\"\n"),
    (SourceKind::Faq, "md", "---\nlanguage: de\n---\n# Fragen\n\n## Wie lange?\n\n30 Tage.\n\n- a\n- b\n"),
    (SourceKind::Policy, "txt", "Rückgabe\n\n§ 1 Frist\n(1) Die Frist beträgt 30 Tage.\n"),
    (
        SourceKind::Policy,
        "md",
        "+++\ntitle = \"Rückgabe\"\nvalid_from = 2026-01-01\nreturn_days = 30\n+++\n# Rückgabe\n\n| Art | Tage |\n|---|---|\n| Schuhe | 30 |\n",
    ),
    (
        SourceKind::Dialog,
        "jsonl",
        "{\"id\":\"d1\",\"date\":\"2026-01-02\",\"language\":\"de\",\"resolved\":true,\"turns\":[{\"from\":\"customer\",\"text\":\"Hallo, ich bin Eva Maier, eva@example.org, 0151 23456789\"},{\"from\":\"agent\",\"text\":\"Bitte entkalken. IBAN DE89 3704 0044 0532 0130 00\"}]}\n",
    ),
    (
        SourceKind::Ticket,
        "json",
        r#"{"id":"t1","customer_id":"c1","status":"open","subject":"Gerät","body":"blinkt","created":"2026-01-02"}"#,
    ),
    (
        SourceKind::Ticket,
        "jsonl",
        "{\"id\":\"t1\",\"customer_id\":\"c1\",\"status\":\"closed\",\"subject\":\"a\",\"body\":\"b\",\"created\":\"2026-01-02T10:00:00Z\",\"resolution\":\"c\"}\n",
    ),
    (SourceKind::Dialog, "json", r#"[{"id":"d1","resolved":false,"turns":[]}]"#),
];

/// Texts with numbers in them, as shops print them.
const NUMBERS: [&str; 14] = [
    "1.299,00 €",
    "ca. 1½ l",
    "2,3 kg",
    "$1,299.00 incl. VAT",
    "EUR 49,- inkl. MwSt. zzgl. Versand",
    "BxHxT ca. 50,1 x 38,3 x 34,7 cm",
    "-40 ... +120 °C",
    "4006381333931 EAN 0887942877477",
    "KM 2400-M, km2400 und WH-1000XM4",
    "Am 1. März, z. B. ca. 3 Std. Danach? Ja! „Gut.“",
    "DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111",
    "Herr Müller, Hauptstraße 5, 12345 Berlin, mueller@example.org, +49 151 23456789",
    "Größe Gro\u{308}ße GROESSE straße \u{fb01}x \u{2460}",
    "Bestellnummer 10023-45, Kundennr.: 998877",
];

/// A few first pages of each PDF, at most as many as fit.
fn page_seeds() -> Vec<(Vec<Page>, Vec<OutlineEntry>)> {
    let pdfs = samples().into_iter().filter(|(_, kind)| *kind == SourceKind::Manual);
    let mut found = Vec::new();
    for (path, _) in pdfs {
        let Ok(reading) = read_bytes(&bytes(&path), &Engine::Docling) else { continue };
        let mut outline = reading.facts.outline;
        outline.truncate(12);
        found.extend(reading.pages.chunks(2).take(4).map(|pages| (pages.to_vec(), outline.clone())));
    }
    found
}

/// Target, name and bytes of every seed.
fn seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut found: Vec<(&'static str, String, Vec<u8>)> = Vec::new();
    for (index, (pages, outline)) in page_seeds().iter().enumerate() {
        found.push(("pdf_layout", format!("pages-{index}"), pages::encode(pages, outline)));
    }
    for (path, kind) in samples() {
        let content = bytes(&path);
        let name = path.replace('/', "-");
        match kind {
            SourceKind::Product => {
                for (index, piece) in content.chunks(MAX_SEED / 2).take(20).enumerate() {
                    found.push(("html", format!("{name}-{index}"), chosen(&PAGE_KINDS, kind, "html", piece)));
                }
            }
            SourceKind::Faq | SourceKind::Policy => {
                let ending = path.rsplit('.').next().unwrap_or("");
                for (index, piece) in content.chunks(4096).take(8).enumerate() {
                    found.push((
                        "records",
                        format!("{name}-{index}"),
                        chosen(&RECORD_KINDS, kind, ending, piece),
                    ));
                }
            }
            _ => {}
        }
    }
    for (index, (kind, ending, text)) in SHAPES.iter().enumerate() {
        found.push((
            "records",
            format!("shape-{index}"),
            chosen(&RECORD_KINDS, *kind, ending, text.as_bytes()),
        ));
    }
    for (index, text) in NUMBERS.iter().enumerate() {
        found.push(("numbers", format!("text-{index}"), text.as_bytes().to_vec()));
    }
    let redacted = std::fs::read_to_string(root().join("crates/text/tests/data/redact.txt")).unwrap();
    for (index, line) in redacted.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        found.push(("numbers", format!("redact-{index}"), line.as_bytes().to_vec()));
    }
    found.retain(|(_, _, bytes)| bytes.len() <= MAX_SEED);
    found
}

/// The byte that chooses this kind and ending, and the content.
fn chosen(kinds: &[(SourceKind, &str)], kind: SourceKind, ending: &str, content: &[u8]) -> Vec<u8> {
    let place = kinds.iter().position(|known| *known == (kind, ending)).expect("the target reads this kind");
    let first = u8::try_from(place).expect("fewer than 256 kinds");
    [&[first], content].concat()
}

fn write(folder: &Path, target: &str, name: &str, bytes: &[u8]) {
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

#[test]
fn seeds_are_read_as_what_they_were_made_of() {
    let folder = std::env::var_os("AUSKUNFT_FUZZ_SEEDS").map(PathBuf::from);
    let seeds = seeds();
    assert!(seeds.len() > 100, "{} seeds", seeds.len());
    for (target, name, bytes) in &seeds {
        match *target {
            "pdf_layout" => drive::pdf_layout(bytes),
            "html" => drive::html(bytes),
            "records" => drive::records(bytes),
            _ => drive::numbers(bytes),
        }
        if let Some(folder) = &folder {
            write(folder, target, name, bytes);
        }
    }
}

#[test]
fn pages_survive_their_way_through_a_seed() {
    let (pages, outline) = page_seeds().swap_remove(0);
    let (decoded, entries) = pages::decode(&pages::encode(&pages, &outline));
    let texts = |pages: &[Page]| -> Vec<String> {
        pages.iter().flat_map(|page| &page.spans).map(|span| span.text.clone()).collect()
    };
    assert_eq!(texts(&decoded), texts(&pages));
    assert_eq!(entries, outline);
    let raw = |pages: &[Page]| pages.iter().map(|page| page.raw_letters).collect::<Vec<_>>();
    assert_eq!(raw(&decoded), raw(&pages));
}
