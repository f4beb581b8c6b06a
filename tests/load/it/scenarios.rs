//! What is measured of a service whose faults are known.

use crate::service::{Behaviour, Service};
use clap::Parser;
use load::arguments::{Arguments, Command, Manner};
use load::{Agents, Load, Report, read_questions, run};
use tokio::task::LocalSet;

fn manner(base: &str, folder: &std::path::Path, further: &[&str]) -> Manner {
    let questions = folder.join("questions.jsonl");
    let lines = ["eins", "zwei", "drei"].map(|words| {
        format!(r#"{{"question": "{words}?", "state": "answered", "ability": "price", "agent_id": "A-1"}}"#)
    });
    std::fs::write(&questions, lines.join("\n")).unwrap();
    let tokens = folder.join("tokens.json");
    std::fs::write(&tokens, r#"{"agents": [{"agent_id": "A-1", "token": "t", "group": "g"}]}"#).unwrap();
    let (questions, tokens) = (questions.display().to_string(), tokens.display().to_string());
    let fixed = [
        "load",
        "run",
        "--rate",
        "1",
        "--warm-up",
        "0",
        "--base",
        base,
        "--check",
        "--questions",
        &questions,
    ];
    let words = fixed.into_iter().chain(["--tokens", &tokens]).chain(further.iter().copied());
    let Command::Run { manner, .. } = Arguments::parse_from(words).command else { panic!("it is `run`") };
    manner
}

fn measured(base: &str, rate: f64, seconds: u64, further: &[&str]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let manner = manner(base, folder.path(), further);
    manner.checked().unwrap();
    let questions = read_questions(&manner.questions).unwrap();
    let agents = Agents::read(manner.tokens.as_deref()).unwrap();
    let load = Load::new(questions, agents, manner).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, run(&load, rate, seconds)).unwrap()
}

#[test]
fn a_stall_that_a_waiting_generator_hides_shows_in_p99() {
    let service = Service::start(Behaviour::StallsOnce { at: 100, milliseconds: 500 });
    let report = measured(&service.base, 100.0, 4, &[]);
    assert_eq!((report.requests, report.ok), (400, 400));
    let Report { latency_ms, .. } = report;
    assert!(latency_ms.p50 < 100.0, "{latency_ms:?}");
    assert!(latency_ms.p99 > 300.0 && latency_ms.max > 450.0, "{latency_ms:?}");

    let service = Service::start(Behaviour::StallsOnce { at: 100, milliseconds: 500 });
    let mut waited: Vec<f64> = (0..400).map(|_| crate::service::ask_and_wait(&service)).collect();
    waited.sort_by(f64::total_cmp);
    assert!(waited[399] > 450.0 && waited[390] < 200.0, "one of 400 is slow: {:?}", &waited[385..]);
}

#[test]
fn answers_are_counted_checked_and_told() {
    let service = Service::start(Behaviour::Answers);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answers.jsonl");
    let report =
        measured(&service.base, 50.0, 2, &["--repeat", "0.2", "--answers", &file.display().to_string()]);
    assert_eq!(
        (report.requests, report.ok, report.well_formed),
        (100, 100, true),
        "{:?}",
        report.malformed_like
    );
    assert!(report.checked.wrong == 0 && report.checked.right > 60, "{:?}", report.checked);
    assert!((report.operations["redis"].per_answer - 6.0).abs() < 1e-9);
    assert!(report.achieved_rate > 40.0 && report.achieved_rate < 51.0, "{}", report.achieved_rate);
    assert!(report.stages_ms["total"].count == 100 && report.slowest.len() == 10);
    assert_eq!(report.timeline.iter().map(|second| second.ok).sum::<u64>(), 100);
    let told = std::fs::read_to_string(file).unwrap();
    assert!(told.lines().count() == 100 && told.contains(r#""status":"200""#));
    serde_json::to_string(&report).unwrap();
    assert!(load::table(&report).contains("stage total"));
}

#[test]
fn refusals_and_missing_connections_are_failures() {
    let service = Service::start(Behaviour::Refuses(503));
    let report = measured(&service.base, 50.0, 1, &[]);
    assert_eq!((report.ok, report.by_status["503"], report.problems["unavailable"]), (0, 50, 50));
    assert_eq!(report.timeline[0].unavailable, 50);
    let gone = crate::service::free_address();
    let report = measured(&format!("http://{gone}"), 50.0, 1, &[]);
    assert_eq!((report.ok, report.by_status["no_connection"]), (0, 50));
}

#[test]
fn what_comes_malformed_is_no_answer() {
    let service = Service::start(Behaviour::Garbles);
    let report = measured(&service.base, 20.0, 1, &[]);
    assert_eq!((report.ok, report.malformed, report.well_formed), (0, 20, false));
    assert!(report.malformed_like[0].contains("the operations"), "{:?}", report.malformed_like);
}

#[test]
fn what_would_be_too_many_at_once_is_not_sent() {
    let service = Service::start(Behaviour::StallsOnce { at: 1, milliseconds: 800 });
    let report = measured(&service.base, 50.0, 1, &["--in-flight", "5"]);
    assert!(report.by_status["not_sent"] >= 20, "{:?}", report.by_status);
}

#[test]
fn another_copy_is_asked_where_no_connection_can_be_made() {
    let service = Service::start(Behaviour::Answers);
    let both = format!("http://{},{}", crate::service::free_address(), service.base);
    assert_eq!(measured(&both, 50.0, 1, &[]).ok, 50);
}

#[test]
fn a_request_whose_connection_broke_is_sent_again_with_its_key() {
    let service = Service::start(Behaviour::BreaksEveryThird);
    let report = measured(&service.base, 30.0, 1, &["--again"]);
    assert_eq!(report.ok, 30, "{:?}", report.by_status);
    assert!(report.sent_again > 5);
    assert!(measured(&service.base, 30.0, 1, &[]).by_status["broken"] > 5);
}

#[test]
fn tickets_are_changed_beside_the_questions() {
    let service = Service::start(Behaviour::Answers);
    let report = measured(&service.base, 20.0, 2, &["--ticket-rate", "10"]);
    let tickets = report.tickets.unwrap();
    assert_eq!((report.ok, tickets.by_status["200"]), (40, 20), "{:?}", tickets.by_status);
}
