//! Where models, libraries and derived files lie.

use std::path::{Path, PathBuf};

use super::layers::Layers;
use super::{keys, parse};

/// The home of what can be derived again.
pub(super) fn cache_dir(layers: &mut Layers<'_>, variable: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    let stated = layers.take(keys::CACHE_DIR, None, parse::path, parse::show_path);
    let cache_dir = stated.unwrap_or_else(|| default_cache(variable));
    layers.note_default(keys::CACHE_DIR, &cache_dir.display().to_string());
    cache_dir
}

/// The model's folder, stated or found.
pub(super) fn model_dir(layers: &mut Layers<'_>, flag: Option<PathBuf>, cache_dir: &Path) -> Option<PathBuf> {
    let stated = layers.take(keys::MODEL_DIR, flag, parse::path, parse::show_path);
    stated.or_else(|| layers.found(keys::MODEL_DIR, &cache_dir.join("models/all-minilm-l6-v2"), Path::is_dir))
}

/// The library of ONNX Runtime, stated or found.
pub(super) fn onnxruntime(layers: &mut Layers<'_>, cache_dir: &Path) -> Option<PathBuf> {
    let stated = layers.take(keys::ONNXRUNTIME, None, parse::path, parse::show_path);
    let usual = cache_dir.join("onnxruntime/libonnxruntime.so");
    stated.or_else(|| layers.found(keys::ONNXRUNTIME, &usual, Path::is_file))
}

/// The PDF library, stated or found.
pub(super) fn pdfium(layers: &mut Layers<'_>, flag: Option<PathBuf>, cache_dir: &Path) -> Option<PathBuf> {
    let stated = layers.take(keys::PDFIUM, flag, parse::path, parse::show_path);
    stated.or_else(|| layers.found(keys::PDFIUM, &cache_dir.join("pdfium/libpdfium.so"), Path::is_file))
}

/// `~/.cache/auskunft`; beside the program's own files where there is no home.
fn default_cache(variable: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    let home = variable("HOME").filter(|home| !home.is_empty()).unwrap_or_else(|| ".".to_owned());
    Path::new(&home).join(".cache/auskunft")
}
