//! The shapes of requests and responses. Doc comments are the API's description.
//!
//! No other part of the program speaks these types: a change of the inside cannot change a message by accident.

use std::collections::BTreeMap;

use auskunft_answer::Operations;
use auskunft_model::{Answer, Citation, Fact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ApiError;

mod content;
mod search;
mod sessions;
mod tickets;

pub use content::*;
pub use search::*;
pub use sessions::*;
pub use tickets::*;

/// A question of a conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// The conversation, `[A-Za-z0-9_.-]{1,128}`: later questions may mean the product that earlier ones named. Without it a new one
    /// begins, whose id the response states.
    pub session_id: Option<String>,
    /// The customer on the line, `[A-Za-z0-9_.-]{1,128}`. Without a token it has no effect: guests see no customer data.
    pub customer_id: Option<String>,
    /// The question, at most 2,000 characters; control characters other than tab and line break are refused.
    pub question: String,
    /// The product that it is about (its SKU), where it is known.
    pub product_id: Option<String>,
    /// The language that the answer should have, like `de`; without it: the question's.
    pub language: Option<String>,
    /// Whether the answer comes as events (`text/event-stream`): `start`, `facts`, each `citation`, the text in `token`s, `end`; or
    /// `error`.
    #[serde(default)]
    pub stream: bool,
}

/// The answer to a question.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerResponse {
    /// Names this request in logs.
    pub request_id: String,
    /// The conversation, to be stated with its next question. It belongs to the agent and the customer: for others it does not exist.
    pub session_id: String,
    /// `answered`: on cited evidence; `clarify`: several readings, the answer asks; `handoff`: no evidence, a person must answer.
    #[schema(example = "answered")]
    pub state: &'static str,
    /// The text, with `[n]` behind each cited sentence.
    pub answer: String,
    /// Language of the words around the quotes.
    pub language: String,
    /// What was asked for, like `technical` or `price`.
    pub intent: String,
    /// The SKU of the product that the question was bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Typed facts that the answer states.
    #[schema(value_type = Vec<Object>)]
    pub facts: Vec<Fact>,
    /// Sources, in order of their numbers.
    pub citations: Vec<CitationBody>,
    /// For `clarify`: what to choose from; for `handoff`: where to look.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// The generation of the index that was read.
    pub generation: i32,
    /// Its revision.
    pub revision: i64,
    /// Whether the answer was kept from an equal question in the same conversation.
    pub cached: bool,
    /// What was missing when it was made, like `dense`; empty when nothing was.
    pub degraded: Vec<String>,
    /// Database operations of this request, by role.
    pub operations: OperationsBody,
    /// Time by stage and in `total`, in milliseconds.
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// What a response says beside the answer itself.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) session_id: String,
    pub(crate) cached: bool,
    pub(crate) operations: Operations,
    pub(crate) timings_ms: BTreeMap<&'static str, f64>,
}

impl AnswerResponse {
    /// The response to a request.
    pub(crate) fn new(request_id: String, answer: Answer, cost: Cost) -> Self {
        Self {
            request_id,
            session_id: cost.session_id,
            state: answer.state.as_str(),
            answer: answer.text,
            language: answer.language.to_string(),
            intent: answer.intent,
            product: answer.product.map(|id| id.to_string()),
            facts: answer.facts,
            citations: answer.citations.into_iter().map(Into::into).collect(),
            suggestions: answer.suggestions,
            generation: answer.generation.0,
            revision: answer.revision.0,
            cached: cost.cached,
            degraded: answer.degraded,
            operations: cost.operations.into(),
            timings_ms: cost.timings_ms,
        }
    }
}

/// Where a sentence of the answer comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitationBody {
    /// The number in the text, `[1]` = 1.
    pub n: u32,
    /// The document; `GET /documents/{id}` shows it.
    pub document_id: String,
    /// Path of its source in the catalog.
    pub source: String,
    /// Record in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// The document's title.
    pub title: String,
    /// Headings above the quote, outermost first.
    pub section: Vec<String>,
    /// Page of the quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where the page or PDF itself is, opened at the page; absent where the source is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Verbatim from the cited text.
    pub quote: String,
}

impl From<Citation> for CitationBody {
    fn from(citation: Citation) -> Self {
        let file = file(citation.document_id.as_str(), &citation.source, citation.page);
        Self {
            n: citation.n,
            file,
            document_id: citation.document_id.to_string(),
            source: citation.source,
            anchor: citation.anchor,
            title: citation.title,
            section: citation.section,
            page: citation.page,
            quote: citation.quote,
        }
    }
}

/// Database operations by role; embedded stores count under the same names.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationsBody {
    /// Volatile state: limits, sessions, cached answers.
    pub redis: u32,
    /// Relational statements.
    pub postgres: u32,
    /// Vector searches.
    pub pgvector: u32,
    /// Chunk texts and documents.
    pub mongodb: u32,
    /// The request log.
    pub timescale: u32,
    /// All of them.
    pub total: u32,
}

impl From<Operations> for OperationsBody {
    fn from(operations: Operations) -> Self {
        Self {
            redis: operations.redis,
            postgres: operations.postgres,
            pgvector: operations.pgvector,
            mongodb: operations.mongodb,
            timescale: operations.timescale,
            total: operations.total(),
        }
    }
}

/// What went wrong (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Where the code is described.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened to which field or id, and what to do.
    pub detail: String,
    /// The stable code that programs branch on.
    pub code: &'static str,
    /// Names this request in logs.
    pub request_id: String,
}

impl ProblemBody {
    /// The body of a problem.
    pub(crate) fn new(error: &ApiError, request_id: &str) -> Self {
        let row = error.problem.row();
        Self {
            kind: format!("/docs#{}", row.code),
            title: row.title,
            status: row.status.as_u16(),
            detail: error.detail.clone(),
            code: row.code,
            request_id: request_id.to_owned(),
        }
    }
}
