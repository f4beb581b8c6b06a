//! What a PDF may cost: hostile files cost themselves, large ones stream, and both are told apart from what is too large.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use auskunft_model::Reason;
use ingest::pdf::{PdfPool, PdfReading, PdfSettings};
use serde_json::Value;

use crate::pdf::settings;
use crate::support::pdf::{Pdf, lines, manual_page, one_page, with_last_page, write_manual};
use crate::support::{Home, Ran, pdfium, run};

const MB: u64 = 1 << 20;

fn inspect(home: &Home, library: Option<&Path>, file: &Path, settings: &[(&str, &str)]) -> Ran {
    let mut command = home.command("data");
    if let Some(library) = library {
        command.env("AUSKUNFT_PDFIUM", library);
    }
    command.envs(settings.iter().copied());
    run(command.args(["inspect", "--json"]).arg(file))
}

/// Pages by outcome `ok`, memory of the reading process and of its worker.
fn assert_read_in(ran: &Ran, pages: usize, own: u64, worker: u64) {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report: Value = ran.json();
    let ok = report["pages"].as_array().unwrap().iter().filter(|page| page["outcome"] == "ok").count();
    assert_eq!(ok, pages);
    let (own_peak, worker_peak) = (&report["peak_bytes"], &report["pdf"]["worker_peak_bytes"]);
    assert!(own_peak.as_u64().is_some_and(|bytes| bytes > 0 && bytes < own), "parent: {own_peak}");
    assert!(worker_peak.as_u64().is_some_and(|bytes| bytes > 0 && bytes < worker), "worker: {worker_peak}");
    let chunks = report["chunks"].as_array().unwrap().iter();
    let with_text: std::collections::HashSet<u64> =
        chunks.filter_map(|chunk| chunk["page"].as_u64()).collect();
    assert_eq!(with_text.len(), pages, "pages with a chunk");
}

#[test]
fn a_thousand_pages_stream_in_bounded_memory() {
    let home = Home::new();
    let file = home.path("long.pdf");
    write_manual(&file, 1_000, 0);
    for library in [None, pdfium()] {
        let ran = inspect(&home, library.as_deref(), &file, &[]);
        assert_read_in(&ran, 1_000, 600 * MB, 400 * MB);
    }
}

#[test]
fn two_hundred_megabytes_stream_in_bounded_memory() {
    let home = Home::new();
    let file = home.path("heavy.pdf");
    write_manual(&file, 100, 2_100_000);
    assert!(std::fs::metadata(&file).unwrap().len() > 200 * MB);
    // The built-in engine would have to hold all of it, and says what helps.
    let refused = inspect(&home, None, &file, &[]);
    assert_eq!((refused.code, &refused.json()["reason"]), (10, &Value::from("too_large")));
    assert!(refused.json()["detail"].as_str().unwrap().contains("AUSKUNFT_PDFIUM"), "{refused:?}");
    let Some(library) = pdfium() else { return };
    let ran = inspect(&home, Some(&library), &file, &[]);
    assert_read_in(&ran, 100, 200 * MB, 150 * MB);
    assert_eq!(ran.json()["pdf"]["version"], "1.7");
}

#[test]
fn what_is_above_a_limit_is_too_large_and_the_setting_is_named() {
    let home = Home::new();
    let file = home.path("long.pdf");
    write_manual(&file, 12, 0);
    let limits = [("AUSKUNFT_PDF_MAX_PAGES", "11"), ("AUSKUNFT_PDF_MAX_BYTES", "4000")];
    for library in [None, pdfium()] {
        for limit in limits {
            let ran = inspect(&home, library.as_deref(), &file, &[limit]);
            assert_eq!((ran.code, &ran.json()["reason"]), (10, &Value::from("too_large")), "{ran:?}");
            assert!(ran.json()["detail"].as_str().unwrap().contains(limit.0), "{ran:?}");
        }
        assert_eq!(inspect(&home, library.as_deref(), &file, &[("AUSKUNFT_PDF_MAX_PAGES", "12")]).code, 0);
    }
    let shown = run(home.command("data").arg("config").envs(limits));
    for name in ["PDF_MAX_PAGES", "PDF_MAX_BYTES", "PDF_MEMORY_BYTES", "PDF_CPU_SECONDS"] {
        assert!(shown.stdout.contains(&format!("AUSKUNFT_{name}")), "{shown:?}");
    }
    assert!(shown.stdout.contains("= 11  (environment)"), "{shown:?}");
}

/// Forms that each draw the next one ten times over: ten to the power of `depth` lines of text.
fn laughs(pdf: &mut Pdf, depth: usize) -> usize {
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let form = |pdf: &mut Pdf, resources: &str, content: &str| {
        let entries =
            format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >>");
        pdf.stream(&entries, content.as_bytes())
    };
    let mut inner = form(pdf, &format!("/Font << /F1 {font} 0 R >>"), &lines(&["ha ha ha ha"]));
    for _ in 0..depth {
        inner = form(pdf, &format!("/XObject << /X {inner} 0 R >>"), &"/X Do\n".repeat(10));
    }
    inner
}

fn laughing_page() -> Vec<u8> {
    let mut pdf = Pdf::default();
    let form = laughs(&mut pdf, 9);
    let content = pdf.stream("", b"/X Do");
    with_last_page(pdf, content, &format!("/XObject << /X {form} 0 R >>"))
}

/// A content stream of three gigabytes of text operators, twice deflated.
fn deflated_page() -> Vec<u8> {
    let deflate = |bytes: &[u8], times: usize| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        (0..times).for_each(|_| encoder.write_all(bytes).unwrap());
        encoder.finish().unwrap()
    };
    // Three megabytes are enough to make once; the second stage repeats what the first gave.
    let block = "BT /F1 9 Tf 1 0 0 1 60 700 Tm (bomb) Tj ET\n".repeat(70_000);
    let bytes = deflate(&deflate(block.as_bytes(), 200), 1);
    let mut pdf = Pdf::default();
    let content = pdf.stream("/Filter [/FlateDecode /FlateDecode]", &bytes);
    with_last_page(pdf, content, "")
}

fn looping_tree() -> Vec<u8> {
    let mut pdf = Pdf::default();
    pdf.add("<< /Type /Pages /Count 2000000000 /Kids [1 0 R 2 0 R 1 0 R] >>");
    pdf.add("<< /Type /Pages /Parent 1 0 R /Count 2000000000 /Kids [1 0 R 2 0 R] >>");
    let root = pdf.add("<< /Type /Catalog /Pages 1 0 R /Outlines << /First 3 0 R >> >>");
    pdf.bytes(root)
}

/// Each way to bring a reader down, with little time and memory to do it.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    vec![("laughs.pdf", laughing_page()), ("deflated.pdf", deflated_page()), ("tree.pdf", looping_tree())]
}

fn tight(pdfium: Option<std::path::PathBuf>) -> PdfSettings {
    PdfSettings { pdfium, memory_bytes: 512 << 20, cpu: Duration::from_secs(2), ..settings() }
}

/// The good pages were read, and nothing was made of the rest but what the file has, or why it is missing.
fn assert_bounded(name: &str, read: &PdfReading) {
    let (pages, cut) = (&read.reading.pages, read.reading.cut.as_ref().map(|cut| cut.reason));
    let numbers: Vec<u32> = pages.iter().map(|page| page.number).collect();
    let told = format!("{name} by {}: pages {numbers:?}, cut {cut:?}", read.engine);
    match name {
        "good.pdf" => assert_eq!((numbers.as_slice(), cut), (&[1][..], None), "{told}"),
        "tree.pdf" => assert!(numbers.is_empty(), "{told}"),
        _ => {
            assert!(numbers.starts_with(&[1, 2, 3]), "{told}");
            assert_eq!(read.reading.facts.page_count, 4, "{told}");
            let is_ended = cut.is_some_and(|cut| [Reason::LimitExceeded, Reason::Crashed].contains(&cut));
            assert!(is_ended || cut.is_none() && numbers.len() <= 4, "{told}");
        }
    }
}

#[test]
fn bombs_and_loops_cost_their_own_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<(&str, Vec<u8>)> = hostile();
    let good = one_page(&mut Pdf::default(), &manual_page(1), "", "");
    files.push(("good.pdf", good));
    for library in [None, pdfium()] {
        let pool = PdfPool::new(tight(library));
        for (name, bytes) in &files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        std::thread::scope(|scope| {
            for (name, _) in &files {
                let (pool, path) = (&pool, folder.path().join(name));
                scope.spawn(move || match pool.read(&path) {
                    Ok(read) => assert_bounded(name, &read),
                    Err(failure) => {
                        let known =
                            [Reason::LimitExceeded, Reason::Crashed, Reason::Damaged, Reason::TooLarge];
                        assert!(name != &"good.pdf" && known.contains(&failure.reason), "{name}: {failure}");
                    }
                });
            }
        });
    }
}

#[test]
fn a_reader_that_is_ended_leaves_the_pages_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, laughing_page()).unwrap();
    for library in [None, pdfium()] {
        let Ok(read) = PdfPool::new(tight(library)).read(&path) else { panic!("the first pages are lost") };
        let numbers: Vec<u32> = read.reading.pages.iter().map(|page| page.number).collect();
        assert!(numbers.starts_with(&[1, 2, 3]), "{}: {numbers:?}", read.engine);
        // The library aborts without a word when memory is refused; which limit comes first depends on the machine.
        let ended = [Reason::LimitExceeded, Reason::Crashed];
        let is_cut = read.reading.cut.as_ref().is_some_and(|cut| ended.contains(&cut.reason));
        assert!(is_cut || numbers.len() == 4, "{}: {:?}", read.engine, read.reading.cut);
    }
}
