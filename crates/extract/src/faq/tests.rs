use auskunft_model::{Language, SourceKind};

use super::*;

fn read(path: &str, text: &str) -> Extracted {
    let source = Source { path: path.to_owned(), kind: auskunft_model::SourceKind::Faq };
    assert_eq!(source.kind, SourceKind::Faq);
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
