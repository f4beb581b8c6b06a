//! What a conversation is about when it is about no product: a category.

use auskunft_answer::{Conversation, Desk};
use auskunft_model::{Answer, Asker, Filter, Kind, ProductId, Question, State};

use crate::catalog::{Shop, Text};

fn page(sku: &str, name: &str, weight: &str) -> Text {
    let text = format!("Gewicht: {weight}\nFarbe: Schwarz");
    let page = Text::new(&format!("products/{sku}.html"), Kind::Product, name, &text).about(sku);
    page.attribute("Gewicht", weight)
}

fn filter(sku: &str, text: &str) -> Text {
    let title = format!("Wie oft wechsle ich den Filter im {sku}?");
    Text::new(&format!("faqs/{sku}.jsonl"), Kind::Faq, &title, text).about(sku)
}

/// Two kinds of things whose filters are changed, and a name that stands for one of each kind.
async fn desk() -> (Shop, Desk) {
    let shop = Shop::open().await;
    let coffee = page("KM-10", "Luma KM-10 Kaffeemaschine", "8,4 kg");
    let vacuum = page("SG-20", "Kehr SG-20 Bodenstaubsauger", "5,2 kg");
    let (fan, breeze) = (
        page("VB-24", "Kehr Brise 24 Ventilator", "3,1 kg"),
        page("SB-24", "Kehr Brise 24 Bodenstaubsauger", "6,7 kg"),
    );
    shop.publish(&[
        coffee.clone(),
        vacuum.clone(),
        fan.clone(),
        breeze.clone(),
        filter("KM-10", "Wechseln Sie den Filter alle zwei Monate, den Wasserfilter im Tank."),
        filter("SG-20", "Wechseln Sie den Filter einmal im Jahr, den Abluftfilter am Motor."),
    ])
    .await;
    shop.products(&[
        (&coffee, "Luma", "Kaffeemaschinen", "Kaffeemaschine"),
        (&vacuum, "Kehr", "Staubsauger", "Bodenstaubsauger"),
        (&fan, "Kehr", "Ventilatoren", "Ventilator"),
        (&breeze, "Kehr", "Staubsauger", "Bodenstaubsauger"),
    ])
    .await;
    let desk = shop.desk().await;
    (shop, desk)
}

fn asks(text: &str) -> Question {
    Question { text: text.to_owned(), language: None, product_id: None, filter: Filter::default() }
}

fn about(category: &str) -> Conversation {
    Conversation { category: Some(category.to_owned()), ..Conversation::default() }
}

async fn in_conversation(desk: &Desk, text: &str, conversation: &Conversation) -> (Answer, bool) {
    let answered = desk.answer(&asks(text), &Asker::guest("r-1"), conversation).await.unwrap();
    (answered.answer, answered.used_conversation)
}

async fn category_after(desk: &Desk, questions: &[&str]) -> Option<String> {
    let mut conversation = Conversation::default();
    for text in questions {
        let answered = desk.answer(&asks(text), &Asker::guest("r-1"), &conversation).await.unwrap();
        conversation = conversation.followed_by(&answered.said);
    }
    conversation.category
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_remembers_the_category_that_was_spoken_of() {
    let (_shop, desk) = desk().await;
    for (questions, expected) in [
        (&["Wie schwer ist der SG-20?"][..], Some("Staubsauger")),
        (&["Mein Sauger zieht nicht mehr"], Some("Staubsauger")),
        (&["Wie schwer ist der SG-20?", "Danke!"], Some("Staubsauger")),
        (&["Wie schwer ist der SG-20?", "Und die KM-10?"], Some("Kaffeemaschinen")),
        (&["Wie schwer ist der Brise 24?"], None),
        (&["Habt ihr am Sonntag offen?"], None),
    ] {
        assert_eq!(category_after(&desk, questions).await.as_deref(), expected, "{questions:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_stays_within_the_category() {
    let (_shop, desk) = desk().await;
    for (category, expected) in [("Kaffeemaschinen", "Wasserfilter"), ("Staubsauger", "Abluftfilter")] {
        let question = "Und wie oft wechsle ich den Filter?";
        let (answer, used) = in_conversation(&desk, question, &about(category)).await;
        assert!(answer.text.contains(expected) && used, "{category}: {}", answer.text);
        let of_category = if category == "Staubsauger" { "SG-20" } else { "KM-10" };
        let sources = answer.citations.iter().map(|citation| citation.source.as_str());
        assert!(sources.clone().all(|source| source.contains(of_category)), "{:?}", answer.citations);
    }
    // One who names another kind of thing has left the category.
    let other = asks("Und wie oft wechsle ich den Filter im Bodenstaubsauger?");
    let left = desk.answer(&other, &Asker::guest("r-1"), &about("Kaffeemaschinen")).await.unwrap();
    assert_eq!(left.said.category.as_deref(), Some("Staubsauger"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_products_of_one_name_that_of_the_category_is_meant() {
    let (_shop, desk) = desk().await;
    let question = "Wie schwer ist der Brise 24?";
    let (unclear, used) = in_conversation(&desk, question, &Conversation::default()).await;
    assert_eq!((unclear.state, used), (State::Clarify, true), "{}", unclear.text);
    for (category, product, weight) in
        [("Staubsauger", "SB-24", "6,7 kg"), ("Ventilatoren", "VB-24", "3,1 kg")]
    {
        let (answer, used) = in_conversation(&desk, question, &about(category)).await;
        assert_eq!(answer.product, ProductId::parse(product).ok(), "{}", answer.text);
        assert!(answer.text.contains(weight) && used, "{}", answer.text);
    }
    let (others, _) = in_conversation(&desk, question, &about("Kaffeemaschinen")).await;
    assert_eq!(others.state, State::Clarify, "{}", others.text);
}
