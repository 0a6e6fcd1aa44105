//! A linear layer; whether its matrix is dense or quantised is the matrix's own affair.

use std::sync::Arc;

use super::matrix::{Activations, Matrix};
use crate::error::{Error, Result};

/// y = x·Wᵀ + b
pub struct Linear {
    /// `[out, in]`; shared where a checkpoint ties two layers.
    weight: Arc<Matrix>,
    /// `[out]`
    bias: Option<Vec<f32>>,
}

impl Linear {
    /// `weight` is `[out, in]`, `bias` `[out]`.
    pub fn new(weight: Arc<Matrix>, bias: Option<Vec<f32>>) -> Self {
        Self { weight, bias }
    }

    /// `[m, in]` → `[m, out]`.
    pub fn forward(&self, xs: &[f32]) -> Result<Vec<f32>> {
        self.forward_shared(&self.weight.activations(xs))
    }

    /// As [`Linear::forward`], of activations made ready by [`Linear::activations`] of this layer or of
    /// one whose matrix has the same form.
    pub fn forward_shared(&self, xs: &Activations) -> Result<Vec<f32>> {
        let rows = match xs {
            Activations::Dense(xs) => xs.len() / self.weight.cols(),
            Activations::Quantized(xs) => xs.rows(),
        };
        // On wasm32 the product can be too large to be counted.
        let count = rows.checked_mul(self.weight.rows()).ok_or_else(|| {
            Error::Internal(format!("{rows} rows of {} results", self.weight.rows()))
        })?;
        let mut ys = vec![0.0; count];
        self.weight.matmul(xs, self.bias.as_deref(), &mut ys)?;
        Ok(ys)
    }

    /// Makes `xs` `[m, in]` ready for [`Linear::forward_shared`].
    pub fn activations<'a>(&self, xs: &'a [f32]) -> Activations<'a> {
        self.weight.activations(xs)
    }

    /// The matrix itself, `[out, in]`.
    pub fn weight(&self) -> &Matrix {
        &self.weight
    }
}
