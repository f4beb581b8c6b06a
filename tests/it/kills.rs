//! Whatever is killed, and when: the next run makes the stores what a clean run makes them, and a service answers all the while.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::{Server, repository};
use serde_json::{Value, json};

use crate::home::Home;
use crate::random::Random;

/// Programs that are killed, where `AUSKUNFT_KILLS` does not say how many.
const KILLS: usize = 5;
/// Questions a second that are asked meanwhile.
const PACE: Duration = Duration::from_millis(50);
/// How long a killed writer's place may be taken.
const LIMIT: Duration = Duration::from_secs(120);
/// Files more than the small catalog has, so that workers have something to do before all is read.
const PARTS: usize = 150;
/// After so many rebuilds a worker has taken part in one.
const MOST_REBUILDS: usize = 10;
const SMALL: &str = "catalog-fixtures/small";
const RULE: &str = "policies/batterien.txt";
const QUESTIONS: [&str; 3] =
    ["Wie entkalke ich den KM-2400 S?", "Wie lange kann ich etwas zurückgeben?", "Was wiegt der KM-2600?"];
/// What is killed; `DIR` stands for the catalog.
const PROGRAMS: [(&str, &[&str]); 6] = [
    ("run", RUN),
    ("rebuild", REBUILD),
    ("rebuild", REBUILD),
    ("rollback", &["rollback"]),
    ("gc", &["gc"]),
    ("retry", &["retry", "--quiet", "DIR"]),
];
const RUN: &[&str] = &["--quiet", "--json", "--embedder", "hashed", "DIR"];
const REBUILD: &[&str] =
    &["--quiet", "--json", "--embedder", "hashed", "--rebuild", "--allow-deletes", "DIR"];

/// A catalog that is in one of two states.
struct Catalog(PathBuf);

impl Catalog {
    fn copied_to(folder: &Path) -> Self {
        let catalog = folder.join("catalog");
        let copied = Command::new("cp").arg("-r").arg(repository(SMALL)).arg(&catalog).status();
        assert!(copied.unwrap().success());
        for number in 0..PARTS {
            let text =
                format!("## Wie reinige ich Teil {number}?\n\nMit warmem Wasser, {number} Minuten lang.\n");
            std::fs::write(catalog.join(format!("faqs/teil-{number}.md")), text).unwrap();
        }
        Self(catalog)
    }

    /// In the second state there is a question more and a rule less, and what could not be read can be.
    fn turn(&self, is_second: bool) {
        let place = |path: &str| self.0.join(path);
        let page = "<html><head><title>Kanne K-1</title></head><body><h1>Kanne K-1</h1><p>Fasst 2 Liter.</p></body></html>";
        std::fs::write(place("products/kanne.html"), if is_second { page } else { "" }).unwrap();
        let (question, rule) = (place("faqs/gutscheine.md"), place(RULE));
        if is_second {
            std::fs::write(question, "## Gibt es Gutscheine?\n\nJa, ab 10 Euro, auch zum Ausdrucken.\n")
                .unwrap();
        } else if question.exists() {
            std::fs::remove_file(question).unwrap();
        }
        match (is_second, rule.exists()) {
            (true, true) => std::fs::remove_file(rule).unwrap(),
            (false, false) => drop(std::fs::copy(repository(SMALL).join(RULE), rule).unwrap()),
            _ => {}
        }
    }

    fn arguments<'a>(&'a self, program: &[&'a str]) -> Vec<&'a str> {
        program.iter().map(|word| if *word == "DIR" { self.0.to_str().unwrap() } else { word }).collect()
    }

    /// The digest of a clean run over it.
    fn clean_digest(&self) -> String {
        let home = Home::embedded();
        home.ingested(&self.arguments(RUN));
        home.digest()
    }
}

/// Asks until told to stop. Every answer is one and of the same state; of a generation the revision never goes back. How many there were of
/// each generation.
async fn keep_asking(server: Arc<Server>, stop: Arc<AtomicBool>) -> BTreeMap<i64, usize> {
    let mut revisions: BTreeMap<i64, i64> = BTreeMap::new();
    let mut answered: BTreeMap<i64, usize> = BTreeMap::new();
    let mut states: BTreeMap<&str, Value> = BTreeMap::new();
    let mut pace = tokio::time::interval(PACE);
    for question in QUESTIONS.into_iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        pace.tick().await;
        let request = server.client.post(format!("{}/support/rag-answer", server.address));
        let response = request.json(&json!({ "question": question })).send().await.unwrap();
        let status = response.status();
        let answer: Value = response.json().await.unwrap_or_default();
        assert!(status.is_success(), "{status}: {answer}");
        assert_eq!(answer["degraded"], json!([]), "{answer}");
        let first = states.entry(question).or_insert_with(|| answer["state"].clone());
        assert_eq!(answer["state"], *first, "{answer}");
        let number = |name: &str| answer[name].as_i64().unwrap();
        let seen = revisions.entry(number("generation")).or_default();
        assert!(number("revision") >= *seen, "{answer}");
        *seen = number("revision");
        *answered.entry(number("generation")).or_default() += 1;
    }
    answered
}

/// A process that takes part in runs; killed when it is dropped.
struct Worker(Child);

impl Worker {
    fn start(home: &Home, catalog: &Catalog) -> Self {
        let mut command = home.ingest(&["work", catalog.0.to_str().unwrap(), "--embedder", "hashed"]);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Runs as soon as the place of what was killed is free; how many files workers have read.
fn run_when_free(home: &Home, arguments: &[&str]) -> u64 {
    let began = Instant::now();
    loop {
        let ended = home.ingest(arguments).output().unwrap();
        match ended.status.code() {
            Some(0 | 10) => {
                let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
                return report["sources"]["by_workers"].as_u64().unwrap();
            }
            Some(6) if began.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(200)),
            code => panic!("{code:?}: {}", String::from_utf8_lossy(&ended.stderr)),
        }
    }
}

/// Starts a program and kills it within the time that it may take.
fn kill(home: &Home, arguments: &[&str], after: Duration) -> bool {
    let mut command = home.ingest(arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_running
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_the_next_run_ends_as_a_clean_one_and_answers_go_on() {
    let Some(home) = Home::on_server("kills").await else { return };
    let kills = std::env::var("AUSKUNFT_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let catalog = Catalog::copied_to(home.path());
    let clean = [true, false].map(|is_second| {
        catalog.turn(is_second);
        catalog.clean_digest()
    });
    let run = catalog.arguments(RUN);
    let began = Instant::now();
    home.ingested(&run);
    // A rebuild reads all of it again and is judged.
    let longest = began.elapsed().mul_f64(1.5);
    // Some programs take a moment only: what ended before it was killed is killed earlier the next time.
    let mut within: BTreeMap<&str, Duration> = BTreeMap::new();
    let serving = tempfile::tempdir().unwrap();
    let environment =
        [("AUSKUNFT_RATE_PER_MINUTE", "0"), ("AUSKUNFT_DATA_DIR", serving.path().to_str().unwrap())];
    let server = Arc::new(home.serve(&environment).await);
    let stop = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn(keep_asking(Arc::clone(&server), Arc::clone(&stop)));
    let mut random = Random::seeded(7);
    let mut while_running: BTreeMap<&str, usize> = BTreeMap::new();
    let mut workers = vec![Worker::start(&home, &catalog), Worker::start(&home, &catalog)];
    for number in 0..kills {
        let is_second = random.below(2) == 0;
        catalog.turn(is_second);
        let (name, program) = PROGRAMS[number % PROGRAMS.len()];
        let longest = within.entry(name).or_insert(longest);
        let after = longest.mul_f64(random.fraction());
        // Two workers take part in whatever reads; now and then one of them dies, too, and another one comes.
        if random.below(2) == 0 {
            workers.remove(random.below(2));
            workers.push(Worker::start(&home, &catalog));
        }
        let was_running = tokio::task::block_in_place(|| kill(&home, &catalog.arguments(program), after));
        *longest = longest.mul_f64(if was_running { 1.1 } else { 0.8 });
        *while_running.entry(name).or_default() += usize::from(was_running);
        assert!(!asking.is_finished(), "questions are not answered any more");
        tokio::task::block_in_place(|| run_when_free(&home, &run));
        let expected = &clean[usize::from(!is_second)];
        assert_eq!(&home.digest(), expected, "kill {number}: {program:?} after {after:?}");
        let verified = home.ingest(&["verify"]).output().unwrap();
        assert!(verified.status.success(), "kill {number}: {}", String::from_utf8_lossy(&verified.stdout));
    }
    // Those who came last take part as the first ones did; of a small catalog a run may have read all before they look.
    let rebuild = catalog.arguments(REBUILD);
    let takes_part = |_| tokio::task::block_in_place(|| run_when_free(&home, &rebuild)) > 0;
    assert!((0..MOST_REBUILDS).any(takes_part), "no worker took part");
    stop.store(true, Ordering::Relaxed);
    let answered = asking.await.unwrap();
    println!("{kills} kills, of these while it ran: {while_running:?}; answers by generation: {answered:?}");
    assert!(while_running.values().sum::<usize>() > 0, "nothing was killed while it ran");
}
