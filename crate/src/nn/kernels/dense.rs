//! Small f32 products, as attention needs them, and candle's for dense weights.

use candle_core::Tensor;

use crate::error::Result;
use crate::nn::pool;

/// Rows of a tile. Fewer rows have more columns: enough sums to keep the adders busy, few enough for the
/// registers.
const ROWS: usize = 4;

/// `c[m, n] = a[m, k] · b[k, n]`, each row of a matrix `a_step`, `b_step` or `c_step` floats after the one before.
#[allow(clippy::too_many_arguments)]
pub fn product(
    m: usize,
    n: usize,
    k: usize,
    a: &[f32],
    a_step: usize,
    b: &[f32],
    b_step: usize,
    c: &mut [f32],
    c_step: usize,
) {
    let mut row = 0;
    while row < m {
        let rows = ROWS.min(m - row);
        let (a, c) = (&a[row * a_step..], &mut c[row * c_step..]);
        match rows {
            1 => stripe::<1, 32>(n, k, a, a_step, b, b_step, c, c_step),
            2 => stripe::<2, 16>(n, k, a, a_step, b, b_step, c, c_step),
            3 => stripe::<3, 8>(n, k, a, a_step, b, b_step, c, c_step),
            _ => stripe::<ROWS, 8>(n, k, a, a_step, b, b_step, c, c_step),
        }
        row += rows;
    }
}

/// `M` rows: tiles of `N` columns, then narrower ones, so that few columns are left to go alone.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn stripe<const M: usize, const N: usize>(
    n: usize,
    k: usize,
    a: &[f32],
    a_step: usize,
    b: &[f32],
    b_step: usize,
    c: &mut [f32],
    c_step: usize,
) {
    let mut col = tiles::<M, N>(0, n, k, a, a_step, b, b_step, c, c_step);
    if N > 8 {
        col = tiles::<M, 8>(col, n, k, a, a_step, b, b_step, c, c_step);
    }
    tiles::<M, 1>(col, n, k, a, a_step, b, b_step, c, c_step);
}

/// Tiles of `N` columns from column `col` on, as many as there are; returns the first column after them. A sum
/// adds up in the same order in tiles of any width.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn tiles<const M: usize, const N: usize>(
    mut col: usize,
    n: usize,
    k: usize,
    a: &[f32],
    a_step: usize,
    b: &[f32],
    b_step: usize,
    c: &mut [f32],
    c_step: usize,
) -> usize {
    while col + N <= n {
        let mut sums = [[0f32; N]; M];
        for at in 0..k {
            let b: &[f32; N] = b[at * b_step + col..at * b_step + col + N]
                .try_into()
                .expect("a row of a tile");
            for (i, sums) in sums.iter_mut().enumerate() {
                let a = a[i * a_step + at];
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum += a * b;
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            c[i * c_step + col..i * c_step + col + N].copy_from_slice(sums);
        }
        col += N;
    }
    col
}

/// `xs[m, k] · weightᵀ` for a dense `weight` `[n, k]`, giving `[m, n]`.
pub fn matmul_f32(xs: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let threads = pool::threads();
    let n = weight.dim(0)?;
    if threads == 1 || !cfg!(target_arch = "wasm32") || n < threads {
        return Ok(xs.matmul(&weight.t()?)?);
    }
    // candle divides by a thread count that is always 1 in wasm, so we divide the rows of the weight.
    let rows = n.div_ceil(threads);
    let mut parts: Vec<Option<candle_core::Result<Tensor>>> = Vec::new();
    parts.resize_with(n.div_ceil(rows), || None);
    pool::for_each_chunk(&mut parts, 1, |index, part| {
        let start = index * rows;
        let product = || xs.matmul(&weight.narrow(0, start, rows.min(n - start))?.t()?);
        part[0] = Some(product());
    });
    let parts = parts
        .into_iter()
        .flatten()
        .collect::<candle_core::Result<Vec<_>>>()?;
    Ok(Tensor::cat(&parts, 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_any_size() {
        for (m, n, k) in [(1, 1, 1), (3, 8, 5), (4, 16, 64), (6, 21, 3), (9, 33, 65)] {
            let (a_step, b_step, c_step) = (k + 1, n + 3, n + 2);
            let value = |i: usize| ((i * 37 % 101) as f32 - 50.0) / 50.0;
            let a: Vec<f32> = (0..m * a_step).map(value).collect();
            let b: Vec<f32> = (0..k * b_step).map(|i| value(i + 7)).collect();
            let mut c = vec![9.0; m * c_step];
            product(m, n, k, &a, a_step, &b, b_step, &mut c, c_step);
            for i in 0..m {
                for j in 0..n {
                    let expected: f32 = (0..k)
                        .map(|at| a[i * a_step + at] * b[at * b_step + j])
                        .sum();
                    assert!((c[i * c_step + j] - expected).abs() < 1e-4);
                }
                assert_eq!(c[i * c_step + n..][..2], [9.0; 2]);
            }
        }
    }
}
