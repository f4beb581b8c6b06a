//! `POST /support/rag-answer`: the life of a question.

use std::time::{Duration, Instant};

use auskunft_answer::{Conversation, Operations};
use auskunft_model::{Answer, Asker, Digest, ProductId};
use auskunft_store::volatile::{Closing, Opened, Opening};
use axum::extract::State;
use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Timelike, Utc};

use crate::access::Caller;
use crate::body::JsonBody;
use crate::check::{self, Asked};
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::log::Entry;
use crate::session::{self, Kept, Memory};
use crate::state::AppState;
use crate::timing::Timings;
use crate::wire::{AnswerRequest, AnswerResponse, Cost, ProblemBody};

/// Commands that open a request: count, set the count's end, read session and cached answer.
const OPENING_COMMANDS: u32 = 4;

/// The row that every question leaves in the request log.
const LOG_ROWS: u32 = 1;

/// Answers a question from cited evidence, asks back, or hands over to a person.
#[utoipa::path(post, path = "/support/rag-answer", tag = "support", request_body = AnswerRequest, responses(
    (status = 200, description = "Answered, or a clear statement that it cannot be", body = AnswerResponse),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = 429, description = "Too many questions", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn rag_answer(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Extension(entry): Extension<Entry>,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Response, ApiError> {
    let begin = Instant::now();
    let asked = check::answer_request(request, state.desk.today())?;
    entry.conversation(&asked.session, asked.customer.as_ref());
    let now = Utc::now();
    let keys = session::keys(&asked, &caller, &state.desk.standing(), state.shop_version(), now);
    let asker = caller.asker(asked.customer.as_ref(), &request_id);
    let mut flow = Flow { operations: caller.operations, ..Flow::default() };
    flow.operations.timescale += LOG_ROWS;
    let opened = flow.open(&state, &keys).await;
    let rate = Rate::of(opened.requests, state.limits.rate_per_minute, now);
    if let Some(refused) = rate.refusal() {
        return Ok((rate.headers(), refused).into_response());
    }
    let answered = Box::pin(flow.answer(&state, &asked, &asker, &keys, opened)).await;
    entry.spent(&flow.timings);
    let answer = match answered {
        Ok(answer) => answer,
        Err(error) => return Ok((rate.headers(), error).into_response()),
    };
    let total = begin.elapsed();
    flow.note(&state, &asked, &answer);
    entry.answered(&answer, flow.cached);
    let timings = flow.timings;
    let cost =
        Cost { cached: flow.cached, operations: flow.operations, timings_ms: timings.milliseconds(total) };
    let body = Json(AnswerResponse::new(request_id, answer, cost));
    Ok(with_timing((rate.headers(), body).into_response(), &timings, total))
}

/// A product that the caller names must be one that the caller may see.
pub(crate) fn require_known(
    state: &AppState,
    product: Option<&ProductId>,
    asker: &Asker,
) -> Result<(), ApiError> {
    let Some(id) = product.filter(|id| !state.desk.knows_product(id, asker)) else { return Ok(()) };
    let detail = format!("the catalog has no product `{id}`; leave `product_id` out or correct it");
    Err(ApiError::new(Problem::UnknownProduct, detail))
}

/// Adds the `Server-Timing` header.
pub(crate) fn with_timing(mut response: Response, timings: &Timings, total: Duration) -> Response {
    if let Some(value) = timings.header(total) {
        response.headers_mut().insert(HeaderName::from_static("server-timing"), value);
    }
    response
}

/// What one request does and costs, step by step.
#[derive(Debug, Default)]
struct Flow {
    timings: Timings,
    operations: Operations,
    cached: bool,
    used_conversation: bool,
    has_customer_facts: bool,
    /// Set when volatile state could not be read: the answer goes on without it.
    forgetful: bool,
}

impl Flow {
    async fn open(&mut self, state: &AppState, keys: &Opening) -> Opened {
        let begin = Instant::now();
        self.operations.redis += OPENING_COMMANDS;
        let opened = state.volatile.open_request(keys).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "sessions and limits are not available; answering without them");
            self.forgetful = true;
            Opened { requests: 0, session: None, answer: None }
        });
        self.timings.push("open", begin.elapsed());
        opened
    }

    /// The cached answer, else a new one; then leaves both behind for the next request.
    async fn answer(
        &mut self,
        state: &AppState,
        asked: &Asked,
        asker: &Asker,
        keys: &Opening,
        opened: Opened,
    ) -> Result<Answer, ApiError> {
        let memory = Memory::read(opened.session);
        let kept = Kept::read(opened.answer);
        self.cached = kept.is_some();
        let (mut answer, said) = match kept {
            Some(kept) => kept,
            None => self.ask(state, asked, asker, &memory).await?,
        };
        self.close(state, keys, &memory.after(&said), &answer, &said).await;
        if self.forgetful {
            answer.degraded.push("sessions".to_owned());
        }
        Ok(answer)
    }

    async fn ask(
        &mut self,
        state: &AppState,
        asked: &Asked,
        asker: &Asker,
        memory: &Memory,
    ) -> Result<(Answer, Conversation), ApiError> {
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
    async fn close(
        &mut self,
        state: &AppState,
        keys: &Opening,
        after: &Memory,
        answer: &Answer,
        said: &Conversation,
    ) {
        let begin = Instant::now();
        let is_worth_keeping =
            !self.cached && !self.used_conversation && !self.has_customer_facts && answer.degraded.is_empty();
        let kept = is_worth_keeping.then(|| Kept::new(said, answer));
        let kept = kept.and_then(|kept| serde_json::to_value(kept).ok());
        let session = (keys.session_key.clone(), serde_json::to_value(after).unwrap_or_default());
        let closing = Closing { session, answer: kept.map(|kept| (keys.answer_key.clone(), kept)) };
        self.operations.redis += 1 + u32::from(closing.answer.is_some());
        if let Err(error) = state.volatile.close_request(&closing).await {
            tracing::warn!(%error, "the session could not be written");
            self.forgetful = true;
        }
        self.timings.push("close", begin.elapsed());
    }

    /// Counters and the log line: of the question only its length and hash, never its words.
    fn note(&self, state: &AppState, asked: &Asked, answer: &Answer) {
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

/// How many questions of this minute are left.
#[derive(Debug, Clone, Copy)]
struct Rate {
    requests: u64,
    limit: u64,
    /// Seconds until the next minute.
    reset: u64,
}

impl Rate {
    fn of(requests: u64, limit: u32, now: DateTime<Utc>) -> Self {
        Self { requests, limit: u64::from(limit), reset: u64::from(60 - now.second().min(59)) }
    }

    fn refusal(self) -> Option<ApiError> {
        let is_over = self.limit > 0 && self.requests > self.limit;
        is_over.then(|| {
            let detail = format!("more than {} questions in this minute; wait {} s", self.limit, self.reset);
            ApiError::new(Problem::RateLimited, detail).retry_after(self.reset)
        })
    }

    /// `RateLimit-*` of draft-ietf-httpapi-ratelimit-headers-07; none where there is no limit.
    fn headers(self) -> axum::http::HeaderMap {
        let values = [
            ("ratelimit-limit", self.limit),
            ("ratelimit-remaining", self.limit.saturating_sub(self.requests)),
            ("ratelimit-reset", self.reset),
        ];
        let limited = values.into_iter().filter(|_| self.limit > 0);
        limited.map(|(name, value)| (HeaderName::from_static(name), value.into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_down_and_names_the_next_minute() {
        let now = DateTime::<Utc>::from_timestamp(45, 0).unwrap();
        let rate = Rate::of(30, 30, now);
        assert!(rate.refusal().is_none());
        assert_eq!(rate.headers()["ratelimit-remaining"], "0");
        let refusal = Rate::of(31, 30, now).refusal().unwrap();
        assert_eq!(refusal.retry_after, Some(15));
        let free = Rate::of(9_999, 0, now);
        assert!(free.refusal().is_none() && free.headers().is_empty());
    }
}
