//! Judges a generation before readers are turned to it.

use std::collections::{BTreeMap, HashSet};

use auskunft_answer::Desk;
use auskunft_answer::evaluate::{self, Evaluation, EvaluationQuestion, Options};
use auskunft_embed::{EmbedError, Embedder, probe};
use auskunft_model::ProductId;
use auskunft_store::generation::GenerationInfo;
use auskunft_store::ledger::DocumentRow;
use auskunft_store::recall::{self, Recall};
use auskunft_store::{Database, Stores, verify};
use serde::Serialize;

use super::{bind, plan};

mod texts;

pub use texts::texts_kept;

/// Vectors whose neighbours are looked for by the index and exactly.
const SAMPLES: u32 = 200;
/// The least recall@10 of the vector index.
const LEAST_RECALL: f64 = 0.95;
/// What to do about an embedder that compares words at most.
const DAMAGED: &str = ", at least three quarters are wanted in one of them: the model's files may be damaged (`ingest model pull` fetches \
                       them anew); one that is made for other languages is taken with --any-embedder";
/// How many of what is wrong is named.
const NAMED: usize = 5;

/// What the gate found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Gate {
    /// Whether readers may be turned to the generation.
    pub passed: bool,
    /// Each thing that was looked at.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Which.
    pub name: &'static str,
    /// Whether it is good enough.
    pub passed: bool,
    /// The figures, and what is wrong.
    pub detail: String,
}

impl Gate {
    /// Adds a check.
    pub fn add(&mut self, check: Check) {
        self.passed = check.passed && (self.passed || self.checks.is_empty());
        self.checks.push(check);
    }

    /// The verdicts for people.
    pub fn lines(&self) -> Vec<String> {
        let verdict = |passed: bool| if passed { "passed" } else { "FAILED" };
        let of_check = |one: &Check| format!("  {:<13} {} {}", one.name, verdict(one.passed), one.detail);
        let all = format!("gate        {}", verdict(self.passed));
        std::iter::once(all).chain(self.checks.iter().map(of_check)).collect()
    }

    /// What did not pass, in one line.
    pub fn failures(&self) -> String {
        let failed = self.checks.iter().filter(|check| !check.passed);
        failed.map(|check| format!("{}: {}", check.name, check.detail)).collect::<Vec<_>>().join("; ")
    }
}

/// Whether the embedder tells meanings apart; `None` for one that compares words, and says so. Computes.
pub fn tells_meanings_apart(embedder: &dyn Embedder) -> Result<Option<Check>, EmbedError> {
    if embedder.is_lexical() {
        return Ok(None);
    }
    let choices = probe::choices(embedder)?;
    let shares = choices.map(|one| format!("{} of {} times in `{}`", one.right, one.asked, one.language));
    let passed = probe::is_enough(&choices);
    let advice = if passed { "" } else { DAMAGED };
    let detail = format!("the same meaning was chosen {}{advice}", shares.join(", "));
    Ok(Some(Check { name: "embedder", passed, detail }))
}

/// Whether all stores agree about the generation: every text, document and vector that its ledger counts is there.
pub async fn stores_agree(stores: &Stores, info: &GenerationInfo) -> anyhow::Result<Check> {
    let problems = verify::of_generation(stores, info).await?;
    let named = problems.iter().take(NAMED).map(|problem| format!("{:?} {}", problem.kind, problem.id));
    let detail = match problems.len() {
        0 => "every chunk has its text, its vector and its document".to_owned(),
        all => format!("{all} things are wrong: {}", named.collect::<Vec<_>>().join(", ")),
    };
    Ok(Check { name: "stores", passed: problems.is_empty(), detail })
}

/// Whether the vector index finds what an exact scan finds.
pub async fn index_finds(database: &Database, info: &GenerationInfo) -> anyhow::Result<Check> {
    let recall: Recall = recall::measure(database, info, SAMPLES).await?;
    let share = recall.share();
    let detail =
        format!("recall@10 {share:.3} over {} vectors, at least {LEAST_RECALL} is wanted", recall.samples);
    Ok(Check { name: "vector index", passed: share >= LEAST_RECALL, detail })
}

/// Whether nothing is lost: no kind of document, no product whose page is still in the catalog, and no more documents than may vanish at
/// once. `found` says whether the catalog still holds a source.
pub fn nothing_lost(
    live: &[DocumentRow],
    new: &[DocumentRow],
    found: impl Fn(&str) -> bool,
    may_vanish: bool,
) -> Check {
    let kinds = |documents: &[DocumentRow]| {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for document in documents {
            *kinds.entry(document.kind.clone()).or_default() += 1;
        }
        kinds
    };
    let (before, after) = (kinds(live), kinds(new));
    let lost_kinds: Vec<&String> = before.keys().filter(|kind| !after.contains_key(*kind)).collect();
    let products: HashSet<ProductId> = bind::products(new).into_iter().map(|(row, _)| row.id).collect();
    let lost_products: Vec<String> = bind::products(live)
        .into_iter()
        .filter(|(row, _)| !products.contains(&row.id) && found(&row.source))
        .map(|(row, _)| row.id.to_string())
        .collect();
    let ids: HashSet<_> = new.iter().map(|document| &document.document_id).collect();
    let vanished = live.iter().filter(|document| !ids.contains(&document.document_id)).count();
    let mut wrong = Vec::new();
    if !lost_kinds.is_empty() {
        let names: Vec<&str> = lost_kinds.iter().map(|kind| kind.as_str()).collect();
        wrong.push(format!("no document of the kind {} is left", names.join(", ")));
    }
    if !lost_products.is_empty() {
        let first: Vec<&str> = lost_products.iter().take(NAMED).map(String::as_str).collect();
        wrong.push(format!(
            "{} products are lost though the catalog holds their pages ({})",
            lost_products.len(),
            first.join(", ")
        ));
    }
    if plan::is_guarded(vanished, live.len()) {
        wrong.push(format!("{vanished} of {} documents would vanish", live.len()));
    }
    let counts: Vec<String> = after.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let passed = wrong.is_empty() || may_vanish;
    let detail = if wrong.is_empty() { counts.join(", ") } else { wrong.join("; ") };
    Check { name: "documents", passed, detail }
}

/// The shares of right answers that are compared.
fn shares(evaluation: &Evaluation) -> Vec<(&'static str, f64)> {
    let first_five = evaluation.ranking.success_at.get(&5).copied();
    let all = [
        ("success@5", first_five),
        ("state", evaluation.state_accuracy),
        ("page", evaluation.page_accuracy),
        ("answer", evaluation.answer_accuracy),
    ];
    all.into_iter().filter_map(|(name, share)| Some((name, share?))).collect()
}

/// Whether questions are answered as well as before. Without a desk over the live generation nothing is compared, and `passed` says
/// whether that is enough.
pub async fn answers_as_well(
    questions: &[EvaluationQuestion],
    (live, new): (Option<&Desk>, &Desk),
    margin: f64,
    without_comparison: bool,
) -> anyhow::Result<Check> {
    let options = Options::default();
    let after = shares(&evaluate::evaluate(new, questions, options).await?);
    let Some(live) = live else {
        let after: Vec<String> = after.iter().map(|(name, share)| format!("{name} {share:.3}")).collect();
        let detail = format!(
            "{} over {} questions; the live generation's embedder is not at hand, so nothing is compared: see `ingest model pull`, or \
             accept that with --without-comparison",
            after.join(", "),
            questions.len()
        );
        return Ok(Check { name: "questions", passed: without_comparison, detail });
    };
    let before = shares(&evaluate::evaluate(live, questions, options).await?);
    let mut passed = true;
    let mut told = Vec::new();
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        let is_worse = *after < before - margin - f64::EPSILON;
        passed &= !is_worse;
        told.push(format!("{name} {after:.3} (live {before:.3}{})", if is_worse { ", worse" } else { "" }));
    }
    let detail = format!("{} over {} questions, {margin} may be lost", told.join(", "), questions.len());
    Ok(Check { name: "questions", passed, detail })
}

#[cfg(test)]
mod tests;
