//! What a request is about, as it was stated and checked.

use std::time::Instant;

use auskunft_model::Asker;
use auskunft_store::chats::ChatId;
use auskunft_store::volatile::Opening;
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};

use crate::access::Caller;
use crate::check::{self, Asked};
use crate::error::ApiError;
use crate::log::Entry;
use crate::state::AppState;
use crate::wire::AnswerRequest;
use crate::{chat, session};

/// What a request is about.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) state: AppState,
    pub(super) asked: Asked,
    pub(super) caller: Caller,
    pub(super) asker: Asker,
    pub(super) keys: Opening,
    pub(super) chat: ChatId,
    /// The request's `Idempotency-Key`.
    pub(super) key: Option<String>,
    pub(super) request_id: String,
    /// What the request log learns of it.
    pub(super) entry: Entry,
    /// When it came.
    pub(super) begin: Instant,
    pub(super) now: DateTime<Utc>,
}

/// Who asks, and under which name.
#[derive(Debug)]
pub(super) struct From {
    pub(super) caller: Caller,
    pub(super) request_id: String,
    pub(super) entry: Entry,
    pub(super) begin: Instant,
}

impl Told {
    /// Checks what was stated.
    pub(super) fn read(
        state: AppState,
        from: From,
        headers: &HeaderMap,
        request: AnswerRequest,
    ) -> Result<Self, ApiError> {
        let From { caller, request_id, entry, begin } = from;
        let now = Utc::now();
        let mut asked = check::answer_request(request, state.desk.today())?;
        let key = chat::key_of(headers)?;
        if let Some(key) = key.as_deref().filter(|_| !asked.is_continued) {
            asked.session = chat::session_of(key, &asked, &caller)?;
        }
        entry.conversation(&asked.session, asked.customer.as_ref());
        let chat = chat::chat_of(&asked, &caller)?;
        let keys = session::keys(&asked, &caller, &state.desk.standing(), state.shop_version(), now);
        let asker = caller.asker(asked.customer.as_ref(), &request_id);
        Ok(Self { state, asked, caller, asker, keys, chat, key, request_id, entry, begin, now })
    }
}
