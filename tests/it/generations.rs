//! A service answers on while generations are built beside the live one, turned to, and taken back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::{Server, repository};
use serde_json::{Value, json};

use crate::home::Home;

/// How long a service may take to follow before the scenario is given up: a busy machine is no reason.
const LIMIT: Duration = Duration::from_secs(60);

const QUESTIONS: [&str; 3] =
    ["Wie entkalke ich den KM-2400 S?", "Wie lange kann ich etwas zurückgeben?", "Was wiegt der KM-2600?"];

async fn ask(server: &Server, question: &str) -> (u16, Value) {
    let body = json!({ "question": question });
    let request = server.client.post(format!("{}/support/rag-answer", server.address)).json(&body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

/// Asks until told to stop; every answer is one, and each comes from one of these generations.
fn keep_asking(
    server: &Arc<Server>,
    stop: &Arc<AtomicBool>,
) -> tokio::task::JoinHandle<(usize, BTreeSet<i64>)> {
    let (server, stop) = (Arc::clone(server), Arc::clone(stop));
    tokio::spawn(async move {
        let (mut asked, mut generations) = (0, BTreeSet::new());
        while !stop.load(Ordering::Relaxed) {
            let (status, answer) = ask(&server, QUESTIONS[asked % QUESTIONS.len()]).await;
            assert_eq!(status, 200, "{answer}");
            assert_eq!(answer["degraded"], json!([]), "{answer}");
            generations.insert(answer["generation"].as_i64().unwrap());
            asked += 1;
        }
        (asked, generations)
    })
}

/// Until the service answers from that generation; how long it took.
async fn until_it_follows(server: &Server, generation: i64) -> Duration {
    let began = Instant::now();
    loop {
        let (_, answer) = ask(server, QUESTIONS[0]).await;
        if answer["generation"] == generation {
            return began.elapsed();
        }
        assert!(began.elapsed() < LIMIT, "{answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn ran(home: &Home, arguments: &[&str]) -> Value {
    serde_json::from_slice(&home.ingested(&[arguments, &["--json"]].concat()).stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_go_on_while_generations_change() {
    let Some(home) = Home::on_server("generations").await else { return };
    let small = repository("catalog-fixtures/small");
    let small = small.to_str().unwrap();
    home.set("maintenance_work_mem", "64kB").await;
    let first = ran(&home, &["--quiet", "--embedder", "hashed", small]);
    let notes = first["notes"].as_array().unwrap().iter();
    assert!(notes.filter_map(Value::as_str).any(|note| note.contains("`maintenance_work_mem`")), "{first}");
    let serving = tempfile::tempdir().unwrap();
    let data = serving.path().to_str().unwrap();
    let server =
        Arc::new(home.serve(&[("AUSKUNFT_RATE_PER_MINUTE", "0"), ("AUSKUNFT_DATA_DIR", data)]).await);
    let stop = Arc::new(AtomicBool::new(false));
    let asking = keep_asking(&server, &stop);
    let report = ran(&home, &["--quiet", "--rebuild", small]);
    assert_eq!((&report["generation"], &report["live_generation"]), (&json!(2), &json!(2)), "{report}");
    println!("followed {:?} after the run ended", until_it_follows(&server, 2).await);
    let back = ran(&home, &["rollback"]);
    println!("turned back in {} s; followed {:?} later", back["seconds"], until_it_follows(&server, 1).await);
    let forth = ran(&home, &["rollback"]);
    assert_eq!(forth["generation"], 2, "{forth}");
    until_it_follows(&server, 2).await;
    stop.store(true, Ordering::Relaxed);
    let (asked, generations) = asking.await.unwrap();
    assert_eq!(generations, BTreeSet::from([1, 2]));
    assert!(asked > QUESTIONS.len(), "{asked}");
    // The same question from the same texts is the same answer.
    let (_, answer) = ask(&server, QUESTIONS[0]).await;
    assert_eq!(answer["state"], "answered", "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_follows_to_a_generation_of_another_embedder() {
    let Some(model) = crate::quality::model() else { return };
    let Some(home) = Home::on_server("embedders").await else { return };
    home_catalog(&home);
    let catalog = home.path().join("catalog");
    let catalog = catalog.to_str().unwrap();
    ran(&home, &["--quiet", "--embedder", "hashed", catalog]);
    // What the service is told of embedders is what was so when it was started.
    let environment = [
        ("AUSKUNFT_EMBEDDER", "hashed"),
        ("AUSKUNFT_MODEL_DIR", model.to_str().unwrap()),
        ("AUSKUNFT_RATE_PER_MINUTE", "0"),
    ];
    let server = Arc::new(home.serve(&environment).await);
    let stop = Arc::new(AtomicBool::new(false));
    let asking = keep_asking(&server, &stop);
    let native = ["--quiet", "--embedder", "native", "--model-dir", model.to_str().unwrap(), catalog];
    let report = ran(&home, &native);
    assert!(report["embeddings"]["space"].as_str().unwrap().starts_with("native-"), "{report}");
    until_it_follows(&server, 2).await;
    ran(&home, &["rollback"]);
    until_it_follows(&server, 1).await;
    stop.store(true, Ordering::Relaxed);
    assert_eq!(asking.await.unwrap().1, BTreeSet::from([1, 2]));
}

/// A few questions: embedding them takes a moment, not minutes.
fn home_catalog(home: &Home) {
    let faqs = home.path().join("catalog/faqs");
    std::fs::create_dir_all(&faqs).unwrap();
    for (place, words) in
        ["den Tank reinigen", "das Gerät entkalken", "etwas zurückgeben"].into_iter().enumerate()
    {
        let text = format!(
            "# Fragen\n\n## Wie kann ich {words}?\n\nDazu nehmen Sie warmes Wasser und {words} damit.\n"
        );
        std::fs::write(faqs.join(format!("{place}.md")), text).unwrap();
    }
}
