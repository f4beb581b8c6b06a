//! What a run tells when it is over: for people on stdout, for machines as one JSON object.

use std::collections::BTreeMap;

use auskunft_store::ledger::{KnownFailure, Pages};
use auskunft_store::shop_data::Loaded;
use serde::Serialize;

use super::bind::Conflict;
use super::gate::Gate;
use super::read::ReadSource;

/// How many failures are listed for people; machines get all.
const LISTED: usize = 20;
/// How many warnings a report keeps: a broken export has one in each of its records.
const KEPT_WARNINGS: usize = 1_000;

/// A run's report, in the form that scripts rely on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The run.
    pub run_id: String,
    /// The generation that was written to.
    pub generation: i32,
    /// Its revision after the run.
    pub revision: i64,
    /// The generation that readers use after the run.
    pub live_generation: i32,
    /// How a new generation was judged before readers were turned to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Of a plan: what the run would cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// Only planned, nothing done.
    pub dry_run: bool,
    /// Sources by what became of them.
    pub sources: Sources,
    /// Pages of the PDFs that were read in this run.
    pub pages: Pages,
    /// Chunks by what became of them.
    pub chunks: Chunks,
    /// Vectors.
    pub embeddings: Embeddings,
    /// Original files that were new in the object store.
    pub originals: u64,
    /// Files of the shop's own data that were new or changed.
    pub shop_data: Vec<Loaded>,
    /// Everything that is not `ok`, earlier permanent failures included.
    pub failures: Vec<KnownFailure>,
    /// What was odd but not fatal in the sources read in this run: the first of them.
    pub warnings: Vec<Warning>,
    /// How many warnings there were in all.
    pub warnings_in_all: usize,
    /// Files left alone, and why.
    pub skipped: Vec<KnownFailure>,
    /// Statements of the catalog that contradict each other.
    pub conflicts: Vec<Conflict>,
    /// Lines about missing assets and the like.
    pub notes: Vec<String>,
    /// Seconds by stage, and `total`; `embedding` is a part of `read and publish`, and on a server `shop data` runs beside it.
    pub seconds: BTreeMap<&'static str, f64>,
}

/// What a planned run would cost.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Estimate {
    /// Seconds, by the speed of this plan's own reading and embedding.
    pub seconds: f64,
    /// Bytes of the database's disk.
    pub bytes: u64,
}

/// Something odd about a source.
#[derive(Debug, Clone, Serialize)]
pub struct Warning {
    /// Its path.
    pub source: String,
    /// What is odd, and what was made of it.
    pub text: String,
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
    /// Read by workers (`ingest work`).
    pub by_workers: u64,
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
    /// Adds what a source that was read had to say.
    pub fn take(&mut self, source: &ReadSource) {
        self.pages.all += source.row.pages.all;
        self.pages.needs_ocr += source.row.pages.needs_ocr;
        self.pages.failed += source.row.pages.failed;
        self.warnings_in_all += source.warnings.len();
        let room = KEPT_WARNINGS.saturating_sub(self.warnings.len());
        let path = &source.row.path;
        self.warnings.extend(
            source
                .warnings
                .iter()
                .take(room)
                .map(|text| Warning { source: path.clone(), text: text.clone() }),
        );
    }

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
        if sources.by_workers > 0 {
            lines.push(format!("workers     read {} of them", sources.by_workers));
        }
        if self.pages.all > 0 {
            let Pages { all, needs_ocr, failed } = self.pages;
            lines.push(format!(
                "pages       {all} in the PDFs read, {needs_ocr} of them need character recognition, {failed} can't be read"
            ));
        }
        lines.push(format!(
            "chunks      {} written, {} deleted, {} in all",
            self.chunks.written, self.chunks.deleted, self.chunks.total
        ));
        lines.push(format!(
            "embeddings  {} computed, {} from the cache ({})",
            self.embeddings.computed, self.embeddings.cached, self.embeddings.space
        ));
        if self.originals > 0 {
            lines.push(format!("originals   {} new pages and PDFs kept", self.originals));
        }
        lines.extend(self.shop_line());
        lines.push(self.live_line());
        lines.extend(self.gate.iter().flat_map(Gate::lines));
        if let Some(Estimate { seconds, bytes }) = &self.estimate {
            let megabytes = *bytes as f64 / 1e6;
            lines.push(format!(
                "estimate    about {seconds:.0} s and {megabytes:.0} MB of the database's disk"
            ));
        }
        let total = self.seconds.get("total").copied().unwrap_or_default();
        let stages: Vec<String> = self
            .seconds
            .iter()
            .filter(|(name, _)| **name != "total")
            .map(|(name, seconds)| format!("{name} {seconds:.1}"))
            .collect();
        lines.push(format!("seconds     {total:.1} ({})", stages.join(", ")));
        list(&mut lines, "not read", &self.failures);
        self.list_warnings(&mut lines);
        list(&mut lines, "left alone", &self.skipped);
        list_conflicts(&mut lines, &self.conflicts);
        lines.extend(self.notes.iter().map(|note| format!("note        {note}")));
        lines.join("\n")
    }
}

impl Report {
    fn shop_line(&self) -> Option<String> {
        let all = |count: fn(&Loaded) -> u64| self.shop_data.iter().map(count).sum::<u64>();
        (!self.shop_data.is_empty()).then(|| {
            format!(
                "shop data   {} new or changed files, {} rows, {} written, {} removed",
                self.shop_data.len(),
                all(|file| file.rows),
                all(|file| file.written),
                all(|file| file.removed)
            )
        })
    }

    fn live_line(&self) -> String {
        let Self { generation, revision, live_generation, .. } = self;
        if generation == live_generation {
            return format!("live        generation {generation}, revision {revision}");
        }
        let verb = if self.dry_run { "would write" } else { "written" };
        format!(
            "live        generation {live_generation}; {verb}: generation {generation}, revision {revision}"
        )
    }

    fn list_warnings(&self, lines: &mut Vec<String>) {
        if self.warnings.is_empty() {
            return;
        }
        lines.push(format!("odd ({}):", self.warnings_in_all));
        for warning in self.warnings.iter().take(LISTED) {
            lines.push(format!("  {} {}", warning.source, warning.text));
        }
        if self.warnings_in_all > LISTED {
            lines.push(format!("  … and {} more: see --json", self.warnings_in_all - LISTED));
        }
    }
}

fn list_conflicts(lines: &mut Vec<String>, conflicts: &[Conflict]) {
    if conflicts.is_empty() {
        return;
    }
    lines.push(format!("contradictions ({}):", conflicts.len()));
    let listed = conflicts.iter().take(LISTED);
    lines.extend(listed.map(|conflict| format!("  {} {}", conflict.source, conflict.detail)));
    if conflicts.len() > LISTED {
        lines.push(format!("  … and {} more: see --json", conflicts.len() - LISTED));
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
