//! The only place that writes results to stdout.

use std::io::Write;

/// Writes a result. A reader that went away (`ingest status | head -1`) is no error.
pub fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    if writeln!(stdout, "{text}").and_then(|()| stdout.flush()).is_err() {
        tracing::debug!("stdout is closed");
    }
}

/// Writes one JSON object on one line.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string(value)?);
    Ok(())
}
