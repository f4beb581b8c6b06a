//! How reading a source went. Every source ends in one of these, and everything but `ok` has a reason.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a source, or one record of it, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All of it was read.
    Ok,
    /// Some of it was read; the reason says what is missing.
    Partial,
    /// Nothing usable.
    Failed,
    /// Left alone on purpose.
    Skipped,
}

impl Outcome {
    /// Name in stores and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Why a source is not `ok`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Needs a password.
    Encrypted,
    /// No text at all: image-only pages, or an empty file.
    NoText,
    /// The text layer is unreadable signs.
    GarbledText,
    /// The file's structure is broken beyond repair, or is not what its name says.
    Damaged,
    /// Above a configured limit.
    TooLarge,
    /// A kind of file that is not read.
    Unsupported,
    /// The operating system refused to give the bytes.
    Unreadable,
    /// A record of a list is malformed.
    InvalidRecord,
    /// A second record or file claims an id that another has.
    DuplicateId,
    /// The reader used more time or memory than it may.
    LimitExceeded,
    /// The reader ended without an answer.
    Crashed,
    /// A dialog without a solution: no knowledge.
    Unresolved,
    /// Some pages are unreadable, the others were read.
    SomePages,
}

impl Reason {
    /// Name in stores and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::NoText => "no_text",
            Self::GarbledText => "garbled_text",
            Self::Damaged => "damaged",
            Self::TooLarge => "too_large",
            Self::Unsupported => "unsupported",
            Self::Unreadable => "unreadable",
            Self::InvalidRecord => "invalid_record",
            Self::DuplicateId => "duplicate_id",
            Self::LimitExceeded => "limit_exceeded",
            Self::Crashed => "crashed",
            Self::Unresolved => "unresolved",
            Self::SomePages => "some_pages",
        }
    }

    /// Whether trying the same bytes again could end differently (a crash or a limit under load may).
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreadable | Self::LimitExceeded | Self::Crashed)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why something was not read, with words for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct Failure {
    /// The reason, for programs.
    pub reason: Reason,
    /// What happened, where (line, page), and what to do.
    pub detail: String,
}

impl Failure {
    /// A failure with its reason and words.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// How one page of a PDF went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageOutcome {
    /// Counted from 1.
    pub page: u32,
    /// What became of it.
    pub outcome: PageState,
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Read.
    Ok,
    /// Image only or garbled: kept out of the index.
    NeedsOcr,
    /// The engine could not read it.
    Failed,
}
