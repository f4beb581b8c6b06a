//! `make bench STEP=embedders`: texts a second and the time of a question, of the native encoder and of fastembed, for the same model.
//!
//! Each engine runs in a process of its own, so that the threads of one do not disturb another; they have their turns round by round, so that
//! whatever else the machine does hits all of them. Speed is told as a share of the largest product of matrices that the same run reached.

mod ceiling;
mod engines;
mod measure;
mod options;
mod report;
mod texts;
mod worker;

use std::process::ExitCode;

/// Whatever went wrong, for whoever reads stderr.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((first, rest)) if first == worker::WORKER => worker::work(rest),
        _ => options::Options::parse(&arguments).and_then(|options| report::run(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
