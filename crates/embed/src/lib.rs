//! Text to vectors.
//!
//! An [`Embedder`] turns texts into vectors of length one in a space that its [`SpaceId`] names; vectors of different
//! spaces must never meet. [`open`] makes one: [`Engine::Native`] is a BERT encoder that reads a sentence-transformers
//! model folder, [`Engine::Fastembed`] runs one in ONNX's form (feature `fastembed`), [`Engine::Hashed`] counts character n-grams and
//! needs no model, [`Engine::Remote`] asks a service.
//! [`QueryCache`] keeps the vectors of recent questions and computes each only once, however many ask at the same time.
//!
//! Everything here blocks and computes: call it off the async threads. Start reading at [`Embedder`], then
//! `native/encoder.rs`.

mod cache;
mod error;
mod files;
mod hashed;
pub mod hub;
mod native;
#[cfg(feature = "fastembed")]
mod onnx;
pub mod probe;
mod remote;
mod sentence;
mod tokens;
mod vector;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use auskunft_boot::settings::{EmbedderChoice, RemoteSettings, Settings};
use auskunft_model::SpaceId;

pub use cache::{CacheCounts, QueryCache};
pub use error::EmbedError;

/// What a text is to the search. Some models want a prefix for each; the prefixes are part of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// A question.
    Query,
    /// A piece of a document.
    Passage,
}

/// Turns texts into vectors.
pub trait Embedder: Send + Sync {
    /// The space that the vectors live in.
    fn space(&self) -> &SpaceId;

    /// Numbers in each vector.
    fn dimensions(&self) -> usize;

    /// Tokens that are looked at in a text, prefix and special tokens included; what lies beyond is cut off (`hashed`
    /// reads every text whole, there it is the recommended length of a chunk).
    fn max_tokens(&self) -> usize;

    /// Tokens of a text, taken as a passage, as [`Embedder::max_tokens`] counts them, uncut.
    fn count_tokens(&self, text: &str) -> usize;

    /// Whether nearness means shared letters instead of shared meaning.
    fn is_lexical(&self) -> bool;

    /// The vectors of the texts, in their order, each of Euclidean length one. A text's vector does not depend on the
    /// texts beside it (beyond rounding, < 1e-6). No text is an error; an empty one has a vector, too.
    ///
    /// Several texts are shared out among the embedder's own threads; one text is computed on the caller's thread, so
    /// that questions do not queue behind documents (`fastembed`: behind one batch of them at most).
    fn embed(&self, kind: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;

    /// What an operator should know about it, one sentence each; empty when there is nothing to say.
    fn notes(&self) -> Vec<String>;
}

/// The implementations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The encoder of this crate over a model folder.
    Native,
    /// Character n-grams, without a model.
    Hashed,
    /// ONNX models by way of fastembed and ONNX Runtime; in builds with the feature `fastembed`.
    Fastembed,
    /// A service that speaks the form of OpenAI's `/v1/embeddings`.
    Remote,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 4] = [Self::Native, Self::Hashed, Self::Fastembed, Self::Remote];

    /// Its name in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Hashed => "hashed",
            Self::Fastembed => "fastembed",
            Self::Remote => "remote",
        }
    }

    /// Whether it reads a model from a folder.
    pub fn reads_folder(self) -> bool {
        matches!(self, Self::Native | Self::Fastembed)
    }

    /// The models that it runs, as the end of a sentence.
    fn models(self) -> &'static str {
        match self {
            Self::Native => "a BertModel with gelu, absolute positions, and mean or CLS pooling",
            Self::Fastembed => "a transformer in ONNX's form with mean or CLS pooling",
            Self::Hashed | Self::Remote => "another embedder",
        }
    }

    /// The engine of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.as_str() == text)
    }

    /// The engine that makes vectors of a space: its id begins with the engine's name.
    pub fn of_space(space: &SpaceId) -> Option<Self> {
        Self::parse(space.as_str().split('-').next()?)
    }
}

impl From<EmbedderChoice> for Engine {
    fn from(choice: EmbedderChoice) -> Self {
        match choice {
            EmbedderChoice::Native => Self::Native,
            EmbedderChoice::Hashed => Self::Hashed,
            EmbedderChoice::Fastembed => Self::Fastembed,
            EmbedderChoice::Remote => Self::Remote,
        }
    }
}

/// Which embedder to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderSettings {
    /// The implementation.
    pub engine: Engine,
    /// Folder of the model; `native` and `fastembed` need one, the others ignore it.
    pub model_dir: Option<PathBuf>,
    /// The library of ONNX Runtime; `fastembed` needs it, the others ignore it.
    pub onnxruntime: Option<PathBuf>,
    /// The service; `remote` needs one, the others ignore it.
    pub remote: Option<RemoteSettings>,
    /// What stands before texts; `hashed` ignores it.
    pub prefixes: Prefixes,
    /// Threads that share a batch; 0 = as many as the machine has cores.
    pub threads: usize,
}

/// What stands before texts where somebody states it; else what the model's folder says, else nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prefixes {
    query: Option<String>,
    passage: Option<String>,
}

impl Prefixes {
    /// A blank parts a prefix from its text: settings lose theirs.
    fn of(settings: &Settings) -> Self {
        let parted = |prefix: &Option<String>| prefix.as_ref().map(|prefix| format!("{prefix} "));
        Self { query: parted(&settings.query_prefix), passage: parted(&settings.passage_prefix) }
    }

    /// What stands before a text of this kind.
    fn before(&self, kind: TextKind) -> Option<&str> {
        match kind {
            TextKind::Query => self.query.as_deref(),
            TextKind::Passage => self.passage.as_deref(),
        }
    }
}

impl EmbedderSettings {
    /// An engine as the settings have it.
    pub fn of(engine: Engine, settings: &Settings) -> Self {
        Self {
            engine,
            model_dir: settings.model_dir.clone(),
            onnxruntime: settings.onnxruntime.clone(),
            remote: settings.remote.clone(),
            prefixes: Prefixes::of(settings),
            threads: settings.threads.unwrap_or(0),
        }
    }

    /// The hashed embedder.
    pub fn hashed() -> Self {
        Self {
            engine: Engine::Hashed,
            model_dir: None,
            onnxruntime: None,
            remote: None,
            prefixes: Prefixes::default(),
            threads: 1,
        }
    }

    /// The native embedder over a model's folder.
    pub fn native(folder: &Path, threads: usize) -> Self {
        Self { engine: Engine::Native, model_dir: Some(folder.to_owned()), threads, ..Self::hashed() }
    }
}

/// Opens an embedder. `native` and `fastembed` read and check the whole model here (0.2–0.5 s for 90 MB), `remote` asks its service for a
/// vector.
pub fn open(settings: &EmbedderSettings) -> Result<Arc<dyn Embedder>, EmbedError> {
    match settings.engine {
        Engine::Hashed => Ok(Arc::new(hashed::HashedEmbedder::new())),
        Engine::Native => {
            let folder = model_dir(settings)?;
            Ok(Arc::new(native::NativeEmbedder::open(folder, &settings.prefixes, settings.threads)?))
        }
        #[cfg(feature = "fastembed")]
        Engine::Fastembed => {
            let folder = model_dir(settings)?;
            let runtime = settings.onnxruntime.as_deref();
            Ok(Arc::new(onnx::OnnxEmbedder::open(folder, runtime, &settings.prefixes, settings.threads)?))
        }
        #[cfg(not(feature = "fastembed"))]
        Engine::Fastembed => Err(EmbedError::NotBuilt),
        Engine::Remote => {
            let service = settings.remote.as_ref().ok_or(EmbedError::NoRemote)?;
            // Its client must not be made on a thread that drives async work.
            let opened = std::thread::scope(|scope| {
                scope.spawn(|| remote::RemoteEmbedder::open(service, &settings.prefixes)).join()
            });
            Ok(Arc::new(opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?))
        }
    }
}

fn model_dir(settings: &EmbedderSettings) -> Result<&Path, EmbedError> {
    settings.model_dir.as_deref().ok_or(EmbedError::NoModelFolder(settings.engine))
}

/// Opens the embedder that makes vectors of a space: the one that is set, else the engine of the space with what is set for it, else with
/// each model of the cache folder. `None` when none of them does.
///
/// A model that can't be read is passed over; that the service can't be asked is an error, because it may be the one, and so is a build or
/// machine that lacks what the engine needs.
pub fn open_for(space: &SpaceId, settings: &Settings) -> Result<Option<Arc<dyn Embedder>>, EmbedError> {
    let Some(engine) = Engine::of_space(space) else { return Ok(None) };
    let set = EmbedderSettings::of(engine, settings);
    let others = if engine.reads_folder() { hub::installed(&settings.cache_dir) } else { Vec::new() };
    let others = others.into_iter().filter(|folder| set.model_dir.as_ref() != Some(folder));
    let tried = others.map(|folder| EmbedderSettings { model_dir: Some(folder), ..set.clone() });
    for wanted in std::iter::once(set.clone()).chain(tried) {
        match open(&wanted) {
            Ok(embedder) if embedder.space() == space => return Ok(Some(embedder)),
            Ok(other) => {
                tracing::debug!(found = %other.space(), wanted = %space, "an embedder of another space")
            }
            Err(error) if engine == Engine::Remote => return Err(error),
            Err(error @ (EmbedError::NotBuilt | EmbedError::NoRuntime(_) | EmbedError::Runtime { .. })) => {
                return Err(error);
            }
            Err(error) => tracing::debug!(%error, "an embedder can't be opened"),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_found_by_its_name_only() {
        for engine in Engine::ALL {
            assert_eq!(Engine::parse(engine.as_str()), Some(engine));
        }
        assert_eq!(Engine::parse("Native"), None);
        let space = SpaceId::new("fastembed-xlm-roberta-768-0123456789ab".to_owned());
        assert_eq!(Engine::of_space(&space), Some(Engine::Fastembed));
    }

    fn refusal(engine: Engine) -> String {
        let settings = EmbedderSettings { engine, ..EmbedderSettings::hashed() };
        open(&settings).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn native_without_a_model_folder_says_what_to_set() {
        let error = refusal(Engine::Native);
        assert!(
            error.contains("the native embedder needs") && error.contains("AUSKUNFT_MODEL_DIR"),
            "{error}"
        );
    }

    #[test]
    fn fastembed_that_is_not_built_in_says_which_build_has_it() {
        let error = refusal(Engine::Fastembed);
        let wanted =
            if cfg!(feature = "fastembed") { "AUSKUNFT_MODEL_DIR" } else { "--features ingest/fastembed" };
        assert!(error.contains(wanted), "{error}");
    }
}
