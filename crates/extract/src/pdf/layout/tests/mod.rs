use auskunft_model::Block;

use super::*;
use crate::pdf::page::Span;

mod pages;
mod tables;

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

#[test]
fn deeper_headings_that_the_outline_leaves_out_stand_below_its_own() {
    let mut spans = Vec::new();
    for number in 0..9_usize {
        let top = 60.0 + 80.0 * number as f32;
        spans.push(span(&format!("Kapitel {}", number + 1), 50.0, top, 16.0, true));
        spans.extend(body(&["Ein Satz steht hier darunter, der lang genug ist."], 50.0, top + 24.0));
    }
    spans.push(span("Entkalken", 50.0, 110.0, 12.0, true));
    let entry = |number: u32| OutlineEntry { title: format!("Kapitel {number}"), level: 1, page: Some(1) };
    let layout = lay_out(&[&page(1, spans)], &(1..=9).map(entry).collect::<Vec<_>>());
    let deeper = layout.headings.iter().find(|heading| heading.text == "Entkalken").unwrap();
    assert_eq!(deeper.level, 2);
    assert_eq!(layout.headings.len(), 10);
}

#[test]
fn a_title_of_several_lines_is_found_by_the_outline() {
    let chapters = ["Sicherheit", "Aufbau", "Betrieb", "Pflege", "Störung", "Daten", "Teile"];
    let mut spans =
        body(&["2 Kaffeemaschine nach", "längerer Pause wieder", "in Betrieb nehmen"], 50.0, 60.0);
    for (index, chapter) in chapters.iter().enumerate() {
        let top = 150.0 + 60.0 * index as f32;
        spans.extend(body(&[chapter, "Ein Satz steht hier darunter."], 50.0, top));
    }
    let titles =
        std::iter::once("Kaffeemaschine nach längerer Pause wieder in Betrieb nehmen").chain(chapters);
    let outline: Vec<OutlineEntry> =
        titles.map(|title| OutlineEntry { title: title.to_owned(), level: 1, page: Some(1) }).collect();
    let layout = lay_out(&[&page(1, spans)], &outline);
    assert_eq!(layout.headings[0].text, "2 Kaffeemaschine nach längerer Pause wieder in Betrieb nehmen");
}

#[test]
fn bold_words_within_a_sentence_are_no_heading() {
    let spans = vec![
        span("Der Benutzer darf an keine andere Person weitergeben, was", 50.0, 100.0, 10.0, false),
        span("sein eigenes Passwort", 50.0, 112.0, 10.0, true),
        span("Danach melden Sie sich wie gewohnt wieder an dem Gerät an.", 50.0, 140.0, 10.0, false),
        span("○ Beispiel", 50.0, 180.0, 10.0, true),
    ];
    let layout = lay_out(&[&page(1, spans)], &[]);
    assert_eq!(layout.headings, []);
}
