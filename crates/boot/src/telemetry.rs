//! Logs on stderr. Standard output belongs to results.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Why there are no logs.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `RUST_LOG` is no filter.
    #[error("RUST_LOG is no log filter ({0}): use e.g. `info` or `warn,auskunft=debug`")]
    Filter(String),
    /// Something in this process logs already.
    #[error("logging was started twice")]
    Twice,
}

/// Starts logging: `RUST_LOG` decides where it is set, else our own crates log from `level` (`warn`, `info`, …) up and all
/// others warnings. With `json` each line is one JSON object, for machines.
pub fn init(level: &str, json: bool) -> Result<(), TelemetryError> {
    let filter = filter(std::env::var("RUST_LOG").ok().as_deref(), level)?;
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    let started = if json { builder.json().flatten_event(true).try_init() } else { builder.try_init() };
    started.map_err(|_| TelemetryError::Twice)
}

fn filter(variable: Option<&str>, level: &str) -> Result<EnvFilter, TelemetryError> {
    let ours = ["auskunft", "ingest", "serve"].map(|prefix| format!(",{prefix}={level}")).concat();
    let directives = match variable {
        Some(text) if !text.trim().is_empty() => text.to_owned(),
        _ => format!("warn{ours}"),
    };
    EnvFilter::try_new(directives).map_err(|error| TelemetryError::Filter(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_wins_over_the_level() {
        assert_eq!(filter(Some("debug"), "info").unwrap().to_string(), "debug");
        assert!(filter(Some(" "), "info").unwrap().to_string().contains("auskunft=info"));
        assert!(filter(Some("auskunft=loud"), "info").is_err());
    }
}
