//! What a model folder says about its model, checked against what the encoder can compute.

use std::path::Path;

use serde::Deserialize;

use crate::files::{damaged, read_json};
use crate::sentence::{self, Pooling};
use crate::{EmbedError, Engine, Prefixes, TextKind};

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

impl ModelConfig {
    /// Reads the configuration files of a sentence-transformers folder.
    pub(super) fn read(folder: &Path) -> Result<Self, EmbedError> {
        sentence::check_modules(folder, Engine::Native)?;
        let path = folder.join("config.json");
        let bert: Bert = read_json(&path)?;
        bert.check(&path)?;
        let pooling = sentence::pooling(folder, Engine::Native)?;
        let positions = bert.max_position_embeddings;
        let max_tokens = sentence::max_tokens(folder, positions, positions, Engine::Native)?;
        let (query_prefix, passage_prefix) = sentence::prefixes(folder)?;
        Ok(Self {
            hidden: bert.hidden_size,
            wide: bert.intermediate_size,
            heads: bert.num_attention_heads,
            layers: bert.num_hidden_layers,
            epsilon: bert.layer_norm_eps,
            positions,
            types: bert.type_vocab_size,
            vocabulary: bert.vocab_size,
            pooling,
            max_tokens,
            query_prefix,
            passage_prefix,
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

fn unsupported(path: &Path, detail: String) -> EmbedError {
    EmbedError::Unsupported { engine: Engine::Native, path: path.to_owned(), detail }
}
