//! Requests on a server that hangs, is gone, is back, or has too much to do.

use std::collections::HashSet;
use std::time::Instant;

use futures::future::join_all;

use crate::gate::{Gate, Mode};
use crate::testing::FreshDatabase;
use crate::{Database, DatabaseServer, ErrorKind, Role};

/// How long a test waits for what shall happen.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// A database as the service opens it, behind a gate.
async fn behind_a_gate() -> Option<(Database, Gate, FreshDatabase)> {
    let fresh = FreshDatabase::make().await?;
    fresh.open("ingest", Role::Writer).await.unwrap().close().await;
    let gate = Gate::before(&fresh.url(), Mode::Open).await;
    let server = DatabaseServer { url: gate.url(&fresh.url()), ..fresh.server() };
    Some((Database::open_server(&server, "serve", Role::Service).await.unwrap(), gate, fresh))
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begin = Instant::now();
    while !is_so().await {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        tokio::task::yield_now().await;
    }
}

/// Makes all connections: how many a burst makes by itself depends on the machine.
async fn connect(database: &Database) {
    database.pool().make(usize::MAX).await.unwrap();
}

/// A statement that takes so many milliseconds.
async fn sleep(database: &Database, milliseconds: u32) -> sqlx::Result<()> {
    let query = sqlx::query("select pg_sleep($1)").bind(f64::from(milliseconds) / 1_000.0);
    query.execute(database.pool()).await.map(|_| ())
}

#[tokio::test]
async fn a_server_that_hangs_costs_requests_their_limit_once_and_is_used_again_when_it_answers() {
    let Some((database, gate, _fresh)) = behind_a_gate().await else { return };
    connect(&database).await;
    gate.set(Mode::Held);
    let begin = Instant::now();
    let waited = join_all((0..100).map(|_| database.ping())).await;
    // The limit is 2 s; those that found no connection gave up after half of it.
    assert!(begin.elapsed() < PATIENCE / 5, "all wait at the same time: {:?}", begin.elapsed());
    let errors: Vec<String> = waited.into_iter().map(|ended| ended.unwrap_err().message).collect();
    let with_connection = errors.iter().filter(|error| error.contains("no answer within 2000 ms")).count();
    assert!(with_connection <= 4, "a statement waits for one limit alone: {errors:?}");
    assert!(database.is_left_alone());
    let begin = Instant::now();
    for _ in 0..1_000 {
        let error = database.ping().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert!(error.message.contains("it is away, "), "{error}");
    }
    assert!(begin.elapsed() < PATIENCE / 5, "nobody waits any more: {:?}", begin.elapsed());
    gate.set(Mode::Open);
    until("it is used again", async || database.ping().await.is_ok()).await;
    assert!(!database.is_left_alone());
    // Connections are made anew for them, which takes its time on a busy machine.
    until("so do many at once", async || {
        join_all((0..8).map(|_| database.ping())).await.iter().all(Result::is_ok)
    })
    .await;
    assert!(!database.is_left_alone(), "waiting for a connection is no silence");
    database.close().await;
}

#[tokio::test]
async fn a_server_that_is_gone_is_used_again_when_it_is_back() {
    let Some((database, gate, _fresh)) = behind_a_gate().await else { return };
    database.ping().await.unwrap();
    for _ in 0..2 {
        gate.set(Mode::Shut);
        until("it is noticed", async || database.ping().await.is_err() && database.is_left_alone()).await;
        gate.set(Mode::Open);
        until("it is used again", async || database.ping().await.is_ok()).await;
    }
    database.close().await;
}

#[tokio::test]
async fn a_statement_that_is_given_up_ends_on_the_server_too_and_hinders_nobody() {
    let Some((database, _gate, fresh)) = behind_a_gate().await else { return };
    let begin = Instant::now();
    let (slow, quick) = tokio::join!(sleep(&database, 60_000), database.ping());
    assert!(begin.elapsed() < PATIENCE / 5, "{:?}", begin.elapsed());
    assert!(slow.unwrap_err().to_string().contains("no answer within 2000 ms"));
    quick.unwrap();
    assert!(!database.is_left_alone(), "one slow statement is none");
    let looking = fresh.open("test", Role::Reader).await.unwrap();
    until("the server ends it", async || {
        let running = sqlx::query_scalar::<_, i64>(
            "select count(*) from pg_stat_activity where datname = current_database() and query like '%pg_sleep($1)%'
             and state = 'active' and pid <> pg_backend_pid()",
        );
        running.fetch_one(looking.pool()).await.unwrap() == 0
    })
    .await;
    looking.close().await;
    database.close().await;
}

#[tokio::test]
async fn too_many_statements_at_once_are_no_sign_that_the_server_is_away() {
    let Some((database, _gate, _fresh)) = behind_a_gate().await else { return };
    connect(&database).await;
    // Four of six connections are for requests: the first ones have them for longer than the others wait for one.
    let all = join_all((0..20).map(|_| sleep(&database, 1_200))).await;
    let done = all.iter().filter(|ended| ended.is_ok()).count();
    assert_eq!(done, 4, "{all:?}");
    assert!(!database.is_left_alone());
    assert!(database.ping().await.is_ok());
    database.close().await;
}

#[tokio::test]
async fn what_no_request_waits_for_may_take_longer() {
    let Some((database, _gate, _fresh)) = behind_a_gate().await else { return };
    let query = sqlx::query("select pg_sleep(2.2)");
    query.execute(database.patient()).await.unwrap();
    database.close().await;
}

#[tokio::test]
async fn statements_one_after_the_other_use_the_connection_that_is_warm() {
    let Some((database, _gate, _fresh)) = behind_a_gate().await else { return };
    connect(&database).await;
    let kept = database.pool().kept().unwrap();
    assert_eq!((kept.open, kept.free, kept.most), (4, 4, 4), "two of six are for the request log");
    let mut processes = HashSet::new();
    for _ in 0..50 {
        let process = sqlx::query_scalar::<_, i32>("select pg_backend_pid()").fetch_one(database.pool());
        processes.insert(process.await.unwrap());
    }
    assert_eq!(processes.len(), 1);
    let pool = database.pool().clone();
    database.close().await;
    let error = sqlx::query("select 1").execute(&pool).await.unwrap_err();
    assert!(matches!(error, sqlx::Error::PoolClosed), "{error}");
}

#[tokio::test]
async fn a_connection_that_the_server_ended_is_not_used_again() {
    let Some((database, _gate, fresh)) = behind_a_gate().await else { return };
    let looking = fresh.open("test", Role::Reader).await.unwrap();
    let end = async {
        until("the statement runs", async || {
            let ended = sqlx::query_scalar::<_, i64>(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where datname = current_database() and query like '%pg_sleep($1)%' and state = 'active'
                   and pid <> pg_backend_pid()",
            );
            ended.fetch_one(looking.pool()).await.unwrap() > 0
        })
        .await;
    };
    let (ended, ()) = tokio::join!(sleep(&database, 60_000), end);
    assert!(ended.unwrap_err().to_string().contains("terminating connection"));
    database.ping().await.unwrap();
    looking.close().await;
    database.close().await;
}

#[tokio::test]
async fn a_place_on_the_server_that_is_free_in_a_moment_is_waited_for() {
    let Some((database, _gate, fresh)) = behind_a_gate().await else { return };
    let looking = fresh.open("test", Role::Reader).await.unwrap();
    let limiting = "do $$ begin execute format('alter database %I connection limit %s', current_database(),
         (select count(*) from pg_stat_activity
          where datname = current_database() and backend_type = 'client backend')); end $$";
    sqlx::raw_sql(limiting).execute(looking.pool()).await.unwrap();
    let leave = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        looking.close().await;
    };
    let begin = std::time::Instant::now();
    let ping = async {
        database.ping().await.unwrap();
        begin.elapsed()
    };
    let (took, ()) = tokio::join!(ping, leave);
    assert!(took.as_millis() > 250, "there was a place at once: {took:?}");
    assert!(!database.is_left_alone());
    database.close().await;
}
