//! How long each stage took and how many operations each store saw.

use std::future::Future;
use std::time::{Duration, Instant};

use auskunft_boot::telemetry::TRACES;
use serde::Serialize;
use tracing::Span;
use tracing::instrument::{Instrument, Instrumented};

/// Operations by role: one command or statement of the flow each. Embedded stores count under the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Operations {
    /// Volatile store.
    pub redis: u32,
    /// Relational statements.
    pub postgres: u32,
    /// Vector searches.
    pub pgvector: u32,
    /// Document store.
    pub mongodb: u32,
    /// Request log.
    pub timescale: u32,
}

impl Operations {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.redis + self.postgres + self.pgvector + self.mongodb + self.timescale
    }
}

/// A stage that has ended, and how long it took.
pub type Ended = (&'static str, Duration);

/// A stage under way: it is timed, and where traces are taken it is a span.
#[derive(Debug)]
pub struct Stage {
    name: &'static str,
    begin: Instant,
    span: Span,
}

impl Stage {
    /// Begins a stage.
    pub fn begin(name: &'static str) -> Self {
        let span = tracing::info_span!(target: TRACES, "stage", otel.name = name, auskunft.stage = name);
        Self { name, begin: Instant::now(), span }
    }

    /// The work belongs to it: operations of the work are its children.
    pub fn of<F: Future>(&self, work: F) -> Instrumented<F> {
        work.instrument(self.span.clone())
    }

    /// Ends it.
    pub fn end(self) -> Ended {
        (self.name, self.begin.elapsed())
    }
}

/// What a request cost.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Stages in order of their end.
    pub stages: Vec<Ended>,
    /// Operations, counted where they are issued.
    pub operations: Operations,
}

impl Trace {
    /// Notes a stage that ends now.
    pub(crate) fn end(&mut self, stage: Stage) {
        self.stages.push(stage.end());
    }
}
