//! `ingest DIR --plan`: everything but writing.

use std::collections::{BTreeMap, HashSet};

use auskunft_boot::Code;
use auskunft_model::Outcome;
use auskunft_store::embeddings;
use auskunft_store::generation::GenerationInfo;

use super::reading::{self, Work};
use super::{Run, execute};
use crate::run::embed;
use crate::run::report::Report;

/// Reads and cuts what is new or changed, and counts what a run would write and embed.
pub(super) async fn plan(run: Run<'_>, live: Option<GenerationInfo>) -> anyhow::Result<(Report, Code)> {
    let mut report = execute::begin_report(&run, "plan");
    report.dry_run = true;
    report.generation = live.as_ref().map_or(1, |info| info.generation.0);
    report.revision = live.as_ref().map_or(0, |info| info.revision.0);
    let versions = run.ledger.versions();
    let work = Work { catalog: run.catalog.clone(), embedder: run.embedder.clone(), pdfs: run.pdfs.clone() };
    let mut sources = reading::start(work, run.plan.read.clone(), run.jobs);
    let mut digests: HashSet<String> = HashSet::new();
    while let Some(source) = sources.recv().await {
        report.sources.failed += usize::from(source.row.outcome == Outcome::Failed);
        for read in source.documents {
            if versions.get(&read.document.id) != Some(&read.version) {
                report.chunks.written += read.chunks.len() as u64;
                digests.extend(read.chunks.iter().map(embed::text_digest));
            }
        }
    }
    let digests: Vec<String> = digests.into_iter().collect();
    let cached = embeddings::count_cached(&run.stores.database, run.embedder.space(), &digests).await?;
    let cached = u64::try_from(cached).unwrap_or_default();
    report.embeddings.cached = cached;
    report.embeddings.computed = (digests.len() as u64).saturating_sub(cached);
    if let Some(refusal) = run.plan.refusal() {
        report.notes.push(refusal);
    }
    report.seconds = BTreeMap::from([("total", run.began.elapsed().as_secs_f64())]);
    Ok((report, Code::Ok))
}
