//! Models that were tried with the native embedder.

/// A model with the commit that was tried and the SHA-256 of its files.
#[derive(Debug)]
pub struct Known {
    /// Its short name.
    pub name: &'static str,
    /// `owner/name` at the hub.
    pub repository: &'static str,
    /// The commit.
    pub revision: &'static str,
    /// Its licence (SPDX).
    pub licence: &'static str,
    /// Which languages it was made for, and what else one should know.
    pub about: &'static str,
    /// Numbers of a vector.
    pub dimensions: usize,
    /// All that is fetched, in MB.
    pub megabytes: u32,
    files: &'static [(&'static str, &'static str)],
}

impl Known {
    /// What a file must be.
    pub(super) fn sha256_of(&self, path: &str) -> Option<&'static str> {
        self.files.iter().find(|(name, _)| *name == path).map(|(_, sha256)| *sha256)
    }
}

/// The models, best known first. Others of the BERT family can be fetched by `owner/name`.
pub const KNOWN: &[Known] = &[Known {
    name: "all-minilm-l6-v2",
    repository: "sentence-transformers/all-MiniLM-L6-v2",
    revision: "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    licence: "Apache-2.0",
    about: "English; weak in German, where the lexical search carries most",
    dimensions: 384,
    megabytes: 91,
    files: &[
        ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    ],
}];
