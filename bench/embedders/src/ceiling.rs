//! What the processor can do at most: a large product of matrices.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::options;

/// Rows and columns: large enough that everything but the products is lost in it.
const SIZE: usize = 2048;
/// Products of which the fastest counts.
const TIMES: usize = 4;

/// Prints the floating-point operations a second of the same product by numpy.
const NUMPY: &str = "
import sys, time, numpy
size, times = int(sys.argv[1]), int(sys.argv[2])
one = numpy.ones((size, size), dtype=numpy.float32) * 0.5
best = float('inf')
for _ in range(times + 1):
    begun = time.perf_counter()
    one @ one
    best = min(best, time.perf_counter() - begun)
print(2 * size ** 3 / best)
";

/// Floating-point operations a second of the crate `gemm`.
pub(crate) fn by_gemm(threads: usize) -> f64 {
    let (one, mut product) = (vec![0.5_f32; SIZE * SIZE], vec![0.0_f32; SIZE * SIZE]);
    let mut best = f64::INFINITY;
    for _ in 0..=TIMES {
        let begun = Instant::now();
        multiply(&one, &mut product, threads);
        best = best.min(begun.elapsed().as_secs_f64());
    }
    2.0 * (SIZE as f64).powi(3) / best
}

fn multiply(one: &[f32], product: &mut [f32], threads: usize) {
    let (rows, columns) = (1, SIZE as isize);
    // All three are square matrices of SIZE rows, so every place that is reached lies in them.
    unsafe {
        gemm::gemm(
            SIZE,
            SIZE,
            SIZE,
            product.as_mut_ptr(),
            rows,
            columns,
            false,
            one.as_ptr(),
            rows,
            columns,
            one.as_ptr(),
            rows,
            columns,
            0.0_f32,
            1.0_f32,
            false,
            false,
            false,
            gemm::Parallelism::Rayon(threads),
        );
    }
}

/// A Python with numpy: the one on the path, else that of the peers, where one is installed.
pub(crate) fn python() -> Option<PathBuf> {
    let peers = std::fs::read_dir(options::cache().join("peers")).into_iter().flatten().flatten();
    let peers = peers.map(|entry| entry.path().join("bin/python")).filter(|path| path.is_file());
    let has_numpy = |python: &PathBuf| {
        let tried = Command::new(python).args(["-c", "import numpy"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    std::iter::once(PathBuf::from("python3")).chain(peers).find(has_numpy)
}

/// The same by numpy with as many threads; `None` when it says nothing.
pub(crate) fn by_numpy(python: &PathBuf, threads: usize) -> Option<f64> {
    let mut command = Command::new(python);
    for name in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
        command.env(name, threads.to_string());
    }
    let output = command.args(["-c", NUMPY, &SIZE.to_string(), &TIMES.to_string()]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
