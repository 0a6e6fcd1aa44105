//! The weights that are trained, by their checkpoint names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;

use candle_core::{Device, Tensor, Var};
use safetensors::{Dtype, View};

use super::error::{Result, TrainError};
use super::ops;
use super::random::{Purpose, Random};
use crate::error::Error;

/// How a weight begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// Of the normal distribution with this standard deviation.
    Normal(f32),
    /// Even between −bound and bound.
    Uniform(f32),
    /// 0
    Zeros,
    /// 1
    Ones,
}

/// How the optimizer treats a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A matrix of the layers, which Muon takes where it is chosen: so many equal blocks along dimension `dim`, each
    /// of which is a matrix of its own (3 for queries, keys and values side by side).
    Layer {
        /// Number of blocks.
        parts: usize,
        /// 0 or 1: which dimension is the output.
        dim: usize,
    },
    /// An embedding or an output layer: AdamW, with weight decay.
    Table,
    /// A bias, or a weight of a layer norm: AdamW, without.
    Plain,
}

impl Role {
    /// One `[out, in]` matrix.
    pub const LINEAR: Self = Self::Layer { parts: 1, dim: 0 };
}

/// A weight that is trained.
pub struct Parameter {
    /// As Hugging Face's checkpoints call it.
    pub name: String,
    /// How the optimizer treats it.
    pub role: Role,
    var: Var,
}

impl Parameter {
    /// The tensor that the tape knows.
    pub fn tensor(&self) -> &Tensor {
        self.var.as_tensor()
    }

    /// Its shape.
    pub fn shape(&self) -> &[usize] {
        self.var.dims()
    }

    /// A copy of its values.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn values(&self) -> Result<Vec<f32>> {
        Ok(ops::values(self.tensor())?.to_vec())
    }

    /// To be written.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub(super) fn entry(&self) -> Result<Entry<'_>> {
        let values = ops::values(self.tensor())?;
        Ok(Entry::new(self.name.clone(), self.shape(), values))
    }

    /// Replaces its values.
    ///
    /// # Errors
    /// [`Error::Internal`] where the number differs.
    pub fn set(&self, values: Vec<f32>) -> Result<()> {
        Ok(self
            .var
            .set(&Tensor::from_vec(values, self.shape(), &Device::Cpu)?)?)
    }
}

/// Values by name, with their shapes.
pub type Named = HashMap<String, (Vec<usize>, Vec<f32>)>;

/// A tensor with its name and shape.
pub type NamedTensor = (String, Vec<usize>, Vec<f32>);

/// All weights of a model, in the order in which it asked for them.
pub struct Parameters {
    all: Vec<Parameter>,
    seed: u64,
    given: Option<Named>,
    /// Whether weights that were not given are drawn.
    draws: bool,
}

impl Parameters {
    /// Weights to begin with, drawn from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            all: Vec::new(),
            seed,
            given: None,
            draws: true,
        }
    }

    /// Weights that are there already.
    pub fn given(values: Named) -> Self {
        Self {
            given: Some(values),
            draws: false,
            ..Self::new(0)
        }
    }

    /// Weights that are there already; those that are not are drawn from `seed`.
    pub fn given_or_new(values: Named, seed: u64) -> Self {
        Self {
            draws: true,
            seed,
            ..Self::given(values)
        }
    }

    /// The weight `name` of shape `shape`.
    ///
    /// # Errors
    /// [`Error::MissingTensor`] and [`Error::ShapeMismatch`] where weights were given.
    pub fn take(&mut self, name: &str, shape: &[usize], init: Init, role: Role) -> Result<Tensor> {
        let found = self.given.as_mut().and_then(|given| given.remove(name));
        let values = match found {
            Some((found, values)) if found == shape => values,
            Some((found, _)) => {
                return Err(Error::ShapeMismatch {
                    tensor: name.into(),
                    expected: shape.into(),
                    found,
                }
                .into())
            }
            None if self.draws => self.draw(shape.iter().product(), init),
            None => return Err(Error::MissingTensor(name.into()).into()),
        };
        let var = Var::from_vec(values, shape, &Device::Cpu)?;
        let tensor = var.as_tensor().clone();
        let name = name.into();
        self.all.push(Parameter { name, role, var });
        Ok(tensor)
    }

    fn draw(&self, count: usize, init: Init) -> Vec<f32> {
        let mut random = Random::new(self.seed, Purpose::Weights, self.all.len() as u64);
        match init {
            Init::Normal(std) => (0..count).map(|_| std * random.normal()).collect(),
            Init::Uniform(bound) => {
                let mut one = || bound * (2.0 * random.uniform() - 1.0);
                (0..count).map(|_| one()).collect()
            }
            Init::Zeros => vec![0.0; count],
            Init::Ones => vec![1.0; count],
        }
    }

    /// All of them.
    pub fn all(&self) -> &[Parameter] {
        &self.all
    }

    /// Number of values.
    pub fn count(&self) -> usize {
        self.all.iter().map(|p| p.tensor().elem_count()).sum()
    }

    /// A copy of each with its name and shape.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn tensors(&self) -> Result<Vec<NamedTensor>> {
        let all = self.all.iter();
        all.map(|p| Ok((p.name.clone(), p.shape().to_vec(), p.values()?)))
            .collect()
    }

    /// Each, to be written; none is copied before.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub(super) fn entries(&self) -> Result<Vec<Entry<'_>>> {
        self.all.iter().map(Parameter::entry).collect()
    }

    /// As a safetensors file.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn safetensors(&self) -> Result<Vec<u8>> {
        // transformers refuses files that do not say what wrote them.
        let metadata = HashMap::from([("format".to_string(), "pt".to_string())]);
        safetensors_file(self.entries()?, metadata)
    }
}

/// A tensor that is written to a safetensors file.
pub(super) struct Entry<'a> {
    pub name: String,
    shape: Vec<usize>,
    values: Box<dyn Deref<Target = [f32]> + 'a>,
}

impl<'a> Entry<'a> {
    pub fn new(name: String, shape: &[usize], values: impl Deref<Target = [f32]> + 'a) -> Self {
        Self {
            name,
            shape: shape.to_vec(),
            values: Box::new(values),
        }
    }

    /// `prefix` before its name.
    pub fn behind(mut self, prefix: &str) -> Self {
        self.name.insert_str(0, prefix);
        self
    }
}

impl<'a> From<&'a NamedTensor> for Entry<'a> {
    fn from((name, shape, values): &'a NamedTensor) -> Self {
        Self::new(name.clone(), shape, &**values)
    }
}

impl View for Entry<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let mut bytes = Vec::with_capacity(self.data_len());
        bytes.extend(self.values.iter().flat_map(|value| value.to_le_bytes()));
        bytes.into()
    }

    fn data_len(&self) -> usize {
        4 * self.values.len()
    }
}

/// Writes tensors as a safetensors file: one at a time has its bytes beside the file's.
pub(super) fn safetensors_file(
    entries: Vec<Entry<'_>>,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>> {
    let named = entries.into_iter().map(|entry| (entry.name.clone(), entry));
    safetensors::serialize(named, Some(metadata)).map_err(TrainError::internal)
}
