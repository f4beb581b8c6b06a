//! The program: arguments in, exit code out.

use std::io::Write;
use std::process::ExitCode;

use auskunft_boot::Code;
use clap::Parser;
use serve::args::{Args, Command};
use serve::start;

fn main() -> ExitCode {
    let args = Args::parse();
    let (text, ended) = match &args.command {
        Some(Command::Config { json }) => start::show_settings(&args, *json),
        Some(Command::Token { agent, minutes }) => start::token(&args, agent, *minutes),
        None | Some(Command::Run) => (String::new(), start::main(&args)),
    };
    // Who closed the pipe does not want to read on.
    let _ = std::io::stdout().write_all(text.as_bytes());
    match ended {
        Ok(()) => Code::Ok.into(),
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "serve: {failure}");
            failure.code.into()
        }
    }
}
