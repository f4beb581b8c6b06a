//! Evaluation: how well relevant texts are ranked, leg by leg, whether answers end in the right state and say what they should,
//! and nothing that they were not given.
//!
//! With cross-validation the dense weight is chosen on one half of the questions and measured on the other, so that the
//! figures don't praise the choice that they led to.

mod abilities;
mod candidates;
mod facts;
mod measure;
mod questions;
mod report;
mod row;
mod support;
#[cfg(test)]
mod testing;
mod verdict;
mod weight;

use std::time::Instant;

use auskunft_model::{Answer, Asker, Hit};
use auskunft_store::{names, products};

use crate::error::Result;
use crate::reply::products_of;
use crate::understand::Conversation;
use crate::{Answered, Desk};

use candidates::{Prepared, prepare};
use support::Dictionary;

pub use abilities::{Ability, Cost};
pub use measure::Ranking;
pub use questions::{EvaluationQuestion, read};
pub use report::{ByLeg, Detail, Evaluation, Fold};
pub use support::{Unsupported, What};
pub use verdict::Verdict;

/// How to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Choose the dense weight by two-fold cross-validation instead of taking it from the table.
    pub cross_validate: bool,
    /// Leave out the answers: rankings alone are faster.
    pub without_states: bool,
}

/// Hits that a question's detail names.
const FOUND: usize = 5;

/// Where a hit stands, as `SOURCE`, `SOURCE#page=3` or `SOURCE#record`.
fn place_of(hit: &Hit) -> String {
    let anchor = hit.anchor.clone().or_else(|| hit.page.map(|page| format!("page={page}")));
    anchor.map_or_else(|| hit.source.clone(), |anchor| format!("{}#{anchor}", hit.source))
}

/// Asks every question and measures.
pub async fn evaluate(desk: &Desk, questions: &[EvaluationQuestion], options: Options) -> Result<Evaluation> {
    let dictionary = match options.without_states {
        true => Dictionary::default(),
        false => dictionary(desk).await?,
    };
    let mut prepared = Vec::new();
    let mut details = Vec::new();
    for (place, question) in questions.iter().enumerate() {
        let asker = desk.with_regions(question.asker()).await?;
        let conversation = conversation_before(desk, question, &asker).await?;
        let since = Instant::now();
        let answered = match options.without_states {
            true => None,
            false => Some(desk.answer(&question.asked(), &asker, &conversation).await?),
        };
        let cost = answered.as_ref().map(|answered| Cost::of(since.elapsed(), answered));
        let mut detail = Detail::of(question, place);
        if let Some(Answered { answer, .. }) = &answered {
            detail.state = Some(answer.state);
            detail.cost = cost;
            detail.verdict = Some(verdict::judge(question, answer, &names_in(desk, answer), &dictionary));
        }
        if !question.relevant.is_empty() {
            let candidates = prepare(desk, question, &asker, &conversation).await?;
            rank(&mut detail, &candidates);
            prepared.push(candidates);
        }
        details.push(detail);
    }
    let folds = if options.cross_validate { weight::cross_validate(&prepared) } else { Vec::new() };
    Ok(report::summary(questions.len(), &prepared, folds, details))
}

fn rank(detail: &mut Detail, candidates: &Prepared<'_>) {
    let hits = candidates.hits(candidates.table_weight);
    detail.rank = candidates.rank_in(hits.iter());
    detail.found = hits.iter().take(FOUND).map(place_of).collect();
    detail.dense_rank = candidates.dense_rank();
    detail.lexical_rank = candidates.lexical_rank();
}

/// The names of the shop's world.
async fn dictionary(desk: &Desk) -> Result<Dictionary> {
    let database = &desk.stores.database;
    Ok(Dictionary::new(&products::all(database).await?, &names::all(database).await?))
}

/// Names of the products that an answer is about, and of those that it compares.
fn names_in(desk: &Desk, answer: &Answer) -> Vec<String> {
    let view = desk.view();
    let named = answer.facts.iter().flat_map(products_of).chain(answer.product.as_ref());
    named.map(|product| view.products.name_of(product)).collect()
}

/// What the questions asked before leave behind.
async fn conversation_before(
    desk: &Desk,
    question: &EvaluationQuestion,
    asker: &Asker,
) -> Result<Conversation> {
    let mut conversation = Conversation::default();
    for before in &question.after {
        let answered = desk.answer(&question.ask(before), asker, &conversation).await?;
        conversation = conversation.followed_by(&answered.said);
    }
    Ok(conversation)
}
