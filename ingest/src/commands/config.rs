//! `ingest config`: the effective settings and where each comes from.

use auskunft_boot::{Code, Loaded, settings};

use crate::printer;

/// Prints the settings, secrets masked.
pub fn config(json: bool, loaded: &Loaded) -> anyhow::Result<Code> {
    if json {
        printer::print_json(&loaded.entries)?;
    } else {
        printer::print(&settings::plain(&loaded.entries));
    }
    Ok(Code::Ok)
}
