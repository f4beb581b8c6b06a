//! The rounds: every engine has its turn with everything, again and again.

use std::path::Path;

use crate::engines::ENGINES;
use crate::options::{self, Options};
use crate::texts::Corpus;
use crate::worker::{Order, Worker};
use crate::{Outcome, ceiling};

/// Callers that ask at the same time.
pub(crate) const CALLERS: [usize; 3] = [1, 8, 32];

/// What the rounds gave, engine by engine in the order of [`ENGINES`].
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Seconds by set and engine, one a round.
    pub(crate) seconds: Vec<Vec<Vec<f64>>>,
    /// By number of callers and engine: milliseconds of all questions, and seconds of each round.
    pub(crate) asked: Vec<Vec<(Vec<f64>, Vec<f64>)>>,
    /// Floating-point operations a second, at the best, of `gemm` and of numpy.
    pub(crate) by_gemm: f64,
    pub(crate) by_numpy: Option<f64>,
}

/// Runs all rounds.
pub(crate) fn measure(options: &Options, corpus: &Corpus) -> Outcome<Measured> {
    let home = tempfile::tempdir()?;
    let network = test_onnx::make_folder(&options::model()?, &home.path().join("network"))?;
    let corpus_file = home.path().join("corpus.json");
    std::fs::write(&corpus_file, serde_json::to_vec(corpus)?)?;
    let mut workers = start(options, &corpus_file, &network)?;
    let python = ceiling::python();
    let mut found = Measured {
        seconds: vec![vec![Vec::new(); ENGINES.len()]; corpus.sets.len()],
        asked: vec![vec![(Vec::new(), Vec::new()); ENGINES.len()]; CALLERS.len()],
        ..Measured::default()
    };
    let mut asked = 0;
    for round in 0..options.rounds {
        eprintln!("bench: round {} of {}", round + 1, options.rounds);
        found.by_gemm = found.by_gemm.max(ceiling::by_gemm(options.threads));
        let by_numpy = python.as_ref().and_then(|python| ceiling::by_numpy(python, options.threads));
        found.by_numpy = by_numpy.into_iter().chain(found.by_numpy).reduce(f64::max);
        for set in 0..corpus.sets.len() {
            for (engine, worker) in workers.iter_mut().enumerate() {
                found.seconds[set][engine].push(worker.order(Order::Embed { set })?.seconds);
            }
        }
        for (place, callers) in CALLERS.into_iter().enumerate() {
            let order = Order::Ask { callers, questions: options.questions, first: asked };
            asked += options.questions;
            for (engine, worker) in workers.iter_mut().enumerate() {
                let answer = worker.order(order)?;
                let (milliseconds, seconds) = &mut found.asked[place][engine];
                milliseconds.extend(answer.milliseconds);
                seconds.push(answer.seconds);
            }
        }
    }
    Ok(found)
}

/// All engines, each warm: a first batch pays for memory.
fn start(options: &Options, corpus: &Path, network: &Path) -> Outcome<Vec<Worker>> {
    let mut workers = Vec::new();
    for (engine, _) in ENGINES {
        let mut worker = Worker::start(engine, corpus, network, options.threads)?;
        worker.order(Order::Embed { set: 0 })?;
        workers.push(worker);
    }
    Ok(workers)
}
