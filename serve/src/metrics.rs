//! What `/metrics` shows. Every counter of the service is declared here, and nothing is dropped without one.

mod log;
mod spans;
mod stores;

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use auskunft_answer::{Ended, Operations, Standing};
use auskunft_embed::CacheCounts;

use crate::admission::Admission;
use log::LogCounters;
use stores::StoreCounters;

pub(crate) use spans::{SpanCounters, span_counters};

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
    answers: Family<AnswerLabels, Counter>,
    problems: Family<ProblemLabel, Counter>,
    degraded: Family<MissingLabel, Counter>,
    working: Gauge,
    waiting: Gauge,
    waiting_most: Gauge,
    generation: Gauge,
    revision: Gauge,
    lexical_revision: Gauge,
    refreshed: Gauge,
    refresh_failures: Counter,
    chunks: Gauge,
    products: Gauge,
    query_cache_hits: Gauge<u64, AtomicU64>,
    query_cache_misses: Gauge<u64, AtomicU64>,
    stores: StoreCounters,
    log: LogCounters,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("auskunft");
        let (stores, log) = (StoreCounters::register(&mut registry), LogCounters::register(&mut registry));
        span_counters().register(&mut registry);
        let metrics = Self {
            registry: Mutex::new(registry),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram as fn() -> Histogram),
            stages: Family::new_with_constructor(histogram as fn() -> Histogram),
            answers: Family::default(),
            problems: Family::default(),
            degraded: Family::default(),
            working: Gauge::default(),
            waiting: Gauge::default(),
            waiting_most: Gauge::default(),
            generation: Gauge::default(),
            revision: Gauge::default(),
            lexical_revision: Gauge::default(),
            refreshed: Gauge::default(),
            refresh_failures: Counter::default(),
            chunks: Gauge::default(),
            products: Gauge::default(),
            query_cache_hits: Gauge::default(),
            query_cache_misses: Gauge::default(),
            stores,
            log,
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
        r.register("answers", "Answers by state, and whether they came from the cache", self.answers.clone());
        r.register("problems", "Requests that ended with a problem, by its code", self.problems.clone());
        r.register("degraded", "Answers that something was missing for", self.degraded.clone());
        r.register("requests_working", "Requests that are worked on", self.working.clone());
        r.register("requests_waiting", "Requests that wait for their turn", self.waiting.clone());
        r.register(
            "requests_waiting_most",
            "Requests that may wait for their turn",
            self.waiting_most.clone(),
        );
        self.register_index(r);
        let (hits, misses) = (self.query_cache_hits.clone(), self.query_cache_misses.clone());
        r.register("query_cache_hits", "Questions whose vector was held, since the start", hits);
        r.register("query_cache_misses", "Questions that were embedded, since the start", misses);
    }

    fn register_index(&self, r: &mut Registry) {
        r.register("live_generation", "The generation that answers are read from", self.generation.clone());
        r.register("live_revision", "Its revision", self.revision.clone());
        let text = "The revision that the lexical index holds";
        r.register("lexical_revision", text, self.lexical_revision.clone());
        let text = "When the index was last found or brought up to date, in seconds since 1970";
        r.register_with_unit("index_refreshed_timestamp", text, Unit::Seconds, self.refreshed.clone());
        let text = "Times that the index could not be brought up to date";
        r.register("index_refresh_failures", text, self.refresh_failures.clone());
        r.register("index_chunks", "Chunks in the lexical index", self.chunks.clone());
        r.register("index_products", "Products known by name and number", self.products.clone());
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
        stages: &[Ended],
        operations: Operations,
    ) {
        self.answers.get_or_create(&AnswerLabels { state, cached: cached.to_string() }).inc();
        for missing in degraded {
            self.degraded.get_or_create(&MissingLabel { missing: missing.clone() }).inc();
            if let Some(store) = stores::behind(missing) {
                self.store_failed(store);
            }
        }
        self.cost(stages, operations);
    }

    /// Counts what a request cost.
    pub(crate) fn cost(&self, stages: &[Ended], operations: Operations) {
        for (stage, took) in stages {
            self.stages.get_or_create(&StageLabel { stage }).observe(took.as_secs_f64());
        }
        self.stores.count(operations);
    }

    /// Counts a look at what was published.
    pub(crate) fn refreshed(&self, is_done: bool) {
        if is_done {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            self.refreshed.set(whole(now.as_secs()));
        } else {
            self.refresh_failures.inc();
        }
    }

    /// Takes down the present state, before it is shown.
    pub(crate) fn observe(&self, admission: &Admission, standing: &Standing, cache: CacheCounts) {
        self.working.set(whole(admission.working() as u64));
        self.waiting.set(whole(admission.waiting() as u64));
        self.waiting_most.set(whole(admission.waiting_most() as u64));
        self.generation.set(i64::from(standing.generation.0));
        self.revision.set(standing.revision.0);
        self.lexical_revision.set(standing.lexical_revision.0);
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
        assert!(text.contains(r#"auskunft_store_errors_total{store="pgvector"} 1"#));
        assert!(
            text.contains(r#"auskunft_store_errors_total{store="redis"} 0"#),
            "seen before it happens: {text}"
        );
        assert!(text.contains("auskunft_stage_duration_seconds_bucket") && text.ends_with("# EOF\n"));
    }
}
