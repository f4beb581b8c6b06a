//! Runs that are killed at any moment, or interrupted, and run again.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::random::Random;
use crate::support::{Home, catalog, wait};

const KILLS: usize = 50;
/// Every so many kills one falls before the first source is read: into the making of the database and the walk.
const EARLY: usize = 5;

/// A catalog whose run publishes many batches.
fn filled() -> Home {
    let home = Home::new();
    catalog::shop(&home);
    catalog::questions(&home, 60);
    home
}

/// How long a clean run takes until it begins to read, and from there to its end.
fn stages(home: &Home) -> (Duration, Duration) {
    let began = Instant::now();
    let mut child = start(home, "measured");
    wait_for_reading(&mut child);
    let walked = began.elapsed();
    assert!(wait(&mut child).unwrap().success());
    (walked, began.elapsed() - walked)
}

fn start(home: &Home, data: &str) -> Child {
    let mut command = home.command(data);
    command.arg(home.catalog()).arg("--json").stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Until the program says that it begins to read, or ends; its complaints are drained from then on.
fn wait_for_reading(child: &mut Child) {
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while stderr.read_line(&mut line).unwrap() > 0 {
        if line.starts_with("reading ") {
            break;
        }
        line.clear();
    }
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
}

/// Starts a run in a fresh folder and kills it; whether it was at work.
fn kill_one(home: &Home, data: &str, is_early: bool, delay: Duration) -> bool {
    let mut child = start(home, data);
    if !is_early {
        wait_for_reading(&mut child);
    }
    std::thread::sleep(delay);
    let was_alive = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_alive
}

/// How far the killed run had come, by what the next one found done.
#[derive(Debug, Default)]
struct Seen {
    alive: AtomicUsize,
    before_publishing: AtomicUsize,
    publishing: AtomicUsize,
    after_publishing: AtomicUsize,
}

#[test]
fn fifty_kills_lose_nothing() {
    let home = filled();
    let clean = home.clean_digest();
    let (walk, work) = stages(&home);
    let mut random = Random::seeded(9);
    let kills: Vec<(usize, bool, Duration)> = (0..KILLS)
        .map(|kill| {
            let is_early = kill % EARLY == 0;
            (kill, is_early, if is_early { walk } else { work }.mul_f64(random.fraction() * 0.8))
        })
        .collect();
    let (next, seen) = (AtomicUsize::new(0), Seen::default());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((kill, is_early, delay)) = kills.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let data = format!("data-{kill}");
                    let was_alive = kill_one(&home, &data, *is_early, *delay);
                    seen.alive.fetch_add(usize::from(was_alive), Ordering::Relaxed);
                    run_again(&home, &data, &clean, &seen);
                }
            });
        }
    });
    let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    assert!(of(&seen.alive) * 2 >= KILLS, "too few kills hit a living process: {seen:?}");
    assert!(of(&seen.publishing) >= 5, "too few kills hit the publishing: {seen:?}");
    assert!(of(&seen.before_publishing) >= 3, "too few kills came before the publishing: {seen:?}");
    eprintln!("walk {walk:?}, work {work:?}: {seen:?}");
}

fn run_again(home: &Home, data: &str, clean: &str, seen: &Seen) {
    let report = home.report(data, &[]);
    let count = |name: &str| report["sources"][name].as_u64().unwrap();
    let stage = match (count("added"), count("unchanged")) {
        (_, 0) => &seen.before_publishing,
        (0, _) => &seen.after_publishing,
        _ => &seen.publishing,
    };
    stage.fetch_add(1, Ordering::Relaxed);
    assert_eq!(home.digest(data), clean, "{data}: {report}");
    home.assert_verified(data);
    std::fs::remove_dir_all(home.path(data)).unwrap();
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_all_the_same() {
    let home = filled();
    let (_, work) = stages(&home);
    let mut random = Random::seeded(10);
    for _ in 0..6 {
        kill_one(&home, "data", false, work.mul_f64(random.fraction() * 0.5));
    }
    home.report("data", &[]);
    assert_eq!(home.digest("data"), home.clean_digest());
    home.assert_verified("data");
}

#[test]
fn a_killed_change_of_a_filled_store_is_finished_by_the_next_run() {
    let home = filled();
    home.report("data", &[]);
    let mut random = Random::seeded(11);
    for round in 0..4 {
        for file in 0..30 {
            let lines: Vec<String> =
                (0..9).map(|line| catalog::question(&format!("r{round}-{file}-{line}"))).collect();
            home.write(&format!("faqs/extra/{file:03}.jsonl"), lines.join("\n"));
        }
        home.write(
            "manuals/manuals.csv",
            format!("file,sku,language,version\nkehrwerk-ak-520.pdf,AK-500,de,{round}\n"),
        );
        let mut command = home.command("data");
        command.arg(home.catalog()).arg("--allow-deletes").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        wait_for_reading(&mut child);
        std::thread::sleep(Duration::from_millis(400).mul_f64(random.fraction()));
        child.kill().unwrap();
        child.wait().unwrap();
        home.report("data", &["--allow-deletes"]);
        assert_eq!(home.digest("data"), home.clean_digest(), "round {round}");
        home.assert_verified("data");
    }
}

#[test]
fn an_interrupted_run_says_so_and_can_be_resumed() {
    for signal in [Signal::INT, Signal::TERM] {
        let home = filled();
        let mut command = home.command("data");
        command.arg(home.catalog()).arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        wait_for_reading(&mut child);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let status = wait(&mut child).unwrap();
        assert_eq!(status.code(), Some(130));
        let report: serde_json::Value = serde_json::from_reader(&mut stdout).unwrap();
        assert!(report["notes"].to_string().contains("interrupted: run again"), "{report}");
        assert_eq!(home.status("data")["last_run"]["state"], "interrupted");
        home.report("data", &[]);
        assert_eq!(home.status("data")["last_run"]["state"], "finished");
        assert_eq!(home.digest("data"), home.clean_digest());
    }
}

#[test]
fn a_run_can_be_stopped_while_it_walks() {
    let home = filled();
    let mut child = start(&home, "data");
    let began = Instant::now();
    kill_when_listening(&child, began);
    assert!(matches!(wait(&mut child).unwrap().code(), Some(130)));
    home.report("data", &[]);
    assert_eq!(home.digest("data"), home.clean_digest());
}

/// Sends SIGINT as soon as the program has its own way to take it (before, the system would end it at once).
fn kill_when_listening(child: &Child, began: Instant) {
    let path = format!("/proc/{}/status", child.id());
    loop {
        assert!(began.elapsed() < Duration::from_secs(30), "the program takes no signals");
        let status = std::fs::read_to_string(&path).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        if u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0 {
            break;
        }
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}
