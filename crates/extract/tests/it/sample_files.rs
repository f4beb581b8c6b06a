//! The real files that the tests read.

use std::path::{Path, PathBuf};

use auskunft_model::SourceKind;

/// The samples in the order of the overview: folder, ending, what its files hold.
const FOLDERS: [(&str, &str, SourceKind); 5] = [
    ("pdf", "pdf", SourceKind::Manual),
    ("product-pages", "html", SourceKind::Product),
    ("faq-de", "jsonl", SourceKind::Faq),
    ("policy-de", "md", SourceKind::Policy),
    ("dialogs-en", "jsonl", SourceKind::Dialog),
];

/// Files beside the samples that tell about them.
const NO_SAMPLES: [&str; 2] = ["manifest.jsonl", "queries.jsonl"];

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every sample, sorted by folder and name: path below the samples, kind.
pub(crate) fn samples() -> Vec<(String, SourceKind)> {
    let mut found = Vec::new();
    for (folder, ending, kind) in FOLDERS {
        let entries = std::fs::read_dir(root().join("catalog-fixtures/samples").join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let is_sample = |name: &String| {
            Path::new(name).extension().is_some_and(|found| found == ending)
                && !NO_SAMPLES.contains(&name.as_str())
        };
        let mut paths: Vec<String> = names.filter(is_sample).map(|name| format!("{folder}/{name}")).collect();
        paths.sort();
        found.extend(paths.into_iter().map(|path| (path, kind)));
    }
    found
}
