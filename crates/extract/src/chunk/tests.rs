use auskunft_model::{Block, Kind, Language};
use proptest::prelude::*;

use super::*;

/// Counts as the hashed embedder does: a third of the characters.
fn thirds(text: &str) -> usize {
    text.chars().count().div_ceil(3)
}

fn document(sections: Vec<Section>) -> Document {
    let mut document = Document::new("a.md", None, Kind::Policy, "Rückgabe", Language::german());
    document.sections = sections;
    document
}

fn section(path: &[&str], blocks: Vec<Block>) -> Section {
    let heading_path = path.iter().map(|heading| (*heading).to_owned()).collect();
    Section { heading_path, page: None, blocks, kind: None, language: None }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph { text: text.to_owned() }
}

fn visible(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn a_section_that_fits_is_one_chunk_with_its_place_before_it() {
    let document = document(vec![section(
        &["Frist", "Beginn"],
        vec![paragraph("Sie beginnt."), paragraph("Mit der Ware.")],
    )]);
    let chunks = chunks(&document, 250, &thirds);
    assert_eq!(chunks.len(), 1);
    assert_eq!(chunks[0].text, "Sie beginnt.\nMit der Ware.");
    assert_eq!(chunks[0].embedded_text, "Rückgabe > Frist › Beginn\nSie beginnt.\nMit der Ware.");
    assert_eq!(chunks[0].tokens as usize, thirds(&chunks[0].embedded_text));
}

#[test]
fn a_questions_chunk_holds_question_and_answer() {
    let mut faq = Document::new("f.jsonl", Some("1"), Kind::Faq, "Wie lange?", Language::german());
    faq.sections = vec![section(&[], vec![paragraph("14 Tage.")])];
    assert_eq!(chunks(&faq, 250, &thirds)[0].embedded_text, "Wie lange?\n14 Tage.");
}

#[test]
fn tables_are_cut_between_rows_under_a_repeated_header() {
    let header = vec!["Anzeige".to_owned(), "Ursache".to_owned(), "Abhilfe".to_owned()];
    let row =
        |n: usize| vec![format!("blinkt {n} mal"), "Tank leer".to_owned(), "Wasser einfüllen".to_owned()];
    let rows: Vec<Vec<String>> = (0..40).map(row).collect();
    let document = document(vec![section(&["Störungen"], vec![Block::Table { header, rows: rows.clone() }])]);
    let chunks = chunks(&document, 60, &thirds);
    assert!(chunks.len() > 5);
    assert!(chunks.iter().all(|chunk| chunk.text.starts_with("Anzeige | Ursache | Abhilfe\n")));
    let lines: Vec<&str> = chunks.iter().flat_map(|chunk| chunk.text.lines().skip(1)).collect();
    let expected: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(lines, expected);
}

#[test]
fn a_row_over_budget_is_cut_as_text_and_the_header_is_not_lost() {
    let header = vec!["Frage".to_owned(), "Antwort".to_owned()];
    let rows = vec![vec!["Wie?".to_owned(), "sehr ausführlich ".repeat(60)]];
    let document = document(vec![section(&[], vec![Block::Table { header, rows }])]);
    let chunks = chunks(&document, 60, &thirds);
    assert_eq!(chunks[0].text, "Frage: Antwort");
    assert!(chunks.iter().all(|chunk| chunk.tokens <= 60));
}

#[test]
fn small_neighbours_join_only_under_the_same_headings_and_page() {
    let on_page =
        |page: u32, path: &[&str]| Section { page: Some(page), ..section(path, vec![paragraph("kurz")]) };
    let document =
        document(vec![on_page(1, &["A"]), on_page(1, &["A"]), on_page(2, &["A"]), on_page(2, &["B"])]);
    let found: Vec<_> =
        chunks(&document, 250, &thirds).into_iter().map(|chunk| (chunk.page, chunk.text)).collect();
    let expected =
        [(Some(1), "kurz\nkurz".to_owned()), (Some(2), "kurz".to_owned()), (Some(2), "kurz".to_owned())];
    assert_eq!(found, expected);
}

#[test]
fn equal_texts_in_the_same_place_have_different_ids_and_ids_do_not_change() {
    let long = "Gleicher Text steht hier zweimal. ".repeat(8);
    let twice = vec![section(&["A"], vec![paragraph(&long)]), section(&["A"], vec![paragraph(&long)])];
    let document = document(twice);
    let (first, second) = (chunks(&document, 120, &thirds), chunks(&document, 120, &thirds));
    assert_eq!(first, second);
    let ids: std::collections::BTreeSet<_> = first.iter().map(|chunk| chunk.id.clone()).collect();
    assert_eq!(ids.len(), first.len());
}

#[test]
fn a_long_title_leaves_room_for_the_text() {
    let mut document = document(vec![section(&["Ein Kapitel"], vec![paragraph(&"Wort ".repeat(100))])]);
    document.title = "Sehr langer Titel ".repeat(40);
    let chunks = chunks(&document, 60, &thirds);
    assert!(
        chunks.iter().all(|chunk| chunk.tokens <= 60 && chunk.embedded_text.starts_with("Ein Kapitel\n"))
    );
}

/// Counts as a tokenizer might: long words and digits cost more, and the whole has two special tokens.
fn rough(text: &str) -> usize {
    2 + text
        .split_whitespace()
        .map(|word| word.chars().map(|c| 1 + usize::from(c.is_ascii_digit())).sum::<usize>().div_ceil(4))
        .sum::<usize>()
}

fn any_section() -> impl Strategy<Value = Section> {
    let text = "([a-zäöüß]{1,12}[ .,!]{1,2}|[0-9]{1,20} ){0,60}";
    let block = prop_oneof![
        3 => text.prop_map(|text| Block::Paragraph { text }),
        1 => text.prop_map(|text| Block::Item { text: format!("• {text}") }),
    ];
    let path = proptest::collection::vec("[A-Z][a-z]{1,30}", 0..3);
    (path, proptest::collection::vec(block, 0..6)).prop_map(|(heading_path, blocks)| Section {
        heading_path,
        page: None,
        blocks,
        kind: None,
        language: None,
    })
}

proptest! {
    #[test]
    fn chunks_hold_every_character_once_in_order_within_budget(
        sections in proptest::collection::vec(any_section(), 0..4),
        budget in 24_usize..120,
    ) {
        let document = document(sections);
        let chunks = chunks(&document, budget, &rough);
        let all: String = document.sections.iter().map(Section::text).collect();
        let cut: String = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
        prop_assert_eq!(visible(&cut), visible(&all));
        for chunk in &chunks {
            prop_assert!(rough(&chunk.embedded_text) <= budget, "{} > {}", rough(&chunk.embedded_text), budget);
            prop_assert_eq!(chunk.tokens as usize, rough(&chunk.embedded_text));
        }
    }

    #[test]
    fn table_rows_stand_once_under_any_budget(
        header in proptest::collection::vec("[A-Z][a-z]{1,9}", 0..3),
        cells in proptest::collection::vec(proptest::collection::vec("[a-z0-9]{1,8}", 3..5), 1..30),
        budget in 24_usize..80,
    ) {
        let lines: Vec<String> = cells.iter().map(|row| row.join(" | ")).collect();
        let document = document(vec![section(&[], vec![Block::Table { header: header.clone(), rows: cells }])]);
        let head = auskunft_model::document::row_text(&header);
        let chunks = chunks(&document, budget, &rough);
        let found: Vec<&str> = chunks.iter().flat_map(|chunk| chunk.text.lines()).filter(|line| head.is_empty() || *line != head).collect();
        prop_assert_eq!(found, lines);
    }
}
