//! What a model folder says about its model, checked against what the encoder can compute.

use std::path::Path;

use serde::Deserialize;

use super::files::{damaged, read_json, read_optional_json};
use crate::{EmbedError, Prefixes, TextKind};

/// How token vectors become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// Their mean.
    Mean,
    /// The first one.
    Cls,
}

/// Everything that the encoder needs to know beside the weights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ModelConfig {
    /// Numbers per token.
    pub(super) hidden: usize,
    /// Numbers per token inside the feed-forward part.
    pub(super) wide: usize,
    pub(super) heads: usize,
    pub(super) layers: usize,
    /// Added to variances.
    pub(super) epsilon: f32,
    /// Rows of the position table.
    pub(super) positions: usize,
    /// Rows of the token type table.
    pub(super) types: usize,
    /// Rows of the word table.
    pub(super) vocabulary: usize,
    pub(super) pooling: Pooling,
    /// Longest sequence, special tokens included.
    pub(super) max_tokens: usize,
    query_prefix: String,
    passage_prefix: String,
}

#[derive(Deserialize)]
struct Bert {
    #[serde(default)]
    architectures: Vec<String>,
    model_type: String,
    hidden_act: String,
    hidden_size: usize,
    intermediate_size: usize,
    layer_norm_eps: f32,
    max_position_embeddings: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    #[serde(default = "absolute")]
    position_embedding_type: String,
    #[serde(default = "two")]
    type_vocab_size: usize,
    vocab_size: usize,
}

fn absolute() -> String {
    "absolute".to_owned()
}

fn two() -> usize {
    2
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

impl ModelConfig {
    /// Reads the configuration files of a sentence-transformers folder.
    pub(super) fn read(folder: &Path) -> Result<Self, EmbedError> {
        check_modules(&folder.join("modules.json"))?;
        let path = folder.join("config.json");
        let bert: Bert = read_json(&path)?;
        bert.check(&path)?;
        let pooling = read_pooling(&folder.join("1_Pooling").join("config.json"))?;
        let max_tokens =
            read_max_tokens(&folder.join("sentence_bert_config.json"), bert.max_position_embeddings)?;
        let prompts: Option<Prompts> = read_optional_json(&folder.join("config_sentence_transformers.json"))?;
        let PromptTexts { query, passage } = prompts.unwrap_or_default().prompts;
        Ok(Self {
            hidden: bert.hidden_size,
            wide: bert.intermediate_size,
            heads: bert.num_attention_heads,
            layers: bert.num_hidden_layers,
            epsilon: bert.layer_norm_eps,
            positions: bert.max_position_embeddings,
            types: bert.type_vocab_size,
            vocabulary: bert.vocab_size,
            pooling,
            max_tokens,
            query_prefix: query,
            passage_prefix: passage,
        })
    }

    /// The same with prefixes that are stated.
    pub(super) fn with(self, prefixes: &Prefixes) -> Self {
        let stated = |kind| prefixes.before(kind).map(str::to_owned);
        Self {
            query_prefix: stated(TextKind::Query).unwrap_or(self.query_prefix),
            passage_prefix: stated(TextKind::Passage).unwrap_or(self.passage_prefix),
            ..self
        }
    }

    /// What is put before a text of this kind.
    pub(super) fn prefix(&self, kind: TextKind) -> &str {
        match kind {
            TextKind::Query => &self.query_prefix,
            TextKind::Passage => &self.passage_prefix,
        }
    }

    /// All that moves a vector beside weights, tokenizer and prefixes, as one line for the space's hash.
    pub(super) fn signature(&self) -> String {
        let Self { hidden, heads, layers, epsilon, pooling, max_tokens, .. } = self;
        format!("bert f32 {hidden} {heads} {layers} {epsilon:e} {pooling:?} {max_tokens} normalised")
    }
}

impl Bert {
    fn check(&self, path: &Path) -> Result<(), EmbedError> {
        let wrong = |detail: String| Err(unsupported(path, detail));
        if self.model_type != "bert" {
            return wrong(format!("model_type {}", self.model_type));
        }
        if !self.architectures.is_empty() && !self.architectures.iter().any(|name| name == "BertModel") {
            return wrong(format!("architecture {}", self.architectures.join(", ")));
        }
        if self.hidden_act != "gelu" {
            return wrong(format!("hidden_act {}", self.hidden_act));
        }
        if self.position_embedding_type != "absolute" {
            return wrong(format!("position_embedding_type {}", self.position_embedding_type));
        }
        self.check_sizes().map_err(|detail| damaged(path, detail))
    }

    fn check_sizes(&self) -> Result<(), &'static str> {
        let sizes = [
            self.hidden_size,
            self.intermediate_size,
            self.num_attention_heads,
            self.num_hidden_layers,
            self.type_vocab_size,
            self.vocab_size,
        ];
        if sizes.contains(&0) {
            return Err("a size is 0");
        }
        // The weights' own shapes are checked against these; this bound keeps sums of them from overflowing.
        if sizes.iter().any(|&size| size > 1 << 24) {
            return Err("a size is above 16 million");
        }
        if !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err("hidden_size is no multiple of num_attention_heads");
        }
        Ok(())
    }
}

fn check_modules(path: &Path) -> Result<(), EmbedError> {
    let modules: Vec<Module> = read_optional_json(path)?.unwrap_or_default();
    let known = ["Transformer", "Pooling", "Normalize"];
    match modules.iter().find(|module| !known.iter().any(|name| module.kind.ends_with(&format!(".{name}")))) {
        Some(module) => Err(unsupported(path, format!("module {}", module.kind))),
        None => Ok(()),
    }
}

fn read_pooling(path: &Path) -> Result<Pooling, EmbedError> {
    let modes: serde_json::Map<String, serde_json::Value> = read_json(path)?;
    let on: Vec<&str> = modes
        .iter()
        .filter(|(name, value)| name.starts_with("pooling_mode_") && value.as_bool() == Some(true))
        .map(|(name, _)| name.as_str())
        .collect();
    match on.as_slice() {
        ["pooling_mode_mean_tokens"] => Ok(Pooling::Mean),
        ["pooling_mode_cls_token"] => Ok(Pooling::Cls),
        [] => Err(unsupported(path, "no pooling mode is on".to_owned())),
        others => Err(unsupported(path, others.join(" + "))),
    }
}

fn read_max_tokens(path: &Path, positions: usize) -> Result<usize, EmbedError> {
    let sentence: Sentence = read_optional_json(path)?.unwrap_or_default();
    if sentence.do_lower_case {
        return Err(unsupported(path, "do_lower_case outside the tokenizer".to_owned()));
    }
    let limit = sentence.max_seq_length.unwrap_or(positions).min(positions);
    if limit < 3 {
        return Err(damaged(path, format!("a limit of {limit} tokens leaves no room for text")));
    }
    Ok(limit)
}

fn unsupported(path: &Path, detail: String) -> EmbedError {
    EmbedError::Unsupported { path: path.to_owned(), detail }
}
