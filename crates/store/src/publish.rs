//! The one way in: whole documents with their chunks, vectors and ledger rows, a transaction a batch.
//!
//! The caller writes texts and parsed documents to the document store first; readers start from Postgres, so nobody sees
//! a chunk whose text is missing.

mod documents;
mod sources;

use auskunft_model::{Attribute, Chunk, DocumentId, Generation, Labels, Revision};
use sqlx::{Postgres, Transaction};

use crate::Database;
use crate::error::{Result, database};
use crate::ledger::{DocumentRow, RecordFailure, SourceRow};

type Open<'a> = Transaction<'a, Postgres>;

/// The most documents of one transaction.
pub const BATCH_DOCUMENTS: usize = 64;

/// Bytes of a chunk that is written anew, about: a page of the database, and the same in the write-ahead log.
const REWRITTEN_CHUNK_BYTES: u64 = 2 * 8_192;
/// Bytes of a chunk's row without its vector, and of its entries in indexes, about.
const CHUNK_ROW_BYTES: u64 = 1_024;

/// A chunk with its vector.
#[derive(Debug, Clone)]
pub struct EmbeddedChunk {
    /// The chunk.
    pub chunk: Chunk,
    /// SHA-256 of the embedded text: the embedding cache's key beside the space.
    pub text_digest: String,
    /// The vector, of the generation's dimensions.
    pub embedding: Vec<f32>,
}

/// A document ready to be published.
#[derive(Debug, Clone)]
pub struct ReadyDocument {
    /// Its ledger row.
    pub row: DocumentRow,
    /// A product page's typed facts, with the source of each.
    pub attributes: Option<Vec<(Attribute, String)>>,
    /// Its chunks; none for a ticket.
    pub chunks: Vec<EmbeddedChunk>,
}

/// A source all of whose documents are in this batch, in earlier ones, or unchanged.
#[derive(Debug, Clone)]
pub struct FinishedSource {
    /// Its ledger row.
    pub row: SourceRow,
    /// Every document that it holds now; others of that source are removed.
    pub documents: Vec<DocumentId>,
    /// Records that could not be read or were left alone.
    pub failures: Vec<RecordFailure>,
}

/// What one transaction publishes.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// New or changed documents, at most [`BATCH_DOCUMENTS`].
    pub documents: Vec<ReadyDocument>,
    /// Sources that are done with this batch.
    pub finished: Vec<FinishedSource>,
    /// Paths of sources that are gone.
    pub removed: Vec<String>,
}

/// What a publish changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    /// Chunks that are new or have another text than before.
    pub written: u64,
    /// Chunks that are gone.
    pub deleted: u64,
}

/// What a chunk takes of the disk, about: its row with its vector in the table, and both once more in the vector index with neighbours.
pub fn chunk_bytes(dimensions: usize) -> u64 {
    (dimensions as u64 * size_of::<f32>() as u64 + CHUNK_ROW_BYTES).saturating_mul(2)
}

impl Batch {
    /// What writing it takes of the disk, about: each chunk's row with its vector, once in the table, once in the vector
    /// index, and both once more in the write-ahead log.
    fn bytes(&self) -> u64 {
        let chunks = self.documents.iter().flat_map(|document| &document.chunks);
        let bytes = |chunk: &EmbeddedChunk| size_of_val(chunk.embedding.as_slice()) as u64 + CHUNK_ROW_BYTES;
        chunks.map(bytes).sum::<u64>().saturating_mul(4)
    }

    /// Whether there is nothing to publish.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.finished.is_empty() && self.removed.is_empty()
    }
}

/// Publishes a batch in one transaction; the generation's revision goes up by one.
pub async fn publish(
    database_: &Database,
    generation: Generation,
    batch: &Batch,
) -> Result<(Revision, Published)> {
    const OPERATION: &str = "publish";
    database_.check_space(OPERATION, batch.bytes())?;
    let mut transaction = database_.begin(OPERATION).await?;
    let revision = raise_revision(&mut transaction, generation).await?;
    let mut published = documents::write(&mut transaction, generation, revision, &batch.documents).await?;
    documents::mark_unfinished(&mut transaction, generation, &batch.documents).await?;
    published.deleted += sources::finish(&mut transaction, generation, revision, &batch.finished).await?;
    published.deleted += sources::remove(&mut transaction, generation, revision, &batch.removed).await?;
    transaction.commit().await.map_err(database(OPERATION))?;
    Ok((revision, published))
}

/// Rewrites the filter columns of documents that are bound otherwise than before, in one transaction; `chunks` says how
/// many chunks they have.
pub async fn relabel(
    database_: &Database,
    generation: Generation,
    changes: &[(DocumentId, Labels)],
    chunks: usize,
) -> Result<()> {
    const OPERATION: &str = "rewrite filter columns";
    // Each row is written anew, with its vector and its entries in all indexes.
    database_.check_space(OPERATION, (chunks as u64).saturating_mul(REWRITTEN_CHUNK_BYTES))?;
    let mut transaction = database_.begin(OPERATION).await?;
    let revision = raise_revision(&mut transaction, generation).await?;
    documents::relabel(&mut transaction, generation, revision, changes).await?;
    transaction.commit().await.map_err(database(OPERATION))
}

/// Counts the revision up; the row lock orders writers.
pub(crate) async fn raise_revision(
    transaction: &mut Transaction<'_, Postgres>,
    generation: Generation,
) -> Result<Revision> {
    let query = sqlx::query_scalar::<_, i64>(
        "update knowledge.generations set revision = revision + 1 where id = $1 returning revision",
    );
    let revision = query.bind(generation.0).fetch_one(&mut **transaction).await;
    revision.map(Revision).map_err(database("raise revision"))
}

/// Notes for readers that hold a derived index that these chunks are gone.
pub(crate) async fn mark_removed(
    transaction: &mut Open<'_>,
    generation: Generation,
    revision: Revision,
    chunks: &[&str],
) -> Result<()> {
    if chunks.is_empty() {
        return Ok(());
    }
    let query = sqlx::query(
        "insert into knowledge.removed_chunks (generation, chunk_id, revision)
         select $1, chunk_id, $2 from unnest($3::text[]) as chunk_id
         on conflict (generation, chunk_id) do update set revision = excluded.revision",
    );
    let query = query.bind(generation.0).bind(revision.0).bind(chunks);
    query.execute(&mut **transaction).await.map_err(database("remove chunks"))?;
    Ok(())
}
