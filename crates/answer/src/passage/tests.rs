use super::*;
use crate::analysis::Word;

fn content(words: &[&str]) -> Vec<ContentWord> {
    let word = |text: &&str| ContentWord {
        word: Word::new(text),
        related: Vec::new(),
        parts: Vec::new(),
        weight: 1.0,
        is_quantity: false,
    };
    words.iter().map(word).collect()
}

fn units(text: &str, kind: Kind, content: &[ContentWord], in_section: &[f64]) -> Units {
    Units::of(&Sentence::all(text), Measure { content, signals: &Signals::default(), kind }, in_section)
}

fn quoted<'a>(text: &'a str, kind: Kind, words: &[&str], is_how_to: bool) -> &'a str {
    let content = content(words);
    units(text, kind, &content, &vec![0.0; content.len()])
        .best(kind, &content, is_how_to)
        .map_or("", |range| &text[range])
}

const STEPS: &str = "Benötigt wird ein Liter Wasser.\nSo entkalken Sie:\n1. Tank leeren.\n2. Entkalker einfüllen.\n3. Programm starten.";

#[test]
fn a_how_to_question_gets_all_steps_in_order() {
    let quote = quoted(STEPS, Kind::Manual, &["entkalken"], true);
    assert_eq!(quote, "So entkalken Sie:\n1. Tank leeren.\n2. Entkalker einfüllen.\n3. Programm starten.");
}

#[test]
fn a_table_is_quoted_by_the_row_that_answers() {
    let table = "Anzeige | Ursache | Abhilfe\nE03 | Tank leer | Wasser einfüllen\nE04 | Brühgruppe sitzt nicht | Einsetzen";
    assert_eq!(
        quoted(table, Kind::Troubleshooting, &["e04"], true),
        "E04 | Brühgruppe sitzt nicht | Einsetzen"
    );
    let specs = "Leistung: 1450 W\nGewicht: 8,4 kg\nFarbe: Schwarz";
    assert_eq!(quoted(specs, Kind::Product, &["gewicht"], false), "Gewicht: 8,4 kg");
}

#[test]
fn an_answer_is_quoted_from_its_beginning() {
    let answer =
        "Nein, leider nicht. Der Akku ist fest verbaut. Eine Werkstatt tauscht ihn. Das kostet 40 Euro.";
    let quote = quoted(answer, Kind::Faq, &["akku"], false);
    assert!(quote.starts_with("Nein, leider nicht. Der Akku"), "{quote}");
}

#[test]
fn a_row_holds_what_stands_in_it_and_not_what_stands_around() {
    let table = "Weight per earbud: 5.2 g\nWeight of the case: 41 g";
    let content = content(&["weight", "case"]);
    let rows = units(table, Kind::Product, &content, &[0.0, 0.0]);
    assert!((rows.closest() - 1.0).abs() < 1e-9);
    assert!((rows.share_at(0) - 0.5).abs() < 1e-9, "the first row says nothing of the case");
    assert!((rows.share_at(table.len() - 1) - 1.0).abs() < 1e-9);
    let scattered = units("The weight is low.\nThe case is white.", Kind::Product, &content, &[0.0, 0.0]);
    assert!((scattered.closest() - 0.5).abs() < 1e-9);
    let below_heading = units("It is low.", Kind::Product, &content, &[1.0, 0.0]);
    assert!((below_heading.closest() - ABOVE / 2.0).abs() < 1e-9, "a sentence is read under its heading");
}

#[test]
fn a_signal_is_quoted_by_its_row_and_no_other() {
    let table = "Signal | Ursache | Abhilfe\nLED blinkt rot | Akku leer | Laden\nLED leuchtet dauerhaft rot | Zu warm | Abkühlen lassen";
    let content = content(&["lampe", "rot", "blinkt"]);
    let signals = Signals::of_words(&words("Die Lampe ist rot und bleibt die ganze Zeit an"), &[]);
    let measure = Measure { content: &content, signals: &signals, kind: Kind::Troubleshooting };
    let units = Units::of(&Sentence::all(table), measure, &[0.0; 3]);
    let quote = units.best(Kind::Troubleshooting, &content, false).map(|range| &table[range]);
    assert_eq!(quote, Some("LED leuchtet dauerhaft rot | Zu warm | Abkühlen lassen"));
}
