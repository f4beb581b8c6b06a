//! The lexical index: BM25 over stems, character 4-grams and numbers, in tantivy.
//!
//! It is derived state: everything in it comes from the stores, its hits are joined with Postgres before anybody sees them, and
//! when in doubt it is deleted and built anew. What it was built from (schema, generation, revision) is the payload of each
//! of its commits, so that content and mark can't disagree.

mod folder;
mod query;
mod schema;
mod scoring;
mod top;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use auskunft_model::{ChunkId, Generation, Revision};
use serde::{Deserialize, Serialize};
use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::schema::Field;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::analysis::Word;
use crate::concepts::{self, Concept};
use crate::error::{AnswerError, Result};

pub(crate) use folder::remove_others;
pub(crate) use query::LexicalQuery;
pub(crate) use schema::Entry;
use schema::Fields;

/// Memory of the writer before it writes a segment, in bytes.
const WRITER_MEMORY: usize = 32 << 20;
/// So many segments of a size become one.
const MOST_ALIKE: usize = 4;
/// From which share of deleted texts on a segment is written anew.
const MOST_DELETED: f32 = 0.3;

/// What an index was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    schema: u32,
    generation: i32,
    revision: i64,
}

/// The index of one generation, open for changes and searches.
pub(crate) struct LexicalIndex {
    fields: Fields,
    reader: IndexReader,
    /// Never held across an await; changes come one at a time.
    writer: Mutex<IndexWriter>,
    generation: Generation,
    /// `None`: in memory, because the folder can't be used.
    folder: Option<PathBuf>,
}

/// The index as it stood at one revision; searches of one request use one of these.
#[derive(Clone)]
pub(crate) struct LexicalView {
    fields: Fields,
    searcher: Searcher,
    /// The revision that it holds.
    pub(crate) revision: Revision,
}

/// Entries to take in and chunks to drop.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Chunks that vanished.
    pub(crate) removed: Vec<ChunkId>,
    /// New and changed chunks.
    pub(crate) entries: Vec<Entry>,
}

impl LexicalIndex {
    /// Opens the index of a generation under `root`, with the revision that it holds (0 when it is new). A damaged one, or
    /// one of another version, is deleted and begun anew; when the folder can't be used at all (held by another
    /// process, read-only, disk full), the index lives in memory. Blocking.
    pub(crate) fn open(root: &Path, generation: Generation) -> Result<(Self, Revision)> {
        let folder = root.join(generation.to_string());
        match folder::open(&folder, generation) {
            Ok(opened) => Ok(opened),
            Err(error) => {
                tracing::info!(folder = %folder.display(), %error, "building the lexical index anew");
                Self::create(root, generation)
            }
        }
    }

    /// Deletes what is there and begins anew. Blocking.
    pub(crate) fn create(root: &Path, generation: Generation) -> Result<(Self, Revision)> {
        let folder = root.join(generation.to_string());
        match folder::create(&folder, generation) {
            Ok(opened) => Ok(opened),
            Err(error) => {
                tracing::warn!(folder = %folder.display(), %error, "the lexical index lives in memory only");
                let index = Index::create_in_ram(schema::schema().0);
                Ok((Self::of(&index, generation, None)?, Revision(0)))
            }
        }
    }

    fn of(index: &Index, generation: Generation, folder: Option<PathBuf>) -> Result<Self> {
        let writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        writer.set_merge_policy(Box::new(merging()));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.doc_store_cache_num_blocks(ID_BLOCKS).try_into()?;
        let fields = schema::schema().1;
        Ok(Self { fields, reader, writer: Mutex::new(writer), generation, folder })
    }

    /// Before an index is filled from nothing: its segments wait to be merged in the end ([`LexicalIndex::commit_filled`]), for one that is
    /// on its way into another then can't be.
    pub(crate) fn begin_filling(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.set_merge_policy(Box::new(NoMergePolicy));
    }

    /// Puts changes into the writer; nobody sees them before [`LexicalIndex::commit`]. Blocking.
    pub(crate) fn apply(&self, changes: &Changes) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        for id in &changes.removed {
            writer.delete_term(Term::from_field_text(self.fields.id, id.as_str()));
        }
        for entry in &changes.entries {
            writer.delete_term(Term::from_field_text(self.fields.id, entry.row.chunk_id.as_str()));
            writer.add_document(entry.document(&self.fields))?;
        }
        Ok(())
    }

    /// Makes the changes durable and visible, as the state of that revision. Blocking.
    pub(crate) fn commit(&self, revision: Revision) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.write(&mut writer, revision)?;
        drop(writer);
        self.reader.reload()?;
        Ok(())
    }

    /// As [`LexicalIndex::commit`] of an index that was filled from nothing, after [`LexicalIndex::begin_filling`]: it becomes one segment,
    /// since a search looks each term up in every one. Blocking.
    pub(crate) fn commit_filled(&self, revision: Revision) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.write(&mut writer, revision);
        let merged = written.is_ok().then(|| merge_all(&mut writer));
        writer.set_merge_policy(Box::new(merging()));
        drop(writer);
        written?;
        if let Some(Err(error)) = merged {
            tracing::warn!(%error, "the lexical index stays in several segments: it is complete, searches take longer");
        }
        self.reader.reload()?;
        Ok(())
    }

    fn write(&self, writer: &mut IndexWriter, revision: Revision) -> Result<()> {
        let mark = Mark { schema: schema::version(), generation: self.generation.0, revision: revision.0 };
        let payload = serde_json::to_string(&mark).map_err(|error| AnswerError::Index(error.to_string()))?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        Ok(())
    }

    /// Empties it, to be filled anew; nobody sees that before [`LexicalIndex::commit`]. The folder stays: whoever reads the index goes on
    /// reading what it held, and its lock is this process' own. Blocking.
    pub(crate) fn clear(&self) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.delete_all_documents()?;
        Ok(())
    }

    /// Forgets what was applied since the last commit. Blocking.
    pub(crate) fn roll_back(&self) -> Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.rollback()?;
        // It is a new writer.
        writer.set_merge_policy(Box::new(merging()));
        Ok(())
    }

    /// The index as it stands.
    pub(crate) fn view(&self, revision: Revision) -> LexicalView {
        LexicalView { fields: self.fields.clone(), searcher: self.reader.searcher(), revision }
    }

    /// Whether it is lost with the process.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.folder.is_none()
    }
}

/// When segments become one: every change makes one more, and what was deleted costs as much as what was not.
fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(MOST_ALIKE);
    policy.set_del_docs_ratio_before_merge(MOST_DELETED);
    policy
}

fn merge_all(writer: &mut IndexWriter) -> Result<()> {
    let segments = writer.index().searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    Ok(())
}

/// Blocks of ids that are kept unpacked, some 400 ids each.
const ID_BLOCKS: usize = 1_000;

impl LexicalView {
    /// The best `limit` chunks with their BM25 scores, best first. Where products are asked about these are chunks of theirs, those
    /// without a word of the question last, and the best `general` that are about no product stand among them. Blocking.
    pub(crate) fn search(
        &self,
        query: &LexicalQuery,
        limit: usize,
        general: usize,
    ) -> Result<Vec<(ChunkId, f64)>> {
        let terms = query::scored(&self.fields, query);
        let filters = query::filters(&self.fields, query);
        let selections = query::selections(&self.fields, query, limit, general);
        let best = scoring::best(&self.searcher, &terms, &filters, &selections)?;
        let mut found = Vec::with_capacity(best.len());
        for (score, address) in best {
            let document: TantivyDocument = self.searcher.doc(address)?;
            if let Some(id) = schema::chunk_id(&document, &self.fields) {
                found.push((id, f64::from(score)));
            }
        }
        // Equals stand in an order that does not depend on how the index was built.
        found.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        Ok(found)
    }

    /// How many chunks it holds.
    pub(crate) fn chunks(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// BM25's inverse document frequency of a word: that of its more frequent form. A word that no text holds has the
    /// highest, unless texts have other words for it.
    pub(crate) fn rarity(&self, word: &Word) -> f64 {
        let fields = &self.fields;
        let places = [
            (fields.head_german, &word.german),
            (fields.body_german, &word.german),
            (fields.head_english, &word.english),
            (fields.body_english, &word.english),
        ];
        let forms = places.into_iter().map(|(field, stem)| self.frequency(field, stem)).max();
        let frequency = forms.filter(|found| *found > 0).unwrap_or_else(|| self.concept_frequency(word));
        let (frequency, chunks) = (frequency as f64, self.chunks().max(frequency) as f64);
        (1.0 + (chunks - frequency + 0.5) / (frequency + 0.5)).ln()
    }

    /// Whether some text or product has that number (normal form).
    pub(crate) fn knows_number(&self, number: &str) -> bool {
        self.frequency(self.fields.numbers, number) > 0
    }

    /// Whether some text or heading holds the word in one of its forms.
    pub(crate) fn knows_word(&self, word: &Word) -> bool {
        let fields = &self.fields;
        [fields.head_german, fields.body_german].iter().any(|field| self.frequency(*field, &word.german) > 0)
            || [fields.head_english, fields.body_english]
                .iter()
                .any(|field| self.frequency(*field, &word.english) > 0)
    }

    /// Texts with some word for what a word stands for, by its rarest concept.
    fn concept_frequency(&self, word: &Word) -> u64 {
        let texts = |concept: &Concept| self.frequency(self.fields.body_concepts, &concepts::term(*concept));
        word.concepts.iter().map(texts).min().unwrap_or(0)
    }

    fn frequency(&self, field: Field, text: &str) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(field, text)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
