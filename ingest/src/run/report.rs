//! What a run tells when it is over: for people on stdout, for machines as one JSON object.

use std::collections::BTreeMap;

use auskunft_store::ledger::KnownFailure;
use serde::Serialize;

/// How many failures are listed for people; machines get all.
const LISTED: usize = 20;

/// A run's report, in the form that scripts rely on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The run.
    pub run_id: String,
    /// The generation that was written to.
    pub generation: i32,
    /// Its revision after the run.
    pub revision: i64,
    /// Only planned, nothing done.
    pub dry_run: bool,
    /// Sources by what became of them.
    pub sources: Sources,
    /// Chunks by what became of them.
    pub chunks: Chunks,
    /// Vectors.
    pub embeddings: Embeddings,
    /// Everything that is not `ok`, earlier permanent failures included.
    pub failures: Vec<KnownFailure>,
    /// Files left alone, and why.
    pub skipped: Vec<KnownFailure>,
    /// Lines about missing assets and the like.
    pub notes: Vec<String>,
    /// Seconds by stage, and `total`.
    pub seconds: BTreeMap<&'static str, f64>,
}

/// Sources by what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Sources {
    /// In the catalog.
    pub found: usize,
    /// New.
    pub added: usize,
    /// Other bytes, table rows or readers than before.
    pub changed: usize,
    /// Gone.
    pub removed: usize,
    /// The same bytes under another path.
    pub moved: usize,
    /// As before.
    pub unchanged: usize,
    /// Not readable in this run, or not in all their records.
    pub failed: usize,
}

/// Chunks by what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Chunks {
    /// New or with another text.
    pub written: u64,
    /// Gone.
    pub deleted: u64,
    /// In the generation now.
    pub total: i64,
}

/// Vectors of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Embeddings {
    /// Texts that went (or, planned, would go) through the embedder.
    pub computed: u64,
    /// Vectors that were known.
    pub cached: u64,
    /// The space.
    pub space: String,
}

impl Report {
    /// The report for people.
    pub fn plain(&self) -> String {
        let mut lines = Vec::new();
        let sources = &self.sources;
        let verb = if self.dry_run { "plan" } else { "run" };
        lines.push(format!("{verb} {}", self.run_id));
        lines.push(format!(
            "sources     {} found: {} added, {} changed, {} moved, {} removed, {} unchanged, {} failed",
            sources.found,
            sources.added,
            sources.changed,
            sources.moved,
            sources.removed,
            sources.unchanged,
            sources.failed
        ));
        lines.push(format!(
            "chunks      {} written, {} deleted, {} in all",
            self.chunks.written, self.chunks.deleted, self.chunks.total
        ));
        lines.push(format!(
            "embeddings  {} computed, {} from the cache ({})",
            self.embeddings.computed, self.embeddings.cached, self.embeddings.space
        ));
        lines.push(format!("live        generation {}, revision {}", self.generation, self.revision));
        let total = self.seconds.get("total").copied().unwrap_or_default();
        let stages: Vec<String> = self
            .seconds
            .iter()
            .filter(|(name, _)| **name != "total")
            .map(|(name, seconds)| format!("{name} {seconds:.1}"))
            .collect();
        lines.push(format!("seconds     {total:.1} ({})", stages.join(", ")));
        list(&mut lines, "not read", &self.failures);
        list(&mut lines, "left alone", &self.skipped);
        lines.extend(self.notes.iter().map(|note| format!("note        {note}")));
        lines.join("\n")
    }
}

fn list(lines: &mut Vec<String>, title: &str, failures: &[KnownFailure]) {
    if failures.is_empty() {
        return;
    }
    lines.push(format!("{title} ({}):", failures.len()));
    for failure in failures.iter().take(LISTED) {
        lines.push(format!("  {} [{}] {}", failure.source, failure.reason, failure.detail));
    }
    if failures.len() > LISTED {
        lines.push(format!("  … and {} more: see --json", failures.len() - LISTED));
    }
}
