//! What can go wrong between a question and its answer.

use auskunft_embed::EmbedError;
use auskunft_model::SpaceId;

/// Why a question could not be answered, or the desk not opened.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The stores hold no index yet.
    #[error("nothing is ingested yet: run `ingest DIR` first")]
    NothingIngested,
    /// The index was built with another embedder.
    #[error(
        "the index holds vectors of `{index}`, the embedder makes `{embedder}`: start with the embedder that the index \
         was built with, or ingest again into an empty data folder"
    )]
    OtherSpace {
        /// The space of the live index.
        index: SpaceId,
        /// The space of the embedder that was given.
        embedder: SpaceId,
    },
    /// A store failed.
    #[error(transparent)]
    Store(#[from] auskunft_store::Error),
    /// The lexical index failed; it is derived state and can be deleted.
    #[error("the lexical index failed: {0}")]
    Index(String),
    /// The question could not be embedded.
    #[error("the question can't be embedded: {0}")]
    Embed(#[from] EmbedError),
    /// A background task ended without a result: a defect.
    #[error("a computation ended without a result: {0}")]
    Task(String),
    /// A file of evaluation questions is malformed.
    #[error("{file}, line {line}: {message}")]
    Questions {
        /// The file, as it was named.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong and what is expected.
        message: String,
    },
}

impl From<tantivy::TantivyError> for AnswerError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<tokio::task::JoinError> for AnswerError {
    fn from(error: tokio::task::JoinError) -> Self {
        // The error's own words hold those of the panic, and panics quote what was worked on: a question, at times.
        Self::Task(if error.is_panic() { "it panicked".to_owned() } else { "it was cancelled".to_owned() })
    }
}

/// This crate's result.
pub type Result<T, E = AnswerError> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_defect_does_not_repeat_what_was_worked_on() {
        let defect = tokio::task::spawn_blocking(|| assert_eq!("Wo ist mein Paket?", "", "a defect"));
        let error = AnswerError::from(defect.await.unwrap_err());
        assert_eq!(error.to_string(), "a computation ended without a result: it panicked");
    }
}
