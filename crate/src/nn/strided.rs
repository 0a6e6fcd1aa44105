//! Matrices within larger ones: a view knows its shape and how far apart its rows are.

use std::ops::Range;

/// A matrix `[rows, cols]` of f32, each row `stride` floats behind the one before.
#[derive(Clone, Copy)]
pub struct Strided<'a> {
    /// Begins with the first row; at least `(rows − 1) · stride + cols` floats.
    data: &'a [f32],
    rows: usize,
    cols: usize,
    stride: usize,
}

/// A [`Strided`] matrix to write to.
pub struct StridedMut<'a> {
    /// As in [`Strided`].
    data: &'a mut [f32],
    rows: usize,
    cols: usize,
    stride: usize,
}

impl<'a> Strided<'a> {
    /// All of `data`, rows of `cols` floats without gaps.
    ///
    /// # Panics
    /// If `cols` is 0.
    #[inline(always)]
    pub fn new(data: &'a [f32], cols: usize) -> Self {
        Self::with_stride(data, [data.len() / cols, cols], cols)
    }

    /// The matrix `[rows, cols]` that `data` begins with.
    ///
    /// # Panics
    /// If `data` is too short.
    #[inline(always)]
    pub fn with_stride(data: &'a [f32], [rows, cols]: [usize; 2], stride: usize) -> Self {
        check(data, rows, cols, stride);
        Self {
            data,
            rows,
            cols,
            stride,
        }
    }

    /// Number of rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Values of a row.
    #[inline(always)]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Floats from one row to the next.
    #[inline(always)]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The first row and everything behind it, gaps included.
    #[inline(always)]
    pub fn data(&self) -> &'a [f32] {
        self.data
    }

    /// Row `row`: `[cols]`.
    #[inline(always)]
    pub fn row(&self, row: usize) -> &'a [f32] {
        &self.data[row * self.stride..][..self.cols]
    }

    /// The rows of `range`.
    ///
    /// # Panics
    /// If there are fewer.
    #[inline(always)]
    pub fn rows_in(&self, range: Range<usize>) -> Self {
        assert!(range.end <= self.rows);
        let data = &self.data[range.start * self.stride..];
        Self::with_stride(data, [range.len(), self.cols], self.stride)
    }

    /// The columns of `range`.
    ///
    /// # Panics
    /// If there are fewer.
    #[inline(always)]
    pub fn columns(&self, range: Range<usize>) -> Self {
        assert!(range.end <= self.cols);
        let data = &self.data[range.start..];
        Self::with_stride(data, [self.rows, range.len()], self.stride)
    }

    /// Writes the transpose into `out`, a matrix `[cols, rows]`.
    ///
    /// # Panics
    /// If `out` has another shape.
    pub fn transpose_into(&self, out: &mut StridedMut) {
        /// Rows that are read together: a line of the cache is then written at once.
        const TOGETHER: usize = 16;
        assert!([out.rows, out.cols] == [self.cols, self.rows]);
        for first in (0..self.rows).step_by(TOGETHER) {
            let count = TOGETHER.min(self.rows - first);
            let rows = &self.data[first * self.stride..];
            let columns = out.data.chunks_mut(out.stride).take(self.cols);
            for (col, out) in columns.enumerate() {
                let out = &mut out[first..first + count];
                for (out, row) in out.iter_mut().zip(rows.chunks(self.stride)) {
                    *out = row[col];
                }
            }
        }
    }
}

impl<'a> StridedMut<'a> {
    /// As [`Strided::new`].
    #[inline(always)]
    pub fn new(data: &'a mut [f32], cols: usize) -> Self {
        let rows = data.len() / cols;
        Self::with_stride(data, [rows, cols], cols)
    }

    /// As [`Strided::with_stride`].
    #[inline(always)]
    pub fn with_stride(data: &'a mut [f32], [rows, cols]: [usize; 2], stride: usize) -> Self {
        check(data, rows, cols, stride);
        Self {
            data,
            rows,
            cols,
            stride,
        }
    }

    /// Number of rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Values of a row.
    #[inline(always)]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Floats from one row to the next.
    #[inline(always)]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The first row and everything behind it, gaps included.
    #[inline(always)]
    pub fn data_mut(&mut self) -> &mut [f32] {
        self.data
    }

    /// As [`Strided::rows_in`].
    #[inline(always)]
    pub fn rows_in(&mut self, range: Range<usize>) -> StridedMut<'_> {
        assert!(range.end <= self.rows);
        let data = &mut self.data[range.start * self.stride..];
        StridedMut::with_stride(data, [range.len(), self.cols], self.stride)
    }

    /// As [`Strided::columns`].
    #[inline(always)]
    pub fn columns(&mut self, range: Range<usize>) -> StridedMut<'_> {
        assert!(range.end <= self.cols);
        let data = &mut self.data[range.start..];
        StridedMut::with_stride(data, [self.rows, range.len()], self.stride)
    }
}

#[inline(always)]
fn check(data: &[f32], rows: usize, cols: usize, stride: usize) {
    assert!(cols <= stride && (rows == 0 || (rows - 1) * stride + cols <= data.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_matrix() {
        let data: Vec<f32> = (0..12).map(|i| i as f32).collect();
        let all = Strided::new(&data, 4);
        assert_eq!([all.rows(), all.cols(), all.stride()], [3, 4, 4]);
        let piece = all.rows_in(1..3).columns(1..3);
        assert_eq!([piece.rows(), piece.cols(), piece.stride()], [2, 2, 4]);
        assert_eq!([piece.row(0), piece.row(1)], [[5.0, 6.0], [9.0, 10.0]]);
    }

    #[test]
    #[should_panic(expected = "assertion failed")]
    fn more_than_there_is() {
        Strided::with_stride(&[0.0; 10], [3, 3], 4);
    }

    #[test]
    fn columns_become_rows() {
        for (rows, cols, stride, out_stride) in [(1, 3, 3, 1), (16, 4, 6, 20), (37, 5, 5, 40)] {
            // The last row ends with the columns that are wanted, as a piece of larger rows does.
            let values: Vec<f32> = (0..(rows - 1) * stride + cols).map(|i| i as f32).collect();
            let mut out = vec![-1.0; (cols - 1) * out_stride + rows];
            Strided::with_stride(&values, [rows, cols], stride).transpose_into(
                &mut StridedMut::with_stride(&mut out, [cols, rows], out_stride),
            );
            for (at, value) in out.iter().enumerate() {
                let (col, row) = (at / out_stride, at % out_stride);
                let expected = if row < rows {
                    (row * stride + col) as f32
                } else {
                    -1.0
                };
                assert_eq!(*value, expected);
            }
        }
    }
}
