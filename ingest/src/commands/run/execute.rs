//! The writing part of a run: product pages first, then everything that is bound to products, then what is gone.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use auskunft_boot::Code;
use auskunft_model::{Outcome, SourceKind};
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::publish::FinishedSource;
use auskunft_store::runs::{self, RunState};
use auskunft_store::work::SharedRun;
use auskunft_store::{shop, work};

use super::before::Before;
use super::current::Current;
use super::{Run, summary, turn};
use crate::catalog::walk::Found;
use crate::opening::Refusal;
use crate::run::bind::Binder;
use crate::run::originals;
use crate::run::plan;
use crate::run::progress::Progress;
use crate::run::publish::{Publisher, Totals};
use crate::run::report::Report;
use crate::run::shop_data;
use crate::run::tickets;
use crate::run::{read, reading, sharing};

/// How a run that did not fail ended.
enum End {
    Finished {
        failed: usize,
    },
    /// The embedder, or the new generation, was not good enough to turn readers to it.
    NotGoodEnough,
    Interrupted,
}

/// Reads, publishes, settles and reports; the run's row says how it ended.
pub(super) async fn execute(run: Run<'_>) -> anyhow::Result<(Report, Code)> {
    let database = &run.stores.database;
    let mut report = summary::begin(&run, "run");
    runs::start(database, &report.run_id, "run").await?;
    match Box::pin(write_shared(&run, &mut report)).await {
        Ok(End::Finished { failed }) => {
            finish(&run, &mut report, RunState::Finished).await?;
            Ok((report, if failed == 0 { Code::Ok } else { Code::SomeFailed }))
        }
        Ok(End::NotGoodEnough) => {
            finish(&run, &mut report, RunState::Failed).await?;
            Ok((report, Code::QualityGate))
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

/// Where workers can reach the database, they may take part.
async fn write_shared(run: &Run<'_>, report: &mut Report) -> anyhow::Result<End> {
    let terms = sharing::terms(run.embedder.space(), &run.catalog, &run.pdfs);
    let shared = work::open(&run.stores.database, &report.run_id, &terms).await?.map(Arc::new);
    let ended = Box::pin(write(run, shared.as_ref(), report)).await;
    if let Some(shared) = shared
        && let Err(error) = shared.close().await
    {
        tracing::warn!(%error, "files that were offered to workers stay until the next run, or `ingest gc`");
    }
    ended
}

async fn finish(run: &Run<'_>, report: &mut Report, state: RunState) -> anyhow::Result<()> {
    report.seconds.insert("total", run.began.elapsed().as_secs_f64());
    let json = serde_json::to_value(&*report)?;
    Ok(runs::finish(&run.stores.database, &report.run_id, state, json).await?)
}

async fn write(run: &Run<'_>, shared: Option<&Arc<SharedRun>>, report: &mut Report) -> anyhow::Result<End> {
    let database = &run.stores.database;
    let Some(gate) = turn::judge_embedder(run, report).await? else { return Ok(End::NotGoodEnough) };
    let info = run.target.open(database, run.embedder.as_ref()).await?;
    let read_by_all = run.target.live().unwrap_or(&info).generation;
    shop::write(database, read_by_all, &run.catalog.shop).await?;
    let unloaded = load_shop_data(run, report, true).await?;
    keep_originals(run, report).await?;
    let reading = Instant::now();
    let mut progress = Progress::new(run.plan.read.len() as u64, run.args.quiet);
    let is_product = |found: &&Found| found.source.kind == SourceKind::Product;
    let (pages, others): (Vec<&Found>, Vec<&Found>) = run.plan.read.iter().partition(is_product);
    let mut totals = Totals::default();
    let mut failed = 0;
    let mut left = Left::default();
    let mut refusal = None;
    let before = Before::of(&run.ledger, &run.plan);
    let mut current = Current::begin(run, &info).await?;
    for (wave, is_last) in [(pages, false), (others, true)] {
        current.settle().await?;
        let binder = Binder::new(&current.products, &run.catalog.manuals);
        let sources = read_side_by_side(run, wave, shared, is_last).await?;
        let wave = Wave { sources, is_last, before: &before, left: std::mem::take(&mut left) };
        let ended = Box::pin(publish_wave(run, &info, binder, wave, &mut progress, report)).await?;
        left = ended.left;
        refusal = ended.refusal;
        totals += ended.totals;
        current.outdate(ended.has_published);
        failed += ended.failed;
        if run.shutdown.is_requested() {
            break;
        }
    }
    progress.finish();
    report.seconds.insert("read and publish", reading.elapsed().as_secs_f64());
    let settling = Instant::now();
    if !run.shutdown.is_requested() {
        current.settle().await?;
        if run.target.is_live() {
            report.notes.extend(tickets::settle(run.stores, info.generation).await?);
        }
        generation::ensure_vector_index(database, &info).await?;
    }
    report.seconds.insert("bind and index", settling.elapsed().as_secs_f64());
    let failed = failed + run.plan.unreadable.len();
    current.read().await?;
    summary::complete(run, report, (&info, totals), failed, &current.documents).await?;
    if let Some(refusal) = refusal {
        return Err(anyhow!(Refusal::Guard(refusal)));
    }
    if run.shutdown.is_requested() {
        return Ok(End::Interrupted);
    }
    let is_turned = Box::pin(turn::turn(run, &info, &current.documents, gate, report)).await?;
    Ok(if is_turned { End::Finished { failed: failed + unloaded } } else { End::NotGoodEnough })
}

/// Loads what the shop's own systems know, before the documents; returns how many files kept it from being loaded.
pub(super) async fn load_shop_data(run: &Run<'_>, report: &mut Report, keep: bool) -> anyhow::Result<usize> {
    let began = Instant::now();
    let ended = shop_data::load(&run.stores.database, &run.catalog.shop_data, keep).await?;
    report.shop_data = ended.loaded;
    let failed = ended.failures.len();
    report.failures.extend(ended.failures);
    report.notes.extend(run.catalog.shop_data.unknown.iter().map(|file| {
        format!("{file} is no table of the shop and was left alone; docs/shop-data.md lists them")
    }));
    report.seconds.insert("shop data", began.elapsed().as_secs_f64());
    Ok(failed)
}

/// Keeps the files that citations will lead to, before anything names them.
async fn keep_originals(run: &Run<'_>, report: &mut Report) -> anyhow::Result<()> {
    let began = Instant::now();
    run.objects.check_pairing(&run.stores.database).await?;
    let kept = originals::keep(&run.objects, &run.catalog.walk.found, &run.shutdown).await?;
    report.originals = kept.written;
    report.notes.extend(kept.notes);
    report.seconds.insert("originals", began.elapsed().as_secs_f64());
    Ok(())
}

/// Begins to read: the second wave's places come after the first one's.
async fn read_side_by_side(
    run: &Run<'_>,
    sources: Vec<&Found>,
    shared: Option<&Arc<SharedRun>>,
    is_second: bool,
) -> anyhow::Result<reading::Sources> {
    let sources: Vec<Found> = sources.into_iter().cloned().collect();
    let Some(shared) = shared else { return Ok(reading::start(run.work(), sources, run.jobs)) };
    let first_place = if is_second { i64::from(u32::MAX) } else { 0 };
    sharing::start(run.work(), sources, run.jobs, shared, first_place).await
}

/// Sources that are read side by side.
struct Wave<'a> {
    sources: reading::Sources,
    is_last: bool,
    before: &'a Before<'a>,
    /// Of the wave before.
    left: Left,
}

/// Sources whose documents were left as they are.
#[derive(Default)]
struct Left {
    /// They held documents and can't be read any more: what is to become of these is judged in the end.
    emptied: Vec<FinishedSource>,
    /// They could not be read for a reason that may pass.
    kept: HashSet<String>,
}

struct WaveEnd {
    totals: Totals,
    has_published: bool,
    failed: usize,
    left: Left,
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
    let Wave { mut sources, is_last, before, left } = wave;
    let mut kept = left.kept;
    let mut publisher = Publisher::new(run.stores, &run.embedder, info, &versions, binder, &run.shutdown);
    publisher.carry_emptied(left.emptied);
    let mut failed = 0;
    while let Some(source) = next(run, &mut sources).await? {
        failed += usize::from(is_failed(&source));
        report.take(&source);
        publisher.count_workers(&source);
        check_fail_fast(run, &source)?;
        if before.is_kept(&source) {
            report.failures.push(summary::known(&source));
            kept.insert(source.row.path);
        } else {
            let documents = before.documents(&source.row.path);
            publisher.take(source, documents).await?;
        }
        progress.advance(publisher.totals.written);
    }
    publisher.flush().await?;
    let refusal = if is_last { refusal_of_emptied(run, before, &publisher) } else { None };
    if is_last && refusal.is_none() && !run.shutdown.is_requested() {
        publisher.accept_emptied();
        for (found, failure) in &run.plan.skipped {
            publisher.take(read::skipped(run.inputs(), found, failure.clone()), 0).await?;
        }
        publisher.flush().await?;
        publisher.remove(&before.removable(&run.plan.removed, &kept)).await?;
    }
    let left = Left { emptied: publisher.take_emptied(), kept };
    let (totals, has_published) = (publisher.totals, publisher.has_published);
    Ok(WaveEnd { totals, has_published, failed, left, refusal })
}

/// Whether the source, or one of its records, could not be read.
pub(super) fn is_failed(source: &read::ReadSource) -> bool {
    source.row.outcome == Outcome::Failed || source.failures.iter().any(|record| !record.skipped)
}

/// The next source that was read, or `None` when all are through or a person wants to stop.
pub(super) async fn next(
    run: &Run<'_>,
    sources: &mut reading::Sources,
) -> anyhow::Result<Option<read::ReadSource>> {
    tokio::select! {
        biased;
        () = run.shutdown.requested() => {
            run.pdfs.cancel();
            Ok(None)
        }
        source = sources.recv() => source.transpose(),
    }
}

fn check_fail_fast(run: &Run<'_>, source: &read::ReadSource) -> anyhow::Result<()> {
    match &source.row.failure {
        Some(failure) if run.args.fail_fast && source.row.outcome == Outcome::Failed => Err(anyhow!(
            Refusal::FailFast(format!("{} [{}] {}", source.row.path, failure.reason, failure.detail))
        )),
        _ => Ok(()),
    }
}

/// Sources that could be read before and can't be now take their documents along only within the guard.
fn refusal_of_emptied(run: &Run<'_>, before: &Before<'_>, publisher: &Publisher<'_>) -> Option<String> {
    let paths = || publisher.emptied().iter().map(|source| source.row.path.as_str());
    let vanishing: usize = paths().map(|path| before.documents(path)).sum();
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
