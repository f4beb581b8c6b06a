//! How measured times spread.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// Times, kept to three digits.
#[derive(Debug, Clone)]
pub(crate) struct Spread {
    /// Microseconds. `None` only if the library refused to make one.
    histogram: Option<Histogram<u64>>,
}

/// A spread in figures, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// How many.
    pub count: u64,
    /// The mean.
    pub mean: f64,
    /// Half took no longer.
    pub p50: f64,
    /// 95 of 100 took no longer.
    pub p95: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// 999 of 1,000 took no longer.
    pub p999: f64,
    /// None took longer.
    pub max: f64,
}

impl Default for Spread {
    fn default() -> Self {
        // Three digits are among those that the library takes.
        let mut histogram = Histogram::new(3).ok();
        histogram.iter_mut().for_each(|histogram| histogram.auto(true));
        Self { histogram }
    }
}

impl Spread {
    pub(crate) fn record(&mut self, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX / 2);
        let Some(histogram) = &mut self.histogram else { return };
        // It grows, and what it can't grow to counts as the most that it holds.
        if histogram.record(microseconds).is_err() {
            histogram.saturating_record(microseconds);
        }
    }

    pub(crate) fn figures(&self) -> Figures {
        let at =
            |share: f64| self.histogram.as_ref().map_or(0.0, |all| all.value_at_quantile(share) as f64 / 1e3);
        let of = |value: fn(&Histogram<u64>) -> f64| self.histogram.as_ref().map_or(0.0, value);
        Figures {
            count: self.histogram.as_ref().map_or(0, Histogram::len),
            mean: of(|all| all.mean() / 1e3),
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
            p999: at(0.999),
            max: of(|all| all.max() as f64 / 1e3),
        }
    }
}

/// Spreads by name.
#[derive(Debug, Default)]
pub(crate) struct Named(BTreeMap<String, Spread>);

impl Named {
    pub(crate) fn record(&mut self, name: &str, took: Duration) {
        match self.0.get_mut(name) {
            Some(spread) => spread.record(took),
            None => self.0.entry(name.to_owned()).or_default().record(took),
        }
    }

    pub(crate) fn figures(&self) -> BTreeMap<String, Figures> {
        self.0.iter().map(|(name, spread)| (name.clone(), spread.figures())).collect()
    }
}

/// A duration in milliseconds.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Milliseconds as a duration; what is none counts as nothing.
pub(crate) fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_what_was_recorded() {
        let mut spread = Spread::default();
        (1..=1_000).for_each(|place| spread.record(Duration::from_millis(place)));
        let figures = spread.figures();
        let near = |value: f64, wanted: f64| (value - wanted).abs() <= wanted / 500.0;
        assert!(
            near(figures.p50, 500.0) && near(figures.p99, 990.0) && near(figures.max, 1_000.0),
            "{figures:?}"
        );
        assert_eq!(Spread::default().figures().p99, 0.0);
    }
}
