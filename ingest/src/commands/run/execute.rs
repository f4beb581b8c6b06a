//! The writing part of a run, and how it ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use auskunft_boot::Code;
use auskunft_store::runs::{self, RunState};
use auskunft_store::work::SharedRun;
use auskunft_store::{shop, work};

use super::{Run, summary, turn, waves};
use crate::opening::Refusal;
use crate::run::originals;
use crate::run::report::Report;
use crate::run::sharing;
use crate::run::shop_data;
use crate::run::tickets;
use crate::run::vector_index;

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
    keep_originals(run, report).await?;
    let loading = load_shop_data(run, true);
    let publishing = Box::pin(waves::publish(run, &info, shared, report));
    let (shop_data, ended) = if database.is_embedded() {
        // Its only connection serves one after the other.
        (loading.await?, publishing.await?)
    } else {
        tokio::try_join!(loading, publishing)?
    };
    let unloaded = shop_data.tell(run, report);
    let waves::Ended { mut current, totals, failed, refusal } = ended;
    let settling = Instant::now();
    if !run.shutdown.is_requested() {
        current.settle().await?;
        if run.target.is_live() {
            report.notes.extend(tickets::settle(run.stores, info.generation).await?);
        }
        report.notes.extend(vector_index::build(database, &info, run.args.quiet).await?);
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

/// What came of the shop's own data.
pub(super) struct ShopData {
    ended: shop_data::Ended,
    took: Duration,
}

impl ShopData {
    /// Adds it to the report; returns how many files kept it from being loaded.
    pub(super) fn tell(self, run: &Run<'_>, report: &mut Report) -> usize {
        let Self { ended, took } = self;
        report.shop_data = ended.loaded;
        let failed = ended.failures.len();
        report.failures.extend(ended.failures);
        report.notes.extend(run.catalog.shop_data.unknown.iter().map(|file| {
            format!("{file} is no table of the shop and was left alone; docs/shop-data.md lists them")
        }));
        report.seconds.insert("shop data", took.as_secs_f64());
        failed
    }
}

/// Loads what the shop's own systems know. Nothing that is read from documents depends on it before tickets are settled.
pub(super) async fn load_shop_data(run: &Run<'_>, keep: bool) -> anyhow::Result<ShopData> {
    let began = Instant::now();
    let ended = shop_data::load(&run.stores.database, &run.catalog.shop_data, keep).await?;
    Ok(ShopData { ended, took: began.elapsed() })
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
