//! What can go wrong between a model folder and a vector.

use std::path::PathBuf;

use crate::Engine;

/// Why there is no embedder, or no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// An engine that reads a model was asked for without a folder.
    #[error(
        "the {} embedder needs a model folder: set AUSKUNFT_MODEL_DIR, fetch one with `ingest model pull` or \
         scripts/fetch-assets.py, or use the hashed embedder", .0.as_str()
    )]
    NoModelFolder(Engine),
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
    /// A sound model of a kind that the engine does not compute.
    #[error(
        "{} describes a model that the {} embedder cannot run ({detail}): choose {}", path.display(), engine.as_str(),
        engine.models()
    )]
    Unsupported {
        /// The engine.
        engine: Engine,
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
    /// `fastembed` was asked for in a build without it.
    #[error(
        "this build has no fastembed embedder: take programs that were built with it (`cargo build --release -p ingest -p serve \
         --features ingest/fastembed,serve/fastembed`), or name another embedder"
    )]
    NotBuilt,
    /// `fastembed` was asked for, and there is no runtime.
    #[error(
        "the fastembed embedder needs ONNX Runtime, and {}: fetch it with scripts/fetch-assets.py, or name its libonnxruntime.so \
         (1.24 or newer) by AUSKUNFT_ONNXRUNTIME",
        .0.as_ref().map_or("none is stated or installed".to_owned(), |path| format!("{} is no file", path.display()))
    )]
    NoRuntime(Option<PathBuf>),
    /// What was named is no runtime, or one that does not fit.
    #[error(
        "{} cannot be used as ONNX Runtime ({detail}): name a libonnxruntime.so of 1.24 or newer by AUSKUNFT_ONNXRUNTIME, or fetch it \
         with scripts/fetch-assets.py", path.display()
    )]
    Runtime {
        /// The library.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The folder holds no network in ONNX's form.
    #[error(
        "{} holds no ONNX model (neither model.onnx nor onnx/model.onnx): fetch one with `ingest model pull NAME --embedder \
         fastembed` and name its folder by AUSKUNFT_MODEL_DIR", .0.display()
    )]
    NoOnnx(PathBuf),
    /// The runtime refuses a model, or fails to compute with it.
    #[error("the ONNX model {} cannot be computed ({detail}): fetch it again, or choose another one", path.display())]
    Onnx {
        /// Its file.
        path: PathBuf,
        /// What the runtime said.
        detail: String,
    },
    /// `remote` was asked for without an address or a model.
    #[error(
        "the remote embedder needs AUSKUNFT_REMOTE_URL (like https://api.openai.com/v1) and AUSKUNFT_REMOTE_MODEL: set both"
    )]
    NoRemote,
    /// The service gives no vectors.
    #[error(
        "{url} gives no vectors ({detail}; {attempts} attempts): see whether it runs, AUSKUNFT_REMOTE_URL, AUSKUNFT_REMOTE_MODEL and \
         AUSKUNFT_REMOTE_KEY are right, and its limits allow AUSKUNFT_REMOTE_CONCURRENCY requests at once"
    )]
    Remote {
        /// The service.
        url: String,
        /// What it said, or what went wrong on the way.
        detail: String,
        /// How often it was asked; 0 = it could not be asked at all.
        attempts: u32,
    },
    /// Its vectors have another length.
    #[error(
        "{url} gave a vector of {found} numbers where {wanted} are wanted: set AUSKUNFT_REMOTE_DIMENSIONS to what the model gives, or \
         leave it out; an index keeps the length that it was built with"
    )]
    RemoteDimensions {
        /// The service.
        url: String,
        /// What it gave.
        found: usize,
        /// What was wanted.
        wanted: usize,
    },
    /// A vector of the service has no direction, or numbers that are none.
    #[error("{url} gave no valid vector for text number {index} of the batch: ask whoever runs it")]
    RemoteNotFinite {
        /// The service.
        url: String,
        /// Place in the batch, counted from 0.
        index: usize,
    },
}
