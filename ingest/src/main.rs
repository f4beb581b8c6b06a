//! The `ingest` program.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    ingest::main(ingest::args::Cli::parse())
}
