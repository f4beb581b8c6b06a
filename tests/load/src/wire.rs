//! The answer's shape, as far as it is measured or checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The body of `POST /support/rag-answer`; a missing field is a malformed answer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Answer {
    pub(crate) request_id: String,
    pub(crate) session_id: Option<String>,
    pub(crate) state: String,
    pub(crate) answer: String,
    #[serde(rename = "language")]
    pub(crate) _language: String,
    #[serde(rename = "intent")]
    pub(crate) _intent: String,
    pub(crate) facts: Vec<Map<String, Value>>,
    pub(crate) citations: Vec<Citation>,
    #[serde(rename = "generation")]
    pub(crate) _generation: i64,
    #[serde(rename = "revision")]
    pub(crate) _revision: i64,
    pub(crate) cached: bool,
    pub(crate) degraded: Vec<String>,
    pub(crate) operations: BTreeMap<String, u32>,
    pub(crate) timings_ms: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Citation {
    pub(crate) n: u32,
    pub(crate) quote: String,
}

/// The body of a problem, as far as it is counted.
#[derive(Debug, Deserialize)]
struct Problem {
    code: String,
}

/// The code of a problem, where the body states one.
pub(crate) fn problem_code(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Problem>(body).ok().map(|problem| problem.code)
}

impl Answer {
    /// Reads and checks a body. The error says what is wrong.
    pub(crate) fn read(body: &[u8], request_id: &str, session: &str) -> Result<Self, String> {
        let answer: Self = serde_json::from_slice(body).map_err(|error| format!("not an answer: {error}"))?;
        match answer.wrong(request_id, session) {
            Some(wrong) => Err(wrong.to_owned()),
            None => Ok(answer),
        }
    }

    fn wrong(&self, request_id: &str, session: &str) -> Option<&'static str> {
        let operations = self.operations.iter().filter(|(name, _)| *name != "total");
        let all: u32 = operations.map(|(_, number)| number).sum();
        let cites = |citation: &Citation| self.answer.contains(&format!("[{}]", citation.n));
        let rules = [
            (self.request_id == request_id, "the request id is not the one that was sent"),
            (self.session_id.as_deref().is_none_or(|id| id == session), "the session is another one"),
            (matches!(self.state.as_str(), "answered" | "clarify" | "handoff"), "the state is unknown"),
            (!self.answer.trim().is_empty(), "the answer has no words"),
            (self.citations.iter().all(cites), "a citation's number does not stand in the text"),
            (self.citations.iter().all(|one| !one.quote.is_empty()), "a citation quotes nothing"),
            (self.operations.get("total") == Some(&all), "the operations don't sum up to their total"),
            (self.timings_ms.contains_key("total"), "there is no total time"),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map(|(_, wrong)| wrong)
    }
}
