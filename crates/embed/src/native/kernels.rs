//! Matrix products. The only unsafe code of the workspace: the crate `gemm` works on raw pointers, and this file checks
//! every reach before it hands them over.

use gemm::Parallelism;

/// A matrix that lies somewhere in a slice. Rows are `row_step` numbers apart, the columns of a row `column_step`.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a> View<'a> {
    /// Rows of `columns` numbers each, `row_step` apart.
    pub(super) fn new(data: &'a [f32], rows: usize, columns: usize, row_step: usize) -> Self {
        Self { data, rows, columns, row_step, column_step: 1 }
    }

    /// The same numbers with rows and columns exchanged.
    pub(super) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
            ..self
        }
    }
}

/// What becomes of the numbers that stand in the output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// They are overwritten.
    Replace,
    /// The product is added to them.
    Add,
}

/// `out = scale · left · right`, or `out += …`, on this thread. Rows of `out` are `out_step` numbers apart.
///
/// Panics when shapes do not fit each other or the slices: that is a mistake in the encoder, never in a text or model.
pub(super) fn multiply(
    left: View<'_>,
    right: View<'_>,
    scale: f32,
    output: Output,
    out: &mut [f32],
    out_step: usize,
) {
    let (rows, inner, columns) = (left.rows, left.columns, right.columns);
    if rows == 0 || inner == 0 || columns == 0 {
        return;
    }
    assert_eq!(inner, right.rows, "the inner sides differ");
    assert!(out_step >= columns, "rows of the output overlap");
    assert!(reach(rows, out_step, columns, 1) <= out.len(), "the output is too short");
    for view in [left, right] {
        let reach = reach(view.rows, view.row_step, view.columns, view.column_step);
        assert!(reach <= view.data.len(), "an input is too short");
    }
    #[expect(unsafe_code, reason = "gemm takes raw pointers")]
    // SAFETY: the assertions above show that every element that gemm reads (left, right) or reads and writes (out) lies
    // within its slice; `out` is borrowed mutably, so it overlaps neither input; the output's rows do not overlap.
    // Steps fit an `isize` because they are bounded by slice lengths.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr(),
            1,
            out_step as isize,
            output == Output::Add,
            left.data.as_ptr(),
            left.column_step as isize,
            left.row_step as isize,
            right.data.as_ptr(),
            right.column_step as isize,
            right.row_step as isize,
            1.0,
            scale,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

/// One past the last element that a matrix touches; the largest number when it would not fit.
fn reach(rows: usize, row_step: usize, columns: usize, column_step: usize) -> usize {
    let down = (rows - 1).saturating_mul(row_step);
    let across = (columns - 1).saturating_mul(column_step);
    down.saturating_add(across).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|index| ((index * 37 % 19) as f32) - 9.0).collect()
    }

    #[test]
    fn products_equal_the_plain_sum_in_every_arrangement() {
        for (rows, inner, columns) in [(1, 1, 1), (2, 3, 5), (7, 24, 40), (17, 33, 9), (40, 64, 40)] {
            let (left, right) = (numbers(rows * inner), numbers(inner * columns));
            let turned: Vec<f32> =
                (0..inner * columns).map(|at| right[(at % inner) * columns + at / inner]).collect();
            for view in [
                View::new(&right, inner, columns, columns),
                View::new(&turned, columns, inner, inner).transposed(),
            ] {
                let mut out = vec![1.0; rows * (columns + 2)];
                multiply(View::new(&left, rows, inner, inner), view, 0.5, Output::Add, &mut out, columns + 2);
                for row in 0..rows {
                    for column in 0..columns {
                        let sum: f32 =
                            (0..inner).map(|k| left[row * inner + k] * right[k * columns + column]).sum();
                        assert_eq!(out[row * (columns + 2) + column], 1.0 + 0.5 * sum);
                    }
                    assert_eq!(
                        out[row * (columns + 2) + columns..][..2],
                        [1.0, 1.0],
                        "wrote beside the matrix"
                    );
                }
            }
        }
    }

    #[test]
    fn replacing_forgets_what_stood_there() {
        let mut out = [f32::NAN];
        multiply(View::new(&[2.0], 1, 1, 1), View::new(&[3.0], 1, 1, 1), 1.0, Output::Replace, &mut out, 1);
        assert_eq!(out, [6.0]);
    }

    #[test]
    #[should_panic(expected = "an input is too short")]
    fn a_reach_beyond_the_slice_is_refused() {
        let short = numbers(5);
        let view = View::new(&short, 2, 3, 3);
        multiply(view, view.transposed(), 1.0, Output::Replace, &mut [0.0; 4], 2);
    }

    #[test]
    #[should_panic(expected = "the output is too short")]
    fn an_output_beyond_its_slice_is_refused() {
        let view = View::new(&[1.0; 6], 2, 3, 3);
        multiply(view, view.transposed(), 1.0, Output::Replace, &mut [0.0; 3], 2);
    }
}
