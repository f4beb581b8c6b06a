//! What `/metrics` shows. Every counter of the service is declared here, and nothing is dropped without one.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use auskunft_answer::{Operations, Standing};
use auskunft_embed::CacheCounts;

use crate::admission::Admission;

/// The type of what `/metrics` gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds in seconds, densest around the budget of 100 ms.
const BUCKETS: [f64; 13] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StoreLabel {
    store: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    state: &'static str,
    cached: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProblemLabel {
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MissingLabel {
    missing: String,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// The counters of one service.
#[derive(Debug)]
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<RequestLabels, Counter>,
    durations: Histograms<RouteLabel>,
    stages: Histograms<StageLabel>,
    operations: Family<StoreLabel, Counter>,
    answers: Family<AnswerLabels, Counter>,
    problems: Family<ProblemLabel, Counter>,
    degraded: Family<MissingLabel, Counter>,
    working: Gauge,
    waiting: Gauge,
    generation: Gauge,
    revision: Gauge,
    chunks: Gauge,
    products: Gauge,
    query_cache_hits: Gauge<u64, AtomicU64>,
    query_cache_misses: Gauge<u64, AtomicU64>,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("auskunft")),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram as fn() -> Histogram),
            stages: Family::new_with_constructor(histogram as fn() -> Histogram),
            operations: Family::default(),
            answers: Family::default(),
            problems: Family::default(),
            degraded: Family::default(),
            working: Gauge::default(),
            waiting: Gauge::default(),
            generation: Gauge::default(),
            revision: Gauge::default(),
            chunks: Gauge::default(),
            products: Gauge::default(),
            query_cache_hits: Gauge::default(),
            query_cache_misses: Gauge::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let r = &mut *registry;
        r.register("requests", "Requests by route, method and status", self.requests.clone());
        let seconds = Unit::Seconds;
        r.register_with_unit("request_duration", "Time of a request", seconds, self.durations.clone());
        let seconds = Unit::Seconds;
        r.register_with_unit("stage_duration", "Time of a stage of an answer", seconds, self.stages.clone());
        r.register("operations", "Database operations of answers, by store", self.operations.clone());
        r.register("answers", "Answers by state, and whether they came from the cache", self.answers.clone());
        r.register("problems", "Requests that ended with a problem, by its code", self.problems.clone());
        r.register("degraded", "Answers that something was missing for", self.degraded.clone());
        r.register("requests_working", "Requests that are worked on", self.working.clone());
        r.register("requests_waiting", "Requests that wait for their turn", self.waiting.clone());
        r.register("live_generation", "The generation that answers are read from", self.generation.clone());
        r.register("live_revision", "Its revision", self.revision.clone());
        r.register("index_chunks", "Chunks in the lexical index", self.chunks.clone());
        r.register("index_products", "Products known by name and number", self.products.clone());
        let (hits, misses) = (self.query_cache_hits.clone(), self.query_cache_misses.clone());
        r.register("query_cache_hits", "Questions whose vector was held, since the start", hits);
        r.register("query_cache_misses", "Questions that were embedded, since the start", misses);
    }

    /// Counts a finished request. `route` is the pattern, never the path, so that the number of series is bounded.
    pub(crate) fn request(&self, route: &str, method: &str, status: u16, took: Duration) {
        let labels =
            RequestLabels { route: route.to_owned(), method: method.to_owned(), status: u32::from(status) };
        self.requests.get_or_create(&labels).inc();
        let label = RouteLabel { route: route.to_owned() };
        self.durations.get_or_create(&label).observe(took.as_secs_f64());
    }

    /// Counts a problem that a caller was told of.
    pub(crate) fn problem(&self, code: &'static str) {
        self.problems.get_or_create(&ProblemLabel { code }).inc();
    }

    /// Counts an answer, what it cost and what was missing for it.
    pub(crate) fn answer(
        &self,
        state: &'static str,
        cached: bool,
        degraded: &[String],
        stages: &[(&'static str, Duration)],
        operations: Operations,
    ) {
        self.answers.get_or_create(&AnswerLabels { state, cached: cached.to_string() }).inc();
        for missing in degraded {
            self.degraded.get_or_create(&MissingLabel { missing: missing.clone() }).inc();
        }
        self.cost(stages, operations);
    }

    /// Counts what a request cost.
    pub(crate) fn cost(&self, stages: &[(&'static str, Duration)], operations: Operations) {
        for (stage, took) in stages {
            self.stages.get_or_create(&StageLabel { stage }).observe(took.as_secs_f64());
        }
        let counts = [
            ("redis", operations.redis),
            ("postgres", operations.postgres),
            ("pgvector", operations.pgvector),
            ("mongodb", operations.mongodb),
            ("timescale", operations.timescale),
        ];
        for (store, count) in counts {
            self.operations.get_or_create(&StoreLabel { store }).inc_by(u64::from(count));
        }
    }

    /// Takes down the present state, before it is shown.
    pub(crate) fn observe(&self, admission: &Admission, standing: &Standing, cache: CacheCounts) {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.working.set(i64::try_from(admission.working()).unwrap_or(i64::MAX));
        self.waiting.set(i64::try_from(admission.waiting()).unwrap_or(i64::MAX));
        self.generation.set(i64::from(standing.generation.0));
        self.revision.set(standing.revision.0);
        self.chunks.set(whole(standing.chunks));
        self.products.set(whole(standing.products));
        self.query_cache_hits.set(cache.hits);
        self.query_cache_misses.set(cache.misses);
    }

    /// Everything in the OpenMetrics text format.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_appear_under_one_prefix() {
        let metrics = Metrics::default();
        metrics.request("/health", "GET", 200, Duration::from_millis(3));
        metrics.problem("timeout");
        metrics.answer(
            "answered",
            true,
            &["dense".to_owned()],
            &[("ann", Duration::ZERO)],
            Operations::default(),
        );
        let text = metrics.text().unwrap();
        let line = r#"auskunft_requests_total{route="/health",method="GET",status="200"} 1"#;
        assert!(text.contains(line), "{text}");
        assert!(text.contains(r#"auskunft_answers_total{state="answered",cached="true"} 1"#), "{text}");
        assert!(text.contains(r#"auskunft_degraded_total{missing="dense"} 1"#));
        assert!(text.contains(r#"auskunft_problems_total{code="timeout"} 1"#));
        assert!(text.contains("auskunft_stage_duration_seconds_bucket") && text.ends_with("# EOF\n"));
    }
}
