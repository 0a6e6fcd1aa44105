//! Layer normalisation (Ba et al. 2016).

use candle_core::Tensor;

use super::{pool, vector};
use crate::error::Result;

/// (x − mean) / sqrt(variance + eps) · weight + bias over the last dimension.
pub struct LayerNorm {
    /// `[hidden_size]`
    weight: Vec<f32>,
    /// `[hidden_size]`
    bias: Vec<f32>,
    eps: f32,
}

impl LayerNorm {
    /// `weight` and `bias` have shape `[hidden_size]`.
    ///
    /// # Errors
    /// If they are not f32.
    pub fn new(weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Self> {
        Ok(Self {
            weight: weight.to_vec1()?,
            bias: bias.to_vec1()?,
            eps: eps as f32,
        })
    }

    /// `[m, hidden_size]` → the same.
    pub fn forward(&self, xs: &[f32]) -> Vec<f32> {
        let size = self.weight.len();
        let mut ys = vec![0.0; xs.len()];
        pool::for_each_rows(&mut ys, size, |first, ys| {
            let xs = xs[first * size..].chunks_exact(size);
            for (xs, ys) in xs.zip(ys.chunks_exact_mut(size)) {
                vector::layer_norm(xs, &self.weight, &self.bias, self.eps, ys);
            }
        });
        ys
    }
}
