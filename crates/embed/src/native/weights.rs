//! The model's numbers, in the order in which the encoder reads them.

use std::path::Path;

use rayon::prelude::*;
use safetensors::{Dtype, SafeTensors};

use super::config::ModelConfig;
use crate::files::damaged;
use crate::{EmbedError, Engine};

pub(super) struct Weights {
    /// A row per word of the vocabulary.
    pub(super) words: Vec<f32>,
    /// A row per position, the row of token type 0 added: there is never another type.
    pub(super) positions: Vec<f32>,
    pub(super) start: Norm,
    pub(super) layers: Vec<Layer>,
}

/// Scale and shift of a layer normalisation.
pub(super) struct Norm {
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
}

/// Columns of a [`Linear`] that lie together: what the products' innermost loop takes at once.
pub(super) const PANEL: usize = 64;

/// A linear map. Its matrix, the transpose of what the file holds, is cut into panels of [`PANEL`] columns (the last may have fewer), each
/// stored as [inputs, columns]: so the product needs no re-packing and reads its weights from one place after the other, which is what takes
/// the time of a single question.
pub(super) struct Linear {
    pub(super) panels: Vec<Vec<f32>>,
    pub(super) bias: Vec<f32>,
}

pub(super) struct Layer {
    /// Query, key and value side by side.
    pub(super) attend: Linear,
    pub(super) project: Linear,
    pub(super) project_norm: Norm,
    pub(super) widen: Linear,
    pub(super) narrow: Linear,
    pub(super) narrow_norm: Norm,
}

/// An open weights file.
struct Tensors<'a> {
    path: &'a Path,
    file: SafeTensors<'a>,
    /// What stands before every name.
    prefix: &'static str,
}

impl Weights {
    /// Takes the tensors of a BERT model out of a safetensors file, checking every shape.
    pub(super) fn parse(path: &Path, bytes: &[u8], config: &ModelConfig) -> Result<Self, EmbedError> {
        let tensors = Tensors::open(path, bytes)?;
        let hidden = config.hidden;
        let words = tensors.take("embeddings.word_embeddings.weight", &[config.vocabulary, hidden])?;
        let mut positions =
            tensors.take("embeddings.position_embeddings.weight", &[config.positions, hidden])?;
        let types = tensors.take("embeddings.token_type_embeddings.weight", &[config.types, hidden])?;
        super::elementwise::add_to_rows(&mut positions, &types[..hidden]);
        let start = tensors.norm("embeddings.LayerNorm", hidden)?;
        let layers: Result<Vec<Layer>, EmbedError> =
            (0..config.layers).into_par_iter().map(|index| tensors.layer(index, config)).collect();
        Ok(Self { words, positions, start, layers: layers? })
    }
}

impl<'a> Tensors<'a> {
    fn open(path: &'a Path, bytes: &'a [u8]) -> Result<Self, EmbedError> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| damaged(path, error))?;
        let prefix = if file.tensor("bert.embeddings.word_embeddings.weight").is_ok() { "bert." } else { "" };
        Ok(Self { path, file, prefix })
    }

    fn layer(&self, index: usize, config: &ModelConfig) -> Result<Layer, EmbedError> {
        let (hidden, wide) = (config.hidden, config.wide);
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let attend = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        let attend: Vec<&str> = attend.iter().map(String::as_str).collect();
        Ok(Layer {
            attend: self.linear(&attend, hidden, hidden)?,
            project: self.linear(&[&name("attention.output.dense")], hidden, hidden)?,
            project_norm: self.norm(&name("attention.output.LayerNorm"), hidden)?,
            widen: self.linear(&[&name("intermediate.dense")], hidden, wide)?,
            narrow: self.linear(&[&name("output.dense")], wide, hidden)?,
            narrow_norm: self.norm(&name("output.LayerNorm"), hidden)?,
        })
    }

    /// Several maps of the same inputs as one, their outputs side by side.
    fn linear(&self, names: &[&str], inputs: usize, outputs: usize) -> Result<Linear, EmbedError> {
        let (mut matrix, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            matrix.extend(self.take(&format!("{name}.weight"), &[outputs, inputs])?);
            bias.extend(self.take(&format!("{name}.bias"), &[outputs])?);
        }
        let panels = matrix.chunks(PANEL * inputs).map(|rows| transposed(rows, inputs)).collect();
        Ok(Linear { panels, bias })
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, EmbedError> {
        Ok(Norm {
            scale: self.take(&format!("{name}.weight"), &[width])?,
            shift: self.take(&format!("{name}.bias"), &[width])?,
        })
    }

    fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EmbedError> {
        let name = format!("{}{name}", self.prefix);
        let tensor = self.file.tensor(&name).map_err(|_| damaged(self.path, format!("no tensor {name}")))?;
        if tensor.dtype() != Dtype::F32 {
            let detail = format!("tensor {name} is {:?}, not F32", tensor.dtype());
            let path = self.path.to_owned();
            return Err(EmbedError::Unsupported { engine: Engine::Native, path, detail });
        }
        if tensor.shape() != shape {
            let detail = format!("tensor {name} has shape {:?}, config.json says {shape:?}", tensor.shape());
            return Err(damaged(self.path, detail));
        }
        let (numbers, _) = tensor.data().as_chunks::<4>();
        Ok(numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
    }
}

/// The transpose of a matrix with rows of `columns` numbers. In strips of 16 rows, so that whole cache lines are written.
fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    const STRIP: usize = 16;
    let rows = matrix.len() / columns;
    let mut out = vec![0.0; matrix.len()];
    for (strip, rows_of_strip) in matrix.chunks(STRIP * columns).enumerate() {
        for column in 0..columns {
            for (at, row) in rows_of_strip.chunks_exact(columns).enumerate() {
                out[column * rows + strip * STRIP + at] = row[column];
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        let matrix: Vec<f32> = (0..20 * 3).map(|number| number as f32).collect();
        let out = transposed(&matrix, 3);
        for row in 0..20 {
            for column in 0..3 {
                assert_eq!(out[column * 20 + row], matrix[row * 3 + column]);
            }
        }
    }
}
