//! Layer normalisation (Ba et al. 2016).

use super::{pool, vector};

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
    pub fn new(weight: Vec<f32>, bias: Vec<f32>, eps: f64) -> Self {
        Self {
            weight,
            bias,
            eps: eps as f32,
        }
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
