//! Products of dense matrices with fused multiply-add, for wasm builds with relaxed SIMD: there the `gemm` crate multiplies
//! and adds apart.
//!
//! As in Goto & van de Geijn 2008: both sides are packed into panels as wide as a tile of the result, whose sums stay in
//! registers. Where processors cannot fuse, each gives what its own instructions do: the same every time.

use super::product::View;

/// Rows and columns of a tile: 8 registers of sums, and 6 of factors. V8 has 15 to give away, and 6 rows would have it
/// keep sums in memory.
const ROWS: usize = 4;
const COLS: usize = 8;
/// Rows of the right-hand matrix that are packed together: a panel of them stays in the nearest cache.
const DEPTH: usize = 256;

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod lanes {
    pub use std::arch::wasm32::{
        f32x4_add as add, f32x4_mul as mul, f32x4_relaxed_madd as madd, f32x4_splat as splat,
        v128 as Lanes,
    };
    use std::arch::wasm32::{i32x4_shuffle, i64x2_shuffle};

    /// Lane `j` of vector `i` becomes lane `i` of vector `j`.
    #[inline(always)]
    pub fn transpose([a, b, c, d]: [Lanes; 4]) -> [Lanes; 4] {
        let (low_ab, high_ab) = (
            i32x4_shuffle::<0, 4, 1, 5>(a, b),
            i32x4_shuffle::<2, 6, 3, 7>(a, b),
        );
        let (low_cd, high_cd) = (
            i32x4_shuffle::<0, 4, 1, 5>(c, d),
            i32x4_shuffle::<2, 6, 3, 7>(c, d),
        );
        [
            i64x2_shuffle::<0, 2>(low_ab, low_cd),
            i64x2_shuffle::<1, 3>(low_ab, low_cd),
            i64x2_shuffle::<0, 2>(high_ab, high_cd),
            i64x2_shuffle::<1, 3>(high_ab, high_cd),
        ]
    }

    #[inline(always)]
    pub fn load(from: &[f32; 4]) -> Lanes {
        // SAFETY: it may lie anywhere, and is 16 bytes.
        unsafe { std::arch::wasm32::v128_load(from.as_ptr().cast()) }
    }

    #[inline(always)]
    pub fn store(lanes: Lanes, to: &mut [f32; 4]) {
        // SAFETY: as above.
        unsafe { std::arch::wasm32::v128_store(to.as_mut_ptr().cast(), lanes) }
    }
}

/// For tests on other machines.
#[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod lanes {
    pub type Lanes = [f32; 4];

    pub fn splat(x: f32) -> Lanes {
        [x; 4]
    }

    pub fn transpose(rows: [Lanes; 4]) -> [Lanes; 4] {
        std::array::from_fn(|j| rows.map(|row| row[j]))
    }

    pub fn load(from: &[f32; 4]) -> Lanes {
        *from
    }

    pub fn store(lanes: Lanes, to: &mut [f32; 4]) {
        *to = lanes;
    }

    pub fn add(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|i| a[i] + b[i])
    }

    pub fn mul(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|i| a[i] * b[i])
    }

    pub fn madd(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
        std::array::from_fn(|i| a[i].mul_add(b[i], c[i]))
    }
}

use lanes::{add, load, madd, mul, splat, store, transpose, Lanes};

/// A right-hand matrix `[rows, cols]`, packed once for any number of products.
pub struct Right {
    /// Of each `DEPTH` rows, panels of `COLS` columns, row by row; 0 behind the last column.
    packed: Vec<f32>,
    rows: usize,
    cols: usize,
}

impl Right {
    /// Packs `b`.
    pub fn new(b: View) -> Self {
        let (rows, cols) = b.size();
        let width = cols.next_multiple_of(COLS);
        let mut packed = vec![0.0; rows * width];
        for first in (0..rows).step_by(DEPTH) {
            let depth = DEPTH.min(rows - first);
            let block = &mut packed[first * width..][..depth * width];
            for (panel, into) in block.chunks_exact_mut(depth * COLS).enumerate() {
                pack::<COLS>(b.t(), panel * COLS, first, into);
            }
        }
        Self { packed, rows, cols }
    }

    /// `out = before·out + a·b`; rows of `out` are `stride` floats apart.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn multiply_here(&self, a: View, out: &mut [f32], stride: usize, before: f32) {
        let (rows, inner) = a.size();
        assert!(inner == self.rows && self.cols <= stride);
        assert!(rows == 0 || (rows - 1) * stride + self.cols <= out.len());
        if inner == 0 {
            let rows = out.chunks_mut(stride.max(1)).take(rows);
            return rows.for_each(|row| row[..self.cols].iter_mut().for_each(|x| *x *= before));
        }
        let width = self.cols.next_multiple_of(COLS);
        let mut left = [0.0; DEPTH * ROWS];
        for first in (0..inner).step_by(DEPTH) {
            let depth = DEPTH.min(inner - first);
            let keep = if first == 0 { before } else { 1.0 };
            let block = &self.packed[first * width..][..depth * width];
            for row in (0..rows).step_by(ROWS) {
                let left = &mut left[..depth * ROWS];
                pack::<ROWS>(a, row, first, left);
                for (panel, right) in block.chunks_exact(depth * COLS).enumerate() {
                    let col = panel * COLS;
                    let size = [ROWS.min(rows - row), COLS.min(self.cols - col)];
                    let sums = tile(left, right);
                    put(&sums, size, &mut out[row * stride + col..], stride, keep);
                }
            }
        }
    }
}

#[inline(always)]
fn at(view: View, row: usize, col: usize) -> f32 {
    view.data[row * view.strides[0] + col * view.strides[1]]
}

/// Columns `first..` of `N` rows of `a` from `row` on, column by column; 0 where it has no more rows.
fn pack<const N: usize>(a: View, row: usize, first: usize, into: &mut [f32]) {
    let there = N.min(a.size().0 - row);
    if there == N && a.strides[0] == 1 {
        // Its columns are what lies together.
        for (depth, into) in into.chunks_exact_mut(N).enumerate() {
            into.copy_from_slice(&a.data[row + (first + depth) * a.strides[1]..][..N]);
        }
        return;
    }
    let mut done = 0;
    if there == N && a.strides[1] == 1 {
        let depth = into.len() / N;
        let rows: [&[f32]; N] =
            std::array::from_fn(|number| &a.data[(row + number) * a.strides[0] + first..][..depth]);
        for (number, into) in into.chunks_exact_mut(4 * N).enumerate() {
            for (quarter, rows) in rows.chunks_exact(4).enumerate() {
                let four = |row: &[f32]| load(row[4 * number..][..4].try_into().expect("four"));
                let columns =
                    transpose([four(rows[0]), four(rows[1]), four(rows[2]), four(rows[3])]);
                for (column, lanes) in columns.into_iter().enumerate() {
                    let to = &mut into[column * N + 4 * quarter..][..4];
                    store(lanes, to.try_into().expect("four"));
                }
            }
        }
        done = depth - depth % 4;
    }
    for (depth, into) in into.chunks_exact_mut(N).enumerate().skip(done) {
        for (number, value) in into.iter_mut().enumerate() {
            *value = if number < there {
                at(a, row + number, first + depth)
            } else {
                0.0
            };
        }
    }
}

/// The product of a packed panel of `ROWS` rows with one of `COLS` columns.
#[inline(always)]
fn tile(left: &[f32], right: &[f32]) -> [[Lanes; 2]; ROWS] {
    let mut sums = [[splat(0.0); 2]; ROWS];
    for (left, right) in left.chunks_exact(ROWS).zip(right.chunks_exact(COLS)) {
        let (low, high) = right.split_at(4);
        let low = load(low.try_into().expect("four"));
        let high = load(high.try_into().expect("four"));
        for (sums, &factor) in sums.iter_mut().zip(left) {
            let factor = splat(factor);
            sums[0] = madd(factor, low, sums[0]);
            sums[1] = madd(factor, high, sums[1]);
        }
    }
    sums
}

/// Writes the first `rows` and `cols` of a tile.
#[inline(always)]
fn put(
    sums: &[[Lanes; 2]; ROWS],
    [rows, cols]: [usize; 2],
    out: &mut [f32],
    stride: usize,
    keep: f32,
) {
    for (row, &sums) in sums.iter().enumerate().take(rows) {
        let out = &mut out[row * stride..];
        if cols < COLS {
            let mut values = [[0.0; 4]; 2];
            values
                .iter_mut()
                .zip(sums)
                .for_each(|(to, from)| store(from, to));
            for (out, &value) in out.iter_mut().zip(values.as_flattened()).take(cols) {
                *out = if keep == 0.0 {
                    value
                } else {
                    *out * keep + value
                };
            }
            continue;
        }
        for (out, sum) in out[..COLS].chunks_exact_mut(4).zip(sums) {
            let out: &mut [f32; 4] = out.try_into().expect("four");
            let value = if keep == 0.0 {
                sum
            } else {
                add(mul(load(out), splat(keep)), sum)
            };
            store(value, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        let value = |i: usize| ((i + seed) * 7919 % 10_007) as f32 / 5000.0 - 1.0;
        (0..count).map(value).collect()
    }

    /// In f64, by the definition.
    #[test]
    fn products_are_sums_of_products() {
        for [rows, inner, cols] in [[1, 1, 1], [6, 5, 8], [7, 300, 9], [13, 513, 23], [4, 3, 16]] {
            for [a_turned, b_turned] in [[false, false], [true, false], [false, true], [true, true]]
            {
                for before in [0.0, 1.0, 0.5] {
                    let (a, b) = (values(rows * inner, 1), values(inner * cols, 5));
                    let view = |data, [rows, cols]: [usize; 2], turned| {
                        if turned {
                            View::new(data, rows).t()
                        } else {
                            View::new(data, cols)
                        }
                    };
                    let a = view(&a, [rows, inner], a_turned);
                    let b = view(&b, [inner, cols], b_turned);
                    let stride = cols + 3;
                    let mut out = values(rows * stride, 9);
                    let old = out.clone();
                    Right::new(b).multiply_here(a, &mut out, stride, before);
                    for row in 0..rows {
                        for col in 0..stride {
                            let (place, old) = (row * stride + col, old[row * stride + col]);
                            if col >= cols {
                                assert_eq!(out[place], old, "beside the product");
                                continue;
                            }
                            let product = |k| f64::from(at(a, row, k)) * f64::from(at(b, k, col));
                            let sum: f64 = (0..inner).map(product).sum();
                            let sum = sum + f64::from(before) * f64::from(old);
                            let difference = (f64::from(out[place]) - sum).abs();
                            assert!(difference < 1e-4 * sum.abs().max(1.0), "{difference}");
                        }
                    }
                }
            }
        }
    }
}
