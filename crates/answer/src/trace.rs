//! How long each stage took and how many operations each store saw.

use std::time::{Duration, Instant};

use serde::Serialize;

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

/// What a request cost.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Stages in order of their end.
    pub stages: Vec<(&'static str, Duration)>,
    /// Operations, counted where they are issued.
    pub operations: Operations,
}

impl Trace {
    /// Notes a stage that began at `since` and ends now.
    pub(crate) fn stage(&mut self, name: &'static str, since: Instant) {
        self.stages.push((name, since.elapsed()));
    }
}
