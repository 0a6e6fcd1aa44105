//! Root-mean-square normalisation (Zhang & Sennrich 2019).

use super::{pool, vector};

/// x / sqrt(mean of x² + eps) · weight over the last dimension.
pub struct RmsNorm {
    /// `[hidden_size]`
    weight: Vec<f32>,
    eps: f32,
}

impl RmsNorm {
    /// `weight` has shape `[hidden_size]`.
    pub fn new(weight: Vec<f32>, eps: f64) -> Self {
        Self {
            weight,
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
                vector::rms_norm(xs, &self.weight, self.eps, ys);
            }
        });
        ys
    }
}
