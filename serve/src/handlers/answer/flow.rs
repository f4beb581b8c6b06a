//! What one request does and costs, step by step.

use std::sync::Arc;

use auskunft_answer::{Conversation, Operations, Stage};
use auskunft_model::{Answer, Digest};
use auskunft_store::volatile::{OPENING_COMMANDS, Opened, Session};
use serde_json::Value;

use super::require_known;
use super::told::Told;
use crate::error::ApiError;
use crate::flights::{Left, Turn};
use crate::rate::{Rate, share_of};
use crate::session::{Kept, Memory};
use crate::timing::Timings;
use crate::wire::{AnswerResponse, Cost};

/// The row that every question leaves in the request log.
const LOG_ROWS: u32 = 1;

/// What a request ends with.
#[derive(Debug)]
pub(super) enum Outcome {
    /// An answer of its own.
    Answered(Box<AnswerResponse>),
    /// What the same request was answered before.
    Replayed(Value),
}

/// What one request does and costs.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) told: Arc<Told>,
    pub(super) timings: Timings,
    pub(super) operations: Operations,
    pub(super) cached: bool,
    used_conversation: bool,
    pub(super) has_customer_facts: bool,
    /// Set when volatile state could not be reached: the answer goes on without it.
    pub(super) forgetful: bool,
    /// Set when the chat could not be read or written.
    pub(super) unwritten: bool,
    /// What the chat told of a session that volatile state knows nothing of.
    pub(super) rebuilt: Option<Session>,
    /// Whether the key's earlier reply must not be shown any more: what is answered now has no key.
    pub(super) is_outdated: bool,
}

impl Flow {
    /// A request that has cost what it took to know the caller.
    pub(super) fn new(told: Told) -> Self {
        let mut operations = told.caller.operations;
        operations.timescale += LOG_ROWS;
        let mut timings = Timings::default();
        timings.extend(told.caller.took);
        Self {
            told: Arc::new(told),
            timings,
            operations,
            cached: false,
            used_conversation: false,
            has_customer_facts: false,
            forgetful: false,
            unwritten: false,
            rebuilt: None,
            is_outdated: false,
        }
    }

    /// Counts the request, here and among all copies, and reads what is remembered.
    pub(super) async fn open(&mut self) -> Opened {
        let Told { state, keys, .. } = &*Arc::clone(&self.told);
        let stage = Stage::begin("open");
        self.operations.redis += OPENING_COMMANDS;
        let here = state.rates.count(&keys.rate_key);
        let mut opened = stage.of(state.volatile.open_request(keys)).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "sessions and limits are not available; answering without them");
            self.forgetful = true;
            Opened { requests: here, session: None, answer: None }
        });
        // A count that was lost with a server's memory goes on from what this process has seen.
        opened.requests = opened.requests.max(here);
        self.timings.end(stage);
        opened
    }

    /// How much of the limit is left: of a part of it, while the copies of the service do not know of one another.
    pub(super) fn rate(&self, requests: u64) -> Rate {
        let limits = &self.told.state.limits;
        let whole = limits.rate_per_minute;
        let limit = if self.forgetful { share_of(whole, limits.copies) } else { whole };
        Rate::of(requests, limit, self.told.now)
    }

    /// The reply of an earlier request with the same key, the cached answer, else a new one; then leaves everything behind for the
    /// next request.
    pub(super) async fn run(&mut self, opened: Opened) -> Result<Outcome, ApiError> {
        let outcome = self.outcome(opened).await;
        let entry = &self.told.entry;
        entry.spent(&self.timings);
        if let Ok(Outcome::Replayed(_)) = &outcome {
            entry.replayed();
            self.told.state.metrics.cost(self.timings.stages(), self.operations);
        }
        outcome
    }

    async fn outcome(&mut self, opened: Opened) -> Result<Outcome, ApiError> {
        if let Some(reply) = self.earlier().await? {
            return Ok(Outcome::Replayed(reply));
        }
        let kept = Kept::read(opened.answer);
        self.cached = kept.is_some();
        let memory = self.remember(opened.session).await;
        let (answer, said) = match kept {
            Some(kept) => kept,
            None => self.ask_once(&memory).await?,
        };
        if let Some(reply) = self.close(&answer, &said, &memory).await? {
            return Ok(Outcome::Replayed(reply));
        }
        let answer = self.with_missing(answer);
        self.note(&answer);
        Ok(Outcome::Answered(Box::new(self.response(answer, self.operations))))
    }

    /// Asks, unless the same is being asked already: then waits for that answer, if it may be shared.
    async fn ask_once(&mut self, memory: &Memory) -> Result<(Answer, Conversation), ApiError> {
        let Told { state, keys, .. } = &*Arc::clone(&self.told);
        loop {
            match state.flights.join(&keys.answer_key) {
                Turn::Lead(leader) => {
                    let (answer, said) = self.ask(memory).await?;
                    leader.finish(self.kept(&answer, &said));
                    return Ok((answer, said));
                }
                Turn::Follow(follower) => {
                    let stage = Stage::begin("follow");
                    let left = stage.of(follower.wait()).await;
                    self.timings.end(stage);
                    match left {
                        Left::Answer(kept) => {
                            self.cached = true;
                            return Ok(kept.parts());
                        }
                        Left::Alone => return self.ask(memory).await,
                        Left::Again => {}
                    }
                }
            }
        }
    }

    async fn ask(&mut self, memory: &Memory) -> Result<(Answer, Conversation), ApiError> {
        let Told { state, asked, asker, .. } = &*Arc::clone(&self.told);
        let stage = Stage::begin("wait");
        let _permit = stage.of(state.admission.enter()).await?;
        self.timings.end(stage);
        require_known(state, asked.question.product_id.as_ref(), asker)?;
        let answered = state.desk.answer(&asked.question, asker, memory.conversation()).await?;
        self.timings.extend(answered.trace.stages);
        self.operations = sum([self.operations, answered.trace.operations]);
        self.used_conversation = answered.used_conversation;
        self.has_customer_facts = answered.has_customer_facts;
        Ok((answered.answer, answered.said))
    }

    /// The answer, which says what of the conversation was missing.
    pub(super) fn with_missing(&self, mut answer: Answer) -> Answer {
        let missing = [(self.forgetful, "sessions"), (self.unwritten, "chats")];
        let missing = missing.into_iter().filter(|(is_missing, _)| *is_missing);
        answer.degraded.extend(missing.map(|(_, name)| name.to_owned()));
        answer
    }

    /// Kept is only what the question alone led to, and nothing degraded: the next answer may be whole.
    pub(super) fn kept(&self, answer: &Answer, said: &Conversation) -> Option<Kept> {
        let rests_on_others = self.used_conversation || self.has_customer_facts;
        let lacks = self.forgetful || self.unwritten || !answer.degraded.is_empty();
        (!self.cached && !rests_on_others && !lacks).then(|| Kept::new(said, answer))
    }

    /// The response with an answer.
    pub(super) fn response(&self, answer: Answer, operations: Operations) -> AnswerResponse {
        let Told { asked, request_id, begin, .. } = &*self.told;
        let cost = Cost {
            session_id: asked.session.clone(),
            cached: self.cached,
            operations,
            timings_ms: self.timings.milliseconds(begin.elapsed()),
        };
        AnswerResponse::new(request_id.clone(), answer, cost)
    }

    /// Counters and the log line: of the question only its length and hash, never its words.
    fn note(&self, answer: &Answer) {
        let Told { state, asked, entry, .. } = &*self.told;
        let stages = self.timings.stages();
        let named = answer.state.as_str();
        state.metrics.answer(named, self.cached, &answer.degraded, stages, self.operations);
        entry.answered(answer, self.cached);
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
