//! The writing part of a run: product pages first, then everything that is bound to products, then what is gone.

use std::collections::HashMap;
use std::time::Instant;

use anyhow::anyhow;
use auskunft_boot::Code;
use auskunft_extract::CHUNKER_VERSION;
use auskunft_model::{Outcome, Reason, SourceKind};
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::publish::FinishedSource;
use auskunft_store::runs::{self, RunState};
use auskunft_store::shop;

use super::reading::{self, Work};
use super::{Run, summary};
use crate::catalog::walk::Found;
use crate::opening::Refusal;
use crate::run::bind::Binder;
use crate::run::plan;
use crate::run::progress::Progress;
use crate::run::publish::{Publisher, Totals};
use crate::run::read;
use crate::run::report::Report;
use crate::run::settle;

/// How a run that did not fail ended.
enum End {
    Finished { failed: usize },
    Interrupted,
}

/// Reads, publishes, settles and reports; the run's row says how it ended.
pub(super) async fn execute(run: Run<'_>, live: Option<GenerationInfo>) -> anyhow::Result<(Report, Code)> {
    let database = &run.stores.database;
    let mut report = summary::begin(&run, "run");
    runs::start(database, &report.run_id, "run").await?;
    match Box::pin(write(&run, live, &mut report)).await {
        Ok(End::Finished { failed }) => {
            finish(&run, &mut report, RunState::Finished).await?;
            Ok((report, if failed == 0 { Code::Ok } else { Code::SomeFailed }))
        }
        Ok(End::Interrupted) => {
            report.notes.push("interrupted: run again to go on".to_owned());
            finish(&run, &mut report, RunState::Interrupted).await?;
            Ok((report, Code::Interrupted))
        }
        Err(error) => {
            report.notes.push(format!("{error:#}"));
            // The first failure is what the user must hear of, also when its row can't be written (a full disk).
            if let Err(second) = finish(&run, &mut report, RunState::Failed).await {
                tracing::warn!(error = %second, "the run's row could not be closed");
            }
            Err(error)
        }
    }
}

async fn finish(run: &Run<'_>, report: &mut Report, state: RunState) -> anyhow::Result<()> {
    report.seconds.insert("total", run.began.elapsed().as_secs_f64());
    let json = serde_json::to_value(&*report)?;
    Ok(runs::finish(&run.stores.database, &report.run_id, state, &json).await?)
}

async fn write(run: &Run<'_>, live: Option<GenerationInfo>, report: &mut Report) -> anyhow::Result<End> {
    let database = &run.stores.database;
    let info = match live {
        Some(info) => info,
        None => {
            let (space, dimensions) = (run.embedder.space(), run.embedder.dimensions());
            generation::create_first(database, space, dimensions, CHUNKER_VERSION).await?
        }
    };
    shop::write(database, info.generation, &run.catalog.shop).await?;
    let reading = Instant::now();
    let mut progress = Progress::new(run.plan.read.len() as u64, run.args.quiet);
    let is_product = |found: &&Found| found.source.kind == SourceKind::Product;
    let (pages, others): (Vec<&Found>, Vec<&Found>) = run.plan.read.iter().partition(is_product);
    let mut totals = Totals::default();
    let mut failed = 0;
    let mut emptied = Vec::new();
    let mut refusal = None;
    for (wave, is_last) in [(pages, false), (others, true)] {
        let products = settle::settle(run.stores, &info, &run.catalog.manuals).await?;
        let binder = Binder::new(&products, &run.catalog.manuals);
        let wave = Wave { sources: wave, is_last, emptied: std::mem::take(&mut emptied) };
        let ended = Box::pin(publish_wave(run, &info, binder, wave, &mut progress, report)).await?;
        emptied = ended.emptied;
        refusal = ended.refusal;
        totals = sum(totals, ended.totals);
        failed += ended.failed;
        if run.shutdown.is_requested() {
            break;
        }
    }
    progress.finish();
    report.seconds.insert("read and publish", reading.elapsed().as_secs_f64());
    let settling = Instant::now();
    if !run.shutdown.is_requested() {
        settle::settle(run.stores, &info, &run.catalog.manuals).await?;
        generation::ensure_vector_index(database, &info).await?;
    }
    report.seconds.insert("bind and index", settling.elapsed().as_secs_f64());
    let failed = failed + run.plan.unreadable.len();
    summary::complete(run, report, totals, failed).await?;
    if let Some(refusal) = refusal {
        return Err(anyhow!(Refusal::Guard(refusal)));
    }
    Ok(if run.shutdown.is_requested() { End::Interrupted } else { End::Finished { failed } })
}

/// Sources that are read side by side.
struct Wave<'a> {
    sources: Vec<&'a Found>,
    is_last: bool,
    /// Of the wave before: sources that held documents and can't be read any more.
    emptied: Vec<FinishedSource>,
}

struct WaveEnd {
    totals: Totals,
    failed: usize,
    emptied: Vec<FinishedSource>,
    /// Why nothing was removed, when the guard refused.
    refusal: Option<String>,
}

/// Publishes one wave of sources; the last wave also removes what is gone.
async fn publish_wave(
    run: &Run<'_>,
    info: &GenerationInfo,
    binder: Binder<'_>,
    wave: Wave<'_>,
    progress: &mut Progress,
    report: &mut Report,
) -> anyhow::Result<WaveEnd> {
    let versions = run.ledger.versions();
    let held = held(run);
    let mut publisher = Publisher::new(run.stores, &run.embedder, info, &versions, binder);
    let work = Work { catalog: run.catalog.clone(), embedder: run.embedder.clone(), pdfs: run.pdfs.clone() };
    publisher.carry_emptied(wave.emptied);
    let mut sources = reading::start(work, wave.sources.into_iter().cloned().collect(), run.jobs);
    let mut failed = 0;
    while let Some(source) = next(run, &mut sources).await {
        failed += usize::from(is_failed(&source));
        report.take(&source);
        check_fail_fast(run, &source)?;
        if is_unreadable(&source) {
            report.failures.push(summary::known(&source));
        } else {
            let documents = held.get(source.row.path.as_str()).copied().unwrap_or(0);
            publisher.take(source, documents).await?;
        }
        progress.advance(publisher.totals.written);
    }
    publisher.flush().await?;
    let refusal = if wave.is_last { refusal_of_emptied(run, &publisher) } else { None };
    if wave.is_last && refusal.is_none() && !run.shutdown.is_requested() {
        publisher.accept_emptied();
        for (found, failure) in &run.plan.skipped {
            publisher.take(read::skipped(&run.catalog, found, failure.clone()), 0).await?;
        }
        publisher.flush().await?;
        publisher.remove(&run.plan.removed).await?;
    }
    let emptied = publisher.take_emptied();
    Ok(WaveEnd { totals: publisher.totals, failed, emptied, refusal })
}

/// Whether the source, or one of its records, could not be read.
pub(super) fn is_failed(source: &read::ReadSource) -> bool {
    source.row.outcome == Outcome::Failed || source.failures.iter().any(|record| !record.skipped)
}

/// The next source that was read, or `None` when all are through or a person wants to stop.
pub(super) async fn next(
    run: &Run<'_>,
    sources: &mut tokio::sync::mpsc::Receiver<read::ReadSource>,
) -> Option<read::ReadSource> {
    tokio::select! {
        biased;
        () = run.shutdown.requested() => {
            run.pdfs.cancel();
            None
        }
        source = sources.recv() => source,
    }
}

/// How many documents each source held when the run began; a moved one held those of its old path.
fn held<'a>(run: &'a Run<'_>) -> HashMap<&'a str, usize> {
    let mut held = HashMap::new();
    for row in &run.ledger.documents {
        *held.entry(row.source.as_str()).or_insert(0) += 1;
    }
    for (old, new) in &run.plan.moved {
        if let Some(count) = held.get(old.as_str()).copied() {
            held.insert(new, count);
        }
    }
    held
}

fn check_fail_fast(run: &Run<'_>, source: &read::ReadSource) -> anyhow::Result<()> {
    match &source.row.failure {
        Some(failure) if run.args.fail_fast && source.row.outcome == Outcome::Failed => Err(anyhow!(
            Refusal::FailFast(format!("{} [{}] {}", source.row.path, failure.reason, failure.detail))
        )),
        _ => Ok(()),
    }
}

/// What the operating system refuses now may be readable tomorrow: what is stored of it stays.
fn is_unreadable(source: &read::ReadSource) -> bool {
    source.row.failure.as_ref().is_some_and(|failure| failure.reason == Reason::Unreadable)
}

/// Sources that could be read before and can't be now take their documents along only within the guard.
fn refusal_of_emptied(run: &Run<'_>, publisher: &Publisher<'_>) -> Option<String> {
    let held = held(run);
    let paths = || publisher.emptied().iter().map(|source| source.row.path.as_str());
    let vanishing: usize = paths().map(|path| held.get(path).copied().unwrap_or(0)).sum();
    // The plan counted some of them already.
    let planned: usize = paths().map(|path| run.plan.lost.get(path).copied().unwrap_or(0)).sum();
    let vanishing_in_all = (run.plan.vanishing + vanishing).saturating_sub(planned);
    let is_refused = !run.args.allow_deletes && plan::is_guarded(vanishing_in_all, run.plan.known);
    is_refused.then(|| {
        let first = publisher.emptied().first().map_or("", |source| source.row.path.as_str());
        format!(
            "{vanishing} documents would vanish because their sources can't be read any more (the first: `{first}`): they and \
             everything else that would vanish were kept, what is new or changed was taken; check the files, or allow it \
             with --allow-deletes"
        )
    })
}

fn sum(one: Totals, other: Totals) -> Totals {
    let mut sum = one;
    sum.written += other.written;
    sum.deleted += other.deleted;
    sum.documents += other.documents;
    sum.embedded.computed += other.embedded.computed;
    sum.embedded.cached += other.embedded.cached;
    sum
}
