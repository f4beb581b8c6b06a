//! The embedder `fastembed`: a folder with a model in ONNX's form, computed by ONNX Runtime through fastembed.
//!
//! [`OnnxEmbedder::open`] loads the runtime (`runtime`), reads the folder (`folder`, with what `listed` knows of it) and computes one text.
//! Texts are sorted by length before they are batched (`batches`), which fastembed leaves to its caller, and batches of several callers take
//! turns (`turns`), because a session serves one at a time; it uses all threads itself.

mod batches;
mod folder;
pub(crate) mod listed;
mod runtime;
mod turns;

use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Instant;

use auskunft_model::SpaceId;
use fastembed::{InitOptionsUserDefined, TextEmbedding};

use self::batches::batches;
use self::folder::OnnxFolder;
use self::turns::Turns;
use crate::tokens::Tokens;
use crate::vector::normalise;
use crate::{EmbedError, Embedder, Prefixes, TextKind};

/// Tokens of a batch, padding included: enough to keep the cores busy, few enough that a question does not wait long for it (0.2 s for a
/// model of 22 million weights on two cores).
const BATCH_TOKENS: usize = 2048;
/// Texts of a batch.
const BATCH_TEXTS: usize = 64;
/// Computed at the start: it tells the dimensions, and that the network does what it should.
const PROBE: &str = "Auskunft";

pub(crate) struct OnnxEmbedder {
    space: SpaceId,
    /// The network's file, for messages.
    path: PathBuf,
    dimensions: usize,
    max_tokens: usize,
    most_texts: usize,
    query_prefix: String,
    passage_prefix: String,
    /// Counts; fastembed has another one, which cuts and pads.
    tokens: Tokens,
    model: Turns<TextEmbedding>,
}

impl OnnxEmbedder {
    /// Reads the model in a folder; stated prefixes stand in place of its own; `threads` as in [`crate::EmbedderSettings`].
    pub(crate) fn open(
        folder: &Path,
        runtime: Option<&Path>,
        prefixes: &Prefixes,
        threads: usize,
    ) -> Result<Self, EmbedError> {
        let started = Instant::now();
        let environment = runtime::environment(runtime)?;
        let folder_path = folder;
        let folder = OnnxFolder::read(folder, prefixes)?;
        let tokenizer = &folder.model.tokenizer_files.tokenizer_file;
        let tokenizer_path = folder_path.join("tokenizer.json");
        let tokens = Tokens::parse(&tokenizer_path, tokenizer, folder.max_tokens, folder.vocabulary)?;
        let digest = folder.digest();
        let [query_prefix, passage_prefix] =
            [TextKind::Query, TextKind::Passage].map(|kind| folder.prefix(kind).to_owned());
        let (family, max_tokens) = (folder.family().to_owned(), folder.max_tokens);
        let (path, most_texts) = (folder.path, if folder.is_dynamic { 1 } else { BATCH_TEXTS });
        let threads = if threads == 0 { available_parallelism().map_or(1, usize::from) } else { threads };
        let options = InitOptionsUserDefined::new()
            .with_environment(environment)
            .with_max_length(max_tokens)
            .with_intra_threads(threads);
        let refused = |detail: String| EmbedError::Onnx { path: path.clone(), detail };
        let mut model = TextEmbedding::try_new_from_user_defined(folder.model, options)
            .map_err(|error| refused(error.to_string()))?;
        let probe = model.embed([PROBE], None).map_err(|error| refused(error.to_string()))?;
        let dimensions = probe.first().map_or(0, Vec::len);
        if dimensions == 0 {
            return Err(refused("its vectors are empty".to_owned()));
        }
        let space = SpaceId::new(format!("fastembed-{family}-{dimensions}-{}", &digest.as_str()[..12]));
        tracing::debug!(space.id = %space, duration_ms = started.elapsed().as_millis() as u64, "model loaded");
        let model = Turns::new(model);
        Ok(Self {
            space,
            path,
            dimensions,
            max_tokens,
            most_texts,
            query_prefix,
            passage_prefix,
            tokens,
            model,
        })
    }

    fn prefixed(&self, kind: TextKind, text: &str) -> String {
        let prefix = match kind {
            TextKind::Query => &self.query_prefix,
            TextKind::Passage => &self.passage_prefix,
        };
        format!("{prefix}{text}")
    }

    /// Tokens of each text, as they are computed; a single text is in no need of sorting.
    fn lengths(&self, texts: &[String]) -> Vec<usize> {
        match texts {
            [_] => vec![1],
            texts => texts.iter().map(|text| self.tokens.count(text).min(self.max_tokens)).collect(),
        }
    }

    /// The vectors of one batch, checked.
    fn batch(&self, kind: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let computed = self.model.work(kind, |model| model.embed(texts, Some(texts.len())));
        let failed = |detail: String| EmbedError::Onnx { path: self.path.clone(), detail };
        let vectors = computed.map_err(|error| failed(error.to_string()))?;
        let is_whole = vectors.len() == texts.len() && vectors.iter().all(|one| one.len() == self.dimensions);
        if is_whole { Ok(vectors) } else { Err(failed("it gave other vectors than at the start".to_owned())) }
    }
}

impl Embedder for OnnxEmbedder {
    fn space(&self) -> &SpaceId {
        &self.space
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    fn count_tokens(&self, text: &str) -> usize {
        self.tokens.count(&self.prefixed(TextKind::Passage, text))
    }

    fn is_lexical(&self) -> bool {
        false
    }

    fn embed(&self, kind: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let texts: Vec<String> = texts.iter().map(|text| self.prefixed(kind, text)).collect();
        let mut vectors = vec![Vec::new(); texts.len()];
        for batch in batches(&self.lengths(&texts), self.most_texts, BATCH_TOKENS) {
            let chosen: Vec<&str> = batch.iter().map(|&place| texts[place].as_str()).collect();
            for (&place, vector) in batch.iter().zip(self.batch(kind, &chosen)?) {
                vectors[place] = vector;
            }
        }
        match vectors.iter_mut().position(|vector| !normalise(vector)) {
            Some(index) => Err(EmbedError::NotFinite { index }),
            None => Ok(vectors),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.tokens.notes();
        if self.most_texts == 1 {
            notes.push(
                "the model's 8-bit weights are scaled anew for each batch, so every text is computed alone: it is slow"
                    .to_owned(),
            );
        }
        notes
    }
}
