//! Real pages, questions and laws.

use std::path::PathBuf;

use auskunft_extract::{Defaults, PRICE_KEY, Record, chunks, extract};
use auskunft_model::{Document, Language, Source, SourceKind, Value};

/// The budget that the design sets, counted as the hashed embedder counts.
const BUDGET: usize = 250;

pub(crate) fn thirds(text: &str) -> usize {
    text.chars().count().div_ceil(3)
}

pub(crate) fn bytes(path: &str) -> Vec<u8> {
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures/samples");
    std::fs::read(samples.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn documents(path: &str, kind: SourceKind, bytes: &[u8]) -> Vec<Document> {
    let source = Source { path: path.to_owned(), kind };
    let Ok(extracted) = extract(&source, bytes, &Defaults { language: Language::german() }) else {
        return Vec::new();
    };
    let records = extracted.records.into_iter().filter_map(|outcome| outcome.result.ok());
    let document = |record| match record {
        Record::Document(document) => Some(document),
        Record::Ticket(_) => None,
    };
    records.filter_map(document).collect()
}

/// File, title, price in minor units with currency, product id (none of a list of products), language.
type Page = (&'static str, &'static str, Option<(i64, &'static str)>, Option<&'static str>, &'static str);

/// What each page states of itself, by hand from its markup or, where it has none, from what it shows.
const PAGES: &[Page] = &[
    (
        "www.mindfactory.de-4",
        "Lenovo ThinkPad 14Zoll Fitted Reversible",
        Some((1083, "EUR")),
        Some("8570931"),
        "de",
    ),
    (
        "www.musikdreiklang.de-1",
        "Yamaha YDP-S52 B Digitalpiano",
        Some((99_900, "EUR")),
        Some("www.musikdreiklang.de-1"),
        "de",
    ),
    (
        "www.radioshack.com-1",
        "Griffin® PowerBlock Micro Universal",
        Some((1199, "USD")),
        Some("2731080"),
        "en",
    ),
    (
        "www.1000bulbs.com-4",
        "H11B Headlight - ClearVision Supreme - 55 Watt - T3.25",
        Some((4450, "USD")),
        Some("EIKO-H11BCVSUBP1"),
        "en",
    ),
    ("www.campmor.com-6", "Teva Hurricane 2 Sports Sandals - Kids", Some((2498, "USD")), Some("14013"), "en"),
    (
        "www.jacamo.co.uk-3",
        "Joe Browns Perfect Placket Shirt Long",
        Some((4000, "GBP")),
        Some("NC741ML"),
        "en",
    ),
    ("www.luthimate.fr-3", "Bouton en bois TigerWood", Some((893, "EUR")), Some("KNB-W02"), "fr"),
    ("www.muzdom.ru-5", "Цифровое пианино Kawai ES100W", Some((4_740_500, "RUB")), Some("GMES100W"), "ru"),
    (
        "www.mypapershop.com-5",
        "White Linen Like Guest Hand Towels - 300 Count",
        Some((4595, "USD")),
        Some("856802"),
        "en",
    ),
    ("www.gamexchange.co.uk-3", "Apple", None, None, "en"),
    (
        "www.michelson.pl-4",
        "Urok luksusu - Pierścionek z diamentami o łącznej masie 0,72 ct",
        Some((990_000, "PLN")),
        Some("M-P-585B-214R-072"),
        "pl",
    ),
    ("www.roller.de-2", "Nachtkommode JULIETTA", Some((6999, "EUR")), Some("1023029000"), "de"),
    (
        "toralin.de.schmierfett",
        "XADO Schmierfett Reparierend, Verschleiß 50%, 125 ml",
        Some((492, "EUR")),
        Some("XA30202"),
        "de",
    ),
    (
        "microdata-with-description",
        "Johnsons 4 Fleas Cats & Kittens Tablets",
        Some((956, "GBP")),
        Some("CS20858_1"),
        "en",
    ),
    ("gibert-jeune.product", "La légende de Darkseid", Some((2250, "EUR")), Some("9782365775717"), "fr"),
];

#[test]
fn every_page_is_read_as_it_states_itself() {
    for (file, title, price, product, language) in PAGES {
        let path = format!("product-pages/{file}.html");
        let document = documents(&path, SourceKind::Product, &bytes(&path)).remove(0);
        assert_eq!(document.title, *title, "{file}");
        assert_eq!(document.product.as_deref(), *product, "{file}");
        assert_eq!(document.language.as_str(), *language, "{file}");
        let read = document
            .attributes
            .iter()
            .find(|attribute| attribute.key == PRICE_KEY)
            .map(|attribute| &attribute.value);
        let read = read.map(|value| match value {
            Value::Money { minor, currency, .. } => (*minor, currency.as_str()),
            other => panic!("{file}: {other:?}"),
        });
        assert_eq!(read, *price, "{file}");
    }
}

#[test]
fn a_page_that_declares_a_wrong_encoding_is_read_as_what_it_is() {
    let path = "product-pages/www.mindfactory.de-4.html";
    let document = documents(path, SourceKind::Product, &bytes(path)).remove(0);
    assert!(document.sections.iter().any(|section| section.text().contains("Schutzhülle")));
    assert!(document.warnings[0].contains("iso-8859-15"), "{:?}", document.warnings);
    assert!(document.identifiers.iter().any(|identifier| identifier.text == "0887942877477"));
    let weight = document.attributes.iter().find(|attribute| attribute.key == "Gewicht").unwrap();
    assert_eq!(weight.value, Value::Quantity { amount: 250.0, upper: None, unit: "g".to_owned() });
}

#[test]
fn every_question_of_a_list_is_a_document_with_its_answer() {
    let all = documents("faq-de/faq.jsonl", SourceKind::Faq, &bytes("faq-de/faq.jsonl"));
    assert_eq!(all.len(), 73);
    assert!(
        all.iter().all(|document| document.language == Language::german() && !document.sections.is_empty())
    );
    let first = &all[0];
    assert_eq!(first.anchor.as_deref(), Some("df000"));
    assert_eq!(first.tags, ["Bundesagentur für Arbeit", "FAQ: Corona-Virus"]);
    let text = first.sections[0].text();
    assert!(text.contains("Dies gilt auch für die Auszahlung von Kindergeld und Kinderzuschlag."), "{text}");
    let made = chunks(first, BUDGET, &thirds);
    assert!(made.iter().all(|chunk| chunk.embedded_text.starts_with(&first.title)));
}

#[test]
fn every_paragraph_of_a_law_is_a_section_of_its_own() {
    let path = "policy-de/bgb-verbraucherrecht.md";
    let law = documents(path, SourceKind::Policy, &bytes(path)).remove(0);
    assert_eq!(law.sections.len(), 45);
    assert!(
        law.sections
            .iter()
            .all(|section| section.heading_path.len() == 1 && section.heading_path[0].starts_with("§ "))
    );
    let withdrawal =
        law.sections.iter().find(|section| section.heading_path[0].starts_with("§ 355 ")).unwrap();
    assert!(withdrawal.text().contains("Die Widerrufsfrist beträgt 14 Tage."), "{}", withdrawal.text());
}

#[test]
fn no_chunk_of_a_real_document_is_over_budget_and_each_is_verbatim() {
    let sources = PAGES.iter().map(|page| (format!("product-pages/{}.html", page.0), SourceKind::Product));
    let others =
        [("faq-de/faq.jsonl", SourceKind::Faq), ("policy-de/bgb-verbraucherrecht.md", SourceKind::Policy)];
    let others = others.into_iter().map(|(path, kind)| (path.to_owned(), kind));
    for (path, kind) in sources.chain(others) {
        for document in documents(&path, kind, &bytes(&path)) {
            let text: String = document.sections.iter().map(|section| section.text() + "\n").collect();
            for chunk in chunks(&document, BUDGET, &thirds) {
                assert!(thirds(&chunk.embedded_text) <= BUDGET, "{path}: {}", chunk.embedded_text);
                let lines_stand_there = chunk.text.lines().all(|line| text.contains(line));
                assert!(lines_stand_there, "{path}: {}", chunk.text);
            }
        }
    }
}

#[test]
fn samples_are_known_by_their_content_alone() {
    for (path, kind) in crate::sample_files::samples() {
        let name = path.rsplit('/').next().unwrap();
        assert_eq!(auskunft_extract::classify(name, &bytes(&path)), Some(kind), "{path}");
    }
}
