//! A weight matrix, dense or quantised and packed for the kernels, built from bytes as they arrive.

use super::kernels::{self, Block, Block4, Block7, Packed, QuantizedRows, COLS, ROWS};
use super::{pool, vector};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::memory::reserve;

/// How a matrix of `cols` columns is kept where `dtype` was asked for: dense if its rows are no whole number of blocks.
fn stored_as(dtype: DType, cols: usize) -> DType {
    if cols % COLS == 0 {
        dtype
    } else {
        DType::F32
    }
}

/// Bytes that a matrix `[rows, cols]` takes as `dtype`, or the most there are.
pub fn matrix_bytes(rows: usize, cols: usize, dtype: DType) -> u64 {
    let groups = (rows.div_ceil(ROWS) as u64).saturating_mul((cols / COLS) as u64);
    let (count, size) = match stored_as(dtype, cols) {
        DType::F32 => ((rows as u64).saturating_mul(cols as u64), size_of::<f32>()),
        DType::Q8 => (groups, size_of::<Block7>()),
        DType::Q4 => (groups, size_of::<Block4>()),
    };
    count.saturating_mul(size as u64)
}

/// The values of a matrix `[rows, cols]` in one of the three forms. Quantised, eight rows lie side by side:
/// `[rows / 8, cols / 32]` blocks, the last rows padded.
#[derive(PartialEq)]
enum Data {
    /// `[rows, cols]`
    F32(Vec<f32>),
    Q8(Vec<Block7>),
    Q4(Vec<Block4>),
}

impl Data {
    fn dtype(&self) -> DType {
        match self {
            Data::F32(_) => DType::F32,
            Data::Q8(_) => DType::Q8,
            Data::Q4(_) => DType::Q4,
        }
    }
}

/// A matrix `[rows, cols]` = `[out, in]`.
#[derive(PartialEq)]
pub struct Matrix {
    rows: usize,
    cols: usize,
    data: Data,
}

/// Rows of activations in the form in which a matrix wants them, so that several matrices of the same
/// form can share it.
pub enum Activations<'a> {
    /// As they are, `[rows, cols]`.
    Dense(&'a [f32]),
    /// Rounded to 8 bits.
    Quantized(QuantizedRows),
}

impl Matrix {
    /// Output size.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Input size.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// How it is stored. A matrix whose rows are no multiple of 32 stays dense whatever was asked.
    pub fn dtype(&self) -> DType {
        self.data.dtype()
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        match &self.data {
            Data::F32(values) => size_of_val(values.as_slice()),
            Data::Q8(blocks) => size_of_val(blocks.as_slice()),
            Data::Q4(blocks) => size_of_val(blocks.as_slice()),
        }
    }

    /// Makes `xs` `[any, cols]` ready for [`Matrix::matmul`] of this matrix and of those stored alike.
    pub fn activations<'a>(&self, xs: &'a [f32]) -> Activations<'a> {
        match self.data {
            Data::F32(_) => Activations::Dense(xs),
            Data::Q8(_) | Data::Q4(_) => Activations::Quantized(QuantizedRows::new(xs, self.cols)),
        }
    }

    /// x·Wᵀ + bias: `[m, cols]` → `[m, rows]`, into `ys`.
    ///
    /// # Errors
    /// [`Error::Internal`] where sizes or forms do not fit.
    pub fn matmul(&self, xs: &Activations, bias: Option<&[f32]>, ys: &mut [f32]) -> Result<()> {
        let (m, cols) = match xs {
            Activations::Dense(xs) => (xs.len() / self.cols, self.cols),
            Activations::Quantized(xs) => (xs.rows(), xs.cols()),
        };
        if cols != self.cols || m.checked_mul(self.rows) != Some(ys.len()) {
            return Err(Error::Internal(format!(
                "[{m}, {cols}] times a {}x{} matrix into {} values",
                self.rows,
                self.cols,
                ys.len()
            )));
        }
        match (&self.data, xs) {
            (Data::Q8(blocks), Activations::Quantized(xs)) => {
                kernels::matmul(xs, blocks, self.rows, bias, ys);
            }
            (Data::Q4(blocks), Activations::Quantized(xs)) => {
                kernels::matmul(xs, blocks, self.rows, bias, ys);
            }
            (Data::F32(weight), Activations::Dense(xs)) => {
                kernels::matmul_f32(xs, weight, cols, ys);
                if let Some(bias) = bias {
                    ys.chunks_exact_mut(self.rows)
                        .for_each(|row| vector::add(row, bias));
                }
            }
            _ => {
                return Err(Error::Internal(
                    "activations for a matrix of another form".into(),
                ))
            }
        }
        Ok(())
    }

    /// Copies row `index` into `out` (`[cols]`), as `f32`.
    ///
    /// # Errors
    /// [`Error::Internal`] beyond the last row.
    pub fn row(&self, index: usize, out: &mut [f32]) -> Result<()> {
        if index >= self.rows {
            return Err(Error::Internal(format!(
                "row {index} of a matrix with {}",
                self.rows
            )));
        }
        fn of<B: Block>(blocks: &[B], index: usize, out: &mut [f32]) {
            let per_group = out.len() / COLS;
            let group = &blocks[index / ROWS * per_group..][..per_group];
            for (block, out) in group.iter().zip(out.chunks_exact_mut(COLS)) {
                block.dequantize(index % ROWS, out);
            }
        }
        match &self.data {
            Data::F32(weight) => {
                out.copy_from_slice(&weight[index * self.cols..(index + 1) * self.cols]);
            }
            Data::Q8(blocks) => of(blocks, index, out),
            Data::Q4(blocks) => of(blocks, index, out),
        }
        Ok(())
    }
}

/// Takes a matrix row by row and stores each as its final form at once, so that the dense values of
/// more than one row are never held.
pub struct MatrixBuilder {
    rows: usize,
    cols: usize,
    /// As far as there are rows.
    data: Data,
    /// Rows that are there.
    filled: usize,
}

impl MatrixBuilder {
    /// A matrix `[rows, cols]` kept as `dtype`, or dense where `cols` is no multiple of its block.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] if there can be no memory for it: sizes come from files, and a file may claim
    /// anything. What there may be is asked for as rows come.
    pub fn new(rows: usize, cols: usize, dtype: DType) -> Result<Self> {
        let builder = Self {
            rows,
            cols,
            data: match stored_as(dtype, cols) {
                DType::F32 => Data::F32(Vec::new()),
                DType::Q8 => Data::Q8(Vec::new()),
                DType::Q4 => Data::Q4(Vec::new()),
            },
            filled: 0,
        };
        let bytes = matrix_bytes(rows, cols, dtype);
        if bytes > isize::MAX as u64 {
            return Err(Error::out_of_memory(described(rows, cols), bytes));
        }
        Ok(builder)
    }

    /// Asks for the memory of `count` more rows.
    fn reserve(&mut self, count: usize) -> Result<()> {
        let (rows, cols) = (self.rows, self.cols);
        let what = || described(rows, cols);
        let end = self.filled.saturating_add(count);
        let blocks = |rows: usize| rows.div_ceil(ROWS) * (cols / COLS);
        let more = |there: usize| blocks(end).saturating_sub(there);
        match &mut self.data {
            Data::F32(values) => reserve(values, count * cols, rows * cols, what),
            Data::Q8(all) => reserve(all, more(all.len()), blocks(rows), what),
            Data::Q4(all) => reserve(all, more(all.len()), blocks(rows), what),
        }
    }

    /// How the matrix will be stored.
    pub fn dtype(&self) -> DType {
        self.data.dtype()
    }

    /// Adds the next `count` rows, on all threads where they are rounded: `read(i, row)` writes the i-th of
    /// them into `[cols]`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn push_rows(
        &mut self,
        count: usize,
        read: impl Fn(usize, &mut [f32]) + Sync,
    ) -> Result<()> {
        self.reserve(count)?;
        let (filled, cols) = (self.filled, self.cols);
        match &mut self.data {
            Data::F32(values) => {
                let start = values.len();
                values.resize(start + count * cols, 0.0);
                let rows = values[start..].chunks_exact_mut(cols).enumerate();
                rows.for_each(|(index, row)| read(index, row));
            }
            Data::Q8(blocks) => quantize(blocks, filled, cols, count, read),
            Data::Q4(blocks) => quantize(blocks, filled, cols, count, read),
        }
        self.filled += count;
        Ok(())
    }

    /// Adds the next row from ggml's Q4_0 blocks as they lie in a file, bit by bit. Only for
    /// [`DType::Q4`].
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn push_row_q4_0(&mut self, bytes: &[u8]) -> Result<()> {
        self.reserve(1)?;
        /// An f16 scale and 16 bytes; the low halves are the first 16 values.
        const BYTES: usize = 18;
        if let Data::Q4(blocks) = &mut self.data {
            let row = self.filled % ROWS;
            let group = group(blocks, self.filled, self.cols);
            for (block, bytes) in group.iter_mut().zip(bytes.chunks_exact(BYTES)) {
                block.set_scale(row, u16::from_le_bytes([bytes[0], bytes[1]]));
                let mut levels = [0; COLS];
                let (low, high) = levels.split_at_mut(COLS / 2);
                for ((both, low), high) in bytes[2..].iter().zip(low).zip(high) {
                    (*low, *high) = (both & 15, both >> 4);
                }
                block.set_levels(row, &levels);
            }
        } else {
            debug_assert!(false, "only matrices in 4 bits take these blocks");
        }
        self.filled += 1;
        Ok(())
    }

    /// The matrix, once every row is there.
    ///
    /// # Errors
    /// [`Error::Internal`] if rows are missing.
    pub fn finish(self) -> Result<Matrix> {
        let Self {
            rows,
            cols,
            data,
            filled,
        } = self;
        if filled != rows {
            return Err(Error::Internal(format!(
                "{filled} of {rows} rows of a matrix"
            )));
        }
        Ok(Matrix { rows, cols, data })
    }
}

/// A matrix, for errors.
fn described(rows: usize, cols: usize) -> String {
    format!("a matrix of {rows} by {cols} weights")
}

/// Rounds `count` rows of `cols` values behind the `filled` ones, group by group.
fn quantize<B: Packed>(
    blocks: &mut Vec<B>,
    filled: usize,
    cols: usize,
    count: usize,
    read: impl Fn(usize, &mut [f32]) + Sync,
) {
    let (per_group, first) = (cols / COLS, filled / ROWS);
    let end = filled + count;
    blocks.resize(end.div_ceil(ROWS) * per_group, B::EMPTY);
    pool::for_each_chunk(
        &mut blocks[first * per_group..],
        per_group,
        |index, group| {
            let start = (first + index) * ROWS;
            let mut values = vec![0.0; cols];
            for row in start.max(filled)..(start + ROWS).min(end) {
                read(row - filled, &mut values);
                for (block, values) in group.iter_mut().zip(values.chunks_exact(COLS)) {
                    block.quantize(row % ROWS, values.try_into().expect("a chunk of 32"));
                }
            }
        },
    );
}

/// The blocks that hold row `row`, made when it is the first of its group.
fn group<B: Block>(blocks: &mut Vec<B>, row: usize, cols: usize) -> &mut [B] {
    let per_group = cols / COLS;
    let start = row / ROWS * per_group;
    if blocks.len() == start {
        blocks.resize(start + per_group, B::EMPTY);
    }
    &mut blocks[start..]
}
