//! The report of a run: what is known before it begins, and what is added when it is over.

use std::collections::HashSet;

use auskunft_model::{Failure, Reason};
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::ledger::{self, KnownFailure};
use auskunft_store::status;

use super::Run;
use crate::catalog::walk::Found;
use crate::run::bind;
use crate::run::publish::Totals;
use crate::run::read;
use crate::run::report::Report;

/// What is known of the run before it begins.
pub(super) fn begin(run: &Run<'_>, verb: &str) -> Report {
    let (plan, now) = (&run.plan, chrono::Utc::now());
    let mut report = Report {
        run_id: format!("{verb}-{}-{}", now.format("%Y%m%dT%H%M%S%3fZ"), std::process::id()),
        ..Report::default()
    };
    report.sources.found = plan.found;
    report.sources.added = plan.added;
    report.sources.changed = plan.changed;
    report.sources.removed = plan.removed.len() - plan.moved.len();
    report.sources.moved = plan.moved.len();
    report.sources.unchanged = plan.unchanged;
    report.embeddings.space = run.embedder.space().to_string();
    report.notes.extend(run.embedder.notes());
    let has_pdfs = run.catalog.walk.found.iter().any(Found::is_pdf);
    report.notes.extend(run.pdfs.engine_note().filter(|_| has_pdfs));
    report.notes.extend(unmatched_manuals(run));
    report.seconds.insert("walk", run.began.elapsed().as_secs_f64());
    report
}

/// Adds counts, failures and what the generation holds now; `documents` are all of its ledger.
pub(super) async fn complete(
    run: &Run<'_>,
    report: &mut Report,
    (written, totals): (&GenerationInfo, Totals),
    failed: usize,
    documents: &[ledger::DocumentRow],
) -> anyhow::Result<()> {
    let database = &run.stores.database;
    report.sources.failed = failed;
    report.sources.by_workers = totals.by_workers;
    report.embeddings.computed = totals.embedded.computed;
    report.embeddings.cached = totals.embedded.cached;
    report.seconds.insert("embedding", totals.embedded.waited.as_secs_f64());
    report.chunks.written = totals.written;
    report.chunks.deleted = totals.deleted;
    if let Some(info) = generation::read(database, written.generation).await? {
        report.generation = info.generation.0;
        report.revision = info.revision.0;
        report.live_generation = run.target.live().unwrap_or(&info).generation.0;
        report.chunks.total = status::chunk_count(database, info.generation).await?;
        // Of a source that was kept as it is, this run's failure is the news.
        let told: HashSet<String> = report.failures.iter().map(|known| known.source.clone()).collect();
        let stored = ledger::failures(database, info.generation).await?;
        report.failures.extend(stored.into_iter().filter(|known| !told.contains(&known.source)));
        report.failures.extend(bind::duplicates(documents));
        let products = bind::products(documents);
        report.notes.extend(unmatched_attributes(run, &products));
        report.conflicts = bind::conflicts(documents, &bind::Binder::new(&products, &run.catalog.manuals));
    }
    add_walk(run, report);
    Ok(())
}

/// Adds what the walk could not or would not take.
pub(super) fn add_walk(run: &Run<'_>, report: &mut Report) {
    let known = |path: &str, failure: &Failure| KnownFailure {
        source: path.to_owned(),
        reason: failure.reason,
        detail: failure.detail.clone(),
    };
    report.failures.extend(run.plan.unreadable.iter().map(|(path, failure)| known(path, failure)));
    let skipped = run.catalog.walk.skipped.iter();
    report.skipped = skipped.map(|(found, failure)| known(&found.source.path, failure)).collect();
}

/// A source's failure as the report lists it.
pub(super) fn known(source: &read::ReadSource) -> KnownFailure {
    let failure = source.row.failure.clone();
    KnownFailure {
        source: source.row.path.clone(),
        reason: failure.as_ref().map_or(Reason::Unreadable, |failure| failure.reason),
        detail: failure.map(|failure| failure.detail).unwrap_or_default(),
    }
}

/// Rows of `manuals.csv` about files that are not there: a slip that would otherwise go unnoticed.
fn unmatched_manuals(run: &Run<'_>) -> Option<String> {
    let found: HashSet<&str> =
        run.catalog.walk.found.iter().map(|found| found.source.path.as_str()).collect();
    let missing: Vec<&str> = run.catalog.manuals.sources().filter(|path| !found.contains(path)).collect();
    unmatched("manuals.csv names files that are not in the catalog", &missing)
}

/// Rows of attribute tables about products that no page describes.
fn unmatched_attributes(run: &Run<'_>, products: &[bind::NumberedProduct]) -> Option<String> {
    let known: HashSet<&str> = products.iter().map(|(row, _)| row.id.as_str()).collect();
    let missing: Vec<&str> = run.catalog.attributes.products().filter(|sku| !known.contains(sku)).collect();
    unmatched("attribute tables name products that no page describes", &missing)
}

fn unmatched(what: &str, missing: &[&str]) -> Option<String> {
    let first: Vec<&str> = missing.iter().copied().take(3).collect();
    let more = if missing.len() > first.len() { ", …" } else { "" };
    (!missing.is_empty()).then(|| format!("{what} ({}): {}{more}", missing.len(), first.join(", ")))
}
