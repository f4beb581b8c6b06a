//! Manuals of several products, and of several versions.

use auskunft_answer::{Conversation, Desk};
use auskunft_model::{Asker, Filter, Kind, ProductId, Question, State};

use crate::catalog::{Shop, Text};

fn id(text: &str) -> ProductId {
    ProductId::parse(text).unwrap()
}

fn asks(text: &str) -> Question {
    Question { text: text.to_owned(), language: None, product_id: None, filter: Filter::default() }
}

fn about(text: &str, product: &str) -> Question {
    let filter = Filter { product_id: Some(id(product)), ..Filter::default() };
    Question { filter, ..asks(text) }
}

fn manual(file: &str, version: &str, products: &[&str], text: &str) -> Text {
    let title = format!("Bedienungsanleitung {}", products.join(" und "));
    let mut manual =
        Text::new(&format!("manuals/{file}.pdf"), Kind::Manual, &title, text).page(7, "Entkalken");
    manual.labels.version = Some(version.to_owned());
    manual.labels.bind(&products.iter().map(|product| id(product)).collect::<Vec<_>>());
    manual
}

fn page(sku: &str) -> Text {
    Text::new(&format!("products/{sku}.html"), Kind::Product, &format!("Brunnwald {sku}"), "Farbe: Schwarz")
        .about(sku)
}

/// `manuals/alt.pdf` for both machines, `manuals/neu.pdf` for the S alone, and one of another machine.
async fn shop() -> Shop {
    let shop = Shop::open().await;
    let pages = ["KM-2400-S", "KM-2400-M", "KM-2600"].map(page);
    let mut old = manual(
        "alt",
        "1.0",
        &["KM-2400-M", "KM-2400-S"],
        "Geben Sie 100 ml Entkalker in den Tank der Maschine. Den Gummiring fetten Sie mit Vaseline ein.",
    );
    old.labels.supersede(&[id("KM-2400-S")]);
    let new = manual("neu", "2.0", &["KM-2400-S"], "Geben Sie 125 ml Entkalker in den Tank der Maschine.");
    let other = manual("anders", "1.0", &["KM-2600"], "Geben Sie 150 ml Entkalker in den Tank der Maschine.");
    let texts: Vec<Text> = pages.iter().cloned().chain([old, new, other]).collect();
    shop.publish(&texts).await;
    let rows: Vec<(&Text, &str, &str, &str)> =
        pages.iter().map(|page| (page, "Brunnwald", "Kaffeevollautomaten", "Kaffeemaschine")).collect();
    shop.products(&rows).await;
    shop
}

async fn sources(desk: &Desk, question: &Question) -> Vec<String> {
    let found = desk.search(question, &Asker::guest("r-1"), 10).await.unwrap().hits;
    found.into_iter().map(|hit| hit.source).filter(|source| source.starts_with("manuals/")).collect()
}

/// What one leg alone found of the manuals.
async fn of_leg(desk: &Desk, question: &Question, is_dense: bool) -> Vec<String> {
    let hits = desk.search(question, &Asker::guest("r-1"), 10).await.unwrap().hits;
    let found = hits.into_iter().filter(|hit| if is_dense { hit.dense } else { hit.lexical }.is_some());
    found.map(|hit| hit.source).filter(|source| source.starts_with("manuals/")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_of_several_products_is_found_by_a_filter_on_each_of_them() {
    let shop = shop().await;
    let desk = shop.desk().await;
    for (product, expected) in
        [("KM-2400-M", vec!["manuals/alt.pdf"]), ("KM-2400-S", vec!["manuals/alt.pdf", "manuals/neu.pdf"])]
    {
        let question = about("Wie viel Entkalker kommt in den Tank?", product);
        for is_dense in [true, false] {
            let mut found = of_leg(&desk, &question, is_dense).await;
            found.sort();
            assert_eq!(found, expected, "{product}, dense: {is_dense}");
        }
    }
    assert_eq!(sources(&desk, &about("Entkalker", "KM-2600")).await, ["manuals/anders.pdf"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn naming_one_product_of_a_family_finds_the_familys_manual() {
    let shop = shop().await;
    let desk = shop.desk().await;
    let question = asks("Wie viel Entkalker kommt in den KM-2400 M?");
    assert_eq!(sources(&desk, &question).await, ["manuals/alt.pdf"]);
    let answer = desk.answer(&question, &Asker::guest("r-1"), &Conversation::default()).await.unwrap().answer;
    assert_eq!((answer.state, answer.citations[0].page), (State::Answered, Some(7)), "{answer:?}");
    assert!(answer.text.contains("100 ml"), "{}", answer.text);
    let (product, _) = desk.product(&id("KM-2400-M"), &Asker::guest("r-1")).await.unwrap();
    let documents = product.unwrap().documents;
    assert!(documents.iter().any(|document| document.source == "manuals/alt.pdf"), "{documents:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_version_answers_and_the_older_one_where_only_it_says_it() {
    let shop = shop().await;
    let desk = shop.desk().await;
    let cited = async |question: &Question| -> String {
        let answer =
            desk.answer(question, &Asker::guest("r-1"), &Conversation::default()).await.unwrap().answer;
        assert_eq!(answer.state, State::Answered, "{answer:?}");
        answer.citations[0].source.clone()
    };
    let how_much = "Wie viel Entkalker kommt in den Tank vom KM-2400 S?";
    assert_eq!(cited(&asks(how_much)).await, "manuals/neu.pdf");
    assert_eq!(cited(&asks("Womit fette ich den Gummiring vom KM-2400 S?")).await, "manuals/alt.pdf");
    let version = Filter { version: Some("1.0".to_owned()), ..Filter::default() };
    let of_version = Question { filter: version, ..asks(how_much) };
    assert_eq!(sources(&desk, &of_version).await, ["manuals/alt.pdf"]);
    assert_eq!(cited(&of_version).await, "manuals/alt.pdf");
}
