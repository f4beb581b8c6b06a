//! Limits of numbers and time, and the way to stop.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::shop::Service;

#[tokio::test]
async fn more_questions_a_minute_than_allowed_are_refused_with_the_time_to_wait() {
    let service = Service::open_with(&[("AUSKUNFT_RATE_PER_MINUTE", "3")]).await;
    let mut refused = None;
    // A minute may end in between; in one of two minutes four questions come together.
    for number in 0..8 {
        let reply = service.ask("s", "Wie oft muss ich die KM-100 entkalken?").await;
        assert_eq!(reply.header("ratelimit-limit"), "3");
        if number == 0 {
            assert_eq!(reply.header("ratelimit-remaining"), "2");
        }
        if reply.status == 429 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("the fourth question is refused");
    assert_eq!(refused.json()["code"], "rate_limited");
    assert_eq!(refused.header("ratelimit-remaining"), "0");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(refused.header("ratelimit-reset"), refused.header("retry-after"));
}

#[tokio::test]
async fn beyond_its_places_the_service_refuses_at_once_and_recovers() {
    let service = Service::open_with(&[
        ("AUSKUNFT_RATE_PER_MINUTE", "0"),
        ("AUSKUNFT_CONCURRENCY", "1"),
        ("AUSKUNFT_WAITING", "0"),
    ])
    .await;
    let permit = service.state.admission.enter().await.unwrap();
    let refused = service.ask("s", "Wie entkalke ich die KM-100?").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "1"));
    assert_eq!(refused.json()["code"], "overloaded");
    assert_eq!(service.get("/health/ready").await.status, 200, "operators are not refused");
    drop(permit);
    assert_eq!(service.ask("s", "Wie entkalke ich die KM-100?").await.status, 200);
    assert_eq!(service.state.admission.working(), 0);
}

#[tokio::test]
async fn many_questions_at_once_are_all_answered() {
    let service = Service::open().await;
    let questions = [
        "Wie entkalke ich die KM-100?",
        "Wie wechsle ich den Staubbeutel?",
        "Wie lange kann ich etwas zurückgeben?",
    ];
    let session = |number: usize| format!("s-{number}");
    let sessions: Vec<String> = (0..60).map(session).collect();
    let asked =
        sessions.iter().enumerate().map(|(number, session)| service.ask(session, questions[number % 3]));
    for reply in futures::future::join_all(asked).await {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
}

#[tokio::test]
async fn compressed_answers_are_sent_to_those_who_take_them() {
    let service = Service::open().await;
    let request =
        Request::get("/openapi.json").header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(serve::router(service.state.clone()), request).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
}

/// Begins a question on a real connection and returns when its handler waits for the body.
async fn begin_question(address: std::net::SocketAddr, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /support/rag-answer HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0_u8; 25];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

const QUESTION: &str = r#"{"session_id":"s","question":"Wie oft muss ich die KM-100 entkalken?"}"#;

#[tokio::test]
async fn a_stop_lets_questions_in_hand_finish_and_takes_no_new_ones() {
    let service = Service::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(serve::start::serve(service.state.clone(), listener, Duration::from_secs(60)));
    let mut stream = begin_question(address, QUESTION).await;
    service.trigger.request();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(QUESTION.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK") && reply.contains("alle drei Monate"), "{reply}");
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stop_waits_no_longer_than_its_deadline() {
    let service = Service::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving =
        tokio::spawn(serve::start::serve(service.state.clone(), listener, Duration::from_millis(20)));
    let _unfinished = begin_question(address, QUESTION).await;
    service.trigger.request();
    serving.await.unwrap().unwrap();
}
