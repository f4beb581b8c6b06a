//! Logs on stderr, and where spans go besides. Standard output belongs to results.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::filter::{Directive, ParseError};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// The target of spans that are made for traces alone. Logs leave them out, and where nobody takes traces they are not even made: what
/// is left of them is a look at one byte.
pub const TRACES: &str = "auskunft::traces";
/// The target of the span that names a request: it stands in every line of the request, whatever `RUST_LOG` leaves out.
pub const REQUESTS: &str = "auskunft::requests";

/// Who else takes spans. It must have a filter of its own: without one every span would be made.
pub type SpanLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Why there are no logs.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `RUST_LOG` is no filter.
    #[error("RUST_LOG is no log filter ({0}): use e.g. `info` or `warn,auskunft=debug`")]
    Filter(String),
    /// Something in this process logs already.
    #[error("logging was started twice")]
    Twice,
}

/// Starts logging: `RUST_LOG` decides where it is set, else our own crates log from `level` (`warn`, `info`, …) up and all
/// others warnings. With `json` each line is one JSON object, for machines. `spans` takes spans, too.
pub fn init(level: &str, json: bool, spans: Option<SpanLayer>) -> Result<(), TelemetryError> {
    let filter = filter(std::env::var("RUST_LOG").ok().as_deref(), level)?;
    let started = match spans {
        // A layer that is there and takes nothing would have every span looked at each time.
        None => tracing_subscriber::registry().with(lines(json).with_filter(filter)).try_init(),
        Some(spans) => {
            tracing_subscriber::registry().with(spans).with(lines(json).with_filter(filter)).try_init()
        }
    };
    started.map_err(|_| TelemetryError::Twice)
}

fn lines<S>(json: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    if json { lines.json().flatten_event(true).boxed() } else { lines.boxed() }
}

fn filter(variable: Option<&str>, level: &str) -> Result<EnvFilter, TelemetryError> {
    let ours = ["auskunft", "ingest", "serve"].map(|prefix| format!(",{prefix}={level}")).concat();
    let directives = match variable {
        Some(text) if !text.trim().is_empty() => text.to_owned(),
        _ => format!("warn{ours}"),
    };
    let wrong = |error: ParseError| TelemetryError::Filter(error.to_string());
    let mut filter = EnvFilter::try_new(directives).map_err(wrong)?;
    for (target, level) in [(TRACES, "off"), (REQUESTS, "error")] {
        let directive: Directive = format!("{target}={level}").parse().map_err(wrong)?;
        filter = filter.add_directive(directive);
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex, PoisonError};

    use tracing::{Level, span_enabled};

    use super::*;

    #[test]
    fn the_variable_wins_over_the_level() {
        assert!(filter(Some("debug"), "info").unwrap().to_string().contains("debug"));
        let unset = filter(Some(" "), "info").unwrap().to_string();
        assert!(unset.contains("auskunft=info") && !unset.contains("debug"), "{unset}");
        assert!(filter(Some("auskunft=loud"), "info").is_err());
    }

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What stands in the log when that was done under this `RUST_LOG`.
    fn logged(variable: Option<&str>, work: impl FnOnce()) -> String {
        let written = Written::default();
        let writer = written.clone();
        let lines = tracing_subscriber::fmt::layer().json().with_writer(move || writer.clone());
        let filtered = lines.with_filter(filter(variable, "info").unwrap());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(filtered), work);
        let bytes = written.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_request_stands_in_its_lines_whatever_the_filter_and_spans_of_traces_never_do() {
        for variable in [None, Some("warn"), Some("auskunft_boot=warn"), Some("trace")] {
            let log = logged(variable, || {
                assert!(!span_enabled!(target: TRACES, Level::ERROR), "{variable:?}");
                tracing::error_span!(target: REQUESTS, "request", request.id = "r-1").in_scope(|| {
                    let _stage = tracing::error_span!(target: TRACES, "stage").entered();
                    tracing::warn!("late");
                });
            });
            assert!(log.contains("late") && log.contains("\"request.id\":\"r-1\""), "{variable:?}: {log}");
            assert!(!log.contains("stage"), "{variable:?}: {log}");
        }
    }
}
