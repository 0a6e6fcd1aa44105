//! The parameters of a model by name, once they have come.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::nn::Matrix;

/// A kept tensor.
#[derive(Clone, PartialEq)]
pub(super) enum Weight {
    Dense(Arc<Dense>),
    Matrix(Arc<Matrix>),
}

/// A tensor that is kept as `f32`.
#[derive(PartialEq)]
pub(super) struct Dense {
    pub shape: Vec<usize>,
    /// Row by row.
    pub values: Vec<f32>,
}

impl Weight {
    /// Number of values.
    fn count(&self) -> usize {
        match self {
            Weight::Dense(dense) => dense.values.len(),
            Weight::Matrix(matrix) => matrix.rows() * matrix.cols(),
        }
    }

    /// Bytes in memory.
    fn bytes(&self) -> usize {
        match self {
            Weight::Dense(dense) => size_of_val(dense.values.as_slice()),
            Weight::Matrix(matrix) => matrix.bytes(),
        }
    }

    fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Weight::Dense(a), Weight::Dense(b)) => Arc::ptr_eq(a, b),
            (Weight::Matrix(a), Weight::Matrix(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// The parameters of one model, by name. Taking one out checks its shape.
#[derive(Default)]
pub struct Weights {
    tensors: HashMap<String, Weight>,
    parameters: usize,
    bytes: usize,
}

impl Weights {
    /// Whether there is a tensor of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Number of values kept.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Bytes they take in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The values of a dense tensor of exactly this shape, row by row.
    ///
    /// # Errors
    /// [`Error::MissingTensor`], [`Error::ShapeMismatch`].
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        match self.get(name)? {
            Weight::Dense(dense) => {
                expect_shape(name, shape, &dense.shape)?;
                Ok(dense.values.clone())
            }
            Weight::Matrix(_) => Err(Error::Internal(format!("\"{name}\" is a matrix"))),
        }
    }

    /// A matrix `[rows, cols]` = `[out, in]`.
    ///
    /// # Errors
    /// [`Error::MissingTensor`], [`Error::ShapeMismatch`].
    pub fn matrix(&self, name: &str, rows: usize, cols: usize) -> Result<Arc<Matrix>> {
        match self.get(name)? {
            Weight::Matrix(matrix) => {
                expect_shape(name, &[rows, cols], &[matrix.rows(), matrix.cols()])?;
                Ok(matrix.clone())
            }
            Weight::Dense(_) => Err(Error::Internal(format!("\"{name}\" is no matrix"))),
        }
    }

    /// The shape of a tensor, if it is there (matrices as `[out, in]`).
    pub fn shape(&self, name: &str) -> Option<Vec<usize>> {
        self.tensors.get(name).map(|weight| match weight {
            Weight::Dense(dense) => dense.shape.clone(),
            Weight::Matrix(matrix) => vec![matrix.rows(), matrix.cols()],
        })
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.tensors.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// What is one tensor to the model under two names, `first` and `second`, and may be in a file under either: as
    /// transformers ties them (`PreTrainedModel.tie_weights` of 5.24). Where one is missing the other stands for it,
    /// unless they are `apart`; where both are there and equal, one copy is kept; where they differ, both are.
    pub(crate) fn tie(&mut self, first: &str, second: &str, apart: bool) {
        match (self.tensors.get(first), self.tensors.get(second)) {
            (Some(a), Some(b)) if !a.is_shared_with(b) && a == b => {
                self.parameters -= b.count();
                self.bytes -= b.bytes();
                self.share(first, second);
            }
            (Some(_), None) if !apart => self.share(first, second),
            (None, Some(_)) if !apart => self.share(second, first),
            _ => {}
        }
    }

    /// Keeps a tensor that is not there yet.
    pub(super) fn insert(&mut self, name: String, weight: Weight) {
        self.parameters += weight.count();
        self.bytes += weight.bytes();
        self.tensors.insert(name, weight);
    }

    /// Gives the tensor `of` a further name.
    pub(super) fn share(&mut self, of: &str, name: &str) {
        if let Some(weight) = self.tensors.get(of).cloned() {
            self.tensors.insert(name.to_string(), weight);
        }
    }

    /// Whether a tensor is kept as a matrix (and not as a dense tensor).
    pub fn is_matrix(&self, name: &str) -> bool {
        matches!(self.tensors.get(name), Some(Weight::Matrix(_)))
    }

    fn get(&self, name: &str) -> Result<&Weight> {
        self.tensors
            .get(name)
            .ok_or_else(|| Error::MissingTensor(name.to_string()))
    }
}

fn expect_shape(name: &str, expected: &[usize], found: &[usize]) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::ShapeMismatch {
        tensor: name.to_string(),
        expected: expected.to_vec(),
        found: found.to_vec(),
    })
}
