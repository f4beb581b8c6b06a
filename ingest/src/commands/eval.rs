//! `ingest eval FILE`: answers measured against questions with known sources.

use auskunft_boot::{Code, Settings};

use crate::args::EvalArgs;

/// Placeholder until answers exist.
pub async fn eval(_args: &EvalArgs, _json: bool, _settings: &Settings) -> anyhow::Result<Code> {
    Ok(Code::Usage)
}
