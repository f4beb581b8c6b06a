//! Takes what was read, embeds it and publishes it: document store first, then one transaction a batch.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use auskunft_boot::shutdown::Shutdown;
use auskunft_embed::Embedder;
use auskunft_model::{Attribute, Document, DocumentId, Kind, Labels, Outcome};
use auskunft_store::documents::{StoredText, document_key};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::ledger::{DocumentRow, Stated};
use auskunft_store::publish::{BATCH_DOCUMENTS, Batch, EmbeddedChunk, FinishedSource, ReadyDocument};
use auskunft_store::{Stores, publish};

use super::bind::Binder;
use super::embed::{self, Embedded};
use super::read::{ReadDocument, ReadSource, ReadTicket};

/// A batch is published when it holds this many chunks, however few documents they are of.
const BATCH_CHUNKS: usize = 256;

/// Texts written by one statement.
pub(super) const STATEMENT_TEXTS: usize = 256;

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
            emptied: Vec::new(),
            shutdown,
            by_workers: 0,
            is_stopped: false,
            totals: Totals::default(),
            has_published: false,
        }
    }

    /// Takes a source; publishes when a batch is full. `held` says how many documents it held before.
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
                self.flush_when_full().await?;
            }
        }
        for read in source.tickets {
            if self.versions.get(&read.document_id) != Some(&read.version) {
                self.waiting.tickets.push((read, finished.row.path.clone()));
                self.flush_when_full().await?;
            }
        }
        if held > 0 && finished.documents.is_empty() && finished.row.outcome == Outcome::Failed {
            self.emptied.push(finished);
        } else {
            self.waiting.finished.push(finished);
        }
        self.flush_when_full().await
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
            self.publish(batch).await?;
        }
        Ok(())
    }

    /// Publishes what waits.
    pub async fn flush(&mut self) -> anyhow::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        if self.is_stopped {
            return Ok(());
        }
        let Some(documents) = self.embed(waiting.documents).await? else {
            self.is_stopped = true;
            return Ok(());
        };
        self.put_documents(&documents, &waiting.tickets).await?;
        let tickets = waiting.tickets.into_iter().map(|(read, path)| ticket(read, &path));
        let ready = documents.into_iter().map(|(_, ready)| ready).chain(tickets).collect();
        self.publish(Batch { documents: ready, finished: waiting.finished, removed: Vec::new() }).await
    }

    async fn flush_when_full(&mut self) -> anyhow::Result<()> {
        if self.waiting.is_full() { self.flush().await } else { Ok(()) }
    }

    async fn publish(&mut self, batch: Batch) -> anyhow::Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let (database, generation) = (&self.stores.database, self.info.generation);
        let (_, published) =
            publish::publish(database, generation, &batch).await.with_context(|| about(&batch))?;
        self.has_published = true;
        self.totals.written += published.written;
        self.totals.deleted += published.deleted;
        Ok(())
    }

    async fn embed(
        &mut self,
        read: Vec<ReadDocument>,
    ) -> anyhow::Result<Option<Vec<(Document, ReadyDocument)>>> {
        let mut documents = Vec::with_capacity(read.len());
        let mut chunks = Vec::with_capacity(read.len());
        for mut one in read {
            chunks.push(std::mem::take(&mut one.chunks));
            documents.push(one);
        }
        let is_stopping = || self.shutdown.is_requested();
        let embedded = embed::embed(&self.stores.database, self.embedder, chunks, is_stopping).await?;
        let Some((embedded, counts)) = embedded else { return Ok(None) };
        let by_workers = self.by_workers.min(counts.cached);
        self.by_workers -= by_workers;
        self.totals.embedded += Embedded {
            computed: counts.computed + by_workers,
            cached: counts.cached - by_workers,
            waited: counts.waited,
        };
        let pairs = documents.into_iter().zip(embedded);
        Ok(Some(pairs.map(|(read, chunks)| self.ready(read, chunks)).collect()))
    }

    fn ready(&self, read: ReadDocument, chunks: Vec<EmbeddedChunk>) -> (Document, ReadyDocument) {
        let ReadDocument { document, version, additions, .. } = read;
        let mut row = DocumentRow {
            document_id: document.id.clone(),
            source: document.source.clone(),
            anchor: document.anchor.clone(),
            kind: document.kind.as_str().to_owned(),
            title: document.title.clone(),
            language: document.language.as_str().to_owned(),
            version,
            stated: stated(&document),
            labels: Labels::default(),
        };
        if let Some(additions) = &additions {
            row.stated.obsolete = additions.obsolete;
            row.stated.successor.clone_from(&additions.successor);
        }
        row.labels = self.binder.labels(&row);
        let attributes = additions.map(|additions| additions.attributes).or_else(|| granted(&document));
        (document, ReadyDocument { row, attributes, chunks })
    }

    /// Texts and documents go into the document store before Postgres names them.
    async fn put_documents(
        &self,
        documents: &[(Document, ReadyDocument)],
        tickets: &[(ReadTicket, String)],
    ) -> anyhow::Result<()> {
        let texts: Vec<StoredText> = documents.iter().flat_map(|(_, ready)| stored_texts(ready)).collect();
        for texts in texts.chunks(STATEMENT_TEXTS) {
            self.stores.documents.put_texts(texts).await?;
        }
        let keyed: Vec<(String, &Document)> = documents
            .iter()
            .map(|(document, ready)| (document_key(&document.id, &ready.row.version), document))
            .collect();
        self.stores.documents.put_documents(&keyed).await?;
        let tickets: Vec<_> = tickets
            .iter()
            .map(|(read, _)| (document_key(&read.document_id, &read.version), &read.ticket))
            .collect();
        self.stores.documents.put_tickets(&tickets).await?;
        Ok(())
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

fn stored_texts(ready: &ReadyDocument) -> impl Iterator<Item = StoredText> + '_ {
    ready.chunks.iter().map(|embedded| StoredText {
        chunk_id: embedded.chunk.id.clone(),
        doc_id: ready.row.document_id.clone(),
        text: embedded.chunk.text.clone(),
        product_id: ready.row.labels.product_id.clone(),
        tags: ready.row.labels.tags.clone(),
    })
}

/// What a document says about itself.
fn stated(document: &Document) -> Stated {
    let mut labels = Labels {
        product_id: document.stated_product(),
        category: document.category.clone(),
        product_family: document.product_family.clone(),
        maker: document.maker.clone(),
        version: document.version.clone(),
        region: document.region.clone(),
        valid_from: document.valid_from,
        valid_to: document.valid_to,
        tags: Vec::new(),
    };
    labels.state_tags(&document.tags);
    Stated { labels, identifiers: document.identifiers.clone(), obsolete: false, successor: None }
}

/// What a policy states in numbers: the shop's rules are derived from it.
fn granted(document: &Document) -> Option<Vec<(Attribute, String)>> {
    let stated =
        || document.attributes.iter().map(|stated| (stated.clone(), document.source.clone())).collect();
    (document.kind == Kind::Policy).then(stated)
}

/// A ticket's ledger row; it has no chunks.
fn ticket(read: ReadTicket, source: &str) -> ReadyDocument {
    let row = DocumentRow {
        document_id: read.document_id,
        source: source.to_owned(),
        anchor: Some(read.ticket.id),
        kind: "ticket".to_owned(),
        title: String::new(),
        language: String::new(),
        version: read.version,
        stated: Stated::default(),
        labels: Labels::default(),
    };
    ReadyDocument { row, attributes: None, chunks: Vec::new() }
}
