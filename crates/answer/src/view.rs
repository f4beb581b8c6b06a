//! What a request reads from start to end: one generation, its lexical index and the products, all of one revision.

use std::path::Path;
use std::sync::Arc;

use auskunft_embed::Embedder;
use auskunft_model::{ChunkId, Generation, Revision};
use auskunft_store::generation::GenerationInfo;
use auskunft_store::search::ChunkRow;
use auskunft_store::{Stores, generation, products, search};

use crate::error::{AnswerError, Result};
use crate::lexical::{self, Changes, Entry, LexicalIndex, LexicalView};
use crate::product_index::ProductIndex;

/// Rows and texts that are taken in at once.
const PAGE: i64 = 500;

/// A consistent reading of the stores' derived state.
pub(crate) struct View {
    /// The generation and its revision.
    pub(crate) info: GenerationInfo,
    /// Makes vectors of the generation's space.
    pub(crate) embedder: Arc<dyn Embedder>,
    /// The lexical index at that revision.
    pub(crate) lexical: LexicalView,
    /// Names and numbers of the products.
    pub(crate) products: Arc<ProductIndex>,
    /// Which state of the products that is, see [`products::stamp`].
    stamp: String,
}

/// The lexical index with the reading made from it.
pub(crate) struct Opened {
    /// Open for further changes.
    pub(crate) index: Arc<LexicalIndex>,
    /// What requests read.
    pub(crate) view: View,
}

/// A generation and what makes vectors of its space.
pub(crate) struct Subject<'a> {
    pub(crate) info: GenerationInfo,
    pub(crate) embedder: Arc<dyn Embedder>,
    /// What was read until now: what did not change since is taken from it.
    pub(crate) before: Option<&'a View>,
}

/// Opens or builds the lexical index of a generation and reads the products.
pub(crate) async fn open(stores: &Stores, root: &Path, subject: Subject<'_>) -> Result<Opened> {
    let (index, revision) = open_index(stores, root, subject.info.generation).await?;
    follow(stores, index, revision, subject).await
}

/// As [`open`]; where the texts of what is new can't be read now, the index stays behind: as [`LexicalView::revision`] tells.
pub(crate) async fn open_even_behind(stores: &Stores, root: &Path, subject: Subject<'_>) -> Result<Opened> {
    let info = &subject.info;
    let (index, revision) = open_index(stores, root, info.generation).await?;
    let revision = usable(&index, revision, info).await?;
    let taken =
        if revision == info.revision { Ok(()) } else { take_in(stores, &index, revision, info).await };
    let held = match taken {
        Ok(()) => info.revision,
        Err(AnswerError::Store(error)) if stores.documents.is_apart() => {
            tracing::warn!(%error, "texts can't be read now: the lexical index is brought up to date when they can");
            revision
        }
        Err(error) => return Err(error),
    };
    view(stores, index, held, subject).await
}

/// Builds the lexical index of a generation that nobody reads yet, or brings it up to date; it is closed afterwards.
pub(crate) async fn prepare(stores: &Stores, root: &Path, info: &GenerationInfo) -> Result<()> {
    let (index, revision) = open_index(stores, root, info.generation).await?;
    let revision = usable(&index, revision, info).await?;
    if revision == info.revision { Ok(()) } else { take_in(stores, &index, revision, info).await }
}

/// Folders of generations that are there stay: readers may be turned to any of them.
async fn open_index(
    stores: &Stores,
    root: &Path,
    generation: Generation,
) -> Result<(Arc<LexicalIndex>, Revision)> {
    let all = generation::all(&stores.database).await?;
    let kept: Vec<Generation> = all.into_iter().map(|one| one.info.generation).collect();
    let folder = root.to_owned();
    let opening = move || {
        lexical::remove_others(&folder, &kept);
        LexicalIndex::open(&folder, generation)
    };
    let (index, revision) = tokio::task::spawn_blocking(opening).await??;
    Ok((Arc::new(index), revision))
}

/// Brings an index that stands at `revision` to the revision of `info`; what can't be brought there is built anew.
pub(crate) async fn follow(
    stores: &Stores,
    index: Arc<LexicalIndex>,
    revision: Revision,
    subject: Subject<'_>,
) -> Result<Opened> {
    let info = &subject.info;
    let revision = usable(&index, revision, info).await?;
    if revision != info.revision {
        take_in(stores, &index, revision, info).await?;
    }
    let held = info.revision;
    view(stores, index, held, subject).await
}

/// The revision from which the index can be brought up to date: its own, or none where it must be filled anew.
async fn usable(index: &Arc<LexicalIndex>, revision: Revision, info: &GenerationInfo) -> Result<Revision> {
    if !must_refill(revision, info) {
        return Ok(revision);
    }
    tracing::info!(generation = info.generation.0, "filling the lexical index anew");
    let cleared = Arc::clone(index);
    tokio::task::spawn_blocking(move || cleared.clear()).await??;
    Ok(Revision(0))
}

/// What requests read, with the index as it stands.
async fn view(
    stores: &Stores,
    index: Arc<LexicalIndex>,
    held: Revision,
    subject: Subject<'_>,
) -> Result<Opened> {
    let lexical = index.view(held);
    let Subject { info, embedder, before } = subject;
    let stamp = products::stamp(&stores.database).await?;
    let products = match before {
        Some(before) if before.stamp == stamp => Arc::clone(&before.products),
        _ => read_products(stores, before).await?,
    };
    Ok(Opened { index, view: View { info, embedder, lexical, products, stamp } })
}

async fn read_products(stores: &Stores, before: Option<&View>) -> Result<Arc<ProductIndex>> {
    let (all, numbers) =
        (products::all(&stores.database).await?, products::identifiers(&stores.database).await?);
    let before = before.map(|view| Arc::clone(&view.products));
    // Of some thousand products it takes a few hundred milliseconds, in which nobody else's request should stand still.
    let index = tokio::task::spawn_blocking(move || match before {
        Some(before) => before.with(all, numbers),
        None => ProductIndex::new(all, numbers),
    });
    Ok(Arc::new(index.await?))
}

/// Whether marks of removed chunks that the index has not seen are gone, or it is of another future.
fn must_refill(revision: Revision, info: &GenerationInfo) -> bool {
    let missed_marks = revision > Revision(0) && info.marks_removed_to > revision;
    missed_marks || revision > info.revision
}

async fn take_in(
    stores: &Stores,
    index: &Arc<LexicalIndex>,
    from: Revision,
    info: &GenerationInfo,
) -> Result<()> {
    if from == Revision(0) {
        index.begin_filling();
    }
    let taken = take_in_pages(stores, index, from, info).await;
    let (index, revision) = (Arc::clone(index), info.revision);
    let is_complete = taken.is_ok();
    let finish = move || match (is_complete, from) {
        (true, Revision(0)) => index.commit_filled(revision),
        (true, _) => index.commit(revision),
        (false, _) => index.roll_back(),
    };
    let finished = tokio::task::spawn_blocking(finish).await?;
    taken.and(finished)
}

/// Removals first: a chunk that came back in between has a row, and no mark.
async fn take_in_pages(
    stores: &Stores,
    index: &Arc<LexicalIndex>,
    from: Revision,
    info: &GenerationInfo,
) -> Result<()> {
    let database = &stores.database;
    let removed = search::removed_since(database, info.generation, from.0).await?;
    apply(index, Changes { removed, entries: Vec::new() }).await?;
    if from > Revision(0) {
        refuse_lost_marks(stores, info.generation, from).await?;
    }
    let mut after = String::new();
    loop {
        let rows = search::rows_since(database, info.generation, from.0, &after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        last.chunk_id.as_str().clone_into(&mut after);
        let entries = with_texts(stores, rows).await?;
        apply(index, Changes { removed: Vec::new(), entries }).await?;
    }
}

/// `gc` may have run between reading the revision and reading the marks.
async fn refuse_lost_marks(stores: &Stores, generation: Generation, from: Revision) -> Result<()> {
    let now = generation::read(&stores.database, generation).await?;
    if now.is_some_and(|now| now.marks_removed_to > from) {
        return Err(AnswerError::Index("marks of removed chunks vanished while they were read".to_owned()));
    }
    Ok(())
}

async fn apply(index: &Arc<LexicalIndex>, changes: Changes) -> Result<()> {
    let index = Arc::clone(index);
    tokio::task::spawn_blocking(move || index.apply(&changes)).await?
}

async fn with_texts(stores: &Stores, rows: Vec<ChunkRow>) -> Result<Vec<Entry>> {
    let ids: Vec<ChunkId> = rows.iter().map(|row| row.chunk_id.clone()).collect();
    let mut texts = stores.patient_documents.texts(&ids).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        match texts.remove(&row.chunk_id) {
            Some(text) => entries.push(Entry { row, text }),
            None => tracing::warn!(chunk = %row.chunk_id, "a chunk has no text; run `ingest verify`"),
        }
    }
    Ok(entries)
}
