//! The files: the repository's samples, and reference texts beside them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog-fixtures/samples")
}

/// Files of a folder of the samples with this ending, in the order of their names.
pub(crate) fn files(folder: &str, ending: &str) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(samples().join(folder))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    files.sort();
    Ok(files)
}

/// The text that a person or a reference tool takes from a PDF, where it is committed.
pub(crate) fn reference(pdf: &Path) -> Option<String> {
    let name = Path::new(pdf.file_name()?).with_extension("txt");
    std::fs::read_to_string(samples().join("pdf-reference").join(name)).ok()
}

/// Agreement of two texts in their words, each counted as often as it stands: the harmonic mean of precision and recall.
pub(crate) fn word_f1(text: &str, reference: &str) -> f64 {
    let (found, wanted) = (words(text), words(reference));
    let common: usize =
        found.iter().map(|(word, count)| (*count).min(wanted.get(word).copied().unwrap_or(0))).sum();
    let total = found.values().sum::<usize>() + wanted.values().sum::<usize>();
    if total == 0 { 1.0 } else { 2.0 * common as f64 / total as f64 }
}

fn words(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    // Divided words are joined as the reference joins them.
    let joined = text.replace("\u{2}\n", "").replace('\u{2}', "").replace("-\n", "").replace('\u{ad}', "");
    for word in joined.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}
