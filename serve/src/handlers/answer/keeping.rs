//! What a request reads of its chat before it answers, and what it leaves behind.

use std::sync::Arc;

use auskunft_answer::{Conversation, Stage};
use auskunft_model::Answer;
use auskunft_store::chats::{self, ChatMessage, Earlier, Keyed, Turn as Said};
use auskunft_store::tickets::Seer;
use auskunft_store::volatile::{Closing, MOST_MESSAGES, Session, SessionUpdate};
use serde_json::Value;

use super::flow::Flow;
use super::told::Told;
use crate::chat::{self, KeptReply};
use crate::error::ApiError;
use crate::session::{self, Memory};

/// Operations that keep a reply and append its messages.
const KEPT_OPERATIONS: u32 = 2;

impl Flow {
    /// What the same request was answered before.
    pub(super) async fn earlier(&mut self) -> Result<Option<Value>, ApiError> {
        let Told { state, asked, chat, key, .. } = &*Arc::clone(&self.told);
        let Some(key) = key else { return Ok(None) };
        let stage = Stage::begin("replay");
        let digest = chat::asked_digest(asked);
        let found = stage.of(chats::earlier(state.documents(), chat, key, digest.as_str())).await;
        self.timings.end(stage);
        match found {
            Ok((earlier, operations)) => {
                self.operations.mongodb += operations;
                self.replay(earlier).await
            }
            Err(error) => {
                self.lose_chat(&error);
                Ok(None)
            }
        }
    }

    /// An earlier reply, as long as the agent may see what it says: a right that was taken away since counts.
    async fn replay(&mut self, earlier: Earlier) -> Result<Option<Value>, ApiError> {
        let stored = match earlier {
            Earlier::Nothing => return Ok(None),
            Earlier::Conflict => return Err(chat::conflict()),
            Earlier::Reply(stored) => stored,
        };
        let reply: KeptReply =
            serde_json::from_value(stored).map_err(|error| ApiError::internal(error.to_string()))?;
        if reply.permissions == self.told.caller.permissions() && self.may_see(&reply).await? {
            return Ok(Some(reply.body));
        }
        self.is_outdated = true;
        Ok(None)
    }

    /// A look at a customer's data is a look also the second time: it is asked for and stands in the audit.
    async fn may_see(&mut self, reply: &KeptReply) -> Result<bool, ApiError> {
        let Told { state, asked, asker, request_id, .. } = &*Arc::clone(&self.told);
        let (true, Some(agent), Some(customer)) = (reply.has_customer_facts, &asker.agent, &asked.customer)
        else {
            return Ok(!reply.has_customer_facts);
        };
        self.operations.postgres += 1;
        let seer = Seer { agent, request_id };
        Ok(chats::may_look(&state.stores.database, seer, &asked.session, customer, true).await?)
    }

    /// What the conversation is about. Where volatile state knows nothing of a session that the caller goes on with, its chat tells.
    pub(super) async fn remember(&mut self, session: Option<Session>) -> Memory {
        let Told { state, asked, caller, chat, .. } = &*Arc::clone(&self.told);
        if session.is_some() || !asked.is_continued {
            return Memory::read(session);
        }
        let stage = Stage::begin("rebuild");
        match stage.of(state.documents().messages(chat, None, MOST_MESSAGES)).await {
            Ok(page) => {
                self.operations.mongodb += page.operations;
                self.rebuilt = chat::rebuilt(&page, asked, caller);
            }
            Err(error) => self.lose_chat(&error),
        }
        self.timings.end(stage);
        Memory::read(self.rebuilt.clone())
    }

    fn lose_chat(&mut self, error: &auskunft_store::Error) {
        tracing::debug!(%error, "the chat is not available; answering without it");
        self.unwritten = true;
    }

    /// Writes session, cached answer and chat, all at the same time. When another request with the same key was faster, its reply.
    pub(super) async fn close(
        &mut self,
        answer: &Answer,
        said: &Conversation,
        memory: &Memory,
    ) -> Result<Option<Value>, ApiError> {
        let Told { asked, caller, request_id, .. } = &*Arc::clone(&self.told);
        let stage = Stage::begin("close");
        let closing = self.closing(answer, said);
        let messages = chat::turn(asked, answer, memory.after(said), (request_id, caller));
        let earlier = match self.reply(answer)? {
            Some(reply) => stage.of(self.close_once(&messages, &reply, &closing)).await?,
            None => {
                stage.of(self.close_both(&messages, &closing)).await;
                None
            }
        };
        self.timings.end(stage);
        Ok(earlier)
    }

    /// Where a request may be sent again, the session learns of it when it is the first one.
    async fn close_once(
        &mut self,
        messages: &[ChatMessage],
        (key, reply): &(String, Value),
        closing: &Closing,
    ) -> Result<Option<Value>, ApiError> {
        let Told { state, asked, chat, .. } = &*Arc::clone(&self.told);
        let question = chat::asked_digest(asked);
        let keyed = Keyed { key, question: question.as_str(), reply };
        let kept = chats::keep(state.documents(), chat, Said { messages, keyed: Some(keyed) }).await;
        let is_first = matches!(&kept, Ok((Earlier::Nothing, _)) | Err(_));
        let earlier = match kept {
            Ok((earlier, operations)) => {
                self.operations.mongodb += operations;
                self.replay(earlier).await?
            }
            Err(error) => {
                self.lose_chat(&error);
                None
            }
        };
        if is_first {
            self.write_session(closing).await;
        } else if earlier.is_none() {
            // The earlier reply is not for the agent any more: this answer is one of its own.
            self.close_both(messages, closing).await;
        }
        Ok(earlier)
    }

    async fn close_both(&mut self, messages: &[ChatMessage], closing: &Closing) {
        let Told { state, chat, .. } = &*Arc::clone(&self.told);
        let turn = Said { messages, keyed: None };
        let ((), appended) =
            tokio::join!(self.write_session(closing), chats::keep(state.documents(), chat, turn));
        match appended {
            Ok((_, operations)) => self.operations.mongodb += operations,
            Err(error) => self.lose_chat(&error),
        }
    }

    async fn write_session(&mut self, closing: &Closing) {
        self.operations.redis += 1;
        if let Err(error) = self.told.state.volatile.close_request(closing).await {
            tracing::debug!(%error, "the session could not be written");
            self.forgetful = true;
        }
    }

    fn closing(&mut self, answer: &Answer, said: &Conversation) -> Closing {
        let rebuilt = self.rebuilt.take();
        let Told { asked, caller, keys, .. } = &*self.told;
        let kept = self.kept(answer, said).and_then(|kept| serde_json::to_value(kept).ok());
        Closing {
            session_key: keys.session_key.clone(),
            update: SessionUpdate { rebuilt, ..session::update(asked, caller, said, answer) },
            answer: kept.map(|kept| (keys.answer_key.clone(), kept)),
        }
    }

    /// What a request with the same key is to be given again; its cost is that of the first one, as far as it is known before it is kept.
    fn reply(&self, answer: &Answer) -> Result<Option<(String, Value)>, ApiError> {
        let Some(key) = self.told.key.clone().filter(|_| !self.is_outdated) else { return Ok(None) };
        let mut operations = self.operations;
        operations.mongodb += KEPT_OPERATIONS;
        operations.redis += 1;
        let answer = self.with_missing(answer.clone());
        let kept = KeptReply {
            permissions: self.told.caller.permissions(),
            has_customer_facts: self.has_customer_facts,
            body: value(self.response(answer, operations))?,
        };
        Ok(Some((key, value(kept)?)))
    }
}

/// A message as JSON.
pub(super) fn value(message: impl serde::Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(message).map_err(|error| ApiError::internal(error.to_string()))
}
