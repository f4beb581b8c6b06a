//! Reads and publishes what is new or changed: product pages first, then everything that is bound to products, then what is gone.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use auskunft_model::{Outcome, SourceKind};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::publish::FinishedSource;
use auskunft_store::work::SharedRun;

use super::before::Before;
use super::current::Current;
use super::{Run, summary};
use crate::catalog::walk::Found;
use crate::opening::Refusal;
use crate::run::bind::Binder;
use crate::run::plan;
use crate::run::progress::Progress;
use crate::run::publish::{Publisher, Totals};
use crate::run::report::Report;
use crate::run::{read, reading, sharing};

/// What both waves left.
pub(super) struct Ended<'a> {
    pub(super) current: Current<'a>,
    pub(super) totals: Totals,
    /// Sources.
    pub(super) failed: usize,
    /// Why nothing was removed, when the guard refused.
    pub(super) refusal: Option<String>,
}

/// Publishes both waves, unless somebody wants to stop.
pub(super) async fn publish<'a>(
    run: &'a Run<'a>,
    info: &'a GenerationInfo,
    shared: Option<&Arc<SharedRun>>,
    report: &mut Report,
) -> anyhow::Result<Ended<'a>> {
    let reading = Instant::now();
    let mut progress = Progress::new(run.plan.read.len() as u64, run.args.quiet);
    let is_product = |found: &&Found| found.source.kind == SourceKind::Product;
    let (pages, others): (Vec<&Found>, Vec<&Found>) = run.plan.read.iter().partition(is_product);
    let before = Before::of(&run.ledger, &run.plan);
    let mut left = Left::default();
    let current = Current::begin(run, info).await?;
    let mut ended = Ended { current, totals: Totals::default(), failed: 0, refusal: None };
    for (wave, is_last) in [(pages, false), (others, true)] {
        ended.current.settle().await?;
        let binder = Binder::new(&ended.current.products, &run.catalog.manuals);
        let sources = read_side_by_side(run, wave, shared, is_last).await?;
        let wave = Wave { sources, is_last, before: &before, left: std::mem::take(&mut left) };
        let of_wave = Box::pin(publish_wave(run, info, binder, wave, &mut progress, report)).await?;
        left = of_wave.left;
        ended.refusal = of_wave.refusal;
        ended.totals += of_wave.totals;
        ended.current.outdate(of_wave.has_published);
        ended.failed += of_wave.failed;
        if run.shutdown.is_requested() {
            break;
        }
    }
    progress.finish();
    report.seconds.insert("read and publish", reading.elapsed().as_secs_f64());
    Ok(ended)
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
