//! A process with one engine: takes orders as JSON lines, answers each with one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::engines::{self, Measured};
use crate::texts::Corpus;
use crate::{Outcome, options};

/// First argument of a worker; engine, corpus, folder of the network and number of threads follow.
pub(crate) const WORKER: &str = "--worker";

/// What a worker does next.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Embeds a set of the corpus.
    Embed { set: usize },
    /// Asks so many questions, numbered from `first` on, from so many callers at the same time.
    Ask { callers: usize, questions: usize, first: usize },
}

/// How it went.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// From the first to the last.
    pub(crate) seconds: f64,
    /// Of each question.
    pub(crate) milliseconds: Vec<f64>,
}

/// The parent's end.
pub(crate) struct Worker {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts an engine, which opens its model meanwhile.
    pub(crate) fn start(engine: &str, corpus: &Path, network: &Path, threads: usize) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([WORKER, engine]).arg(corpus).arg(network).arg(threads.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (orders, answers) = (child.stdin.take(), child.stdout.take());
        let answers = BufReader::new(answers.ok_or("a worker has no output")?);
        Ok(Self { child, orders: orders.ok_or("a worker has no input")?, answers })
    }

    /// Gives an order and waits for its answer.
    pub(crate) fn order(&mut self, order: Order) -> Outcome<Answer> {
        writeln!(self.orders, "{}", serde_json::to_string(&order)?)?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("a worker ended; the reason stands above".into());
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Without orders it waits for ever.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The worker's end.
pub(crate) fn work(arguments: &[String]) -> Outcome<()> {
    let [engine, corpus, network, threads] = arguments else {
        return Err("a worker needs four arguments".into());
    };
    let corpus: Corpus = serde_json::from_slice(&std::fs::read(corpus)?)?;
    let (weights, runtime) = (options::model()?, options::runtime()?);
    let engine = engines::named(engine, &weights, Path::new(network), &runtime, threads.parse()?)?;
    for line in std::io::stdin().lines() {
        let answer = match serde_json::from_str(&line?)? {
            Order::Embed { set } => embed(engine.as_ref(), &corpus, set)?,
            Order::Ask { callers, questions, first } => ask(
                engine.as_ref(),
                callers,
                (first..first + questions).map(|number| corpus.question(number)),
            )?,
        };
        println!("{}", serde_json::to_string(&answer)?);
    }
    Ok(())
}

fn embed(engine: &dyn Measured, corpus: &Corpus, set: usize) -> Outcome<Answer> {
    let texts: Vec<&str> = corpus.sets[set].texts.iter().map(String::as_str).collect();
    let begun = Instant::now();
    engine.embed(&texts)?;
    Ok(Answer { seconds: begun.elapsed().as_secs_f64(), milliseconds: Vec::new() })
}

/// Each caller asks its next question when the last one is answered.
fn ask(engine: &dyn Measured, callers: usize, questions: impl Iterator<Item = String>) -> Outcome<Answer> {
    let questions: Vec<String> = questions.collect();
    let next = AtomicUsize::new(0);
    let call = || {
        let mut milliseconds = Vec::new();
        while let Some(question) = questions.get(next.fetch_add(1, Ordering::Relaxed)) {
            let asked = Instant::now();
            engine.ask(question).map_err(|error| error.to_string())?;
            milliseconds.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        Ok::<_, String>(milliseconds)
    };
    let begun = Instant::now();
    let answered: Vec<Result<Vec<f64>, String>> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..callers).map(|_| scope.spawn(call)).collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap_or_else(|_| Err("a caller panicked".into())))
            .collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let mut milliseconds = Vec::new();
    for of_caller in answered {
        milliseconds.extend(of_caller?);
    }
    Ok(Answer { seconds, milliseconds })
}
