//! The native embedder: a sentence-transformers folder with a BERT model, computed by this crate.
//!
//! [`NativeEmbedder::open`] reads and checks the folder (`config`, `weights`); [`encoder`] computes,
//! with products from [`kernels`] and everything between them from [`elementwise`]; [`pack`] shares a batch out.

mod config;
mod elementwise;
mod encoder;
mod kernels;
mod pack;
mod weights;

use std::path::Path;
use std::thread::available_parallelism;
use std::time::Instant;

use auskunft_model::{Digest, SpaceId};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use self::config::ModelConfig;
use self::encoder::Encoder;
use self::weights::Weights;
use crate::tokens::Tokens;
use crate::vector::normalise;
use crate::{EmbedError, Embedder, Prefixes, TextKind, files};

pub(crate) struct NativeEmbedder {
    space: SpaceId,
    config: ModelConfig,
    tokens: Tokens,
    encoder: Encoder,
    /// Computes batches; single texts are computed by whoever asks.
    pool: ThreadPool,
}

impl NativeEmbedder {
    /// Reads the model in a folder; stated prefixes stand in place of its own; `threads` as in [`crate::EmbedderSettings`].
    pub(crate) fn open(folder: &Path, prefixes: &Prefixes, threads: usize) -> Result<Self, EmbedError> {
        let started = Instant::now();
        if !folder.is_dir() {
            return Err(EmbedError::FolderMissing(folder.to_owned()));
        }
        let pool = start_pool(threads)?;
        let config = ModelConfig::read(folder)?.with(prefixes);
        let tokenizer_path = folder.join("tokenizer.json");
        let tokenizer_bytes = files::read(&tokenizer_path)?;
        let tokens = Tokens::parse(&tokenizer_path, &tokenizer_bytes, config.max_tokens, config.vocabulary)?;
        let weights_path = folder.join("model.safetensors");
        let weights_bytes = files::read(&weights_path)?;
        let (weights, digest) = pool
            .join(|| Weights::parse(&weights_path, &weights_bytes, &config), || Digest::of(&weights_bytes));
        let encoder = Encoder::new(weights?, &config);
        let space = space(&config, &digest, &Digest::of(&tokenizer_bytes));
        tracing::debug!(space.id = %space, duration_ms = started.elapsed().as_millis() as u64, "model loaded");
        Ok(Self { space, config, tokens, encoder, pool })
    }

    fn tokenise(&self, kind: TextKind, texts: &[&str]) -> Result<Vec<Vec<u32>>, EmbedError> {
        let prefix = self.config.prefix(kind);
        self.shared_out(texts, |index, text| {
            let encoded = self.tokens.encode(&format!("{prefix}{text}"));
            encoded.map_err(|detail| EmbedError::Tokens { index, detail })
        })
        .into_iter()
        .collect()
    }

    /// The pooled vectors of the sequences, in their order.
    fn encode(&self, sequences: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let lengths: Vec<usize> = sequences.iter().map(Vec::len).collect();
        let bins = pack::bins(&lengths, self.pool.current_num_threads());
        let computed = self.shared_out(&bins, |_, bin| {
            let chosen: Vec<&[u32]> = bin.iter().map(|&place| sequences[place].as_slice()).collect();
            self.encoder.encode(&chosen)
        });
        let mut vectors = vec![Vec::new(); sequences.len()];
        for (place, vector) in bins.into_iter().flatten().zip(computed.into_iter().flatten()) {
            vectors[place] = vector;
        }
        vectors
    }

    /// Applies `work` to all items: a single one on this thread, several on the embedder's threads.
    fn shared_out<Item: Sync, Output: Send>(
        &self,
        items: &[Item],
        work: impl Fn(usize, &Item) -> Output + Sync,
    ) -> Vec<Output> {
        match items {
            [] => Vec::new(),
            [item] => vec![work(0, item)],
            items => self
                .pool
                .install(|| items.par_iter().enumerate().map(|(index, item)| work(index, item)).collect()),
        }
    }
}

impl Embedder for NativeEmbedder {
    fn space(&self) -> &SpaceId {
        &self.space
    }

    fn dimensions(&self) -> usize {
        self.config.hidden
    }

    fn max_tokens(&self) -> usize {
        self.config.max_tokens
    }

    fn count_tokens(&self, text: &str) -> usize {
        self.tokens.count(&format!("{}{text}", self.config.prefix(TextKind::Passage)))
    }

    fn is_lexical(&self) -> bool {
        false
    }

    fn embed(&self, kind: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let sequences = self.tokenise(kind, texts)?;
        let mut vectors = self.encode(&sequences);
        match vectors.iter_mut().position(|vector| !normalise(vector)) {
            Some(index) => Err(EmbedError::NotFinite { index }),
            None => Ok(vectors),
        }
    }

    fn notes(&self) -> Vec<String> {
        self.tokens.notes()
    }
}

/// Threads for batches: as many as asked for, or as the machine has cores.
fn start_pool(threads: usize) -> Result<ThreadPool, EmbedError> {
    let threads = if threads == 0 { available_parallelism().map_or(1, usize::from) } else { threads };
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("embed-{index}"))
        .build()
        .map_err(|source| EmbedError::Threads { threads, source })
}

/// Names the space by everything that moves a vector, and by nothing else (not the threads, not the processor).
fn space(config: &ModelConfig, weights: &Digest, tokenizer: &Digest) -> SpaceId {
    let signature = config.signature();
    let parts = [
        signature.as_str(),
        weights.as_str(),
        tokenizer.as_str(),
        config.prefix(TextKind::Query),
        config.prefix(TextKind::Passage),
    ];
    let digest = Digest::of_parts(parts.map(str::as_bytes));
    SpaceId::new(format!("native-bert-{}-{}", config.hidden, &digest.as_str()[..12]))
}
