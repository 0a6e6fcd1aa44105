//! Matrices to read.

use std::ops::Range;

/// A matrix `[rows, cols]` to read, which may be a transpose or a piece of a larger one.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(super) data: &'a [f32],
    rows: usize,
    cols: usize,
    /// Floats from one row to the next, and from one column to the next.
    pub(super) strides: [usize; 2],
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

    /// Rows and columns.
    pub(super) fn size(self) -> (usize, usize) {
        (self.rows, self.cols)
    }

    /// The rows of `range`.
    pub(super) fn rows_in(self, range: Range<usize>) -> Self {
        assert!(range.start < range.end && range.end <= self.rows);
        Self {
            data: &self.data[range.start * self.strides[0]..],
            rows: range.len(),
            ..self
        }
    }
}
