//! What is measured: three ways from texts to vectors.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use auskunft_embed::{Embedder, EmbedderSettings, Engine, QueryCache, TextKind, open};
use fastembed::{InitOptionsUserDefined, Pooling, TextEmbedding, TokenizerFiles, UserDefinedEmbeddingModel};

use crate::Outcome;

/// By name of the worker, and in the table. fastembed alone takes texts in their order, 256 at a time.
pub(crate) const ENGINES: [(&str, &str); 3] =
    [("native", "native"), ("plain", "fastembed, plain"), ("sorted", "fastembed, sorted")];

/// Vectors that the cache of questions may hold, as in `serve`; no question is asked twice.
const CACHE: usize = 10_000;
/// What the model takes at most.
const MAX_TOKENS: usize = 256;

/// Somebody who embeds.
pub(crate) trait Measured: Sync {
    /// All texts at once.
    fn embed(&self, texts: &[&str]) -> Outcome<()>;
    /// One question, as the product asks it.
    fn ask(&self, question: &str) -> Outcome<()>;
}

/// An engine by its name: `weights` is the folder of the native one, `network` that of the same model as ONNX.
pub(crate) fn named(
    name: &str,
    weights: &Path,
    network: &Path,
    runtime: &Path,
    threads: usize,
) -> Outcome<Box<dyn Measured>> {
    let native = EmbedderSettings::native(weights, threads);
    let sorted = EmbedderSettings {
        engine: Engine::Fastembed,
        model_dir: Some(network.to_owned()),
        onnxruntime: Some(runtime.to_owned()),
        ..native.clone()
    };
    match name {
        "native" => Ok(Box::new(Product::open(&native)?)),
        "sorted" => Ok(Box::new(Product::open(&sorted)?)),
        "plain" => Ok(Box::new(Plain::open(network, runtime, threads)?)),
        other => Err(format!("no engine `{other}`").into()),
    }
}

/// An embedder of the product, behind the cache that `serve` asks.
struct Product {
    embedder: Arc<dyn Embedder>,
    cache: QueryCache,
}

impl Product {
    fn open(settings: &EmbedderSettings) -> Outcome<Self> {
        Ok(Self { embedder: open(settings)?, cache: QueryCache::new(CACHE) })
    }
}

impl Measured for Product {
    fn embed(&self, texts: &[&str]) -> Outcome<()> {
        let vectors = self.embedder.embed(TextKind::Passage, texts)?;
        if vectors.len() == texts.len() { Ok(()) } else { Err("vectors are missing".into()) }
    }

    fn ask(&self, question: &str) -> Outcome<()> {
        self.cache.embed(self.embedder.as_ref(), question)?;
        Ok(())
    }
}

/// fastembed as its documentation uses it; callers take turns, because it wants to be alone.
struct Plain(Mutex<TextEmbedding>);

impl Plain {
    fn open(folder: &Path, runtime: &Path, threads: usize) -> Outcome<Self> {
        let read = |name: &str| fs::read(folder.join(name));
        let tokenizer = TokenizerFiles {
            tokenizer_file: read("tokenizer.json")?,
            config_file: read("config.json")?,
            special_tokens_map_file: read("special_tokens_map.json")?,
            tokenizer_config_file: read("tokenizer_config.json")?,
        };
        let model =
            UserDefinedEmbeddingModel::new(read("model.onnx")?, tokenizer).with_pooling(Pooling::Mean);
        let options = InitOptionsUserDefined::new()
            .with_environment(ort::init_from(runtime)?.build()?)
            .with_max_length(MAX_TOKENS)
            .with_intra_threads(threads);
        Ok(Self(Mutex::new(TextEmbedding::try_new_from_user_defined(model, options)?)))
    }
}

impl Measured for Plain {
    fn embed(&self, texts: &[&str]) -> Outcome<()> {
        let vectors = self.0.lock().unwrap_or_else(PoisonError::into_inner).embed(texts, None)?;
        if vectors.len() == texts.len() { Ok(()) } else { Err("vectors are missing".into()) }
    }

    fn ask(&self, question: &str) -> Outcome<()> {
        self.embed(&[question])
    }
}
