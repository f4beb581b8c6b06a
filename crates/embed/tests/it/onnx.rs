//! The embedder `fastembed`: the vectors of the native one for the same model, and what is said about a folder or runtime that is not in
//! order (`refused`).

mod refused;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use auskunft_boot::settings::{Overrides, load};
use auskunft_embed::{EmbedError, Embedder, EmbedderSettings, Engine, TextKind, open, open_for};
use tempfile::TempDir;

use crate::folder::Folder;
use crate::reference::{cosine, data, difference, native, references};

/// The library, where it is installed.
pub(crate) fn runtime() -> Option<PathBuf> {
    let usual = || env::home_dir().unwrap_or_default().join(".cache/auskunft/onnxruntime/libonnxruntime.so");
    let path = env::var_os("AUSKUNFT_ONNXRUNTIME").map_or_else(usual, PathBuf::from);
    if path.is_file() {
        return Some(path);
    }
    let required = env::var("AUSKUNFT_REQUIRE_ASSETS").is_ok_and(|value| value == "1");
    assert!(!required, "no runtime at {}, and AUSKUNFT_REQUIRE_ASSETS=1", path.display());
    println!("skipped: ONNX Runtime is not installed (scripts/fetch-assets.py fetches it)");
    None
}

fn settings(folder: &Path, runtime: &Path) -> EmbedderSettings {
    EmbedderSettings {
        engine: Engine::Fastembed,
        onnxruntime: Some(runtime.to_owned()),
        ..EmbedderSettings::native(folder, 2)
    }
}

/// The embedder over a folder with a network.
pub(crate) fn fastembed(folder: &Path, runtime: &Path) -> Result<Arc<dyn Embedder>, EmbedError> {
    open(&settings(folder, runtime))
}

/// The committed tiny model in ONNX's form, as `prepare` leaves its folder.
fn tiny(prepare: impl FnOnce(&Folder)) -> TempDir {
    let folder = Folder::new();
    prepare(&folder);
    let target = tempfile::tempdir().unwrap();
    test_onnx::make_folder(folder.path(), target.path()).unwrap();
    target
}

fn error(folder: &Path, runtime: &Path) -> String {
    fastembed(folder, runtime).err().expect("it was accepted").to_string()
}

#[test]
fn vectors_equal_the_reference_and_those_of_the_native_engine() {
    let Some(runtime) = runtime() else { return };
    let folder = tiny(|_| {});
    let embedder = fastembed(folder.path(), &runtime).unwrap();
    let native = native(&data("tiny-bert"), 2).unwrap();
    assert_eq!((embedder.dimensions(), embedder.max_tokens()), (native.dimensions(), native.max_tokens()));
    for reference in references("tiny-reference.json") {
        let vectors = embedder.embed(TextKind::Passage, &[&reference.text]).unwrap();
        assert!(difference(&vectors[0], &reference.mean) < 1e-5, "{}", reference.text);
        assert_eq!(embedder.count_tokens(&reference.text), native.count_tokens(&reference.text));
    }
    assert!(embedder.embed(TextKind::Query, &[]).unwrap().is_empty());
    assert!(!embedder.is_lexical());
}

#[test]
fn cls_pooling_takes_the_first_token() {
    let Some(runtime) = runtime() else { return };
    let folder = tiny(|folder| {
        folder.write("1_Pooling/config.json", r#"{"pooling_mode_cls_token": true}"#);
    });
    let embedder = fastembed(folder.path(), &runtime).unwrap();
    for reference in references("tiny-reference.json") {
        let vectors = embedder.embed(TextKind::Passage, &[&reference.text]).unwrap();
        assert!(difference(&vectors[0], &reference.cls) < 1e-5, "{}", reference.text);
    }
}

#[test]
fn texts_come_back_in_their_order_and_are_cut_at_the_models_limit() {
    let Some(runtime) = runtime() else { return };
    let folder = tiny(|_| {});
    let embedder = fastembed(folder.path(), &runtime).unwrap();
    let words = ["wie", "wo", "ist", "ich", "die", "mein", "paket"];
    let texts: Vec<String> =
        (0..150).map(|number| [words[number % 7]].repeat(number * 5 % 13 + 1).join(" ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let together = embedder.embed(TextKind::Passage, &texts).unwrap();
    for (text, vector) in texts.iter().zip(&together) {
        let alone = embedder.embed(TextKind::Passage, &[text]).unwrap();
        assert!(difference(&alone[0], vector) < 1e-6, "{text}");
    }
    let (fits, long) = (["paket"; 10].join(" "), ["paket"; 500].join(" "));
    let vectors = embedder.embed(TextKind::Query, &[&fits, &long]).unwrap();
    assert!(difference(&vectors[0], &vectors[1]) < 1e-6);
    assert_eq!([embedder.count_tokens(&fits), embedder.count_tokens(&long)], [12, 502]);
}

#[test]
fn prefixes_are_applied_by_kind_and_change_the_space() {
    let Some(runtime) = runtime() else { return };
    let plain = tiny(|_| {});
    let prompts = r#"{"prompts": {"query": "wie ", "document": "die "}}"#;
    let with_prompts = tiny(|folder| folder.write("config_sentence_transformers.json", prompts));
    let plain = fastembed(plain.path(), &runtime).unwrap();
    let prefixed = fastembed(with_prompts.path(), &runtime).unwrap();
    let expected = plain.embed(TextKind::Query, &["wie paket", "die paket"]).unwrap();
    let question = prefixed.embed(TextKind::Query, &["paket"]).unwrap();
    let passage = prefixed.embed(TextKind::Passage, &["paket"]).unwrap();
    assert!(difference(&question[0], &expected[0]) < 1e-6);
    assert!(difference(&passage[0], &expected[1]) < 1e-6);
    assert_eq!(prefixed.count_tokens("paket"), plain.count_tokens("die paket"));
    assert_ne!(prefixed.space(), plain.space());
}

#[test]
fn a_fetched_model_has_the_pooling_and_prefixes_of_fastembeds_list() {
    let Some(runtime) = runtime() else { return };
    let folder = tiny(|_| {});
    fs::remove_file(folder.path().join("1_Pooling/config.json")).unwrap();
    fs::create_dir(folder.path().join("onnx")).unwrap();
    fs::rename(folder.path().join("model.onnx"), folder.path().join("onnx/model.onnx")).unwrap();
    let missing = error(folder.path(), &runtime);
    assert!(missing.contains("1_Pooling/config.json is missing"), "{missing}");
    let origin = r#"{"name": "intfloat/multilingual-e5-small", "revision": "0", "licence": "MIT",
        "files": [{"path": "onnx/model.onnx", "bytes": 1, "sha256": null}]}"#;
    fs::write(folder.path().join("origin.json"), origin).unwrap();
    let e5 = fastembed(folder.path(), &runtime).unwrap();
    let plain = native(&data("tiny-bert"), 1).unwrap();
    let expected = plain.embed(TextKind::Query, &["query: paket", "passage: paket"]).unwrap();
    let question = e5.embed(TextKind::Query, &["paket"]).unwrap();
    let passage = e5.embed(TextKind::Passage, &["paket"]).unwrap();
    assert!(difference(&question[0], &expected[0]) < 1e-5);
    assert!(difference(&passage[0], &expected[1]) < 1e-5);
}

#[test]
fn the_space_follows_whatever_moves_vectors_and_its_embedder_is_found_again() {
    let Some(runtime) = runtime() else { return };
    let space = |folder: &TempDir| fastembed(folder.path(), &runtime).unwrap().space().clone();
    let plain = tiny(|_| {});
    let original = space(&plain);
    assert!(original.as_str().starts_with("fastembed-bert-24-"), "{original}");
    assert_eq!(Engine::of_space(&original), Some(Engine::Fastembed));
    assert_eq!(space(&tiny(|_| {})), original);
    assert_ne!(native(&data("tiny-bert"), 1).unwrap().space(), &original);

    let shorter = tiny(|folder| folder.replace("sentence_bert_config.json", "12", "11"));
    let other_words =
        tiny(|folder| folder.replace("tokenizer.json", "\"lowercase\": true", "\"lowercase\": false"));
    let other_weights = tiny(|folder| {
        let mut bytes = fs::read(folder.path().join("model.safetensors")).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        folder.write("model.safetensors", bytes);
    });
    for folder in [shorter, other_words, other_weights] {
        assert_ne!(space(&folder), original);
    }

    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("models")).unwrap();
    let installed = home.path().join("models/tiny-onnx");
    fs::rename(plain.path(), &installed).unwrap();
    let variable = |name: &str| match name {
        "AUSKUNFT_CACHE_DIR" => Some(home.path().display().to_string()),
        "AUSKUNFT_ONNXRUNTIME" => Some(runtime.display().to_string()),
        _ => None,
    };
    let settings = load(&Overrides::default(), &variable).unwrap().settings;
    let found = open_for(&original, &settings).unwrap().expect("no embedder was found");
    assert_eq!(found.space(), &original);
}

#[test]
fn all_minilm_has_the_vectors_of_the_native_engine_alone_and_in_company() {
    let (Some(runtime), Some(native)) = (runtime(), crate::minilm::model()) else { return };
    // The network has 90 MB: it stays in the build's own folder, once.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("all-minilm-l6-v2-onnx");
    test_onnx::make_folder(&crate::minilm::folder(), &folder).unwrap();
    let embedder = fastembed(&folder, &runtime).unwrap();
    assert_eq!((embedder.dimensions(), embedder.max_tokens()), (384, native.max_tokens()));
    let references = references("minilm-reference.json");
    let mut texts: Vec<&str> = references.iter().map(|reference| reference.text.as_str()).collect();
    let long = texts.iter().max_by_key(|text| text.len()).copied().unwrap_or_default();
    let mut ends: Vec<usize> = long.char_indices().map(|(place, _)| place).collect();
    ends.retain(|end| end % 23 == 7);
    texts.extend(ends.iter().take(37).map(|&end| &long[..end]));
    assert!(texts.len() >= 60, "{}", texts.len());
    let together = embedder.embed(TextKind::Passage, &texts).unwrap();
    let expected = native.embed(TextKind::Passage, &texts).unwrap();
    for ((text, vector), expected) in texts.iter().zip(&together).zip(&expected) {
        let alone = embedder.embed(TextKind::Query, &[text]).unwrap().remove(0);
        assert!(cosine(vector, expected) >= 0.9999, "{text}: {}", cosine(vector, expected));
        assert!(cosine(&alone, expected) >= 0.9999, "{text}: {}", cosine(&alone, expected));
        assert!(difference(&alone, vector) < 1e-6, "{text}: {}", difference(&alone, vector));
        assert_eq!(embedder.count_tokens(text), native.count_tokens(text), "{text}");
    }
    assert!(embedder.notes().iter().any(|note| note.contains("weak in German")));
}
