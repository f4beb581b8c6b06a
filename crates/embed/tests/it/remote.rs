//! The remote embedder against a service that misbehaves.

use std::sync::Arc;
use std::time::Duration;

use auskunft_boot::settings::{RemoteSettings, Secret};
use auskunft_embed::{EmbedError, Embedder, EmbedderSettings, Engine, TextKind, open};
use serde_json::json;

use crate::service::{Reply, Service, vector};

fn settings(service: &Service) -> RemoteSettings {
    RemoteSettings {
        url: service.url.clone(),
        model: "text-embedding-3-small".to_owned(),
        key: Some(Secret::new("sk-geheim")),
        dimensions: None,
        max_tokens: 512,
        batch: 4,
        concurrency: 3,
        per_minute: 0,
        timeout_ms: 2_000,
        retries: 2,
    }
}

fn opened(settings: RemoteSettings) -> Result<Arc<dyn Embedder>, EmbedError> {
    open(&wanted(settings))
}

fn wanted(settings: RemoteSettings) -> EmbedderSettings {
    EmbedderSettings { engine: Engine::Remote, remote: Some(settings), ..EmbedderSettings::hashed() }
}

/// As settings state prefixes.
fn prefixed(settings: RemoteSettings) -> EmbedderSettings {
    let stated = |name: &str| match name {
        "AUSKUNFT_QUERY_PREFIX" => Some("query:".to_owned()),
        "AUSKUNFT_PASSAGE_PREFIX" => Some("passage:".to_owned()),
        _ => None,
    };
    let loaded = auskunft_boot::settings::load(&auskunft_boot::Overrides::default(), &stated).unwrap();
    EmbedderSettings { remote: Some(settings), ..EmbedderSettings::of(Engine::Remote, &loaded.settings) }
}

fn embedder(service: &Service) -> Arc<dyn Embedder> {
    opened(settings(service)).unwrap()
}

fn why(error: Result<impl Sized, EmbedError>) -> String {
    error.err().map(|error| error.to_string()).unwrap_or_default()
}

/// Whether a vector is that of the text, at length one.
fn is_of(found: &[f32], text: &str) -> bool {
    let expected = vector(text);
    let length = expected.iter().map(|value| value * value).sum::<f64>().sqrt();
    found.iter().zip(expected).all(|(found, value)| (f64::from(*found) - value / length).abs() < 1e-6)
}

#[test]
fn texts_come_back_in_their_order_over_many_requests_at_once() {
    let slow = Reply::Late(Duration::from_millis(50));
    let service = Service::start(&[vec![Reply::Vectors], vec![slow; 12]].concat());
    let embedder = embedder(&service);
    let texts: Vec<String> = (0..45).map(|number| format!("Text {number} über die Entkalkung")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let vectors = embedder.embed(TextKind::Passage, &texts).unwrap();
    assert_eq!(vectors.len(), texts.len());
    for (vector, text) in vectors.iter().zip(&texts) {
        assert!(is_of(vector, text), "{text}");
    }
    let asked = service.asked();
    assert_eq!(asked.len(), 1 + 12, "a probe and 45 texts in batches of 4");
    assert_eq!(service.most_at_once(), 3);
    assert!(asked[0].head.starts_with("POST /v1/embeddings ") && asked[0].head.contains("Bearer sk-geheim"));
    assert_eq!(
        (&asked[1].body["model"], &asked[1].body["encoding_format"]),
        (&"text-embedding-3-small".into(), &"float".into())
    );
    assert!(embedder.embed(TextKind::Passage, &[]).unwrap().is_empty());
}

#[test]
fn what_fails_for_now_is_sent_again_and_a_stated_pause_is_kept() {
    let busy = Reply::Status(429, "retry-after: 1\r\n", "{\"error\": \"rate limit\"}");
    let broken = Reply::Status(503, "retry-after-ms: 10\r\n", "");
    for trouble in [busy, broken, Reply::Torn] {
        let service = Service::start(&[Reply::Vectors, trouble.clone()]);
        let vectors = embedder(&service).embed(TextKind::Query, &["Wo ist mein Paket?"]).unwrap();
        assert!(is_of(&vectors[0], "Wo ist mein Paket?"), "{trouble:?}");
        let asked = service.asked();
        assert_eq!(asked.len(), 3, "{trouble:?}");
        if matches!(trouble, Reply::Status(429, ..)) {
            assert!(asked[2].at - asked[1].at >= Duration::from_secs(1), "{:?}", asked[2].at - asked[1].at);
        }
    }
    let short = Reply::Status(429, "retry-after-ms: 1\r\n", "try later");
    let service = Service::start(&[vec![Reply::Vectors], vec![short; 9]].concat());
    let error = why(embedder(&service).embed(TextKind::Query, &["a"]));
    assert!(error.contains("429") && error.contains("try later") && error.contains("3 attempts"), "{error}");
    assert_eq!(service.asked().len(), 1 + 3);
}

#[test]
fn a_service_that_hangs_costs_its_time_limit() {
    let service = Service::start(&[Reply::Vectors, Reply::Late(Duration::from_secs(30))]);
    let hasty = RemoteSettings { timeout_ms: 300, retries: 0, ..settings(&service) };
    let error = why(opened(hasty).unwrap().embed(TextKind::Query, &["a"]));
    assert!(error.contains("AUSKUNFT_REMOTE_URL") && error.contains("1 attempts"), "{error}");
}

#[test]
fn what_fails_for_good_is_told_at_once_and_never_quotes_the_key() {
    let wrong = [
        (Reply::Status(401, "", "{\"error\": \"invalid api key\"}"), "invalid api key"),
        (Reply::Status(404, "", "no such model"), "no such model"),
        (Reply::Body("<html>Anmeldung</html>".to_owned()), "not of the form"),
        (Reply::Body("{\"data\": []}".to_owned()), "0 vectors for 1 texts"),
        (Reply::Body("{\"data\": [{\"index\": 7, \"embedding\": [1.0, 2.0, 3.0]}]}".to_owned()), "number 7"),
        (
            Reply::Body("{\"data\": [{\"index\": 0, \"embedding\": [1.0, 2.0]}]}".to_owned()),
            "2 numbers where 3",
        ),
        (
            Reply::Body("{\"data\": [{\"index\": 0, \"embedding\": [0.0, 0.0, 0.0]}]}".to_owned()),
            "no valid vector",
        ),
    ];
    for (reply, told) in wrong {
        let service = Service::start(&[Reply::Vectors, reply]);
        let error = why(embedder(&service).embed(TextKind::Query, &["a"]));
        assert!(error.contains(told) && error.contains(&service.url), "{error}");
        assert!(!error.contains("geheim"), "{error}");
        assert_eq!(service.asked().len(), 2, "{error}");
    }
}

#[test]
fn the_space_is_that_of_model_dimensions_and_prefixes() {
    let service = Service::start(&[]);
    let space = |settings: RemoteSettings| opened(settings).unwrap().space().clone();
    let first = space(settings(&service));
    assert!(first.as_str().starts_with("remote-3-"), "{first}");
    assert_eq!(first, space(settings(&Service::start(&[]))), "another address");
    assert_ne!(first, space(RemoteSettings { model: "other".to_owned(), ..settings(&service) }));
    let prefixed = open(&prefixed(settings(&service))).unwrap();
    assert_ne!(&first, prefixed.space());
    prefixed.embed(TextKind::Passage, &["Tank", ""]).unwrap();
    prefixed.embed(TextKind::Query, &["Tank?"]).unwrap();
    open(&wanted(settings(&service))).unwrap().embed(TextKind::Query, &[""]).unwrap();
    let asked = service.asked();
    let inputs: Vec<_> = asked.iter().rev().take(4).map(|asked| asked.body["input"].clone()).collect();
    let expected =
        [json!([" "]), json!(["Auskunft"]), json!(["query: Tank?"]), json!(["passage: Tank", "passage: "])];
    assert_eq!(inputs, expected);
    let error = why(opened(RemoteSettings { dimensions: Some(256), ..settings(&service) }));
    assert!(error.contains("3 numbers where 256") && error.contains("AUSKUNFT_REMOTE_DIMENSIONS"), "{error}");
}

#[test]
fn no_more_requests_a_minute_are_sent_than_are_allowed() {
    let service = Service::start(&[]);
    let slowly = RemoteSettings { per_minute: 600, batch: 1, ..settings(&service) };
    opened(slowly).unwrap().embed(TextKind::Passage, &["a", "b", "c", "d", "e"]).unwrap();
    let asked = service.asked();
    let span = asked[5].at - asked[0].at;
    assert!(span >= Duration::from_millis(450), "6 requests, 100 ms apart: {span:?}");
}
