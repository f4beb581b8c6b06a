//! What was stored when the run began, and what of it a passing cause must not take away.

use std::collections::{HashMap, HashSet};

use auskunft_model::{Outcome, Reason};
use auskunft_store::ledger::SourceRow;

use crate::run::plan::{Ledger, Plan};
use crate::run::read::ReadSource;

/// The ledger by path; a source that moved is known by its new path, too.
#[derive(Debug)]
pub(super) struct Before<'a> {
    rows: HashMap<&'a str, &'a SourceRow>,
    documents: HashMap<&'a str, usize>,
    moved_from: HashMap<&'a str, &'a str>,
}

impl<'a> Before<'a> {
    /// What the ledger held.
    pub(super) fn of(ledger: &'a Ledger, plan: &'a Plan) -> Self {
        let mut rows: HashMap<&str, &SourceRow> =
            ledger.sources.iter().map(|(path, row)| (path.as_str(), row)).collect();
        let mut documents: HashMap<&str, usize> = HashMap::new();
        for row in &ledger.documents {
            *documents.entry(row.source.as_str()).or_default() += 1;
        }
        let moved_from = plan.moved.iter().map(|(old, new)| (new.as_str(), old.as_str())).collect();
        for (old, new) in &plan.moved {
            rows.extend(ledger.sources.get(old).map(|row| (new.as_str(), row)));
            let count = documents.get(old.as_str()).copied().unwrap_or(0);
            documents.insert(new, count);
        }
        Self { rows, documents, moved_from }
    }

    /// How many documents the source held.
    pub(super) fn documents(&self, path: &str) -> usize {
        self.documents.get(path).copied().unwrap_or(0)
    }

    /// Whether what is stored of the source stays as it is, because the new reading has less of it for a reason that may
    /// pass. Its row stays, too, so that the next run reads it again.
    pub(super) fn is_kept(&self, source: &ReadSource) -> bool {
        let path = source.row.path.as_str();
        match (source.row.outcome, source.row.failure.as_ref().map(|failure| failure.reason)) {
            (Outcome::Failed, Some(reason)) if reason.is_transient() => {
                self.documents(path) > 0 || reason == Reason::Unreadable
            }
            (Outcome::Partial, Some(reason)) if reason.is_transient() => {
                self.rows.get(path).is_some_and(|row| is_as_full(row, &source.row))
            }
            _ => false,
        }
    }

    /// Sources that are gone, without those whose documents stay where they were until their new place can be read.
    pub(super) fn removable(&self, removed: &[String], kept: &HashSet<String>) -> Vec<String> {
        let waiting: HashSet<&str> =
            kept.iter().filter_map(|path| self.moved_from.get(path.as_str()).copied()).collect();
        removed.iter().filter(|path| !waiting.contains(path.as_str())).cloned().collect()
    }
}

/// Whether the stored reading of the same bytes has as many pages. One that a killed run left half done has not.
fn is_as_full(stored: &SourceRow, new: &SourceRow) -> bool {
    stored.bytes_digest == new.bytes_digest
        && !stored.input_digest.is_empty()
        && stored.pages.read() >= new.pages.read()
}
