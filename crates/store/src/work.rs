//! A run's files, shared between processes through tables of the database: the run offers them, workers take some at a time, read them and
//! hand over what they made of each; the run alone publishes.
//!
//! Who takes a file has it until `expires_at` and prolongs that by signs of life. Files of a worker that gave none go to others, and what
//! it hands over later is left out. Nobody takes files of a run whose writer lost its place.

mod run;
mod worker;

use auskunft_model::{Digest, Source, SourceKind};
use chrono::{DateTime, Utc};
use serde::Serialize;

pub(crate) use run::remove_all;
pub use run::{HandedOver, SharedRun, open};
pub use worker::{LONGEST_IN_HAND, Offer, Worker, seen};

/// A file that somebody is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedFile {
    /// Its place in the run's order.
    pub place: i64,
    /// Path relative to the catalog, and kind.
    pub source: Source,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// A process that takes part in runs, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Seen {
    /// Its process id …
    pub process_id: i64,
    /// … on this machine.
    pub host: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// Its last sign of life.
    pub seen_at: DateTime<Utc>,
    /// Files that it read since it began.
    pub files: i64,
    /// Vectors that it computed since.
    pub vectors: i64,
    /// What it does, or why it takes no part.
    pub told: String,
}

type FileColumns = (i64, String, String, i64, String);

/// A row as a file; `None` when no run can have written it.
fn file((place, path, kind, bytes, digest): FileColumns) -> Option<SharedFile> {
    let source = Source { path, kind: SourceKind::parse(&kind)? };
    let bytes = u64::try_from(bytes).ok()?;
    Some(SharedFile { place, source, bytes, digest: Digest::from_stored(digest) })
}

#[cfg(test)]
mod tests;
