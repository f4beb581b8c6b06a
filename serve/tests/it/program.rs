//! The program itself: what it refuses, how it ends, and what it is linked to.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use auskunft_store::Stores;
use serde_json::Value;

use crate::shop::publish_into;

/// The program with no settings but a data folder, and a cache folder that holds nothing.
pub(crate) fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serve"));
    let is_setting =
        |name: &str| name.starts_with("AUSKUNFT_") || name.starts_with("OTEL_") || name.ends_with("_URL");
    for (name, _) in std::env::vars().filter(|(name, _)| is_setting(name)) {
        command.env_remove(name);
    }
    command.env("AUSKUNFT_DATA_DIR", data).env("AUSKUNFT_LISTEN", "127.0.0.1:0").env("NO_COLOR", "1");
    command.env("AUSKUNFT_CACHE_DIR", data.join("cache")).env_remove("RUST_LOG");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn refused(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command.output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn nothing_ingested_is_not_configured_and_makes_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (code, words) = refused(&mut program(&data));
    assert_eq!(code, Some(3), "{words}");
    assert!(words.contains("nothing is ingested") && words.contains("ingest DIR"), "{words}");
    assert!(!data.exists());
    std::fs::create_dir(&data).unwrap();
    let (code, words) = refused(&mut program(&data));
    assert_eq!((code, words.contains("nothing is ingested")), (Some(3), true), "{words}");
}

const KEY: &str = "a-key-of-this-test-that-is-long-enough";

#[test]
fn beyond_this_machine_and_in_production_it_needs_a_key_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let (code, words) = refused(program(folder.path()).env("AUSKUNFT_LISTEN", "0.0.0.0:0"));
    assert_eq!((code, words.contains("refusing to listen at 0.0.0.0:0")), (Some(3), true), "{words}");
    let production = || {
        let mut command = program(folder.path());
        command.env("AUSKUNFT_ENV", "production");
        command
    };
    let (code, words) = refused(&mut production());
    assert_eq!((code, words.contains("AUSKUNFT_JWT_KEY is not set")), (Some(3), true), "{words}");
    let known = serve::access::token::DEVELOPMENT_KEY;
    let (code, words) = refused(production().env("AUSKUNFT_JWT_KEY", known));
    assert_eq!(
        (code, words.contains("the development key that everybody knows")),
        (Some(3), true),
        "{words}"
    );
    let (code, words) = refused(production().env("AUSKUNFT_JWT_KEY", "kurz"));
    assert_eq!((code, words.contains("at least 32 are needed")), (Some(3), true), "{words}");
    assert!(!words.contains("kurz"), "{words}");
    let (_, words) = refused(production().env("AUSKUNFT_JWT_KEY", KEY));
    assert!(words.contains("nothing is ingested"), "with a key it goes on: {words}");
}

#[test]
fn tokens_are_made_without_any_store() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let make = |command: &mut Command| {
        let made = command.args(["token", "--agent", "A-01", "--minutes", "5"]).output().unwrap();
        (made.status.code(), String::from_utf8(made.stdout).unwrap())
    };
    let (code, token) = make(program(&data).env("AUSKUNFT_JWT_KEY", KEY));
    assert_eq!((code, token.lines().count(), data.exists()), (Some(0), 1, false));
    let (key, now) = (serve::access::Key::new(KEY).unwrap(), chrono::Utc::now());
    let claims = serve::access::token::verify(&key, token.trim(), now).unwrap();
    assert_eq!(claims.agent.as_str(), "A-01");
    assert!((claims.expires - now).num_seconds() <= 300);
    assert_eq!(make(program(&data).env("AUSKUNFT_ENV", "production")), (Some(3), String::new()));
    assert_eq!(refused(program(&data).args(["token", "--agent", "A 1"])).0, Some(2));
    assert_eq!(refused(program(&data).args(["token", "--agent", "A-1", "--minutes", "0"])).0, Some(2));
}

#[tokio::test]
async fn a_held_folder_names_its_holder() {
    let folder = tempfile::tempdir().unwrap();
    let stores = Stores::open_embedded(folder.path(), "ingest").await.unwrap();
    let (code, words) = refused(&mut program(folder.path()));
    assert_eq!(code, Some(6), "{words}");
    assert!(words.contains(&format!("ingest (process {})", std::process::id())), "{words}");
    stores.close().await;
}

#[tokio::test]
async fn an_index_of_another_space_is_refused_by_both_names() {
    let folder = tempfile::tempdir().unwrap();
    let stores = Stores::open_embedded(folder.path(), "ingest").await.unwrap();
    let space = auskunft_model::SpaceId::new("native-bert-384-0123456789ab");
    let recipe = auskunft_store::generation::Recipe::new(&space, 384, "test");
    auskunft_store::generation::create_first(&stores.database, recipe).await.unwrap();
    stores.close().await;
    let (code, words) = refused(&mut program(folder.path()));
    assert_eq!(code, Some(3), "{words}");
    assert!(words.contains("native-bert-384-0123456789ab") && words.contains("ingest model pull"), "{words}");
    let (code, words) = refused(program(folder.path()).env("AUSKUNFT_EMBEDDER", "hashed"));
    assert_eq!(code, Some(3), "{words}");
    assert!(words.contains("native-bert-384-0123456789ab") && words.contains("`hashed-"), "{words}");
}

#[test]
fn settings_are_shown_with_their_origin_and_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let shown = program(folder.path()).args(["config", "--json", "--rate-per-minute", "7"]).output().unwrap();
    assert_eq!(shown.status.code(), Some(0));
    let settings: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let entry = |name: &str| {
        let entries = settings["settings"].as_array().unwrap();
        entries.iter().find(|entry| entry["name"] == name).unwrap().clone()
    };
    assert_eq!(entry("AUSKUNFT_RATE_PER_MINUTE")["value"], "7");
    assert_eq!(entry("AUSKUNFT_RATE_PER_MINUTE")["origin"], "flag");
    assert_eq!(entry("AUSKUNFT_DATA_DIR")["origin"], "environment");

    let mut configured = program(folder.path());
    configured.arg("config").env("VECTOR_DATABASE_URL", "postgres://u:geheim@h/d");
    let with_secret = configured.output().unwrap();
    let (text, words) =
        (String::from_utf8(with_secret.stdout).unwrap(), String::from_utf8(with_secret.stderr).unwrap());
    assert_eq!(with_secret.status.code(), Some(3));
    assert!(
        text.contains("VECTOR_DATABASE_URL") && !text.contains("geheim") && !words.contains("geheim"),
        "{text}{words}"
    );
    assert!(words.contains("has no use for it yet"), "{words}");
}

#[test]
fn a_mistyped_flag_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(program(folder.path()).arg("--listn")).0, Some(2));
}

/// The program, running.
pub(crate) struct Running {
    child: Child,
    address: String,
    /// Reads on, so that the program never waits for a reader.
    log: std::thread::JoinHandle<String>,
}

impl Running {
    /// Starts it, and reads log lines up to the one that names the address.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut seen = String::new();
        while log.read_line(&mut seen).unwrap() > 0 {
            if let Some((_, rest)) = seen.rsplit_once("listening at http://") {
                let end = rest.find(|letter: char| letter.is_whitespace() || letter == '"').unwrap();
                let address = rest[..end].to_owned();
                return Self { child, address, log: std::thread::spawn(move || rest_of(log)) };
            }
        }
        let ended = child.wait().unwrap();
        panic!("it did not start ({ended}): {seen}");
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What it says of itself.
    pub(crate) fn metrics(&self) -> String {
        self.send("GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    }

    fn send(&self, request: &str) -> String {
        use std::io::Write;
        let mut stream = std::net::TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    /// Asks in a session that names the request, too.
    pub(crate) fn ask(&self, session: &str, question: &str) -> String {
        let body =
            serde_json::json!({ "session_id": session, "customer_id": "C-4711", "question": question });
        self.post(&[("x-request-id", &format!("frage-{session}"))], &body)
    }

    /// Asks with these headers.
    pub(crate) fn post(&self, headers: &[(&str, &str)], body: &Value) -> String {
        let body = body.to_string();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        self.send(&format!(
            "POST /support/rag-answer HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n\
             {headers}content-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Asks it to stop; how it ended and what it logged since the start.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        let stopped = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        let code = self.child.wait().unwrap().code();
        (code, self.log.join().unwrap())
    }
}

fn rest_of(mut log: impl Read) -> String {
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    rest
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_until_it_is_told_to_stop_and_logs_no_words_of_a_question() {
    let folder = tempfile::tempdir().unwrap();
    publish_into(folder.path()).await;
    let running = Running::start(&mut program(folder.path()));
    let reply = running.ask("1", "Wie oft muss ich die KM-100 entkalken?");
    assert!(reply.starts_with("HTTP/1.1 200") && reply.contains("alle drei Monate"), "{reply}");
    let (code, rest) = running.stop();
    assert_eq!(code, Some(0));
    assert!(rest.contains("question answered") && rest.contains("frage-1"), "{rest}");
    for word in ["entkalken", "c-4711"] {
        assert!(!rest.to_lowercase().contains(word), "{word}: {rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_log_line_of_a_request_names_it() {
    let folder = tempfile::tempdir().unwrap();
    publish_into(folder.path()).await;
    let mut command = program(folder.path());
    let running = Running::start(command.env("AUSKUNFT_LOG_JSON", "true").env("RUST_LOG", "debug"));
    let reply = running.ask("1", "Wie oft muss ich die KM-100 entkalken?");
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    let (_, log) = running.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let of_request = |line: &&Value| line["spans"][0]["request.id"] == "frage-1";
    let messages: Vec<&str> =
        lines.iter().filter(of_request).filter_map(|line| line["message"].as_str()).collect();
    for message in ["question answered", "request finished"] {
        assert!(messages.contains(&message), "{log}");
    }
    // Those that belong to no request come from what runs beside them.
    for line in lines.iter().filter(|line| !of_request(line)) {
        let target = line["target"].as_str().unwrap();
        assert!(!target.starts_with("auskunft_answer") && !target.starts_with("serve::handlers"), "{line}");
    }
}

#[test]
fn it_links_nothing_that_reads_catalogs() {
    let mut tree = Command::new(env!("CARGO"));
    tree.args([
        "tree",
        "--offline",
        "--locked",
        "-p",
        "serve",
        "-e",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let Output { status, stdout, stderr } = tree.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let text = String::from_utf8(stdout).unwrap();
    let linked: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(linked.contains(&"axum"), "{text}");
    for refused in
        ["auskunft-extract", "ingest", "lopdf", "pdfium-render", "docling-pdf", "scraper", "html5ever"]
    {
        assert!(!linked.contains(&refused), "serve links {refused}");
    }
}
