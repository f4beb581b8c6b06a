//! Runs in which several processes read: the same stores as of one alone, whoever dies.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use e2e::repository;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::home::Home;

/// How long something may take that takes a few seconds.
const LIMIT: Duration = Duration::from_secs(120);
/// After so many runs a worker has taken part in one.
const MOST_RUNS: usize = 10;
/// Files that are no product pages: enough that several processes have something to do.
const QUESTIONS: usize = 300;

/// The small catalog, with many small files more.
fn filled(home: &Home) -> String {
    let catalog = home.path().join("catalog");
    let copied =
        Command::new("cp").arg("-r").arg(repository("catalog-fixtures/small")).arg(&catalog).status();
    assert!(copied.unwrap().success());
    for number in 0..QUESTIONS {
        let text =
            format!("## Wie reinige ich Teil {number}?\n\nMit warmem Wasser, {number} Minuten lang.\n");
        std::fs::write(catalog.join(format!("faqs/teil-{number}.md")), text).unwrap();
    }
    catalog.to_str().unwrap().to_owned()
}

fn run(catalog: &str) -> [&str; 5] {
    ["--quiet", "--json", "--embedder", "hashed", catalog]
}

fn clean_digest(catalog: &str) -> String {
    let home = Home::embedded();
    home.ingested(&run(catalog));
    home.digest()
}

/// Killed in the end, however the scenario ends.
struct Worker(Child);

impl Worker {
    fn start(home: &Home, folder: &Path) -> Self {
        Self::listening(home, folder, 0)
    }

    /// At port 0 nobody finds it.
    fn listening(home: &Home, folder: &Path, port: u16) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let folder = folder.to_str().unwrap();
        let mut command = home.ingest(&["work", folder, "--embedder", "hashed", "--listen", &listen]);
        Self(command.stdout(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let process = self.0.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &process]).status().unwrap().success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended; a stopped one is killed, too.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Nobody else takes it in between, or the test fails.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The schema, and a generation, which workers need to be there.
fn prepared(home: &Home) {
    let empty = tempfile::tempdir().unwrap();
    std::fs::create_dir(empty.path().join("faqs")).unwrap();
    std::fs::write(empty.path().join("faqs/a.md"), "## Frage?\n\nAntwort.\n").unwrap();
    home.ingested(&run(empty.path().to_str().unwrap()));
}

async fn count(connection: &mut PgConnection, statement: &str) -> i64 {
    let query = sqlx::query_scalar::<_, i64>(AssertSqlSafe(statement.to_owned()));
    query.fetch_one(connection).await.unwrap()
}

/// Waits until the statement counts as many.
async fn wait_for(connection: &mut PgConnection, least: i64, statement: &str) {
    let began = Instant::now();
    loop {
        let found = count(connection, statement).await;
        if found >= least {
            return;
        }
        assert!(began.elapsed() < LIMIT, "{found} instead of {least}: {statement}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

const WAITING_WORKERS: &str = "select count(*) from knowledge.workers
     where told = 'waits for a run' and seen_at > clock_timestamp() - interval '3 seconds'";
const FILES_IN_HAND: &str =
    "select count(*) from knowledge.shared_files where worker is not null and reading is null";

fn report(child: Child) -> Value {
    let ended = child.wait_with_output().unwrap();
    assert!(matches!(ended.status.code(), Some(0 | 10)), "{}", String::from_utf8_lossy(&ended.stderr));
    serde_json::from_slice(&ended.stdout).unwrap()
}

/// Of a small catalog a run may have read all before a worker looks: then once more.
fn run_with_workers(home: &Home, catalog: &str) -> Value {
    for _ in 0..MOST_RUNS {
        let rebuild = home.ingest(&["--allow-deletes", "--rebuild", "--jobs", "1"]);
        let report = report(with(rebuild, catalog).spawn().unwrap());
        if report["sources"]["by_workers"].as_u64().unwrap() > 0 {
            return report;
        }
    }
    panic!("no worker took part in {MOST_RUNS} runs");
}

fn with(mut command: Command, catalog: &str) -> Command {
    command.args(run(catalog));
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_end_with_the_same_stores_as_one_process_alone() {
    let Some(home) = Home::on_server("two_workers").await else { return };
    let catalog = filled(&home);
    prepared(&home);
    let port = free_port();
    let workers = [0, port].map(|port| Worker::listening(&home, Path::new(&catalog), port));
    let mut connection = home.look().await;
    wait_for(&mut connection, 2, WAITING_WORKERS).await;
    let report = run_with_workers(&home, &catalog);
    wait_for(&mut connection, 2, WAITING_WORKERS).await;
    assert_eq!(home.digest(), clean_digest(&catalog));
    assert!(home.ingest(&["verify"]).output().unwrap().status.success());
    // Each chunk's vector is counted once, whoever computed it.
    let alone = Home::embedded();
    let alone: Value = serde_json::from_slice(&alone.ingested(&run(&catalog)).stdout).unwrap();
    let vectors = |report: &Value| {
        let of = |name: &str| report["embeddings"][name].as_u64().unwrap();
        of("computed") + of("cached")
    };
    assert_eq!(vectors(&report), vectors(&alone), "{} {}", report["embeddings"], alone["embeddings"]);
    let status: Value = serde_json::from_slice(&home.ingested(&["status", "--json"]).stdout).unwrap();
    assert_eq!(status["workers"].as_array().unwrap().len(), 2, "{}", status["workers"]);
    let told = |path: &'static str| async move {
        let url = format!("http://127.0.0.1:{port}{path}");
        e2e::client().unwrap().get(url).send().await.unwrap().text().await.unwrap()
    };
    assert_eq!(told("/health").await, "ok");
    let metrics = told("/metrics").await;
    assert!(metrics.contains("auskunft_worker_takes_part 0"), "{metrics}");
    let last: Value = serde_json::from_str(&told("/last").await).unwrap();
    assert_eq!(last["told"], "waits for a run");
    assert!(metrics.contains(&format!("auskunft_worker_files_total {}", last["files"])), "{metrics}");
    for mut worker in workers {
        worker.signal("TERM");
        assert_eq!(worker.0.wait().unwrap().code(), Some(0));
    }
    let status: Value = serde_json::from_slice(&home.ingested(&["status", "--json"]).stdout).unwrap();
    assert_eq!(status["workers"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_a_worker_that_dies_or_stands_still_are_read_by_others() {
    for signal in ["KILL", "STOP"] {
        let Some(home) = Home::on_server(&format!("dead_worker_{signal}").to_lowercase()).await else {
            return;
        };
        let catalog = filled(&home);
        prepared(&home);
        let mut connection = home.look().await;
        let mut has_died = false;
        for _ in 0..MOST_RUNS {
            let worker = Worker::start(&home, Path::new(&catalog));
            wait_for(&mut connection, 1, WAITING_WORKERS).await;
            let rebuild = home.ingest(&["--allow-deletes", "--rebuild", "--jobs", "1"]);
            let mut running = with(rebuild, &catalog).spawn().unwrap();
            has_died = dies_with_files_in_hand(&mut connection, &worker, &mut running, signal).await;
            report(running);
            assert_eq!(home.digest(), clean_digest(&catalog), "{signal}");
            if has_died {
                goes_on(&mut connection, &worker, signal).await;
                assert_eq!(home.digest(), clean_digest(&catalog), "{signal}");
                break;
            }
        }
        assert!(has_died, "the worker had no files in hand in {MOST_RUNS} runs");
    }
}

/// Sends the signal as soon as the worker has files; whether it had them still then.
async fn dies_with_files_in_hand(
    connection: &mut PgConnection,
    worker: &Worker,
    running: &mut Child,
    signal: &str,
) -> bool {
    while running.try_wait().unwrap().is_none() {
        if count(connection, FILES_IN_HAND).await > 0 {
            worker.signal(signal);
            return count(connection, FILES_IN_HAND).await > 0;
        }
    }
    false
}

/// A worker that stood still hands over late what is nobody's any more, and waits for the next run.
async fn goes_on(connection: &mut PgConnection, worker: &Worker, signal: &str) {
    if signal != "STOP" {
        return;
    }
    let now = sqlx::query_scalar::<_, String>("select clock_timestamp()::text");
    let now = now.fetch_one(&mut *connection).await.unwrap();
    worker.signal("CONT");
    wait_for(connection, 1, &format!("{WAITING_WORKERS} and seen_at > '{now}'")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_would_read_otherwise_takes_no_part_and_says_why() {
    let Some(home) = Home::on_server("other_worker").await else { return };
    let catalog = filled(&home);
    prepared(&home);
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("shop.toml"), "default_language = \"en\"\n").unwrap();
    let mut worker = Worker::start(&home, other.path());
    let mut connection = home.look().await;
    wait_for(&mut connection, 1, WAITING_WORKERS).await;
    let running = home.ingest(&run(&catalog)).arg("--allow-deletes").spawn().unwrap();
    let report = report(running);
    assert_eq!(report["sources"]["by_workers"], 0);
    worker.signal("TERM");
    worker.0.wait().unwrap();
    let mut words = String::new();
    std::io::Read::read_to_string(&mut worker.0.stderr.take().unwrap(), &mut words).unwrap();
    assert!(words.contains("takes no part in run-") && words.contains("tables of the catalog"), "{words}");
    assert_eq!(home.digest(), clean_digest(&catalog));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_the_server_forgot_are_read_by_the_run_itself() {
    let Some(home) = Home::on_server("forgotten").await else { return };
    let catalog = filled(&home);
    prepared(&home);
    let mut connection = home.look().await;
    let mut forgotten = 0;
    for _ in 0..MOST_RUNS {
        let rebuild = home.ingest(&["--allow-deletes", "--rebuild", "--jobs", "1"]);
        let mut running = with(rebuild, &catalog).spawn().unwrap();
        while running.try_wait().unwrap().is_none() && forgotten == 0 {
            // As on a server that took over without these rows.
            let forgetting = sqlx::query("delete from knowledge.shared_files");
            forgotten += forgetting.execute(&mut connection).await.unwrap().rows_affected();
        }
        report(running);
        if forgotten > 0 {
            break;
        }
    }
    assert!(forgotten > 0, "nothing was on offer in {MOST_RUNS} runs");
    assert_eq!(home.digest(), clean_digest(&catalog));
}

#[test]
fn work_on_stores_in_a_folder_is_refused() {
    let home = Home::embedded();
    let ended = home.ingest(&["work", home.path().to_str().unwrap()]).output().unwrap();
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(3), "{words}");
    assert!(words.contains("DATABASE_URL"), "{words}");
}
