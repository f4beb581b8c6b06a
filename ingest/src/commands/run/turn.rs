//! The end of a new generation's building: it is judged, and readers are turned to it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use auskunft_answer::Desk;
use auskunft_answer::evaluate::{self, EvaluationQuestion};
use auskunft_store::generation::{self, GenerationInfo, Turn};
use auskunft_store::ledger::{self, DocumentRow};
use tokio::task::spawn_blocking;

use super::Run;
use super::target::Target;
use crate::opening;
use crate::run::gate::{self, Gate};
use crate::run::report::Report;
use crate::run::{bind, settle, tickets};

/// The questions of a catalog folder.
const QUESTIONS: &str = "questions.jsonl";

/// Judges the embedder of a new space, before any vector is made; `None` when it is not fit. What it found belongs to the generation's gate.
pub(super) async fn judge_embedder(run: &Run<'_>, report: &mut Report) -> anyhow::Result<Option<Gate>> {
    let (live, mut gate) = (run.target.live(), Gate::default());
    if run.args.gate.any_embedder || live.is_some_and(|live| live.space == *run.embedder.space()) {
        return Ok(Some(gate));
    }
    let embedder = Arc::clone(&run.embedder);
    let judging = spawn_blocking(move || gate::tells_meanings_apart(embedder.as_ref()));
    let Some(check) = judging.await?? else { return Ok(Some(gate)) };
    let passed = check.passed;
    gate.add(check);
    if passed {
        return Ok(Some(gate));
    }
    let stays = live.map_or("nothing is live".to_owned(), |live| {
        report.live_generation = live.generation.0;
        format!("generation {} stays live", live.generation)
    });
    report.notes.push(format!("nothing was read, {stays}: {}", gate.failures()));
    report.gate = Some(gate);
    Ok(None)
}

/// Judges a generation that was built beside the live one, and turns readers to it when it is good enough; `false` when it is not. Does
/// nothing when the live one was written. `gate` is what was judged before.
pub(super) async fn turn(
    run: &Run<'_>,
    info: &GenerationInfo,
    documents: &[DocumentRow],
    gate: Gate,
    report: &mut Report,
) -> anyhow::Result<bool> {
    let Target::Beside { live, .. } = &run.target else { return Ok(true) };
    let database = &run.stores.database;
    generation::finish(database, info.generation).await?;
    let judging = Instant::now();
    let gate = Box::pin(judge(run, live, info, documents, gate)).await?;
    report.seconds.insert("judge", judging.elapsed().as_secs_f64());
    let (passed, failures) = (gate.passed, gate.failures());
    report.gate = Some(gate);
    if !passed {
        report.notes.push(format!(
            "generation {} stays as it is, generation {} stays live: {failures}; run again with --rebuild when that is mended",
            info.generation, live.generation
        ));
        return Ok(false);
    }
    let turning = Instant::now();
    let products = settle::product_changes(run.stores, &bind::products(documents)).await?;
    let turn = Turn { from: live.generation, to: info.generation, is_back: false };
    generation::turn(database, turn, &products).await?;
    report.notes.extend(tickets::settle(run.stores, info.generation).await?);
    report.seconds.insert("turn", turning.elapsed().as_secs_f64());
    report.live_generation = info.generation.0;
    if let Some(now) = generation::read(database, info.generation).await? {
        report.revision = now.revision.0;
    }
    Ok(true)
}

async fn judge(
    run: &Run<'_>,
    live: &GenerationInfo,
    info: &GenerationInfo,
    documents: &[DocumentRow],
    mut gate: Gate,
) -> anyhow::Result<Gate> {
    let database = &run.stores.database;
    let info = generation::read(database, info.generation).await?.unwrap_or_else(|| info.clone());
    gate.add(gate::stores_agree(run.stores, &info).await?);
    gate.add(gate::index_finds(database, &info).await?);
    let before = ledger::documents(database, live.generation).await?;
    let found: HashSet<&str> =
        run.catalog.walk.found.iter().map(|found| found.source.path.as_str()).collect();
    let is_found = |path: &str| found.contains(path);
    gate.add(gate::nothing_lost(&before, documents, is_found, run.args.allow_deletes));
    let both = (live.generation, info.generation);
    gate.add(gate::texts_kept(run.stores, both, &before, documents).await?);
    // What fails here is told at once; questions take minutes.
    if gate.passed
        && let Some(questions) = questions(run)?
    {
        let args = &run.args.gate;
        let new = opening::desk(run.settings, run.stores.clone(), info).await?;
        let old = desk_over_live(run, live).await?;
        let desks = (old.as_ref(), &new);
        gate.add(gate::answers_as_well(&questions, desks, args.margin, args.without_comparison).await?);
    }
    Ok(gate)
}

/// `None` when the embedder that made it is not at hand any more.
async fn desk_over_live(run: &Run<'_>, live: &GenerationInfo) -> anyhow::Result<Option<Desk>> {
    if auskunft_embed::open_for(&live.space, run.settings).ok().flatten().is_none() {
        return Ok(None);
    }
    let live = generation::read(&run.stores.database, live.generation).await?.unwrap_or_else(|| live.clone());
    Ok(Some(opening::desk(run.settings, run.stores.clone(), live).await?))
}

/// The questions that were named, else those of the catalog folder.
fn questions(run: &Run<'_>) -> anyhow::Result<Option<Vec<EvaluationQuestion>>> {
    let of_catalog = run.args.dir.as_ref().map(|folder| folder.join(QUESTIONS)).filter(|file| file.is_file());
    let Some(file) = run.args.gate.questions.clone().or(of_catalog) else { return Ok(None) };
    let name = file.display().to_string();
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("can't read the questions in `{name}`"))?;
    Ok(Some(evaluate::read(&text, &name)?))
}
