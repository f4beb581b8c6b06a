//! Real PDFs, read by both engines in this process.

mod figures;
mod generated;
pub(crate) mod reference;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use auskunft_extract::Defaults;
use auskunft_extract::pdf::{self, Engine, Input, PageMessage, PdfFacts, Reading, Role};
use auskunft_model::{
    Block, Document, Failure, IdentifierKind, Kind, Language, PageState, Reason, Source, SourceKind,
};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures/samples/pdf")
}

fn manuals() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures/small/manuals")
}

/// The library where it is installed; tests of it say that it is missing, or fail where assets are required.
pub(crate) fn pdfium() -> Option<Engine> {
    let cache = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/auskunft"));
    let cache = std::env::var_os("AUSKUNFT_CACHE_DIR").map(PathBuf::from).or_else(cache);
    let named = std::env::var_os("AUSKUNFT_PDFIUM").map(PathBuf::from);
    let library = named.or_else(|| Some(cache?.join("pdfium/libpdfium.so"))).filter(|path| path.is_file());
    if library.is_none() {
        let required = std::env::var_os("AUSKUNFT_REQUIRE_ASSETS").is_some_and(|value| value == "1");
        assert!(!required, "libpdfium is required and missing; run scripts/fetch-assets.py");
        eprintln!("skipped: libpdfium is missing; run scripts/fetch-assets.py");
    }
    library.map(Engine::Pdfium)
}

pub(crate) fn read_bytes(bytes: &[u8], engine: &Engine) -> Result<Reading, Failure> {
    let (mut pages, mut facts, mut count) = (Vec::new(), PdfFacts::default(), 0);
    pdf::read(Input::Bytes(bytes), engine, &mut |message| {
        match message {
            PageMessage::Start { page_count } => count = page_count,
            PageMessage::Page(page) => pages.push(page),
            PageMessage::BadPage { .. } => {}
            PageMessage::Facts(found) => facts = found,
        }
        ControlFlow::Continue(())
    })?;
    facts.page_count = count;
    Ok(Reading { facts, pages, cut: None })
}

fn document(path: &Path, engine: &Engine) -> Result<(Document, Option<Failure>), Failure> {
    let name = path.file_name().unwrap().to_string_lossy();
    let source = Source { path: format!("manuals/{name}"), kind: SourceKind::Manual };
    let reading = read_bytes(&std::fs::read(path).unwrap(), engine)?;
    pdf::document(&source, &reading, &Defaults { language: Language::german() })
}

fn sample(name: &str, engine: &Engine) -> Result<(Document, Option<Failure>), Failure> {
    document(&samples().join(name), engine)
}

fn text(document: &Document) -> String {
    document.sections.iter().map(auskunft_model::Section::text).collect::<Vec<_>>().join("\n")
}

/// Files that hold no text for anybody, with the reason; the same for both engines.
const REFUSED: [(&str, Reason); 5] = [
    ("test-pdf-files--encrypted.pdf", Reason::Encrypted),
    ("pdf-lib--encrypted_new.pdf", Reason::Encrypted),
    ("test-pdf-files--corrupted.pdf", Reason::Damaged),
    ("haystack--non_text_searchable.pdf", Reason::NoText),
    ("gesetze--bgbl1_2019_j1518-1_0130.pdf", Reason::NoText),
];

/// Files with text: pages, language and some words of it.
const READ: [(&str, usize, &str, &str); 12] = [
    ("virtualchoir--Kurzanleitung.pdf", 6, "de", "Die Übedateien müssen die gleiche Länge haben"),
    ("cocktailshaker-app--Anleitung.pdf", 1, "de", "Favourisierte Cocktails erhalten einen Stern."),
    ("cocktailshaker-app--Beschreibung.pdf", 1, "de", "Cocktail"),
    ("picocosmo--Anleitung.pdf", 22, "de", "picoCosmo"),
    ("picocosmo--README_de.pdf", 7, "de", "Validierung der Trigger-Schwelle des Oszilloskops"),
    ("gesetze--bgbl1_2020_j0859_0010.pdf", 12, "de", "Verbraucherinsolvenzverfahren"),
    ("gesetze--bgbl1_2008_j2026_0010.pdf", 2, "de", "Musterprotokoll"),
    ("covid-qa--Handbook_-_Labelling_Tool.pdf", 13, "en", "DeepAnnotation"),
    ("qpdf--deterministic-id-in.pdf", 43, "en", "qpdf"),
    ("format-corpus--195981.pdf", 101, "en", "Outpatient"),
    ("lopdf--encrypted.pdf", 1, "en", "e-Notification"),
    ("pdf.js--issue16063.pdf", 1, "ja", ""),
];

fn check_refused(engine: &Engine) {
    for (name, reason) in REFUSED {
        let refused = sample(name, engine).expect_err(name);
        assert_eq!(refused.reason, reason, "{name} by {}: {refused}", engine.name());
        assert!(!refused.detail.is_empty());
    }
}

fn check_read(engine: &Engine) {
    for (name, pages, language, words) in READ {
        let (document, missing) = sample(name, engine).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(missing, None, "{name}");
        assert_eq!(document.pages.len(), pages, "{name}");
        assert_eq!(document.language.as_str(), language, "{name}");
        assert!(text(&document).contains(words), "{name}: {words:?} is missing");
        assert!(document.sections.iter().all(|section| section.page.is_some()), "{name}");
        assert_eq!(document.kind, Kind::Manual);
    }
}

#[test]
fn the_built_in_engine_reads_what_can_be_read_and_names_the_rest() {
    check_refused(&Engine::Docling);
    check_read(&Engine::Docling);
}

#[test]
fn pdfium_reads_what_can_be_read_and_names_the_rest() {
    let Some(engine) = pdfium() else { return };
    check_refused(&engine);
    check_read(&engine);
    let garbled = sample("pdf.js--issue2537r.pdf", &engine).unwrap_err();
    assert_eq!(garbled.reason, Reason::GarbledText);
    let (repaired, _) = sample("format-corpus--392154.pdf", &engine).unwrap();
    assert_eq!(repaired.pages.len(), 90);
    assert!(sample("qpdf--append-xref-loop.pdf", &engine).is_ok());
}

/// A manual with everything that a manual has, by whatever engine.
fn check_manual(engine: &Engine) {
    let (document, missing) = document(&manuals().join("brunnwald-km-2400-m.pdf"), engine).unwrap();
    assert_eq!(missing, None);
    assert_eq!(document.title, "Brunnwald KM-2400 M – Bedienungsanleitung");
    assert!(
        document
            .identifiers
            .iter()
            .any(|found| found.kind == IdentifierKind::Model && found.text.contains("2400"))
    );
    let descaling = document.sections.iter().find(|section| section.heading_path == ["5 Entkalken"]).unwrap();
    assert_eq!(descaling.page, Some(7));
    assert!(
        descaling
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Item { text } if text.starts_with("2. 125 ml")))
    );
    let faults =
        document.sections.iter().find(|section| section.kind == Some(Kind::Troubleshooting)).unwrap();
    assert_eq!(faults.page, Some(8));
    let table = faults.blocks.iter().find_map(|block| match block {
        Block::Table { header, rows } => Some((header, rows)),
        _ => None,
    });
    let (header, rows) = table.unwrap();
    assert_eq!(header, &["Anzeige", "Ursache", "Abhilfe"]);
    let e04 =
        ["E04", "Brühgruppe sitzt nicht richtig", "Herausnehmen, Riegel prüfen, bis zum Klicken einschieben"];
    assert!(rows.iter().any(|row| row == &e04), "{rows:?}");
    let data =
        document.sections.iter().find(|section| section.heading_path == ["7 Technische Daten"]).unwrap();
    assert!(data.text().contains("Betriebsgeräusch beim Mahlen: 59 dB(A)"));
}

#[test]
fn a_manual_keeps_headings_steps_tables_and_pages() {
    check_manual(&Engine::Docling);
    if let Some(engine) = pdfium() {
        check_manual(&engine);
    }
}

#[test]
fn a_file_cut_off_anywhere_is_read_or_refused_but_never_a_panic() {
    let whole = std::fs::read(samples().join("picocosmo--README_de.pdf")).unwrap();
    let engines: Vec<Engine> = std::iter::once(Engine::Docling).chain(pdfium()).collect();
    for part in 0..20 {
        let cut = &whole[..whole.len() * part / 20];
        for engine in &engines {
            match read_bytes(cut, engine) {
                Ok(reading) => assert!(reading.pages.len() <= 7),
                Err(refused) => {
                    assert!(matches!(refused.reason, Reason::Damaged | Reason::NoText), "{refused}");
                }
            }
        }
    }
}

#[test]
fn an_empty_file_and_one_that_is_no_pdf_are_told_apart() {
    assert_eq!(read_bytes(b"", &Engine::Docling).unwrap_err().reason, Reason::NoText);
    assert_eq!(read_bytes(b"<html></html>", &Engine::Docling).unwrap_err().reason, Reason::Damaged);
}

#[test]
fn the_reader_stops_when_nobody_listens() {
    let bytes = std::fs::read(samples().join("picocosmo--README_de.pdf")).unwrap();
    let mut pages = 0;
    pdf::read(Input::Bytes(&bytes), &Engine::Docling, &mut |message| {
        pages += u32::from(matches!(message, PageMessage::Page(_)));
        if pages == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!(pages, 2);
}

#[test]
fn a_scanned_page_is_named() {
    let path = manuals().join("gescannt.pdf");
    let reading = read_bytes(&std::fs::read(path).unwrap(), &Engine::Docling).unwrap();
    assert_eq!(pdf::quality::of(&reading.pages[0]).state(), PageState::NeedsOcr);
}

#[test]
fn every_piece_of_a_page_has_its_place_and_role() {
    let bytes = std::fs::read(manuals().join("brunnwald-km-2400-m.pdf")).unwrap();
    let engines: Vec<Engine> = std::iter::once(Engine::Docling).chain(pdfium()).collect();
    for engine in &engines {
        let reading = read_bytes(&bytes, engine).unwrap();
        let placed = pdf::placed(&reading);
        for piece in &placed {
            let page = reading.pages.iter().find(|page| page.number == piece.page).unwrap();
            let is_inside = piece.left >= -1.0 && piece.right <= page.width + 1.0;
            assert!(is_inside && piece.top >= -1.0 && piece.bottom <= page.height + 1.0, "{piece:?}");
            assert!(piece.left < piece.right && piece.top < piece.bottom, "{piece:?}");
        }
        let of = |role: Role, text: &str| {
            placed
                .iter()
                .find(|piece| piece.role == role && piece.text.contains(text))
                .map(|piece| piece.page)
        };
        assert_eq!(of(Role::Heading, "5 Entkalken"), Some(7), "{}", engine.name());
        assert_eq!(of(Role::Item, "2. 125 ml"), Some(7), "{}", engine.name());
        assert_eq!(of(Role::Table, "Brühgruppe sitzt nicht richtig"), Some(8), "{}", engine.name());
        assert!(placed.iter().any(|piece| piece.role == Role::Furniture), "{}", engine.name());
    }
}
