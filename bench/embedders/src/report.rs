//! From measurements to a table, or JSON.

use auskunft_embed::{EmbedderSettings, open};
use serde::Serialize;

use crate::Outcome;
use crate::engines::ENGINES;
use crate::measure::{self, CALLERS, Measured};
use crate::options::{self, Options};
use crate::texts::{Corpus, Set};

/// Floating-point operations of all-MiniLM-L6-v2 for a text of so many tokens: its matrices, and attention.
fn operations(tokens: usize) -> f64 {
    let tokens = tokens as f64;
    tokens * 21.2e6 + 9216.0 * tokens * tokens
}

/// One engine with one set of texts.
#[derive(Debug, Serialize)]
struct Speed {
    texts: String,
    engine: &'static str,
    texts_per_second: f64,
    /// Of the rounds, the slowest and the fastest.
    lowest: f64,
    highest: f64,
    tokens_per_second: f64,
    share_of_ceiling: f64,
    /// How many times as fast as plain fastembed with the same texts.
    times_plain: f64,
}

/// One engine with so many callers.
#[derive(Debug, Serialize)]
struct Questions {
    callers: usize,
    engine: &'static str,
    p50_ms: f64,
    p99_ms: f64,
    questions_per_second: f64,
}

#[derive(Debug, Serialize)]
struct Report {
    load_average: String,
    threads: usize,
    rounds: usize,
    /// Billions of floating-point operations a second.
    ceiling_gflops: f64,
    ceiling_by: &'static str,
    gemm_gflops: f64,
    numpy_gflops: Option<f64>,
    speed: Vec<Speed>,
    questions: Vec<Questions>,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Outcome<()> {
    options::runtime()?;
    let counting = open(&EmbedderSettings::native(&options::model()?, 1))?;
    let corpus = Corpus::read(options, &|text| counting.count_tokens(text))?;
    drop(counting);
    let measured = measure::measure(options, &corpus)?;
    let report = Report::of(options, &corpus, &measured);
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        report.print(&corpus);
    }
    Ok(())
}

impl Report {
    fn of(options: &Options, corpus: &Corpus, measured: &Measured) -> Self {
        let by_numpy = measured.by_numpy.unwrap_or(0.0);
        let ceiling = measured.by_gemm.max(by_numpy);
        Self {
            load_average: std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned(),
            threads: options.threads,
            rounds: options.rounds,
            ceiling_gflops: ceiling / 1e9,
            ceiling_by: if by_numpy > measured.by_gemm { "numpy" } else { "gemm" },
            gemm_gflops: measured.by_gemm / 1e9,
            numpy_gflops: measured.by_numpy.map(|numpy| numpy / 1e9),
            speed: speeds(corpus, measured, ceiling),
            questions: questions(options, measured),
        }
    }

    fn print(&self, corpus: &Corpus) {
        let numpy = self.numpy_gflops.map_or("none at hand".to_owned(), |numpy| format!("{numpy:.0}"));
        println!(
            "all-MiniLM-L6-v2, {} threads, median of {} rounds (slowest to fastest); ceiling {:.0} GFLOP/s by {} (gemm {:.0}, numpy {numpy})\n",
            self.threads, self.rounds, self.ceiling_gflops, self.ceiling_by, self.gemm_gflops
        );
        println!(
            "{:<12} {:<18} {:>8} {:>17} {:>9} {:>11} {:>8}",
            "texts", "engine", "texts/s", "rounds", "tokens/s", "of ceiling", "x plain"
        );
        for row in &self.speed {
            println!(
                "{:<12} {:<18} {:>8.1} {:>17} {:>9.0} {:>9.1} % {:>8.2}",
                row.texts,
                row.engine,
                row.texts_per_second,
                format!("{:.1} to {:.1}", row.lowest, row.highest),
                row.tokens_per_second,
                100.0 * row.share_of_ceiling,
                row.times_plain
            );
        }
        if let Some(set) = corpus.sets.iter().find(|set| set.is_mixed) {
            let mut tokens = set.tokens.clone();
            tokens.sort_unstable();
            let at = |share: f64| percentile(&tokens, share);
            println!(
                "catalog: {} texts, tokens at p10, p50, p90: {}, {}, {}",
                tokens.len(),
                at(0.1),
                at(0.5),
                at(0.9)
            );
        }
        println!(
            "\n{:<12} {:<18} {:>9} {:>9} {:>12}",
            "callers", "engine", "p50 ms", "p99 ms", "questions/s"
        );
        for row in &self.questions {
            println!(
                "{:<12} {:<18} {:>9.2} {:>9.2} {:>12.0}",
                row.callers, row.engine, row.p50_ms, row.p99_ms, row.questions_per_second
            );
        }
        println!("\nload average at the end {}", self.load_average);
    }
}

fn speeds(corpus: &Corpus, measured: &Measured, ceiling: f64) -> Vec<Speed> {
    let mut rows = Vec::new();
    for (set, by_engine) in corpus.sets.iter().zip(&measured.seconds) {
        let plain = ENGINES.iter().position(|(name, _)| *name == "plain").unwrap_or(0);
        let of_plain = median(&by_engine[plain]);
        for ((_, engine), seconds) in ENGINES.iter().zip(by_engine) {
            rows.push(speed(set, engine, seconds, of_plain, ceiling));
        }
    }
    rows
}

fn speed(set: &Set, engine: &'static str, seconds: &[f64], of_plain: f64, ceiling: f64) -> Speed {
    let texts = set.texts.len() as f64;
    let taken = median(seconds);
    let work: f64 = set.tokens.iter().map(|&tokens| operations(tokens)).sum();
    Speed {
        texts: set.name.clone(),
        engine,
        texts_per_second: texts / taken,
        lowest: texts / seconds.iter().copied().fold(0.0, f64::max),
        highest: texts / seconds.iter().copied().fold(f64::INFINITY, f64::min),
        tokens_per_second: set.tokens.iter().sum::<usize>() as f64 / taken,
        share_of_ceiling: work / taken / ceiling,
        times_plain: of_plain / taken,
    }
}

fn questions(options: &Options, measured: &Measured) -> Vec<Questions> {
    let mut rows = Vec::new();
    for (callers, by_engine) in CALLERS.into_iter().zip(&measured.asked) {
        for ((_, engine), (milliseconds, seconds)) in ENGINES.iter().zip(by_engine) {
            let mut sorted = milliseconds.clone();
            sorted.sort_by(f64::total_cmp);
            rows.push(Questions {
                callers,
                engine,
                p50_ms: percentile(&sorted, 0.5),
                p99_ms: percentile(&sorted, 0.99),
                questions_per_second: options.questions as f64 / median(seconds),
            });
        }
    }
    rows
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
}

/// The value below which this share of sorted values lies.
fn percentile<T: Copy>(sorted: &[T], share: f64) -> T {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
