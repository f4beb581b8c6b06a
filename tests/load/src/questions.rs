//! Questions with what a right answer holds.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A question as `ingest eval` knows it; fields that matter to nobody here are left out.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// Its name in reports; where the file states none, the number of its line.
    #[serde(default)]
    pub id: String,
    /// The words.
    pub question: String,
    /// The language that the answer should have.
    pub language: Option<String>,
    /// What it tests.
    #[serde(default = "no_ability")]
    pub ability: String,
    /// The state that the answer should have.
    pub state: Option<String>,
    /// Facts that the answer should hold.
    #[serde(default)]
    pub facts: Vec<Map<String, Value>>,
    /// Who asks.
    pub agent_id: Option<String>,
    /// For whom.
    pub customer_id: Option<String>,
    /// What was asked before in the same conversation.
    #[serde(default)]
    pub after: Vec<String>,
}

fn no_ability() -> String {
    "unnamed".to_owned()
}

impl Question {
    /// Whether it means the same whatever was said before: it names what it is about and has an answer.
    pub(crate) fn stands_alone(&self) -> bool {
        self.after.is_empty() && self.state.as_deref() == Some("answered")
    }
}

/// Reads a file of questions, a JSON object a line; empty lines are skipped.
pub fn read(path: &Path) -> anyhow::Result<Vec<Question>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read `{}`", path.display()))?;
    let mut questions = Vec::new();
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = place + 1;
        let mut question: Question = serde_json::from_str(line)
            .with_context(|| format!("`{}`, line {number} is not a question", path.display()))?;
        if question.id.is_empty() {
            question.id = number.to_string();
        }
        questions.push(question);
    }
    if questions.is_empty() {
        bail!("`{}` has no questions", path.display());
    }
    Ok(questions)
}
