//! Evaluation questions, a JSON object a line.

use auskunft_model::{AgentId, Asker, CustomerId, Hit, Language, Question, State};
use serde::Deserialize;

use crate::error::{AnswerError, Result};

/// A question with what a good answer rests on.
#[derive(Debug, Clone, Deserialize)]
pub struct EvaluationQuestion {
    /// Its name in reports.
    pub id: Option<String>,
    /// The words.
    pub question: String,
    /// The language that is told to the desk.
    pub language: Option<Language>,
    /// `SOURCE` or `SOURCE#ANCHOR` of every text that answers; empty when none does.
    #[serde(default)]
    pub relevant: Vec<String>,
    /// The state that the answer should have.
    pub state: Option<State>,
    /// What it tests.
    pub ability: Option<String>,
    /// The set that it belongs to, to measure one at a time.
    pub set: Option<String>,
    /// Texts of which the answer must say one; white space, case and the spelling of umlauts don't count.
    #[serde(default)]
    pub answer: Vec<String>,
    /// Who asks.
    pub agent_id: Option<String>,
    /// For whom.
    pub customer_id: Option<String>,
    /// Questions asked before in the same session.
    #[serde(default)]
    pub after: Vec<String>,
    /// Facts that the answer should hold.
    #[serde(default)]
    pub facts: Vec<serde_json::Value>,
}

/// Reads a file of questions; empty lines are skipped. `file` is its name in errors.
pub fn read(text: &str, file: &str) -> Result<Vec<EvaluationQuestion>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(place, line)| read_line(line, file, place + 1)).collect()
}

fn read_line(line: &str, file: &str, number: usize) -> Result<EvaluationQuestion> {
    let malformed = |message: String| AnswerError::Questions { file: file.to_owned(), line: number, message };
    let read: EvaluationQuestion = serde_json::from_str(line)
        .map_err(|error| malformed(format!("not an evaluation question: {error}")))?;
    if read.question.trim().is_empty() {
        return Err(malformed("the question is empty".to_owned()));
    }
    Ok(read)
}

impl EvaluationQuestion {
    /// The question as a caller asks it.
    pub(super) fn asked(&self) -> Question {
        self.ask(&self.question)
    }

    /// Another question of the same session.
    pub(super) fn ask(&self, text: &str) -> Question {
        Question {
            text: text.to_owned(),
            language: self.language.clone(),
            product_id: None,
            filter: auskunft_model::Filter::default(),
        }
    }

    /// Who asks, as yet without regions; an id that is none makes a guest, who sees no customer's data.
    pub(super) fn asker(&self) -> Asker {
        Asker {
            agent: self.agent_id.as_deref().and_then(|id| AgentId::parse(id).ok()),
            regions: None,
            customer: self.customer_id.as_deref().and_then(|id| CustomerId::parse(id).ok()),
            request_id: "eval".to_owned(),
        }
    }

    /// Whether a hit is one of the texts that answer.
    pub(super) fn is_answered_by(&self, hit: &Hit) -> bool {
        self.has(&hit.source, hit.anchor.as_deref(), hit.page)
    }

    /// Whether a place is one that answers.
    pub(super) fn has(&self, source: &str, anchor: Option<&str>, page: Option<u32>) -> bool {
        self.relevant.iter().any(|relevant| fits(relevant, source, anchor, page))
    }
}

/// `SOURCE`, `SOURCE#page=3` or `SOURCE#record`.
fn fits(relevant: &str, source: &str, anchor: Option<&str>, page: Option<u32>) -> bool {
    let Some((wanted, place)) = relevant.rsplit_once('#') else { return source == relevant };
    if source != wanted {
        return source == relevant;
    }
    let is_page = page.is_some_and(|page| place == format!("page={page}"));
    is_page || anchor == Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_an_anchor_or_a_page_is_relevant() {
        assert!(fits("faqs/a.jsonl", "faqs/a.jsonl", Some("1"), None));
        assert!(fits("faqs/a.jsonl#1", "faqs/a.jsonl", Some("1"), None));
        assert!(!fits("faqs/a.jsonl#2", "faqs/a.jsonl", Some("1"), None));
        assert!(fits("m/a.pdf#page=3", "m/a.pdf", None, Some(3)));
        assert!(!fits("m/a.pdf#page=3", "m/a.pdf", None, Some(30)));
        assert!(!fits("m/b.pdf", "m/a.pdf", None, Some(3)));
    }

    #[test]
    fn a_broken_line_is_named() {
        let text = "{\"question\": \"Wie?\", \"relevant\": []}\n\n{\"question\": 7}\n";
        let error = read(text, "questions.jsonl").unwrap_err().to_string();
        assert!(error.starts_with("questions.jsonl, line 3: "), "{error}");
        assert_eq!(read(text.lines().next().unwrap(), "f").unwrap().len(), 1);
    }
}
