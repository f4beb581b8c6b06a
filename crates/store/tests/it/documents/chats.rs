//! Chats: whatever is written again, in any order and by whomever, is there once.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::DocumentStore;
use auskunft_store::chats::{ChatId, ChatMessage, Speaker};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{join, join_all};
use serde_json::json;

use super::Opened;
use crate::random::Random;

super::on_each_store!(
    messages_come_back_as_they_were_said,
    a_long_chat_is_read_page_by_page,
    appending_takes_one_operation_as_a_rule,
    fifty_writers_at_once_lose_and_double_nothing,
    who_reads_beside_the_writing_sees_whole_turns,
    what_is_written_again_at_any_time_is_there_once,
    late_messages_are_taken_once,
    long_messages_fill_a_bucket_earlier,
    chats_of_other_owners_are_apart,
    an_agents_chats_are_listed_by_their_last_message,
    old_messages_go_and_younger_ones_stay,
    a_chat_that_went_can_begin_again,
);

pub(super) fn chat(session: &str) -> ChatId {
    let customer = CustomerId::parse("C-1").unwrap();
    ChatId::of_agent(session, AgentId::parse("A-1").unwrap(), Some(customer)).unwrap()
}

/// A day in the past, and so many seconds.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

pub(super) fn message(number: i64) -> ChatMessage {
    let from = if number % 2 == 0 { Speaker::Customer } else { Speaker::Agent };
    ChatMessage::new(format!("m-{number:04}"), from, at(number), format!("Satz {number}"))
}

/// All messages, oldest first, read in pages of so many.
pub(super) async fn all(store: &dyn DocumentStore, chat: &ChatId, page: usize) -> Vec<ChatMessage> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let found = store.messages(chat, before, page).await.unwrap();
        assert!(found.messages.len() <= page);
        assert!(found.messages.is_sorted_by(|one, next| one.position < next.position));
        before = found.messages.first().map(|placed| placed.position);
        all.splice(0..0, found.messages.into_iter().map(|placed| placed.message));
        if !found.has_older {
            return all;
        }
    }
}

async fn messages_come_back_as_they_were_said(opened: &Opened) {
    let store = opened.store.as_ref();
    let (chat, now) = (chat("s-1"), Utc::now());
    assert_eq!(store.messages(&chat, None, 10).await.unwrap().messages, []);
    let mut question =
        ChatMessage::new("m-1".to_owned(), Speaker::Customer, now, "Größe? 🐢 $set a.b\0".to_owned());
    question.context = Some(json!({ "a.b": 1.5, "$set": { "": [null, true, "ß"] }, "x": "\u{1}" }));
    let answer = ChatMessage::new("m-2".to_owned(), Speaker::Agent, now, String::new());
    store.append(&chat, &[question.clone(), answer.clone()]).await.unwrap();
    question.text.pop();
    assert_eq!(all(store, &chat, 10).await, [question, answer]);
    store.append(&chat, &[]).await.unwrap();
}

async fn a_long_chat_is_read_page_by_page(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let said: Vec<ChatMessage> = (0..200).map(message).collect();
    // More at once than a bucket holds, then one by one.
    store.append(&chat, &said[..150]).await.unwrap();
    for one in &said[150..] {
        store.append(&chat, std::slice::from_ref(one)).await.unwrap();
    }
    for page in [1, 7, 64, 500] {
        assert_eq!(all(store, &chat, page).await, said, "in pages of {page}");
    }
    let last = store.messages(&chat, None, 10).await.unwrap();
    let last: Vec<ChatMessage> = last.messages.into_iter().map(|placed| placed.message).collect();
    assert_eq!(last, said[190..]);
}

async fn appending_takes_one_operation_as_a_rule(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let mut of_more = 0;
    for number in 0..320 {
        of_more += u32::from(store.append(&chat, &[message(number)]).await.unwrap() != 1);
    }
    assert!(of_more <= 5, "{of_more} of 320 appends took more: one for each full bucket is due");
}

async fn fifty_writers_at_once_lose_and_double_nothing(opened: &Opened) {
    let chat = chat("s-1");
    let operations = AtomicU32::new(0);
    let turns = 50 * 4;
    let writers = (0..50).map(|writer| {
        let store = if writer % 2 == 0 { &opened.store } else { &opened.other };
        let (chat, operations) = (&chat, &operations);
        async move {
            for turn in 0..4 {
                let turn = 2 * (writer * 4 + turn);
                let pair = [message(turn), message(turn + 1)];
                operations.fetch_add(store.append(chat, &pair).await.unwrap(), Ordering::Relaxed);
                if turn % 3 == 0 {
                    store.append(chat, &pair).await.unwrap();
                }
            }
        }
    });
    join_all(writers).await;
    let there = all(opened.store.as_ref(), &chat, 100).await;
    let ids: HashSet<&str> = there.iter().map(|message| message.id.as_str()).collect();
    assert_eq!((there.len(), ids.len()), (2 * turns as usize, 2 * turns as usize));
    assert!(
        there.chunks(2).all(|pair| pair[0].id < pair[1].id && pair[0].from != pair[1].from),
        "torn apart"
    );
    assert_eq!(all(opened.other.as_ref(), &chat, 33).await, there, "another order for another reader");
    eprintln!("{turns} turns by 50 writers: {operations:?} operations");
}

async fn who_reads_beside_the_writing_sees_whole_turns(opened: &Opened) {
    let (chat, turns) = (chat("s-1"), 400);
    let is_written = AtomicBool::new(false);
    let write = async {
        for turn in 0..turns {
            let pair = [message(2 * turn), message(2 * turn + 1)];
            opened.store.append(&chat, &pair).await.unwrap();
        }
        is_written.store(true, Ordering::Relaxed);
    };
    let read = || async {
        let mut seen = 0;
        while !is_written.load(Ordering::Relaxed) {
            let there = opened.other.messages(&chat, None, 1_000).await.unwrap().messages;
            let numbers: Vec<&str> = there.iter().map(|placed| placed.message.id.as_str()).collect();
            let expected: Vec<String> = (0..there.len()).map(|number| format!("m-{number:04}")).collect();
            assert_eq!(numbers, expected);
            assert!(there.len() % 2 == 0 && there.len() >= seen, "{} after {seen}", there.len());
            seen = there.len();
        }
    };
    join(write, join_all((0..6).map(|_| read()))).await;
}

async fn what_is_written_again_at_any_time_is_there_once(opened: &Opened) {
    let (chat, mut random) = (chat("s-1"), Random::seeded(3));
    let stores = [opened.store.as_ref(), opened.other.as_ref()];
    for turn in 0..150 {
        let pair = [message(2 * turn), message(2 * turn + 1)];
        stores[random.below(2)].append(&chat, &pair).await.unwrap();
        stores[random.below(2)].append(&chat, &pair).await.unwrap();
        // An older one, or a part of it with a younger one.
        let older = i64::try_from(random.below(2 * usize::try_from(turn).unwrap() + 1)).unwrap();
        stores[random.below(2)].append(&chat, &[message(older), message(2 * turn + 1)]).await.unwrap();
    }
    let expected: Vec<ChatMessage> = (0..300).map(message).collect();
    assert_eq!(all(stores[0], &chat, 100).await, expected);
}

async fn late_messages_are_taken_once(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let (early, late): (Vec<i64>, Vec<i64>) = (0..300).partition(|number| number % 10 != 7);
    for number in early {
        store.append(&chat, &[message(number)]).await.unwrap();
    }
    for _ in 0..2 {
        for number in &late {
            store.append(&chat, &[message(*number)]).await.unwrap();
        }
    }
    let there = all(store, &chat, 100).await;
    let ids: HashSet<&str> = there.iter().map(|message| message.id.as_str()).collect();
    assert_eq!((there.len(), ids.len()), (300, 300));
}

async fn long_messages_fill_a_bucket_earlier(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let long = |number: i64, bytes: usize| {
        ChatMessage::new(format!("m-{number}"), Speaker::Agent, at(number), "x".repeat(bytes))
    };
    // 30 MB in all: one document could not hold it.
    let said: Vec<ChatMessage> =
        (0..12).map(|number| long(number, if number % 3 == 0 { 3 << 20 } else { 200 << 10 })).collect();
    store.append(&chat, &said[..6]).await.unwrap();
    for one in &said[6..] {
        store.append(&chat, std::slice::from_ref(one)).await.unwrap();
    }
    assert!(all(store, &chat, 3).await == said, "they came back otherwise");
    let error = store.append(&chat, &[long(99, 5 << 20)]).await.unwrap_err();
    assert!(error.message.contains("`m-99`"), "{error}");
}

async fn chats_of_other_owners_are_apart(opened: &Opened) {
    let store = opened.store.as_ref();
    let agent = |id: &str| AgentId::parse(id).unwrap();
    let chats = [
        chat("s-1"),
        ChatId::of_guest("s-1").unwrap(),
        ChatId::of_agent("s-1", agent("A-1"), None).unwrap(),
        ChatId::of_agent("s-1", agent("A-2"), CustomerId::parse("C-1").ok()).unwrap(),
    ];
    for (number, chat) in (0..).zip(&chats) {
        store.append(chat, &[message(number)]).await.unwrap();
    }
    for (number, chat) in (0..).zip(&chats) {
        assert_eq!(all(store, chat, 10).await, [message(number)], "{chat:?}");
    }
}

async fn an_agents_chats_are_listed_by_their_last_message(opened: &Opened) {
    let (store, agent) = (opened.store.as_ref(), AgentId::parse("A-1").unwrap());
    for (number, session) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        // Two of them at the same time.
        let seconds = i64::try_from(number / 2).unwrap();
        store.append(&chat(session), &[message(seconds)]).await.unwrap();
    }
    let other = ChatId::of_agent("z", AgentId::parse("A-2").unwrap(), None).unwrap();
    store.append(&other, &[message(500)]).await.unwrap();
    let many: Vec<ChatMessage> = (100..300).map(message).collect();
    store.append(&chat("b"), &many).await.unwrap();
    let (mut sessions, mut after) = (Vec::new(), None);
    loop {
        let page = store.chats(&agent, after.as_ref(), 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        sessions.extend(page);
    }
    let names: Vec<&str> = sessions.iter().map(|summary| summary.id.session()).collect();
    assert_eq!(names, ["b", "e", "d", "c", "a"]);
    assert_eq!((sessions[0].id.clone(), sessions[0].started, sessions[0].last), (chat("b"), at(0), at(299)));
}

async fn remove(store: &dyn DocumentStore, before: DateTime<Utc>) -> u64 {
    let mut removed = 0;
    loop {
        let now = store.remove_messages(before, 3).await.unwrap();
        removed += now;
        if now == 0 {
            return removed;
        }
    }
}

async fn old_messages_go_and_younger_ones_stay(opened: &Opened) {
    let (store, agent) = (opened.store.as_ref(), AgentId::parse("A-1").unwrap());
    let said: Vec<ChatMessage> = (0..200).map(message).collect();
    for session in ["long", "longer"] {
        store.append(&chat(session), &said).await.unwrap();
    }
    for session in 0..10 {
        store.append(&chat(&format!("old-{session}")), &said[..100]).await.unwrap();
    }
    store.append(&ChatId::of_guest("guest").unwrap(), &said[..1]).await.unwrap();
    assert!(remove(store, at(170)).await > 0);
    assert_eq!(remove(store, at(170)).await, 0, "nothing is left to do");
    for session in ["long", "longer"] {
        assert_eq!(all(store, &chat(session), 50).await, said[170..]);
    }
    assert_eq!(store.chats(&agent, None, 100).await.unwrap().len(), 2, "empty chats are listed");
    // What goes on, goes on.
    store.append(&chat("long"), &[message(199), message(200)]).await.unwrap();
    assert_eq!(all(store, &chat("long"), 50).await.len(), 31);
    assert!(remove(store, at(1_000)).await > 0);
    assert!(store.chats(&agent, None, 100).await.unwrap().is_empty());
    assert_eq!(opened.rows("chats").await, 0, "buckets are left behind");
}

async fn a_chat_that_went_can_begin_again(opened: &Opened) {
    let (store, chat) = (opened.store.as_ref(), chat("s-1"));
    let first: Vec<ChatMessage> = (0..200).map(message).collect();
    let second: Vec<ChatMessage> = (1_000..1_200).map(message).collect();
    store.append(&chat, &first).await.unwrap();
    remove(store, at(900)).await;
    store.append(&chat, &second).await.unwrap();
    assert_eq!(all(store, &chat, 64).await, second);
    assert!(at(0) + TimeDelta::days(1) < Utc::now());
}
