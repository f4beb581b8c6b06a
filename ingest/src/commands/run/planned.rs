//! `ingest DIR --plan`: everything but writing.

use std::collections::{BTreeMap, HashMap, HashSet};

use auskunft_boot::Code;
use auskunft_model::{DocumentId, Generation};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::ledger::{self, DocumentRow, KnownFailure};
use auskunft_store::{embeddings, status};

use super::before::Before;
use super::{Run, execute, reading, summary};
use crate::run::embed;
use crate::run::read::{ReadDocument, ReadSource};
use crate::run::report::Report;

/// What a run would write.
#[derive(Default)]
struct Counted {
    written: u64,
    deleted: u64,
    /// Chunks that are new, as opposed to written with another text under the same id.
    added: u64,
    /// Chunks that need a vector, and the texts that they share.
    chunks: u64,
    digests: HashSet<String>,
}

/// Reads and cuts what is new or changed, and counts what a run would write and embed.
pub(super) async fn plan(run: Run<'_>, live: Option<GenerationInfo>) -> anyhow::Result<(Report, Code)> {
    let mut report = summary::begin(&run, "plan");
    report.dry_run = true;
    report.generation = live.as_ref().map_or(1, |info| info.generation.0);
    report.revision = live.as_ref().map_or(0, |info| info.revision.0);
    execute::load_shop_data(&run, &mut report, false).await?;
    let live = live.map(|info| info.generation);
    let held = run.ledger.by_source();
    let before = Before::of(&run.ledger, &run.plan);
    let mut kept = HashSet::new();
    let mut counted = Counted::default();
    let mut sources = reading::start(run.work(), run.plan.read.clone(), run.jobs);
    while let Some(source) = execute::next(&run, &mut sources).await {
        report.sources.failed += usize::from(execute::is_failed(&source));
        report.failures.extend(failures(&source));
        if before.is_kept(&source) {
            kept.insert(source.row.path);
            continue;
        }
        let held = held.get(source.row.path.as_str()).map_or(&[][..], Vec::as_slice);
        count_source(&run, live, source, held, &mut counted).await?;
    }
    if run.shutdown.is_requested() {
        return Err(anyhow::anyhow!(crate::opening::Refusal::Interrupted));
    }
    for path in before.removable(&run.plan.removed, &kept) {
        for row in held.get(path.as_str()).into_iter().flatten() {
            counted.deleted += chunks_of(&run, live, &row.document_id).await?.len() as u64;
        }
    }
    fill(&run, live, counted, &mut report).await?;
    Ok((report, Code::Ok))
}

fn failures(source: &ReadSource) -> Vec<KnownFailure> {
    let path = &source.row.path;
    let of_source = source.row.failure.iter().map(|failure| (path.clone(), failure));
    let of_records = source.failures.iter().filter(|record| !record.skipped).map(|record| {
        let anchor = record.anchor.as_ref().map_or_else(String::new, |anchor| format!("#{anchor}"));
        (format!("{path}{anchor}"), &record.failure)
    });
    let known = |(source, failure): (String, &auskunft_model::Failure)| KnownFailure {
        source,
        reason: failure.reason,
        detail: failure.detail.clone(),
    };
    of_source.chain(of_records).map(known).collect()
}

async fn count_source(
    run: &Run<'_>,
    live: Option<Generation>,
    source: ReadSource,
    held: &[&DocumentRow],
    counted: &mut Counted,
) -> anyhow::Result<()> {
    let now: HashSet<&DocumentId> = source.documents.iter().map(|read| &read.document.id).collect();
    for row in held.iter().filter(|row| !now.contains(&row.document_id)) {
        counted.deleted += chunks_of(run, live, &row.document_id).await?.len() as u64;
    }
    for read in &source.documents {
        let before = held.iter().find(|row| row.document_id == read.document.id);
        if before.map(|row| &row.version) != Some(&read.version) {
            let before = chunks_of(run, live, &read.document.id).await?;
            count_document(read, &before, counted);
        }
    }
    Ok(())
}

fn count_document(read: &ReadDocument, before: &HashMap<String, String>, counted: &mut Counted) {
    let mut kept = 0;
    for chunk in &read.chunks {
        let digest = embed::text_digest(chunk);
        let known = before.get(chunk.id.as_str());
        kept += u64::from(known.is_some());
        counted.added += u64::from(known.is_none());
        counted.written += u64::from(known != Some(&digest));
        counted.chunks += 1;
        counted.digests.insert(digest);
    }
    counted.deleted += before.len() as u64 - kept;
}

async fn chunks_of(
    run: &Run<'_>,
    live: Option<Generation>,
    id: &DocumentId,
) -> anyhow::Result<HashMap<String, String>> {
    let Some(generation) = live else { return Ok(HashMap::new()) };
    Ok(ledger::chunk_digests(&run.stores.database, generation, id).await?)
}

async fn fill(
    run: &Run<'_>,
    live: Option<Generation>,
    counted: Counted,
    report: &mut Report,
) -> anyhow::Result<()> {
    let database = &run.stores.database;
    let before = match live {
        Some(generation) => status::chunk_count(database, generation).await?,
        None => 0,
    };
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    report.chunks.written = counted.written;
    report.chunks.deleted = counted.deleted;
    report.chunks.total = before + signed(counted.added) - signed(counted.deleted);
    let digests: Vec<String> = counted.digests.into_iter().collect();
    let cached = embeddings::count_cached(database, run.embedder.space(), &digests).await?;
    report.embeddings.computed =
        (digests.len() as u64).saturating_sub(u64::try_from(cached).unwrap_or_default());
    report.embeddings.cached = counted.chunks.saturating_sub(report.embeddings.computed);
    report.sources.failed += run.plan.unreadable.len();
    summary::add_walk(run, report);
    report.notes.extend(run.plan.refusal());
    report.seconds = BTreeMap::from([("total", run.began.elapsed().as_secs_f64())]);
    Ok(())
}
