//! Matrix products on candle's building blocks.

use candle_core::quantized::GgmlType;
use candle_core::Tensor;
use rayon::prelude::*;

use super::parallel::{chunk_size, for_each_chunk};
use crate::error::Result;

/// Rows of the weight that are visited together, so that they stay in the first-level cache while
/// the rows of `x` pass by (32 rows of 768 Q8_0 weights are 26 kB).
const TILE: usize = 32;

/// Products below which a matrix-vector product stays on one thread.
const MIN_SHARED: usize = 200_000;

/// `ys[m, n] = xs[m, k] · wᵀ` with `w` as `n` rows of quantised blocks. Each row of `xs` is quantised
/// once to 8 bits (blocks of 32), so products are integer dot products.
pub fn matmul_quantized<B: GgmlType>(xs: &[f32], k: usize, w: &[B], n: usize, ys: &mut [f32]) {
    let per_row = k / B::BLCK_SIZE;
    let m = xs.len() / k;
    let mut quantized = vec![B::VecDotType::zeros(); m * per_row];
    let row_of_w = |row: usize| &w[row * per_row..(row + 1) * per_row];
    if m == 1 {
        B::VecDotType::from_float(xs, &mut quantized);
        // Waking another thread costs some 20 µs, in which one thread does about 100,000 products.
        let chunk = if n * k < MIN_SHARED {
            n
        } else {
            chunk_size(n, 4, 1)
        };
        for_each_chunk(ys, chunk, |index, ys| {
            dot_rows(k, index * chunk, &row_of_w, &quantized, ys)
        });
        return;
    }
    for_each_chunk(&mut quantized, per_row, |row, blocks| {
        B::VecDotType::from_float(&xs[row * k..(row + 1) * k], blocks)
    });
    let rows = chunk_size(m, 1, 1);
    for_each_chunk(ys, rows * n, |index, ys| {
        let first = index * rows;
        for tile in (0..n).step_by(TILE) {
            let end = (tile + TILE).min(n);
            for (i, ys) in ys.chunks_exact_mut(n).enumerate() {
                let x = &quantized[(first + i) * per_row..(first + i + 1) * per_row];
                dot_rows(k, tile, &row_of_w, x, &mut ys[tile..end]);
            }
        }
    });
}

/// `ys[i] = w[first + i] · x`, four rows at a time where they last.
fn dot_rows<'a, B: GgmlType + 'a>(
    k: usize,
    first: usize,
    row_of_w: &impl Fn(usize) -> &'a [B],
    x: &[B::VecDotType],
    ys: &mut [f32],
) {
    let mut row = first;
    let mut quads = ys.chunks_exact_mut(4);
    for y in &mut quads {
        let (a, b, c, d) = B::vec_dot_4(
            k,
            row_of_w(row),
            row_of_w(row + 1),
            row_of_w(row + 2),
            row_of_w(row + 3),
            x,
        );
        y.copy_from_slice(&[a, b, c, d]);
        row += 4;
    }
    for y in quads.into_remainder() {
        *y = B::vec_dot(k, row_of_w(row), x);
        row += 1;
    }
}

/// `xs[m, k] · weightᵀ` for a dense `weight` `[n, k]`, giving `[m, n]`.
pub fn matmul_f32(xs: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let threads = rayon::current_num_threads();
    let n = weight.dim(0)?;
    if threads == 1 || !cfg!(target_arch = "wasm32") || n < threads {
        return Ok(xs.matmul(&weight.t()?)?);
    }
    // candle divides by a thread count that is always 1 in wasm, so we divide the rows of the weight.
    let chunk = n.div_ceil(threads);
    let starts: Vec<usize> = (0..n).step_by(chunk).collect();
    let parts = starts
        .into_par_iter()
        .map(|start| xs.matmul(&weight.narrow(0, start, chunk.min(n - start))?.t()?))
        .collect::<candle_core::Result<Vec<_>>>()?;
    Ok(Tensor::cat(&parts, 1)?)
}
