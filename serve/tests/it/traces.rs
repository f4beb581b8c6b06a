//! The program with traces: what a collector is told of a question, and what happens without one.

mod collector;
mod tree;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use auskunft_store::{Role, Stores};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::{Value, json};

use crate::away::OwnDocuments;
use crate::own_database::OwnDatabase;
use crate::people::{self, EU, token_of};
use crate::program::{Running, program};
use crate::redis;
use crate::shop::{publish_into, publish_on, settings};
use collector::{Collector, attribute, is_of_kind};
use tree::{Trace, hex, judge_operation, log_writes, stages_of, stated, systems};

const QUESTION: &str = "Wie oft muss ich die KM-100 entkalken?";
const ORDER: &str = "Wo bleibt mein Paket zur Bestellung O-500003?";
/// A caller's trace, and its span in it.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
/// How long a test waits for what shall come.
const PATIENCE: Duration = Duration::from_secs(60);

async fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    publish_into(folder.path()).await;
    people::load_into(folder.path()).await;
    folder
}

fn traced(data: &Path, endpoint: &str) -> Command {
    let mut command = program(data);
    command.env("AUSKUNFT_LOG_JSON", "true").env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    command
}

/// Asks as an agent, in a trace of the caller; the reply as JSON.
fn ask(running: &Running, id: &str, trace: &str, question: &str, customer: Option<&str>) -> Value {
    let (token, parent) = (format!("Bearer {}", token_of(EU)), format!("00-{trace}-{CALLER}-01"));
    let headers = [("x-request-id", id), ("authorization", token.as_str()), ("traceparent", parent.as_str())];
    let body = json!({ "session_id": "gespraech", "customer_id": customer, "question": question });
    let reply = running.post(&headers, &body);
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    serde_json::from_str(reply.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_a_tree_of_its_stages_and_of_as_many_operations_as_the_answer_states() {
    let (folder, collector) = (shop().await, Collector::start());
    let mut command = traced(folder.path(), &collector.url);
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "x-key=geheim").env("OTEL_SERVICE_NAME", "auskunft-test");
    let spans = trees_of(&mut command, &collector);
    assert_eq!(systems(&spans), ["in_process", "postgresql"]);
    let post = &collector.posts()[0];
    assert!(post.head.starts_with("post /v1/traces http/1.1\r\n"), "{}", post.head);
    assert!(post.head.contains("content-type: application/x-protobuf\r\n"), "{}", post.head);
    assert!(post.head.contains("x-key: geheim\r\n"), "{}", post.head);
    let service = post.message.resource_spans[0].resource.as_ref().unwrap();
    assert!(format!("{service:?}").contains("\"auskunft-test\""), "{service:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_servers_the_tree_is_the_same_and_names_them() {
    let (Some(servers), Some(documents)) = (test_servers::servers(), OwnDocuments::new().await) else {
        return;
    };
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::start());
    let (data, database) = (folder.path().join("data"), OwnDatabase::new(&servers).await);
    let stores = [("DATABASE_URL", database.url.as_str()), ("MONGODB_URL", documents.url.as_str())];
    let filled = Stores::of(&settings(&data, &stores), "ingest", Role::Writer).await.unwrap();
    publish_on(&filled).await;
    people::load_on(&filled).await;
    filled.close().await;
    let mut command = traced(&data, &collector.url);
    command.envs(stores).env("REDIS_URL", &servers.redis_url);
    command.env("AUSKUNFT_REDIS_PREFIX", redis::unique_prefix());
    // A machine that does much else is no reason to leave a server alone.
    for name in ["DATABASE", "MONGODB", "REDIS"] {
        command.env(format!("AUSKUNFT_{name}_TIMEOUT_MS"), "20000");
    }
    command.env("AUSKUNFT_REQUEST_TIMEOUT_MS", "60000");
    let spans = trees_of(&mut command, &collector);
    assert_eq!(systems(&spans), ["mongodb", "postgresql", "redis"]);
    database.remove().await;
    documents.remove().await;
}

/// Asks for a text and for a customer's order, each in a trace of the caller's, and judges both trees; all spans.
fn trees_of(command: &mut Command, collector: &Collector) -> Vec<Span> {
    let running = Running::start(command);
    let second = TRACE.replace('4', "5");
    let told = ask(&running, "r-1", TRACE, QUESTION, None);
    let of_customer = ask(&running, "r-2", &second, ORDER, Some("C-1"));
    assert_eq!(running.stop().0, Some(0));
    let spans = collector.spans();
    for (id, trace, answer) in [("r-1", TRACE, &told), ("r-2", second.as_str(), &of_customer)] {
        let trace = Trace::of(&spans, trace);
        let request = trace.request();
        assert_eq!(request.name, "POST /support/rag-answer");
        assert_eq!(hex(&request.parent_span_id), CALLER, "the caller's span");
        for (name, value) in [
            ("request.id", id),
            ("http.request.method", "POST"),
            ("http.route", "/support/rag-answer"),
            ("http.response.status_code", "200"),
        ] {
            assert_eq!(attribute(request, name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(trace.stages(), stages_of(answer));
        assert_eq!(trace.operations(), stated(answer), "{:#?}", trace.0);
        let rows = log_writes(&spans, request);
        assert_eq!((rows.len(), attribute(rows[0], "auskunft.store").as_deref()), (1, Some("timescale")));
    }
    assert!(stated(&told).len() == 4 && stages_of(&told).len() > 8, "{told}");
    spans.iter().for_each(judge_operation);
    spans
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_question_or_a_person_is_told_and_every_line_of_the_log_names_its_trace() {
    let (folder, collector) = (shop().await, Collector::start());
    let mut command = traced(folder.path(), &collector.url);
    let running = Running::start(command.env("RUST_LOG", "debug"));
    ask(&running, "r-1", TRACE, QUESTION, None);
    let answer = ask(&running, "r-2", TRACE, ORDER, Some("C-1"));
    assert!(answer["answer"].as_str().unwrap().contains("O-500003"), "{answer}");
    let (_, log) = running.stop();

    let spans = collector.spans();
    for span in &spans {
        assert!(span.events.is_empty(), "{span:?}");
        let told = format!("{:?} {}", span.attributes, span.name).to_lowercase();
        for word in ["entkalk", "paket", "o-500003", "\"c-1", "a-01", "gespraech", "muster", "129", "$1"] {
            assert!(!told.contains(word), "{word}: {told}");
        }
    }
    assert!(spans.len() > 40, "{} spans", spans.len());
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let of_requests: Vec<&Value> =
        lines.iter().filter(|line| line["spans"][0]["request.id"].is_string()).collect();
    assert!(of_requests.len() >= 4, "{log}");
    for line in of_requests {
        assert_eq!(
            (&line["span"]["trace_id"], &line["span"]["name"]),
            (&json!(TRACE), &json!("request")),
            "{line}"
        );
        assert_eq!(line["spans"].as_array().unwrap().len(), 1, "spans of traces stand in the log: {line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_a_span_that_ends_with_it() {
    let (folder, collector) = (shop().await, Collector::start());
    let running = Running::start(&mut traced(folder.path(), &collector.url));
    let parent = format!("00-{TRACE}-{CALLER}-01");
    let body = json!({ "session_id": "strom", "question": QUESTION, "stream": true });
    let reply = running.post(&[("traceparent", &parent)], &body);
    assert!(reply.contains("text/event-stream") && reply.contains("event: end"), "{reply}");
    running.stop();
    let spans = collector.spans();
    let trace = Trace::of(&spans, TRACE);
    let request = trace.request();
    assert_eq!(attribute(request, "http.response.status_code").as_deref(), Some("200"));
    assert!(trace.stages().contains("close"), "{:?}", trace.stages());
    let last = trace.0.iter().map(|span| span.end_time_unix_nano).max();
    assert_eq!(Some(request.end_time_unix_nano), last, "a stage ended after its request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_is_not_traced_is_not_traced_here() {
    let (folder, collector) = (shop().await, Collector::start());
    let running = Running::start(&mut traced(folder.path(), &collector.url));
    let body = json!({ "session_id": "s", "question": QUESTION });
    running.post(&[("traceparent", &format!("00-{TRACE}-{CALLER}-00"))], &body);
    running.post(&[("traceparent", "00-nonsense-01")], &body);
    running.stop();
    let spans = collector.spans();
    assert_eq!(Trace::of(&spans, TRACE).0.len(), 0);
    let roots = spans.iter().filter(|span| is_of_kind(span, SpanKind::Server));
    assert_eq!(roots.filter(|span| span.parent_span_id.is_empty()).count(), 1, "the other one");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_collector_answers_go_on_and_what_is_lost_is_counted() {
    let folder = shop().await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = traced(folder.path(), &format!("http://{nobody}"));
    command.env("OTEL_BSP_MAX_QUEUE_SIZE", "10").env("AUSKUNFT_RATE_PER_MINUTE", "0");
    let running = Running::start(&mut command);
    let begin = Instant::now();
    let mut asked = 0;
    while lost(&running.metrics(), "queue_full") == 0 {
        assert!(begin.elapsed() < PATIENCE, "nothing is counted after {asked} questions");
        asked += 1;
        let reply = running.ask(&asked.to_string(), QUESTION);
        assert!(reply.starts_with("HTTP/1.1 200") && reply.contains("alle drei Monate"), "{reply}");
    }
    let (code, log) = running.stop();
    assert_eq!((code, log.matches("traces are not taken at").count()), (Some(0), 1), "{log}");
}

/// Spans that were lost for that reason.
fn lost(metrics: &str, reason: &str) -> u64 {
    let name = format!("auskunft_spans_dropped_total{{reason=\"{reason}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap_or_else(|| panic!("no {name} in {metrics}")).trim().parse().unwrap()
}

/// The other ends of a process's connections over TCP, but for those that it listens for.
fn connections(process: u32, own: &str) -> Vec<String> {
    let folder = format!("/proc/{process}/fd");
    let targets =
        std::fs::read_dir(folder).unwrap().filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
    let sockets: Vec<String> = targets.map(|target| target.display().to_string()).collect();
    let table = std::fs::read_to_string(format!("/proc/{process}/net/tcp")).unwrap();
    let port = format!(":{:04X}", own.rsplit_once(':').unwrap().1.parse::<u16>().unwrap());
    let rows = table.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| sockets.contains(&format!("socket:[{}]", row[9])) && !row[1].ends_with(&port))
        .map(|row| row[2].to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_endpoint_nobody_is_connected_to_and_nothing_is_counted() {
    let folder = shop().await;
    let collector = Collector::start();
    for (endpoint, is_traced) in [(collector.url.as_str(), true), ("", false)] {
        let running = Running::start(&mut traced(folder.path(), endpoint));
        let reply = running.ask("s", QUESTION);
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
        if is_traced {
            // The connection to it is kept for the next spans.
            collector.posts();
        }
        let connected = connections(running.process(), running.address());
        assert_eq!(!connected.is_empty(), is_traced, "{connected:?}");
        let (_, log) = running.stop();
        assert_eq!(log.contains("trace_id"), is_traced, "{log}");
    }
}
