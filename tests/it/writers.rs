//! Writers on a server that are killed, stopped, or come second: one at a time, and the same content in the end.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use e2e::repository;
use sqlx::PgConnection;

use crate::home::Home;

/// How long something may take that takes a few seconds.
const LIMIT: Duration = Duration::from_secs(120);

/// How many documents the killed runs had published, at least.
const KILLED_AT: [i64; 4] = [0, 1, 20, 60];

fn run(home: &Home) -> Command {
    let small = repository("catalog-fixtures/small");
    let mut command = home.ingest(&["--quiet", "--embedder", "hashed"]);
    command.arg(small);
    command
}

/// The digest of a clean run on embedded stores.
fn clean_digest() -> String {
    let home = Home::embedded();
    let ended = run(&home).output().unwrap();
    assert!(matches!(ended.status.code(), Some(0 | 10)), "{}", String::from_utf8_lossy(&ended.stderr));
    home.digest()
}

/// Documents in the ledger; none as long as there is no ledger.
async fn documents(connection: &mut PgConnection) -> i64 {
    let query = sqlx::query_scalar::<_, i64>("select count(*) from knowledge.documents");
    query.fetch_one(connection).await.unwrap_or(0)
}

/// Waits until the run has published so many documents; each look asks the server.
async fn wait_for(home: &Home, child: &mut Child, least: i64) {
    let mut connection = home.look().await;
    let began = Instant::now();
    while documents(&mut connection).await < least {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before {least} documents");
        assert!(began.elapsed() < LIMIT, "{least} documents are not there after {LIMIT:?}");
    }
}

/// Runs until the place of the one before is free.
fn run_when_free(home: &Home) {
    let began = Instant::now();
    loop {
        let ended = run(home).output().unwrap();
        match ended.status.code() {
            Some(0 | 10) => return,
            Some(6) if began.elapsed() < LIMIT => {}
            code => panic!("{code:?}: {}", String::from_utf8_lossy(&ended.stderr)),
        }
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_run_is_gone_on_with_and_ends_as_a_clean_one_on_embedded_stores() {
    let Some(_) = test_servers::servers() else { return };
    let clean = clean_digest();
    for least in KILLED_AT {
        let home = Home::on_server(&format!("killed_{least}")).await.unwrap();
        let mut child = run(&home).spawn().unwrap();
        wait_for(&home, &mut child, least).await;
        child.kill().unwrap();
        child.wait().unwrap();
        run_when_free(&home);
        assert_eq!(home.digest(), clean, "killed after {least} documents");
        assert!(home.ingest(&["verify"]).output().unwrap().status.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_run_that_lost_its_place_writes_nothing_when_it_goes_on() {
    let Some(home) = Home::on_server("stopped").await else { return };
    let mut child = run(&home).spawn().unwrap();
    wait_for(&home, &mut child, 1).await;
    signal(&child, "STOP");
    run_when_free(&home);
    let digest = home.digest();
    signal(&child, "CONT");
    let ended = child.wait_with_output().unwrap();
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(6), "{words}");
    assert!(words.contains("taken for dead") && words.contains("took over"), "{words}");
    assert_eq!(home.digest(), digest);
    assert_eq!(digest, clean_digest());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_run_is_refused_and_one_that_is_interrupted_leaves_its_place() {
    let Some(home) = Home::on_server("second").await else { return };
    let mut first = run(&home).spawn().unwrap();
    wait_for(&home, &mut first, 1).await;
    let second = run(&home).output().unwrap();
    let words = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(6), "{words}");
    assert!(words.contains(&format!("ingest (process {} on ", first.id())), "{words}");
    signal(&first, "INT");
    let ended = first.wait_with_output().unwrap();
    assert!(matches!(ended.status.code(), Some(0 | 10 | 130)), "{}", String::from_utf8_lossy(&ended.stderr));
    // At once: the place was given back.
    let third = run(&home).output().unwrap();
    assert!(matches!(third.status.code(), Some(0 | 10)), "{}", String::from_utf8_lossy(&third.stderr));
}
