//! `ingest DIR --plan`: everything but writing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use auskunft_boot::Code;
use auskunft_embed::TextKind;
use auskunft_model::{DocumentId, Generation};
use auskunft_store::ledger::{self, DocumentRow, KnownFailure};
use auskunft_store::{embeddings, generation, publish, status};

use super::before::Before;
use super::target::Target;
use super::{Run, execute, summary, waves};
use crate::run::embed;
use crate::run::read::{ReadDocument, ReadSource};
use crate::run::reading;
use crate::run::report::{Estimate, Report};

/// Texts that are embedded to learn how long the others take.
const SAMPLE: usize = 32;

/// Seconds of writing and indexing a chunk, about: batches of 256 on two cores, HNSW with 384 dimensions.
const WRITING_SECONDS: f64 = 0.003;

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
    /// Some of their texts, to measure the embedder's speed with.
    sample: Vec<String>,
}

/// Reads and cuts what is new or changed, and counts what a run would write and embed.
pub(super) async fn plan(run: Run<'_>) -> anyhow::Result<(Report, Code)> {
    let mut report = summary::begin(&run, "plan");
    report.dry_run = true;
    let written = run.target.info();
    report.generation = match written {
        Some(info) => info.generation.0,
        None => newest(&run).await? + 1,
    };
    report.revision = written.map_or(0, |info| info.revision.0);
    report.live_generation = run.target.live().map_or(report.generation, |info| info.generation.0);
    if let Target::Beside { why, .. } = &run.target {
        report.notes.push(format!("a new generation would be built, because {why}"));
    }
    execute::load_shop_data(&run, false).await?.tell(&run, &mut report);
    let live = written.map(|info| info.generation);
    let held = run.ledger.by_source();
    let before = Before::of(&run.ledger, &run.plan);
    let mut kept = HashSet::new();
    let mut counted = Counted::default();
    let mut sources = reading::start(run.work(), run.plan.read.clone(), run.jobs);
    while let Some(source) = waves::next(&run, &mut sources).await? {
        report.sources.failed += usize::from(waves::is_failed(&source));
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

/// The number of the newest generation, 0 when there is none.
async fn newest(run: &Run<'_>) -> anyhow::Result<i32> {
    Ok(generation::all(&run.stores.database).await?.first().map_or(0, |one| one.info.generation.0))
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
        if counted.digests.insert(digest) && counted.sample.len() < SAMPLE {
            counted.sample.push(chunk.embedded_text.clone());
        }
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

/// Reading and cutting takes as long as this plan took, embedding as long as a sample says.
async fn estimate(run: &Run<'_>, report: &Report, sample: Vec<String>) -> anyhow::Result<Estimate> {
    let reading = run.began.elapsed().as_secs_f64();
    let (embedder, computed) = (Arc::clone(&run.embedder), report.embeddings.computed);
    let of_one = tokio::task::spawn_blocking(move || -> anyhow::Result<f64> {
        if computed == 0 || sample.is_empty() {
            return Ok(0.0);
        }
        let texts: Vec<&str> = sample.iter().map(String::as_str).collect();
        let began = Instant::now();
        embedder.embed(TextKind::Passage, &texts)?;
        Ok(began.elapsed().as_secs_f64() / texts.len() as f64)
    });
    let embedding = of_one.await?? * computed as f64;
    let writing = report.chunks.written as f64 * WRITING_SECONDS;
    let bytes = publish::chunk_bytes(run.embedder.dimensions()).saturating_mul(report.chunks.written);
    Ok(Estimate { seconds: reading + embedding + writing, bytes })
}

async fn fill(
    run: &Run<'_>,
    live: Option<Generation>,
    mut counted: Counted,
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
    let digests: Vec<String> = std::mem::take(&mut counted.digests).into_iter().collect();
    let cached = embeddings::count_cached(database, run.embedder.space(), &digests).await?;
    report.embeddings.computed =
        (digests.len() as u64).saturating_sub(u64::try_from(cached).unwrap_or_default());
    report.embeddings.cached = counted.chunks.saturating_sub(report.embeddings.computed);
    report.estimate = Some(estimate(run, report, counted.sample).await?);
    report.sources.failed += run.plan.unreadable.len();
    summary::add_walk(run, report);
    report.notes.extend(run.plan.refusal());
    report.seconds = BTreeMap::from([("total", run.began.elapsed().as_secs_f64())]);
    Ok(())
}
