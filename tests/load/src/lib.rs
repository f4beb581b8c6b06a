//! Asks a running service questions at a constant rate and measures the answers.
//!
//! The load is *open*: a request is due at its time, whatever became of those before it, and its latency counts from then. A
//! generator that waits for answers would stop asking exactly when the service is slow, and not see it.

pub mod arguments;
mod client;
mod figures;
pub mod highest;
mod judge;
mod outcome;
mod pace;
mod people;
mod plan;
mod questions;
mod random;
mod report;
mod run;
mod stages;
mod tickets;
mod timeline;
mod wire;

pub use client::Client;
pub use people::Agents;
pub use questions::{Question, read as read_questions};
pub use report::{Report, table};
pub use run::{Load, run};
