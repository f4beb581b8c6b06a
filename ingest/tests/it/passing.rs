//! What may pass by itself takes nothing along: files cut off by a limit, refused by one, or overwritten while they are read.

use std::path::{Path, PathBuf};

use auskunft_model::{Outcome, Reason, Source, SourceKind};
use ingest::catalog::Catalog;
use ingest::catalog::walk::{self, Found};
use ingest::pdf::{PdfPool, PdfSettings};
use ingest::run::inputs::Inputs;
use ingest::run::read::Reader;

use crate::support::pdf::{heavy_last_page, write_manual};
use crate::support::{Home, Ran, pdfium, run};

/// Too little for the last page of [`heavy_last_page`].
const TIGHT: (&str, &str) = ("AUSKUNFT_PDF_MEMORY_BYTES", "167772160");
/// Too little for any page.
const NONE: (&str, &str) = ("AUSKUNFT_PDF_MEMORY_BYTES", "25165824");
const MANUAL: &str = "manuals/km.pdf";

fn ingest_with(home: &Home, setting: (&str, &str)) -> Ran {
    let mut command = home.command("data");
    run(command.env(setting.0, setting.1).arg(home.catalog()).arg("--json"))
}

fn heavy() -> Home {
    let home = Home::new();
    home.write(MANUAL, heavy_last_page());
    home
}

fn change_bytes(home: &Home) {
    let path = home.catalog().join(MANUAL);
    let bytes = [std::fs::read(&path).unwrap(), b"\n% changed\n".to_vec()].concat();
    std::fs::write(path, bytes).unwrap();
}

/// An ordinary run takes what is missing, and the next one finds nothing to do.
fn assert_made_good(home: &Home) {
    let report = home.report("data", &[]);
    assert_eq!(report["failures"].as_array().unwrap().len(), 0, "{report}");
    assert_eq!(home.report("data", &[])["sources"]["unchanged"], 1);
    assert_eq!(home.digest("data"), home.clean_digest());
    home.assert_verified("data");
}

#[test]
fn a_manual_that_was_cut_off_is_completed() {
    let home = heavy();
    let cut = ingest_with(&home, TIGHT);
    assert_eq!(cut.code, 0, "{cut:?}");
    cut.assert_failure(MANUAL, "limit_exceeded", &["3 of 4 pages", TIGHT.0]);
    let again = ingest_with(&home, TIGHT).json();
    assert_eq!((&again["sources"]["changed"], &again["chunks"]["written"]), (&1.into(), &0.into()));
    assert_made_good(&home);
}

#[test]
fn a_cut_does_not_replace_a_whole_reading_of_the_same_bytes() {
    let home = heavy();
    home.report("data", &[]);
    let whole = home.status("data");
    // Another language of the catalog is reason enough to read the file again.
    home.write("shop.toml", "default_language = \"en\"\n");
    let cut = ingest_with(&home, TIGHT);
    cut.assert_failure(MANUAL, "limit_exceeded", &["3 of 4 pages"]);
    assert_eq!(cut.json()["chunks"]["deleted"], 0);
    assert_eq!(home.status("data")["chunks"], whole["chunks"]);
    assert_made_good(&home);
}

#[test]
fn other_bytes_are_taken_as_far_as_they_go() {
    let home = heavy();
    home.report("data", &[]);
    let whole = home.status("data")["chunks"].as_u64().unwrap();
    change_bytes(&home);
    ingest_with(&home, TIGHT).assert_failure(MANUAL, "limit_exceeded", &["3 of 4 pages"]);
    assert!(home.status("data")["chunks"].as_u64().unwrap() < whole);
    assert_made_good(&home);
}

/// Neither planned nor run, a reading that fails this way changes anything.
fn assert_stays(home: &Home) {
    let before = home.status("data");
    let mut plan = home.command("data");
    let planned = run(plan.env(NONE.0, NONE.1).arg(home.catalog()).args(["--json", "--plan"]));
    assert_eq!(planned.json()["chunks"]["deleted"], 0, "{planned:?}");
    let failed = ingest_with(home, NONE);
    assert_eq!(failed.code, 10, "{failed:?}");
    let now = home.status("data");
    for name in ["documents", "chunks", "digest"] {
        assert_eq!(now[name], before[name], "{name}");
    }
}

#[test]
fn documents_stay_while_their_file_cannot_be_read_for_a_reason_that_may_pass() {
    let home = heavy();
    home.report("data", &[]);
    change_bytes(&home);
    assert_stays(&home);
    assert_made_good(&home);
}

#[test]
fn documents_stay_where_they_were_until_their_moved_file_can_be_read() {
    let home = heavy();
    home.report("data", &[]);
    home.write("manuals/neu/km.pdf", heavy_last_page());
    home.remove(MANUAL);
    assert_stays(&home);
    assert_made_good(&home);
}

#[test]
fn a_raised_limit_lets_a_large_file_in() {
    for limit in [("AUSKUNFT_PDF_MAX_PAGES", "11"), ("AUSKUNFT_PDF_MAX_BYTES", "4000")] {
        let home = Home::new();
        home.write("manuals/long.pdf", "");
        write_manual(&home.catalog().join("manuals/long.pdf"), 12, 0);
        let refused = ingest_with(&home, limit);
        assert_eq!(refused.code, 10, "{refused:?}");
        refused.assert_failure("manuals/long.pdf", "too_large", &[limit.0]);
        let again = ingest_with(&home, limit);
        assert_eq!((again.code, &again.json()["sources"]["unchanged"]), (0, &1.into()), "{again:?}");
        assert_made_good(&home);
        // A limit lowered later takes nothing away.
        assert_eq!(ingest_with(&home, limit).json()["sources"]["unchanged"], 1);
    }
}

#[test]
fn another_engine_reads_every_pdf_once_and_embeds_only_what_is_new() {
    let Some(library) = pdfium() else { return };
    let library = ("AUSKUNFT_PDFIUM", library.to_str().unwrap());
    let home = Home::new();
    crate::support::catalog::shop(&home);
    home.report("data", &[]);
    let with = ingest_with(&home, library).json();
    assert_eq!(with["sources"]["changed"], 2, "{with}");
    let chunks = with["chunks"]["total"].as_u64().unwrap();
    assert!(with["embeddings"]["computed"].as_u64().unwrap() <= with["chunks"]["written"].as_u64().unwrap());
    assert!(with["chunks"]["written"].as_u64().unwrap() < chunks);
    let unchanged = ingest_with(&home, library).json();
    assert_eq!(unchanged["sources"]["changed"], 0, "{unchanged}");
}

/// A worker that overwrites the file, and then finds it damaged.
fn overwriting(file: &Path) -> PdfSettings {
    let answer = r#"{"end":{"reason":"damaged","detail":"half of it"}}"#;
    let script = format!("read job\nprintf more >> '{}'\nprintf '%s\\n' '{answer}'", file.display());
    PdfSettings {
        program: Some((PathBuf::from("/bin/sh"), vec!["-c".to_owned(), script])),
        ..PdfSettings::default()
    }
}

#[test]
fn a_file_that_is_overwritten_while_it_is_read_is_not_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let absolute = folder.path().join("a.pdf");
    std::fs::write(&absolute, b"%PDF-1.7").unwrap();
    let (bytes, digest) = walk::hash(&absolute).unwrap();
    let source = Source { path: "manuals/a.pdf".to_owned(), kind: SourceKind::Manual };
    let found = Found { source, absolute: absolute.clone(), bytes, digest };
    let engine = auskunft_embed::Engine::Hashed;
    let embedder = auskunft_embed::open(&auskunft_embed::EmbedderSettings {
        engine,
        ..auskunft_embed::EmbedderSettings::hashed()
    })
    .unwrap();
    let (catalog, pdfs) = (Catalog::none(), PdfPool::new(overwriting(&absolute)));
    let inputs = Inputs { catalog: &catalog, pdfs: &pdfs };
    let read = Reader { inputs, embedder: embedder.as_ref() }.read(&found);
    assert_eq!(read.row.outcome, Outcome::Failed);
    let failure = read.row.failure.unwrap();
    assert_eq!(failure.reason, Reason::Unreadable, "{failure}");
}
