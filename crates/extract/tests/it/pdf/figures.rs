//! How well pages are understood, against what other tools and a person found in the same files.
//!
//! Each test prints its table (`cargo test -- --nocapture`) and holds the figures to a floor.

use std::collections::HashSet;

use auskunft_extract::pdf::{self, Engine, Reading, layout};
use auskunft_model::{Block, Document, Language, Source, SourceKind};
use auskunft_text::normal::fold;

use super::reference::{self, FILES};
use super::{pdfium, read_bytes, samples};

/// What an engine's layout must reach.
struct Floors {
    /// Files that the engine cannot open.
    unread: &'static [&'static str],
    word_recall: f64,
    bigram_f1: f64,
    heading_recall: f64,
    heading_precision: f64,
    cells: f64,
}

const PDFIUM: Floors = Floors {
    unread: &[],
    word_recall: 0.99,
    bigram_f1: 0.945,
    heading_recall: 0.9,
    heading_precision: 0.55,
    cells: 0.99,
};

const DOCLING: Floors = Floors {
    unread: &["format-corpus--392154"],
    word_recall: 0.99,
    bigram_f1: 0.945,
    heading_recall: 0.75,
    heading_precision: 0.8,
    cells: 0.99,
};

fn engines() -> Vec<(Engine, Floors)> {
    let docling = std::iter::once((Engine::Docling, DOCLING));
    docling.chain(pdfium().map(|engine| (engine, PDFIUM))).collect()
}

fn reading(file: &str, engine: &Engine) -> Reading {
    let bytes = std::fs::read(samples().join(format!("{file}.pdf"))).unwrap();
    read_bytes(&bytes, engine).unwrap_or_else(|refused| panic!("{file}: {refused}"))
}

fn document(file: &str, reading: &Reading) -> Document {
    let source = Source { path: format!("manuals/{file}.pdf"), kind: SourceKind::Manual };
    pdf::document(&source, reading, &auskunft_extract::Defaults { language: Language::german() }).unwrap().0
}

/// The words as the engine gives them, before any layout.
fn bare_words(reading: &Reading) -> Vec<String> {
    let spans = reading.pages.iter().flat_map(|page| &page.spans);
    let mut text = String::new();
    for span in spans {
        match text.strip_suffix('\u{2}') {
            Some(rest) => text.truncate(rest.len()),
            None => text.push('\n'),
        }
        text.push_str(&span.text);
    }
    reference::words(&text)
}

#[test]
fn words_and_their_order_agree_with_another_tool() {
    for (engine, floors) in engines() {
        let mut sum = [0.0; 2];
        let mut count = 0;
        for file in FILES.iter().filter(|file| !floors.unread.contains(file)) {
            let reading = reading(file, &engine);
            let expected = reference::words_of_reference(file);
            let found = reference::words_of_document(&document(file, &reading));
            let bare = bare_words(&reading);
            let recall = reference::recall(&found, &expected);
            let (own, raw) =
                (reference::bigram_f1(&found, &expected), reference::bigram_f1(&bare, &expected));
            let shown = &file[..file.len().min(32)];
            eprintln!(
                "{:8} {shown:32} words {:6} of {:6}  recall {recall:.4}  bigrams {own:.4}  (bare: recall {:.4}, bigrams {raw:.4})",
                engine.name(),
                found.len(),
                expected.len(),
                reference::recall(&bare, &expected),
            );
            sum = [sum[0] + own, sum[1] + raw];
            count += 1;
            assert!(recall >= floors.word_recall, "{file} by {}: word recall {recall:.4}", engine.name());
        }
        let [own, bare] = sum.map(|sum| sum / f64::from(count));
        eprintln!("{:8} bigram F1 over {count} files: {own:.4} (bare: {bare:.4})", engine.name());
        assert!(own >= floors.bigram_f1, "{}: bigram F1 {own:.4}", engine.name());
    }
}

/// A title without its number, blanks and signs.
fn key(title: &str) -> String {
    let title = title.trim();
    let rest = match title.split_once(' ') {
        Some((number, rest)) if number.chars().all(|sign| sign.is_ascii_digit() || sign == '.') => rest,
        _ => title,
    };
    fold(rest).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

#[test]
fn headings_agree_with_the_outline_that_was_hidden() {
    for (engine, floors) in engines() {
        let (mut matched, mut entries, mut headings) = (0, 0, 0);
        for file in FILES.iter().filter(|file| !floors.unread.contains(file)) {
            let outline = reference::rows("outlines.tsv", file);
            if outline.is_empty() {
                continue;
            }
            let reading = reading(file, &engine);
            let found = layout::lay_out(&reading.pages.iter().collect::<Vec<_>>(), &[]).headings;
            // One heading answers one entry: same title, same page.
            let expected: HashSet<(String, u32)> =
                outline.iter().map(|row| (key(&row[2]), row[1].parse().unwrap())).collect();
            let keys: HashSet<(String, u32)> =
                found.iter().map(|heading| (key(&heading.text), heading.page)).collect();
            let hits = expected.intersection(&keys).count();
            eprintln!(
                "{:8} {file:40} {hits:3} of {:3} entries, {:3} headings",
                engine.name(),
                outline.len(),
                found.len()
            );
            matched += hits;
            entries += outline.len();
            headings += found.len();
        }
        let (recall, precision) =
            (f64::from(matched as u32) / entries as f64, f64::from(matched as u32) / headings as f64);
        eprintln!("{:8} headings: recall {recall:.3}, precision {precision:.3}", engine.name());
        assert!(recall >= floors.heading_recall, "{}: {recall:.3}", engine.name());
        assert!(precision >= floors.heading_precision, "{}: {precision:.3}", engine.name());
    }
}

/// Rows of cells, the header first.
fn truth() -> Vec<Vec<String>> {
    let text = reference::read("nics-table.csv");
    let cells = |line: &str| {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for sign in line.chars() {
            match sign {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                _ => cells.last_mut().unwrap().push(sign),
            }
        }
        cells
    };
    text.lines().map(cells).collect()
}

#[test]
fn the_cells_of_a_wide_table_stand_in_their_rows_and_columns() {
    let truth = truth();
    for (engine, floors) in engines() {
        let file = "pdfplumber--nics-background-checks-2015-11";
        let document = document(file, &reading(file, &engine));
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        let tables = blocks.filter_map(|block| match block {
            Block::Table { header, rows } => Some((header, rows)),
            _ => None,
        });
        let (header, rows) = tables.max_by_key(|(_, rows)| rows.len()).unwrap();
        let all: Vec<&Vec<String>> = std::iter::once(header).chain(rows).collect();
        let (mut right, mut cells, mut wrong) = (0, 0, Vec::new());
        for expected in &truth {
            let row = all.iter().find(|row| row.first() == expected.first());
            for (column, cell) in expected.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let found = row.and_then(|row| row.get(column));
                cells += 1;
                right += usize::from(found == Some(cell));
                if found != Some(cell) {
                    wrong.push(format!("{} / {}: {found:?} for {cell:?}", expected[0], truth[0][column]));
                }
            }
        }
        let share = right as f64 / cells as f64;
        eprintln!("{:8} cells in their row and column: {right} of {cells} = {share:.4}", engine.name());
        wrong.truncate(40);
        assert!(share >= floors.cells, "{}: {share:.4}: {wrong:#?}", engine.name());
    }
}
