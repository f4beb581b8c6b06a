//! `ingest model` against a hub of this machine, with a model that is small and whole.

#[cfg(feature = "fastembed")]
mod onnx;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use auskunft_model::Digest;
use serde_json::{Value, json};

use crate::support::{DEADLINE, Home, Ran, run};

const NAME: &str = "tester/Tiny-BERT";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What the hub does with a request for a file.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// Sends so many bytes and goes away.
    Break(usize),
    /// Sends so many bytes and hangs.
    Hang(usize),
    /// Sends other bytes.
    Change,
    /// 503.
    Busy,
}

#[derive(Default)]
struct State {
    /// By file, what happens next.
    troubles: Mutex<BTreeMap<String, Vec<Trouble>>>,
    /// Requests, with their `Range`.
    asked: Mutex<Vec<(String, Option<String>)>>,
    token: Option<&'static str>,
    /// Files that the model lacks.
    lacks: Option<&'static str>,
    /// Where the model lies; the tiny one otherwise.
    folder: Option<PathBuf>,
}

impl State {
    /// A file of the model.
    fn file(&self, path: &str) -> PathBuf {
        self.folder.as_ref().map_or_else(tiny, PathBuf::clone).join(path)
    }
}

struct Hub {
    url: String,
    state: Arc<State>,
}

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/embed/tests/data/tiny-bert")
}

/// What a folder of the tiny model holds; others may hold more.
const FILES: [&str; 5] = [
    "config.json",
    "tokenizer.json",
    "model.safetensors",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
];

impl Hub {
    fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(state);
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || answer(&state, stream.unwrap()));
            }
        });
        Self { url, state }
    }

    fn trouble(&self, file: &str, troubles: &[Trouble]) {
        let list = troubles.iter().rev().copied().collect();
        self.state.troubles.lock().unwrap().insert(file.to_owned(), list);
    }

    /// The ranges that were asked for of a file.
    fn asked(&self, file: &str) -> Vec<Option<String>> {
        let asked = self.state.asked.lock().unwrap();
        asked.iter().filter(|(path, _)| path.ends_with(file)).map(|(_, range)| range.clone()).collect()
    }
}

/// One request of one connection.
fn answer(state: &State, mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let path = head.split_whitespace().nth(1).unwrap().to_owned();
    let header = |name: &str| {
        head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix(name).map(|value| value.trim().to_owned())
        })
    };
    let range = header("range:");
    state.asked.lock().unwrap().push((path.clone(), range.clone()));
    let token = header("authorization:");
    let reply = if state
        .token
        .is_some_and(|token_wanted| token.as_deref() != Some(&format!("bearer {token_wanted}")))
    {
        whole(401, b"{\"error\": \"gated\"}")
    } else if path.starts_with(&format!("/api/models/{NAME}/revision/")) {
        whole(200, described(state).to_string().as_bytes())
    } else if let Some(file) = path.strip_prefix(&format!("/{NAME}/resolve/{COMMIT}/")) {
        let bytes = std::fs::read(state.file(file)).unwrap();
        let trouble = state.troubles.lock().unwrap().get_mut(file).and_then(Vec::pop);
        return send(&mut stream, &bytes, range.as_deref(), trouble);
    } else {
        whole(404, b"{\"error\": \"Repository not found\"}")
    };
    let _ = stream.write_all(&reply);
}

fn whole(status: u16, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn described(state: &State) -> Value {
    let file = |name: &&str| {
        let bytes = std::fs::read(state.file(name)).unwrap();
        let large = json!({ "sha256": Digest::of(&bytes).as_str(), "size": bytes.len() });
        let is_large = ["model.safetensors", "onnx/model.onnx"].contains(name);
        json!({ "rfilename": name, "size": bytes.len(), "lfs": is_large.then_some(large) })
    };
    let more = ["special_tokens_map.json", "tokenizer_config.json", "onnx/model.onnx"];
    let there = FILES.iter().chain(&more).filter(|name| state.file(name).is_file());
    let files: Vec<Value> = there.filter(|name| state.lacks != Some(name)).map(file).collect();
    json!({ "id": NAME, "sha": COMMIT, "siblings": files, "cardData": { "license": "apache-2.0" } })
}

fn send(stream: &mut TcpStream, bytes: &[u8], range: Option<&str>, trouble: Option<Trouble>) {
    let from =
        range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()).unwrap_or(0);
    let rest = &bytes[from..];
    let changed: Vec<u8> = rest.iter().map(|byte| byte ^ 1).collect();
    let status = if range.is_some() { "206 Partial Content" } else { "200 OK" };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", rest.len());
    let (sent, hangs): (&[u8], bool) = match trouble {
        Some(Trouble::Busy) => {
            let _ = stream.write_all(&whole(503, b"busy"));
            return;
        }
        Some(Trouble::Break(length)) => (&rest[..length.min(rest.len())], false),
        Some(Trouble::Hang(length)) => (&rest[..length.min(rest.len())], true),
        Some(Trouble::Change) => (&changed, false),
        None => (rest, false),
    };
    let _ = stream.write_all(&[head.as_bytes(), sent].concat());
    if hangs {
        std::thread::sleep(DEADLINE);
    }
}

fn command(home: &Home, hub: &Hub, arguments: &[&str]) -> Command {
    let mut command = home.command("data");
    command.env("HF_ENDPOINT", &hub.url).env_remove("HF_TOKEN").env("AUSKUNFT_CACHE_DIR", home.path("cache"));
    command.arg("model").args(arguments);
    command
}

fn model(home: &Home, hub: &Hub, arguments: &[&str]) -> Ran {
    run(&mut command(home, hub, arguments))
}

fn folder(home: &Home) -> PathBuf {
    home.path("cache").join("models/tiny-bert")
}

fn assert_whole(home: &Home) {
    for file in FILES {
        let (there, original) = (std::fs::read(folder(home).join(file)), std::fs::read(tiny().join(file)));
        assert_eq!(Digest::of(&there.unwrap()), Digest::of(&original.unwrap()), "{file}");
    }
}

#[test]
fn a_model_is_fetched_over_a_bad_line_and_used_without_the_hub() {
    let (home, hub) = (Home::new(), Hub::start(State::default()));
    hub.trouble("model.safetensors", &[Trouble::Break(10_000), Trouble::Busy, Trouble::Break(20_000)]);
    let ran = model(&home, &hub, &["pull", NAME, "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = ran.json();
    assert_eq!((&told["licence"], &told["revision"]), (&json!("apache-2.0"), &json!(COMMIT)));
    assert!(told["space"].as_str().unwrap().starts_with("native-"), "{told}");
    assert!(ran.stderr.contains("apache-2.0"), "the licence is shown: {ran:?}");
    assert_whole(&home);
    let ranges: Vec<Option<String>> =
        [None, Some("bytes=10000-"), Some("bytes=10000-"), Some("bytes=30000-")]
            .map(|range| range.map(str::to_owned))
            .into();
    assert_eq!(hub.asked("model.safetensors"), ranges);
    let origin: Value =
        serde_json::from_slice(&std::fs::read(folder(&home).join("origin.json")).unwrap()).unwrap();
    assert!(
        origin["files"].as_array().unwrap().iter().all(|file| file["sha256"].as_str().unwrap().len() == 64)
    );

    let again = model(&home, &hub, &["pull", NAME, "--json"]);
    assert_eq!((again.code, hub.asked("tokenizer.json").len()), (0, 1), "{again:?}");
    let path = model(&home, &hub, &["path", NAME]);
    assert_eq!(path.stdout.trim(), folder(&home).display().to_string());
    assert!(model(&home, &hub, &["list"]).stdout.contains("models/tiny-bert"));
    home.write("faqs/a.jsonl", "{\"question\": \"Wie oft entkalken?\", \"answer\": \"Jeden Monat, mit dem Entkalker aus dem Laden.\"}\n");
    let mut ingest = home.command("data");
    ingest
        .env("AUSKUNFT_EMBEDDER", "native")
        .env("AUSKUNFT_MODEL_DIR", folder(&home))
        .env("HF_ENDPOINT", "http://127.0.0.1:1");
    // It has no sense of meaning.
    let ran = run(ingest.arg(home.catalog()).args(["--json", "--any-embedder"]));
    assert_eq!((ran.code, &ran.json()["embeddings"]["space"]), (0, &told["space"]), "{ran:?}");
}

#[test]
fn a_killed_pull_goes_on_where_it_was() {
    let (home, hub) = (Home::new(), Hub::start(State::default()));
    hub.trouble("model.safetensors", &[Trouble::Hang(25_000)]);
    let mut child = command(&home, &hub, &["pull", NAME, "--quiet"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let part = home.path("cache").join(format!("models/.tiny-bert.{COMMIT}/model.safetensors.part"));
    let begin = Instant::now();
    while std::fs::metadata(&part).map_or(0, |found| found.len()) < 25_000 {
        assert!(begin.elapsed() < DEADLINE, "nothing came");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder(&home).exists(), "half a model has no name");
    model(&home, &hub, &["path", NAME]).assert_refused(3, &["is not installed", "ingest model pull"]);
    let ran = model(&home, &hub, &["pull", NAME, "--quiet"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_whole(&home);
    assert_eq!(hub.asked("model.safetensors"), [None, Some("bytes=25000-".to_owned())]);
    assert_eq!(hub.asked("tokenizer.json").len(), 1, "what was there is not fetched again");
}

#[test]
fn what_was_changed_on_the_way_is_thrown_away() {
    let (home, hub) = (Home::new(), Hub::start(State::default()));
    hub.trouble("model.safetensors", &[Trouble::Change]);
    model(&home, &hub, &["pull", NAME]).assert_refused(1, &["model.safetensors", "SHA-256", "thrown away"]);
    assert!(!folder(&home).exists());
    let ran = model(&home, &hub, &["pull", NAME]);
    assert_eq!((ran.code, hub.asked("model.safetensors").len()), (0, 2), "{ran:?}");
    assert_whole(&home);
}

#[test]
fn what_the_hub_refuses_or_lacks_is_told_with_what_to_do() {
    let home = Home::new();
    let hub = Hub::start(State { token: Some("hf_geheim"), ..State::default() });
    let refused = model(&home, &hub, &["pull", NAME]);
    refused.assert_refused(3, &["401", "HF_TOKEN", NAME]);
    let mut with_token = command(&home, &hub, &["pull", NAME]);
    let ran = run(with_token.env("HF_TOKEN", "hf_geheim"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stderr.contains("geheim") && !ran.stdout.contains("geheim"));
    let hub = Hub::start(State::default());
    model(&home, &hub, &["pull", "nobody/nothing"]).assert_refused(3, &["404", "nobody/nothing"]);
    let hub = Hub::start(State { lacks: Some("model.safetensors"), ..State::default() });
    model(&home, &hub, &["pull", "tester/Tiny-BERT@v2"])
        .assert_refused(3, &["no model.safetensors", "native embedder needs; choose another"]);
    let mut nowhere = command(&home, &hub, &["pull", NAME]);
    run(nowhere.env("HF_ENDPOINT", "http://127.0.0.1:1")).assert_refused(5, &["127.0.0.1:1", "HF_ENDPOINT"]);
}

#[cfg(not(feature = "fastembed"))]
#[test]
fn a_build_without_fastembed_says_which_one_has_it() {
    let (home, hub) = (Home::new(), Hub::start(State::default()));
    home.write("faqs/a.jsonl", "{\"question\": \"Wie oft?\", \"answer\": \"Jeden Monat.\"}\n");
    let words = ["this build has no fastembed embedder", "--features ingest/fastembed"];
    let mut ingest = home.command("data");
    run(ingest.env("AUSKUNFT_EMBEDDER", "fastembed").arg(home.catalog())).assert_refused(3, &words);
    model(&home, &hub, &["pull", NAME, "--embedder", "fastembed"]).assert_refused(3, &words);
}
