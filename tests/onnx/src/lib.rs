//! BERT models in ONNX's form, for tests and measurements.
//!
//! [`write()`] takes the weights of a sentence-transformers folder and writes the network that a hub would give for them: token numbers, mask
//! and token types of a padded batch go in, the last hidden state comes out. It uses the fused operators of ONNX Runtime, which is what its own
//! optimiser makes of an exported BERT. Nothing is converted: the weights keep their 32 bits.

mod graph;
mod protobuf;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

/// Files that an ONNX folder shares with the one of the weights, where they are there.
const SHARED: [&str; 8] = [
    "config.json",
    "tokenizer.json",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
];

/// Writes the network of a folder with `config.json` and `model.safetensors` to `target`.
pub fn write(folder: &Path, target: &Path) -> anyhow::Result<()> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let config: Value = serde_json::from_slice(&read("config.json")?)?;
    ensure!(
        config["model_type"] == "bert" && config["hidden_act"] == "gelu",
        "it is no BERT model with GELU"
    );
    let network = graph::network(&read("model.safetensors")?, &config)?;
    fs::write(target, network)?;
    Ok(())
}

/// Makes a folder as fastembed reads it: the network as `model.onnx`, and the files of `folder` beside. What is missing of the tokenizer's
/// files is written as BERT has it.
pub fn make_folder(folder: &Path, target: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(target.join("1_Pooling"))?;
    for file in SHARED {
        if folder.join(file).is_file() {
            fs::copy(folder.join(file), target.join(file))?;
        }
    }
    let of_bert = [
        (
            "special_tokens_map.json",
            json!({ "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]" }),
        ),
        ("tokenizer_config.json", json!({ "pad_token": "[PAD]", "model_max_length": 512 })),
    ];
    for (file, content) in of_bert {
        if !target.join(file).is_file() {
            fs::write(target.join(file), content.to_string())?;
        }
    }
    write(folder, &target.join("model.onnx"))?;
    Ok(target.to_owned())
}
