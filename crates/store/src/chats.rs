//! Chats: what was said in a conversation, kept in the document store. Append-only; customer data.
//!
//! A chat belongs to the session, the agent and the customer that it is held with (`docs/adr/0006`). Messages have ids and times
//! given by whoever writes them, so that writing them again changes nothing. A reply with an `Idempotency-Key` is kept **before** its
//! messages are appended and holds them: whoever finds it appends them again, so a crash between the two loses nothing.

mod looking;

use async_trait::async_trait;
use auskunft_model::{AgentId, CustomerId, Digest, IdError, id};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::{DocumentStore, Stores};

pub use looking::{Feedback, keep_feedback, listed, may_look};

/// The most bytes of a message; questions and answers have a few thousand.
pub const MAX_MESSAGE_BYTES: usize = 4 << 20;

/// A stored reply is kept for at least so many hours after it was given.
pub const REPLY_HOURS: i64 = 24;

/// Names a chat by whom it is held with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChatId {
    session: String,
    agent: Option<AgentId>,
    customer: Option<CustomerId>,
}

impl ChatId {
    /// The chat of an agent, with that customer on the line or with none.
    ///
    /// # Errors
    /// When `session` has not the form of identifiers.
    pub fn of_agent(session: &str, agent: AgentId, customer: Option<CustomerId>) -> Result<Self, IdError> {
        id::check(session)?;
        Ok(Self { session: session.to_owned(), agent: Some(agent), customer })
    }

    /// A guest's chat: nothing of a customer is said in it.
    ///
    /// # Errors
    /// When `session` has not the form of identifiers.
    pub fn of_guest(session: &str) -> Result<Self, IdError> {
        id::check(session)?;
        Ok(Self { session: session.to_owned(), agent: None, customer: None })
    }

    /// The session.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// Whose conversation it is; `None` = a guest's.
    pub fn agent(&self) -> Option<&AgentId> {
        self.agent.as_ref()
    }

    /// The customer on the line.
    pub fn customer(&self) -> Option<&CustomerId> {
        self.customer.as_ref()
    }

    /// One text for all three; identifiers have no colon.
    pub(crate) fn key(&self) -> String {
        let customer = self.customer.as_ref().map_or("", CustomerId::as_str);
        match &self.agent {
            Some(agent) => format!("{}:{agent}:{customer}", self.session),
            None => self.session.clone(),
        }
    }

    /// Under what a reply of this chat is stored; keys are bound to the chat.
    pub(crate) fn reply_key(&self, key: &str) -> String {
        format!("{}/{}", self.key(), Digest::of(key.as_bytes()))
    }
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The customer, or who asks for the customer.
    Customer,
    /// The desk.
    Agent,
}

/// A message of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Unique in its chat. The same message keeps id and time when it is written again.
    pub id: String,
    /// Who says it.
    pub from: Speaker,
    /// When, in whole milliseconds.
    #[serde(rename = "ts")]
    at: DateTime<Utc>,
    /// What is said; U+0000 is left out when it is stored.
    pub text: String,
    /// What the program must know to go on from here, e.g. what the message left behind in the conversation; never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
}

impl ChatMessage {
    /// A message without context; its time is cut to milliseconds.
    pub fn new(id: String, from: Speaker, at: DateTime<Utc>, text: String) -> Self {
        Self { id, from, at: at.trunc_subsecs(3), text, context: None }
    }

    /// When it was said.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Bytes that it takes, about.
    pub(crate) fn size(&self) -> usize {
        // Names of fields, speaker and time.
        const REST: usize = 64;
        let context = self.context.as_ref().map_or(0, |context| context.to_string().len());
        self.id.len() + self.text.len() + context + REST
    }
}

/// A message with its place in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Rises along the chat, with gaps; to ask for what came before.
    pub position: i64,
    /// The message.
    pub message: ChatMessage,
}

/// Some messages of a chat, one after another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChatPage {
    /// Oldest first.
    pub messages: Vec<Placed>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Operations that reading took.
    pub operations: u32,
}

/// A chat in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSummary {
    /// Which.
    pub id: ChatId,
    /// When its first message was said.
    pub started: DateTime<Utc>,
    /// When its latest message was said.
    pub last: DateTime<Utc>,
}

/// A reply that was given to a request with an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReply {
    /// Names all that was asked, e.g. a digest: the same key with something else is a mistake of the caller.
    pub question: String,
    /// What was answered, as the caller wants it back.
    pub reply: Value,
    /// What it adds to the chat.
    pub messages: Vec<ChatMessage>,
}

/// The chats' half of the document store. All writes are idempotent; an acknowledged one survives the server's crash.
#[async_trait]
pub trait ChatStore: Send + Sync + std::fmt::Debug {
    /// Appends those messages that the chat does not hold yet, in their order; returns how many operations it took, one as a rule.
    async fn append(&self, chat: &ChatId, messages: &[ChatMessage]) -> Result<u32>;

    /// The latest messages, or the latest before a position, at most `limit`.
    async fn messages(&self, chat: &ChatId, before: Option<i64>, limit: usize) -> Result<ChatPage>;

    /// An agent's chats, the one that was written last first, at most `limit`; those after `after`, the last one of the page before.
    async fn chats(
        &self,
        agent: &AgentId,
        after: Option<&ChatSummary>,
        limit: usize,
    ) -> Result<Vec<ChatSummary>>;

    /// Keeps a reply under a key of the chat unless there is one; returns the one that was there. One operation where there was none.
    async fn keep_reply(&self, chat: &ChatId, key: &str, reply: &StoredReply) -> Result<Option<StoredReply>>;

    /// The reply that is kept under a key of the chat. One operation.
    async fn reply(&self, chat: &ChatId, key: &str) -> Result<Option<StoredReply>>;

    /// Removes messages that were said before that time, and chats that have no others: about `limit` at once. Returns how many
    /// rows or documents it removed or changed; 0 = nothing older is left.
    async fn remove_messages(&self, before: DateTime<Utc>, limit: i64) -> Result<u64>;

    /// Removes replies that were given before that time, at most `limit`; returns how many.
    async fn remove_replies(&self, before: DateTime<Utc>, limit: i64) -> Result<u64>;
}

/// What one question adds to a chat.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Question and answer.
    pub messages: &'a [ChatMessage],
    /// What a repeated request is to get; `None` = the request has no key.
    pub keyed: Option<Keyed<'a>>,
}

/// A reply that must be given once alone.
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'a> {
    /// The request's `Idempotency-Key`.
    pub key: &'a str,
    /// Names all that was asked.
    pub question: &'a str,
    /// What is answered.
    pub reply: &'a Value,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Earlier {
    /// Nothing: this request, and its reply where it was to be kept, is the first one.
    Nothing,
    /// The same request was answered before; its messages are in the chat.
    Reply(Value),
    /// Another request used the key.
    Conflict,
}

/// Looks whether a request was answered before; then sees to it that the chat holds its messages. With the operations it took.
pub async fn earlier(
    documents: &dyn DocumentStore,
    chat: &ChatId,
    key: &str,
    question: &str,
) -> Result<(Earlier, u32)> {
    let Some(stored) = documents.reply(chat, key).await? else { return Ok((Earlier::Nothing, 1)) };
    let (earlier, operations) = complete(documents, chat, stored, question).await?;
    Ok((earlier, 1 + operations))
}

/// Appends a turn to its chat, keeping its reply first where it has a key. When two requests with the same key come here at once, the
/// second one gets the reply of the first. With the operations it took.
pub async fn keep(documents: &dyn DocumentStore, chat: &ChatId, turn: Turn<'_>) -> Result<(Earlier, u32)> {
    let Some(keyed) = turn.keyed else {
        return Ok((Earlier::Nothing, documents.append(chat, turn.messages).await?));
    };
    let reply = StoredReply {
        question: keyed.question.to_owned(),
        reply: keyed.reply.clone(),
        messages: turn.messages.to_vec(),
    };
    match documents.keep_reply(chat, keyed.key, &reply).await? {
        None => Ok((Earlier::Nothing, 1 + documents.append(chat, turn.messages).await?)),
        Some(stored) => {
            let (earlier, operations) = complete(documents, chat, stored, keyed.question).await?;
            Ok((earlier, 2 + operations))
        }
    }
}

/// Whoever kept the reply may have ended before appending.
async fn complete(
    documents: &dyn DocumentStore,
    chat: &ChatId,
    stored: StoredReply,
    question: &str,
) -> Result<(Earlier, u32)> {
    if stored.question != question {
        return Ok((Earlier::Conflict, 0));
    }
    let operations = documents.append(chat, &stored.messages).await?;
    Ok((Earlier::Reply(stored.reply), operations))
}

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Removed {
    /// Rows or documents with messages.
    pub(crate) messages: u64,
    /// Replies.
    pub(crate) replies: u64,
    /// Opinions of answers.
    pub(crate) feedback: u64,
}

/// How much is removed at once.
const STEP: i64 = 500;

/// Removes messages and opinions that are older than so many days, and replies that nobody asks for again.
pub(crate) async fn remove_old(stores: &Stores, days: u32) -> Result<Removed> {
    let now = Utc::now();
    let (said, given) = (now - TimeDelta::days(i64::from(days)), now - TimeDelta::hours(REPLY_HOURS));
    let mut removed = Removed::default();
    loop {
        let messages = stores.documents.remove_messages(said, STEP).await?;
        let replies = stores.documents.remove_replies(given, STEP).await?;
        let feedback = looking::remove_feedback(&stores.database, said, STEP).await?;
        removed.messages += messages;
        removed.replies += replies;
        removed.feedback += feedback;
        if messages + replies + feedback == 0 {
            return Ok(removed);
        }
    }
}

/// Refuses a message that no document could hold.
pub(crate) fn check_sizes(messages: &[ChatMessage]) -> Result<()> {
    let Some(long) = messages.iter().find(|message| message.size() > MAX_MESSAGE_BYTES) else {
        return Ok(());
    };
    let (id, size) = (&long.id, long.size());
    let message =
        format!("the message `{id}` has {size} bytes, at most {MAX_MESSAGE_BYTES} can be kept; shorten it");
    Err(Error::new(ErrorKind::Internal, "append to a chat", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_of_other_owners_have_other_keys() {
        let agent = AgentId::parse("A-1").unwrap();
        let customer = CustomerId::parse("C-1").unwrap();
        let keys = [
            ChatId::of_guest("s").unwrap().key(),
            ChatId::of_agent("s", agent.clone(), None).unwrap().key(),
            ChatId::of_agent("s", agent, Some(customer)).unwrap().key(),
        ];
        assert_eq!(keys, ["s", "s:A-1:", "s:A-1:C-1"]);
        assert!(ChatId::of_guest("s:A-1:").is_err(), "a guest could read an agent's chat");
    }

    #[test]
    fn a_message_that_no_document_could_hold_is_refused() {
        let message = |text: String| ChatMessage::new("m-1".to_owned(), Speaker::Agent, Utc::now(), text);
        assert!(check_sizes(&[message("kurz".to_owned())]).is_ok());
        let error = check_sizes(&[message("x".repeat(MAX_MESSAGE_BYTES))]).unwrap_err();
        assert!(error.message.contains("`m-1`"), "{error}");
    }
}
