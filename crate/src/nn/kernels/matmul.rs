//! Quantised matrix products, divided over the threads there are.

use std::ops::Range;

use super::arch::Kernel;
use super::block::{Block4, Block7};
use super::kernel::{Lanes, Work};
use super::layout::{Quants, COLS, ROWS};
use super::rows::QuantizedRows;
use super::tile::{tile, Dots};
use crate::nn::pool;

/// Rows of activations that are multiplied together: as many as leave their sums in registers.
const TILE_ROWS: usize = 4;

/// Groups of weights that a single row of activations is multiplied with together. Weights then come from memory, and
/// from four places of it more is under way at once than from one. Each place is read on and on: a stream that begins
/// anew every few kilobytes is one the processor has not learnt to fetch ahead (see docs/performance.md).
const STREAMS: usize = 4;

/// Parts for each thread, so that one that is held up does not hold up all; fewer where memory is read in streams,
/// which each part begins anew.
const PARTS: usize = 4;
const PARTS_OF_STREAMS: usize = 2;

/// Bytes of activations that stay in the second-level cache while the weights pass by.
const PANEL: usize = 160 << 10;

/// Products that are worth calling another thread for: a few microseconds' work.
const SHARED: usize = 1 << 17;

/// A kind of block that can be multiplied.
#[expect(
    private_bounds,
    reason = "how blocks are read is the kernels' own affair"
)]
pub trait Packed: Dots {}
impl Packed for Block7 {}
impl Packed for Block4 {}

/// `ys[m, n] = xs[m, k] · wᵀ + bias`, where `weights` holds `n` rows, eight to a group: block `b` of group
/// `g` is `weights[g · k/32 + b]`. Rows beyond `n` are padding.
pub fn matmul<B: Packed>(
    xs: &QuantizedRows,
    weights: &[B],
    n: usize,
    bias: Option<&[f32]>,
    ys: &mut [f32],
) {
    matmul_with(Kernel::best(), xs, weights, n, bias, ys);
}

/// [`matmul`] with a kernel of one's choice, for comparisons.
pub fn matmul_with<B: Packed>(
    kernel: Kernel,
    xs: &QuantizedRows,
    weights: &[B],
    n: usize,
    bias: Option<&[f32]>,
    ys: &mut [f32],
) {
    let (m, k) = (xs.rows(), xs.cols());
    assert!(m.checked_mul(n) == Some(ys.len()) && weights.len() == n.div_ceil(ROWS) * (k / COLS));
    assert!(bias.is_none_or(|bias| bias.len() == n));
    let out = Out {
        ys: ys.as_mut_ptr(),
        n,
    };
    let groups = n.div_ceil(ROWS);
    // A panel is a whole number of tiles.
    let panel = (PANEL / k).clamp(TILE_ROWS, m.max(TILE_ROWS)) / TILE_ROWS * TILE_ROWS;
    let panels = m.div_ceil(panel);
    let per_thread = if m == 1 { PARTS_OF_STREAMS } else { PARTS };
    // In wasm the products of one matrix can be more than a usize counts.
    let products = m.saturating_mul(n).saturating_mul(k);
    let parts = if products < SHARED || pool::threads() == 1 {
        1
    } else {
        (per_thread * pool::threads()).div_ceil(panels).min(groups)
    };
    let per_part = groups.div_ceil(parts);
    let parts = groups.div_ceil(per_part);
    pool::for_each(panels * parts, |index| {
        let rows = index / parts * panel..(index / parts * panel + panel).min(m);
        let groups = index % parts * per_part..(index % parts * per_part + per_part).min(groups);
        let out = &out;
        kernel.run(&Part {
            xs,
            rows,
            weights,
            groups,
            bias,
            out,
        });
    });
}

/// Where results go. Parts write to different places of it.
struct Out {
    ys: *mut f32,
    n: usize,
}

// SAFETY: the pointer is only used in `Out::write`, by parts that own what they write.
unsafe impl Sync for Out {}

impl Out {
    /// Writes `sums` to row `row`, from column `col` on, as far as there are columns.
    ///
    /// # Safety
    /// `ys` points to more than `row` rows of `n` floats, and no one else uses those columns meanwhile.
    #[inline(always)]
    unsafe fn write(&self, row: usize, col: usize, sums: &[f32; ROWS], bias: Option<&[f32]>) {
        let count = ROWS.min(self.n - col);
        // SAFETY: row `row` and its columns `col..col + count` are within `ys`, and this call's alone.
        let out = unsafe { std::slice::from_raw_parts_mut(self.ys.add(row * self.n + col), count) };
        match bias {
            Some(bias) => {
                for ((out, sum), bias) in out.iter_mut().zip(sums).zip(&bias[col..]) {
                    *out = sum + bias;
                }
            }
            None => out.copy_from_slice(&sums[..count]),
        }
    }
}

/// A part of a product.
struct Part<'a, B> {
    xs: &'a QuantizedRows,
    /// Rows of activations.
    rows: Range<usize>,
    weights: &'a [B],
    /// Groups of weights.
    groups: Range<usize>,
    bias: Option<&'a [f32]>,
    out: &'a Out,
}

impl<B: Packed> Work for Part<'_, B> {
    #[inline(always)]
    fn run<L: Lanes>(&self, lanes: L) {
        let (rows, mut groups) = (self.rows.clone(), self.groups.clone());
        if rows.len() == 1 {
            let stride = groups.len() / STREAMS;
            for group in groups.start..groups.start + stride {
                self.tile::<L, 1, STREAMS>(lanes, rows.start, group, stride);
            }
            groups.start += STREAMS * stride;
        }
        for group in groups {
            for row in rows.clone().step_by(TILE_ROWS) {
                match rows.end - row {
                    1 => self.tile::<L, 1, 1>(lanes, row, group, 0),
                    2 => self.tile::<L, 2, 1>(lanes, row, group, 0),
                    3 => self.tile::<L, 3, 1>(lanes, row, group, 0),
                    _ => self.tile::<L, TILE_ROWS, 1>(lanes, row, group, 0),
                }
            }
        }
    }
}

impl<B: Packed> Part<'_, B> {
    /// `M` rows of activations from `row` on with `G` groups of weights, `group` and those each `stride` groups behind.
    #[inline(always)]
    fn tile<L: Lanes, const M: usize, const G: usize>(
        &self,
        lanes: L,
        row: usize,
        group: usize,
        stride: usize,
    ) {
        let per_group = self.xs.cols() / COLS;
        let x: [&[Quants]; M] = std::array::from_fn(|i| self.xs.row(row + i));
        let weights: [&[B]; G] =
            std::array::from_fn(|g| &self.weights[(group + g * stride) * per_group..][..per_group]);
        for (g, rows) in tile::<L, B, M, G>(lanes, x, weights).iter().enumerate() {
            for (i, sums) in rows.iter().enumerate() {
                let col = (group + g * stride) * ROWS;
                // SAFETY: `matmul` has checked the size of `ys` and gives each part rows and groups of its own.
                unsafe { self.out.write(row + i, col, sums, self.bias) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::arch::generic::Generic;
    use super::*;

    fn values(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        })
        .take(count)
        .collect()
    }

    fn pack<B: Packed>(weights: &[f32], k: usize) -> Vec<B> {
        let per_group = k / COLS;
        let n = weights.len() / k;
        let mut blocks = vec![B::EMPTY; n.div_ceil(ROWS) * per_group];
        for (row, values) in weights.chunks_exact(k).enumerate() {
            for (at, values) in values.chunks_exact(COLS).enumerate() {
                blocks[row / ROWS * per_group + at]
                    .quantize(row % ROWS, values.try_into().expect("a chunk of 32"));
            }
        }
        blocks
    }

    /// Against products of the dequantised values in f64.
    fn agrees<B: Packed>() {
        for (m, n, k) in [
            (1, 8, 32),
            (1, 37, 96),
            (1, 85, 64),
            (4, 16, 64),
            (7, 21, 160),
            (130, 40, 1024),
        ] {
            let (x, w, bias) = (values(m * k, 1), values(n * k, 2), values(n, 3));
            let packed: Vec<B> = pack(&w, k);
            let rows = QuantizedRows::new(&x, k);
            let mut ys = vec![f32::NAN; m * n];
            matmul(&rows, &packed, n, Some(&bias), &mut ys);
            for (at, y) in ys.iter().enumerate() {
                let (i, j) = (at / n, at % n);
                let mut expected = f64::from(bias[j]);
                for (b, x) in rows.row(i).iter().enumerate() {
                    let mut weights = [0f32; COLS];
                    packed[j / ROWS * (k / COLS) + b].dequantize(j % ROWS, &mut weights);
                    for (quant, weight) in x.quants.as_flattened().iter().zip(weights) {
                        expected += f64::from(x.scale * f32::from(*quant)) * f64::from(weight);
                    }
                }
                assert!(
                    (f64::from(*y) - expected).abs() < 1e-4,
                    "{m}x{n}x{k}, {at}: {y}, not {expected}"
                );
            }
        }
    }

    #[test]
    fn products_are_those_of_the_quantised_values() {
        agrees::<Block7>();
        agrees::<Block4>();
    }

    /// The processor's own kernel, the reference, tiles of any height: the same bits.
    fn same_bits<B: Packed>() {
        let (m, n, k) = (11, 24, 256);
        let (x, w) = (values(m * k, 5), values(n * k, 6));
        let packed: Vec<B> = pack(&w, k);
        let rows = QuantizedRows::new(&x, k);
        let mut ys = vec![0.0; m * n];
        matmul(&rows, &packed, n, None, &mut ys);
        for row in 0..m {
            let mut alone = vec![0.0; n];
            matmul(
                &QuantizedRows::new(&x[row * k..][..k], k),
                &packed,
                n,
                None,
                &mut alone,
            );
            assert_eq!(alone, ys[row * n..][..n]);
            for group in 0..n / ROWS {
                let weights = &packed[group * (k / COLS)..][..k / COLS];
                let [[reference]] = tile::<_, B, 1, 1>(Generic, [rows.row(row)], [weights]);
                assert_eq!(reference, ys[row * n + group * ROWS..][..ROWS]);
            }
        }
    }

    #[test]
    fn all_kernels_give_the_same_bits() {
        same_bits::<Block7>();
        same_bits::<Block4>();
    }
}
