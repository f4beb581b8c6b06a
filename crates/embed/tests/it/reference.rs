//! Vectors that `tests/data/make_reference.py` computed in float64.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use auskunft_embed::{EmbedError, Embedder, EmbedderSettings, open};
use serde::Deserialize;

/// A text with what is known about it.
#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) text: String,
    /// Tokens after cutting to the model's limit.
    pub(crate) tokens: usize,
    pub(crate) mean: Vec<f32>,
    #[serde(default)]
    pub(crate) cls: Vec<f32>,
}

pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

pub(crate) fn references(name: &str) -> Vec<Reference> {
    serde_json::from_slice(&fs::read(data(name)).unwrap()).unwrap()
}

pub(crate) fn native(folder: &Path, threads: usize) -> Result<Arc<dyn Embedder>, EmbedError> {
    open(&EmbedderSettings::native(folder, threads))
}

/// The cosine of two vectors.
pub(crate) fn cosine(one: &[f32], other: &[f32]) -> f64 {
    assert_eq!(one.len(), other.len());
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

/// The largest difference of two vectors in any place.
pub(crate) fn difference(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}
