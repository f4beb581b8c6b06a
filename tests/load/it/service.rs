//! A service that answers, or fails in a way that is known.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

/// How it behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    Answers,
    /// From this request on nobody is answered for so long, once.
    StallsOnce {
        at: u64,
        milliseconds: u64,
    },
    Refuses(u16),
    /// Says another sum of operations than there are.
    Garbles,
    /// Closes the connection of each third request without an answer.
    BreaksEveryThird,
}

/// The service; it ends with the program.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) base: String,
}

#[derive(Debug)]
struct State {
    behaviour: Behaviour,
    requests: AtomicU64,
    stalled_until: Mutex<Option<Instant>>,
    ticket_version: AtomicU64,
}

impl Service {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            behaviour,
            requests: AtomicU64::new(0),
            stalled_until: Mutex::new(None),
            ticket_version: AtomicU64::new(1),
        });
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(serve(listener, state));
        });
        Self { base }
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let state = Arc::clone(&state);
        let respond = service_fn(move |request| respond(Arc::clone(&state), request));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), respond);
        // How a connection ends is the business of who asked.
        tokio::spawn(async move { connection.await.ok() });
    }
}

/// An error that makes hyper close the connection.
type Answered = Result<Response<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>>;

async fn respond(state: Arc<State>, request: Request<Incoming>) -> Answered {
    if request.uri().path().starts_with("/support/tickets") {
        return Ok(response(StatusCode::OK, &ticket(&state, request.method())));
    }
    let number = state.requests.fetch_add(1, Ordering::SeqCst) + 1;
    match state.behaviour {
        Behaviour::StallsOnce { at, milliseconds } => stall(&state, number == at, milliseconds).await,
        Behaviour::Refuses(status) => {
            let status = StatusCode::from_u16(status).unwrap();
            return Ok(response(status, &json!({ "code": "unavailable" })));
        }
        Behaviour::BreaksEveryThird if number.is_multiple_of(3) => return Err("closed".into()),
        Behaviour::Answers | Behaviour::Garbles | Behaviour::BreaksEveryThird => {}
    }
    Ok(response(StatusCode::OK, &answer(&state, request).await))
}

async fn stall(state: &State, begins: bool, milliseconds: u64) {
    let until = {
        let mut until = state.stalled_until.lock().unwrap();
        if begins {
            *until = Some(Instant::now() + Duration::from_millis(milliseconds));
        }
        *until
    };
    if let Some(until) = until {
        tokio::time::sleep_until(until.into()).await;
    }
}

fn ticket(state: &State, method: &Method) -> Value {
    match *method {
        Method::GET => json!({ "tickets": [{ "id": "T-1", "version": 1 }], "id": "T-1", "version": 1 }),
        _ => json!({ "id": "T-1", "version": state.ticket_version.fetch_add(1, Ordering::SeqCst) + 1 }),
    }
}

async fn answer(state: &State, request: Request<Incoming>) -> Value {
    let id = request.headers().get("x-request-id").map(|id| id.to_str().unwrap().to_owned());
    let body: Value =
        serde_json::from_slice(&request.into_body().collect().await.unwrap().to_bytes()).unwrap();
    let total = if matches!(state.behaviour, Behaviour::Garbles) { 9 } else { 8 };
    json!({
        "request_id": id, "session_id": body["session_id"], "state": "answered", "answer": "Ja. [1]", "language": "de",
        "intent": "price", "facts": [], "citations": [{ "n": 1, "quote": "Ja." }], "generation": 1, "revision": 1,
        "cached": false, "degraded": [], "operations": { "redis": 6, "postgres": 2, "total": total },
        "timings_ms": { "open": 0.1, "total": 0.2 },
    })
}

fn response(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response
}

/// An address where nobody listens.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What a generator does that asks only when it was answered: the time of one request, in milliseconds.
pub(crate) fn ask_and_wait(service: &Service) -> f64 {
    let asked = Instant::now();
    let mut stream = TcpStream::connect(service.base.trim_start_matches("http://")).unwrap();
    let head = "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
    stream.write_all(head.as_bytes()).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    asked.elapsed().as_secs_f64() * 1e3
}
