use super::*;
use crate::analysis::Word;
use auskunft_model::{ChunkId, DocumentId, Kind, Language};

fn hit(kind: Kind, text: &str) -> Hit {
    Hit {
        chunk_id: ChunkId::parse("c1").unwrap(),
        document_id: DocumentId::derive("manuals/a.pdf", None),
        source: "manuals/a.pdf".to_owned(),
        anchor: None,
        kind,
        language: Language::german(),
        title: "Anleitung".to_owned(),
        section: vec!["Pflege".to_owned()],
        page: Some(7),
        product_id: None,
        score: 1.0,
        dense: None,
        lexical: None,
        text: text.to_owned(),
    }
}

fn content(words: &[&str]) -> Vec<ContentWord> {
    let word = |text: &&str| ContentWord {
        word: Word::new((*text).to_owned()),
        related: Vec::new(),
        parts: Vec::new(),
        weight: 1.0,
        is_quantity: false,
    };
    words.iter().map(word).collect()
}

const STEPS: &str = "Benötigt wird ein Liter Wasser.\nSo entkalken Sie:\n1. Tank leeren.\n2. Entkalker einfüllen.\n3. Programm starten.";

#[test]
fn a_how_to_question_gets_all_steps_in_order() {
    let quote = passage_of(&hit(Kind::Manual, STEPS), &content(&["entkalken"]), true).to_owned();
    assert_eq!(quote, "So entkalken Sie:\n1. Tank leeren.\n2. Entkalker einfüllen.\n3. Programm starten.");
}

#[test]
fn a_table_is_quoted_by_the_row_that_answers() {
    let table = "Anzeige | Ursache | Abhilfe\nE03 | Tank leer | Wasser einfüllen\nE04 | Brühgruppe sitzt nicht | Einsetzen";
    assert_eq!(
        passage_of(&hit(Kind::Troubleshooting, table), &content(&["e04"]), true),
        "E04 | Brühgruppe sitzt nicht | Einsetzen"
    );
    let specs = "Leistung: 1450 W\nGewicht: 8,4 kg\nFarbe: Schwarz";
    assert_eq!(passage_of(&hit(Kind::Product, specs), &content(&["gewicht"]), false), "Gewicht: 8,4 kg");
}

#[test]
fn an_answer_is_quoted_from_its_beginning() {
    let answer =
        "Nein, leider nicht. Der Akku ist fest verbaut. Eine Werkstatt tauscht ihn. Das kostet 40 Euro.";
    let quote = passage_of(&hit(Kind::Faq, answer), &content(&["akku"]), false).to_owned();
    assert!(quote.starts_with("Nein, leider nicht. Der Akku"), "{quote}");
}

#[test]
fn citations_are_numbered_by_appearance_and_name_the_page() {
    let mut draft = Draft::default();
    let hit = hit(Kind::Manual, "Tank leeren. Filter wechseln.");
    assert!(draft.cite(&hit, "Filter wechseln.", None));
    assert!(draft.cite(&hit, "Tank leeren.", Some("KM-1")));
    let (text, citations) = draft.finish();
    assert_eq!(text, "Filter wechseln. [1]\n\nKM-1: Tank leeren. [2]");
    assert_eq!((citations[1].n, citations[1].anchor.as_deref()), (2, Some("page=7")));
}

#[test]
fn a_quote_that_is_not_in_the_text_is_refused() {
    let mut draft = Draft::default();
    let hit = hit(Kind::Manual, "Tank leeren.");
    assert!(!draft.cite(&hit, "Tank füllen.", None) && !draft.cite(&hit, " ", None));
    assert!(draft.is_empty());
    assert!(draft.cite(&hit, "Tank leeren.", None) && !draft.cite(&hit, "Tank leeren.", None));
}
