//! Which files of a repository an engine needs.

use super::{HubError, KNOWN, folder_name};
use crate::{EmbedError, Engine};

/// What is taken where it is there.
const WELCOME: [&str; 8] = [
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "README.md",
    "LICENSE",
];
/// What every model folder needs beside the network.
const NEEDED: [&str; 2] = ["config.json", "tokenizer.json"];
/// What fastembed needs as well.
const NEEDED_BY_FASTEMBED: [&str; 2] = ["special_tokens_map.json", "tokenizer_config.json"];
/// Where networks in ONNX's form lie.
#[cfg(feature = "fastembed")]
const ONNX: [&str; 2] = ["onnx/model.onnx", "model.onnx"];

/// A model for an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    engine: Engine,
    repository: String,
    /// Where the network may lie, the best place first.
    networks: Vec<String>,
    /// Files that belong to the network.
    beside: Vec<String>,
}

/// A model that fastembed knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnnxModel {
    /// Its name there.
    pub name: String,
    /// `owner/name` at the hub.
    pub repository: String,
    /// What it is, in a few words.
    pub about: String,
    /// Numbers of a vector.
    pub dimensions: usize,
}

impl Wanted {
    /// A model that an engine can read: `owner/name`, one of [`KNOWN`], or for `fastembed` a name of its own list.
    pub fn of(engine: Engine, name: &str) -> Result<Self, EmbedError> {
        let known = KNOWN.iter().find(|known| known.name == name);
        let repository = known.map_or(name, |known| known.repository).to_owned();
        if engine != Engine::Fastembed {
            let networks = vec!["model.safetensors".to_owned()];
            return Ok(Self { engine: Engine::Native, repository, networks, beside: Vec::new() });
        }
        Self::onnx(repository)
    }

    #[cfg(feature = "fastembed")]
    fn onnx(repository: String) -> Result<Self, EmbedError> {
        let engine = Engine::Fastembed;
        if let Some(listed) = crate::onnx::listed::Listed::named(&repository) {
            let (repository, networks) = (listed.repository().to_owned(), vec![listed.file().to_owned()]);
            return Ok(Self { engine, repository, networks, beside: listed.beside().to_vec() });
        }
        let networks = ONNX.map(str::to_owned).to_vec();
        let beside =
            networks.iter().flat_map(|path| [format!("{path}_data"), format!("{path}.data")]).collect();
        Ok(Self { engine, repository, networks, beside })
    }

    #[cfg(not(feature = "fastembed"))]
    fn onnx(_: String) -> Result<Self, EmbedError> {
        Err(EmbedError::NotBuilt)
    }

    /// `owner/name` at the hub.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The name of the model's folder in the cache. Networks of one repository in different forms lie in folders of their own.
    pub fn folder_name(&self) -> String {
        let name = folder_name(&self.repository);
        if self.engine != Engine::Fastembed {
            return name;
        }
        let form = if name.contains("onnx") { "" } else { "-onnx" };
        let stem = self.networks.first().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let variant = stem.trim_end_matches(".onnx").trim_start_matches("model").replace('_', "-");
        format!("{name}{form}{variant}")
    }

    /// What is fetched of the files that are there.
    pub(super) fn files(&self, there: &[&str]) -> Result<Vec<String>, HubError> {
        let is_there = |path: &str| there.contains(&path);
        let lacks =
            |file: String| HubError::Lacks { name: self.repository.clone(), file, engine: self.engine };
        let network = self.networks.iter().find(|path| is_there(path));
        let network = network.ok_or_else(|| lacks(self.networks.join(" or ")))?;
        let more: &[&str] = if self.engine == Engine::Fastembed { &NEEDED_BY_FASTEMBED } else { &[] };
        if let Some(missing) = NEEDED.iter().chain(more).find(|path| !is_there(path)) {
            return Err(lacks((*missing).to_owned()));
        }
        let small = NEEDED.iter().chain(&WELCOME).map(|path| (*path).to_owned());
        Ok(small.chain([network.clone()]).chain(self.beside.clone()).collect())
    }
}

/// The models that fastembed knows; none in builds without it.
pub fn onnx_models() -> Vec<OnnxModel> {
    #[cfg(feature = "fastembed")]
    let listed = crate::onnx::listed::Listed::all().into_iter().map(|listed| OnnxModel {
        name: listed.name(),
        repository: listed.repository().to_owned(),
        about: listed.about().to_owned(),
        dimensions: listed.dimensions(),
    });
    #[cfg(not(feature = "fastembed"))]
    let listed = std::iter::empty();
    listed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_native_engine_takes_safetensors() {
        let wanted = Wanted::of(Engine::Native, "all-minilm-l6-v2").unwrap();
        assert_eq!(wanted.repository(), "sentence-transformers/all-MiniLM-L6-v2");
        assert_eq!(wanted.folder_name(), "all-minilm-l6-v2");
        let there = ["config.json", "tokenizer.json", "model.safetensors", "onnx/model.onnx"];
        assert!(wanted.files(&there).unwrap().contains(&"model.safetensors".to_owned()));
        let lacking = wanted.files(&there[..2]).unwrap_err().to_string();
        assert!(lacking.contains("has no model.safetensors, which the native embedder needs"), "{lacking}");
    }

    #[cfg(feature = "fastembed")]
    #[test]
    fn fastembed_takes_onnx_by_its_own_names_too() {
        let folder = |name| Wanted::of(Engine::Fastembed, name).unwrap().folder_name();
        assert_eq!(folder("MultilingualE5Small"), "multilingual-e5-small-onnx");
        assert_eq!(folder("NomicEmbedTextV15Q"), "nomic-embed-text-v1.5-onnx-quantized");
        assert_eq!(folder("AllMiniLML6V2"), "all-minilm-l6-v2-onnx");
        assert_eq!(folder("all-minilm-l6-v2"), "all-minilm-l6-v2-onnx");

        let wanted = Wanted::of(Engine::Fastembed, "BAAI/bge-m3").unwrap();
        let there = [
            "config.json",
            "tokenizer.json",
            "special_tokens_map.json",
            "tokenizer_config.json",
            "onnx/model.onnx",
        ];
        let files = wanted.files(&there).unwrap();
        assert!(files.contains(&"onnx/model.onnx_data".to_owned()), "{files:?}");
        let lacking = wanted.files(&there[..4]).unwrap_err().to_string();
        assert!(lacking.contains("has no onnx/model.onnx, which the fastembed embedder needs"), "{lacking}");
        let lacking = wanted.files(&[there[0], there[1], there[4]]).unwrap_err().to_string();
        assert!(lacking.contains("special_tokens_map.json"), "{lacking}");
    }

    #[cfg(not(feature = "fastembed"))]
    #[test]
    fn a_build_without_fastembed_says_so() {
        assert!(matches!(Wanted::of(Engine::Fastembed, "BGEM3"), Err(EmbedError::NotBuilt)));
        assert!(onnx_models().is_empty());
    }
}
