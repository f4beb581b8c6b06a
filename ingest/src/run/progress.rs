//! Progress of a run on stderr: a bar with rate and remaining time on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a plain line is written.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// Shows how far a run is.
#[derive(Debug)]
pub struct Progress {
    total: u64,
    done: u64,
    chunks: u64,
    started: Instant,
    shown: Instant,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Bar(ProgressBar),
    Lines,
    Silent,
}

impl Progress {
    /// Progress over `total` sources; `quiet` shows nothing.
    pub fn new(total: u64, quiet: bool) -> Self {
        let form = if quiet || total == 0 {
            Form::Silent
        } else if std::io::stderr().is_terminal() {
            Form::Bar(bar(total))
        } else {
            Form::Lines
        };
        if matches!(form, Form::Lines) {
            say(&format!("reading {total} sources"));
        }
        let now = Instant::now();
        Self { total, done: 0, chunks: 0, started: now, shown: now, form }
    }

    /// One more source is through; `chunks` have been written so far.
    pub fn advance(&mut self, chunks: u64) {
        self.done += 1;
        self.chunks = chunks;
        match &self.form {
            Form::Bar(bar) => {
                bar.set_message(format!("{chunks} chunks"));
                bar.inc(1);
            }
            Form::Lines if self.shown.elapsed() >= LINE_INTERVAL => {
                self.shown = Instant::now();
                say(&self.line());
            }
            Form::Lines | Form::Silent => {}
        }
    }

    /// The end: the bar goes, lines end with how far it came.
    pub fn finish(&self) {
        match &self.form {
            Form::Bar(bar) => bar.finish_and_clear(),
            Form::Lines => say(&self.line()),
            Form::Silent => {}
        }
    }

    fn line(&self) -> String {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let rate = self.done as f64 / seconds;
        let left = (self.total - self.done.min(self.total)) as f64 / rate.max(0.001);
        format!(
            "{} of {} sources, {} chunks, {rate:.1} sources/s, about {left:.0} s left",
            self.done, self.total, self.chunks
        )
    }
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = "{wide_bar} {pos}/{len} sources, {msg}, {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// Writes a line to stderr; nobody reading it is no reason to stop.
pub fn say(text: &str) {
    let mut stderr = std::io::stderr().lock();
    if writeln!(stderr, "{text}").is_err() {
        tracing::debug!("stderr is closed");
    }
}
