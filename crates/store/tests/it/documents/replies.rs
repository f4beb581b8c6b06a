//! Replies to requests that may be repeated.

use auskunft_store::DocumentStore;
use auskunft_store::chats::{self, ChatId, ChatMessage, Earlier, Keyed, StoredReply, Turn};
use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use serde_json::{Value, json};

use super::Opened;
use super::chats::{all, chat, message};

super::on_each_store!(
    a_repeated_request_gets_its_reply_and_appends_nothing,
    a_key_with_another_question_is_a_conflict,
    a_turn_without_a_key_is_one_operation,
    who_ended_between_reply_and_append_loses_nothing,
    of_many_with_one_key_at_once_the_first_is_kept,
    replies_go_when_nobody_asks_any_more,
);

fn turn<'a>(messages: &'a [ChatMessage], question: &'a str, reply: &'a Value) -> Turn<'a> {
    Turn { messages, keyed: Some(Keyed { key: "k/ö:1", question, reply }) }
}

async fn earlier(store: &dyn DocumentStore, chat: &ChatId, question: &str) -> Earlier {
    chats::earlier(store, chat, "k/ö:1", question).await.unwrap().0
}

async fn a_repeated_request_gets_its_reply_and_appends_nothing(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let (said, reply) = ([message(0), message(1)], json!({ "a.b": "$x", "n": 1.25 }));
    assert_eq!(chats::earlier(store, &chat, "k/ö:1", "q").await.unwrap(), (Earlier::Nothing, 1));
    assert_eq!(chats::keep(store, &chat, turn(&said, "q", &reply)).await.unwrap(), (Earlier::Nothing, 2));
    let later: Vec<ChatMessage> = (2..200).map(message).collect();
    store.append(&chat, &later).await.unwrap();
    assert_eq!(earlier(opened.other.as_ref(), &chat, "q").await, Earlier::Reply(reply.clone()));
    // Another program, which did not look before it answered, says something else.
    let (other, otherwise) = ([message(900), message(901)], json!("anders"));
    let (found, _) = chats::keep(store, &chat, turn(&other, "q", &otherwise)).await.unwrap();
    assert_eq!(found, Earlier::Reply(reply));
    assert_eq!(all(store, &chat, 100).await.len(), 200);
}

async fn a_key_with_another_question_is_a_conflict(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let (said, reply) = ([message(0)], json!("ja"));
    chats::keep(store, &chat, turn(&said, "q", &reply)).await.unwrap();
    assert_eq!(earlier(store, &chat, "anders").await, Earlier::Conflict);
    let more = [message(1)];
    let (found, _) = chats::keep(store, &chat, turn(&more, "anders", &reply)).await.unwrap();
    assert_eq!(found, Earlier::Conflict);
    assert_eq!(all(store, &chat, 10).await, said);
    // The key is the chat's own.
    let other = super::chats::chat("s-2");
    assert_eq!(earlier(store, &other, "q").await, Earlier::Nothing);
}

async fn a_turn_without_a_key_is_one_operation(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let said = [message(0), message(1)];
    let turn = Turn { messages: &said, keyed: None };
    assert_eq!(chats::keep(store, &chat, turn).await.unwrap(), (Earlier::Nothing, 1));
    assert_eq!(all(store, &chat, 10).await, said);
}

async fn who_ended_between_reply_and_append_loses_nothing(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let (said, reply) = (vec![message(0), message(1)], json!("ja"));
    let stored = StoredReply { question: "q".to_owned(), reply: reply.clone(), messages: said.clone() };
    assert_eq!(store.keep_reply(&chat, "k/ö:1", &stored).await.unwrap(), None);
    assert_eq!(store.keep_reply(&chat, "k/ö:1", &stored).await.unwrap(), Some(stored));
    for _ in 0..2 {
        assert_eq!(earlier(store, &chat, "q").await, Earlier::Reply(reply.clone()));
        assert_eq!(all(store, &chat, 10).await, said);
    }
}

async fn of_many_with_one_key_at_once_the_first_is_kept(opened: &Opened) {
    let chat = chat("s-1");
    let asking = (0..20).map(|number| {
        let store = if number % 2 == 0 { opened.store.as_ref() } else { opened.other.as_ref() };
        let chat = &chat;
        async move {
            let (said, reply) = ([message(2 * number), message(2 * number + 1)], json!(number));
            let (found, _) = chats::keep(store, chat, turn(&said, "q", &reply)).await.unwrap();
            match found {
                Earlier::Nothing => (number, true),
                Earlier::Reply(first) => (first.as_i64().unwrap(), false),
                Earlier::Conflict => panic!("it is the same question"),
            }
        }
    });
    let told = join_all(asking).await;
    assert_eq!(told.iter().filter(|(_, is_first)| *is_first).count(), 1);
    let first = told.iter().find(|(_, is_first)| *is_first).unwrap().0;
    assert!(told.iter().all(|(number, _)| *number == first), "{told:?}");
    assert_eq!(all(opened.store.as_ref(), &chat, 10).await, [message(2 * first), message(2 * first + 1)]);
}

async fn replies_go_when_nobody_asks_any_more(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let stored = StoredReply { question: "q".to_owned(), reply: json!(1), messages: Vec::new() };
    for key in ["a", "b", "c"] {
        store.keep_reply(&chat, key, &stored).await.unwrap();
    }
    let hour = TimeDelta::hours(1);
    assert_eq!(store.remove_replies(Utc::now() - hour, 10).await.unwrap(), 0);
    let mut removed = Vec::new();
    for _ in 0..3 {
        removed.push(store.remove_replies(Utc::now() + hour, 2).await.unwrap());
    }
    assert_eq!(removed, [2, 1, 0]);
    assert_eq!(store.reply(&chat, "a").await.unwrap(), None);
}
