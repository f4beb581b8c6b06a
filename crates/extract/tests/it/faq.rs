//! Questions and answers as shops set them: pages in the manner of common shop systems, written for these tests, and lists.

use auskunft_extract::{Defaults, Record, extract};
use auskunft_model::{Block, Document, Language, Source, SourceKind};

use crate::samples::{bytes, documents};

fn read(path: &str, bytes: &[u8]) -> Vec<Document> {
    documents(path, SourceKind::Faq, bytes)
}

/// Question, topic, answer.
fn shown(documents: &[Document]) -> Vec<(String, String, String)> {
    let text = |document: &Document| {
        let parts = document.sections.iter().map(auskunft_model::Section::text).collect::<Vec<_>>();
        (document.title.clone(), document.tags.join("/"), parts.join("\n"))
    };
    documents.iter().map(text).collect()
}

fn expect(page: &str, expected: &[(&str, &str, &str)]) {
    let found = shown(&read("faqs/seite.html", page.as_bytes()));
    let expected: Vec<_> =
        expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn accordions_of_buttons_and_panels_are_read_open_or_closed_with_their_headings() {
    expect(
        include_str!("../data/faq/shopware.html"),
        &[
            (
                "Wie lange dauert die Lieferung?",
                "Versand und Lieferung",
                "In der Regel 2 bis 3 Werktage:\n• Deutschland: 2 Werktage\n• Österreich: 3 Werktage",
            ),
            (
                "Versandkosten",
                "Versand und Lieferung",
                "Ab 49 € liefern wir frei Haus, darunter berechnen wir 4,95 €. Mehr unter Versandarten.",
            ),
            (
                "Wie schicke ich etwas zurück?",
                "Retouren",
                "1. Rücksendung im Konto anmelden\n2. Etikett drucken\n3. Paket abgeben",
            ),
        ],
    );
}

#[test]
fn stated_questions_are_completed_from_the_page_that_shows_them() {
    expect(
        include_str!("../data/faq/shopify.html"),
        &[
            (
                "How long does shipping take?",
                "Shipping",
                "Orders ship within 24 hours and arrive in 3 to 5 days.\nAlaska takes a week.",
            ),
            ("Can I change my order?", "", "Yes, as long as it has not left our warehouse. Write to us."),
            (
                "Do you ship abroad?",
                "Shipping",
                "Yes, to these regions:\nRegion | Days | Price\nCanada | 7 | $12\nEU | 10 | $19",
            ),
            ("Gift cards", "Orders", "Gift cards arrive by e-mail and never expire."),
        ],
    );
}

#[test]
fn boxes_named_question_and_answer_and_tabs_with_panels_are_questions() {
    expect(
        include_str!("../data/faq/woocommerce.html"),
        &[
            (
                "Kann ich auf Rechnung bestellen?",
                "Fragen zur Bestellung",
                "Ja, bis 500 €. Bei Neukunden prüfen wir die Bonität.",
            ),
            (
                "Welche Zahlungsarten gibt es?",
                "Fragen zur Bestellung",
                "PayPal, Kreditkarte und Lastschrift.",
            ),
            (
                "Wo finde ich die Seriennummer?",
                "Fragen zum Produkt",
                "Auf dem Typenschild an der Unterseite.",
            ),
            (
                "Gibt es Ersatzteile?",
                "Fragen zum Produkt",
                "Ja, zehn Jahre lang:\n• Filter\n• Dichtungen\n• Bürsten\n• Akkus",
            ),
        ],
    );
}

#[test]
fn microdata_and_boxes_beside_each_other_are_read() {
    expect(
        include_str!("../data/faq/magento.html"),
        &[
            ("Wie lange gilt die Garantie?", "", "Zwei Jahre ab Kaufdatum.\nAuf Akkus sechs Monate."),
            (
                "Wie melde ich einen Defekt?",
                "Garantie",
                "Über das Formular im Konto. Legen Sie ein Foto bei.",
            ),
            ("Reparaturkosten", "Garantie", "Innerhalb der Garantie keine."),
        ],
    );
}

#[test]
fn labels_tables_and_definitions_of_a_plain_page_are_questions() {
    let found = shown(&read("faqs/plain.html", include_bytes!("../data/faq/plain.html")));
    let mut questions: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    questions.sort_unstable();
    let expected = [
        ("Beutel voll, was nun?", "Staubsauger", "Klappe öffnen, Beutel am Kragen herausziehen."),
        ("Trocknen", "Kleidung", "Nicht in den Trockner."),
        ("Waschen", "Kleidung", "Bei 30 °C, auf links."),
        ("Welche Bohnen eignen sich?", "Kaffee", "Mittlere Röstungen ohne Zuckerzusatz."),
        ("Welcher Beutel passt?", "Staubsauger", "Typ SB-3."),
        (
            "Wie oft muss ich entkalken?",
            "Kaffee",
            "Bei hartem Wasser monatlich.\nDie Maschine meldet sich von selbst.",
        ),
    ];
    assert_eq!(questions, expected);
}

#[test]
fn paragraphs_that_ask_are_questions_where_nothing_else_is() {
    expect(
        include_str!("../data/faq/paragraphs.html"),
        &[
            ("Kann ich mein Paket umleiten?", "Gut zu wissen", "Ja, über die Seite des Paketdienstes."),
            (
                "Was tun, wenn etwas fehlt?",
                "Gut zu wissen",
                "Melden Sie sich binnen einer Woche.\n• Foto des Kartons\n• Lieferschein",
            ),
        ],
    );
}

#[test]
fn a_fold_of_folds_is_a_group() {
    expect(
        include_str!("../data/faq/groups.html"),
        &[
            ("Kann ich in Raten zahlen?", "Bezahlung", "Ja, ab 100 €."),
            ("Wann wird abgebucht?", "Bezahlung", "Beim Versand."),
            ("Passwort vergessen", "Konto", "Klicken Sie auf »Neues Passwort«."),
            ("Wie kündige ich den Newsletter?", "Hilfe", "Über den Link am Ende jeder Ausgabe."),
        ],
    );
}

#[test]
fn markdown_and_text_with_labels_are_read() {
    let text = "# FAQ\n\n## Akku\n\n**Frage:** Wie lange lädt er?\n**Antwort:** Drei Stunden.\n\nQ: Darf er leer werden?\n\nA: Ja.\n";
    let expected = [("Wie lange lädt er?", "Akku", "Drei Stunden."), ("Darf er leer werden?", "Akku", "Ja.")];
    let expected: Vec<_> =
        expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
    assert_eq!(shown(&read("faqs/akku.md", text.as_bytes())), expected);
}

#[test]
fn tables_of_spreadsheets_are_read_in_their_encodings() {
    let text = "ID;Frage;Antwort;Produkt\n1;Größe wählen?;\"Maße nehmen; dann Tabelle prüfen.\";WG-TR4\n2;Für wen?;Für alle.;\n";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let tabs = text.replace(';', "\t").replace("nehmen\t", "nehmen;");
    for (what, bytes) in [("windows-1252", latin.to_vec()), ("mark", marked), ("tabs", tabs.into_bytes())] {
        let found = read("faqs/tabelle.csv", &bytes);
        assert_eq!(found.len(), 2, "{what}");
        assert_eq!(
            (found[0].title.as_str(), found[0].anchor.as_deref()),
            ("Größe wählen?", Some("1")),
            "{what}"
        );
        assert_eq!(found[0].sections[0].text(), "Maße nehmen; dann Tabelle prüfen.", "{what}");
        assert_eq!(found[0].product.as_deref(), Some("WG-TR4"), "{what}");
    }
}

#[test]
fn parted_umlauts_are_composed_in_every_format() {
    let question = "Wie gro\u{308}ße a\u{308}ndern?";
    let json = format!("{{\"question\":\"{question}\",\"answer\":\"U\u{308}ber das Menu\u{308}.\"}}");
    let escaped =
        "{\"question\":\"Wie gro\\u0308ße a\\u0308ndern?\",\"answer\":\"U\\u0308ber das Menu\\u0308.\"}";
    let page = format!("<h2>{question}</h2><p>U\u{308}ber das Menu\u{308}.</p>");
    let table = format!("question,answer\n{question},U\u{308}ber das Menu\u{308}.\n");
    for (path, text) in [
        ("a.jsonl", json.as_str()),
        ("b.jsonl", escaped),
        ("c.html", page.as_str()),
        ("d.csv", table.as_str()),
    ] {
        let found = read(path, text.as_bytes());
        assert_eq!(found[0].title, "Wie größe ändern?", "{path}");
        assert_eq!(found[0].sections[0].text(), "Über das Menü.", "{path}");
    }
}

#[test]
fn real_structured_answers_keep_their_lists_and_the_text_of_their_links() {
    let source = Source { path: "faq-de/faq.jsonl".to_owned(), kind: SourceKind::Faq };
    let raw = bytes("faq-de/faq.jsonl");
    let rows: Vec<serde_json::Value> =
        raw.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let read = extract(&source, &raw, &Defaults { language: Language::german() }).unwrap();
    assert_eq!((rows.len(), read.records.len()), (73, 73));
    let (mut items, mut listed) = (0, 0);
    for (row, record) in rows.iter().zip(&read.records) {
        let Ok(Record::Document(document)) = &record.result else { panic!("{record:?}") };
        let words = |text: &str| -> Vec<String> {
            text.split(|sign: char| !sign.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let text: String = document
            .sections
            .iter()
            .flat_map(|one| one.heading_path.iter().cloned().chain([one.text()]))
            .collect::<Vec<_>>()
            .join("\n");
        let (kept, stated) = (words(&text), words(row["answer"].as_str().unwrap()));
        let found = stated.iter().filter(|word| kept.contains(word)).count();
        assert!(found * 100 >= stated.len() * 97, "{}: {found} of {}", row["id"], stated.len());
        items += document
            .sections
            .iter()
            .flat_map(|one| &one.blocks)
            .filter(|block| matches!(block, Block::Item { .. }))
            .count();
        // Some answers repeat themselves; each item is kept once.
        let html = row["answer_html"].as_str().unwrap();
        let stated: std::collections::BTreeSet<&str> =
            html.split("<li").skip(1).filter_map(|item| item.split("</li>").next()).collect();
        listed += stated.len();
    }
    assert!(items * 10 >= listed * 9, "{items} items of {listed}");
}

#[test]
fn pages_of_questions_are_known_wherever_they_lie() {
    let pages: [(&str, &[u8]); 7] = [
        ("groups.html", include_bytes!("../data/faq/groups.html")),
        ("magento.html", include_bytes!("../data/faq/magento.html")),
        ("paragraphs.html", include_bytes!("../data/faq/paragraphs.html")),
        ("plain.html", include_bytes!("../data/faq/plain.html")),
        ("shopify.html", include_bytes!("../data/faq/shopify.html")),
        ("shopware.html", include_bytes!("../data/faq/shopware.html")),
        ("woocommerce.html", include_bytes!("../data/faq/woocommerce.html")),
    ];
    for (name, page) in pages {
        assert_eq!(auskunft_extract::classify(name, page), Some(SourceKind::Faq), "{name}");
    }
}
