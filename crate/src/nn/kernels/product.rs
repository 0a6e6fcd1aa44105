//! Small f32 products, as attention needs them: no packing, no threads.

use crate::nn::strided::{Strided, StridedMut};

/// Rows of a tile. Fewer rows have more columns: enough sums to keep the adders busy, few enough for the
/// registers.
const TILE_ROWS: usize = 4;

/// `c = a · b`: `[m, k] · [k, n]` → `[m, n]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn product(a: Strided, b: Strided, mut c: StridedMut) {
    assert!(a.cols() == b.rows() && [a.rows(), b.cols()] == [c.rows(), c.cols()]);
    let mut row = 0;
    while row < a.rows() {
        let rows = row..a.rows().min(row + TILE_ROWS);
        let (a, c) = (a.rows_in(rows.clone()), c.rows_in(rows.clone()));
        match rows.len() {
            1 => stripe::<1, 32>(a, b, c),
            2 => stripe::<2, 16>(a, b, c),
            3 => stripe::<3, 8>(a, b, c),
            _ => stripe::<TILE_ROWS, 8>(a, b, c),
        }
        row = rows.end;
    }
}

/// `M` rows: tiles of `N` columns, then narrower ones, so that few columns are left to go alone.
#[inline(always)]
fn stripe<const M: usize, const N: usize>(a: Strided, b: Strided, mut c: StridedMut) {
    let mut col = tiles::<M, N>(0, a, b, &mut c);
    if N > 8 {
        col = tiles::<M, 8>(col, a, b, &mut c);
    }
    tiles::<M, 1>(col, a, b, &mut c);
}

/// Tiles of `N` columns from column `col` on, as many as there are; returns the first column after them. A sum
/// adds up in the same order in tiles of any width.
#[inline(always)]
fn tiles<const M: usize, const N: usize>(
    mut col: usize,
    a: Strided,
    b: Strided,
    c: &mut StridedMut,
) -> usize {
    let (n, k, c_stride) = (b.cols(), b.rows(), c.stride());
    let (a, a_stride) = (a.data(), a.stride());
    let (b, b_stride) = (b.data(), b.stride());
    let c = c.data_mut();
    while col + N <= n {
        let mut sums = [[0f32; N]; M];
        for at in 0..k {
            let b: &[f32; N] = b[at * b_stride + col..at * b_stride + col + N]
                .try_into()
                .expect("a row of a tile");
            for (i, sums) in sums.iter_mut().enumerate() {
                let a = a[i * a_stride + at];
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum += a * b;
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            c[i * c_stride + col..i * c_stride + col + N].copy_from_slice(sums);
        }
        col += N;
    }
    col
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_any_size() {
        for (m, n, k) in [(1, 1, 1), (3, 8, 5), (4, 16, 64), (6, 21, 3), (9, 33, 65)] {
            let (a_stride, b_stride, c_stride) = (k + 1, n + 3, n + 2);
            let value = |i: usize| ((i * 37 % 101) as f32 - 50.0) / 50.0;
            let a: Vec<f32> = (0..m * a_stride).map(value).collect();
            let b: Vec<f32> = (0..k * b_stride).map(|i| value(i + 7)).collect();
            let mut c = vec![9.0; m * c_stride];
            product(
                Strided::with_stride(&a, [m, k], a_stride),
                Strided::with_stride(&b, [k, n], b_stride),
                StridedMut::with_stride(&mut c, [m, n], c_stride),
            );
            for i in 0..m {
                for j in 0..n {
                    let expected: f32 = (0..k)
                        .map(|at| a[i * a_stride + at] * b[at * b_stride + j])
                        .sum();
                    assert!((c[i * c_stride + j] - expected).abs() < 1e-4);
                }
                assert_eq!(c[i * c_stride + n..][..2], [9.0; 2]);
            }
        }
    }
}
