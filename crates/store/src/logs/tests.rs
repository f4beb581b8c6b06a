use chrono::{DurationRound, TimeDelta};
use sqlx::Row;

use super::*;
use crate::testing::Opened;

const LIMIT: Duration = Duration::from_secs(5);

/// A log of one form, with what it lies in.
struct Form {
    name: &'static str,
    logs: Logs,
    home: Home,
}

enum Home {
    Embedded(Opened),
    Server { superuser: String, database: String },
}

impl Form {
    async fn embedded() -> Self {
        let opened = Opened::new().await;
        Self { name: "embedded", logs: Logs::within(&opened.stores.database), home: Home::Embedded(opened) }
    }

    /// A log with a database of its own on the server, of which the extension is part or not.
    async fn on_server(servers: &test_servers::Servers, name: &'static str, with_extension: bool) -> Self {
        let url = servers.database_url.as_str();
        let server = PgPool::connect(url).await.unwrap();
        let number = format!("{}_{}", std::process::id(), Utc::now().timestamp_micros());
        let database = format!("log_{number}_{with_extension}");
        run(&server, &format!("create database {database}")).await;
        let base = url.rsplit_once('/').unwrap().0;
        let logs = Logs::at(&format!("{base}/{database}"), "test").unwrap();
        if with_extension {
            run(&logs.pool, "create extension timescaledb").await;
        }
        logs.migrate().await.unwrap();
        Self { name, logs, home: Home::Server { superuser: servers.superuser_url.clone(), database } }
    }

    async fn close(self) {
        self.logs.close().await;
        match self.home {
            Home::Embedded(opened) => opened.close().await,
            Home::Server { superuser, database } => {
                let server = PgPool::connect(&superuser).await.unwrap();
                run(&server, &format!("drop database {database} with (force)")).await;
            }
        }
    }
}

async fn run(pool: &PgPool, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

/// Every form that is there.
async fn forms() -> Vec<Form> {
    let mut forms = vec![Form::embedded().await];
    if let Some(servers) = test_servers::servers() {
        forms.push(Form::on_server(&servers, "hypertable", true).await);
        forms.push(Form::on_server(&servers, "partitioned", false).await);
    }
    forms
}

fn row(id: &str, ts: DateTime<Utc>, latency_ms: f32) -> LogRow {
    LogRow {
        ts,
        request_id: id.to_owned(),
        agent_id: Some("A-01".to_owned()),
        customer_id: None,
        session_id: Some("s-ä".to_owned()),
        latency_ms,
        chunks_used: 3,
        error: None,
        intent: Some("price".to_owned()),
        cached: false,
        stages: BTreeMap::from([("ann".to_owned(), latency_ms / 2.0), ("open".to_owned(), 0.25)]),
    }
}

/// A moment that Postgres keeps as it is.
fn moment(ago: TimeDelta) -> DateTime<Utc> {
    (Utc::now() - ago).duration_trunc(TimeDelta::milliseconds(1)).unwrap()
}

async fn written(logs: &Logs, rows: &[LogRow]) {
    logs.write(rows, LIMIT).await.unwrap();
}

async fn all(logs: &Logs) -> Vec<LogRow> {
    logs.rows(DateTime::UNIX_EPOCH, Utc::now() + TimeDelta::days(40), 1_000).await.unwrap()
}

#[tokio::test]
async fn the_form_follows_the_extension() {
    for form in forms().await {
        let is_hypertable: bool =
            sqlx::query_scalar("select logs.is_hypertable()").fetch_one(&form.logs.pool).await.unwrap();
        assert_eq!(is_hypertable, form.name == "hypertable");
        let made = form.logs.prepare(3).await.unwrap();
        assert_eq!(made, if is_hypertable { 0 } else { 4 }, "{}", form.name);
        assert_eq!(form.logs.prepare(3).await.unwrap(), 0, "{}", form.name);
        form.logs.migrate().await.unwrap();
        form.close().await;
    }
}

#[tokio::test]
async fn a_batch_that_is_sent_again_leaves_each_row_once() {
    for form in forms().await {
        let failed = LogRow {
            error: Some("timeout".to_owned()),
            agent_id: None,
            ..row("r-3", moment(TimeDelta::zero()), 9.5)
        };
        let rows = [
            row("r-1", moment(TimeDelta::days(2)), 1.5),
            row("r-2", moment(TimeDelta::hours(1)), 2.5),
            failed,
        ];
        written(&form.logs, &rows[..2]).await;
        form.logs.prepare(1).await.unwrap();
        written(&form.logs, &rows).await;
        written(&form.logs, &rows).await;
        assert_eq!(all(&form.logs).await, rows, "{}", form.name);
        let (since, until) = (rows[1].ts, rows[2].ts);
        assert_eq!(form.logs.rows(since, until, 10).await.unwrap(), rows[1..2], "{}", form.name);
        form.close().await;
    }
}

#[tokio::test]
async fn days_past_their_retention_go_as_a_whole() {
    for form in forms().await {
        let logs = &form.logs;
        let at = |days: i64| row(&format!("r-{days}"), moment(TimeDelta::days(days)), 1.0);
        written(logs, &[at(200), at(100), at(5), at(0)]).await;
        // Where there are partitions, rows that came before theirs move into them now.
        logs.prepare(1).await.unwrap();
        written(logs, &[at(50)]).await;
        assert_eq!(logs.drop_older(90).await.unwrap(), 2, "{}", form.name);
        let left: Vec<String> = all(logs).await.into_iter().map(|row| row.request_id).collect();
        assert_eq!(left, ["r-50", "r-5", "r-0"], "{}", form.name);
        // The fiftieth day has no partition, but is past its retention as well.
        logs.drop_older(40).await.unwrap();
        assert_eq!(all(logs).await.len(), 2, "{}", form.name);
        // What lies in the chunk of the last day stays until that day has passed as a whole.
        assert_eq!(logs.drop_older(1).await.unwrap(), 1, "{}", form.name);
        assert_eq!(all(logs).await.len(), 1, "{}", form.name);
        form.close().await;
    }
}

#[tokio::test]
async fn a_search_by_time_reads_the_chunks_of_that_time_alone() {
    for form in forms().await {
        let logs = &form.logs;
        let rows: Vec<LogRow> =
            (0..8).map(|day| row(&format!("r-{day}"), moment(TimeDelta::days(day)), 1.0)).collect();
        written(logs, &rows).await;
        logs.prepare(7).await.unwrap();
        let query = "explain select count(*) from logs.support_logs where ts >= $1 and ts < $2";
        let lines = sqlx::query(query).bind(rows[4].ts).bind(rows[4].ts + TimeDelta::seconds(1));
        let lines = lines.fetch_all(&logs.pool).await.unwrap();
        let plan: Vec<String> = lines.iter().map(|line| line.get(0)).collect();
        let scans = plan.iter().filter(|line| line.contains("support_logs_") || line.contains("_hyper_"));
        let mut chunks: Vec<&str> = scans
            .flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
            .filter(|word| {
                word.starts_with("support_logs_2")
                    || word.starts_with("_hyper_")
                    || *word == "support_logs_rest"
            })
            .map(|word| word.trim_end_matches("_pkey"))
            .map(|word| word.split("_support_logs").next().unwrap())
            .collect();
        chunks.dedup();
        assert_eq!(chunks.len(), 1, "{}: {plan:#?}", form.name);
        form.close().await;
    }
}

/// The hour before the present one, from which on nothing is rolled up.
async fn last_hour(logs: &Logs) -> DateTime<Utc> {
    let hour = Utc::now().duration_trunc(TimeDelta::hours(1)).unwrap() - TimeDelta::hours(2);
    sqlx::query("update logs.rolled set until = $1").bind(hour).execute(&logs.pool).await.unwrap();
    hour
}

#[tokio::test]
async fn an_hour_is_rolled_up_when_it_is_over_and_again_when_rows_come_late() {
    for form in forms().await {
        let logs = &form.logs;
        let hour = last_hour(logs).await;
        let in_hour = |number: i64| hour + TimeDelta::seconds(number);
        let mut rows: Vec<LogRow> = (1..=99).map(|n| row(&format!("r-{n}"), in_hour(n), n as f32)).collect();
        rows.push(LogRow { error: Some("timeout".to_owned()), ..row("r-bad", in_hour(100), 10_000.0) });
        rows.push(row("r-next", hour + TimeDelta::hours(2), 7.0));
        written(logs, &rows).await;
        let other = logs.clone();
        let (first, second) = tokio::join!(logs.roll_up(), other.roll_up());
        assert!(first.unwrap() + second.unwrap() >= 1, "{}", form.name);
        let until = hour + TimeDelta::hours(3);
        let told = logs.hourly(hour, until).await.unwrap();
        let stages: Vec<&str> = told.iter().map(|hourly| hourly.stage.as_str()).collect();
        assert_eq!(stages, ["ann", "open", "total"], "{}: the present hour is not over", form.name);
        let total = &told[2];
        assert_eq!((total.hour, total.requests, total.errors), (hour, 100, 1), "{}", form.name);
        assert_eq!((total.p50_ms, total.max_ms), (Some(50.0), Some(99.0)), "{}", form.name);
        let p99 = total.p99_ms.unwrap();
        assert!((p99 - 98.02).abs() < 0.01, "{}: {p99}", form.name);
        assert_eq!(told[0].p50_ms, Some(25.0), "{}", form.name);

        assert_eq!(logs.roll_up().await.unwrap(), 0, "{}: nothing is left to do", form.name);
        written(logs, &[row("r-late", in_hour(200), 500.0)]).await;
        assert_eq!(logs.roll_up().await.unwrap(), 1, "{}", form.name);
        let again = logs.hourly(hour, until).await.unwrap();
        assert_eq!((again[2].requests, again[2].max_ms), (101, Some(500.0)), "{}", form.name);

        // Rows that are gone take nothing from what was made of them.
        run(&logs.pool, "delete from logs.support_logs where request_id like 'r-1%'").await;
        written(logs, &[row("r-later", in_hour(201), 1.0)]).await;
        logs.roll_up().await.unwrap();
        assert_eq!(logs.hourly(hour, until).await.unwrap(), again, "{}", form.name);
        form.close().await;
    }
}

#[tokio::test]
async fn a_user_of_the_log_alone_writes_and_rolls_up_but_owns_nothing() {
    let form = Form::embedded().await;
    let logs = &form.logs;
    logs.prepare(1).await.unwrap();
    let hour = last_hour(logs).await;
    run(&logs.pool, "set role auskunft_logs").await;
    written(logs, &[row("r-1", hour, 5.0), row("r-2", moment(TimeDelta::zero()), 5.0)]).await;
    logs.roll_up().await.unwrap();
    assert_eq!((all(logs).await.len(), logs.hourly(hour, Utc::now()).await.unwrap().len()), (2, 3));
    for refused in [
        "delete from logs.support_logs",
        "update logs.support_logs set agent_id = 'A-2'",
        "select * from shop.customers",
    ] {
        let error =
            sqlx::query(sqlx::AssertSqlSafe(refused)).execute(&logs.pool).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{refused}: {error}");
    }
    assert!(logs.drop_older(1).await.is_err());
    run(&logs.pool, "reset role").await;
    form.close().await;
}

#[tokio::test]
async fn a_log_that_is_away_says_where_it_should_be_and_never_its_password() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let logs = Logs::at(&format!("postgres://log:geheim@127.0.0.1:{port}/protokoll"), "test").unwrap();
    let error = logs.write(&[row("r-1", Utc::now(), 1.0)], LIMIT).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}/protokoll")), "{error}");
    assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
    let error = Logs::at("geheim", "test").unwrap_err();
    assert!(error.message.contains("LOG_DATABASE_URL") && !error.message.contains("geheim"), "{error}");
}
