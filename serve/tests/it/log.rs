//! The request log: every question leaves a row, and no question waits for it.

use std::time::{Duration, Instant};

use auskunft_store::Stores;
use auskunft_store::logs::{LogRow, Logs};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::gate::{Gate, Mode};
use crate::own_database::OwnDatabase;
use crate::people;
use crate::program::{Running, program};
use crate::shop::{Service, publish_into};

/// How long is looked for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

async fn rows(logs: &Logs) -> Vec<LogRow> {
    logs.rows(DateTime::UNIX_EPOCH, Utc::now() + TimeDelta::days(1), 1_000).await.unwrap()
}

/// The rows, as soon as there are so many.
async fn rows_when(logs: &Logs, number: usize) -> Vec<LogRow> {
    let begin = Instant::now();
    loop {
        let rows = rows(logs).await;
        if rows.len() >= number {
            return rows;
        }
        assert!(begin.elapsed() < PATIENCE, "{} rows of {number}: {rows:?}", rows.len());
    }
}

/// What `/metrics` says of a counter, by the begin of its line.
async fn metric(service: &Service, line: &str) -> u64 {
    let text = service.get("/metrics").await.text;
    let found = text.lines().find_map(|known| known.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("{line}: {text}"))
}

async fn until(service: &Service, line: &str, holds: impl Fn(u64) -> bool) {
    let begin = Instant::now();
    while !holds(metric(service, line).await) {
        assert!(begin.elapsed() < PATIENCE, "{line}: {}", metric(service, line).await);
        tokio::task::yield_now().await;
    }
}

const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const DROPPED: &str = "auskunft_log_rows_dropped_total{reason=\"queue_full\"}";

#[tokio::test]
async fn every_question_leaves_a_row_within_a_second() {
    let service = Service::open_with(&[("AUSKUNFT_RATE_PER_MINUTE", "0")]).await;
    let body = service.ask("s-1", QUESTION).await.json();
    let begin = Instant::now();
    let row = rows_when(service.state.log.logs(), 1).await.remove(0);
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    assert_eq!(body["operations"]["timescale"], 1, "{body}");
    assert_eq!(json!(row.request_id), body["request_id"]);
    assert_eq!((row.session_id.as_deref(), row.agent_id, row.customer_id), (Some("s-1"), None, None));
    assert_eq!(json!(row.intent), body["intent"]);
    assert_eq!((row.error, row.cached), (None, false));
    assert_eq!(usize::try_from(row.chunks_used).unwrap(), body["citations"].as_array().unwrap().len());
    assert!(row.stages.contains_key("ann") && row.stages.contains_key("open"), "{:?}", row.stages);
    let slowest = row.stages.values().copied().fold(0.0, f32::max);
    assert!(row.latency_ms >= slowest, "{} of {:?}", row.latency_ms, row.stages);
}

#[tokio::test]
async fn kept_refused_and_failed_questions_leave_theirs_too() {
    let service = Service::open().await;
    let token = people::token_of("A-01");
    let ask = |body: serde_json::Value| {
        let (service, token) = (&service, &token);
        async move {
            service
                .call("POST", "/support/rag-answer", Some(token.as_str()), Some(&body))
                .await
                .status
                .as_u16()
        }
    };
    let question = json!({ "session_id": "s", "customer_id": "C-1", "question": QUESTION });
    assert_eq!((ask(question.clone()).await, ask(question).await), (200, 200));
    assert_eq!(ask(json!({ "session_id": "s" })).await, 400);
    let nobody = service.call("POST", "/support/rag-answer", Some("falsch"), None).await;
    assert_eq!(nobody.status, 401);
    // Neither other paths nor other methods are questions.
    service.get("/health").await;
    service.get("/support/rag-answer").await;
    let rows = rows_when(service.state.log.logs(), 4).await;
    let told: Vec<_> =
        rows.iter().map(|row| (row.agent_id.as_deref(), row.error.as_deref(), row.cached)).collect();
    assert_eq!(
        told,
        [
            (Some("A-01"), None, false),
            (Some("A-01"), None, true),
            (Some("A-01"), Some("invalid_request"), false),
            (None, Some("invalid_token"), false)
        ]
    );
    assert_eq!((rows[0].customer_id.as_deref(), rows[3].customer_id.as_deref()), (Some("C-1"), None));
    let text = format!("{rows:?}").to_lowercase();
    for word in ["entkalken", "falsch", "drei monate", token.as_str()] {
        assert!(!text.contains(&word.to_lowercase()), "{word}: {text}");
    }
}

#[tokio::test]
async fn a_refused_question_leaves_the_reason() {
    let service = Service::open_with(&[("AUSKUNFT_RATE_PER_MINUTE", "1")]).await;
    // A minute may end in between.
    for _ in 0..3 {
        service.ask("s", QUESTION).await;
    }
    let rows = rows_when(service.state.log.logs(), 3).await;
    let refused = rows.iter().find(|row| row.error.as_deref() == Some("rate_limited")).unwrap();
    assert_eq!(refused.session_id.as_deref(), Some("s"));
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_a_row() {
    let service = Service::open().await;
    let asking = service.ask("s", QUESTION);
    assert!(futures::FutureExt::now_or_never(asking).is_none(), "it was answered at once");
    let row = rows_when(service.state.log.logs(), 1).await.remove(0);
    assert_eq!(row.error.as_deref(), Some("client_gone"));
}

/// An address at which nobody listens.
async fn nowhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("postgres://log:x@{}/log", listener.local_addr().unwrap())
}

#[tokio::test]
async fn without_its_database_questions_are_answered_and_lost_rows_are_counted() {
    let away = nowhere().await;
    let settings =
        [("AUSKUNFT_RATE_PER_MINUTE", "0"), ("LOG_DATABASE_URL", away.as_str()), ("AUSKUNFT_LOG_QUEUE", "3")];
    let service = Service::open_with(&settings).await;
    for number in 0..12 {
        let reply = service.ask(&format!("s-{number}"), QUESTION).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["degraded"]), (200, &json!([])));
    }
    until(&service, "auskunft_store_errors_total{store=\"timescale\"}", |errors| errors >= 1).await;
    assert_eq!(metric(&service, "auskunft_log_queue_capacity").await, 3);
    // At most three wait and four are in the writer's hands.
    let dropped = metric(&service, DROPPED).await;
    assert!((5..=8).contains(&dropped), "{dropped}");

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    service.trigger.request();
    let begin = Instant::now();
    serve::start::serve(service.state.clone(), listener, Duration::from_millis(50)).await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(5), "the log holds up the end: {:?}", begin.elapsed());
    let lost = metric(&service, "auskunft_log_rows_dropped_total{reason=\"stopped\"}").await;
    assert_eq!(dropped + lost, 12, "every row that was lost is counted");
}

#[tokio::test]
async fn rows_wait_for_a_database_that_is_away_and_none_is_lost_or_doubled() {
    let Some(servers) = test_servers::servers() else { return };
    let own = OwnDatabase::new(&servers).await;
    let gate = Gate::before(&own.url, Mode::Open).await;
    let url = gate.url(&own.url);
    let settings = [("AUSKUNFT_RATE_PER_MINUTE", "0"), ("LOG_DATABASE_URL", url.as_str())];
    let service = Service::open_with(&settings).await;
    let logs = Logs::at(&own.url, "test").unwrap();
    logs.migrate().await.unwrap();
    let ask = async |number: usize| {
        let begin = Instant::now();
        assert_eq!(service.ask(&format!("s-{number}"), QUESTION).await.status, 200);
        begin.elapsed()
    };
    ask(0).await;
    rows_when(&logs, 1).await;
    // Cut off, then held: connections are accepted and nothing is answered.
    gate.set(Mode::Shut);
    for number in 1..5 {
        ask(number).await;
    }
    until(&service, "auskunft_store_errors_total{store=\"timescale\"}", |errors| errors >= 1).await;
    gate.set(Mode::Held);
    for number in 5..9 {
        assert!(ask(number).await < Duration::from_secs(3), "a question waited for the log");
    }
    gate.set(Mode::Open);
    let rows = rows_when(&logs, 9).await;
    let mut sessions: Vec<&str> = rows.iter().filter_map(|row| row.session_id.as_deref()).collect();
    sessions.sort_unstable();
    let expected: Vec<String> = (0..9).map(|number| format!("s-{number}")).collect();
    assert_eq!(sessions, expected);
    assert_eq!(metric(&service, DROPPED).await, 0);
    until(&service, "auskunft_log_queue_length", |waiting| waiting == 0).await;
    drop(service);
    logs.close().await;
    own.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_writes_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    publish_into(folder.path()).await;
    let mut command = program(folder.path());
    let running = Running::start(command.env("AUSKUNFT_RATE_PER_MINUTE", "0"));
    for number in 0..20 {
        let reply = running.ask(&format!("s-{number}"), QUESTION);
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    }
    let (code, log) = running.stop();
    assert_eq!(code, Some(0), "{log}");
    let stores = Stores::open_embedded(folder.path(), "test").await.unwrap();
    assert_eq!(rows(&Logs::within(&stores.database)).await.len(), 20, "{log}");
    stores.close().await;
}
