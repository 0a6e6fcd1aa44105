//! A linear layer; whether its matrix is dense or quantised is the matrix's own affair.

use std::sync::Arc;

use candle_core::Tensor;

use super::Matrix;
use crate::error::Result;

/// y = x·Wᵀ + b
pub struct Linear {
    /// `[out, in]`; shared where a checkpoint ties two layers.
    weight: Arc<Matrix>,
    /// `[out]`
    bias: Option<Tensor>,
}

impl Linear {
    /// `weight` is `[out, in]`, `bias` `[out]`.
    pub fn new(weight: Arc<Matrix>, bias: Option<Tensor>) -> Self {
        Self { weight, bias }
    }

    /// `[..., in]` → `[..., out]`.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let ys = self.weight.matmul(xs)?;
        Ok(match &self.bias {
            Some(bias) => ys.broadcast_add(bias)?,
            None => ys,
        })
    }

    /// The matrix itself, `[out, in]`.
    pub fn weight(&self) -> &Matrix {
        &self.weight
    }
}
