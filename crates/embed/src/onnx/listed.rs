//! The models that fastembed knows, with what it and their authors say of them.

use fastembed::{EmbeddingModel, ModelInfo, OutputKey, TextEmbedding};

use crate::sentence::Pooling;

/// A model of fastembed's list.
pub(crate) struct Listed(ModelInfo<EmbeddingModel>);

/// What stands before questions and passages, by a part of the repository's name; as their authors' model cards have it. The first that
/// fits counts, a model that is not here has none.
const PREFIXES: [(&str, &str, &str); 7] = [
    ("multilingual-e5", "query: ", "passage: "),
    ("nomic-embed", "search_query: ", "search_document: "),
    ("modernbert-embed", "search_query: ", "search_document: "),
    ("embeddinggemma", "task: search result | query: ", "title: none | text: "),
    ("arctic-embed", RELEVANT, ""),
    ("mxbai-embed", RELEVANT, ""),
    ("-en-v1.5", RELEVANT, ""),
];
const RELEVANT: &str = "Represent this sentence for searching relevant passages: ";

impl Listed {
    /// All of them, by name.
    pub(crate) fn all() -> Vec<Self> {
        let mut all: Vec<Self> = TextEmbedding::list_supported_models().into_iter().map(Self).collect();
        all.sort_by_key(Self::name);
        all
    }

    /// The model of that name (`MultilingualE5Small`) or repository; of several in one repository the plain one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let mut all = Self::all();
        let by_name = all.iter().position(|listed| listed.name().eq_ignore_ascii_case(name));
        let is_of = |listed: &Listed| listed.0.model_code.eq_ignore_ascii_case(name);
        let plain =
            || all.iter().position(|listed| is_of(listed) && listed.0.model_file.ends_with("model.onnx"));
        let place = by_name.or_else(plain).or_else(|| all.iter().position(is_of))?;
        Some(all.swap_remove(place))
    }

    /// The model whose network lies in a repository under this path.
    pub(crate) fn of_file(repository: &str, path: &str) -> Option<Self> {
        Self::all().into_iter().find(|listed| {
            listed.0.model_code.eq_ignore_ascii_case(repository) && listed.0.model_file == path
        })
    }

    /// Its name in fastembed.
    pub(crate) fn name(&self) -> String {
        self.0.model.to_string()
    }

    /// `owner/name` at the hub.
    pub(crate) fn repository(&self) -> &str {
        &self.0.model_code
    }

    /// The network's path in the repository.
    pub(crate) fn file(&self) -> &str {
        &self.0.model_file
    }

    /// Files that belong to the network.
    pub(crate) fn beside(&self) -> &[String] {
        &self.0.additional_files
    }

    /// What it is, in a few words.
    pub(crate) fn about(&self) -> &str {
        &self.0.description
    }

    /// Numbers of a vector.
    pub(crate) fn dimensions(&self) -> usize {
        self.0.dim
    }

    pub(super) fn pooling(&self) -> Option<Pooling> {
        TextEmbedding::get_default_pooling_method(&self.0.model).map(|pooling| match pooling {
            fastembed::Pooling::Mean => Pooling::Mean,
            fastembed::Pooling::Cls => Pooling::Cls,
        })
    }

    /// The output that holds finished vectors, where the network has others beside.
    pub(super) fn output(&self) -> Option<OutputKey> {
        self.0.output_key.clone()
    }

    /// What stands before questions and before passages.
    pub(super) fn prefixes(&self) -> (&'static str, &'static str) {
        let repository = self.0.model_code.to_lowercase();
        // GTE models end like BGE's, and want nothing.
        let is_plain = repository.contains("gte-");
        let found = PREFIXES.iter().find(|(part, _, _)| repository.contains(part) && !is_plain);
        found.map_or(("", ""), |&(_, query, passage)| (query, passage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_found_by_name_and_by_repository() {
        let repository = |name| Listed::named(name).map(|listed| listed.repository().to_owned());
        assert_eq!(repository("multilinguale5small").as_deref(), Some("intfloat/multilingual-e5-small"));
        let nomic = Listed::named("nomic-ai/nomic-embed-text-v1.5").unwrap();
        assert_eq!((nomic.name().as_str(), nomic.file()), ("NomicEmbedTextV15", "onnx/model.onnx"));
        let only_quantised = Listed::named("Qdrant/bge-small-en-v1.5-onnx-Q").unwrap();
        assert_eq!(only_quantised.file(), "model_optimized.onnx");
        assert!(Listed::named("nobody/nothing").is_none());
        assert!(Listed::of_file("nomic-ai/nomic-embed-text-v1.5", "onnx/model_quantized.onnx").is_some());
    }

    #[test]
    fn every_model_has_a_pooling_and_those_that_want_prefixes_have_them() {
        let prefixes = |name| Listed::named(name).unwrap().prefixes();
        assert!(Listed::all().iter().all(|listed| listed.pooling().is_some()));
        assert_eq!(prefixes("MultilingualE5Large"), ("query: ", "passage: "));
        assert_eq!(prefixes("BGESmallENV15"), (RELEVANT, ""));
        assert_eq!(prefixes("GTEBaseENV15"), ("", ""));
        assert_eq!(prefixes("AllMiniLML6V2"), ("", ""));
        assert_eq!(prefixes("BGEM3"), ("", ""));
    }
}
