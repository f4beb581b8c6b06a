//! Questions to a small shop.

use auskunft_answer::{AnswerError, Conversation, Desk};
use auskunft_embed::{EmbedError, Embedder, TextKind};
use auskunft_model::{Asker, Fact, Filter, Kind, ProductId, Question, SpaceId, State};
use auskunft_store::gc;

use crate::catalog::{Shop, Text, day, hashed};

fn asks(text: &str) -> Question {
    Question { text: text.to_owned(), language: None, product_id: None, filter: Filter::default() }
}

fn id(text: &str) -> ProductId {
    ProductId::parse(text).unwrap()
}

fn page(sku: &str, name: &str, weight: &str) -> Text {
    let text = format!("Leistung: 1450 W\nGewicht: {weight}\nFarbe: Schwarz");
    let page = Text::new(&format!("products/{sku}.html"), Kind::Product, name, &text).about(sku);
    page.attribute("Gewicht", weight).attribute("Leistung", "1450 W")
}

fn manual(sku: &str, light: &str) -> Text {
    let text = format!(
        "Anzeige | Ursache | Abhilfe\nLeuchte blinkt gelb | {light}\nE03 | Tank leer | Wasser einfüllen"
    );
    Text::new(&format!("manuals/{sku}.pdf"), Kind::Manual, &format!("Bedienungsanleitung {sku}"), &text)
        .about(sku)
        .page(8, "Störungen")
}

async fn shop() -> Shop {
    let shop = Shop::open().await;
    let small = page("KM-2400-S", "Brunnwald KM-2400 S Kaffeevollautomat", "8,4 kg");
    let large = page("KM-2400-M", "Brunnwald KM-2400 M Kaffeevollautomat", "9,1 kg");
    let mut old =
        Text::new("policies/alt.md", Kind::Policy, "Rückgabe", "Sie können Ware 14 Tage lang zurückgeben.");
    old.labels.valid_to = Some(day("2025-12-31"));
    let mut new =
        Text::new("policies/neu.md", Kind::Policy, "Rückgabe", "Sie können Ware 30 Tage lang zurückgeben.");
    new.labels.valid_from = Some(day("2026-01-01"));
    shop.publish(&[
        small.clone(),
        large.clone(),
        manual("KM-2400-S", "Kalkgrenze erreicht | Entkalken"),
        manual("KM-2400-M", "Milchsystem verstopft | Schlauch spülen"),
        Text::new("faqs/a.jsonl", Kind::Faq, "Welche Bohnen sind geeignet?", "Ganze, ungezuckerte Bohnen.")
            .anchor("bohnen"),
        Text::new("faqs/a.jsonl", Kind::Faq, "Do you deliver abroad?", "We deliver to Austria.")
            .anchor("abroad")
            .in_english(),
        old,
        new,
    ])
    .await;
    let coffee = ("Brunnwald", "Kaffeevollautomaten", "Kaffeemaschine");
    shop.products(&[(&small, coffee.0, coffee.1, coffee.2), (&large, coffee.0, coffee.1, coffee.2)]).await;
    shop
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_asked_back_or_handed_over() {
    let shop = shop().await;
    let desk = shop.desk().await;
    quotes_are_verbatim_and_cited(&desk).await;
    a_number_binds_the_product(&desk).await;
    facts_are_said_with_their_place(&desk).await;
    variants_that_differ_are_asked_back(&desk).await;
    the_conversation_fills_in_the_product(&desk).await;
    what_nobody_knows_is_handed_over(&desk).await;
    only_what_is_valid_today_counts(&desk).await;
    documents_and_products_are_found_by_id(&desk).await;
}

async fn answer(desk: &Desk, text: &str) -> auskunft_model::Answer {
    desk.answer(&asks(text), &Asker::guest("r-1"), &Conversation::default()).await.unwrap().answer
}

async fn quotes_are_verbatim_and_cited(desk: &Desk) {
    let answered = desk
        .answer(&asks("Welche Kaffeebohnen sind geeignet?"), &Asker::guest("r-1"), &Conversation::default())
        .await
        .unwrap();
    let answer = answered.answer;
    assert_eq!((answer.state, answer.text.as_str()), (State::Answered, "Ganze, ungezuckerte Bohnen. [1]"));
    assert_eq!(answer.citations[0].anchor.as_deref(), Some("bohnen"));
    assert!(answered.trace.operations.total() <= 6, "{:?}", answered.trace.operations);
    let english = desk
        .answer(
            &asks("Do you deliver to other countries, abroad?"),
            &Asker::guest("r-1"),
            &Conversation::default(),
        )
        .await
        .unwrap();
    assert_eq!((english.answer.language.as_str(), english.answer.state), ("en", State::Answered));
}

async fn a_number_binds_the_product(desk: &Desk) {
    let answer = answer(desk, "Mein km 2400 m blinkt gelb").await;
    assert_eq!(answer.product, Some(id("KM-2400-M")));
    assert_eq!(answer.text, "Leuchte blinkt gelb | Milchsystem verstopft | Schlauch spülen [1]");
    assert_eq!(answer.citations[0].anchor.as_deref(), Some("page=8"));
    let hits = desk.search(&asks("KM-2400 M blinkt gelb"), &Asker::guest("r-1"), 10).await.unwrap().hits;
    let others = hits.iter().filter(|hit| hit.product_id == Some(id("KM-2400-S"))).count();
    assert!(!hits.is_empty() && others == 0);
}

async fn facts_are_said_with_their_place(desk: &Desk) {
    let answered = desk
        .answer(&asks("Wie schwer ist der KM-2400 S?"), &Asker::guest("r-1"), &Conversation::default())
        .await
        .unwrap();
    assert_eq!(answered.answer.text, "Gewicht: 8,4 kg [1]");
    let Fact::Attribute { key, text, .. } = &answered.answer.facts[0] else {
        panic!("{:?}", answered.answer.facts)
    };
    assert_eq!((key.as_str(), text.as_str()), ("Gewicht", "8,4 kg"));
    assert!(answered.trace.operations.total() <= 6, "{:?}", answered.trace.operations);
    let compared = answer(desk, "Was wiegt mehr, KM-2400 S oder KM-2400 M?").await;
    assert!(compared.text.contains("8,4 kg") && compared.text.contains("9,1 kg"), "{}", compared.text);
    let Fact::Comparison(comparison) = &compared.facts[0] else { panic!("{:?}", compared.facts) };
    assert_eq!((comparison.attribute.as_str(), comparison.values.len()), ("Gewicht", 2));
    let nowhere = answer(desk, "Was hat mehr Megapixel, KM-2400 S oder KM-2400 M?").await;
    let Fact::Comparison(comparison) = &nowhere.facts[0] else { panic!("{:?}", nowhere.facts) };
    assert!(comparison.values.iter().all(|value| value.value.is_none()) && comparison.unit.is_empty());
    assert_eq!(nowhere.text.matches("keine Angabe").count(), 2, "{}", nowhere.text);
}

async fn variants_that_differ_are_asked_back(desk: &Desk) {
    for question in
        ["Mein KM-2400 blinkt gelb", "Wie schwer ist der KM-2400?", "Meine Kaffeemaschine blinkt gelb"]
    {
        let answer = answer(desk, question).await;
        assert_eq!(answer.state, State::Clarify, "{question}: {}", answer.text);
        assert!(answer.text.contains("KM-2400 S") && answer.text.contains("KM-2400 M"), "{}", answer.text);
        assert_eq!(answer.suggestions.len(), 2);
    }
}

async fn the_conversation_fills_in_the_product(desk: &Desk) {
    let conversation = Conversation { product_id: Some(id("KM-2400-M")), ..Conversation::default() };
    let answered =
        desk.answer(&asks("Und wie schwer ist er?"), &Asker::guest("r-1"), &conversation).await.unwrap();
    assert!(answered.used_conversation);
    assert_eq!(answered.answer.text, "Gewicht: 9,1 kg [1]");
}

async fn what_nobody_knows_is_handed_over(desk: &Desk) {
    for question in
        ["Wie wird das Wetter in Hamburg?", "Was wiegt der KM-9900?", "Wo ist mein Paket?", "?!", "🔋"]
    {
        let answer = answer(desk, question).await;
        assert_eq!(answer.state, State::Handoff, "{question}: {}", answer.text);
        assert!(answer.citations.is_empty() && !answer.text.is_empty());
    }
    let unknown = answer(desk, "Was wiegt der KM-9900?").await;
    assert!(unknown.text.contains("KM-9900"), "{}", unknown.text);
}

async fn only_what_is_valid_today_counts(desk: &Desk) {
    let answer = answer(desk, "Wie viele Tage kann ich Ware zurückgeben?").await;
    assert_eq!(answer.text, "Sie können Ware 30 Tage lang zurückgeben. [1]");
    let then = Filter { valid_on: Some(day("2025-06-01")), ..Filter::default() };
    let question = Question { filter: then, ..asks("Wie viele Tage kann ich Ware zurückgeben?") };
    let hits = desk.search(&question, &Asker::guest("r-1"), 5).await.unwrap().hits;
    assert_eq!(hits[0].source, "policies/alt.md");
}

async fn documents_and_products_are_found_by_id(desk: &Desk) {
    let hit = desk.search(&asks("Bohnen"), &Asker::guest("r-1"), 1).await.unwrap().hits.remove(0);
    let document = desk.document(&hit.document_id, &Asker::guest("r-1")).await.unwrap().0.unwrap();
    assert_eq!((document.title.as_str(), document.sections.len()), ("Welche Bohnen sind geeignet?", 1));
    let product = desk.product(&id("KM-2400-S"), &Asker::guest("r-1")).await.unwrap().0.unwrap();
    assert_eq!((product.attributes.len(), product.documents.len()), (2, 2));
    assert!(desk.product(&id("XX"), &Asker::guest("r-1")).await.unwrap().0.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_found_after_a_refresh() {
    let shop = Shop::open().await;
    let faq = |name: &str, text: &str| Text::new(&format!("faqs/{name}.md"), Kind::Faq, text, text);
    shop.publish(&[faq("a", "Tank reinigen"), faq("b", "Filter wechseln")]).await;
    let desk = shop.desk().await;
    assert!(!desk.refresh().await.unwrap());
    shop.publish(&[faq("a", "Mahlwerk einstellen")]).await;
    shop.remove("faqs/b.md").await;
    let gone = desk.search(&asks("Filter wechseln"), &Asker::guest("r-1"), 5).await.unwrap().hits;
    assert!(
        gone.iter().all(|hit| hit.source != "faqs/b.md"),
        "a removed text is never shown, even before the refresh"
    );
    assert!(desk.refresh().await.unwrap());
    assert_eq!(desk.standing().chunks, 1);
    assert_eq!(
        desk.search(&asks("Mahlwerk"), &Asker::guest("r-1"), 5).await.unwrap().hits[0].source,
        "faqs/a.md"
    );
    drop(desk);
    // While the reader was away, marks of removed chunks vanished: its index is built anew.
    shop.publish(&[faq("c", "Kabel aufrollen")]).await;
    shop.remove("faqs/a.md").await;
    let retention = gc::Retention { audit_days: 1095, chat_days: 365, generations: 2 };
    gc::run(&shop.stores, retention).await.unwrap();
    let desk = shop.desk().await;
    assert_eq!((desk.standing().chunks, desk.standing().lexical_in_memory), (1, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_missed_marks_fills_its_index_anew_where_it_lies() {
    let shop = Shop::open().await;
    let faq = |name: &str, text: &str| Text::new(&format!("faqs/{name}.md"), Kind::Faq, text, text);
    shop.publish(&[faq("a", "Tank reinigen"), faq("b", "Filter wechseln")]).await;
    let desk = shop.desk().await;
    assert_eq!((desk.standing().chunks, desk.standing().lexical_in_memory), (2, false));
    shop.publish(&[faq("c", "Kabel aufrollen")]).await;
    shop.remove("faqs/b.md").await;
    let retention = gc::Retention { audit_days: 1095, chat_days: 365, generations: 2 };
    gc::run(&shop.stores, retention).await.unwrap();
    assert!(desk.refresh().await.unwrap());
    assert_eq!((desk.standing().chunks, desk.standing().lexical_in_memory), (2, false));
    let guest = Asker::guest("r-1");
    let kept = desk.search(&asks("Kabel aufrollen"), &guest, 5).await.unwrap().hits;
    assert_eq!(kept[0].source, "faqs/c.md");
    let gone = desk.search(&asks("Filter wechseln"), &guest, 5).await.unwrap().hits;
    assert!(gone.iter().all(|hit| hit.source != "faqs/b.md"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_index_or_with_another_space_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let stores = auskunft_store::Stores::open_embedded(folder.path(), "test").await.unwrap();
    let shop = Shop::open().await;
    let refused = Desk::open(stores, hashed(), shop.settings()).await.unwrap_err();
    assert!(matches!(refused, AnswerError::NothingIngested));
    let other = std::sync::Arc::new(Broken { space: SpaceId::new("other-1"), inner: hashed() });
    let refused = Desk::open(shop.stores.clone(), other, shop.settings()).await.unwrap_err();
    assert!(refused.to_string().contains("other-1") && matches!(refused, AnswerError::OtherSpace { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_vectors_the_lexical_leg_answers_and_the_answer_says_so() {
    let shop = Shop::open().await;
    shop.publish(&[Text::new("faqs/a.md", Kind::Faq, "Tank reinigen", "Mit warmem Wasser.")]).await;
    let broken = std::sync::Arc::new(Broken { space: hashed().space().clone(), inner: hashed() });
    let desk = Desk::open(shop.stores.clone(), broken, shop.settings()).await.unwrap();
    let answer = answer(&desk, "Wie kann ich den Tank reinigen?").await;
    assert_eq!(
        (answer.text.as_str(), answer.degraded.as_slice()),
        ("Mit warmem Wasser. [1]", ["dense".to_owned()].as_slice())
    );
}

/// An embedder that fails whenever it is asked.
struct Broken {
    space: SpaceId,
    inner: std::sync::Arc<dyn Embedder>,
}

impl Embedder for Broken {
    fn space(&self) -> &SpaceId {
        &self.space
    }

    fn dimensions(&self) -> usize {
        self.inner.dimensions()
    }

    fn max_tokens(&self) -> usize {
        self.inner.max_tokens()
    }

    fn count_tokens(&self, text: &str) -> usize {
        self.inner.count_tokens(text)
    }

    fn is_lexical(&self) -> bool {
        true
    }

    fn embed(&self, _: TextKind, _: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        Err(EmbedError::NotFinite { index: 0 })
    }

    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}
