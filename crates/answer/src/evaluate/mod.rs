//! Evaluation: how well relevant texts are ranked, leg by leg, and whether answers end in the right state.
//!
//! With cross-validation the dense weight is chosen on one half of the questions and measured on the other, so that the
//! figures don't praise the choice that they led to.

mod abilities;
mod facts;
mod measure;
mod questions;
mod verdict;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use auskunft_model::{Answer, ChunkId, Hit, State};
use auskunft_store::search::ChunkRow;
use serde::Serialize;

use crate::Desk;
use crate::error::Result;
use crate::evidence::{Evidence, weigh};
use crate::reply::products_of;
use crate::retrieve::{Found, Fused, READ, Request, demote, fuse, is_superseded, join, run, shorten, texts};
use crate::trace::Trace;
use crate::understand::{Conversation, Understood};
use crate::view::View;
use crate::weights::dense_weight;

pub use abilities::{Ability, Cost};
pub use measure::Ranking;
pub use questions::{EvaluationQuestion, read};
pub use verdict::Verdict;

/// How to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Choose the dense weight by two-fold cross-validation instead of taking it from the table.
    pub cross_validate: bool,
    /// Leave out the answers: rankings alone are faster.
    pub without_states: bool,
}

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
    /// Answers that say a number which neither their facts nor their citations hold.
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

/// Hits that a question's detail names.
const FOUND: usize = 5;

/// Where a hit stands, as `SOURCE`, `SOURCE#page=3` or `SOURCE#record`.
fn place_of(hit: &Hit) -> String {
    let anchor = hit.anchor.clone().or_else(|| hit.page.map(|page| format!("page={page}")));
    anchor.map_or_else(|| hit.source.clone(), |anchor| format!("{}#{anchor}", hit.source))
}

/// A question's candidates with everything that ranking them under any weight needs.
struct Prepared<'a> {
    question: &'a EvaluationQuestion,
    dense: Vec<(ChunkId, f64)>,
    lexical: Vec<(ChunkId, f64)>,
    rows: HashMap<ChunkId, ChunkRow>,
    texts: HashMap<ChunkId, String>,
    request: Request,
    understood: Understood,
    view: Arc<View>,
    table_weight: f64,
}

impl Prepared<'_> {
    /// Rank of the first relevant hit under that weight.
    fn rank(&self, weight: f64) -> Option<usize> {
        self.rank_in(self.hits(weight).iter())
    }

    /// The first hits under that weight, in the order of what they hold of the question, as a search returns them.
    fn hits(&self, weight: f64) -> Vec<Hit> {
        let mut fused = fuse(&self.dense, &self.lexical, weight);
        demote(&mut fused, &self.rows, &self.request);
        shorten(&mut fused, &self.rows, &self.request, READ);
        let found = self.joined(fused, usize::MAX);
        let weighed = weigh(found, &self.understood, &self.view.products, &self.view.info.space);
        weighed.into_iter().take(measure::DEPTH).map(Evidence::into_hit).collect()
    }

    fn joined(&self, fused: Vec<Fused>, limit: usize) -> Vec<Found> {
        join(fused, &self.rows, self.texts.clone(), |row| is_superseded(row, &self.request), limit)
    }

    fn rank_in<'h>(&self, mut hits: impl Iterator<Item = &'h Hit>) -> Option<usize> {
        hits.position(|hit| self.question.is_answered_by(hit)).map(|place| place + 1)
    }

    fn rank_by_search(&self, mut fused: Vec<Fused>) -> Option<usize> {
        demote(&mut fused, &self.rows, &self.request);
        let found = self.joined(fused, measure::DEPTH);
        self.rank_in(found.iter().map(|found| &found.hit))
    }

    fn dense_rank(&self) -> Option<usize> {
        self.rank_by_search(fuse(&self.dense, &[], 1.0))
    }

    fn lexical_rank(&self) -> Option<usize> {
        self.rank_by_search(fuse(&[], &self.lexical, 0.0))
    }
}

/// Asks every question and measures.
pub async fn evaluate(desk: &Desk, questions: &[EvaluationQuestion], options: Options) -> Result<Evaluation> {
    let mut prepared = Vec::new();
    let mut details = Vec::new();
    for (place, question) in questions.iter().enumerate() {
        let conversation = conversation_before(desk, question).await?;
        let since = Instant::now();
        let answered = match options.without_states {
            true => None,
            false => Some(desk.answer(&question.asked(), &question.asker(), &conversation).await?),
        };
        let cost = answered.as_ref().map(|answered| Cost::of(since.elapsed(), answered));
        let answer = answered.map(|answered| answered.answer);
        let mut detail = Detail {
            id: question.id.clone().unwrap_or_else(|| (place + 1).to_string()),
            set: question.set.clone(),
            ability: question.ability.clone(),
            question: question.question.clone(),
            rank: None,
            dense_rank: None,
            lexical_rank: None,
            is_ranked: !question.relevant.is_empty(),
            found: Vec::new(),
            state: answer.as_ref().map(|answer| answer.state),
            expected_state: question.state,
            cost,
            verdict: answer.as_ref().map(|answer| verdict::judge(question, answer, &names_in(desk, answer))),
        };
        if !question.relevant.is_empty() {
            let candidates = prepare(desk, question, &conversation).await?;
            let hits = candidates.hits(candidates.table_weight);
            detail.rank = candidates.rank_in(hits.iter());
            detail.found = hits.iter().take(FOUND).map(place_of).collect();
            detail.dense_rank = candidates.dense_rank();
            detail.lexical_rank = candidates.lexical_rank();
            prepared.push(candidates);
        }
        details.push(detail);
    }
    let folds = if options.cross_validate { cross_validate(&prepared) } else { Vec::new() };
    Ok(summary(questions.len(), &prepared, folds, details))
}

fn summary(
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
fn accuracy(details: &[Detail], judge: impl Fn(&Detail) -> Option<bool>) -> Option<f64> {
    let judged: Vec<bool> = details.iter().filter_map(judge).collect();
    let right = judged.iter().filter(|right| **right).count();
    (!judged.is_empty()).then(|| right as f64 / judged.len() as f64)
}

/// Chooses the weight on each half and measures it on the other; halves by the parity of the question's place.
fn cross_validate(prepared: &[Prepared<'_>]) -> Vec<Fold> {
    let half = |parity: usize| prepared.iter().skip(parity).step_by(2);
    let ranks = |parity: usize, weight: f64| half(parity).map(|one| one.rank(weight)).collect::<Vec<_>>();
    let fold = |parity: usize| {
        let dense_weight = choose_weight(|weight| ranks(1 - parity, weight));
        Fold {
            questions: half(parity).count(),
            dense_weight,
            ranking: Ranking::of(&ranks(parity, dense_weight)),
        }
    };
    vec![fold(0), fold(1)]
}

/// The middle of the weights (0 to 1 by .05) whose MRR is within one standard error of the best one's: the differences
/// among these are noise, and the very best is often a lucky edge (the "one standard error rule", Breiman et al., 1984).
fn choose_weight(ranks: impl Fn(f64) -> Vec<Option<usize>>) -> f64 {
    const STEPS: u32 = 20;
    let weights = (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS));
    let measured: Vec<(f64, measure::Mean)> =
        weights.map(|weight| (weight, measure::Mean::of_reciprocals(&ranks(weight)))).collect();
    let Some((_, best)) = measured.iter().max_by(|left, right| left.1.mean.total_cmp(&right.1.mean)) else {
        return 0.0;
    };
    let good = measured.iter().filter(|(_, one)| one.mean >= best.mean - best.standard_error);
    let good: Vec<f64> = good.map(|(weight, _)| *weight).collect();
    good.iter().sum::<f64>() / good.len().max(1) as f64
}

async fn prepare<'a>(
    desk: &Desk,
    question: &'a EvaluationQuestion,
    conversation: &Conversation,
) -> Result<Prepared<'a>> {
    let mut trace = Trace::default();
    let view = desk.view();
    let (understood, request) = desk.prepare(&question.asked(), conversation, &view, &mut trace);
    let legs = run(desk, &view, &request, &mut trace).await?;
    let all = fuse(&legs.dense, &legs.lexical, 0.5);
    let texts = texts(desk, &all, &mut trace).await?;
    let table_weight = dense_weight(desk.embedder.space(), &request.language);
    let (dense, lexical, rows) = (legs.dense, legs.lexical, legs.rows);
    Ok(Prepared { question, dense, lexical, rows, texts, request, understood, view, table_weight })
}

/// Names of the products that an answer is about, and of those that it compares.
fn names_in(desk: &Desk, answer: &Answer) -> Vec<String> {
    let view = desk.view();
    let named = answer.facts.iter().flat_map(products_of).chain(answer.product.as_ref());
    named.map(|product| view.products.name_of(product)).collect()
}

/// What the questions asked before leave behind.
async fn conversation_before(desk: &Desk, question: &EvaluationQuestion) -> Result<Conversation> {
    let asker = question.asker();
    let mut conversation = Conversation::default();
    for before in &question.after {
        let answered = desk.answer(&question.ask(before), &asker, &conversation).await?;
        conversation = conversation.followed_by(&answered.said);
    }
    Ok(conversation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_is_the_middle_of_those_that_noise_can_not_tell_apart() {
        let ranks = |weight: f64| -> Vec<Option<usize>> {
            let rank = if (0.2..=0.6).contains(&weight) { Some(1) } else { Some(10) };
            vec![rank; 20]
        };
        assert!((choose_weight(ranks) - 0.4).abs() < 1e-6, "{}", choose_weight(ranks));
    }
}
