//! What can go wrong between a model folder and a vector.

use std::path::PathBuf;

/// Why there is no embedder, or no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// `native` was asked for without a folder.
    #[error(
        "the native embedder needs a model folder: set AUSKUNFT_MODEL_DIR, fetch one with scripts/fetch-assets.py, or \
         use the hashed embedder"
    )]
    NoModelFolder,
    /// The folder itself is not there.
    #[error(
        "the model folder {} does not exist: correct AUSKUNFT_MODEL_DIR, or fetch the model with \
         scripts/fetch-assets.py", .0.display()
    )]
    FolderMissing(PathBuf),
    /// A file that every model needs is not there.
    #[error("the model file {} is missing: fetch the model again, completely", .0.display())]
    FileMissing(PathBuf),
    /// The operating system refused to give the bytes.
    #[error("the model file {} cannot be read: check its permissions and the disk", path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The content is not what it should be.
    #[error("the model file {} is damaged ({detail}): fetch the model again", path.display())]
    FileDamaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A sound model of a kind that the encoder does not compute.
    #[error(
        "{} describes a model that the native embedder cannot run ({detail}): choose a BertModel with gelu, absolute \
         positions, and mean or CLS pooling", path.display()
    )]
    Unsupported {
        /// The file that says so.
        path: PathBuf,
        /// What is not supported.
        detail: String,
    },
    /// The threads could not be started.
    #[error("the embedder's {threads} threads cannot be started: lower the number of threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        source: rayon::ThreadPoolBuildError,
    },
    /// The tokenizer refused a text.
    #[error(
        "text number {index} of the batch cannot be split into tokens ({detail}): check the model's tokenizer.json"
    )]
    Tokens {
        /// Place in the batch, counted from 0.
        index: usize,
        /// What it said.
        detail: String,
    },
    /// A vector has no direction, or numbers that are none.
    #[error(
        "text number {index} of the batch has no valid vector: the weights are damaged, fetch the model again"
    )]
    NotFinite {
        /// Place in the batch, counted from 0.
        index: usize,
    },
}
