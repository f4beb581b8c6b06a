//! Text to vectors.
//!
//! An [`Embedder`] turns texts into vectors of length one in a space that its [`SpaceId`] names; vectors of different
//! spaces must never meet. [`open`] makes one: [`Engine::Native`] is a BERT encoder that reads a sentence-transformers
//! model folder, [`Engine::Hashed`] counts character n-grams and needs no model. [`QueryCache`] keeps the vectors of
//! recent questions and computes each only once, however many ask at the same time.
//!
//! Everything here blocks and computes: call it off the async threads. Start reading at [`Embedder`], then
//! `native/encoder.rs`.

mod cache;
mod error;
mod hashed;
mod native;
mod vector;

use std::path::PathBuf;
use std::sync::Arc;

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
    /// that questions do not queue behind documents.
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
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 2] = [Self::Native, Self::Hashed];

    /// Its name in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Hashed => "hashed",
        }
    }

    /// The engine of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.as_str() == text)
    }
}

/// Which embedder to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderSettings {
    /// The implementation.
    pub engine: Engine,
    /// Folder of the model; `native` needs one, `hashed` ignores it.
    pub model_dir: Option<PathBuf>,
    /// Threads that share a batch; 0 = as many as the machine has cores.
    pub threads: usize,
}

/// Opens an embedder. `native` reads and checks the whole model here (0.2–0.5 s for 90 MB).
pub fn open(settings: &EmbedderSettings) -> Result<Arc<dyn Embedder>, EmbedError> {
    match settings.engine {
        Engine::Hashed => Ok(Arc::new(hashed::HashedEmbedder::new())),
        Engine::Native => {
            let folder = settings.model_dir.as_deref().ok_or(EmbedError::NoModelFolder)?;
            Ok(Arc::new(native::NativeEmbedder::open(folder, settings.threads)?))
        }
    }
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
    }

    #[test]
    fn native_without_a_model_folder_says_what_to_set() {
        let settings = EmbedderSettings { engine: Engine::Native, model_dir: None, threads: 1 };
        let error = open(&settings).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("AUSKUNFT_MODEL_DIR"), "{error}");
    }
}
