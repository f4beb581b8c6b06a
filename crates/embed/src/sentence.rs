//! What a sentence-transformers folder says beside its network: pooling, the longest sequence, prefixes. The same for every engine, so
//! that one model gives one vector.

use std::path::Path;

use serde::Deserialize;

use crate::files::{damaged, read_json, read_optional_json};
use crate::{EmbedError, Engine};

/// How token vectors become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pooling {
    /// Their mean.
    Mean,
    /// The first one.
    Cls,
}

/// sentence_bert_config.json
#[derive(Default, Deserialize)]
struct Sentence {
    max_seq_length: Option<usize>,
    #[serde(default)]
    do_lower_case: bool,
}

/// config_sentence_transformers.json
#[derive(Default, Deserialize)]
struct Prompts {
    #[serde(default)]
    prompts: PromptTexts,
}

#[derive(Default, Deserialize)]
struct PromptTexts {
    #[serde(default)]
    query: String,
    #[serde(default, alias = "document")]
    passage: String,
}

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "type")]
    kind: String,
}

/// Where a folder states its pooling.
pub(crate) const POOLING: &str = "1_Pooling/config.json";

/// Refuses folders whose model does more than what every engine does.
pub(crate) fn check_modules(folder: &Path, engine: Engine) -> Result<(), EmbedError> {
    let path = folder.join("modules.json");
    let modules: Vec<Module> = read_optional_json(&path)?.unwrap_or_default();
    let known = ["Transformer", "Pooling", "Normalize"];
    match modules.iter().find(|module| !known.iter().any(|name| module.kind.ends_with(&format!(".{name}")))) {
        Some(module) => Err(unsupported(engine, &path, format!("module {}", module.kind))),
        None => Ok(()),
    }
}

/// The pooling that the folder states; it must.
pub(crate) fn pooling(folder: &Path, engine: Engine) -> Result<Pooling, EmbedError> {
    let path = folder.join(POOLING);
    let modes: serde_json::Map<String, serde_json::Value> = read_json(&path)?;
    let on: Vec<&str> = modes
        .iter()
        .filter(|(name, value)| name.starts_with("pooling_mode_") && value.as_bool() == Some(true))
        .map(|(name, _)| name.as_str())
        .collect();
    match on.as_slice() {
        ["pooling_mode_mean_tokens"] => Ok(Pooling::Mean),
        ["pooling_mode_cls_token"] => Ok(Pooling::Cls),
        [] => Err(unsupported(engine, &path, "no pooling mode is on".to_owned())),
        others => Err(unsupported(engine, &path, others.join(" + "))),
    }
}

/// The longest sequence in tokens, special ones included: what the folder states, else `usual`, at most what the network can take.
pub(crate) fn max_tokens(
    folder: &Path,
    usual: usize,
    most: usize,
    engine: Engine,
) -> Result<usize, EmbedError> {
    let path = folder.join("sentence_bert_config.json");
    let sentence: Sentence = read_optional_json(&path)?.unwrap_or_default();
    if sentence.do_lower_case {
        return Err(unsupported(engine, &path, "do_lower_case outside the tokenizer".to_owned()));
    }
    let limit = sentence.max_seq_length.unwrap_or(usual).min(most);
    if limit < 3 {
        return Err(damaged(&path, format!("a limit of {limit} tokens leaves no room for text")));
    }
    Ok(limit)
}

/// What the folder puts before questions and before passages; empty where it says nothing.
pub(crate) fn prefixes(folder: &Path) -> Result<(String, String), EmbedError> {
    let prompts: Option<Prompts> = read_optional_json(&folder.join("config_sentence_transformers.json"))?;
    let PromptTexts { query, passage } = prompts.unwrap_or_default().prompts;
    Ok((query, passage))
}

fn unsupported(engine: Engine, path: &Path, detail: String) -> EmbedError {
    EmbedError::Unsupported { engine, path: path.to_owned(), detail }
}
