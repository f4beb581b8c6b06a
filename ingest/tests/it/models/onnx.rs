//! The same for models in ONNX's form, and runs that use one.

use super::*;
use crate::support::onnxruntime;

/// The tiny model as a hub has it for fastembed.
fn hub(home: &Home) -> Hub {
    let folder = test_onnx::make_folder(&tiny(), &home.path("hub")).unwrap();
    std::fs::create_dir(folder.join("onnx")).unwrap();
    std::fs::rename(folder.join("model.onnx"), folder.join("onnx/model.onnx")).unwrap();
    Hub::start(State { folder: Some(folder), ..State::default() })
}

#[test]
fn a_model_is_fetched_as_onnx_and_used_without_the_hub() {
    let Some(runtime) = onnxruntime() else { return };
    let home = Home::new();
    let hub = hub(&home);
    hub.trouble("onnx/model.onnx", &[Trouble::Break(10_000), Trouble::Busy]);
    let mut pull = command(&home, &hub, &["pull", NAME, "--embedder", "fastembed", "--json"]);
    let ran = run(pull.env("AUSKUNFT_ONNXRUNTIME", &runtime));
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = ran.json();
    let folder = home.path("cache").join("models/tiny-bert-onnx");
    assert_eq!(told["folder"], json!(folder));
    assert!(told["space"].as_str().unwrap().starts_with("fastembed-bert-24-"), "{told}");
    assert_eq!(
        hub.asked("onnx/model.onnx"),
        [None, Some("bytes=10000-".to_owned()), Some("bytes=10000-".to_owned())]
    );
    let path = model(&home, &hub, &["path", NAME, "--embedder", "fastembed"]);
    assert_eq!(path.stdout.trim(), folder.display().to_string());

    home.write(
        "faqs/a.jsonl",
        "{\"question\": \"Wie oft entkalken?\", \"answer\": \"Jeden Monat, mit dem Entkalker.\"}\n",
    );
    let ingest = |embedder: Option<&str>| {
        let mut ingest = home.command("data");
        ingest.env("AUSKUNFT_ONNXRUNTIME", &runtime).env("AUSKUNFT_CACHE_DIR", home.path("cache"));
        ingest.env_remove("AUSKUNFT_EMBEDDER").env("HF_ENDPOINT", "http://127.0.0.1:1");
        if let Some(embedder) = embedder {
            ingest.env("AUSKUNFT_EMBEDDER", embedder).env("AUSKUNFT_MODEL_DIR", &folder);
        }
        // It has no sense of meaning.
        let ran = run(ingest.arg(home.catalog()).args(["--json", "--any-embedder"]));
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()
    };
    assert_eq!(ingest(Some("fastembed"))["embeddings"]["space"], told["space"]);
    home.write("faqs/b.jsonl", "{\"question\": \"Wie lange?\", \"answer\": \"Eine halbe Stunde.\"}\n");
    let again = ingest(None);
    assert_eq!(
        again["embeddings"]["space"], told["space"],
        "the embedder of the live generation is found again"
    );
}

#[test]
fn a_run_without_a_runtime_or_network_is_refused() {
    let home = Home::new();
    home.write("faqs/a.jsonl", "{\"question\": \"Wie oft?\", \"answer\": \"Jeden Monat.\"}\n");
    let no_library = home.path("libonnxruntime.so");
    std::fs::write(&no_library, "no library").unwrap();
    let ingest = |runtime: &Path| {
        let mut ingest = home.command("data");
        ingest.env("AUSKUNFT_EMBEDDER", "fastembed").env("AUSKUNFT_MODEL_DIR", tiny());
        run(ingest.env("AUSKUNFT_ONNXRUNTIME", runtime).arg(home.catalog()))
    };
    ingest(&home.path("absent.so")).assert_refused(3, &["absent.so is no file", "AUSKUNFT_ONNXRUNTIME"]);
    ingest(&no_library).assert_refused(3, &["cannot be used as ONNX Runtime"]);
    let Some(runtime) = onnxruntime() else { return };
    ingest(&runtime).assert_refused(3, &["holds no ONNX model", "ingest model pull"]);
}

#[test]
fn what_fastembed_knows_is_listed_when_it_is_asked_for() {
    let (home, hub) = (Home::new(), Hub::start(State::default()));
    let listed = model(&home, &hub, &["list", "--embedder", "fastembed"]).stdout;
    assert!(listed.contains("MultilingualE5Small  intfloat/multilingual-e5-small, 384 numbers"), "{listed}");
    let json = model(&home, &hub, &["list", "--json"]).json();
    assert!(json["fastembed"].as_array().unwrap().len() > 40, "{json}");
    let unlike = model(&home, &hub, &["pull", "nobody/nothing", "--embedder", "fastembed"]);
    unlike.assert_refused(3, &["404", "nobody/nothing"]);
}
