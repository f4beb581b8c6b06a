//! Runs everything and prints one table, or JSON.

use std::path::PathBuf;
use std::time::Duration;

use auskunft_extract::Defaults;
use auskunft_model::{Language, Source, SourceKind};
use serde::Serialize;

use crate::engines::{self, ENGINES, cpu_time};
use crate::measure::{self, Ended};
use crate::{corpus, synthetic};

/// CPU time spent on measuring HTML.
const HTML_TIME: Duration = Duration::from_secs(3);
/// Pages of the synthetic manual.
const MANUAL_PAGES: usize = 1_000;

/// One engine over the sample PDFs.
#[derive(Debug, Default, Serialize)]
struct Row {
    engine: &'static str,
    files: usize,
    read: usize,
    refused: usize,
    died: Vec<String>,
    /// Over the files that both this engine and bare pdfium read.
    pages_per_second: Option<f64>,
    /// The same, as a share of what bare pdfium does on these files.
    share_of_pdfium: Option<f64>,
    /// Mean over the files with a reference text; a file without an answer counts 0.
    word_f1: Option<f64>,
    references: usize,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
struct Report {
    load_average: String,
    pdf: Vec<Row>,
    html_megabytes_per_second: f64,
    html_files: usize,
    manual_pages: usize,
    manual_peak_megabytes: Vec<(&'static str, u64)>,
    manual_pages_per_second: Vec<(&'static str, f64)>,
}

pub(crate) fn run(json: bool) -> Result<(), Box<dyn std::error::Error>> {
    if engines::library().is_none() {
        eprintln!("bench: libpdfium is missing, so its rows are empty; run scripts/fetch-assets.py");
    }
    let (html_megabytes_per_second, html_files) = html()?;
    let mut report = Report {
        load_average: String::new(),
        pdf: pdf()?,
        html_megabytes_per_second,
        html_files,
        manual_pages: MANUAL_PAGES,
        manual_peak_megabytes: Vec::new(),
        manual_pages_per_second: Vec::new(),
    };
    manual(&mut report)?;
    report.load_average = std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned();
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

fn pdf() -> std::io::Result<Vec<Row>> {
    let files = corpus::files("pdf", "pdf")?;
    let by_file = progress("PDF samples", &files)?;
    let all: Vec<Vec<Ended>> = (0..ENGINES.len())
        .map(|engine| by_file.iter().map(|engines| engines[engine].clone()).collect())
        .collect();
    let references: Vec<Option<String>> = files.iter().map(|file| corpus::reference(file)).collect();
    let names: Vec<String> = files
        .iter()
        .map(|file| file.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    let rows =
        ENGINES.iter().zip(&all).map(|((_, engine), ended)| row(engine, ended, &all[0], &references, &names));
    Ok(rows.collect())
}

/// How each file ended with each engine, told file by file.
fn progress(what: &str, files: &[PathBuf]) -> std::io::Result<Vec<Vec<Ended>>> {
    let read = |(index, file): (usize, &PathBuf)| {
        eprintln!("bench: {what} {} of {}", index + 1, files.len());
        measure::read_in_turns(file)
    };
    files.iter().enumerate().map(read).collect()
}

fn row(
    engine: &'static str,
    ended: &[Ended],
    bare: &[Ended],
    references: &[Option<String>],
    names: &[String],
) -> Row {
    let mut row = Row { engine, files: ended.len(), ..Row::default() };
    let (mut pages, mut seconds, mut bare_seconds, mut agreement) = (0, 0.0, 0.0, 0.0);
    for (index, one) in ended.iter().enumerate() {
        row.references += usize::from(references[index].is_some());
        match one {
            Ended::Refused => row.refused += 1,
            Ended::Died(how) => row.died.push(format!("{} ({how})", names[index])),
            Ended::Text(answer) => {
                row.read += 1;
                if let Some(reference) = &references[index] {
                    agreement += corpus::word_f1(&answer.text, reference);
                }
                if let Ended::Text(same) = &bare[index] {
                    pages += same.pages;
                    seconds += answer.seconds;
                    bare_seconds += same.seconds;
                }
            }
        }
    }
    if seconds > 0.0 {
        row.pages_per_second = Some(f64::from(pages) / seconds);
        row.share_of_pdfium = Some(bare_seconds / seconds);
    }
    row.word_f1 = (row.references > 0).then(|| agreement / row.references as f64);
    row
}

/// Megabytes of product pages a second and core, bytes to document.
fn html() -> Result<(f64, usize), Box<dyn std::error::Error>> {
    let files = corpus::files("product-pages", "html")?;
    let pages: Vec<Vec<u8>> = files.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let source = Source { path: "products/a.html".to_owned(), kind: SourceKind::Product };
    let defaults = Defaults { language: Language::german() };
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let (mut best, mut spent) = (Duration::MAX, Duration::ZERO);
    while spent < HTML_TIME {
        let before = cpu_time();
        for page in &pages {
            auskunft_extract::extract(&source, page, &defaults)?;
        }
        let took = cpu_time().saturating_sub(before);
        (best, spent) = (best.min(took), spent + took.max(Duration::from_millis(1)));
    }
    Ok((bytes as f64 / 1e6 / best.as_secs_f64(), files.len()))
}

fn manual(report: &mut Report) -> std::io::Result<()> {
    let path = std::env::temp_dir().join(format!("auskunft-bench-{}.pdf", std::process::id()));
    synthetic::write(&path, MANUAL_PAGES)?;
    let ended = progress("long manual", std::slice::from_ref(&path))?;
    for ((_, name), ended) in ENGINES.into_iter().zip(ended.into_iter().flatten()) {
        if let Ended::Text(answer) = ended {
            report.manual_peak_megabytes.push((name, answer.peak_bytes.div_ceil(1 << 20)));
            report.manual_pages_per_second.push((name, f64::from(answer.pages) / answer.seconds));
        }
    }
    std::fs::remove_file(&path)
}

fn print(report: &Report) {
    println!(
        "{:<46} {:>5} {:>7} {:>5} {:>8} {:>10} {:>8}",
        "PDF samples", "read", "refused", "died", "pages/s", "of pdfium", "word F1"
    );
    for row in &report.pdf {
        let number = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
        };
        println!(
            "{:<46} {:>5} {:>7} {:>5} {:>8} {:>9} % {:>8}",
            row.engine,
            row.read,
            row.refused,
            row.died.len(),
            number(row.pages_per_second, 0),
            number(row.share_of_pdfium.map(|share| 100.0 * share), 0),
            number(row.word_f1, 3)
        );
    }
    for row in report.pdf.iter().filter(|row| !row.died.is_empty()) {
        println!("  {} died of: {}", row.engine, row.died.join(", "));
    }
    println!(
        "\n{:<46} {:>8} {:>10}",
        format!("Manual of {} pages", report.manual_pages),
        "pages/s",
        "peak MB"
    );
    for ((name, peak), (_, speed)) in report.manual_peak_megabytes.iter().zip(&report.manual_pages_per_second)
    {
        println!("{name:<46} {speed:>8.0} {peak:>10}");
    }
    println!(
        "\nHTML: {:.1} MB/s over {} product pages (bytes to document)",
        report.html_megabytes_per_second, report.html_files
    );
    let references = report.pdf.first().map_or(0, |row| row.references);
    println!(
        "One core, CPU time, best of several calls; word F1 against {references} reference texts; load average {}",
        report.load_average
    );
}
