use auskunft_model::{Language, SourceKind};

use super::*;

fn read(path: &str, text: &str) -> Extracted {
    let source = Source { path: path.to_owned(), kind: SourceKind::Faq };
    extract(&source, text.as_bytes(), &Defaults { language: Language::german() }).unwrap()
}

fn documents(extracted: &Extracted) -> Vec<&Document> {
    let document = |outcome: &'_ RecordOutcome| -> bool { matches!(outcome.result, Ok(Record::Document(_))) };
    let kept = extracted.records.iter().filter(|outcome| document(outcome));
    kept.filter_map(|outcome| match &outcome.result {
        Ok(Record::Document(document)) => Some(document),
        _ => None,
    })
    .collect()
}

fn questions(extracted: &Extracted) -> Vec<(&str, String)> {
    let text = |document: &Document| crate::outline::text_of(&document.sections);
    documents(extracted).into_iter().map(|document| (document.title.as_str(), text(document))).collect()
}

#[test]
fn a_record_is_a_document_under_its_id() {
    let text = r#"{"id":"v 1","question":"Wie lange dauert der Versand?","answer":"Zwei Tage.","product":"KM-2400","tags":["Versand"],"topic":"Lieferung","url":"https://x.example","date":"2025/01/01"}"#;
    let extracted = read("faqs/a.jsonl", text);
    let document = documents(&extracted)[0];
    assert_eq!(extracted.records[0].anchor.as_deref(), Some("v-1"));
    assert_eq!(
        (document.title.as_str(), document.language.as_str()),
        ("Wie lange dauert der Versand?", "de")
    );
    assert_eq!(document.product.as_deref(), Some("KM-2400"));
    assert_eq!(document.tags, ["Versand", "Lieferung"]);
    assert_eq!(document.sections[0].text(), "Zwei Tage.");
}

#[test]
fn the_structured_answer_is_preferred_when_it_says_as_much() {
    let text = r#"[{"id":"1","question":"Wie?","answer":"So: eins zwei","answer_html":"<p>So:</p><ol><li>eins</li><li>zwei</li></ol>"},
        {"id":"2","question":"Wie?","answer":"Eine lange Antwort mit vielen Worten","answer_html":"<p>kurz</p>"}]"#;
    let extracted = read("a.json", text);
    assert_eq!(questions(&extracted)[0].1, "So:\n1. eins\n2. zwei");
    assert_eq!(questions(&extracted)[1].1, "Eine lange Antwort mit vielen Worten");
}

#[test]
fn a_second_claim_to_an_id_and_an_empty_answer_fail_alone() {
    let text = "{\"id\":\"a\",\"question\":\"Eins?\",\"answer\":\"1\"}\n{\"id\":\"a\",\"question\":\"Zwei?\",\"answer\":\"2\"}\n\
                {\"id\":\"b\",\"question\":\"Drei?\",\"answer\":\" \"}\n{\"question\":\"Vier?\",\"answer\":\"4\"}\n{\"id\":\"c\"}\n";
    let extracted = read("a.jsonl", text);
    let reasons: Vec<_> =
        extracted.records.iter().map(|one| one.result.as_ref().err().map(|failure| failure.reason)).collect();
    let expected = [None, Some(Reason::DuplicateId), Some(Reason::NoText), None, Some(Reason::InvalidRecord)];
    assert_eq!(reasons, expected);
    assert_eq!(extracted.records[1].anchor, None);
    assert_eq!(questions(&extracted)[0].0, "Eins?");
    let made = extracted.records[3].anchor.clone().unwrap();
    assert_eq!(made, crate::fields::id_of_words("q", "vier"));
}

#[test]
fn csv_with_semicolons_is_read() {
    let extracted = read("a.csv", "id;question;answer;language\n1;\"Wo; wann?\";Hier;de\n");
    assert_eq!(questions(&extracted), [("Wo; wann?", "Hier".to_owned())]);
}

#[test]
fn questions_on_pages_come_in_every_common_form() {
    let page = r#"<html lang="de"><body><nav>Wo bin ich?</nav><h1>Häufige Fragen</h1>
        <h2>Versand</h2><h3>Wie lange dauert es?</h3><p>Zwei Tage.</p><p>Im Ausland vier.</p>
        <h2>Kosten</h2><details><summary>Was kostet der Versand?</summary><p>Nichts.</p></details><p>Stand: heute</p>
        <dl><dt>Kann ich zurückgeben?</dt><dd>Ja, <b>30 Tage</b>.</dd></dl></body></html>"#;
    let extracted = read("a.html", page);
    let mut found = questions(&extracted);
    found.sort();
    let expected = [
        ("Kann ich zurückgeben?", "Ja, 30 Tage."),
        ("Was kostet der Versand?", "Nichts."),
        ("Wie lange dauert es?", "Zwei Tage.\nIm Ausland vier."),
    ];
    assert_eq!(found, expected.map(|(question, answer)| (question, answer.to_owned())));
    let first = documents(&extracted).into_iter().find(|document| document.title == "Wie lange dauert es?");
    assert_eq!(first.unwrap().tags, ["Versand"]);
}

#[test]
fn a_pages_own_list_of_questions_is_trusted_first() {
    let page = r#"<html><script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question",
        "name":"Wie lange gilt die Garantie?","acceptedAnswer":{"@type":"Answer","text":"<p>Zwei Jahre.</p>"}}]}</script>
        <h2>Wie lange gilt die Garantie?</h2><p>Mehr erfahren</p></html>"#;
    assert_eq!(
        questions(&read("a.html", page)),
        [("Wie lange gilt die Garantie?", "Zwei Jahre.".to_owned())]
    );
}

#[test]
fn markdown_questions_are_headings_and_a_file_without_any_is_one_text() {
    let text = "---\nproduct: KM-2400\n---\n# FAQ\n## Wie entkalke ich?\nSo:\n1. Tank füllen\n## Wie oft?\nMonatlich.\n";
    let extracted = read("a.md", text);
    assert_eq!(questions(&extracted)[0], ("Wie entkalke ich?", "So:\n1. Tank füllen".to_owned()));
    assert_eq!(documents(&extracted)[1].product.as_deref(), Some("KM-2400"));
    let whole = read("a.md", "# Hinweise\nKein Frage-Antwort-Text.");
    assert_eq!((whole.records.len(), whole.records[0].anchor.clone(), whole.warnings.len()), (1, None, 1));
}

#[test]
fn a_question_under_two_headings_is_two_documents() {
    let text = "# FAQ\n## Kaffeemaschine\n### Wie reinige ich es?\nMit Wasser.\n## Staubsauger\n### Wie reinige ich es?\nMit einer Bürste.\n\
                ## Kopfhörer\n### Wie reinige ich es?\nMit Wasser.\n";
    let extracted = read("a.md", text);
    let found: Vec<_> = documents(&extracted)
        .into_iter()
        .map(|document| (document.tags.join(","), crate::outline::text_of(&document.sections)))
        .collect();
    let expected = [
        ("Kaffeemaschine", "Mit Wasser."),
        ("Staubsauger", "Mit einer Bürste."),
        ("Kopfhörer", "Mit Wasser."),
    ];
    assert_eq!(found, expected.map(|(topic, answer)| (topic.to_owned(), answer.to_owned())));
    let mut anchors: Vec<_> = extracted.records.iter().map(|record| record.anchor.clone()).collect();
    anchors.sort();
    anchors.dedup();
    assert_eq!(anchors.len(), 3);
    assert_eq!(
        extracted.records[0].anchor.as_deref(),
        Some(crate::fields::id_of_words("q", "wie reinige ich es").as_str())
    );
}

#[test]
fn a_question_stated_for_machines_once_and_shown_for_two_products_keeps_both_answers() {
    let page = r#"<html lang=de><script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question",
        "name":"Wie reinige ich es?","acceptedAnswer":{"@type":"Answer","text":"Mit Wasser."}}]}</script>
        <h2>Kaffeemaschine</h2><details><summary>Wie reinige ich es?</summary><p>Mit Wasser.</p></details>
        <h2>Staubsauger</h2><details><summary>Wie reinige ich es?</summary><p>Mit einer Bürste.</p></details></html>"#;
    let extracted = read("a.html", page);
    let found: Vec<_> = documents(&extracted).into_iter().map(|document| document.tags.join(",")).collect();
    assert_eq!(found, ["Kaffeemaschine", "Staubsauger"]);
    assert_eq!(questions(&extracted)[1].1, "Mit einer Bürste.");
}

#[test]
fn a_page_with_one_asking_heading_among_others_is_one_text() {
    let page = "<html lang=de><h1>Pflege</h1><p>Leder bitte nur feucht abwischen und nie in die Sonne stellen.</p>\
                <h2>Imprägnieren</h2><p>Zweimal im Jahr.</p><h2>Noch Fragen?</h2><p>Schreiben Sie uns.</p></html>";
    let extracted = read("pflege.html", page);
    assert_eq!((extracted.records.len(), extracted.records[0].anchor.clone()), (1, None));
    let text = &questions(&extracted)[0].1;
    assert!(text.contains("Zweimal im Jahr.") && text.contains("Schreiben Sie uns."), "{text}");
    let only = read(
        "a.md",
        "# FAQ\nHäufig gefragt.\n## Wie oft imprägniere ich?\nZweimal im Jahr, nach dem Waschen.\n",
    );
    assert_eq!(questions(&only)[0].0, "Wie oft imprägniere ich?");
}

#[test]
fn text_outside_the_questions_is_told_when_it_is_more_than_a_greeting() {
    let rest = "Unser Laden in der Altstadt hat montags bis freitags geöffnet und ".repeat(8);
    let text = format!("# FAQ\n{rest}\n## Wie oft?\nMonatlich.\n## Wie lange?\nEine Stunde.\n");
    let extracted = read("a.md", &text);
    assert!(extracted.warnings[0].contains("outside its questions"), "{:?}", extracted.warnings);
    let short =
        read("a.md", "# FAQ\nHäufig gefragt.\n## Wie oft?\nMonatlich.\n## Wie lange?\nEine Stunde.\n");
    assert!(short.warnings.is_empty(), "{:?}", short.warnings);
}

#[test]
fn a_list_of_terms_inside_an_answer_holds_no_questions() {
    let page = "<html lang=de><dl class=faq><dt>Größen</dt><dd><p>So fallen sie aus:</p><dl><dt>S</dt><dd>schmal</dd><dt>L</dt>\
                <dd>weit</dd></dl></dd><dt>Farben</dt><dd>Schwarz.</dd></dl></html>";
    let titles: Vec<String> =
        documents(&read("a.html", page)).iter().map(|document| document.title.clone()).collect();
    assert_eq!(titles, ["Größen", "Farben"]);
}

#[test]
fn tags_that_are_no_labels_are_left_out_and_told() {
    let text = serde_json::json!({"id": "1", "question": "Wie?", "answer": "So.", "tags": ["x".repeat(3000), "Pfl\u{0}ege\n", "\u{0}"]});
    let source = Source { path: "a.jsonl".to_owned(), kind: SourceKind::Faq };
    let defaults = Defaults { language: Language::german() };
    let extracted = crate::extract(&source, text.to_string().as_bytes(), &defaults).unwrap();
    let document = documents(&extracted)[0];
    assert_eq!(document.tags, ["Pfl ege"]);
    assert!(document.warnings[0].contains("at most 64 characters"), "{:?}", document.warnings);
}
