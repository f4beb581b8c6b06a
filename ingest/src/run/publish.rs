//! Takes what was read, embeds it and, while the next batch is embedded, publishes it: document store first, then one
//! transaction a batch.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use auskunft_boot::shutdown::Shutdown;
use auskunft_embed::Embedder;
use auskunft_model::{DocumentId, Outcome};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::publish::{BATCH_DOCUMENTS, Batch, FinishedSource, Published};
use auskunft_store::{Stores, publish};

use super::bind::Binder;
use super::embed::{self, Embedded};
use super::read::{ReadDocument, ReadSource, ReadTicket};
use super::ready::{self, ReadyBatch};

/// A batch is published when it holds this many chunks, however few documents they are of.
const BATCH_CHUNKS: usize = 256;

/// What a run has published.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// Vectors computed and found.
    pub embedded: Embedded,
    /// Sources that workers read.
    pub by_workers: u64,
    /// Chunks new or changed.
    pub written: u64,
    /// Chunks gone.
    pub deleted: u64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.embedded += other.embedded;
        self.by_workers += other.by_workers;
        self.written += other.written;
        self.deleted += other.deleted;
    }
}

/// Publishes sources in batches.
pub struct Publisher<'a> {
    stores: &'a Stores,
    embedder: &'a Arc<dyn Embedder>,
    info: &'a GenerationInfo,
    /// Versions of the documents that were there when the run began.
    versions: &'a HashMap<DocumentId, String>,
    binder: Binder<'a>,
    waiting: Waiting,
    embedded: Option<ReadyBatch>,
    /// Sources that held documents before and hold none now: removed last, when the guard lets it happen.
    emptied: Vec<FinishedSource>,
    shutdown: &'a Shutdown,
    /// Vectors that workers computed for sources that wait.
    by_workers: u64,
    /// Stopped in the middle of a batch: nothing is published any more, the next run reads it again.
    is_stopped: bool,
    /// What was published so far.
    pub totals: Totals,
    /// Whether anything was published at all.
    pub has_published: bool,
}

impl std::fmt::Debug for Publisher<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Publisher").field("totals", &self.totals).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Waiting {
    documents: Vec<ReadDocument>,
    tickets: Vec<(ReadTicket, String)>,
    finished: Vec<FinishedSource>,
    chunks: usize,
}

impl Waiting {
    fn is_full(&self) -> bool {
        self.documents.len() + self.tickets.len() >= BATCH_DOCUMENTS
            || self.finished.len() >= BATCH_DOCUMENTS
            || self.chunks >= BATCH_CHUNKS
    }
}

impl<'a> Publisher<'a> {
    /// A publisher into a generation.
    pub fn new(
        stores: &'a Stores,
        embedder: &'a Arc<dyn Embedder>,
        info: &'a GenerationInfo,
        versions: &'a HashMap<DocumentId, String>,
        binder: Binder<'a>,
        shutdown: &'a Shutdown,
    ) -> Self {
        Self {
            stores,
            embedder,
            info,
            versions,
            binder,
            waiting: Waiting::default(),
            embedded: None,
            emptied: Vec::new(),
            shutdown,
            by_workers: 0,
            is_stopped: false,
            totals: Totals::default(),
            has_published: false,
        }
    }

    /// Takes a source; embeds a batch when it is full, and publishes the one before it. `held` says how many documents it held before.
    pub async fn take(&mut self, source: ReadSource, held: usize) -> anyhow::Result<()> {
        let documents = source.documents.iter().map(|read| read.document.id.clone());
        let tickets = source.tickets.iter().map(|read| read.document_id.clone());
        let finished = FinishedSource {
            row: source.row,
            documents: documents.chain(tickets).collect(),
            failures: source.failures,
        };
        for read in source.documents {
            if self.versions.get(&read.document.id) != Some(&read.version) {
                self.waiting.chunks += read.chunks.len();
                self.waiting.documents.push(read);
                self.advance_when_full().await?;
            }
        }
        for read in source.tickets {
            if self.versions.get(&read.document_id) != Some(&read.version) {
                self.waiting.tickets.push((read, finished.row.path.clone()));
                self.advance_when_full().await?;
            }
        }
        if held > 0 && finished.documents.is_empty() && finished.row.outcome == Outcome::Failed {
            self.emptied.push(finished);
        } else {
            self.waiting.finished.push(finished);
        }
        self.advance_when_full().await
    }

    /// Counts what a worker read. Its vectors come from the cache, and were computed for this run all the same.
    pub fn count_workers(&mut self, source: &ReadSource) {
        let Some(share) = source.by_worker else { return };
        self.totals.by_workers += 1;
        self.by_workers += share.vectors;
    }

    /// Sources that can no longer be read though they could before, with the documents that they would take along.
    pub fn emptied(&self) -> &[FinishedSource] {
        &self.emptied
    }

    /// Sources of an earlier wave that can no longer be read.
    pub fn carry_emptied(&mut self, emptied: Vec<FinishedSource>) {
        self.emptied.extend(emptied);
    }

    /// Hands them on to the next wave: what vanishes is judged once, over the whole catalog.
    pub fn take_emptied(&mut self) -> Vec<FinishedSource> {
        std::mem::take(&mut self.emptied)
    }

    /// Lets those documents go.
    pub fn accept_emptied(&mut self) {
        self.waiting.finished.append(&mut self.emptied);
    }

    /// Removes sources that are gone, in batches.
    pub async fn remove(&mut self, paths: &[String]) -> anyhow::Result<()> {
        for paths in paths.chunks(BATCH_DOCUMENTS) {
            let batch = Batch { removed: paths.to_vec(), ..Batch::default() };
            let published = self.publish(batch).await?;
            self.count(published);
        }
        Ok(())
    }

    /// Publishes everything that was taken.
    pub async fn flush(&mut self) -> anyhow::Result<()> {
        self.advance().await?;
        self.advance().await
    }

    async fn advance_when_full(&mut self) -> anyhow::Result<()> {
        if self.waiting.is_full() { self.advance().await } else { Ok(()) }
    }

    /// Embeds what waits, and publishes meanwhile what was embedded before: the embedder waits for no store.
    async fn advance(&mut self) -> anyhow::Result<()> {
        let (waiting, embedded) = (std::mem::take(&mut self.waiting), self.embedded.take());
        let (published, embedded) = tokio::join!(self.put(embedded), self.embed(waiting));
        self.count(published?);
        match embedded? {
            Some((embedded, counts)) => {
                self.count_vectors(counts);
                self.embedded = Some(embedded);
            }
            None => self.is_stopped = true,
        }
        Ok(())
    }

    async fn put(&self, embedded: Option<ReadyBatch>) -> anyhow::Result<Option<Published>> {
        let Some(ready) = embedded else { return Ok(None) };
        ready.keep(self.stores.documents.as_ref()).await?;
        self.publish(ready.into()).await
    }

    async fn publish(&self, batch: Batch) -> anyhow::Result<Option<Published>> {
        if batch.is_empty() {
            return Ok(None);
        }
        let (database, generation) = (&self.stores.database, self.info.generation);
        let (_, published) =
            publish::publish(database, generation, &batch).await.with_context(|| about(&batch))?;
        Ok(Some(published))
    }

    fn count(&mut self, published: Option<Published>) {
        let Some(published) = published else { return };
        self.has_published = true;
        self.totals.written += published.written;
        self.totals.deleted += published.deleted;
    }

    /// `None` when somebody wants to stop, now or before.
    async fn embed(&self, waiting: Waiting) -> anyhow::Result<Option<(ReadyBatch, Embedded)>> {
        if self.is_stopped {
            return Ok(None);
        }
        let Waiting { documents: read, tickets, finished, .. } = waiting;
        let mut documents = Vec::with_capacity(read.len());
        let mut chunks = Vec::with_capacity(read.len());
        for mut one in read {
            chunks.push(std::mem::take(&mut one.chunks));
            documents.push(one);
        }
        let is_stopping = || self.shutdown.is_requested();
        let embedded = embed::embed(&self.stores.database, self.embedder, chunks, is_stopping).await?;
        let Some((embedded, counts)) = embedded else { return Ok(None) };
        let pairs = documents.into_iter().zip(embedded);
        let documents = pairs.map(|(read, chunks)| ready::document(&self.binder, read, chunks)).collect();
        Ok(Some((ReadyBatch { documents, tickets, finished }, counts)))
    }

    /// A vector that a worker computed for this run is computed, though it was found in the cache.
    fn count_vectors(&mut self, counts: Embedded) {
        let by_workers = self.by_workers.min(counts.cached);
        self.by_workers -= by_workers;
        self.totals.embedded += Embedded {
            computed: counts.computed + by_workers,
            cached: counts.cached - by_workers,
            waited: counts.waited,
        };
    }
}

/// Which documents a failed batch was about.
fn about(batch: &Batch) -> String {
    let documents = batch.documents.iter().map(|document| document.row.source.as_str());
    let finished = batch.finished.iter().map(|source| source.row.path.as_str());
    let mut sources: Vec<&str> =
        documents.chain(finished).chain(batch.removed.iter().map(String::as_str)).collect();
    sources.dedup();
    match sources.as_slice() {
        [only] => format!("`{only}` can't be published"),
        [first, .., last] => {
            format!("a batch of {} sources, from `{first}` to `{last}`, can't be published", sources.len())
        }
        [] => "a batch can't be published".to_owned(),
    }
}
