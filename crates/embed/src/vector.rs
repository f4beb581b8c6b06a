//! Vectors of length one.

/// Scales a vector to Euclidean length one. `false`, and the vector untouched, when it has no direction (all zero) or
/// holds a number that is not finite.
pub(crate) fn normalise(vector: &mut [f32]) -> bool {
    let squares: f64 = vector.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
    let length = squares.sqrt();
    if !length.is_finite() || length <= f64::from(f32::MIN_POSITIVE) {
        return false;
    }
    for value in vector {
        *value = (f64::from(*value) / length) as f32;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_keeps_its_direction_and_gets_length_one() {
        let mut vector = [3.0, -4.0];
        assert!(normalise(&mut vector));
        assert_eq!(vector, [0.6, -0.8]);
    }

    #[test]
    fn what_has_no_direction_is_refused() {
        assert!(!normalise(&mut [0.0, 0.0]));
        assert!(!normalise(&mut [1.0, f32::NAN]));
        assert!(!normalise(&mut [1.0, f32::INFINITY]));
    }
}
