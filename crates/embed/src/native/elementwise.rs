//! What happens to single numbers and rows between the products: gelu, softmax, layer normalisation.
//!
//! Plain loops over lanes of 16, compiled three times (AVX-512, AVX2, the target's base) and chosen at run time by the
//! crate `pulp`; other processors take the plain form.

use pulp::NullaryFnOnce;

const LANES: usize = 16;

/// `x · Φ(x)` for each number, Φ being the normal distribution function: the exact gelu, not its tanh approximation.
pub(super) fn gelu(values: &mut [f32]) {
    dispatch(Gelu(values));
}

/// Turns each row of `width` scores into weights that sum to one.
pub(super) fn softmax(scores: &mut [f32], width: usize) {
    dispatch(Softmax(scores, width));
}

/// Brings each row to mean 0 and variance 1 over its own numbers, then applies `scale` and `shift` by column.
/// `epsilon` is added to the variance.
pub(super) fn normalise_rows(rows: &mut [f32], scale: &[f32], shift: &[f32], epsilon: f32) {
    dispatch(LayerNorm { rows, scale, shift, epsilon });
}

/// Adds `addend` to each row of its length.
pub(super) fn add_to_rows(rows: &mut [f32], addend: &[f32]) {
    for row in rows.chunks_exact_mut(addend.len()) {
        for (value, addend) in row.iter_mut().zip(addend) {
            *value += addend;
        }
    }
}

/// Runs an operation compiled for the widest vectors that this processor has.
fn dispatch<Operation: NullaryFnOnce<Output = ()>>(operation: Operation) {
    #[cfg(target_arch = "x86_64")]
    {
        use pulp::x86::{V3, V4};
        if let Some(simd) = V4::try_new() {
            return simd.vectorize(operation);
        }
        if let Some(simd) = V3::try_new() {
            return simd.vectorize(operation);
        }
    }
    operation.call();
}

struct Gelu<'a>(&'a mut [f32]);

impl NullaryFnOnce for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for value in self.0 {
            *value = *value * 0.5 * (1.0 + erf(*value * std::f32::consts::FRAC_1_SQRT_2));
        }
    }
}

struct Softmax<'a>(&'a mut [f32], usize);

impl NullaryFnOnce for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for row in self.0.chunks_exact_mut(self.1) {
            let highest = maximum(row);
            for value in row.iter_mut() {
                *value = exp(*value - highest);
            }
            let scale = 1.0 / sum(row);
            for value in row.iter_mut() {
                *value *= scale;
            }
        }
    }
}

struct LayerNorm<'a> {
    rows: &'a mut [f32],
    scale: &'a [f32],
    shift: &'a [f32],
    epsilon: f32,
}

impl NullaryFnOnce for LayerNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let width = self.scale.len();
        for row in self.rows.chunks_exact_mut(width) {
            let mean = sum(row) / width as f32;
            for value in row.iter_mut() {
                *value -= mean;
            }
            let spread = 1.0 / (sum_of_squares(row) / width as f32 + self.epsilon).sqrt();
            for ((value, scale), shift) in row.iter_mut().zip(self.scale).zip(self.shift) {
                *value = *value * spread * scale + shift;
            }
        }
    }
}

#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    fold(values, 0.0, |total, value| total + value)
}

#[inline(always)]
fn sum_of_squares(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value * value;
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|value| value * value).sum::<f32>()
}

#[inline(always)]
fn maximum(values: &[f32]) -> f32 {
    fold(values, f32::NEG_INFINITY, |highest, value| if value > highest { value } else { highest })
}

/// Folds in lanes, since a strict left-to-right order of additions would forbid vectors.
#[inline(always)]
fn fold(values: &[f32], start: f32, step: impl Fn(f32, f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = step(*lane, *value);
        }
    }
    let mut result = start;
    for value in lanes.iter().chain(rest) {
        result = step(result, *value);
    }
    result
}

/// Error function, Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; absolute error ≤ 1.5e-7.
#[inline(always)]
fn erf(value: f32) -> f32 {
    let magnitude = value.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * magnitude);
    let tail = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_7) * t - 0.284_496_74) * t + 0.254_829_6) * t;
    (1.0 - tail * exp(-magnitude * magnitude)).copysign(value)
}

/// e to the power of a number ≤ 0; relative error about 2e-7, and 0 up to 2e-38 below −87. A power of two times the
/// Taylor series on ±ln 2 / 2.
#[inline(always)]
fn exp(value: f32) -> f32 {
    /// Adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³
    /// ln 2 in two parts, the first short enough for exact products.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let value = if value < -87.0 { -87.0 } else { value };
    let shifted = value * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = (value - whole * LN_2_HIGH) - whole * LN_2_LOW;
    let mut series = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        series = series * rest + coefficient;
    }
    // The whole number becomes the exponent of a power of two.
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    series * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_a_few_units_in_the_last_place() {
        for step in 0..=8700 {
            let value = step as f32 * -0.01;
            let expected = f64::from(value).exp();
            assert!((f64::from(exp(value)) / expected - 1.0).abs() < 3e-7, "exp({value}) = {}", exp(value));
        }
        assert!((0.0..2e-38).contains(&exp(-1000.0)));
    }

    #[test]
    fn gelu_has_the_values_of_the_normal_distribution() {
        // From tables of Φ: gelu(x) = x Φ(x), Φ(1) = 0.841344746, Φ(2) = 0.977249868, Φ(0.5) = 0.691462461.
        let mut values = [0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 10.0, -10.0];
        gelu(&mut values);
        let expected = [0.0, 0.841_344_7, -0.158_655_25, 1.954_499_7, -0.045_500_26, 0.345_731_23, 10.0, 0.0];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{value} instead of {expected}");
        }
    }

    #[test]
    fn softmax_rows_sum_to_one_whatever_their_size() {
        let mut scores: Vec<f32> = (0..3 * 19).map(|index| (index * 31 % 23) as f32 * 3.0 - 90.0).collect();
        let before = scores.clone();
        softmax(&mut scores, 19);
        for (row, before) in scores.chunks(19).zip(before.chunks(19)) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            let (ratio, expected) = ((row[1] / row[0]).ln(), before[1] - before[0]);
            assert!((ratio - expected).abs() < 1e-4 * expected.abs(), "{ratio} instead of {expected}");
        }
    }

    #[test]
    fn normalised_rows_have_the_asked_mean_and_spread() {
        let mut rows: Vec<f32> = (0..2 * 37).map(|index| (index * 17 % 29) as f32 + 1000.0).collect();
        normalise_rows(&mut rows, &[2.0; 37], &[5.0; 37], 1e-12);
        for row in rows.chunks(37) {
            let mean = row.iter().sum::<f32>() / 37.0;
            let variance = row.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / 37.0;
            assert!((mean - 5.0).abs() < 1e-3 && (variance - 4.0).abs() < 1e-3, "{mean} {variance}");
        }
    }

    #[test]
    fn every_instruction_set_computes_the_same() {
        let values: Vec<f32> = (0..1000).map(|index| (index as f32 - 500.0) * 0.02).collect();
        let (mut plain, mut chosen) = (values.clone(), values.clone());
        Gelu(&mut plain).call();
        gelu(&mut chosen);
        assert_eq!(plain, chosen);
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            let mut narrow = values;
            simd.vectorize(Gelu(&mut narrow));
            assert_eq!(plain, narrow);
        }
    }
}
