//! What came back, whatever its form: one response, or events.

use serde_json::Value;

use super::books::one_line;
use crate::shop::Reply;

/// A response.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    /// Names the request that it answers, not one that is answered once more.
    pub(super) request_id: String,
    /// All that it says: every text of the body or of any event, and the words of a stream together.
    pub(super) text: String,
    /// The answer, where there is one.
    pub(super) answer: String,
    pub(super) facts: Vec<Value>,
    pub(super) citations: Vec<Value>,
    pub(super) cached: bool,
    pub(super) replayed: bool,
    /// The whole body; `null` for events.
    pub(super) body: Value,
}

impl Told {
    pub(super) fn of(reply: &Reply) -> Self {
        let is_stream = reply.header("content-type").starts_with("text/event-stream");
        let parts = if is_stream { events(&reply.text) } else { vec![(String::new(), reply.json())] };
        let mut told = Self {
            status: reply.status.as_u16(),
            request_id: reply.header("x-request-id").to_owned(),
            text: String::new(),
            answer: String::new(),
            facts: Vec::new(),
            citations: Vec::new(),
            cached: false,
            replayed: !reply.header("idempotent-replayed").is_empty(),
            body: if is_stream { Value::Null } else { reply.json() },
        };
        let mut texts = Vec::new();
        for (name, content) in &parts {
            collect(content, &mut texts);
            told.take(name, content);
        }
        texts.push(told.answer.clone());
        told.text = one_line(&texts.join("\n"));
        told
    }

    fn take(&mut self, name: &str, content: &Value) {
        let list = |field: &str| content[field].as_array().cloned().unwrap_or_default();
        match name {
            "token" => self.answer.push_str(content["text"].as_str().unwrap_or_default()),
            "citation" => self.citations.push(content.clone()),
            // A problem in a stream has a status of its own.
            "error" => {
                self.status = content["status"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap()
            }
            _ => {
                self.answer.push_str(content["answer"].as_str().unwrap_or_default());
                self.facts.extend(list("facts"));
                self.citations.extend(list("citations"));
                self.cached |= content["cached"] == Value::Bool(true);
                self.replayed |= content["replayed"] == Value::Bool(true);
            }
        }
    }

    /// The kinds of its facts.
    pub(super) fn kinds(&self) -> Vec<String> {
        self.facts.iter().filter_map(|fact| Some(fact["kind"].as_str()?.to_owned())).collect()
    }

    /// The sources that it cites.
    pub(super) fn sources(&self) -> Vec<String> {
        self.citations.iter().filter_map(|citation| Some(citation["source"].as_str()?.to_owned())).collect()
    }
}

fn events(body: &str) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        // A comment says that the service lives.
        Some((line("event:")?.to_owned(), serde_json::from_str(line("data:")?).unwrap()))
    };
    body.split("\n\n").filter_map(event).collect()
}

/// All texts in a value, and the names of its fields.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            texts.push(name.clone());
            collect(value, texts);
        }),
        _ => {}
    }
}
