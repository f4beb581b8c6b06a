//! A service of vectors for tests, which answers as it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What a request gets.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Vectors, the last text's first.
    Vectors,
    /// Vectors after a while.
    Late(Duration),
    /// A status with headers and words.
    Status(u16, &'static str, &'static str),
    /// Half an answer, then nothing.
    Torn,
    /// This text with status 200.
    Body(String),
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: Value,
    pub(crate) at: Instant,
}

#[derive(Default)]
struct State {
    script: Mutex<Vec<Reply>>,
    asked: Mutex<Vec<Asked>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

pub(crate) struct Service {
    pub(crate) url: String,
    state: Arc<State>,
}

/// A vector that tells its text by its direction: never the same for two texts of a test.
pub(crate) fn vector(text: &str) -> [f64; 3] {
    let sum: u32 = text.bytes().map(u32::from).sum();
    [f64::from(sum), text.len() as f64, 7.0]
}

impl Service {
    /// Replies in that order, then vectors.
    pub(crate) fn start(script: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        state.script.lock().unwrap().extend(script.iter().rev().cloned());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(&state, stream.unwrap()));
            }
        });
        Self { url, state }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    /// Requests at the same time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.most.load(Ordering::SeqCst)
    }
}

/// One connection; several requests come on it.
fn serve(state: &State, stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some(asked) = read(&mut reader) {
        let now = state.now.fetch_add(1, Ordering::SeqCst) + 1;
        state.most.fetch_max(now, Ordering::SeqCst);
        let reply = state.script.lock().unwrap().pop().unwrap_or(Reply::Vectors);
        state.asked.lock().unwrap().push(asked.clone());
        let (status, headers, body) = match reply {
            Reply::Vectors => (200, "", vectors(&asked.body)),
            Reply::Late(wait) => {
                std::thread::sleep(wait);
                (200, "", vectors(&asked.body))
            }
            Reply::Status(status, headers, words) => (status, headers, words.to_owned()),
            Reply::Body(text) => (200, "", text),
            Reply::Torn => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"data\": [");
                state.now.fetch_sub(1, Ordering::SeqCst);
                return;
            }
        };
        state.now.fetch_sub(1, Ordering::SeqCst);
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
        if stream.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length?];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { head, body: serde_json::from_slice(&body).unwrap(), at: Instant::now() })
}

fn vectors(body: &Value) -> String {
    let texts = body["input"].as_array().unwrap().iter().enumerate().rev();
    let data: Vec<Value> = texts
        .map(|(index, text)| json!({ "object": "embedding", "index": index, "embedding": vector(text.as_str().unwrap()) }))
        .collect();
    json!({ "object": "list", "data": data, "model": body["model"] }).to_string()
}
