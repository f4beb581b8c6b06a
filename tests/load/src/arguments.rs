//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;
use clap::{Args, Parser, Subcommand};

/// Asks a running service questions at a constant rate and measures the answers.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask at stated rates, one after the other.
    Run {
        /// Questions a second; several, parted by commas, are measured in turn.
        #[arg(long, value_delimiter = ',', required = true, value_name = "NUMBER")]
        rate: Vec<f64>,
        /// How long each rate is measured.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// How everything is asked.
        #[command(flatten)]
        manner: Manner,
    },
    /// Find the highest rate whose p99 stays below a bound: doubling, then halving the gap.
    Highest {
        /// The p99 that must not be reached, in milliseconds.
        #[arg(long, default_value_t = 100.0, value_name = "MS")]
        below_ms: f64,
        /// The first rate, in questions a second.
        #[arg(long, default_value_t = 40.0, value_name = "NUMBER")]
        from: f64,
        /// No rate above this one is tried.
        #[arg(long, default_value_t = 2_000.0, value_name = "NUMBER")]
        most: f64,
        /// How long each rate is measured.
        #[arg(long, default_value_t = 20)]
        seconds: u64,
        /// The search ends when the gap is no larger than this share of the rate.
        #[arg(long, default_value_t = 0.05, value_name = "SHARE")]
        precision: f64,
        /// How often a rate is tried before it counts as not held: others may use the machine, too.
        #[arg(long, default_value_t = 2, value_name = "NUMBER")]
        tries: u32,
        /// How everything is asked.
        #[command(flatten)]
        manner: Manner,
    },
}

/// How everything is asked.
#[derive(Debug, Clone, Args)]
pub struct Manner {
    /// Where the service is, like `http://127.0.0.1:8080`. Several take turns; where no connection can be made the next one is asked,
    /// as a load balancer would.
    #[arg(long, value_delimiter = ',', required = true, value_name = "URL")]
    pub base: Vec<String>,
    /// Questions, a JSON object a line, as for `ingest eval`.
    #[arg(long, value_name = "FILE")]
    pub questions: PathBuf,
    /// Agents' tokens: `{"agents": [{"agent_id", "token", "group"?}]}`. Agents of the same group may see the same and ask each other's
    /// questions. Without it everybody is a guest.
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,
    /// Asked before the measuring begins, at the same rate.
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub warm_up: u64,
    /// What is asked, by whom and in which order follows from it.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Changes of tickets a second, beside the questions.
    #[arg(long, default_value_t = 0.0, value_name = "NUMBER")]
    pub ticket_rate: f64,
    /// Share of the questions that were asked before in the same conversation.
    #[arg(long, default_value_t = 0.1, value_name = "SHARE")]
    pub repeat: f64,
    /// Questions of a conversation, at most, before some are repeated.
    #[arg(long, default_value_t = 5, value_name = "NUMBER")]
    pub conversation: usize,
    /// How long a person takes from question to question; with the rate it tells how many conversations there are at once.
    #[arg(long, default_value_t = 6.0, value_name = "SECONDS")]
    pub think_seconds: f64,
    /// Put a greeting that nobody used before in front of each question, so that nothing of an earlier one helps.
    #[arg(long)]
    pub distinct: bool,
    /// Requests at once, at most; one that would be more is not sent and counts as failed.
    #[arg(long, default_value_t = 2_000, value_name = "NUMBER")]
    pub in_flight: usize,
    /// How long an answer may take.
    #[arg(long, default_value_t = 12_000, value_name = "MS")]
    pub timeout_ms: u64,
    /// Send an `Idempotency-Key`, and send a request whose connection broke once more with the same key.
    #[arg(long)]
    pub again: bool,
    /// Compare each answer with the state and the facts that its question wants.
    #[arg(long)]
    pub check: bool,
    /// Write a JSON line for each answer into this file: who asked what when, and what came of it.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// One JSON object on stdout instead of tables.
    #[arg(long)]
    pub json: bool,
}

impl Manner {
    /// Refuses what cannot be done.
    pub fn checked(&self) -> anyhow::Result<()> {
        ensure!((0.0..1.0).contains(&self.repeat), "--repeat is a share: from 0 to below 1");
        ensure!(self.conversation > 0, "--conversation must be at least 1");
        ensure!(self.in_flight > 0, "--in-flight must be at least 1");
        ensure!(self.think_seconds > 0.0, "--think-seconds must be above 0");
        ensure!(self.ticket_rate >= 0.0, "--ticket-rate can't be below 0");
        Ok(())
    }

    /// How long an answer may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}
