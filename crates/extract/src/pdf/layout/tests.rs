use auskunft_model::Block;

use super::*;
use crate::pdf::page::Span;

/// Width of a letter in these tests, in font sizes.
const LETTER: f32 = 0.5;

fn span(text: &str, left: f32, top: f32, size: f32, bold: bool) -> Span {
    let right = left + text.chars().count() as f32 * LETTER * size;
    Span { text: text.to_owned(), left, top, right, bottom: top + size, size, bold, turned: false }
}

fn page(number: u32, spans: Vec<Span>) -> Page {
    let raw_letters = words::letters(spans.iter().map(|span| span.text.as_str()));
    Page { number, width: 600.0, height: 800.0, spans, raw_letters, image_cover: 0.0 }
}

/// Body lines of 10 points, 12 points apart, from `top`.
fn body(lines: &[&str], left: f32, top: f32) -> Vec<Span> {
    lines
        .iter()
        .enumerate()
        .map(|(index, text)| span(text, left, top + 12.0 * index as f32, 10.0, false))
        .collect()
}

fn texts(layout: &Layout) -> Vec<String> {
    layout.sections.iter().flat_map(|section| section.blocks.iter().map(Block::text)).collect()
}

#[test]
fn lines_become_paragraphs_with_divided_words_joined() {
    let lines = ["Füllen Sie den Wassertank, bis die Mar\u{2}", "kierung MAX erreicht ist."];
    let layout = lay_out(&[&page(1, body(&lines, 50.0, 100.0))], &[]);
    assert_eq!(texts(&layout), ["Füllen Sie den Wassertank, bis die Markierung MAX erreicht ist."]);
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let left: Vec<String> =
        (0..8).map(|line| format!("links Zeile {line} mit etwas mehr Text darin")).collect();
    let right: Vec<String> =
        (0..8).map(|line| format!("rechts Zeile {line} mit noch mehr Text darin")).collect();
    let mut spans = Vec::new();
    for line in 0..8 {
        spans.extend(body(&[left[line].as_str()], 50.0, 100.0 + 12.0 * line as f32));
        spans.extend(body(&[right[line].as_str()], 320.0, 100.0 + 12.0 * line as f32));
    }
    let text = texts(&lay_out(&[&page(1, spans)], &[])).join(" ");
    let last_left = text.find("links Zeile 7").unwrap();
    let first_right = text.find("rechts Zeile 0").unwrap();
    assert!(last_left < first_right, "{text}");
}

#[test]
fn rows_of_aligned_cells_are_a_table_with_its_header() {
    let mut spans = Vec::new();
    let rows = [
        ("Anzeige", "Ursache", "Abhilfe"),
        ("blinkt gelb", "Tank leer", "Wasser einfüllen"),
        ("blinkt rot", "verkalkt", "entkalken"),
    ];
    for (index, (one, two, three)) in rows.iter().enumerate() {
        let top = 100.0 + 14.0 * index as f32;
        spans.extend([
            span(one, 50.0, top, 10.0, false),
            span(two, 200.0, top, 10.0, false),
            span(three, 350.0, top, 10.0, false),
        ]);
    }
    let layout = lay_out(&[&page(1, spans)], &[]);
    let Some(Block::Table { header, rows }) = layout.sections[0].blocks.first() else { panic!("{layout:?}") };
    assert_eq!(header, &["Anzeige", "Ursache", "Abhilfe"]);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1], ["blinkt rot", "verkalkt", "entkalken"]);
}

#[test]
fn cells_of_several_lines_stay_one_row() {
    let mut spans = Vec::new();
    let lines = [
        (100.0, ["Anzeige", "Ursache", "Abhilfe"]),
        (120.0, ["E04", "Brühgruppe sitzt nicht", "Herausnehmen, Riegel prüfen,"]),
        (131.0, ["", "richtig", "bis zum Klicken einschieben"]),
        (150.0, ["Kaffee läuft nur", "Mahlgrad zu fein", "gröber mahlen"]),
        (161.0, ["tropfenweise", "", "und reinigen"]),
    ];
    for (top, cells) in lines {
        for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            spans.push(span(cell, 50.0 + 150.0 * place as f32, top, 10.0, false));
        }
    }
    let layout = lay_out(&[&page(1, spans)], &[]);
    let Some(Block::Table { rows, .. }) = layout.sections[0].blocks.first() else { panic!("{layout:?}") };
    assert_eq!(
        rows[0],
        ["E04", "Brühgruppe sitzt nicht richtig", "Herausnehmen, Riegel prüfen, bis zum Klicken einschieben"]
    );
    assert_eq!(rows[1][0], "Kaffee läuft nur tropfenweise");
    assert_eq!(rows.len(), 2);
}

#[test]
fn rows_in_groups_stay_rows() {
    let mut spans = Vec::new();
    for (top, key, value) in [
        (100.0, "Gewicht", "2 kg"),
        (111.0, "Breite", "24 cm"),
        (130.0, "Leistung", "5 W"),
        (141.0, "Spannung", "9 V"),
    ] {
        spans.extend([span(key, 50.0, top, 10.0, false), span(value, 200.0, top, 10.0, false)]);
    }
    let layout = lay_out(&[&page(1, spans)], &[]);
    let Some(Block::Table { rows, .. }) = layout.sections[0].blocks.first() else { panic!("{layout:?}") };
    assert_eq!(rows.len(), 4);
}

#[test]
fn keys_and_values_are_a_table_without_header() {
    let mut spans = Vec::new();
    for (index, (key, value)) in
        [("Gewicht", "2,3 kg"), ("Leistung", "1450 W"), ("Farbe", "schwarz")].iter().enumerate()
    {
        let top = 100.0 + 14.0 * index as f32;
        spans.extend([span(key, 50.0, top, 10.0, false), span(value, 200.0, top, 10.0, false)]);
    }
    assert_eq!(
        texts(&lay_out(&[&page(1, spans)], &[])),
        ["Gewicht: 2,3 kg\nLeistung: 1450 W\nFarbe: schwarz"]
    );
}

#[test]
fn running_heads_and_page_numbers_are_dropped() {
    let pages: Vec<Page> = (1..=5)
        .map(|number| {
            let mut spans = vec![span("KM 2400 – Bedienungsanleitung", 50.0, 20.0, 8.0, false)];
            spans.extend(body(
                &[format!("Text der Seite, Nummer {number}, steht hier.").as_str()],
                50.0,
                200.0,
            ));
            spans.push(span(&number.to_string(), 300.0, 780.0, 8.0, false));
            page(number, spans)
        })
        .collect();
    let layout = lay_out(&pages.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(texts(&layout)[2], "Text der Seite, Nummer 3, steht hier.");
    assert_eq!(layout.sections.len(), 5);
    assert_eq!(layout.sections[2].page, Some(3));
}

#[test]
fn a_heading_goes_on_over_the_page() {
    let mut first = vec![span("Entkalken", 50.0, 100.0, 16.0, true)];
    first.extend(body(&["Lösen Sie das Mittel im Wasser auf."], 50.0, 130.0));
    let second = body(&["Spülen Sie danach zweimal mit klarem Wasser."], 50.0, 100.0);
    let layout = lay_out(&[&page(1, first), &page(2, second)], &[]);
    let paths: Vec<_> =
        layout.sections.iter().map(|section| (section.page, section.heading_path.clone())).collect();
    assert_eq!(paths, [(Some(1), vec!["Entkalken".to_owned()]), (Some(2), vec!["Entkalken".to_owned()])]);
}

#[test]
fn the_outline_decides_about_headings_when_it_is_long_enough() {
    let titles: Vec<String> =
        (1..=9).map(|number| format!("Kapitel {}", "abcdefghi".chars().nth(number - 1).unwrap())).collect();
    let mut spans = Vec::new();
    for (index, title) in titles.iter().enumerate() {
        spans.extend(body(
            &[&format!("{}.1 {title}", index + 1), "Ein Satz steht hier darunter."],
            50.0,
            90.0 + 60.0 * index as f32,
        ));
    }
    let outline: Vec<OutlineEntry> =
        titles.iter().map(|title| OutlineEntry { title: title.clone(), level: 2, page: Some(1) }).collect();
    let layout = lay_out(&[&page(1, spans)], &outline);
    assert_eq!(layout.headings.len(), 9);
    assert!(layout.headings.iter().all(|heading| heading.level == 2));
}

#[test]
fn a_page_that_loses_text_is_given_as_plain_text() {
    let mut broken = page(1, body(&["Ein Satz."], 50.0, 100.0));
    broken.raw_letters = 500;
    let layout = lay_out(&[&broken], &[]);
    assert_eq!(layout.plain_pages, [1]);
    assert_eq!(texts(&layout), ["Ein Satz."]);
}

#[test]
fn many_fragments_in_odd_places_are_sorted_without_a_panic() {
    let mut spans = Vec::new();
    for index in 0..2_000_u32 {
        let (left, top) = ((index * 7_919 % 5_000) as f32 / 10.0, (index * 104_729 % 7_000) as f32 / 10.0);
        spans.push(span("Wort", left, top, 3.0 + (index % 11) as f32, index % 3 == 0));
    }
    spans.push(span("unendlich", f32::INFINITY, f32::NAN, 10.0, false));
    let layout = lay_out(&[&page(1, spans)], &[]);
    assert!(!layout.sections.is_empty());
}
