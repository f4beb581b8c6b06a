//! Texts, parsed documents and tickets.

use std::collections::HashSet;

use auskunft_model::{ChunkId, Document, DocumentId, Kind, Language, ProductId, Section, Ticket};
use auskunft_store::documents::{Collection, StoredText, document_key};
use chrono::Utc;
use futures::future::join_all;

use super::Opened;

super::on_each_store!(
    texts_come_back_and_absent_ones_are_left_out,
    texts_that_are_written_again_take_the_new_labels_and_words,
    ids_come_in_the_order_of_bytes_page_by_page,
    thousands_of_texts_are_written_and_read,
    documents_of_any_size_come_back_and_go,
    a_document_that_is_there_stays_as_it_is,
    tickets_come_back_and_are_replaced,
    what_many_write_at_once_is_there_once,
    nothing_is_done_for_empty_lists,
);

fn chunk(id: &str) -> ChunkId {
    ChunkId::parse(id).unwrap()
}

fn text(id: &str, words: &str) -> StoredText {
    StoredText {
        chunk_id: chunk(id),
        doc_id: DocumentId::derive("faqs/a.md", None),
        text: words.to_owned(),
        product_id: ProductId::parse("KM-1").ok(),
        tags: vec!["entkalken".to_owned()],
    }
}

fn document(words: &str) -> Document {
    let section = Section::of_paragraphs(vec!["Größe".to_owned()], Some(3), vec![words.to_owned()]);
    let document =
        Document::new("manuals/a.pdf", None, Kind::Manual, "Anleitung $set a.b", Language::german());
    Document { sections: vec![section], ..document }
}

fn ticket(words: &str) -> Ticket {
    Ticket {
        id: "T-1".to_owned(),
        customer_id: "C-1".to_owned(),
        order_id: None,
        product: None,
        status: "open".to_owned(),
        subject: "Läuft nicht".to_owned(),
        body: words.to_owned(),
        created: Utc::now(),
        resolution: None,
    }
}

async fn texts_come_back_and_absent_ones_are_left_out(opened: &Opened) {
    let store = &opened.store;
    let odd = ["Größe: 12 µm – „gut“ 🐢", "$set.a.b\r\n\t\"\\", "", "\u{10FFFF}\u{FFFD}", "a\0b"];
    let texts: Vec<StoredText> =
        odd.iter().enumerate().map(|(index, words)| text(&format!("c-{index}"), words)).collect();
    store.put_texts(&texts).await.unwrap();
    let asked: Vec<ChunkId> = ["c-0", "c-1", "c-2", "c-3", "c-4", "c-9"].map(chunk).to_vec();
    let found = store.texts(&asked).await.unwrap();
    for (id, words) in asked.iter().zip(odd) {
        assert_eq!(found[id], words.replace('\0', ""), "{id}");
    }
    assert_eq!(found.len(), 5);
}

async fn texts_that_are_written_again_take_the_new_labels_and_words(opened: &Opened) {
    let store = &opened.store;
    store.put_texts(&[text("c-1", "alt"), text("c-2", "bleibt")]).await.unwrap();
    store.put_texts(&[text("c-1", "neu"), text("c-3", "dazu")]).await.unwrap();
    let unlabelled = StoredText { product_id: None, tags: Vec::new(), ..text("c-1", "neu") };
    store.put_texts(std::slice::from_ref(&unlabelled)).await.unwrap();
    store.put_texts(&[unlabelled]).await.unwrap();
    let found = store.texts(&["c-1", "c-2", "c-3"].map(chunk)).await.unwrap();
    assert_eq!(["c-1", "c-2", "c-3"].map(|id| found[&chunk(id)].as_str()), ["neu", "bleibt", "dazu"]);
    assert_eq!(store.ids(Collection::Chunks, "", 10).await.unwrap(), ["c-1", "c-2", "c-3"]);
}

async fn ids_come_in_the_order_of_bytes_page_by_page(opened: &Opened) {
    let store = &opened.store;
    let mut ids = ["b", "B", "a", "A-1", "A.1", "A_1", "a-10", "a-9", "Z", "0", "z9", "a.b:1f"];
    for id in ids {
        store.put_tickets(&[(id.to_owned(), &ticket("x"))]).await.unwrap();
    }
    let texts: Vec<StoredText> = ids.iter().filter(|id| !id.contains(':')).map(|id| text(id, id)).collect();
    store.put_texts(&texts).await.unwrap();
    let mut pages: Vec<String> = Vec::new();
    loop {
        let after = pages.last().cloned().unwrap_or_default();
        let page = store.ids(Collection::Tickets, &after, 5).await.unwrap();
        assert!(page.len() <= 5);
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    ids.sort_unstable();
    assert_eq!(pages, ids);
    let chunks = store.ids(Collection::Chunks, "", 100).await.unwrap();
    assert_eq!(chunks, ids.into_iter().filter(|id| !id.contains(':')).collect::<Vec<_>>());
    assert!(store.ids(Collection::Parsed, "", 100).await.unwrap().is_empty(), "collections are apart");
}

async fn thousands_of_texts_are_written_and_read(opened: &Opened) {
    let store = &opened.store;
    let texts: Vec<StoredText> =
        (0..2_500).map(|number| text(&format!("c-{number:05}"), &format!("Text {number}"))).collect();
    store.put_texts(&texts).await.unwrap();
    store.put_texts(&texts).await.unwrap();
    let ids: Vec<ChunkId> = texts.iter().map(|text| text.chunk_id.clone()).collect();
    let found = store.texts(&ids).await.unwrap();
    assert_eq!(found.len(), 2_500);
    assert_eq!(found[&chunk("c-02499")], "Text 2499");
    let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
    store.remove(Collection::Chunks, &names[1..]).await.unwrap();
    assert_eq!(store.ids(Collection::Chunks, "", 10).await.unwrap(), ["c-00000"]);
}

async fn documents_of_any_size_come_back_and_go(opened: &Opened) {
    let store = &opened.store;
    // 20 MB of text with signs of one, two and four bytes: more than a document of MongoDB holds.
    let (small, large) = (document("Größe 🐢"), document(&"aß🐢\n".repeat(20 << 17)));
    let keys = ["1", "2"].map(|version| document_key(&small.id, &version.repeat(64)));
    let both = [(keys[0].clone(), &small), (keys[1].clone(), &large)];
    store.put_documents(&both).await.unwrap();
    store.put_documents(&both).await.unwrap();
    assert_eq!(store.document(&keys[0]).await.unwrap().as_ref(), Some(&small));
    assert!(store.document(&keys[1]).await.unwrap().as_ref() == Some(&large), "it came back otherwise");
    assert_eq!(store.ids(Collection::Parsed, "", 10).await.unwrap(), keys);
    let gone = [keys[1].clone(), "d-absent:1".to_owned()];
    store.remove(Collection::Parsed, &gone).await.unwrap();
    assert_eq!(store.document(&keys[1]).await.unwrap(), None);
    assert_eq!(store.ids(Collection::Parsed, "", 10).await.unwrap(), keys[..1]);
    assert_eq!(opened.rows("parsed_parts").await, 0, "parts are left behind");
}

async fn a_document_that_is_there_stays_as_it_is(opened: &Opened) {
    let store = &opened.store;
    let key = document_key(&document("").id, &"1".repeat(64));
    store.put_documents(&[(key.clone(), &document("zuerst"))]).await.unwrap();
    store.put_documents(&[(key.clone(), &document("danach"))]).await.unwrap();
    assert_eq!(store.document(&key).await.unwrap(), Some(document("zuerst")));
}

async fn tickets_come_back_and_are_replaced(opened: &Opened) {
    let store = &opened.store;
    let (first, second) = (ticket("Sie tropft. $ne"), ticket("Sie tropft nicht mehr."));
    store.put_tickets(&[("d1:1".to_owned(), &first), ("d2".to_owned(), &second)]).await.unwrap();
    store.put_tickets(&[("d2".to_owned(), &first)]).await.unwrap();
    let found = store.tickets(&["d1:1", "d2", "d3"]).await.unwrap();
    assert_eq!((found.len(), &found["d1:1"], &found["d2"]), (2, &first, &first));
    store.remove(Collection::Tickets, &["d1:1".to_owned()]).await.unwrap();
    assert!(!store.tickets(&["d1:1"]).await.unwrap().contains_key("d1:1"));
}

async fn what_many_write_at_once_is_there_once(opened: &Opened) {
    let texts: Vec<StoredText> = (0..100).map(|number| text(&format!("c-{number:03}"), "gleich")).collect();
    let large = document(&"x".repeat(9 << 20));
    let documents = [(document_key(&large.id, &"1".repeat(64)), &large)];
    let ticket = ticket("gleich");
    let writers = (0..8).map(|number| {
        let store = if number % 2 == 0 { &opened.store } else { &opened.other };
        let (texts, documents, ticket) = (&texts, &documents, &ticket);
        async move {
            store.put_texts(texts).await.unwrap();
            store.put_documents(documents).await.unwrap();
            store.put_tickets(&[("d1:1".to_owned(), ticket)]).await.unwrap();
        }
    });
    join_all(writers).await;
    let ids: HashSet<String> =
        opened.store.ids(Collection::Chunks, "", 1_000).await.unwrap().into_iter().collect();
    assert_eq!(ids.len(), 100);
    assert_eq!(opened.other.document(&documents[0].0).await.unwrap().as_ref(), Some(&large));
    assert_eq!(opened.other.tickets(&["d1:1"]).await.unwrap()["d1:1"], ticket);
}

async fn nothing_is_done_for_empty_lists(opened: &Opened) {
    let store = &opened.store;
    store.put_texts(&[]).await.unwrap();
    store.put_documents(&[]).await.unwrap();
    store.put_tickets(&[]).await.unwrap();
    assert!(store.texts(&[]).await.unwrap().is_empty() && store.tickets(&[]).await.unwrap().is_empty());
    for collection in [Collection::Chunks, Collection::Parsed, Collection::Tickets] {
        store.remove(collection, &[]).await.unwrap();
        store.remove(collection, &["absent".to_owned()]).await.unwrap();
    }
    store.ping().await.unwrap();
}
