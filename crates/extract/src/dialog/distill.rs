//! A dialog's turns to problem, steps and outcome.

use auskunft_model::Block;
use auskunft_text::normal::collapse_spaces;
use auskunft_text::sentence::sentences;

use super::talk;
use super::turns::Turn;
use crate::markdown;
use crate::outline::paragraph;

/// Most sentences of a problem: people tell long stories before they say what is wrong.
const PROBLEM_SENTENCES: usize = 8;

/// What is left of a dialog.
#[derive(Debug, Default)]
pub(super) struct Distilled {
    /// Sentences of the customer, and the agent's questions with the answers.
    pub(super) problem: Vec<String>,
    /// What the agent advised, without what did not help.
    pub(super) steps: Vec<Block>,
    /// What the customer said of it in the end.
    pub(super) outcome: Vec<String>,
}

impl Distilled {
    /// All words, steps first: they tell the language best.
    pub(super) fn text(&self) -> String {
        let steps = self.steps.iter().map(Block::text);
        steps.chain(self.problem.iter().cloned()).collect::<Vec<_>>().join("\n")
    }

    /// The problem as one paragraph; none when it has no words.
    pub(super) fn problem_text(&self) -> Vec<String> {
        joined(&self.problem)
    }

    /// The outcome as one paragraph; none when it has no words.
    pub(super) fn outcome_text(&self) -> Vec<String> {
        joined(&self.outcome)
    }
}

fn joined(sentences: &[String]) -> Vec<String> {
    if sentences.is_empty() { Vec::new() } else { vec![sentences.join(" ")] }
}

/// Redacted turns to problem, steps, outcome.
pub(super) fn distill(turns: &[Turn]) -> Distilled {
    let advice: Vec<usize> = (0..turns.len()).filter(|index| is_advice(&turns[*index])).collect();
    let first = advice.first().copied().unwrap_or(turns.len());
    let helpful: Vec<usize> = advice.iter().copied().filter(|index| !failed(turns, *index)).collect();
    let kept = if helpful.is_empty() { &advice } else { &helpful };
    Distilled {
        problem: problem(&turns[..first]),
        steps: kept.iter().flat_map(|index| blocks(&turns[*index].text)).collect(),
        outcome: outcome(turns.get(first + 1..).unwrap_or_default()),
    }
}

/// A turn of the agent that states something; one that only asks belongs to the problem.
fn is_advice(turn: &Turn) -> bool {
    turn.is_agent && told(&turn.text).iter().any(|sentence| !sentence.ends_with('?'))
}

/// The sentences that say something.
fn told(text: &str) -> Vec<String> {
    let all = sentences(text).into_iter().map(|range| collapse_spaces(&text[range]));
    let told =
        all.filter(|sentence| !talk::is_empty(sentence)).map(|sentence| talk::without_greeting(&sentence));
    told.filter(|sentence| !sentence.is_empty()).collect()
}

/// Whether the customer's next words say that this advice did not help.
fn failed(turns: &[Turn], index: usize) -> bool {
    let answer: Vec<&str> =
        turns[index + 1..].iter().take_while(|turn| !turn.is_agent).map(|turn| turn.text.as_str()).collect();
    talk::is_failure(&answer.join(" "))
}

/// What was said before the first advice: the customer's statements, and answers together with their questions.
fn problem(turns: &[Turn]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut asked: Option<String> = None;
    for turn in turns {
        if turn.is_agent {
            asked = told(&turn.text).into_iter().rfind(|sentence| sentence.ends_with('?'));
            continue;
        }
        let words = told(&turn.text);
        match asked.take().filter(|_| !found.is_empty()) {
            Some(question) if talk::is_answer(&turn.text) => {
                found.push(question);
                found.push(collapse_spaces(&turn.text));
            }
            _ => found.extend(words),
        }
    }
    found.truncate(PROBLEM_SENTENCES);
    found
}

/// The customer's last statement that says something.
fn outcome(turns: &[Turn]) -> Vec<String> {
    let customers = turns.iter().rev().filter(|turn| !turn.is_agent && !talk::is_failure(&turn.text));
    customers.map(|turn| told(&turn.text)).find(|words| !words.is_empty()).unwrap_or_default()
}

/// A turn as paragraphs and list items, empty sentences left out.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut running: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some((mark, rest)) = markdown::list_mark(line.trim()) {
            found.extend(taken(&mut running));
            found.push(Block::Item { text: format!("{mark} {}", collapse_spaces(rest)) });
        } else if line.trim().is_empty() {
            found.extend(taken(&mut running));
        } else {
            running.extend(told(line));
        }
    }
    found.extend(taken(&mut running));
    found
}

fn taken(sentences: &mut Vec<String>) -> Option<Block> {
    let text = std::mem::take(sentences).join(" ");
    (!text.is_empty()).then(|| paragraph(text))
}
