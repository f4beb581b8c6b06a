//! Whether an answer says what it should and cites the page that says it.

use auskunft_model::{Answer, Citation, Fact, State};
use serde::Serialize;

use super::support::{self, Dictionary, Unsupported};
use super::{EvaluationQuestion, facts, row};
use crate::analysis::words;

/// What an answer is judged by, beside its state.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Verdict {
    /// Whether the first citation with a page cites one that answers. Absent where no page of a source answers, where no answer
    /// is wanted (asking back cites nothing), and where the answer rests on another relevant source, one without pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_is_right: Option<bool>,
    /// Whether the first evidence cited, in the text and in the list, begins with the row that the question states: signal, cause and
    /// remedy, at a place that answers. Absent where it states none or wants no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_is_first: Option<bool>,
    /// Whether the text says one of the question's `answer`s; absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says_answer: Option<bool>,
    /// Whether the facts of the shop's data are exactly those that the question states; absent where it states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts_are_right: Option<bool>,
    /// Numbers, names and words of the text that stand neither in the facts and their products' names, nor in the citations'
    /// quotes, titles and sections, nor in the question; the desk's own fixed words are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsupported: Vec<Unsupported>,
    /// The facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// What the answer cites, as `SOURCE` or `SOURCE#ANCHOR`.
    pub cited: Vec<String>,
    /// The answer's text.
    pub text: String,
}

/// Judges an answer. `names` are those of the products that it may name, `dictionary` holds all names of the shop.
pub(super) fn judge(
    question: &EvaluationQuestion,
    answer: &Answer,
    names: &[String],
    dictionary: &Dictionary,
) -> Verdict {
    Verdict {
        page_is_right: page_is_right(question, &answer.citations),
        row_is_first: row::is_first(question, answer),
        says_answer: says_answer(question, &answer.text),
        facts_are_right: facts::are_right(question, answer),
        unsupported: support::unsupported(answer, &question.question, names, dictionary),
        facts: answer.facts.clone(),
        cited: answer.citations.iter().map(place).collect(),
        text: answer.text.clone(),
    }
}

fn page_is_right(question: &EvaluationQuestion, citations: &[Citation]) -> Option<bool> {
    let is_right = |cited: &Citation| question.has(&cited.source, cited.anchor.as_deref(), cited.page);
    let wants_answer = question.state.is_none_or(|state| state == State::Answered);
    if !wants_answer || !question.relevant.iter().any(|relevant| relevant.contains("#page=")) {
        return None;
    }
    match citations.iter().find(|cited| cited.page.is_some()) {
        Some(cited) => Some(is_right(cited)),
        None if citations.first().is_some_and(is_right) => None,
        None => Some(false),
    }
}

fn says_answer(question: &EvaluationQuestion, text: &str) -> Option<bool> {
    let plain = |text: &str| format!(" {} ", words(text).join(" "));
    let said = plain(text);
    (!question.answer.is_empty()).then(|| question.answer.iter().any(|answer| said.contains(&plain(answer))))
}

fn place(cited: &Citation) -> String {
    cited.anchor.as_ref().map_or_else(|| cited.source.clone(), |anchor| format!("{}#{anchor}", cited.source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::testing::citation;

    fn question(line: &str) -> EvaluationQuestion {
        serde_json::from_str(line).unwrap()
    }

    fn cited(source: &str, page: Option<u32>) -> Citation {
        citation(source, page, "Text")
    }

    #[test]
    fn the_first_cited_page_is_judged_unless_another_right_source_was_quoted() {
        let asked = question(r#"{"question": "?", "relevant": ["m.pdf#page=3", "p.html"]}"#);
        let judged = |citations: &[Citation]| page_is_right(&asked, citations);
        assert_eq!(judged(&[cited("m.pdf", Some(3))]), Some(true));
        assert_eq!(judged(&[cited("m.pdf", Some(4)), cited("m.pdf", Some(3))]), Some(false));
        assert_eq!(judged(&[cited("p.html", None)]), None);
        assert_eq!(judged(&[cited("q.html", None)]), Some(false));
        assert_eq!(judged(&[]), Some(false), "no answer cites no page");
        let unclear = question(r#"{"question": "?", "relevant": ["m.pdf#page=3"], "state": "clarify"}"#);
        assert_eq!(page_is_right(&unclear, &[]), None, "asking back cites nothing");
        let no_page = question(r#"{"question": "?", "relevant": ["p.html"]}"#);
        assert_eq!(page_is_right(&no_page, &[cited("m.pdf", Some(3))]), None);
    }

    #[test]
    fn the_answer_must_be_said_whole() {
        let asked = question(r#"{"question": "?", "answer": ["1,2 m", "Größe"]}"#);
        assert_eq!(says_answer(&asked, "Kabel:\n 1,2  m [1]"), Some(true));
        assert_eq!(says_answer(&asked, "Die GROESSE."), Some(true));
        assert_eq!(says_answer(&asked, "11,2 m"), Some(false));
        assert_eq!(says_answer(&question(r#"{"question": "?"}"#), "x"), None);
    }
}
