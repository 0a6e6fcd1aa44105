//! Layer normalisation (Ba et al. 2016).

use candle_core::Tensor;

use crate::error::Result;

/// (x − mean) / sqrt(variance + eps) · weight + bias over the last dimension.
pub struct LayerNorm {
    /// `[hidden_size]`
    weight: Tensor,
    /// `[hidden_size]`
    bias: Tensor,
    eps: f32,
}

impl LayerNorm {
    /// `weight` and `bias` have shape `[hidden_size]`.
    pub fn new(weight: Tensor, bias: Tensor, eps: f64) -> Self {
        Self {
            weight,
            bias,
            eps: eps as f32,
        }
    }

    /// `[..., hidden_size]` → the same.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let xs = xs.contiguous()?;
        Ok(candle_nn::ops::layer_norm(
            &xs,
            &self.weight,
            &self.bias,
            self.eps,
        )?)
    }
}
