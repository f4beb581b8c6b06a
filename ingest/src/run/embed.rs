//! Gives every chunk its vector: from the cache where the text was embedded before, else computed, each text once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use auskunft_embed::{Embedder, TextKind};
use auskunft_model::{Chunk, Digest};
use auskunft_store::publish::EmbeddedChunk;
use auskunft_store::{Database, embeddings};

/// Texts that are computed and kept together; between two such pieces a long work can be stopped.
const PIECE_TEXTS: usize = 256;

/// How many vectors were computed and how many came from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Embedded {
    /// Texts that went through the embedder.
    pub computed: u64,
    /// Chunks whose vector was known.
    pub cached: u64,
    /// How long the embedder was waited for.
    pub waited: Duration,
}

impl std::ops::AddAssign for Embedded {
    fn add_assign(&mut self, other: Self) {
        self.computed += other.computed;
        self.cached += other.cached;
        self.waited += other.waited;
    }
}

/// The embedding cache's key of a chunk, beside the space.
pub fn text_digest(chunk: &Chunk) -> String {
    Digest::of(chunk.embedded_text.as_bytes()).to_string()
}

/// Embeds documents' chunks; the result has the same order. `None` when somebody wants to stop in the middle of a long
/// work; what was computed until then is in the cache.
pub async fn embed(
    database: &Database,
    embedder: &Arc<dyn Embedder>,
    documents: Vec<Vec<Chunk>>,
    is_stopping: impl Fn() -> bool,
) -> anyhow::Result<Option<(Vec<Vec<EmbeddedChunk>>, Embedded)>> {
    let digests: Vec<Vec<String>> =
        documents.iter().map(|chunks| chunks.iter().map(text_digest).collect()).collect();
    let all = documents.iter().flatten().zip(digests.iter().flatten());
    let Some((vectors, counts)) = vectors(database, embedder, all, is_stopping).await? else {
        return Ok(None);
    };
    Ok(Some((join(documents, digests, &vectors)?, counts)))
}

/// Brings the vectors of these chunks into the cache, as [`embed`] does; keeps none.
pub async fn cache(
    database: &Database,
    embedder: &Arc<dyn Embedder>,
    chunks: &[&Chunk],
    is_stopping: impl Fn() -> bool,
) -> anyhow::Result<Option<Embedded>> {
    let mut all = Embedded::default();
    for piece in chunks.chunks(PIECE_TEXTS) {
        if is_stopping() {
            return Ok(None);
        }
        let digests: Vec<String> = piece.iter().copied().map(text_digest).collect();
        let piece = piece.iter().copied().zip(&digests);
        let Some((_, counts)) = vectors(database, embedder, piece, &is_stopping).await? else {
            return Ok(None);
        };
        all += counts;
    }
    Ok(Some(all))
}

async fn vectors<'a>(
    database: &Database,
    embedder: &Arc<dyn Embedder>,
    chunks: impl Iterator<Item = (&'a Chunk, &'a String)>,
    is_stopping: impl Fn() -> bool,
) -> anyhow::Result<Option<(HashMap<String, Vec<f32>>, Embedded)>> {
    let (mut count, mut texts) = (0_u64, HashMap::new());
    for (chunk, digest) in chunks {
        count += 1;
        texts.insert(digest, &chunk.embedded_text);
    }
    let wanted: Vec<String> = texts.keys().copied().cloned().collect();
    let mut vectors = embeddings::cached(database, embedder.space(), &wanted).await?;
    texts.retain(|digest, _| !vectors.contains_key(*digest));
    let computed = texts.len() as u64;
    // Texts of one length keep the embedder busiest.
    let mut missing: Vec<(String, String)> =
        texts.into_iter().map(|(digest, text)| (digest.clone(), text.clone())).collect();
    missing.sort_by(|one, other| (one.1.len(), &one.0).cmp(&(other.1.len(), &other.0)));
    let mut waited = Duration::ZERO;
    for (place, piece) in missing.chunks(PIECE_TEXTS).enumerate() {
        if place > 0 && is_stopping() {
            return Ok(None);
        }
        let began = Instant::now();
        let piece = compute(embedder, piece.to_vec()).await?;
        waited += began.elapsed();
        embeddings::keep(database, embedder.space(), &piece).await?;
        vectors.extend(piece);
    }
    Ok(Some((vectors, Embedded { computed, cached: count.saturating_sub(computed), waited })))
}

async fn compute(
    embedder: &Arc<dyn Embedder>,
    texts: Vec<(String, String)>,
) -> anyhow::Result<HashMap<String, Vec<f32>>> {
    let embedder = Arc::clone(embedder);
    let computing = tokio::task::spawn_blocking(move || {
        let (digests, texts): (Vec<String>, Vec<String>) = texts.into_iter().unzip();
        let views: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = embedder.embed(TextKind::Passage, &views)?;
        Ok::<_, anyhow::Error>(digests.into_iter().zip(vectors).collect())
    });
    computing.await.context("the embedder stopped unexpectedly")?
}

fn join(
    documents: Vec<Vec<Chunk>>,
    digests: Vec<Vec<String>>,
    vectors: &HashMap<String, Vec<f32>>,
) -> anyhow::Result<Vec<Vec<EmbeddedChunk>>> {
    let one = |(chunk, text_digest): (Chunk, String)| {
        let embedding = vectors.get(&text_digest).cloned();
        let embedding = embedding.with_context(|| format!("chunk {} got no vector", chunk.id))?;
        Ok(EmbeddedChunk { chunk, text_digest, embedding })
    };
    let pairs = documents.into_iter().zip(digests);
    pairs.map(|(chunks, digests)| chunks.into_iter().zip(digests).map(one).collect()).collect()
}
