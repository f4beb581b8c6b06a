//! A copy of the tiny model that a test may damage.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::reference::data;

const FILES: [&str; 5] = [
    "config.json",
    "tokenizer.json",
    "model.safetensors",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
];

pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("1_Pooling")).unwrap();
        for file in FILES {
            fs::copy(data("tiny-bert").join(file), folder.path().join(file)).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path().join(file), content).unwrap();
    }

    /// Replaces a piece of a text file that must be there.
    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let content = fs::read_to_string(self.path().join(file)).unwrap();
        assert!(content.contains(from), "{file} does not hold {from}");
        self.write(file, content.replace(from, to));
    }
}
