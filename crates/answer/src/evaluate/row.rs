//! Whether an answer about a fault begins with the right row of the right product's troubleshooting table.

use auskunft_model::{Answer, State};
use serde::Deserialize;

use super::EvaluationQuestion;
use crate::analysis::words;

/// The fact about a fault that a question states: one row, as the manual of each language states it.
#[derive(Debug, Deserialize)]
struct Remedy {
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    signal: String,
    cause: String,
    remedy: String,
}

impl Row {
    /// Whether a quote begins with signal, cause and remedy, in this order.
    fn begins(&self, quote: &[String]) -> bool {
        let row = [&self.signal, &self.cause, &self.remedy].map(|cell| words(cell)).concat();
        quote.starts_with(&row)
    }
}

/// Whether the first evidence that the answer's text cites is the first citation, lies at a place that answers, and begins with the
/// row that the question states. `None` where the question states no row, or wants no answer.
pub(super) fn is_first(question: &EvaluationQuestion, answer: &Answer) -> Option<bool> {
    let rows = rows(question);
    let wants_answer = question.state.is_none_or(|state| state == State::Answered);
    if rows.is_empty() || !wants_answer {
        return None;
    }
    let Some(first) = answer.citations.first() else { return Some(false) };
    let is_said_first = first_mark(&answer.text) == Some(first.n);
    let is_there = question.has(&first.source, first.anchor.as_deref(), first.page);
    let quote = words(&first.quote);
    Some(is_said_first && is_there && rows.iter().any(|row| row.begins(&quote)))
}

fn rows(question: &EvaluationQuestion) -> Vec<Row> {
    let is_remedy = |fact: &&serde_json::Value| fact.get("kind").is_some_and(|kind| kind == "remedy");
    let remedies = question.facts.iter().filter(is_remedy);
    remedies.filter_map(|fact| Remedy::deserialize(fact).ok()).flat_map(|remedy| remedy.rows).collect()
}

/// The first `[n]` of a text.
fn first_mark(text: &str) -> Option<u32> {
    let mut parts = text.split('[').skip(1);
    parts.find_map(|part| part.split_once(']')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::testing::{answer, citation};

    const ASKED: &str = r#"{"question": "E12?", "relevant": ["m.pdf#page=9"], "facts": [{"kind": "remedy", "rows": [
        {"language": "de", "signal": "E12", "cause": "Milchweg verstopft", "remedy": "Schlauch abziehen"},
        {"language": "en", "signal": "E12", "cause": "milk path blocked", "remedy": "pull the hose off"}]}]}"#;

    fn judged(quotes: &[(&str, u32)], text: &str) -> Option<bool> {
        let question: EvaluationQuestion = serde_json::from_str(ASKED).unwrap();
        let mut answer = answer(text);
        answer.facts.clear();
        answer.citations = quotes.iter().map(|(quote, page)| citation("m.pdf", Some(*page), quote)).collect();
        (1..).zip(&mut answer.citations).for_each(|(n, citation)| citation.n = n);
        is_first(&question, &answer)
    }

    #[test]
    fn the_row_of_either_language_counts_when_it_stands_first_and_whole() {
        let german = "E12 | Milchweg verstopft | Schlauch abziehen";
        assert_eq!(judged(&[(german, 9)], "… [1]"), Some(true));
        assert_eq!(judged(&[("E12 | Milk path blocked | Pull the hose off", 9)], "… [1]"), Some(true));
        assert_eq!(judged(&[(german, 8)], "… [1]"), Some(false), "the page of another table");
        assert_eq!(
            judged(
                &[("E06 | Fühler | Kundendienst\nE12 | Milchweg verstopft | Schlauch abziehen", 9)],
                "… [1]"
            ),
            Some(false)
        );
        assert_eq!(
            judged(&[("E12 | Milchweg verstopft | Kundendienst", 9)], "… [1]"),
            Some(false),
            "another remedy"
        );
        assert_eq!(judged(&[("Tank leeren.", 9), (german, 9)], "… [1]\n\n… [2]"), Some(false));
        assert_eq!(judged(&[(german, 9), ("Tank leeren.", 9)], "Tank leeren. [2]\n\n… [1]"), Some(false));
        assert_eq!(judged(&[], ""), Some(false));
    }

    #[test]
    fn a_question_without_a_row_is_not_judged() {
        let question: EvaluationQuestion = serde_json::from_str(r#"{"question": "?"}"#).unwrap();
        assert_eq!(is_first(&question, &answer("")), None);
    }
}
