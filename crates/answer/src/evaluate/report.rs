//! What an evaluation tells: question by question, and over all of them.

use std::collections::BTreeMap;

use auskunft_model::State;
use serde::Serialize;

use super::candidates::Prepared;
use super::{Ability, Cost, EvaluationQuestion, Ranking, Verdict, abilities};

/// The measures of each leg by itself and of their sum.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ByLeg {
    /// Vectors alone.
    pub dense: Ranking,
    /// The lexical index alone.
    pub lexical: Ranking,
    /// Their sum.
    pub fused: Ranking,
}

/// One half of a cross-validation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fold {
    /// Questions that were measured.
    pub questions: usize,
    /// The dense weight that was best on the other half.
    pub dense_weight: f64,
    /// The measures.
    pub ranking: Ranking,
}

/// How one question went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// Its id, or its number in the file (from 1).
    pub id: String,
    /// The set that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// What it tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ability: Option<String>,
    /// The words.
    pub question: String,
    /// Rank of the first relevant hit, when it is among the first ten; absent when nothing is relevant.
    pub rank: Option<usize>,
    /// The same of the dense leg.
    pub dense_rank: Option<usize>,
    /// The same of the lexical leg.
    pub lexical_rank: Option<usize>,
    /// Whether some text is relevant.
    #[serde(skip)]
    pub is_ranked: bool,
    /// The first hits, as `SOURCE` or `SOURCE#ANCHOR`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// The state of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The state that was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_state: Option<State>,
    /// What the answer cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// What became of the answer.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

impl Detail {
    /// A question at a place in its file (from 0) that was neither answered nor searched for yet.
    pub(super) fn of(question: &EvaluationQuestion, place: usize) -> Self {
        Self {
            id: question.id.clone().unwrap_or_else(|| (place + 1).to_string()),
            set: question.set.clone(),
            ability: question.ability.clone(),
            question: question.question.clone(),
            rank: None,
            dense_rank: None,
            lexical_rank: None,
            is_ranked: !question.relevant.is_empty(),
            found: Vec::new(),
            state: None,
            expected_state: question.state,
            cost: None,
            verdict: None,
        }
    }
}

/// The whole result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Questions in the file.
    pub questions: usize,
    /// Of the sum, over the questions with relevant texts.
    #[serde(flatten)]
    pub ranking: Ranking,
    /// Leg by leg.
    pub by_leg: ByLeg,
    /// Share of the questions with an expected state that ended in it; absent when none has one.
    pub state_accuracy: Option<f64>,
    /// Share of the questions that a page answers (`SOURCE#page=N`) whose first citation with a page cites such a page; see
    /// [`Verdict::page_is_right`]. Absent when there is none.
    pub page_accuracy: Option<f64>,
    /// Share of the questions with an `answer` whose answer says it; absent when none has one.
    pub answer_accuracy: Option<f64>,
    /// Share of the questions that state facts of the shop's data whose answer holds exactly these; absent when none does.
    pub facts_accuracy: Option<f64>,
    /// Answers that say a number, a name or a word which neither their facts nor their citations hold; see [`Verdict::unsupported`].
    pub unsupported_answers: usize,
    /// The same by what questions test; empty when none tells.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_ability: BTreeMap<String, Ability>,
    /// The halves of a cross-validation; empty without one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<Fold>,
    /// Question by question.
    pub details: Vec<Detail>,
}

/// The measures over all questions.
pub(super) fn summary(
    questions: usize,
    prepared: &[Prepared<'_>],
    folds: Vec<Fold>,
    details: Vec<Detail>,
) -> Evaluation {
    let ranks = |rank: &dyn Fn(usize, &Prepared<'_>) -> Option<usize>| {
        let ranks: Vec<Option<usize>> =
            prepared.iter().enumerate().map(|(place, one)| rank(place, one)).collect();
        Ranking::of(&ranks)
    };
    let weight = |place: usize, one: &Prepared<'_>| {
        folds.get(place % 2).map_or(one.table_weight, |fold| fold.dense_weight)
    };
    let is_ranked = |detail: &&Detail| detail.is_ranked;
    let known = |rank: fn(&Detail) -> Option<usize>| {
        Ranking::of(&details.iter().filter(is_ranked).map(rank).collect::<Vec<_>>())
    };
    let fused = match folds.is_empty() {
        true => known(|one| one.rank),
        false => ranks(&|place, one| one.rank(weight(place, one))),
    };
    let by_leg = ByLeg {
        dense: known(|one| one.dense_rank),
        lexical: known(|one| one.lexical_rank),
        fused: fused.clone(),
    };
    Evaluation {
        questions,
        ranking: fused,
        by_leg,
        state_accuracy: accuracy(&details, |one| Some(one.state? == one.expected_state?)),
        page_accuracy: accuracy(&details, |one| one.verdict.as_ref()?.page_is_right),
        answer_accuracy: accuracy(&details, |one| one.verdict.as_ref()?.says_answer),
        facts_accuracy: accuracy(&details, |one| one.verdict.as_ref()?.facts_are_right),
        unsupported_answers: details
            .iter()
            .filter(|one| one.verdict.as_ref().is_some_and(|verdict| !verdict.unsupported.is_empty()))
            .count(),
        by_ability: abilities::by_ability(&details),
        folds,
        details,
    }
}

/// Share of the right ones among those that can be judged.
pub(super) fn accuracy(details: &[Detail], judge: impl Fn(&Detail) -> Option<bool>) -> Option<f64> {
    let judged: Vec<bool> = details.iter().filter_map(judge).collect();
    let right = judged.iter().filter(|right| **right).count();
    (!judged.is_empty()).then(|| right as f64 / judged.len() as f64)
}
