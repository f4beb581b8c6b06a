//! Folders and runtimes that are not in order: each ends with an error that says what is wrong, and with no panic.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use auskunft_embed::{EmbedderSettings, TextKind, open};

use super::{error, fastembed, runtime, settings, tiny};
use crate::folder::Folder;

/// A process can load one runtime only: such a test runs once more in a process of its own, where this is true.
fn is_alone(test: &str) -> bool {
    const ALONE: &str = "AUSKUNFT_TEST_ALONE";
    if env::var_os(ALONE).is_some() {
        return true;
    }
    let mut command = Command::new(env::current_exe().unwrap());
    let output =
        command.args(["--exact", &format!("onnx::refused::{test}")]).env(ALONE, "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    false
}

#[test]
fn what_a_folder_lacks_is_named() {
    let Some(runtime) = runtime() else { return };
    let absent = tempfile::tempdir().unwrap().path().join("absent");
    assert!(error(&absent, &runtime).contains("does not exist"));
    let without = Folder::new();
    let text = error(without.path(), &runtime);
    assert!(text.contains("holds no ONNX model") && text.contains("ingest model pull"), "{text}");
    for file in [
        "config.json",
        "tokenizer.json",
        "special_tokens_map.json",
        "tokenizer_config.json",
        "1_Pooling/config.json",
    ] {
        let folder = tiny(|_| {});
        fs::remove_file(folder.path().join(file)).unwrap();
        let text = error(folder.path(), &runtime);
        assert!(text.contains(&format!("{file} is missing")), "{file}: {text}");
        fs::write(folder.path().join(file), "{").unwrap();
        let text = error(folder.path(), &runtime);
        assert!(text.contains(&format!("{file} is damaged")), "{file}: {text}");
    }
}

#[test]
fn models_that_cannot_be_run_are_refused_with_what_is_wrong() {
    let Some(runtime) = runtime() else { return };
    for (file, content, wanted) in [
        ("1_Pooling/config.json", r#"{"pooling_mode_max_tokens": true}"#, "pooling_mode_max_tokens"),
        ("modules.json", r#"[{"type": "sentence_transformers.models.Dense"}]"#, "models.Dense"),
        ("tokenizer_config.json", r#"{"model_max_length": 512}"#, "no pad_token"),
        ("sentence_bert_config.json", r#"{"max_seq_length": 2}"#, "no room for text"),
    ] {
        let folder = tiny(|_| {});
        fs::write(folder.path().join(file), content).unwrap();
        let text = error(folder.path(), &runtime);
        assert!(text.contains(file) && text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn a_broken_network_is_an_error_not_a_panic() {
    let Some(runtime) = runtime() else { return };
    let folder = tiny(|_| {});
    let path = folder.path().join("model.onnx");
    let whole = fs::read(&path).unwrap();
    for broken in [b"no network".to_vec(), Vec::new(), whole[..whole.len() / 2].to_vec()] {
        fs::write(&path, broken).unwrap();
        let text = error(folder.path(), &runtime);
        assert!(text.contains("model.onnx cannot be computed ("), "{text}");
    }
}

#[test]
fn a_tokenizer_of_another_model_is_an_error_not_a_panic() {
    let Some(runtime) = runtime() else { return };
    let folder = tiny(|folder| folder.replace("tokenizer.json", "\"paket\": 10", "\"paket\": 900"));
    let embedder = fastembed(folder.path(), &runtime).unwrap();
    let text = embedder.embed(TextKind::Query, &["wo", "paket"]).unwrap_err().to_string();
    assert!(text.contains("model.onnx cannot be computed"), "{text}");
    assert_eq!(embedder.embed(TextKind::Query, &["wo"]).unwrap().len(), 1);
}

#[test]
fn a_runtime_that_is_none_is_an_error_and_the_right_one_works_afterwards() {
    if !is_alone("a_runtime_that_is_none_is_an_error_and_the_right_one_works_afterwards") {
        return;
    }
    let folder = tiny(|_| {});
    let none = EmbedderSettings { onnxruntime: None, ..settings(folder.path(), Path::new("")) };
    let text = open(&none).err().unwrap().to_string();
    assert!(text.contains("none is stated or installed") && text.contains("AUSKUNFT_ONNXRUNTIME"), "{text}");
    let missing = error(folder.path(), Path::new("/nowhere/libonnxruntime.so"));
    assert!(missing.contains("/nowhere/libonnxruntime.so is no file"), "{missing}");
    let text_file = folder.path().join("libonnxruntime.so");
    fs::write(&text_file, "no library").unwrap();
    let text = error(folder.path(), &text_file);
    assert!(text.contains("libonnxruntime.so cannot be used as ONNX Runtime ("), "{text}");
    let text = error(folder.path(), &other_library());
    assert!(text.contains("does not export `OrtGetApiBase`"), "{text}");
    let Some(runtime) = runtime() else { return };
    let embedder = fastembed(folder.path(), &runtime).unwrap();
    assert_eq!(embedder.embed(TextKind::Query, &["paket"]).unwrap().len(), 1);
    let text = error(folder.path(), &text_file);
    assert!(text.contains("this process runs ") && text.contains("already"), "{text}");
}

/// A shared library that is another one: that of C, which this process runs.
fn other_library() -> PathBuf {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let path =
        maps.lines().filter_map(|line| line.split_whitespace().nth(5)).find(|path| path.contains("libc.so"));
    PathBuf::from(path.expect("this process runs no library of C"))
}
