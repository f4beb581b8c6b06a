//! One file a command.

pub mod audit;
pub mod config;
pub mod eval;
pub mod gc;
pub mod inspect;
pub mod model;
pub mod rollback;
pub mod run;
pub mod schedule;
pub mod status;
pub mod verify;
pub mod work;

use auskunft_boot::{Code, Loaded};

use crate::args::{Cli, Command, RunArgs};

/// Does the command.
pub async fn dispatch(cli: Cli, loaded: Loaded) -> anyhow::Result<Code> {
    match cli.command {
        None => Box::pin(run::run(cli.run, cli.json, &loaded.settings)).await,
        Some(Command::Schedule(args)) => {
            Box::pin(schedule::schedule(&args, &cli.settings, &loaded.settings)).await
        }
        Some(Command::Work(args)) => Box::pin(work::work(&args, &loaded.settings)).await,
        Some(Command::Retry(args)) => {
            let args = RunArgs { only_failed: true, ..args };
            Box::pin(run::run(args, cli.json, &loaded.settings)).await
        }
        Some(Command::Status { runs, before }) => {
            let page = status::Page { runs, before };
            status::status(&page, cli.json, &loaded.settings).await
        }
        Some(Command::Verify { fix }) => verify::verify(fix, cli.json, &loaded.settings).await,
        Some(Command::Rollback { to }) => rollback::rollback(to, cli.json, &loaded.settings).await,
        Some(Command::Gc) => gc::gc(cli.json, &loaded.settings).await,
        Some(Command::Audit(args)) => audit::audit(&args, cli.json, &loaded.settings).await,
        Some(Command::Eval(args)) => Box::pin(eval::eval(&args, cli.json, &loaded.settings)).await,
        Some(Command::Inspect(args)) => inspect::inspect(args, cli.json, loaded.settings).await,
        Some(Command::Model { command }) => model::model(command, cli.json, &loaded.settings).await,
        Some(Command::Config) => config::config(cli.json, &loaded),
        // Taken by `main` before settings are read.
        Some(Command::PdfWorker) => Ok(Code::Usage),
    }
}
