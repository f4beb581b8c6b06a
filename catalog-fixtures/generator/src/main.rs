//! `catalog`: writes a whole fictional shop into a folder.

use std::io::Write;
use std::path::PathBuf;

use clap::Parser;

/// Draws a whole fictional shop and writes it as a catalog folder with the questions that it answers.
#[derive(Parser)]
#[command(name = "catalog", version)]
struct Arguments {
    /// What the shop is drawn from: the same number gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many products the shop has; everything else grows with them.
    #[arg(long, default_value_t = 8_500)]
    products: usize,
    /// The folder to write; must be new or empty.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let options = catalog_generator::Options { seed: arguments.seed, products: arguments.products };
    let summary = catalog_generator::write_catalog(options, &arguments.out)?;
    writeln!(std::io::stdout(), "{summary}")?;
    Ok(())
}
