//! How long the stages of a request took, as the response states it.

use std::collections::BTreeMap;
use std::time::Duration;

use auskunft_answer::{Ended, Stage};
use axum::http::HeaderValue;

/// Stages in the order of their end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timings {
    stages: Vec<Ended>,
}

impl Timings {
    /// Notes a stage that ends now.
    pub(crate) fn end(&mut self, stage: Stage) {
        self.stages.push(stage.end());
    }

    /// Notes several that have ended.
    pub(crate) fn extend(&mut self, stages: impl IntoIterator<Item = Ended>) {
        self.stages.extend(stages);
    }

    /// Every stage.
    pub(crate) fn stages(&self) -> &[Ended] {
        &self.stages
    }

    /// Milliseconds by stage, with `total`; a stage that ran several times counts in sum.
    pub(crate) fn milliseconds(&self, total: Duration) -> BTreeMap<&'static str, f64> {
        let mut by_stage = BTreeMap::new();
        for (stage, took) in &self.stages {
            *by_stage.entry(*stage).or_insert(0.0) += milliseconds(*took);
        }
        by_stage.insert("total", milliseconds(total));
        by_stage
    }

    /// The `Server-Timing` header (<https://www.w3.org/TR/server-timing/>): durations in milliseconds.
    pub(crate) fn header(&self, total: Duration) -> Option<HeaderValue> {
        let entry = |(stage, took): &(&str, Duration)| format!("{stage};dur={}", milliseconds(*took));
        let mut entries: Vec<String> = self.stages.iter().map(entry).collect();
        entries.push(entry(&("total", total)));
        HeaderValue::from_str(&entries.join(", ")).ok()
    }
}

/// Milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_summed_and_listed() {
        let mut timings = Timings::default();
        timings.extend([("ann", Duration::from_micros(1_500)), ("ann", Duration::from_millis(1))]);
        let total = Duration::from_millis(3);
        let shown = timings.milliseconds(total);
        assert!((shown["ann"] - 2.5).abs() < 1e-9 && (shown["total"] - 3.0).abs() < 1e-9);
        assert_eq!(timings.header(total).unwrap(), "ann;dur=1.5, ann;dur=1, total;dur=3");
    }
}
