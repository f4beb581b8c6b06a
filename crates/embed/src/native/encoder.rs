//! The BERT encoder (Devlin et al. 2018), without padding.
//!
//! The tokens of all texts of a bin stand in one matrix, a row each. Linear maps run over all rows at once; only attention
//! looks at one text at a time, so nothing is masked and nothing padded. Biases and residuals are written into the output
//! first and the products added to them.

use std::ops::Range;

use super::config::ModelConfig;
use super::elementwise::{add_to_rows, gelu, normalise_rows, softmax};
use super::kernels::{Output, View, multiply};
use super::weights::{Layer, Linear, Norm, PANEL, Weights};
use crate::sentence::Pooling;

pub(super) struct Encoder {
    weights: Weights,
    hidden: usize,
    heads: usize,
    epsilon: f32,
    pooling: Pooling,
}

/// What stands between the rows of one layer and those of the next. It is made once for all layers: memory that is fetched from the system
/// for each of them costs more than filling it.
#[derive(Default)]
struct Scratch {
    /// Query, key and value of each row.
    projected: Vec<f32>,
    context: Vec<f32>,
    /// Of one head within one text.
    scores: Vec<f32>,
    wide: Vec<f32>,
}

impl Encoder {
    pub(super) fn new(weights: Weights, config: &ModelConfig) -> Self {
        Self {
            weights,
            hidden: config.hidden,
            heads: config.heads,
            epsilon: config.epsilon,
            pooling: config.pooling,
        }
    }

    /// The pooled vector of each sequence of token numbers, not yet of length one. Sequences are neither empty nor longer
    /// than the position table, and each number is a row of the word table.
    pub(super) fn encode(&self, sequences: &[&[u32]]) -> Vec<Vec<f32>> {
        let spans = spans(sequences);
        let mut rows = self.embed_tokens(sequences);
        let mut scratch = Scratch::default();
        for layer in &self.weights.layers {
            self.attend(layer, &spans, &mut rows, &mut scratch);
            self.feed_forward(layer, &mut rows, &mut scratch);
        }
        spans
            .into_iter()
            .map(|span| self.pool(&rows[span.start * self.hidden..span.end * self.hidden]))
            .collect()
    }

    fn embed_tokens(&self, sequences: &[&[u32]]) -> Vec<f32> {
        let Weights { words, positions, start, .. } = &self.weights;
        let mut rows = Vec::with_capacity(sequences.iter().map(|ids| ids.len()).sum::<usize>() * self.hidden);
        for ids in sequences {
            for (&id, position) in ids.iter().zip(positions.chunks_exact(self.hidden)) {
                let word = &words[id as usize * self.hidden..][..self.hidden];
                rows.extend(word.iter().zip(position).map(|(word, position)| word + position));
            }
        }
        self.normalise(start, &mut rows);
        rows
    }

    fn attend(&self, layer: &Layer, spans: &[Range<usize>], rows: &mut [f32], scratch: &mut Scratch) {
        let Scratch { projected, context, scores, .. } = scratch;
        layer.attend.apply(rows, self.hidden, projected);
        context.resize(rows.len(), 0.0);
        let longest = spans.iter().map(Range::len).max().unwrap_or(0);
        scores.resize(longest * longest, 0.0);
        for span in spans {
            let scores = &mut scores[..span.len() * span.len()];
            let context = &mut context[span.start * self.hidden..span.end * self.hidden];
            let projected = &projected[span.start * 3 * self.hidden..span.end * 3 * self.hidden];
            for head in 0..self.heads {
                self.attend_head(head, projected, scores, context);
            }
        }
        layer.project.add_to(context, rows, self.hidden);
        self.normalise(&layer.project_norm, rows);
    }

    /// `softmax(Q Kᵀ / √width) V` of one head within one text.
    fn attend_head(&self, head: usize, projected: &[f32], scores: &mut [f32], context: &mut [f32]) {
        let (step, width) = (3 * self.hidden, self.hidden / self.heads);
        let length = projected.len() / step;
        let part =
            |number: usize| View::new(&projected[number * self.hidden + head * width..], length, width, step);
        let scale = 1.0 / (width as f32).sqrt();
        multiply(part(0), part(1).transposed(), scale, Output::Replace, scores, length);
        softmax(scores, length);
        let weights = View::new(scores, length, length, length);
        multiply(weights, part(2), 1.0, Output::Replace, &mut context[head * width..], self.hidden);
    }

    fn feed_forward(&self, layer: &Layer, rows: &mut [f32], scratch: &mut Scratch) {
        let wide = &mut scratch.wide;
        layer.widen.apply(rows, self.hidden, wide);
        gelu(wide);
        layer.narrow.add_to(wide, rows, layer.widen.bias.len());
        self.normalise(&layer.narrow_norm, rows);
    }

    fn normalise(&self, norm: &Norm, rows: &mut [f32]) {
        normalise_rows(rows, &norm.scale, &norm.shift, self.epsilon);
    }

    fn pool(&self, rows: &[f32]) -> Vec<f32> {
        let (first, others) = rows.split_at(self.hidden);
        let mut pooled = first.to_vec();
        if self.pooling == Pooling::Mean {
            for row in others.chunks_exact(self.hidden) {
                add_to_rows(&mut pooled, row);
            }
            let count = (rows.len() / self.hidden) as f32;
            pooled.iter_mut().for_each(|value| *value /= count);
        }
        pooled
    }
}

impl Linear {
    /// Makes `outputs` `inputs · matrix + bias`, for rows of `width` numbers.
    fn apply(&self, inputs: &[f32], width: usize, outputs: &mut Vec<f32>) {
        outputs.clear();
        for _ in inputs.chunks_exact(width) {
            outputs.extend_from_slice(&self.bias);
        }
        self.multiply_into(inputs, width, outputs);
    }

    /// Adds `inputs · matrix + bias` to the rows of `outputs`.
    fn add_to(&self, inputs: &[f32], outputs: &mut [f32], width: usize) {
        add_to_rows(outputs, &self.bias);
        self.multiply_into(inputs, width, outputs);
    }

    fn multiply_into(&self, inputs: &[f32], width: usize, outputs: &mut [f32]) {
        let left = View::new(inputs, inputs.len() / width, width, width);
        let columns = self.bias.len();
        for (panel, start) in self.panels.iter().zip((0..).step_by(PANEL)) {
            let own = panel.len() / width;
            let right = View::new(panel, width, own, own);
            multiply(left, right, 1.0, Output::Add, &mut outputs[start..], columns);
        }
    }
}

/// The rows of each sequence.
fn spans(sequences: &[&[u32]]) -> Vec<Range<usize>> {
    let mut end = 0;
    sequences
        .iter()
        .map(|ids| {
            let start = end;
            end += ids.len();
            start..end
        })
        .collect()
}
