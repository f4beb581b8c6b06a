use std::future::IntoFuture;
use std::sync::{Arc, Mutex, PoisonError};

use auskunft_boot::settings::Sampling;
use axum::Router;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;
use tokio::net::TcpListener;

use super::*;
use crate::traces::sample;

/// A collector that gives these answers one after the other.
async fn collector(answers: Vec<(StatusCode, Vec<u8>)>) -> String {
    let answers = Arc::new(Mutex::new(answers.into_iter()));
    let take = move || {
        let answer = answers.lock().unwrap_or_else(PoisonError::into_inner).next().unwrap();
        async move { answer }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, Router::new().route("/v1/traces", post(take))).into_future());
    url
}

/// What is counted when three spans are sent there: taken; lost for want of room, by refusal, at the end.
async fn sent_to(url: String) -> (u64, [u64; 3]) {
    let settings = TraceSettings {
        url,
        headers: Vec::new(),
        timeout_ms: 60_000,
        service_name: "test".to_owned(),
        resource: Vec::new(),
        sampling: Sampling { follows_caller: true, per_million: 1_000_000 },
        queue: 3,
    };
    let (counters, resource) = (SpanCounters::default(), Resource::builder_empty().build());
    let (spans, waiting) = mpsc::channel(settings.queue);
    let (_stop, stopped) = watch::channel(None);
    for _ in 0..3 {
        spans.try_send(sample("stage", &[])).unwrap();
    }
    // Nothing more will come: the sender ends with what it has.
    drop(spans);
    Sender::new(&settings, &resource, (waiting, stopped), counters.clone()).unwrap().run().await;
    counters.counts()
}

#[tokio::test]
async fn what_may_pass_is_sent_again_and_what_is_refused_is_counted() {
    let partial = ExportTracePartialSuccess { rejected_spans: 1, error_message: "too old".to_owned() };
    let partial = ExportTraceServiceResponse { partial_success: Some(partial) }.encode_to_vec();
    let busy = (StatusCode::SERVICE_UNAVAILABLE, Vec::new());
    let url = collector(vec![busy, (StatusCode::OK, partial)]).await;
    assert_eq!(sent_to(url).await, (2, [0, 1, 0]));
    let url = collector(vec![(StatusCode::UNAUTHORIZED, Vec::new())]).await;
    assert_eq!(sent_to(url).await, (0, [0, 3, 0]));
}
