//! `make bench`: how fast and how well files are read, beside bare pdfium and other libraries.
//!
//! Every PDF is read by every engine in a process of its own, so that a panic, an overflow or an endless loop is a
//! number in the table and not the end of it. Time is CPU time of the call itself, the best of several calls: the
//! machine may be busy.

mod corpus;
mod engines;
mod measure;
mod report;
mod synthetic;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [measure::WORKER, engine, file] => engines::work(engine, file),
        [] => report::run(false),
        ["--json"] => report::run(true),
        _ => Err("usage: bench [--json]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
