//! Runs at stated times: one at a time, told by a port and by a hook, ended cleanly.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{DEADLINE, Home, catalog, wait};

/// A port that was free a moment ago.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The schedule, ended however the test ends.
struct Schedule {
    child: Child,
    address: SocketAddr,
}

impl Schedule {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let address = free();
        let mut command = home.command("data");
        command.args(["schedule", "--listen", &address.to_string()]).args(arguments).arg(home.catalog());
        Self { child: command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap(), address }
    }

    /// Status and body.
    fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let status = text.split(' ').nth(1)?.parse().ok()?;
        Some((status, text.split_once("\r\n\r\n")?.1.to_owned()))
    }

    fn last(&self) -> Value {
        self.get("/last").map_or(Value::Null, |(_, body)| serde_json::from_str(&body).unwrap())
    }

    /// Looks until it is so.
    fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let last = self.last();
            if is_so(&last) {
                return last;
            }
            assert!(began.elapsed() < DEADLINE, "{last}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn end(mut self) -> Option<i32> {
        let id = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
        wait(&mut self.child).and_then(|status| status.code())
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_due_is_caught_up_told_and_not_done_twice() {
    let home = Home::new();
    catalog::shop(&home);
    let told = home.path("told.json");
    let hook = format!("cat > {}", told.display());
    let far = ["--cron", "0 0 1 1 *", "--catch-up", "--hook", &hook];
    let schedule = Schedule::start(&home, &far);
    let last = schedule.until(|last| !last["last"].is_null());
    assert_eq!((&last["last"]["outcome"], &last["last"]["code"]), (&"ok".into(), &0.into()), "{last}");
    assert_eq!(last["last"]["report"]["generation"], 1, "{last}");
    let next = schedule.until(|last| !last["next"].is_null());
    assert!(next["next"].as_str().unwrap().contains("-12-31T23:00:00"), "midnight in Berlin: {next}");
    let (status, metrics) = schedule.get("/metrics").unwrap();
    assert_eq!(status, 200);
    for line in [
        "auskunft_ingest_runs_total{outcome=\"ok\"} 1",
        "auskunft_ingest_running 0",
        "auskunft_ingest_runs_skipped_total 0",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert_eq!(schedule.get("/health").unwrap(), (200, "ok".to_owned()));
    assert_eq!(schedule.get("/elsewhere").unwrap().0, 404);
    assert_eq!(schedule.end(), Some(0));
    let hooked: Value = serde_json::from_slice(&std::fs::read(&told).unwrap()).unwrap();
    assert_eq!(hooked["report"]["run_id"], last["last"]["report"]["run_id"]);
    // The last one that was due took place: nothing is caught up.
    let schedule = Schedule::start(&home, &far);
    let waiting = schedule.until(|last| !last["next"].is_null());
    assert!(waiting["last"].is_null() && waiting["running_since"].is_null(), "{waiting}");
    assert_eq!(schedule.end(), Some(0));
}

#[test]
fn a_run_that_is_under_way_is_interrupted_and_gone_on_with() {
    let home = Home::new();
    catalog::shop(&home);
    catalog::questions(&home, 120);
    let schedule = Schedule::start(&home, &["--cron", "0 0 1 1 *", "--catch-up"]);
    schedule.until(|last| !last["running_since"].is_null());
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(schedule.end(), Some(0));
    // Nobody is left who holds the folder.
    let ran = home.ingest("data", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(home.digest("data"), home.clean_digest());
}

#[test]
fn a_run_that_fails_ends_nothing_but_itself() {
    let home = Home::new();
    let told = home.path("told.json");
    let hook = format!("cat > {}", told.display());
    // An empty catalog holds nothing to ingest.
    let schedule = Schedule::start(&home, &["--cron", "0 0 1 1 *", "--catch-up", "--hook", &hook]);
    let last = schedule.until(|last| !last["last"].is_null());
    assert_eq!((&last["last"]["outcome"], &last["last"]["code"]), (&"failed".into(), &1.into()), "{last}");
    assert!(last["last"]["words"].as_str().unwrap().contains("holds no source"), "{last}");
    assert!(schedule.get("/metrics").unwrap().1.contains("auskunft_ingest_runs_total{outcome=\"failed\"} 1"));
    assert_eq!(schedule.get("/health").unwrap().0, 200);
    assert_eq!(schedule.end(), Some(0));
    assert!(std::fs::read_to_string(&told).unwrap().contains("holds no source"));
}

#[test]
fn patterns_that_name_no_time_are_refused() {
    let home = Home::new();
    for pattern in ["", "* * * *", "* * * * * *", "61 * * * *", "täglich"] {
        let ran = home.call("data", &["schedule", "--cron", pattern, "catalog"]);
        assert_eq!(ran.code, 2, "{pattern}: {ran:?}");
    }
}

/// Takes one request and answers it with this status; what it held.
fn listen_once(listener: &TcpListener, status: &str) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut seen = Vec::new();
    let mut piece = [0; 65_536];
    loop {
        let read = stream.read(&mut piece).unwrap();
        seen.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
        });
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        if read == 0 || body.is_some_and(|body| Some(body) >= length) {
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            return text;
        }
    }
}

#[test]
fn an_address_gets_the_report_of_a_single_run_also_at_the_second_try() {
    let home = Home::new();
    catalog::shop(&home);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook?key=geheim", listener.local_addr().unwrap());
    let listening = std::thread::spawn(move || {
        listen_once(&listener, "503 Service Unavailable");
        listen_once(&listener, "204 No Content")
    });
    let mut command = home.command("data");
    command.arg(home.catalog()).arg("--json").env("AUSKUNFT_HOOK_URL", &address);
    let ran = crate::support::run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    let seen = listening.join().unwrap();
    assert!(seen.starts_with("POST /hook?key=geheim HTTP/1.1"), "{seen}");
    let body: Value = serde_json::from_str(seen.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(
        (&body["outcome"], &body["report"]["run_id"]),
        (&"ok".into(), &ran.json()["run_id"]),
        "{body}"
    );
    // One that nobody answers changes nothing about the run, and its secret is not told.
    command.env("AUSKUNFT_HOOK_URL", "http://127.0.0.1:9/hook?key=geheim");
    let ran = crate::support::run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("127.0.0.1") && !ran.stderr.contains("geheim"), "{ran:?}");
}
