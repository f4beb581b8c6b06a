//! Turns a shop's catalog into documents, chunks and vectors.
//!
//! `ingest DIR` is [`commands::run`]: walk and hash the catalog ([`catalog`]), compare with the ledger ([`run::plan`]), read
//! ([`run::read`], PDFs in processes of their own: [`pdf`]), bind ([`run::bind`]), embed ([`run::embed`]), publish
//! ([`run::publish`]). A source is done only when its last document is published; killed at any point, the next run goes
//! on. HTTP is known to [`port`] and to hooks alone.

pub mod args;
pub mod catalog;
pub mod commands;
pub mod hook;
pub mod memory;
pub mod opening;
pub mod pdf;
pub mod port;
pub mod printer;
pub mod request_log;
pub mod run;

use std::process::ExitCode;

use auskunft_boot::{Code, Loaded, Overrides, settings, telemetry};

use args::{Cli, Command, SettingArgs};

/// Does what the command line says and returns the exit code.
pub fn main(cli: Cli) -> ExitCode {
    if let Some(Command::PdfWorker) = cli.command {
        return match pdf::run_worker() {
            Ok(()) => Code::Ok.into(),
            Err(error) => fail(&error),
        };
    }
    let loaded = match load(&cli.settings) {
        Ok(loaded) => loaded,
        Err(error) => {
            run::progress::say(&format!("error: {error}"));
            return Code::NotConfigured.into();
        }
    };
    let level = ["warn", "info", "debug"].get(usize::from(cli.verbose)).copied().unwrap_or("debug");
    if let Err(error) = telemetry::init(level, loaded.settings.log_json, None) {
        run::progress::say(&format!("error: {error}"));
        return Code::NotConfigured.into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("can't start the async runtime")),
    };
    let code = match runtime.block_on(Box::pin(commands::dispatch(cli, loaded))) {
        Ok(code) => code.into(),
        Err(error) => fail(&error),
    };
    // A walk that was interrupted may hang in a slow disk: nobody waits for it.
    runtime.shutdown_background();
    code
}

fn load(args: &SettingArgs) -> Result<Loaded, Box<settings::SettingsError>> {
    let overrides = Overrides {
        data_dir: args.data_dir.clone(),
        embedder: args.embedder.clone(),
        model_dir: args.model_dir.clone(),
        ..Overrides::default()
    };
    settings::load(&overrides, &settings::process_variable)
}

fn fail(error: &anyhow::Error) -> ExitCode {
    run::progress::say(&format!("error: {error:#}"));
    opening::exit_code(error).into()
}
