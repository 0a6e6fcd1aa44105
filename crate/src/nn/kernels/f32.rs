//! Products of dense matrices, by the `gemm` crate, which computes candle's too.

use gemm::Parallelism;

use super::arch::GEMM_HAS_THREADS;
use crate::nn::pool;

/// `ys = xs · weightᵀ`: `[m, k] · [k, n]` → `[m, n]` for a dense `weight` `[n, k]`.
///
/// # Panics
/// If the sizes do not fit.
pub fn matmul_f32(xs: &[f32], weight: &[f32], k: usize, ys: &mut [f32]) {
    let (m, n) = (xs.len() / k, weight.len() / k);
    assert!(xs.len() == m * k && weight.len() == n * k && m.checked_mul(n) == Some(ys.len()));
    let threads = pool::threads();
    let whole = Columns {
        start: ys.as_mut_ptr(),
        stride: n,
    };
    if threads == 1 || GEMM_HAS_THREADS || n < threads {
        let parallelism = if GEMM_HAS_THREADS && threads > 1 {
            Parallelism::Rayon(threads)
        } else {
            Parallelism::None
        };
        // SAFETY: the columns are all of `ys`, which is lent to this call.
        return unsafe { gemm(xs, weight, k, &whole, parallelism) };
    }
    // The rows of the weight are divided: each part writes columns of its own.
    let rows = n.div_ceil(threads);
    pool::for_each(n.div_ceil(rows), |part| {
        let whole = &whole;
        let rows = part * rows..n.min((part + 1) * rows);
        let columns = Columns {
            start: whole.start.wrapping_add(rows.start),
            // gemm chooses its order of work by the stride. One row is computed as a result of these columns alone
            // would be, so that the number of threads changes no bit of it.
            stride: if m == 1 { rows.len() } else { n },
        };
        let weight = &weight[rows.start * k..rows.end * k];
        // SAFETY: columns `rows` of `ys` belong to this part alone.
        unsafe { gemm(xs, weight, k, &columns, Parallelism::None) };
    });
}

/// Columns of a matrix to write to.
struct Columns {
    /// The first of them in the first row.
    start: *mut f32,
    /// Floats from one row to the next.
    stride: usize,
}

// SAFETY: the pointer is only used by `gemm` below, whose callers own what it writes.
unsafe impl Sync for Columns {}

/// `out = xs · weightᵀ`: `[m, k] · [k, n]` → `[m, n]` for `weight` `[n, k]`.
///
/// # Safety
/// `out` points to `m` rows of `n` floats that no one else uses meanwhile.
unsafe fn gemm(xs: &[f32], weight: &[f32], k: usize, out: &Columns, parallelism: Parallelism) {
    let (m, n) = (xs.len() / k, weight.len() / k);
    // (from column to column, from row to row)
    let (out_strides, xs_strides, transposed_strides) =
        ((1, out.stride as isize), (1, k as isize), (k as isize, 1));
    // SAFETY: `xs` is `[m, k]`; `weight` is `[n, k]` and read as its transpose; `out` is as promised.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.start,
            out_strides.0,
            out_strides.1,
            false, // what is in `out` is not read
            xs.as_ptr(),
            xs_strides.0,
            xs_strides.1,
            weight.as_ptr(),
            transposed_strides.0,
            transposed_strides.1,
            0.0, // times what was in `out`
            1.0, // times the product
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use super::*;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|i| (((i + seed) * 7919 % 10_007) as f32 / 5000.0) - 1.0)
            .collect()
    }

    /// What candle computes, to the bit: the whole product, and parts of it as threads write them.
    #[test]
    fn products_are_candles() {
        for (m, n, k) in [
            (1, 2, 64),
            (1, 37, 100),
            (3, 2, 48),
            (5, 130, 33),
            (128, 96, 768),
        ] {
            let (xs, weight) = (values(m * k, 1), values(n * k, 5));
            let candles = |weight: &[f32]| {
                let xs = Tensor::from_slice(&xs, (m, k), &Device::Cpu).unwrap();
                let weight =
                    Tensor::from_slice(weight, (weight.len() / k, k), &Device::Cpu).unwrap();
                let product = xs.matmul(&weight.t().unwrap()).unwrap();
                product.flatten_all().unwrap().to_vec1::<f32>().unwrap()
            };
            let mut ys = vec![f32::NAN; m * n];
            matmul_f32(&xs, &weight, k, &mut ys);
            assert_eq!(ys, candles(&weight), "{m}x{n}x{k}");

            let half = n / 2;
            let mut ys = vec![f32::NAN; m * n];
            for rows in [0..half, half..n] {
                let columns = Columns {
                    start: ys[rows.start..].as_mut_ptr(),
                    stride: n,
                };
                let weight = &weight[rows.start * k..rows.end * k];
                // SAFETY: the columns are within `ys`.
                unsafe { gemm(&xs, weight, k, &columns, Parallelism::None) };
                let expected = candles(weight);
                for (ys, expected) in ys.chunks(n).zip(expected.chunks(rows.len())) {
                    assert_eq!(ys[rows.clone()], *expected, "{m}x{n}x{k}, {rows:?}");
                }
            }
        }
    }
}
