//! Tensors as a model asks for them, collected from a stream.

use std::collections::HashMap;
use std::sync::Arc;

use super::header::{Header, TensorInfo};
use super::raw_dtype::RawDType;
use super::sink::TensorSink;
use super::tensors::{Dense, Weight, Weights};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::memory::reserve;
use crate::nn::{matrix_bytes, MatrixBuilder};

/// What a tensor is to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A vector or small table, kept as `f32`.
    Dense,
    /// The matrix of a linear layer or embedding, stored `[out, in]`.
    Matrix,
    /// The same, but stored `[in, out]` (GPT-2's `Conv1D`): transposed when it is complete.
    Transposed,
}

/// Where a tensor of the file belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// Not needed; its bytes pass by.
    Skip,
    /// Kept under the name that the model uses.
    Keep {
        /// Name as in the Hugging Face checkpoint, without the model's prefix.
        name: String,
        /// How it is used.
        form: Form,
    },
}

/// A [`TensorSink`] that keeps what `placement` says, quantising matrices row by row to `dtype`.
pub struct Collector<P> {
    placement: P,
    dtype: DType,
    weights: Weights,
    /// Names in the file of the tensors kept so far, by the model's names.
    sources: HashMap<String, String>,
    current: Option<Current>,
    /// The model's name of the tensor that came last.
    last: String,
    /// Bytes that all kept tensors of the headers so far take.
    needed: u64,
}

/// The tensor that is arriving.
struct Current {
    name: String,
    shape: Vec<usize>,
    raw: RawDType,
    target: Target,
    /// Bytes of a row (or value) that is not complete yet.
    rest: Vec<u8>,
    /// Bytes that are handled together.
    unit: usize,
}

enum Target {
    Dense(Vec<f32>),
    Rows(MatrixBuilder),
    /// Blocks of Q4_0 in the file, whose values are kept as they are.
    Blocks(MatrixBuilder),
    /// `[in, out]` values, to be transposed at the end.
    Transposed(Vec<f32>),
}

impl<P: FnMut(&str) -> Placement> Collector<P> {
    /// `placement` is asked once for each tensor, by its name in the file.
    pub fn new(dtype: DType, placement: P) -> Self {
        Self {
            placement,
            dtype,
            weights: Weights::default(),
            sources: HashMap::new(),
            current: None,
            last: String::new(),
            needed: 0,
        }
    }

    /// Replaces `placement`: another file of the same model may name its tensors by other rules.
    pub fn set_placement(&mut self, placement: P) {
        self.placement = placement;
    }

    /// The parameters, after the stream has finished.
    pub fn into_weights(self) -> Weights {
        self.weights
    }

    /// Claims the model's `name` for a tensor of the file.
    fn claim(&mut self, name: &str, info: &TensorInfo) -> Result<()> {
        match self.sources.insert(name.to_string(), info.name.clone()) {
            None => Ok(()),
            Some(other) => Err(Error::InvalidWeights(format!(
                "tensors \"{other}\" and \"{}\" are both \"{name}\" to the model",
                info.name
            ))),
        }
    }

    /// Bytes that the tensors of all files so far take, as far as they are kept.
    pub fn needed(&self) -> u64 {
        self.needed
    }

    /// How a matrix is kept. A matrix that has 4 bits in the file gains nothing from 8.
    fn kept_as(&self, info: &TensorInfo) -> DType {
        match (info.dtype, self.dtype) {
            (RawDType::Q4_0, DType::Q8) => DType::Q4,
            (_, dtype) => dtype,
        }
    }

    fn matrix_target(&self, info: &TensorInfo, rows: usize, cols: usize) -> Result<Target> {
        let builder = MatrixBuilder::new(rows, cols, self.kept_as(info))?;
        Ok(match (info.dtype, self.dtype) {
            (RawDType::Q4_0, DType::Q8 | DType::Q4) => Target::Blocks(builder),
            _ => Target::Rows(builder),
        })
    }
}

impl<P: FnMut(&str) -> Placement> TensorSink for Collector<P> {
    fn header(&mut self, header: &Header) -> Result<()> {
        for info in &header.tensors {
            let needed = match ((self.placement)(&info.name), info.shape.as_slice()) {
                (Placement::Skip, _) => 0,
                (Placement::Keep { form, .. }, &[first, second]) if form != Form::Dense => {
                    let (rows, cols) = match form {
                        Form::Transposed => (second, first),
                        _ => (first, second),
                    };
                    matrix_bytes(rows, cols, self.kept_as(info))
                }
                (_, shape) => shape
                    .iter()
                    .fold(4u64, |bytes, &dim| bytes.saturating_mul(dim as u64)),
            };
            self.needed = self.needed.saturating_add(needed);
        }
        // Known now rather than after a long download.
        match usize::try_from(self.needed) {
            Ok(bytes) if bytes <= isize::MAX as usize * 2 - (1 << 20) => Ok(()),
            _ => Err(Error::out_of_memory("the model's weights", self.needed)),
        }
    }

    fn begin(&mut self, info: &TensorInfo) -> Result<bool> {
        let Placement::Keep { name, form } = (self.placement)(&info.name) else {
            return Ok(false);
        };
        if !info.dtype.readable() {
            return Err(Error::Unsupported(format!(
                "tensor \"{}\" holds no floating-point numbers that we read (F32, F16, BF16 or ggml blocks)",
                info.name
            )));
        }
        self.claim(&name, info)?;
        let count = info.shape.iter().product::<usize>();
        if count == 0 {
            return Err(Error::InvalidWeights(format!(
                "tensor \"{}\" of shape {:?} is empty",
                info.name, info.shape
            )));
        }
        let (target, cols) = match (form, info.shape.as_slice()) {
            (Form::Dense, _) => (Target::Dense(Vec::new()), 0),
            (Form::Matrix, &[rows, cols]) => (self.matrix_target(info, rows, cols)?, cols),
            (Form::Transposed, &[_, _]) => (Target::Transposed(Vec::new()), 0),
            (_, shape) => {
                return Err(Error::InvalidWeights(format!(
                    "tensor \"{}\" has shape {shape:?}, a matrix was expected",
                    info.name
                )))
            }
        };
        let (values, bytes) = info.dtype.block();
        let unit = match cols {
            0 => bytes,
            cols => cols / values * bytes,
        };
        self.current = Some(Current {
            name,
            shape: info.shape.clone(),
            raw: info.dtype,
            target,
            rest: Vec::new(),
            unit,
        });
        Ok(true)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(current) = &mut self.current else {
            return Ok(());
        };
        current.push(bytes)
    }

    fn end(&mut self) -> Result<()> {
        let Some(current) = self.current.take() else {
            return Ok(());
        };
        let name = current.name.clone();
        let weight = current.finish(self.dtype)?;
        self.last.clone_from(&name);
        self.weights.insert(name, weight);
        Ok(())
    }

    fn alias(&mut self, info: &TensorInfo, of: &TensorInfo) -> Result<()> {
        let Placement::Keep { name, form } = (self.placement)(&info.name) else {
            return Ok(());
        };
        self.claim(&name, info)?;
        if form != Form::Transposed && self.weights.is_matrix(&self.last) == (form == Form::Matrix)
        {
            self.weights.share(&self.last, &name);
            return Ok(());
        }
        Err(Error::Unsupported(format!(
            "tensors \"{}\" and \"{}\" in one place, which the model uses in different ways",
            of.name, info.name
        )))
    }
}

impl Current {
    fn push(&mut self, mut bytes: &[u8]) -> Result<()> {
        if self.unit == 0 {
            return Ok(());
        }
        if !self.rest.is_empty() {
            let missing = (self.unit - self.rest.len()).min(bytes.len());
            self.rest.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if self.rest.len() < self.unit {
                return Ok(());
            }
            let unit = std::mem::take(&mut self.rest);
            self.units(&unit)?;
        }
        let whole = bytes.len() / self.unit * self.unit;
        self.units(&bytes[..whole])?;
        self.rest.extend_from_slice(&bytes[whole..]);
        Ok(())
    }

    /// Handles a whole number of rows, or of blocks of values.
    fn units(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.target {
            Target::Dense(values) | Target::Transposed(values) => {
                let (per_block, block) = self.raw.block();
                let (start, more) = (values.len(), bytes.len() / block * per_block);
                let total = self.shape.iter().product();
                reserve(values, more, total, || format!("tensor \"{}\"", self.name))?;
                values.resize(start + more, 0.0);
                self.raw.decode(bytes, &mut values[start..]);
                Ok(())
            }
            Target::Rows(builder) => {
                let (raw, unit) = (self.raw, self.unit);
                builder.push_rows(bytes.len() / unit, |index, row| {
                    raw.decode(&bytes[index * unit..][..unit], row);
                })
            }
            Target::Blocks(builder) => bytes
                .chunks_exact(self.unit)
                .try_for_each(|row| builder.push_row_q4_0(row)),
        }
    }

    fn finish(self, dtype: DType) -> Result<Weight> {
        Ok(match self.target {
            Target::Dense(values) => Weight::Dense(Arc::new(Dense {
                shape: self.shape,
                values,
            })),
            Target::Rows(builder) | Target::Blocks(builder) => {
                Weight::Matrix(Arc::new(builder.finish()?))
            }
            Target::Transposed(values) => {
                let (inputs, outputs) = (self.shape[0], self.shape[1]);
                let mut builder = MatrixBuilder::new(outputs, inputs, dtype)?;
                builder.push_rows(outputs, |out, row| {
                    for (value, input) in row.iter_mut().zip(values.chunks_exact(outputs)) {
                        *value = input[out];
                    }
                })?;
                Weight::Matrix(Arc::new(builder.finish()?))
            }
        })
    }
}
