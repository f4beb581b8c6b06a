//! The command line. Doc comments are the help text.

use std::net::SocketAddr;
use std::path::PathBuf;

use auskunft_boot::Overrides;
use chrono::NaiveDate;
use clap::{Parser, Subcommand};

/// Answers support questions over the catalog that `ingest` has read.
///
/// Settings come from auskunft.toml, the environment (AUSKUNFT_…) and these flags, the latter winning.
///
/// Exit codes: 0 stopped by a signal after all requests were finished; 1 error; 2 usage; 3 not configured (nothing
/// ingested, another embedder, a setting that cannot be used); 5 a server is unreachable; 6 the data folder is held by
/// another process; 130 stopped by a second signal.
#[derive(Debug, Parser)]
#[command(name = "serve", version)]
pub struct Args {
    /// What to do; without it: serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Home of the ingested data (AUSKUNFT_DATA_DIR, default ./auskunft-data).
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Where to listen (AUSKUNFT_LISTEN, default 127.0.0.1:8080).
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Embedder, `native` or `hashed` (AUSKUNFT_EMBEDDER, default: the one that the index was built with).
    #[arg(long, global = true, value_name = "NAME")]
    pub embedder: Option<String>,
    /// Folder of the embedding model (AUSKUNFT_MODEL_DIR).
    #[arg(long, global = true, value_name = "FOLDER")]
    pub model_dir: Option<PathBuf>,
    /// Questions that one user may ask in a minute, 0 = any number (AUSKUNFT_RATE_PER_MINUTE, default 30).
    #[arg(long, global = true, value_name = "NUMBER")]
    pub rate_per_minute: Option<u32>,
    /// The day that validity is judged by, not in production (AUSKUNFT_TODAY, default: the calendar's).
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub today: Option<NaiveDate>,
    /// Threads for computing (AUSKUNFT_THREADS, default: one a core).
    #[arg(long, global = true, value_name = "NUMBER")]
    pub threads: Option<usize>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve (the default).
    Run,
    /// Print a token for an agent, signed with AUSKUNFT_JWT_KEY (in development without one: the development key). Opens no
    /// store: whether there is such an agent, and what it may see, is known when the token is used.
    Token {
        /// The agent's id, like A-01.
        #[arg(long, value_name = "ID")]
        agent: String,
        /// How long it can be used, in minutes; at most 30 days.
        #[arg(long, value_name = "NUMBER", default_value_t = 480, value_parser = clap::value_parser!(u32).range(1..=43_200))]
        minutes: u32,
    },
    /// Print the effective settings and where each came from, secrets masked.
    Config {
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
}

impl Args {
    /// The settings that the command line states.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            data_dir: self.data_dir.clone(),
            embedder: self.embedder.clone(),
            model_dir: self.model_dir.clone(),
            pdfium: None,
            listen: self.listen,
            rate_per_minute: self.rate_per_minute,
            today: self.today,
            threads: self.threads,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::parse_from(["serve", "config", "--json", "--listen", "127.0.0.1:0"]);
        assert!(matches!(args.command, Some(Command::Config { json: true })));
        assert_eq!(args.overrides().listen.map(|address| address.port()), Some(0));
    }
}
