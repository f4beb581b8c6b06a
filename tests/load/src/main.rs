//! The program; everything it does is in the library.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what a measuring program does")]

use std::process::ExitCode;

use clap::Parser;
use load::arguments::{Arguments, Command, Manner};
use load::highest::{self, Search};
use load::{Agents, Load, Report, read_questions, run, table};
use serde_json::json;
use tokio::task::LocalSet;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match act(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command) -> anyhow::Result<()> {
    // One thread: what measures must not take the processors from what is measured.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        match command {
            Command::Run { rate, seconds, manner } => at_rates(&rate, seconds, manner).await,
            Command::Highest { below_ms, from, most, seconds, precision, tries, manner } => {
                search(Search { below_ms, from, most, seconds, precision, tries }, manner).await
            }
        }
    })
}

fn load(manner: Manner) -> anyhow::Result<Load> {
    manner.checked()?;
    let questions = read_questions(&manner.questions)?;
    let agents = Agents::read(manner.tokens.as_deref())?;
    Load::new(questions, agents, manner)
}

async fn at_rates(rates: &[f64], seconds: u64, manner: Manner) -> anyhow::Result<()> {
    let (json, load) = (manner.json, load(manner)?);
    let mut reports: Vec<Report> = Vec::new();
    for rate in rates {
        let report = run(&load, *rate, seconds).await?;
        if !json {
            println!("{}", table(&report));
        }
        reports.push(report);
    }
    if json {
        println!("{}", json!({ "runs": reports }));
    }
    Ok(())
}

async fn search(search: Search, manner: Manner) -> anyhow::Result<()> {
    let (json, load) = (manner.json, load(manner)?);
    let found = highest::find(&load, search, |step| eprintln!("load: {step}")).await?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        println!("{found}");
    }
    Ok(())
}
