//! Reading a folder with a model in ONNX's form: its files, and what they say about it.

use std::fs;
use std::path::{Path, PathBuf};

use auskunft_model::Digest;
use fastembed::{TokenizerFiles, UserDefinedEmbeddingModel};
use serde_json::{Map, Value};

use super::listed::Listed;
use crate::files::{self, damaged, read_json};
use crate::sentence::{self, Pooling};
use crate::{EmbedError, Engine, Prefixes, TextKind, hub};

/// Where a network is looked for.
const USUAL: [&str; 2] = ["model.onnx", "onnx/model.onnx"];
/// The longest sequence where nothing in the folder states one: some models take 8,192 tokens, which cost 256 times as much.
const USUAL_TOKENS: usize = 512;
/// Encoders whose positions are counted from behind the number of the padding token.
const LATE_POSITIONS: [&str; 4] = ["xlm-roberta", "roberta", "camembert", "mpnet"];
/// Operators of networks whose 8-bit scales follow from the whole batch begin like this.
const DYNAMIC: &[u8] = b"DynamicQuantize";

/// A model as fastembed takes it, and what the embedder needs to know beside.
pub(super) struct OnnxFolder {
    pub(super) path: PathBuf,
    pub(super) model: UserDefinedEmbeddingModel,
    pub(super) max_tokens: usize,
    /// Rows of the word table; `usize::MAX` where the folder does not say.
    pub(super) vocabulary: usize,
    /// Whether a text's vector depends on its neighbours in the batch.
    pub(super) is_dynamic: bool,
    query_prefix: String,
    passage_prefix: String,
    family: String,
    pooling: Pooling,
}

impl OnnxFolder {
    /// Reads and checks all but the network itself; stated prefixes stand in place of the folder's own.
    pub(super) fn read(folder: &Path, prefixes: &Prefixes) -> Result<Self, EmbedError> {
        if !folder.is_dir() {
            return Err(EmbedError::FolderMissing(folder.to_owned()));
        }
        let path = network(folder)?;
        let listed = listed(folder, &path);
        let output = listed.as_ref().and_then(Listed::output);
        if output.is_none() {
            sentence::check_modules(folder, Engine::Fastembed)?;
        }
        let pooling = pooling(folder, listed.as_ref())?;
        let config: Map<String, Value> = read_json(&folder.join("config.json"))?;
        let tokenizer_config: Map<String, Value> = read_json(&folder.join(TOKENIZER_CONFIG))?;
        let max_tokens = max_tokens(folder, &config, &tokenizer_config)?;
        let (query_prefix, passage_prefix) = self::prefixes(folder, listed.as_ref(), prefixes)?;
        let family = config.get("model_type").and_then(Value::as_str).unwrap_or("onnx").to_owned();
        let onnx_file = files::read(&path)?;
        let is_dynamic = onnx_file.windows(DYNAMIC.len()).any(|window| window == DYNAMIC);
        let tokenizer_files = tokenizer_files(folder, tokenizer_config, max_tokens)?;
        let mut model =
            UserDefinedEmbeddingModel::new(onnx_file, tokenizer_files).with_pooling(match pooling {
                Pooling::Mean => fastembed::Pooling::Mean,
                Pooling::Cls => fastembed::Pooling::Cls,
            });
        model.output_key = output;
        for (name, bytes) in external(&path, listed.as_ref())? {
            model = model.with_external_initializer(name, bytes);
        }
        let vocabulary = number(&config, "vocab_size").unwrap_or(usize::MAX);
        Ok(Self {
            path,
            model,
            max_tokens,
            vocabulary,
            is_dynamic,
            query_prefix,
            passage_prefix,
            family,
            pooling,
        })
    }

    /// What is put before a text of this kind.
    pub(super) fn prefix(&self, kind: TextKind) -> &str {
        match kind {
            TextKind::Query => &self.query_prefix,
            TextKind::Passage => &self.passage_prefix,
        }
    }

    /// The family of the network, for the space's name.
    pub(super) fn family(&self) -> &str {
        &self.family
    }

    /// Everything that moves a vector, as one digest.
    pub(super) fn digest(&self) -> Digest {
        let signature =
            format!("onnx {:?} {:?} {} normalised", self.pooling, self.model.output_key, self.max_tokens);
        let mut parts = vec![signature, self.query_prefix.clone(), self.passage_prefix.clone()];
        let tokenizer = &self.model.tokenizer_files;
        let network = std::iter::once(&self.model.onnx_file);
        let beside = self.model.external_initializers.iter().map(|file| &file.buffer);
        let words = [&tokenizer.tokenizer_file, &tokenizer.special_tokens_map_file];
        parts.extend(network.chain(beside).chain(words).map(|bytes| Digest::of(bytes).as_str().to_owned()));
        Digest::of_parts(parts.iter().map(String::as_bytes))
    }
}

const TOKENIZER_CONFIG: &str = "tokenizer_config.json";

/// The network's file: that which was fetched into the folder, else where it usually lies.
fn network(folder: &Path) -> Result<PathBuf, EmbedError> {
    let fetched = hub::origin(folder).into_iter().flat_map(|model| model.files).map(|file| file.path);
    let usual = USUAL.into_iter().map(str::to_owned);
    let mut places =
        fetched.filter(|path| path.ends_with(".onnx")).chain(usual).map(|path| folder.join(path));
    places.find(|path| path.is_file()).ok_or_else(|| EmbedError::NoOnnx(folder.to_owned()))
}

/// The model on fastembed's list, by where it was fetched from.
fn listed(folder: &Path, network: &Path) -> Option<Listed> {
    let origin = hub::origin(folder)?;
    Listed::of_file(&origin.name, network.strip_prefix(folder).ok()?.to_str()?)
}

/// What the folder states, else fastembed's list.
fn pooling(folder: &Path, listed: Option<&Listed>) -> Result<Pooling, EmbedError> {
    let from_list = listed.and_then(Listed::pooling).filter(|_| !folder.join(sentence::POOLING).is_file());
    from_list.map_or_else(|| sentence::pooling(folder, Engine::Fastembed), Ok)
}

/// What is stated, else what the folder says, else fastembed's list.
fn prefixes(
    folder: &Path,
    listed: Option<&Listed>,
    stated: &Prefixes,
) -> Result<(String, String), EmbedError> {
    let (mut query, mut passage) = sentence::prefixes(folder)?;
    if query.is_empty() && passage.is_empty() {
        let (first, second) = listed.map_or(("", ""), Listed::prefixes);
        (query, passage) = (first.to_owned(), second.to_owned());
    }
    let before = |kind, own| stated.before(kind).map_or(own, str::to_owned);
    Ok((before(TextKind::Query, query), before(TextKind::Passage, passage)))
}

/// As the native engine has it where it runs the model, too.
fn max_tokens(
    folder: &Path,
    config: &Map<String, Value>,
    tokenizer_config: &Map<String, Value>,
) -> Result<usize, EmbedError> {
    let family = config.get("model_type").and_then(Value::as_str).unwrap_or_default();
    let not_used =
        if LATE_POSITIONS.contains(&family) { number(config, "pad_token_id").unwrap_or(1) + 1 } else { 0 };
    let positions = number(config, "max_position_embeddings").unwrap_or(usize::MAX);
    let most = positions.saturating_sub(not_used);
    // Some files state 10^30 for "any number".
    let of_tokenizer = tokenizer_config.get("model_max_length").and_then(Value::as_f64);
    let usual = of_tokenizer.map_or(USUAL_TOKENS, |length| length as usize).min(USUAL_TOKENS);
    sentence::max_tokens(folder, usual, most, Engine::Fastembed)
}

fn number(of: &Map<String, Value>, name: &str) -> Option<usize> {
    of.get(name)?.as_u64().and_then(|number| usize::try_from(number).ok())
}

/// The tokenizer's files, with the limit that holds here: fastembed would cut at the lower of two.
fn tokenizer_files(
    folder: &Path,
    mut tokenizer_config: Map<String, Value>,
    max_tokens: usize,
) -> Result<TokenizerFiles, EmbedError> {
    let pad = tokenizer_config.get("pad_token").unwrap_or(&Value::Null);
    if !pad.is_string() && !pad["content"].is_string() {
        return Err(EmbedError::Unsupported {
            engine: Engine::Fastembed,
            path: folder.join(TOKENIZER_CONFIG),
            detail: "no pad_token, and batches are padded".to_owned(),
        });
    }
    tokenizer_config.insert("model_max_length".to_owned(), max_tokens.into());
    let as_bytes = |value: &Map<String, Value>| serde_json::to_vec(value);
    let tokenizer_config_file =
        as_bytes(&tokenizer_config).map_err(|error| damaged(&folder.join(TOKENIZER_CONFIG), error))?;
    let special_tokens = folder.join("special_tokens_map.json");
    let _: Value = read_json(&special_tokens)?;
    Ok(TokenizerFiles {
        tokenizer_file: files::read(&folder.join("tokenizer.json"))?,
        config_file: files::read(&folder.join("config.json"))?,
        special_tokens_map_file: files::read(&special_tokens)?,
        tokenizer_config_file,
    })
}

/// Weights that lie beside the network: those that fastembed's list names, and files that are named after it.
fn external(network: &Path, listed: Option<&Listed>) -> Result<Vec<(String, Vec<u8>)>, EmbedError> {
    let name = network.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = network.parent().unwrap_or(Path::new(""));
    let of_list = listed.map(Listed::beside).unwrap_or_default();
    let is_listed =
        |file: &str| of_list.iter().any(|path| Path::new(path).file_name() == Some(file.as_ref()));
    let unreadable = |source| EmbedError::FileUnreadable { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if is_listed(&file) || [format!("{name}_data"), format!("{name}.data")].contains(&file) {
            let bytes = files::read(&folder.join(&file))?;
            found.push((file, bytes));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}
