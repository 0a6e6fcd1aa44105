//! Products of dense matrices on the pool of threads, by the `gemm` crate.

use std::ops::Range;

use gemm::Parallelism;

use crate::nn::pool;

/// A matrix `[rows, cols]` to read, which may be a transpose or a piece of a larger one.
#[derive(Clone, Copy)]
pub struct View<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    /// Floats from one row to the next, and from one column to the next.
    strides: [usize; 2],
}

impl<'a> View<'a> {
    /// All of `data`: rows of `cols` floats.
    pub fn new(data: &'a [f32], cols: usize) -> Self {
        Self::with_stride(data, [data.len() / cols.max(1), cols], cols)
    }

    /// The matrix that `data` begins with, each row `stride` floats behind the one before.
    ///
    /// # Panics
    /// If `data` is too short.
    pub fn with_stride(data: &'a [f32], [rows, cols]: [usize; 2], stride: usize) -> Self {
        assert!(cols <= stride && (rows == 0 || (rows - 1) * stride + cols <= data.len()));
        Self {
            data,
            rows,
            cols,
            strides: [stride, 1],
        }
    }

    /// The transpose.
    pub fn t(self) -> Self {
        let [row, col] = self.strides;
        Self {
            rows: self.cols,
            cols: self.rows,
            strides: [col, row],
            ..self
        }
    }

    /// The rows of `range`.
    fn rows_in(self, range: Range<usize>) -> Self {
        assert!(range.start < range.end && range.end <= self.rows);
        Self {
            data: &self.data[range.start * self.strides[0]..],
            rows: range.len(),
            ..self
        }
    }
}

/// `a·b` → `[a.rows, b.cols]`, on all threads.
///
/// # Panics
/// If the sizes do not fit.
pub fn multiply(a: View, b: View) -> Vec<f32> {
    let mut out = vec![0.0; a.rows * b.cols];
    multiply_into(a, b, &mut out);
    out
}

/// [`multiply`] into `out`.
///
/// # Panics
/// If the sizes do not fit.
pub(super) fn multiply_into(a: View, b: View, out: &mut [f32]) {
    /// Each part packs `b` for itself: it has to do enough with it.
    const LEAST: usize = 48;
    const PARTS: usize = 8;
    assert!(out.len() == a.rows * b.cols);
    if out.is_empty() {
        return;
    }
    let rows = a.rows.div_ceil(PARTS).max(LEAST);
    pool::for_each_chunk(out, rows * b.cols, |part, out| {
        let first = part * rows;
        let a = a.rows_in(first..(first + rows).min(a.rows));
        multiply_here(a, b, out, b.cols, 0.0);
    });
}

/// `out = before·out + a·b` on this thread; rows of `out` are `stride` floats apart.
///
/// # Panics
/// If the sizes do not fit.
pub(super) fn multiply_here(a: View, b: View, out: &mut [f32], stride: usize, before: f32) {
    assert!(a.cols == b.rows && b.cols <= stride);
    assert!(a.rows == 0 || (a.rows - 1) * stride + b.cols <= out.len());
    let of = |view: View| (view.strides[1] as isize, view.strides[0] as isize);
    let (a_strides, b_strides) = (of(a), of(b));
    // SAFETY: `View` only comes to be where its data reach to its last value, and `out` was compared above.
    unsafe {
        gemm::gemm(
            a.rows,
            b.cols,
            a.cols,
            out.as_mut_ptr(),
            1,
            stride as isize,
            before != 0.0,
            a.data.as_ptr(),
            a_strides.0,
            a_strides.1,
            b.data.as_ptr(),
            b_strides.0,
            b_strides.1,
            before,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}
