//! What one request does and costs, step by step.

use std::time::Instant;

use auskunft_answer::{Conversation, Operations};
use auskunft_model::{Answer, Asker, Digest};
use auskunft_store::volatile::{Closing, Opened, Opening};
use chrono::{DateTime, Utc};

use super::require_known;
use crate::access::Caller;
use crate::check::Asked;
use crate::error::ApiError;
use crate::flights::{Left, Turn};
use crate::rate::{Rate, share_of};
use crate::session::{self, Kept, Memory};
use crate::state::AppState;
use crate::timing::Timings;

/// Commands that open a request: count, set the count's end, read session and cached answer.
const OPENING_COMMANDS: u32 = 4;

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) state: &'a AppState,
    pub(super) asked: &'a Asked,
    pub(super) caller: &'a Caller,
    pub(super) asker: &'a Asker,
    pub(super) keys: &'a Opening,
}

/// What one request does and costs.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    told: Told<'a>,
    pub(super) timings: Timings,
    pub(super) operations: Operations,
    pub(super) cached: bool,
    used_conversation: bool,
    has_customer_facts: bool,
    /// Set when volatile state could not be reached: the answer goes on without it.
    forgetful: bool,
}

impl<'a> Flow<'a> {
    /// A request that has cost what it took to know the caller.
    pub(super) fn new(told: Told<'a>) -> Self {
        Self {
            told,
            timings: Timings::default(),
            operations: told.caller.operations,
            cached: false,
            used_conversation: false,
            has_customer_facts: false,
            forgetful: false,
        }
    }

    /// Counts the request, here and among all copies, and reads what is remembered.
    pub(super) async fn open(&mut self) -> Opened {
        let Told { state, keys, .. } = self.told;
        let begin = Instant::now();
        self.operations.redis += OPENING_COMMANDS;
        let here = state.rates.count(&keys.rate_key);
        let mut opened = state.volatile.open_request(keys).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "sessions and limits are not available; answering without them");
            self.forgetful = true;
            Opened { requests: here, session: None, answer: None }
        });
        // A count that was lost with a server's memory goes on from what this process has seen.
        opened.requests = opened.requests.max(here);
        self.timings.push("open", begin.elapsed());
        opened
    }

    /// How much of the limit is left: of a part of it, while the copies of the service do not know of one another.
    pub(super) fn rate(&self, requests: u64, now: DateTime<Utc>) -> Rate {
        let limits = &self.told.state.limits;
        let whole = limits.rate_per_minute;
        let limit = if self.forgetful { share_of(whole, limits.copies) } else { whole };
        Rate::of(requests, limit, now)
    }

    /// The cached answer, else a new one; then leaves both behind for the next request.
    pub(super) async fn answer(&mut self, opened: Opened) -> Result<Answer, ApiError> {
        let memory = Memory::read(opened.session);
        let kept = Kept::read(opened.answer);
        self.cached = kept.is_some();
        let (mut answer, said) = match kept {
            Some(kept) => kept,
            None => self.ask_once(&memory).await?,
        };
        self.close(&answer, &said).await;
        if self.forgetful {
            answer.degraded.push("sessions".to_owned());
        }
        Ok(answer)
    }

    /// Asks, unless the same is being asked already: then waits for that answer, if it may be shared.
    async fn ask_once(&mut self, memory: &Memory) -> Result<(Answer, Conversation), ApiError> {
        let Told { state, keys, .. } = self.told;
        let begin = Instant::now();
        loop {
            match state.flights.join(&keys.answer_key) {
                Turn::Lead(leader) => {
                    let (answer, said) = self.ask(memory).await?;
                    leader.finish(self.kept(&answer, &said));
                    return Ok((answer, said));
                }
                Turn::Follow(follower) => match follower.wait().await {
                    Left::Answer(kept) => {
                        self.cached = true;
                        self.timings.push("follow", begin.elapsed());
                        return Ok(kept.parts());
                    }
                    Left::Alone => return self.ask(memory).await,
                    Left::Again => {}
                },
            }
        }
    }

    async fn ask(&mut self, memory: &Memory) -> Result<(Answer, Conversation), ApiError> {
        let Told { state, asked, asker, .. } = self.told;
        let begin = Instant::now();
        let _permit = state.admission.enter().await?;
        self.timings.push("wait", begin.elapsed());
        require_known(state, asked.question.product_id.as_ref(), asker)?;
        let answered = state.desk.answer(&asked.question, asker, memory.conversation()).await?;
        self.timings.extend(answered.trace.stages);
        self.operations = sum([self.operations, answered.trace.operations]);
        self.used_conversation = answered.used_conversation;
        self.has_customer_facts = answered.has_customer_facts;
        Ok((answered.answer, answered.said))
    }

    /// Kept is only what the question alone led to, and nothing degraded: the next answer may be whole.
    fn kept(&self, answer: &Answer, said: &Conversation) -> Option<Kept> {
        let rests_on_others = self.used_conversation || self.has_customer_facts || self.forgetful;
        let is_worth_keeping = !self.cached && !rests_on_others && answer.degraded.is_empty();
        is_worth_keeping.then(|| Kept::new(said, answer))
    }

    async fn close(&mut self, answer: &Answer, said: &Conversation) {
        let Told { state, asked, caller, keys, .. } = self.told;
        let begin = Instant::now();
        let kept = self.kept(answer, said).and_then(|kept| serde_json::to_value(kept).ok());
        let closing = Closing {
            session_key: keys.session_key.clone(),
            update: session::update(asked, caller, said, answer),
            answer: kept.map(|kept| (keys.answer_key.clone(), kept)),
        };
        self.operations.redis += 1 + u32::from(closing.answer.is_some());
        if let Err(error) = state.volatile.close_request(&closing).await {
            tracing::debug!(%error, "the session could not be written");
            self.forgetful = true;
        }
        self.timings.push("close", begin.elapsed());
    }

    /// Counters and the log line: of the question only its length and hash, never its words.
    pub(super) fn note(&self, answer: &Answer) {
        let Told { state, asked, .. } = self.told;
        let stages = self.timings.stages();
        let named = answer.state.as_str();
        state.metrics.answer(named, self.cached, &answer.degraded, stages, self.operations);
        let text = &asked.question.text;
        let hash = Digest::of(text.as_bytes());
        tracing::info!(
            question.length = text.chars().count(),
            question.hash = hash.as_str().get(..12),
            answer.state = named,
            answer.intent = answer.intent,
            answer.citations = answer.citations.len(),
            cached = self.cached,
            operations = self.operations.total(),
            "question answered"
        );
    }
}

fn sum<const N: usize>(all: [Operations; N]) -> Operations {
    all.into_iter().fold(Operations::default(), |sum, one| Operations {
        redis: sum.redis + one.redis,
        postgres: sum.postgres + one.postgres,
        pgvector: sum.pgvector + one.pgvector,
        mongodb: sum.mongodb + one.mongodb,
        timescale: sum.timescale + one.timescale,
    })
}
