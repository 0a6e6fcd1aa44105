//! A weight matrix, dense or in blocks of 32 quantised values, built from bytes as they arrive.

use candle_core::quantized::k_quants::{BlockQ4_0, BlockQ8_0};
use candle_core::quantized::GgmlType;
use candle_core::{Device, Tensor};

use super::kernels;
use crate::error::{Error, Result};

/// How matrices are kept in memory. Vectors (biases, norms) are always `f32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DType {
    /// 32 bits a weight.
    F32,
    /// 8.5 bits a weight: blocks of 32 signed bytes with one f16 scale (ggml's Q8_0).
    Q8_0,
    /// 4.5 bits a weight: blocks of 32 nibbles with one f16 scale (ggml's Q4_0).
    Q4_0,
}

impl DType {
    /// Name as users write it.
    pub fn name(self) -> &'static str {
        match self {
            DType::F32 => "fp32",
            DType::Q8_0 => "q8",
            DType::Q4_0 => "q4",
        }
    }

    /// From the name; see [`DType::name`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for any other name.
    pub fn from_name(name: &str) -> Result<Self> {
        [DType::F32, DType::Q8_0, DType::Q4_0]
            .into_iter()
            .find(|dtype| dtype.name() == name)
            .ok_or_else(|| Error::option("dtype", format!("\"{name}\" is none of q8, q4, fp32")))
    }

    /// Weights that share one scale; rows must be a multiple of it.
    fn block(self) -> usize {
        match self {
            DType::F32 => 1,
            DType::Q8_0 => BlockQ8_0::BLCK_SIZE,
            DType::Q4_0 => BlockQ4_0::BLCK_SIZE,
        }
    }
}

enum Data {
    F32(Tensor),
    Q8_0(Vec<BlockQ8_0>),
    Q4_0(Vec<BlockQ4_0>),
}

/// A matrix `[rows, cols]` = `[out, in]`, stored row by row.
pub struct Matrix {
    rows: usize,
    cols: usize,
    data: Data,
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
        match self.data {
            Data::F32(_) => DType::F32,
            Data::Q8_0(_) => DType::Q8_0,
            Data::Q4_0(_) => DType::Q4_0,
        }
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        match &self.data {
            Data::F32(_) => self.rows * self.cols * 4,
            Data::Q8_0(blocks) => std::mem::size_of_val(blocks.as_slice()),
            Data::Q4_0(blocks) => std::mem::size_of_val(blocks.as_slice()),
        }
    }

    /// The stored blocks as bytes in ggml's layout; `None` for a dense matrix.
    pub fn block_bytes(&self) -> Option<&[u8]> {
        match &self.data {
            Data::F32(_) => None,
            Data::Q8_0(blocks) => Some(block_bytes(blocks)),
            Data::Q4_0(blocks) => Some(block_bytes(blocks)),
        }
    }

    /// x·Wᵀ: `[..., cols]` → `[..., rows]`.
    pub fn matmul(&self, xs: &Tensor) -> Result<Tensor> {
        let dims = xs.dims();
        let (&cols, outer) = dims.split_last().unwrap_or((&0, &[]));
        if cols != self.cols {
            return Err(Error::Internal(format!(
                "{dims:?} times a {}x{} matrix",
                self.rows, self.cols
            )));
        }
        let m = outer.iter().product();
        let shape: Vec<usize> = outer.iter().copied().chain([self.rows]).collect();
        let ys = match &self.data {
            Data::F32(weight) => kernels::matmul_f32(&xs.reshape((m, cols))?, weight)?,
            Data::Q8_0(blocks) => self.matmul_blocks(m, xs, blocks)?,
            Data::Q4_0(blocks) => self.matmul_blocks(m, xs, blocks)?,
        };
        Ok(ys.reshape(shape)?)
    }

    fn matmul_blocks<B: GgmlType>(&self, m: usize, xs: &Tensor, blocks: &[B]) -> Result<Tensor> {
        let xs = xs.flatten_all()?.contiguous()?;
        let mut ys = vec![0f32; m * self.rows];
        kernels::with_f32(&xs, |xs| {
            kernels::matmul_quantized(xs, self.cols, blocks, self.rows, &mut ys)
        })?;
        Ok(Tensor::from_vec(ys, (m, self.rows), &Device::Cpu)?)
    }

    /// Copies row `index` into `out` (`[cols]`), as `f32`.
    pub fn row(&self, index: usize, out: &mut [f32]) -> Result<()> {
        if index >= self.rows {
            return Err(Error::Internal(format!(
                "row {index} of a matrix with {}",
                self.rows
            )));
        }
        fn blocks_of<B: GgmlType>(blocks: &[B], index: usize, out: &mut [f32]) {
            let per_row = out.len() / B::BLCK_SIZE;
            B::to_float(&blocks[index * per_row..(index + 1) * per_row], out);
        }
        match &self.data {
            Data::F32(weight) => {
                kernels::with_f32(weight, |all| {
                    out.copy_from_slice(&all[index * self.cols..(index + 1) * self.cols])
                })?;
            }
            Data::Q8_0(blocks) => blocks_of(blocks, index, out),
            Data::Q4_0(blocks) => blocks_of(blocks, index, out),
        }
        Ok(())
    }
}

/// Takes a matrix row by row and stores each as its final form at once, so that the dense values of
/// more than one row are never held.
pub struct MatrixBuilder {
    rows: usize,
    cols: usize,
    data: BuilderData,
    filled: usize,
}

enum BuilderData {
    F32(Vec<f32>),
    Q8_0(Vec<BlockQ8_0>),
    Q4_0(Vec<BlockQ4_0>),
}

impl MatrixBuilder {
    /// A matrix `[rows, cols]` kept as `dtype`, or dense where `cols` is no multiple of its block.
    ///
    /// # Errors
    /// [`Error::InvalidWeights`] if there is no memory for it: sizes come from files, and a file may
    /// claim anything.
    pub fn new(rows: usize, cols: usize, dtype: DType) -> Result<Self> {
        fn room<T>(count: usize) -> Result<Vec<T>> {
            let mut values = Vec::new();
            match values.try_reserve_exact(count) {
                Ok(()) => Ok(values),
                Err(_) => Err(Error::InvalidWeights(
                    "a matrix of it is larger than the memory here".into(),
                )),
            }
        }
        let dtype = if cols % dtype.block() == 0 {
            dtype
        } else {
            DType::F32
        };
        let blocks = rows.saturating_mul(cols) / dtype.block();
        let data = match dtype {
            DType::F32 => BuilderData::F32(room(blocks)?),
            DType::Q8_0 => BuilderData::Q8_0(room(blocks)?),
            DType::Q4_0 => BuilderData::Q4_0(room(blocks)?),
        };
        Ok(Self {
            rows,
            cols,
            data,
            filled: 0,
        })
    }

    /// How the matrix will be stored.
    pub fn dtype(&self) -> DType {
        match self.data {
            BuilderData::F32(_) => DType::F32,
            BuilderData::Q8_0(_) => DType::Q8_0,
            BuilderData::Q4_0(_) => DType::Q4_0,
        }
    }

    /// Adds the next row, `[cols]`.
    pub fn push_row(&mut self, row: &[f32]) {
        debug_assert_eq!(row.len(), self.cols);
        fn quantize<B: GgmlType>(blocks: &mut Vec<B>, row: &[f32]) {
            let start = blocks.len();
            blocks.resize(start + row.len() / B::BLCK_SIZE, B::zeros());
            B::from_float(row, &mut blocks[start..]);
        }
        match &mut self.data {
            BuilderData::F32(values) => values.extend_from_slice(row),
            BuilderData::Q8_0(blocks) => quantize(blocks, row),
            BuilderData::Q4_0(blocks) => quantize(blocks, row),
        }
        self.filled += 1;
    }

    /// Adds the next row from blocks already in this builder's own form, as raw ggml bytes.
    /// Not for [`DType::F32`].
    pub fn push_row_blocks(&mut self, bytes: &[u8]) {
        match &mut self.data {
            BuilderData::F32(_) => debug_assert!(false, "dense rows have no blocks"),
            BuilderData::Q8_0(blocks) => extend_blocks(blocks, bytes),
            BuilderData::Q4_0(blocks) => extend_blocks(blocks, bytes),
        }
        self.filled += 1;
    }

    /// The matrix, once every row is there.
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
        let data = match data {
            BuilderData::F32(values) => {
                Data::F32(Tensor::from_vec(values, (rows, cols), &Device::Cpu)?)
            }
            BuilderData::Q8_0(blocks) => Data::Q8_0(blocks),
            BuilderData::Q4_0(blocks) => Data::Q4_0(blocks),
        };
        Ok(Matrix { rows, cols, data })
    }
}

/// Marks block types that are plain old data in ggml's byte layout.
trait PlainBlock: GgmlType {}
impl PlainBlock for BlockQ8_0 {}
impl PlainBlock for BlockQ4_0 {}

fn extend_blocks<B: PlainBlock>(blocks: &mut Vec<B>, bytes: &[u8]) {
    let size = std::mem::size_of::<B>();
    debug_assert_eq!(bytes.len() % size, 0);
    blocks.extend(bytes.chunks_exact(size).map(|chunk| {
        // SAFETY: `B` is repr(C), made of f16 and integers only, so any `size` bytes are a value of
        // it; `read_unaligned` needs no alignment.
        unsafe { std::ptr::read_unaligned(chunk.as_ptr().cast::<B>()) }
    }));
}

fn block_bytes<B: PlainBlock>(blocks: &[B]) -> &[u8] {
    // SAFETY: `B` is repr(C) without padding (candle asserts its size), so its bytes are all
    // initialised; the slice keeps the lifetime of `blocks`.
    unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), std::mem::size_of_val(blocks)) }
}
